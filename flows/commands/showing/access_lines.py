"""What `opis show` says of a document's access regime and public copy: why, how far, who and when."""

from collections.abc import Iterator
from dataclasses import asdict

from pipeline import units
from pipeline.privacy.access.states import PUBLICATION
from schemas.errors import InputError
from schemas.layout import UnitLayout
from schemas.messages import label, reason, say
from schemas.records import Document, Finding

_LABELLED = {"k": "personal", "c": "category", "t": "type"}


def _events(document: Document, layout: UnitLayout) -> tuple[dict[str, str], ...]:
    """The publication's events of one document, oldest first; none where they cannot be read."""
    try:
        events = units.read_events(layout)
    except InputError:
        return ()
    mine = (
        event
        for event in events
        if event.get("event") == PUBLICATION and event.get("document") == document.id
    )
    names = ("state", "by", "note", "time")
    return tuple({name: str(event.get(name, "")) for name in names} for event in mine)


def access_json(document: Document, layout: UnitLayout) -> dict[str, object]:
    """Regime, rule and reasons; the state of the public copy, and what led to it."""
    events = _events(document, layout)
    return {
        "access": asdict(document.access),
        "publication": {"state": events[-1]["state"] if events else "", "events": list(events)},
    }


def _cause(finding: Finding, language: str) -> str:
    detail = {
        name: label(_LABELLED[name], value, language) if name in _LABELLED else value
        for name, value in finding.detail.items()
    }
    return reason(finding.code, language, **{"n": finding.page or "", **detail}).cause


def access_lines(document: Document, layout: UnitLayout, language: str) -> Iterator[str]:
    """The same in sentences."""
    access, events = document.access, _events(document, layout)
    waits = label("publication", "waiting", language) if access.waits and not events else ""
    regime = label("regime", access.regime.value, language)
    head = say("show_access", language, regime=regime, rule=access.rule or "–", state=waits)
    yield head.rstrip()
    for finding in access.reasons:
        yield say("show_reason", language, cause=_cause(finding, language))
    for event in events:
        told = {**event, "state": label("publication", event["state"], language)}
        yield say("show_publication", language, **told).rstrip()

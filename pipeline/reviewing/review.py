"""What of a unit waits for a person, and what people decided; decisions are the unit's events.

A page waits to be scanned again where a finding says so, where it could not be read, or where a
person marked it, unless a person accepted it as it is. What is doubtful in documents is found by
pipeline/reviewing/doubts.py. An item's id stands for the scan itself, so that decisions survive re-processing
and other page numbers, and end with the scan.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import msgspec

from pipeline import units
from pipeline.reviewing.corrections import carried_corrections
from pipeline.reviewing.doubts import doubts_of, look
from pipeline.reviewing.waiting import (
    BY_PERSON,
    CHECK,
    RESCAN,
    UNREADABLE,
    Waiting,
    boundary_id,
    item_id,
    unit_of,
)
from schemas.errors import InputError
from schemas.layout import UnitLayout
from schemas.messages import table
from schemas.privacy import PersonalData
from schemas.records import Finding, Page, PageState, Unit
from schemas.settings import Settings

__all__ = [
    "ACCEPTED",
    "BY_PERSON",
    "CHECK",
    "DENIED",
    "MARKED",
    "RESCAN",
    "REVIEW",
    "TO_CHECK",
    "UNDONE",
    "UNREADABLE",
    "Told",
    "Waiting",
    "carried_decisions",
    "counts_of",
    "decide",
    "decisions",
    "in_order",
    "item_id",
    "page_numbered",
    "page_of",
    "read_personal",
    "rescan_codes",
    "told_of",
    "unit_of",
    "waiting_in",
    "waiting_of",
    "worst_of",
    "worst_told",
]
REVIEW = "review"
TO_CHECK = frozenset({"cover-sheet", "cover-other-unit", "cover-unlisted"})
"""What no new scan mends: a person compares paper, lists and record."""
ACCEPTED, MARKED, UNDONE, DENIED = "accepted", "marked", "undone", "denied"
_BAR = Settings().review_confidence
_NOBODY: Mapping[str, PersonalData] = {}
_RULES = "2"
"""Raised when the same unit would have other things waiting than before."""
_NOTHING = (9, 0.0)
Event = Mapping[str, Any]


@cache
def rescan_codes() -> frozenset[str]:
    """The findings that scanning again would mend: class R of the message tables."""
    reasons = table("ro")["reason"]
    return frozenset(code for code, entry in reasons.items() if entry["class"] == "R")


def decisions(events: Iterable[Event]) -> dict[str, tuple[Event, ...]]:
    """The decisions that stand, oldest first, by item; an undone one is left out with its undoing."""
    standing: dict[str, tuple[Event, ...]] = {}
    for event in events:
        if event.get("event") == REVIEW:
            before = standing.get(event["item"], ())
            undone = event["decision"] == UNDONE
            standing[event["item"]] = before[:-1] if undone else (*before, event)
    return standing


def carried_decisions(
    giver: tuple[str, Sequence[Event]],
    receiver: tuple[str, Sequence[Event]],
    pages: Sequence[tuple[Page, Page]],
) -> Iterator[dict[str, Any]]:
    """Decisions and corrections that stand on pages of one unit, as events of the unit that gets them.

    Both units with their events; each page as it was and as it is in its new unit.
    """
    standing, there = decisions(giver[1]), decisions(receiver[1])
    for before, page in pages:
        for ident in (item_id, boundary_id):
            item = ident(receiver[0], page)
            last = standing.get(ident(giver[0], before), ())[-1:]
            if last and _said(last) != _said(there.get(item, ())[-1:]):
                decision, note = _said(last)
                yield _decision(item, page, decision, str(last[0].get("by", "")), note)
    yield from carried_corrections(giver[1], receiver[1], pages)


def _said(last: tuple[Event, ...]) -> tuple[str, str]:
    """The decision and the note of a last event, empty where there is none."""
    event: Event = last[0] if last else {}
    return str(event.get("decision", "")), str(event.get("note", ""))


def _decision(item: str, page: Page, decision: str, by: str, note: str) -> dict[str, Any]:
    told = {"event": REVIEW, "item": item, "decision": decision, "by": by}
    scan = {"source": page.source, "frame": page.frame}
    half = {"half": page.half.value} if page.half else {}
    return {**told, **scan, **half, **({"note": note} if note else {})}


def _item(
    unit: Unit, page: Page, findings: tuple[Finding, ...], decided: tuple[Event, ...]
) -> Waiting | None:
    last: Event = decided[-1] if decided else {}
    marked = last.get("decision") == MARKED
    failed = page.state is PageState.FAILED
    bad = tuple(f for f in findings if failed or f.code in rescan_codes())
    doubts = tuple(f for f in findings if f.code in TO_CHECK and f not in bad)
    again = bool(bad or failed or marked)
    if last.get("decision") == ACCEPTED or not (again or doubts):
        return None
    kind, field = (RESCAN, "page") if again else (CHECK, "identity")
    return Waiting(
        id=item_id(unit.id, page),
        kind=kind,
        unit=unit,
        page=page,
        field=field,
        findings=(*bad, *doubts),
        note=str(last.get("note", "")) if marked else "",
        document=page.document,
        value=str(page.state),
        confidence=page.confidence,
    )


def waiting_of(
    unit: Unit,
    findings: Iterable[Finding],
    events: Iterable[Event],
    personal: Mapping[str, PersonalData] = _NOBODY,
    bar: float = _BAR,
) -> Iterator[Waiting]:
    """The items of a unit that wait: pages in their order, then what is doubtful in documents.

    `bar`: fields and personal data surer than this do not wait.
    """
    told, every = tuple(findings), tuple(events)
    decided = decisions(every)
    by_page: dict[int | None, tuple[Finding, ...]] = {}
    for finding in told:
        by_page[finding.page] = (*by_page.get(finding.page, ()), finding)
    for page in unit.pages:
        standing = decided.get(item_id(unit.id, page), ())
        item = _item(unit, page, by_page.get(page.page, ()), standing)
        if item is not None:
            yield item
    stand = frozenset(ident for ident, some in decided.items() if some)
    yield from doubts_of(look(unit, every, personal, bar), told, stand)


def read_personal(layout: UnitLayout) -> dict[str, PersonalData]:
    """What was found in each document, by its id; raises InputError unit-damaged."""
    try:
        return msgspec.json.decode(layout.personal.read_bytes(), type=dict[str, PersonalData])
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        raise InputError("unit-damaged", layout.id, why="personal.json") from error


def waiting_in(layout: UnitLayout, bar: float = _BAR) -> tuple[Waiting, ...]:
    """The same from what is on disk; raises InputError unit-missing or unit-damaged."""
    events, personal = units.read_events(layout), read_personal(layout)
    unit, findings = units.read_record(layout), units.read_findings(layout)
    return tuple(waiting_of(unit, findings, events, personal, bar))


def in_order(items: Iterable[Waiting]) -> tuple[Waiting, ...]:
    """Worst first; items of one page stay together, where the worst of them belongs."""
    every = tuple(items)
    worst: dict[tuple[str, int], tuple[int, float]] = {}
    for item in every:
        place = (item.unit.id, item.page.page)
        worst[place] = min(worst.get(place, _NOTHING), item.rank)

    def key(item: Waiting) -> tuple[object, ...]:
        place = (item.unit.id, item.page.page)
        return (worst[place], *place, item.rank, item.id)

    return tuple(sorted(every, key=key))


def counts_of(items: Iterable[Waiting]) -> dict[str, int]:
    """How many items wait, and how many of each kind; pages to scan again always."""
    kinds = Counter(item.kind for item in items)
    return {"waiting": kinds.total(), RESCAN: 0, **kinds}


@dataclass(frozen=True, slots=True)
class Told:
    """What the ledger keeps of a unit's items: the worst rank of each kind, the bar, the counts."""

    worst: str
    rules: str
    counts: dict[str, int]


def rules_at(bar: float) -> str:
    """What the counts depend on beside the unit."""
    return f"{_RULES} {bar}"


def told_of(layout: UnitLayout, bar: float = _BAR) -> Told:
    """A unit's items as the ledger keeps them; raises as `waiting_in`."""
    items = waiting_in(layout, bar)
    return Told(worst_told(items), rules_at(bar), counts_of(items))


def worst_told(items: Iterable[Waiting]) -> str:
    """The rank of the worst item of each kind, as `worst_of` reads it."""
    worst: dict[str, tuple[int, float]] = {}
    for item in items:
        worst[item.kind] = min(worst.get(item.kind, _NOTHING), item.rank)
    return ";".join(f"{kind} {tier} {doubt}" for kind, (tier, doubt) in sorted(worst.items()))


def worst_of(told: str, kind: str | None = None) -> tuple[int, float]:
    """The rank of a unit's worst item, of one kind or of all; before any other where it is unknown."""
    try:
        parts = [part.split() for part in told.split(";")]
        ranks = [(int(tier), float(doubt)) for own, tier, doubt in parts if kind in {None, own}]
    except ValueError:
        return 0, 0.0
    return min(ranks, default=_NOTHING)


def page_of(unit: Unit, ident: str) -> Page:
    """The page whose scan an item's id stands for; raises InputError review-missing."""
    for page in unit.pages:
        if ident in {item_id(unit.id, page), boundary_id(unit.id, page)}:
            return page
    raise InputError("review-missing", ident)


def page_numbered(unit: Unit, number: int) -> Page:
    """A page by its number in the unit; raises InputError page-missing."""
    if not 1 <= number <= len(unit.pages):
        raise InputError("page-missing", f"{unit.id}, {number}")
    return unit.pages[number - 1]


def decide(
    layout: UnitLayout, ident: str, decision: str, by: str, note: str = "", change: str = ""
) -> None:
    """Write a person's decision into the unit's events, with the change of documents that it made.

    The same decision again changes nothing. Raises InputError review-missing for an unknown item,
    review-nothing-to-undo where none stands.
    """
    page = page_of(units.read_record(layout), ident)
    standing = decisions(units.read_events(layout)).get(ident, ())
    if decision == UNDONE and not standing:
        raise InputError("review-nothing-to-undo", ident)
    if _said(standing[-1:]) == (decision, note):
        return
    more = {"change": change} if change else {}
    units.append_event(layout, {**_decision(ident, page, decision, by, note), **more})

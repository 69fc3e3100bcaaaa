"""An item of review as programs and people read it: a row of JSON, and two lines."""

from collections.abc import Iterator, Sequence
from itertools import groupby

from flows.answers import printable
from pipeline.reviewing.review import BY_PERSON, CHECK, RESCAN, Waiting
from pipeline.reviewing.waiting import around
from schemas.messages import label, reason, say
from schemas.records import Finding

_LABELLED = {"field": "field", "k": "personal", "t": "type"}
"""Details of findings that are codes, with the group of labels that they are read by."""


def _values(item: Waiting, finding: Finding | None, language: str) -> dict[str, object]:
    detail = finding.detail if finding else {}
    shown = {
        name: label(_LABELLED[name], value, language) if name in _LABELLED else value
        for name, value in detail.items()
    }
    leaf = item.page.leaf or item.page.page
    return {"n": item.page.page, "f": leaf, "note": item.note, **shown}


def _told(item: Waiting, finding: Finding | None, language: str) -> tuple[str, str]:
    """Cause and remedy of one finding of an item, or of a person's mark."""
    code = finding.code if finding else BY_PERSON if item.note else item.codes[0]
    words = reason(code, language, **_values(item, finding, language))
    return words.cause.strip(), words.remedy


def sentences(item: Waiting, language: str) -> tuple[str, str]:
    """Why an item waits and what to do about it."""
    findings = item.findings if item.findings and not item.note else (*item.findings, None)
    told = [_told(item, finding, language) for finding in findings]
    causes, remedies = zip(*told, strict=True)
    return " ".join(dict.fromkeys(causes)), " ".join(dict.fromkeys(remedies))


def row(item: Waiting, language: str) -> dict[str, object]:
    """An item as JSON; `box` and `crop` are [x, y, w, h] on the page image, None for all of it."""
    cause, remedy = sentences(item, language)
    return {
        "id": item.id,
        "kind": item.kind,
        "unit": item.unit.id,
        "document": item.document,
        "page": item.page.page,
        "field": item.field,
        "value": item.value,
        "confidence": item.confidence,
        "reason": cause,
        "remedy": remedy,
        "codes": list(item.codes),
        "station": printable(item.unit.station),
        "binder": printable(item.unit.name),
        "cota": item.unit.identity.cota,
        "leaf": item.page.leaf or "",
        "note": item.note,
        "tier": item.tier,
        "box": item.box.as_list() if item.box else None,
        "crop": around(item.box).as_list() if item.box else None,
    }


def _head(item: Waiting, language: str) -> str:
    leaf = item.page.leaf or "–"
    if item.kind in {RESCAN, CHECK}:
        return say("review_page", language, leaf=leaf, page=item.page.page, id=item.id)
    document = item.unit.document_of(item.document or "")
    group = "field" if item.kind == "field" else "personal"
    field = label(group, item.field, language)
    value = label("problem" if item.field == "problem" else "review_value", item.value, language)
    return say(
        "review_item",
        language,
        leaf=leaf,
        page=item.page.page,
        number=document.number if document else "–",
        what=f"{field}: {printable(value)}" if value else field,
        id=item.id,
    )


def lines_of(item: Waiting, language: str) -> Iterator[str]:
    """Where and what, then why and what to do."""
    cause, remedy = sentences(item, language)
    yield _head(item, language)
    yield say("review_why", language, cause=cause, remedy=remedy)


def unit_line(item: Waiting, language: str) -> str:
    """The unit of an item, as the lists name it."""
    unit = item.unit
    name, cota = printable(unit.name), unit.identity.cota
    return say("review_unit", language, binder=name, cota=cota, unit=unit.id).rstrip()


def by_unit(items: Sequence[Waiting], language: str) -> Iterator[str]:
    """Items in their order, the unit named wherever it is another."""
    for _, some in groupby(items, key=lambda item: item.unit.id):
        of_unit = tuple(some)
        yield unit_line(of_unit[0], language)
        for item in of_unit:
            yield from lines_of(item, language)


def by_station(items: Sequence[Waiting], language: str) -> Iterator[str]:
    """Station, unit, then the leaves, for a person at the scanner."""
    for station, of_station in groupby(items, key=lambda item: item.unit.station):
        yield say("receipt_station", language, station=printable(station))
        yield from by_unit(tuple(of_station), language)

"""What people (or a registry) say of a document against what was read: events, laid over the reading.

A correction is an event of the unit and never changes a reading: fields as read and events give
the record, whenever it is made anew. An event names the scan (file, frame, half) at which its
document begins, or on which the datum lies, so that it follows that scan through other numbers,
ids and units. It stands until an event `correction-undone` names it.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from hashlib import sha256
from typing import Any

from pipeline.transfer import scans_of
from pipeline.units import new_document_id
from schemas.geometry import Affine, Box
from schemas.privacy import PersonalData, PersonalKind, Sensitive
from schemas.records import Document, FieldValue, Half, Page
from schemas.text import PageText

CORRECTION, PERSONAL, UNDONE = "correction", "personal", "correction-undone"
ARCHIVIST, REGISTRY, PERSON = "archivist", "registry", "person"
CONFIRMED, REMOVED, ADDED, SETTLED = "confirmed", "removed", "added", "settled"
BY_PEOPLE = frozenset({ARCHIVIST, REGISTRY})
MENTIONS = ("persons", "organisations", "places", "acts", "amounts", "parcels")
_LEAST_OVERLAP = 0.5
_NO_TEXTS: Mapping[int, PageText] = {}
Event = Mapping[str, Any]
Scan = tuple[str, int, Half]


def scan_of(page: Page) -> dict[str, Any]:
    """The scan that a page shows, as events name it."""
    half = {"half": page.half.value} if page.half else {}
    return {"source": page.source, "frame": page.frame, **half}


def _scan(told: Event) -> Scan:
    return str(told.get("source", "")), int(told.get("frame", 0)), Half(told.get("half", ""))


def first_page(document: str, pages: Iterable[Page]) -> Page | None:
    """The page at which a document begins."""
    return next((page for page in pages if page.document == document), None)


def as_read(value: FieldValue | None) -> str:
    """What the program itself had read: empty where it read nothing."""
    if value is None:
        return ""
    return value.read if value.source in BY_PEOPLE else value.value


def correction(
    document: Document,
    pages: Sequence[Page],
    field: str,
    value: str,
    by: str,
    *,
    source: str = ARCHIVIST,
    raw: str = "",
    of: str = "",
    note: str = "",
) -> dict[str, Any]:
    """The event that a field has `value`; empty: the document has no such field.

    The same value as was read confirms it. `pages` are the unit's, `raw` how it was written, `of`
    the mention (field of MENTIONS) that it stands for, empty for one that was not found.
    """
    begins = first_page(document.id, pages)
    read = of if field in MENTIONS else as_read(document.fields.get(field))
    more = {"raw": raw, "of": of if field in MENTIONS else "", "note": note}
    return {
        "event": CORRECTION,
        "correction": new_document_id(),
        "document": document.id,
        "field": field,
        "value": value,
        "read": read,
        "source": source,
        "by": by,
        **({"begins": scan_of(begins)} if begins else {}),
        **{name: told for name, told in more.items() if told},
    }


def mark_of(kind: str, value: str) -> str:
    """What stands for a personal datum in events, which are never deleted: no way back to it."""
    return sha256(f"{kind}\n{value}".encode()).hexdigest()[:16] if value else ""


def personal_decision(
    decision: str, item: Sensitive, page: Page, by: str, *, transform: str = "", note: str = ""
) -> dict[str, Any]:
    """The event that a datum is one (confirmed), is none (removed), or was missed (added).

    `transform`, for one that was added: the page's as its text tells it, so that the boxes find
    their place on a page that is straightened otherwise later.
    """
    more = {"transform": transform, "note": note}
    return {
        "event": PERSONAL,
        "correction": new_document_id(),
        "decision": decision,
        "document": page.document or "",
        "page": page.page,
        "what": item.kind.value,
        "mark": mark_of(item.kind, item.value),
        "boxes": [box.as_list() for box in item.boxes],
        "scan": scan_of(page),
        "by": by,
        **{name: told for name, told in more.items() if told},
    }


def doubt_settled(code: str, page: Page, by: str, note: str = "") -> dict[str, Any]:
    """The event that a person settled a doubt (a finding's code) about a page or its document."""
    more = {"note": note} if note else {}
    return {
        "event": PERSONAL,
        "correction": new_document_id(),
        "decision": SETTLED,
        "document": page.document or "",
        "page": page.page,
        "what": code,
        "scan": scan_of(page),
        "by": by,
        **more,
    }


def undoing(event: Event, by: str) -> dict[str, Any]:
    """The event that takes a correction or a decision on personal data back."""
    return {"event": UNDONE, "correction": event["correction"], "by": by}


def standing(events: Iterable[Event]) -> tuple[Event, ...]:
    """Corrections and decisions on personal data that nobody took back, oldest first, each once."""
    every = tuple(events)
    gone = {e.get("correction") for e in every if e.get("event") == UNDONE}
    left: dict[object, Event] = {}
    for place, event in enumerate(every):
        if event.get("event") in {CORRECTION, PERSONAL}:
            ident = event.get("correction", place)
            if ident not in gone:
                left.setdefault(ident, event)
    return tuple(left.values())


def placed(events: Iterable[Event], pages: Sequence[Page]) -> tuple[Event, ...]:
    """Those that stand, with the `document` and the `page` at which their scan is found now.

    `pages` are the unit's as it is now. What lies on a scan that is not here, or of a document
    that became part of another, is left out.
    """
    shown = {scan: page for page in reversed(pages) for scan in scans_of(page)}
    first: dict[str, Page] = {}
    for page in pages:
        if page.document:
            first.setdefault(page.document, page)
    found = (_placed(event, shown, first) for event in standing(events))
    return tuple(event for event in found if event is not None)


def _placed(event: Event, shown: Mapping[Scan, Page], first: Mapping[str, Page]) -> Event | None:
    anchor = event.get("begins") or event.get("scan")
    page = shown.get(_scan(anchor)) if anchor else None
    if event["event"] == PERSONAL:
        return {**event, "page": page.page, "document": page.document} if page else None
    if page is not None and page.document and first[page.document].page == page.page:
        return {**event, "document": page.document}
    inside = anchor is None or (page is not None and page.document == event["document"])
    return event if inside and event["document"] in first else None


def _deciding(events: Iterable[Event]) -> dict[str, Event]:
    """The correction that counts of each single field: the last, an archivist's over a registry's."""
    last: dict[str, Event] = {}
    for event in events:
        before = last.get(event["field"])
        outranked = before is not None and before.get("source") != REGISTRY
        if not (outranked and event.get("source") == REGISTRY):
            last[event["field"]] = event
    return last


def _laid(value: FieldValue | None, event: Event) -> FieldValue:
    """The field as corrected; with its place, what was read beside it, and its confidence."""
    before = value or FieldValue("")
    if value is not None and before.value == event["value"]:
        return replace(before, checked=True)
    return replace(
        before,
        value=event["value"],
        raw=event.get("raw") or before.raw,
        source=event.get("source", ARCHIVIST),
        confidence=1.0,
        checked=True,
        read=as_read(value),
    )


def _mentioned(group: tuple[FieldValue, ...], event: Event) -> tuple[FieldValue, ...]:
    """Mentions after one correction: another value, one more, or one less; none twice."""
    value, of = event["value"], event.get("of", "")
    there = any(one.value == of for one in group)
    if of and not there:
        return group
    if not of and value:
        group = (*group, FieldValue(of))
    if not value:
        return tuple(one for one in group if one.value != of)
    laid = (_laid(one, event) if one.value == of else one for one in group)
    return tuple({one.value: one for one in reversed(tuple(laid))}.values())[::-1]


def corrected(document: Document, events: Iterable[Event]) -> Document:
    """A document as read, with the corrections that stand laid over its fields and mentions.

    `events`: the unit's, best as `placed` gives them. A field that was taken away is left out, one
    that was confirmed is `checked`, another value is the archivist's (or the registry's) with what
    was read in `read`. Laying the same over again changes nothing.
    """
    own = [
        event
        for event in standing(events)
        if event["event"] == CORRECTION and event["document"] == document.id
    ]
    single = _deciding(event for event in own if event["field"] not in MENTIONS)
    fields = {
        **document.fields,
        **{name: _laid(document.fields.get(name), event) for name, event in single.items()},
    }
    mentions = dict(document.mentions)
    for event in (event for event in own if event["field"] in MENTIONS):
        mentions[event["field"]] = _mentioned(mentions.get(event["field"], ()), event)
    return replace(
        document,
        fields={name: value for name, value in fields.items() if value.value},
        mentions={name: group for name, group in mentions.items() if group},
    )


def _overlap(some: Iterable[Box], others: Iterable[Box]) -> float:
    """The share of the smaller set of boxes that both cover."""
    one, two = tuple(some), tuple(others)
    least = min(sum(box.area for box in one), sum(box.area for box in two))
    both = sum(box.overlap(other) for box in one for other in two)
    return both / least if least else 0.0


def _boxes(event: Event) -> tuple[Box, ...]:
    return tuple(Box(*map(int, box)) for box in event.get("boxes", ()))


def is_about(event: Event, item: Sensitive) -> bool:
    """Whether a decision (as `placed` gives it) is on this datum: by value, without one by place."""
    if (event["page"], event["what"]) != (item.page, item.kind.value):
        return False
    if event.get("mark") or item.value:
        return event.get("mark") == mark_of(item.kind, item.value)
    return _overlap(_boxes(event), item.boxes) >= _LEAST_OVERLAP


def _moved(box: Box, before: str, text: PageText) -> Box:
    """A box of the page as it was when a person drew it, on the page as it is now."""
    if not before or before == text.transform.as_text():
        return box
    return Affine.from_text(before).inverse().then(text.transform).box(box)


def _added(event: Event, texts: Mapping[int, PageText]) -> Sensitive:
    """What a person added, with the words under its boxes where the page's text is given."""
    kind, page, boxes = PersonalKind(event["what"]), int(event["page"]), _boxes(event)
    text = texts.get(page)
    if text is None:
        return Sensitive(kind, page, (), boxes, "", 1.0, (PERSON,))
    boxes = tuple(_moved(box, event.get("transform", ""), text) for box in boxes)
    words = words_under(text, boxes)
    value = " ".join(text.words[place].text for place in words)
    return Sensitive(kind, page, words, boxes, value, 1.0, (PERSON,))


def words_under(text: PageText, boxes: Iterable[Box]) -> tuple[int, ...]:
    """The places of the words that the boxes cover for the better part."""
    every = tuple(boxes)
    return tuple(
        place
        for place, word in enumerate(text.words)
        if 2 * sum(box.overlap(word.box) for box in every) >= max(1, word.box.area)
    )


def _confirmed(item: Sensitive) -> Sensitive:
    methods = item.methods if PERSON in item.methods else (*item.methods, PERSON)
    return replace(item, confidence=1.0, methods=methods)


def _decided(
    items: tuple[Sensitive, ...], event: Event, texts: Mapping[int, PageText]
) -> tuple[Sensitive, ...]:
    if event["decision"] == REMOVED:
        return tuple(item for item in items if not is_about(event, item))
    if event["decision"] == CONFIRMED:
        return tuple(_confirmed(item) if is_about(event, item) else item for item in items)
    if event["decision"] == ADDED:
        new = _added(event, texts)
        return items if new in items else (*items, new)
    return items


def settled(
    personal: PersonalData, events: Iterable[Event], texts: Mapping[int, PageText] = _NO_TEXTS
) -> PersonalData:
    """One document's personal data as found, with people's decisions that stand laid over.

    `events`: those of `about` for this document. What was confirmed is sure, what was removed is
    gone, what was added lies where a person saw it; with the pages' `texts` (by number in the
    unit) it has words and value too, and follows a page that is straightened otherwise now.
    """
    items, doubts = personal.items, personal.doubts
    for event in (event for event in standing(events) if event["event"] == PERSONAL):
        items = _decided(items, event, texts)
        if event["decision"] == SETTLED:
            doubts = tuple(one for one in doubts if not _settles(event, one.code, one.page))
    return replace(personal, items=items, doubts=doubts)


def _settles(event: Event, code: str, page: int | None) -> bool:
    return event["what"] == code and page in {None, event["page"]}


def about(document: str, events: Iterable[Event], pages: Sequence[Page]) -> tuple[Event, ...]:
    """The decisions and corrections that stand of one document of the unit with these pages."""
    return tuple(event for event in placed(events, pages) if event["document"] == document)


def carried_corrections(
    giver: Iterable[Event], receiver: Iterable[Event], pages: Iterable[tuple[Page, Page]]
) -> Iterator[dict[str, Any]]:
    """Corrections of pages that go from one unit to another, as events of the unit that gets them.

    Each page as it was and as it is in its new unit; what was taken back here is taken back there.
    """
    scans = {
        scan: {"source": new[0], "frame": new[1], **({"half": new[2].value} if new[2] else {})}
        for before, page in pages
        for scan, new in zip(scans_of(before), scans_of(page), strict=True)
    }
    known = {(e.get("event") == UNDONE, e.get("correction")) for e in receiver}
    moved: set[object] = set()
    for event in giver:
        yield from _carried(event, scans, known, moved)


def _carried(
    event: Event,
    scans: Mapping[Scan, dict[str, Any]],
    known: set[tuple[bool, Any]],
    moved: set[object],
) -> Iterator[dict[str, Any]]:
    ident = event.get("correction")
    if event.get("event") == UNDONE and ident in moved and (True, ident) not in known:
        yield {"event": UNDONE, "correction": ident, "by": event.get("by", "")}
    name = next((name for name in ("begins", "scan") if name in event), "")
    if event.get("event") not in {CORRECTION, PERSONAL} or not ident or not name:
        return
    scan = scans.get(_scan(event[name]))
    if scan is None:
        return
    moved.add(ident)
    if (False, ident) not in known:
        told = {key: value for key, value in event.items() if key not in {"seq", "time", "seal"}}
        when = event.get("when") or event.get("time", "")
        yield {**told, name: scan, "when": when}

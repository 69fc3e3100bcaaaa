"""What an item's id stands for, whether it waits or was decided: only then can it be undone."""

from collections.abc import Iterator
from dataclasses import dataclass

from pipeline.reviewing.corrections import CORRECTION, PERSONAL, Event, is_about
from pipeline.reviewing.doubts import Looked, doubt_parts, item_parts, settled_of
from pipeline.reviewing.fieldrules import RULES
from pipeline.reviewing.waiting import (
    BOUNDARY,
    FIELD,
    RELEASE,
    RESCAN,
    boundary_id,
    field_id,
    item_id,
    item_of,
    release_id,
    scan_parts,
)
from pipeline.reviewing.waiting import PERSONAL as PERSONAL_ITEM
from schemas.errors import InputError
from schemas.privacy import PersonalData, Sensitive
from schemas.records import Document, Finding, Page

MADE = "correction"


@dataclass(frozen=True, slots=True)
class Target:
    """What an id names: a page, a boundary, a field, a datum or a doubt, a release, or an event.

    `kind`: of pipeline/reviewing/waiting.py (a page's own item is always rescan), or MADE.
    """

    id: str
    kind: str
    page: Page
    document: Document | None = None
    field: str = ""
    datum: Sensitive | None = None
    doubt: Finding | None = None
    event: Event | None = None


def _of_pages(looked: Looked) -> Iterator[Target]:
    unit = looked.unit
    for page in unit.pages:
        document = unit.document_of(page.document or "")
        yield Target(item_id(unit.id, page), RESCAN, page, document, "page")
        yield Target(boundary_id(unit.id, page), BOUNDARY, page, document, BOUNDARY)


def _of_fields(looked: Looked) -> Iterator[Target]:
    for document in looked.unit.documents:
        begins = next(iter(looked.unit.pages_of(document.id)), None)
        if begins is None:
            continue
        yield Target(release_id(looked.unit.id, begins), RELEASE, begins, document, RELEASE)
        decided = {e["field"] for e in looked.events if e["event"] == CORRECTION}
        for name in dict.fromkeys((*RULES, *document.fields, *sorted(decided))):
            yield Target(field_id(looked.unit.id, begins, name), FIELD, begins, document, name)


def _of_personal(looked: Looked) -> Iterator[Target]:
    unit = looked.unit
    for document in unit.documents:
        found = looked.personal.get(document.id, PersonalData())
        settled = settled_of(looked, document)
        for datum in dict.fromkeys((*settled.items, *found.items)):
            if not 0 < datum.page <= len(unit.pages):
                continue
            page = unit.pages[datum.page - 1]
            ident = item_of(unit.id, *scan_parts(page), *item_parts(datum))
            yield Target(ident, PERSONAL_ITEM, page, document, datum.kind.value, datum)
        begins = next(iter(unit.pages_of(document.id)), None)
        for doubt in found.doubts if begins else ():
            number = doubt.page or (begins.page if begins else 1)
            page = unit.pages[min(number, len(unit.pages)) - 1]
            ident = item_of(unit.id, *scan_parts(page), *doubt_parts(doubt))
            yield Target(ident, PERSONAL_ITEM, page, document, "doubt", doubt=doubt)


def _of_events(looked: Looked) -> Iterator[Target]:
    for event in looked.events:
        document = looked.unit.document_of(str(event.get("document", "")))
        pages = looked.unit.pages_of(document.id) if document else looked.unit.pages
        known = event["event"] == PERSONAL and 0 < event["page"] <= len(looked.unit.pages)
        page = looked.unit.pages[event["page"] - 1] if known else next(iter(pages), None)
        if page is not None and event.get("correction"):
            ident = f"{looked.unit.id}.{event['correction']}"
            field = str(event.get("field") or event.get("what", ""))
            yield Target(ident, MADE, page, document, field, event=event)


def find_target(looked: Looked, ident: str) -> Target:
    """What an id stands for in a unit; raises InputError review-missing."""
    for some in (_of_pages, _of_fields, _of_personal, _of_events):
        for target in some(looked):
            if target.id == ident:
                return target
    raise InputError("review-missing", ident)


def _is_on(event: Event, target: Target) -> bool:
    if target.event is not None:
        return event.get("correction") == target.event.get("correction")
    if event["event"] == CORRECTION:
        named = target.document.id if target.document else ""
        same = (event["document"], event["field"]) == (named, target.field)
        return target.kind == FIELD and same and not event.get("of")
    if target.datum is not None:
        return is_about(event, target.datum)
    code = target.doubt.code if target.doubt else ""
    return bool(code) and (event["what"], event["page"]) == (code, target.page.page)


def decisions_on(looked: Looked, target: Target) -> tuple[Event, ...]:
    """Corrections and decisions on personal data that stand on what an id names, oldest first."""
    return tuple(event for event in looked.events if _is_on(event, target))

"""What is doubtful in a unit's documents: fields, boundaries, personal data, and what may go out.

Pure: a record, its findings, people's decisions and personal data in; items out.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from pipeline.reviewing.corrections import (
    CORRECTION,
    MENTIONS,
    PERSON,
    Event,
    about,
    first_page,
    mark_of,
    placed,
    settled,
)
from pipeline.reviewing.fieldrules import ACTS, NEEDED, UNKNOWN, rule_of
from pipeline.reviewing.waiting import (
    BOUNDARY,
    FIELD,
    PERSONAL,
    RELEASE,
    Waiting,
    boundary_id,
    field_id,
    item_of,
    release_id,
    scan_parts,
)
from schemas.geometry import union
from schemas.privacy import PersonalData, Sensitive
from schemas.records import Document, FieldValue, Finding, Page, PageState, Regime, Unit

DOUBTFUL_BOUNDARY = "boundary-doubtful"
_PUBLICATION, _PROPOSED = "publication", "proposed"
_DONE = frozenset({"published", "withdrawn"})
"""As pipeline/privacy/access/states.py writes them, which would load what `opis status` never needs."""


@dataclass(frozen=True, slots=True)
class Looked:
    """A unit as it is looked through: decisions as `placed`, the state of each copy, and the bar."""

    unit: Unit
    events: tuple[Event, ...]
    published: Mapping[str, str]
    personal: Mapping[str, PersonalData]
    bar: float


def look(
    unit: Unit, events: Iterable[Event], personal: Mapping[str, PersonalData], bar: float
) -> Looked:
    """A unit with what people decided of it, ready to be looked through."""
    every = tuple(events)
    copies = (event for event in every if event.get("event") == _PUBLICATION)
    published = {str(event["document"]): str(event["state"]) for event in copies}
    return Looked(unit, placed(every, unit.pages), published, personal, bar)


def _percent(share: float) -> str:
    return str(round(100 * share))


def _decided_fields(looked: Looked, document: Document) -> frozenset[str]:
    return frozenset(
        event["field"]
        for event in looked.events
        if event["event"] == CORRECTION and event["document"] == document.id
    ) - frozenset(MENTIONS)


def _kind(document: Document) -> str:
    return document.fields["type"].value if "type" in document.fields else UNKNOWN


def _missing(document: Document, decided: frozenset[str]) -> Iterator[str]:
    if _kind(document) in ACTS:
        yield from (name for name in NEEDED if name not in document.fields and name not in decided)


def _doubt(name: str, value: FieldValue, page: int, bar: float) -> Finding | None:
    """Why a field that nobody checked is doubtful; None where it is not."""
    if name == "type" and value.value == UNKNOWN:
        return Finding("type-unknown", page)
    if value.confidence < bar:
        detail = {"field": name, "c": _percent(value.confidence), "bar": _percent(bar)}
        return Finding("field-doubtful", page, detail)
    return None


def _field(
    looked: Looked, document: Document, begins: Page, name: str, value: FieldValue, why: Finding
) -> Waiting:
    there = value.page is not None and 0 < value.page <= len(looked.unit.pages)
    page = looked.unit.pages[(value.page or 1) - 1] if there else begins
    return Waiting(
        id=field_id(looked.unit.id, begins, name),
        kind=FIELD,
        unit=looked.unit,
        page=page,
        field=name,
        findings=(why,),
        document=document.id,
        value=value.value,
        confidence=value.confidence,
        box=value.box if there else None,
        weight=rule_of(name).weight,
    )


def field_items(looked: Looked, document: Document) -> Iterator[Waiting]:
    """Fields below the bar, of an unknown type, or missing though the type needs them."""
    pages = looked.unit.pages_of(document.id)
    if not any(page.state is PageState.RECOGNISED for page in pages):
        return
    begins, decided = pages[0], _decided_fields(looked, document)
    for name, value in document.fields.items():
        settled_ = value.checked or name in decided
        why = None if settled_ else _doubt(name, value, begins.page, looked.bar)
        if why is not None:
            yield _field(looked, document, begins, name, value, why)
    for name in _missing(document, decided):
        detail = {"field": name, "t": _kind(document)}
        why = Finding("field-missing", begins.page, detail)
        yield _field(looked, document, begins, name, FieldValue(""), why)


def boundary_items(
    looked: Looked, findings: Iterable[Finding], decided: frozenset[str]
) -> Iterator[Waiting]:
    """Pages at which a document may begin; `decided` are the items on which a decision stands."""
    for finding in findings:
        if finding.code != DOUBTFUL_BOUNDARY or not finding.page:
            continue
        page = next((page for page in looked.unit.pages if page.page == finding.page), None)
        ident = boundary_id(looked.unit.id, page) if page else ""
        if page is None or page.begins is not None or ident in decided:
            continue
        yield _boundary(looked.unit, page, ident, finding)


def begins_at(page: Page) -> bool:
    """Whether a document of the record begins at a page."""
    return page.document is not None and page.document_page == 1


def _boundary(unit: Unit, page: Page, ident: str, finding: Finding) -> Waiting:
    begins = begins_at(page)
    likely = finding.detail.get("p", "")
    chance = int(likely) / 100 if likely.isdecimal() else 0.5
    return Waiting(
        id=ident,
        kind=BOUNDARY,
        unit=unit,
        page=page,
        field=BOUNDARY,
        findings=(finding,),
        document=page.document,
        value="begins" if begins else "continues",
        confidence=round(chance if begins else 1 - chance, 2),
    )


def item_parts(item: Sensitive) -> tuple[str, ...]:
    """What tells a datum from others on its page: its value (by its mark), or its place."""
    place = ";".join(",".join(map(str, box.as_list())) for box in item.boxes)
    return PERSONAL, item.kind.value, mark_of(item.kind, item.value) or place


def doubt_parts(finding: Finding) -> tuple[str, ...]:
    """What tells a doubt about a document's personal data from others."""
    return PERSONAL, "doubt", finding.code


def settled_of(looked: Looked, document: Document) -> PersonalData:
    """A document's personal data with people's decisions."""
    found = looked.personal.get(document.id, PersonalData())
    return settled(found, about(document.id, looked.events, looked.unit.pages))


def _is_doubtful(item: Sensitive, bar: float) -> bool:
    return item.confidence < bar and len(item.methods) < 2 and PERSON not in item.methods  # noqa: PLR2004 what two methods found


def _datum(looked: Looked, document: Document, item: Sensitive) -> Waiting:
    page = looked.unit.pages[item.page - 1]
    detail = {"k": item.kind.value, "c": _percent(item.confidence)}
    return Waiting(
        id=item_of(looked.unit.id, *scan_parts(page), *item_parts(item)),
        kind=PERSONAL,
        unit=looked.unit,
        page=page,
        field=item.kind.value,
        findings=(Finding("personal-doubtful", item.page, detail),),
        document=document.id,
        confidence=item.confidence,
        box=union(item.boxes) if item.boxes else None,
    )


def _doubted(looked: Looked, document: Document, begins: Page, finding: Finding) -> Waiting:
    number = finding.page or begins.page
    page = looked.unit.pages[number - 1] if number <= len(looked.unit.pages) else begins
    return Waiting(
        id=item_of(looked.unit.id, *scan_parts(page), *doubt_parts(finding)),
        kind=PERSONAL,
        unit=looked.unit,
        page=page,
        field="doubt",
        findings=(finding,),
        document=document.id,
    )


def personal_items(looked: Looked, document: Document) -> Iterator[Waiting]:
    """Doubts about personal data, and what one method alone found, where the document may go out."""
    begins = first_page(document.id, looked.unit.pages)
    if document.access.regime is Regime.RESTRICTED or begins is None:
        return
    personal, pages = settled_of(looked, document), len(looked.unit.pages)
    for finding in personal.doubts:
        yield _doubted(looked, document, begins, finding)
    for item in personal.items:
        if 0 < item.page <= pages and _is_doubtful(item, looked.bar):
            yield _datum(looked, document, item)


def release_items(looked: Looked, document: Document) -> Iterator[Waiting]:
    """The document, where its copy waits for a person and nothing about it is doubted any more."""
    begins, access = first_page(document.id, looked.unit.pages), document.access
    state = looked.published.get(document.id, "")
    if begins is None or not access.waits or access.regime is Regime.RESTRICTED or state in _DONE:
        return
    code = "release-proposed" if state == _PROPOSED else "release-waits"
    yield Waiting(
        id=release_id(looked.unit.id, begins),
        kind=RELEASE,
        unit=looked.unit,
        page=begins,
        field=RELEASE,
        findings=(Finding(code, begins.page, {"d": str(document.number)}),),
        document=document.id,
        value=access.regime.value,
    )


def doubts_of(
    looked: Looked, findings: Sequence[Finding], decided: frozenset[str]
) -> Iterator[Waiting]:
    """All that is doubtful in the unit's documents, in the order of the documents."""
    yield from boundary_items(looked, findings, decided)
    for document in looked.unit.documents:
        yield from field_items(looked, document)
        personal = tuple(personal_items(looked, document))
        yield from personal
        if not personal:
            yield from release_items(looked, document)

"""`opis search` and `opis show`: what the archive holds, for people and for programs."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict

from flows.answers import Answer
from flows.archive import need_archive
from flows.auditing import noted_alone
from flows.commands.person import person
from flows.commands.showing.access_lines import access_json, access_lines
from flows.commands.showing.field_lines import field_lines, fields_json
from flows.commands.showing.opis_table import table_lines
from pipeline import units
from pipeline.opis import opis_of
from schemas.errors import UsageError
from schemas.hits import Hit, SearchAnswer
from schemas.layout import UnitLayout
from schemas.messages import label, plural, say
from schemas.records import Document, Unit
from schemas.settings import Settings
from search.access.rights import SEARCH
from search.access.seeing import seen_in_hits
from search.backend import open_backend
from search.finding import answer_as_json, find
from search.web.views.documents import Documents

STAFF = "staff"


def parse_filters(given: Sequence[str]) -> dict[str, str]:
    """FIELD=VALUE options as a mapping; raises UsageError for another form."""
    pairs = [text.partition("=") for text in given]
    for name, sign, _ in pairs:
        if not sign:
            raise UsageError("filter-unknown", name)
    return {name: value for name, _, value in pairs}


def search(
    settings: Settings,
    query: str,
    role: str,
    filters: Sequence[str],
    limit: int,
    page: int,
    *,
    sort: str = "relevance",
    group: str = "",
) -> Answer:
    """Pages that answer a query, in order, or the best page of each document or unit.

    Raises InputError archive-missing, index-outdated; UsageError for an unknown filter, sort, group.
    """
    need_archive(settings)
    backend = open_backend(settings)
    try:
        answer = find(
            settings,
            backend,
            query,
            role=role,
            filters=parse_filters(filters),
            limit=limit,
            page=page,
            sort=sort,
            group=group,
        )
    finally:
        backend.close()
    shown = seen_in_hits(settings, answer.hits) if role == STAFF else ""
    if shown:
        noted_alone(settings, person(None), SEARCH, shown)
    lines = _hit_lines(answer, limit, page, settings.interface_language, group)
    return Answer(answer_as_json(answer), lines)


def _hit_lines(
    answer: SearchAnswer, limit: int, page: int, language: str, group: str
) -> tuple[str, ...]:
    first = (page - 1) * limit + 1
    lines = [*_total_lines(answer, language, group)]
    for place, hit in enumerate(answer.hits, first):
        lines += (_hit_head(place, hit, language), f"   {hit.snippet}")
    if (answer.groups if group else answer.total) > first - 1 + len(answer.hits):
        lines.append(say("search_more", language, page=page + 1))
    if not answer.total:
        lines.append(say("search_none", language))
    return tuple(lines)


def _total_lines(answer: SearchAnswer, language: str, group: str) -> Iterator[str]:
    pages = plural("page", answer.total, language)
    if group:
        yield say(
            "search_grouped", language, pages=pages, groups=plural(group, answer.groups, language)
        )
    else:
        yield say("search_total", language, pages=pages)
    yield from answer.notices
    if answer.suggestion:
        yield say("asked_did_you_mean", language, q=answer.suggestion)


def _hit_head(place: int, hit: Hit, language: str) -> str:
    title = " ".join(
        part
        for part in (
            label("type", hit.type or "necunoscut", language).capitalize(),
            f"nr. {hit.number}" if hit.number else "",
        )
        if part
    )
    cota = say("search_cota", language, cota=hit.cota) if hit.cota else ""
    where = say("search_place", language, document=hit.document, page=hit.document_page)
    others = hit.pages_in_group - 1
    more = plural("more_pages", others, language) if others > 0 else ""
    parts = (f"{place:>2} {title}", hit.date, hit.fond, cota, hit.leaf_cited, where, more)
    return " · ".join(part for part in parts if part)


def _find_unit(settings: Settings, ident: str) -> tuple[Unit, str | None]:
    """The unit named, or the unit of the document named with the document's id."""
    layout = settings.layout.unit(ident)
    if layout.record.exists():
        return units.read_record(layout), None
    backend = open_backend(settings)
    try:
        unit, document = Documents(settings, backend).document(ident)
    finally:
        backend.close()
    return unit, document.id


def _document_json(
    document: Document, unit: Unit, layout: UnitLayout, settings: Settings
) -> dict[str, object]:
    pdf = layout.root.relative_to(settings.archive) / document.pdf
    return {
        "document": document.id,
        "number": document.number,
        "first_page": document.first_page,
        "last_page": document.last_page,
        "boundary": document.boundary,
        "pages": [
            {"page": p.page, "document_page": p.document_page, "leaf": p.leaf, "state": p.state}
            for p in unit.pages_of(document.id)
        ],
        "pdf": str(pdf),
        "pdf_sha256": document.pdf_sha256,
        "flavour": document.flavour,
        **fields_json(document, unit, units.read_events(layout)),
        **access_json(document, layout),
    }


def show(settings: Settings, ident: str) -> Answer:
    """A unit's or a document's record; raises InputError unit-missing."""
    need_archive(settings)
    unit, only = _find_unit(settings, ident)
    noted_alone(settings, person(None), "view", only or unit.id)
    layout = settings.layout.unit(unit.id)
    documents = tuple(d for d in unit.documents if only in {None, d.id})
    payload: dict[str, object] = {
        "unit": unit.id,
        "name": unit.name,
        "station": unit.station,
        "received": unit.received,
        "identity": asdict(unit.identity),
        "opis": [asdict(entry) for entry in opis_of(unit)],
        "documents": [_document_json(d, unit, layout, settings) for d in documents],
        "findings": [asdict(f) for f in units.read_findings(layout)],
    }
    if only:
        payload = {
            "document": only,
            **_document_json(documents[0], unit, layout, settings),
            **{k: payload[k] for k in ("unit", "identity")},
        }
    return Answer(payload, _show_lines(unit, documents, layout, settings))


def _show_lines(
    unit: Unit, documents: Sequence[Document], layout: UnitLayout, settings: Settings
) -> tuple[str, ...]:
    language = settings.interface_language
    known = ((k, v) for k, v in asdict(unit.identity).items() if v)
    lines = [say("show_unit", language, unit=unit.id, name=unit.name)]
    lines += [f"  {name:<22}{value}" for name, value in known]
    lines += table_lines(
        [e for e in opis_of(unit) if e.document in {d.id for d in documents}], language
    )
    for document in documents:
        lines.append(
            say(
                "show_document",
                language,
                number=document.number,
                document=document.id,
                first=document.first_page,
                last=document.last_page,
                pdf=layout.root / document.pdf,
            )
        )
        lines += field_lines(document, unit, units.read_events(layout), language)
        lines += access_lines(document, layout, language)
    return tuple(lines)

"""Search as people and programs use it: pages that answer, marked where they answer."""

from collections.abc import Mapping
from typing import Any

from schemas.alto import read_alto
from schemas.errors import UsageError
from schemas.geometry import Box
from schemas.hits import Hit, SearchAnswer
from schemas.public import copied_alto
from schemas.settings import Settings
from schemas.text import PageText
from search.backend import Backend
from search.highlight import highlight
from search.plan import RawHit
from search.query import Query, parse

MOST_HITS = 100
PUBLIC = "public"
_NO_FILTERS: Mapping[str, str] = {}


def find(
    settings: Settings,
    backend: Backend,
    query: str,
    *,
    role: str = "staff",
    filters: Mapping[str, str] = _NO_FILTERS,
    limit: int = 10,
    page: int = 1,
) -> SearchAnswer:
    """Pages whose text answers, best first; `page` counts result pages of `limit` from 1.

    To the role `public` words, boxes and snippets are those of the public copies, and a page whose
    copy was just withdrawn is no hit. Raises UsageError for an unknown filter or role, or a limit outside 1 to 100.
    """
    if not 1 <= limit <= MOST_HITS:
        raise UsageError("limit-invalid", str(limit))
    if page < 1:
        raise UsageError("limit-invalid", str(page))
    asked = parse(query)
    answer = backend.search(asked, filters, role, (page - 1) * limit, limit)
    texts = ((raw, _text(settings, raw, role)) for raw in answer.hits)
    hits = tuple(_hit(asked, raw, text) for raw, text in texts if text or role != PUBLIC)
    return SearchAnswer(answer.total, hits, answer.facets)


def _text(settings: Settings, raw: RawHit, role: str) -> PageText | None:
    """The words of a hit's page as the role may see them."""
    if role == PUBLIC:
        return copied_text(settings, raw.unit, raw.document, raw.document_page)
    return page_text(settings, raw.unit, raw.page)


def _hit(query: Query, raw: RawHit, text: PageText | None) -> Hit:
    boxes: tuple[Box, ...] = ()
    snippet, width, height = "", 0, 0
    if text is not None:
        marked = highlight(text, query)
        boxes, snippet = marked.boxes, marked.snippet
        width, height = text.size.width, text.size.height
    return Hit(
        unit=raw.unit,
        document=raw.document,
        page=raw.page,
        document_page=raw.document_page,
        leaf=raw.leaf,
        snippet=snippet,
        boxes=boxes,
        width=width,
        height=height,
        type=raw.type,
        number=raw.number,
        date=raw.date,
        issuer=raw.issuer,
        score=raw.score,
    )


def page_text(settings: Settings, unit: str, page: int) -> PageText | None:
    """The words of a unit's page; None where its ALTO is missing or damaged."""
    try:
        return read_alto(settings.layout.unit(unit).alto_page(page).read_bytes())
    except (OSError, ValueError):
        return None


def copied_text(
    settings: Settings, unit: str, document: str, document_page: int
) -> PageText | None:
    """The words of a page of a public copy; None where there is no such copy."""
    copy = settings.layout.unit(unit).public_copy(document)
    try:
        return read_alto(copied_alto(copy, document_page).read_bytes())
    except (OSError, ValueError):
        return None


def page_boxes(settings: Settings, unit: str, page: int, query: str) -> tuple[Box, ...]:
    """Boxes on the page image of the words that answer; none for an empty query."""
    text = page_text(settings, unit, page)
    return highlight(text, parse(query)).boxes if text is not None else ()


def answer_as_json(answer: SearchAnswer) -> dict[str, Any]:
    """The answer as `opis search --json` and the API give it."""
    return {
        "total": answer.total,
        "hits": [_hit_as_json(hit) for hit in answer.hits],
        "facets": answer.facets,
    }


def _hit_as_json(hit: Hit) -> dict[str, Any]:
    return {
        "unit": hit.unit,
        "document": hit.document,
        "page": hit.page,
        "document_page": hit.document_page,
        "leaf": hit.leaf,
        "snippet": hit.snippet,
        "boxes": [box.as_list() for box in hit.boxes],
        "width": hit.width,
        "height": hit.height,
        "type": hit.type,
        "number": hit.number,
        "date": hit.date,
        "issuer": hit.issuer,
        "score": round(hit.score, 4),
    }

"""IIIF Content Search 2.0 within a public document or unit: what answers, with its place on the canvases.

https://iiif.io/api/search/2.0/
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import Query as Asked
from fastapi import Response

from schemas.access import PUBLIC_SCOPE
from search.finding import printed_hit
from search.highlight import Match, matches
from search.index.answers import RawHit
from search.index.fields import DEEPEST
from search.query import parse
from search.web.answers import as_json
from search.web.api.documents import DocumentId, UnitId
from search.web.asking import Asking, Asks

CONTEXT = "http://iiif.io/api/search/2/context.json"
LINKED_DATA = f'application/ld+json;profile="{CONTEXT}"'
MOTIVATION = "supplementing"
_ASKED_FOR = frozenset({MOTIVATION, "non-painting"})
_PAGES = 20
"""Pages of the archive that one answer tells of."""
_MOST_OF_A_PAGE = 100
"""Matches on one page that are told."""

Sought = Annotated[str, Asked(description="Words, as in `/search`.", examples=["iluminat public"])]
Motivation = Annotated[
    str,
    Asked(
        description="Space-separated; all that is found is `supplementing`.",
        examples=["supplementing"],
        max_length=200,
    ),
]
Ignored = Annotated[str, Asked(description="Not looked at, and told so in `ignored`.")]
ResultPage = Annotated[
    int, Asked(ge=1, le=DEEPEST // _PAGES, description="Result page; `next` names the next one.")
]


@dataclass(frozen=True, slots=True)
class _Wanted:
    """A search within `path`, an address below the API's, by a filter of the index."""

    path: str
    filters: Mapping[str, str]
    q: str
    motivation: str
    page: int
    ignored: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Found:
    """A match and the canvas that it is on."""

    canvas: str
    match: Match

    @property
    def id(self) -> str:
        return f"{self.canvas}/words/{self.match.first}-{self.match.last}"


def search_service(asking: Asking, path: str) -> dict[str, str]:
    """The service as a public manifest names it."""
    return {"id": f"{asking.base}/{path}/search", "type": "SearchService2"}


def search_document(
    asking: Asks,
    document: DocumentId,
    q: Sought = "",
    motivation: Motivation = "",
    date: Ignored = "",
    user: Ignored = "",
    page: ResultPage = 1,
) -> Response:
    """Words of a public document that answer, each with its place on a canvas of the manifest."""
    seen = asking.holdings.public().document(document)
    path, filters = f"documents/{seen.id}", {"document": seen.id}
    return _answer(asking, _Wanted(path, filters, q, motivation, page, _ignored(date, user)))


def search_unit(
    asking: Asks,
    unit: UnitId,
    q: Sought = "",
    motivation: Motivation = "",
    date: Ignored = "",
    user: Ignored = "",
    page: ResultPage = 1,
) -> Response:
    """Words of a unit's public documents that answer, each with its place on a canvas."""
    seen = asking.holdings.public().unit(unit)
    path, filters = f"units/{seen.id}", {"unit": seen.id}
    return _answer(asking, _Wanted(path, filters, q, motivation, page, _ignored(date, user)))


def _ignored(date: str, user: str) -> tuple[str, ...]:
    return tuple(name for name, value in (("date", date), ("user", user)) if value)


def _answer(asking: Asking, wanted: _Wanted) -> Response:
    hits, more = _hits(asking, wanted)
    found = [one for raw in hits for one in _on_page(asking, raw, wanted.q)]
    here = _address(asking, wanted, wanted.page)
    told: dict[str, Any] = {
        "@context": CONTEXT,
        "id": here,
        "type": "AnnotationPage",
        **({"ignored": list(wanted.ignored)} if wanted.ignored else {}),
        **_neighbours(asking, wanted, more=more),
        "items": [_annotation(one) for one in found],
    }
    if found:
        items = [_context(one) for one in found]
        told["annotations"] = [{"id": f"{here}#context", "type": "AnnotationPage", "items": items}]
    return as_json(asking, told, media_type=LINKED_DATA)


def _hits(asking: Asking, wanted: _Wanted) -> tuple[tuple[RawHit, ...], bool]:
    """The pages that answer, and whether there are more."""
    kinds = set(wanted.motivation.split())
    if not wanted.q.strip() or (kinds and not kinds & _ASKED_FOR):
        return (), False
    start = (wanted.page - 1) * _PAGES
    answer = asking.holdings.backend.search(
        parse(wanted.q),
        wanted.filters,
        PUBLIC_SCOPE.index,
        start,
        _PAGES,
        sort="place",
        facets=(),
    )
    return tuple(answer.hits), start + _PAGES < min(answer.total, DEEPEST)


def _on_page(asking: Asking, raw: RawHit, query: str) -> Iterator[_Found]:
    """What answers on a page of a copy, as its words are now."""
    text = printed_hit(asking.holdings.settings, raw, PUBLIC_SCOPE.index)
    canvas = f"{asking.base}/pages/{raw.document}.{raw.document_page}/canvas"
    found = matches(text, parse(query)) if text is not None else ()
    return (_Found(canvas, one) for one in islice(found, _MOST_OF_A_PAGE))


def _address(asking: Asking, wanted: _Wanted, page: int) -> str:
    given = {"q": wanted.q, "motivation": wanted.motivation, "page": str(page) if page > 1 else ""}
    told = urlencode({name: value for name, value in given.items() if value}, errors="replace")
    return f"{asking.base}/{wanted.path}/search{'?' if told else ''}{told}"


def _neighbours(asking: Asking, wanted: _Wanted, *, more: bool) -> dict[str, Any]:
    """Links of an answer that is one of several."""
    page = wanted.page
    if page == 1 and not more:
        return {}
    places = {"first": 1, "prev": page - 1, "next": page + 1 if more else 0}
    links = {
        name: {"id": _address(asking, wanted, place), "type": "AnnotationPage"}
        for name, place in places.items()
        if place
    }
    first = links.pop("first")
    whole = {"id": f"{first['id']}#all", "type": "AnnotationCollection", "first": first}
    return {"partOf": whole, **links}


def _annotation(found: _Found) -> dict[str, Any]:
    box = found.match.box
    return {
        "id": found.id,
        "type": "Annotation",
        "motivation": MOTIVATION,
        "body": {"type": "TextualBody", "value": found.match.exact, "format": "text/plain"},
        "target": f"{found.canvas}#xywh={box.x},{box.y},{box.w},{box.h}",
    }


def _context(found: _Found) -> dict[str, Any]:
    match = found.match
    quoted = {"prefix": match.prefix, "exact": match.exact, "suffix": match.suffix}
    return {
        "id": f"{found.id}/context",
        "type": "Annotation",
        "motivation": "contextualizing",
        "target": {
            "type": "SpecificResource",
            "source": found.id,
            "selector": [{"type": "TextQuoteSelector", **quoted}],
        },
    }

"""Search as people and programs use it: pages that answer, marked where they answer."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from schemas.access import WHOLE_ARCHIVE, Scope
from schemas.alto import read_alto
from schemas.errors import UsageError
from schemas.geometry import Box
from schemas.hits import Hit, SearchAnswer
from schemas.messages import say
from schemas.printed import PrintedPage, read_printed
from schemas.public import copied_alto
from schemas.settings import Settings
from schemas.text import PageText
from search.asking.suggesting import did_you_mean
from search.backend import Backend
from search.highlight import highlight
from search.index.answers import RawAnswer, RawHit
from search.index.fields import FACETS, checked_role
from search.index.pages import page_tokens
from search.plan import ENOUGH, Condition
from search.query import Query, parse
from search.turns import give_way

MOST_HITS = 100
PUBLIC = "public"
_NO_FILTERS: Mapping[str, str] = {}
_NO_REGIMES: frozenset[str] = frozenset()
_CLOSED = "restricted"
_SIDES = {"r": "recto", "v": "verso"}
_MOST_CANDIDATES, _MOST_TELLING = 60, 25
_LEAST_LETTERS = 4
_COMMON, _FEW = 0.2, 10


def find(
    settings: Settings,
    backend: Backend,
    query: str,
    *,
    scope: Scope = WHOLE_ARCHIVE,
    role: str = "",
    filters: Mapping[str, str] = _NO_FILTERS,
    limit: int = 10,
    page: int = 1,
    sort: str = "relevance",
    group: str = "",
    facets: tuple[str, ...] = FACETS,
    wordless: frozenset[str] = _NO_REGIMES,
    language: str = "",
) -> SearchAnswer:
    """Pages whose text answers and that `scope` opens; `page` counts result pages of `limit` from 1.

    In the public index words, boxes and snippets are those of the public copies, and a page whose
    copy was just withdrawn is no hit. `role` (staff, public) stands for the whole of an index. Of pages
    whose regime is among `wordless` (an unknown one is `restricted`) no word is told, nor what may have
    been meant by them. Sentences are in `language`, else in that of the settings. Raises
    UsageError for an unknown filter, sort, group, facet or role, or a limit outside 1 to 100.
    """
    if not 1 <= limit <= MOST_HITS:
        raise UsageError("limit-invalid", str(limit))
    if page < 1:
        raise UsageError("limit-invalid", str(page))
    scope = Scope(checked_role(role)) if role else scope
    asked = parse(query)
    answer = backend.search(
        asked,
        filters,
        scope.index,
        (page - 1) * limit,
        limit,
        grants=scope.grants,
        sort=sort,
        group=group,
        facets=facets,
    )
    told = _Told(settings, scope, asked, answer, wordless, language)
    little = page == 1 and answer.total < ENOUGH
    meant = did_you_mean(query, asked, told.texts, backend, scope) if little else ""
    return replace(told.answer, suggestion=meant)


class _Told:
    """An answer of the index with the words of its hits, as the scope may see them."""

    def __init__(
        self,
        settings: Settings,
        scope: Scope,
        asked: Query,
        answer: RawAnswer,
        wordless: frozenset[str] = _NO_REGIMES,
        language: str = "",
    ) -> None:
        public, language = scope.index == PUBLIC, language or settings.interface_language
        texts = [(raw, printed_hit(settings, raw, scope.index)) for raw in answer.hits]
        self.texts = tuple(text for raw, text in texts if text and _regime(raw) not in wordless)
        self.answer = SearchAnswer(
            answer.total,
            tuple(
                _shown(_hit(asked, raw, text, language), wordless)
                for raw, text in texts
                if text or not public
            ),
            answer.facets,
            answer.groups,
            {name: asdict(left) for name, left in answer.rest.items()},
            notices=tuple(say(n.code, language, f=n.value) for n in asked.notices),
        )


def _regime(found: RawHit | Hit) -> str:
    return found.regime or _CLOSED


def _shown(hit: Hit, wordless: frozenset[str]) -> Hit:
    return replace(hit, snippet="", boxes=()) if _regime(hit) in wordless else hit


def similar(
    settings: Settings,
    backend: Backend,
    pages: Sequence[PageText],
    document: str,
    *,
    scope: Scope = WHOLE_ARCHIVE,
    limit: int = 10,
) -> tuple[Hit, ...]:
    """Other documents that speak of the same, most alike first, each by its best page.

    `pages` are the words of the document as the caller may see them. What tells most is sought:
    words that are frequent in it and rare on the pages that `scope` opens.
    """
    if not 1 <= limit <= MOST_HITS:
        raise UsageError("limit-invalid", str(limit))
    telling = _telling(backend, " ".join(page.plain for page in pages), scope)
    answer = backend.like(telling, scope.index, limit + 1, grants=scope.grants)
    others = tuple(hit for hit in answer.hits if hit.document != document)[:limit]
    return _Told(settings, scope, parse(""), RawAnswer(len(others), others)).answer.hits


def _telling(backend: Backend, text: str, scope: Scope) -> tuple[str, ...]:
    """The keys of a text's words that tell most of what it is about, the most telling first."""
    keys = Counter(
        token.key
        for token in page_tokens(text)
        if len(token.key) >= _LEAST_LETTERS and token.key.isalpha()
    )
    candidates = sorted(keys, key=lambda key: (-keys[key] * len(key), key))[:_MOST_CANDIDATES]
    groups = [(Condition("key", (key,)),) for key in candidates]
    pages = backend.counts(groups, scope.index, grants=scope.grants)
    common = max(_FEW, _COMMON * backend.count(scope.index))
    known = [
        (keys[key] / count, key)
        for key, count in zip(candidates, pages, strict=True)
        if 1 < count <= common
    ]
    return tuple(key for _, key in sorted(known, key=lambda one: (-one[0], one[1])))[:_MOST_TELLING]


def printed_hit(settings: Settings, raw: RawHit, role: str) -> PrintedPage | None:
    """The words of a hit's page as the role may see them, from disk each time; None where there are none."""
    give_way()
    if role == PUBLIC:
        path = _copied(settings, raw.unit, raw.document, raw.document_page)
    else:
        path = settings.layout.unit(raw.unit).alto_page(raw.page)
    try:
        return read_printed(path.read_bytes())
    except (OSError, ValueError):
        return None


def _hit(query: Query, raw: RawHit, text: PrintedPage | None, language: str) -> Hit:
    give_way()
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
        fond=raw.fond,
        cota=raw.cota,
        leaf_cited=cited_leaf(raw.leaf, language),
        institution=raw.institution,
        department=raw.department,
        regime=raw.regime,
        pages_in_group=raw.pages_in_group,
    )


def cited_leaf(leaf: str, language: str) -> str:
    """A leaf as it is cited: "23v" is "fila 23 verso"; empty where it is not known."""
    if not leaf:
        return ""
    number, side = leaf[:-1], _SIDES.get(leaf[-1], "")
    shown = f"{number} {say(side, language)}" if side and number else leaf
    return say("leaf", language, leaf=shown)


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
    try:
        return read_alto(_copied(settings, unit, document, document_page).read_bytes())
    except (OSError, ValueError):
        return None


def _copied(settings: Settings, unit: str, document: str, document_page: int) -> Path:
    return copied_alto(settings.layout.unit(unit).public_copy(document), document_page)


def page_boxes(settings: Settings, unit: str, page: int, query: str) -> tuple[Box, ...]:
    """Boxes on the page image of the words that answer; none for an empty query."""
    text = page_text(settings, unit, page)
    return highlight(text, parse(query)).boxes if text is not None else ()


def answer_as_json(answer: SearchAnswer) -> dict[str, Any]:
    """The answer as `opis search --json` and the API give it."""
    return {
        "total": answer.total,
        "hits": [hit_as_json(hit) for hit in answer.hits],
        "facets": answer.facets,
        "groups": answer.groups,
        "facets_rest": answer.facets_rest,
        "suggestion": answer.suggestion,
        "notices": list(answer.notices),
    }


def hit_as_json(hit: Hit) -> dict[str, Any]:
    """A hit as `opis search --json` and the API give it."""
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
        "fond": hit.fond,
        "cota": hit.cota,
        "leaf_cited": hit.leaf_cited,
        "institution": hit.institution,
        "department": hit.department,
        "regime": hit.regime,
        "pages_in_group": hit.pages_in_group,
    }

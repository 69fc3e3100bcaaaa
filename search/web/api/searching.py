"""Searches within the caller's reach, result page by result page."""

import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as NotBase64
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Annotated, Any

from fastapi import Query, Response

from schemas.access import PUBLIC_SCOPE, Caller, Scope
from schemas.errors import UsageError
from schemas.hits import SearchAnswer
from schemas.records import Regime
from search.access.rights import SEARCH, VIEW, Verdict, scope_of, verdict
from search.access.seeing import seen_in_hits
from search.asking.suggesting import suggestions
from search.finding import answer_as_json, find, similar
from search.index.fields import DEEPEST
from search.problems import REQUEST
from search.web.answers import as_json
from search.web.api.documents import DocumentId
from search.web.api.models import SearchParameters
from search.web.asking import Asking, Asks

_MOST_READ = 40
"""Pages of a document that tell what it is about."""
_CURSOR = re.compile(r"([1-9]\d{0,6})\.([0-9a-f]{12})")


@dataclass(frozen=True, slots=True)
class Wanted:
    """A search as pages and endpoints ask for it."""

    q: str
    filters: Mapping[str, str]
    limit: int = 10
    page: int = 1
    sort: str = "relevance"
    group: str = ""
    language: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """An answer, and whether there are more result pages."""

    answer: SearchAnswer
    more: bool = False


def scope_seen(asking: Asking) -> Scope:
    """What the caller's searches reach."""
    return scope_of(asking.view.caller) if asking.view.private else PUBLIC_SCOPE


def search_for(asking: Asking, wanted: Wanted) -> Found:
    """Pages that answer within the caller's reach; what takes a purpose is found without its words.

    Whose words are shown and are not public is noted, in one entry.
    """
    holdings, view = asking.holdings, asking.view
    answer = find(
        holdings.settings,
        holdings.backend,
        wanted.q,
        scope=scope_seen(asking),
        filters=wanted.filters,
        limit=wanted.limit,
        page=wanted.page,
        sort=wanted.sort,
        group=wanted.group,
        wordless=_wordless(view.caller) if view.private else frozenset(),
        language=wanted.language,
    )
    shown = seen_in_hits(holdings.settings, answer.hits) if view.private else ""
    if shown:
        asking.audit.note(view.caller, SEARCH, shown, view.caller.purpose)
    count = answer.groups if wanted.group else answer.total
    return Found(answer, wanted.page * wanted.limit < min(count, DEEPEST))


def _wordless(caller: Caller) -> frozenset[str]:
    """Regimes of which a caller is shown no word: what takes a purpose, while none was told."""
    return frozenset(
        regime.value for regime in Regime if verdict(caller, VIEW, regime.value) is not Verdict.YES
    )


def _digest(asked: SearchParameters, index: str) -> str:
    """What a cursor belongs to: the search without its place."""
    told = asked.model_dump_json(exclude={"page", "cursor"})
    return sha256(f"{index} {told}".encode()).hexdigest()[:12]


def cursor_of(asked: SearchParameters, page: int, index: str) -> str:
    """The cursor of a result page of this search."""
    return urlsafe_b64encode(f"{page}.{_digest(asked, index)}".encode()).decode().rstrip("=")


def page_of(asked: SearchParameters, index: str) -> int:
    """The result page asked for; raises UsageError cursor-invalid for another search's cursor."""
    if not asked.cursor:
        return asked.page
    try:
        padded = asked.cursor + "=" * (-len(asked.cursor) % 4)
        parts = _CURSOR.fullmatch(urlsafe_b64decode(padded.encode()).decode())
    except (NotBase64, ValueError) as error:
        raise UsageError("cursor-invalid") from error
    if not parts or parts.group(2) != _digest(asked, index):
        raise UsageError("cursor-invalid")
    return int(parts.group(1))


def search(asking: Asks, asked: Annotated[SearchParameters, Query()]) -> Response:
    """Pages that answer, however they are spelled, with boxes on the page image."""
    index = scope_seen(asking).index
    page = page_of(asked, index)
    wanted = Wanted(asked.q, asked.filters, asked.limit, page, asked.sort, asked.group)
    found = search_for(asking, wanted)
    told: dict[str, Any] = {
        **answer_as_json(found.answer),
        "request": REQUEST,
        "next_cursor": cursor_of(asked, page + 1, index) if found.more else "",
    }
    return as_json(asking, told, guarded=asking.view.private)


def suggest(
    asking: Asks,
    q: Annotated[str, Query(description="What is typed so far.", max_length=200)] = "",
    limit: Annotated[int, Query(ge=1, le=20, description="Most suggestions.")] = 8,
) -> Response:
    """Ways to finish the word that is being typed, of words on pages that the caller may find."""
    found = suggestions(asking.holdings.backend, q, scope_seen(asking), limit)
    told = {"suggestions": [{"text": text} for text in found]}
    return as_json(asking, told, guarded=asking.view.private)


def similar_documents(
    asking: Asks,
    document: DocumentId,
    limit: Annotated[int, Query(ge=1, le=20, description="Most documents.")] = 10,
) -> Response:
    """Documents that speak of the same as this one, as far as the caller may find them."""
    seen = asking.view.document(document)
    holdings = asking.holdings
    texts = [text for page in seen.pages[:_MOST_READ] if (text := holdings.text(seen, page))]
    scope = scope_seen(asking)
    hits = similar(holdings.settings, holdings.backend, texts, seen.id, scope=scope, limit=limit)
    told = [
        {
            "id": hit.document,
            "unit": hit.unit,
            **{name: getattr(hit, name) for name in ("type", "number", "date", "issuer")},
            "address": f"{asking.prefix}/documents/{hit.document}",
        }
        for hit in hits
    ]
    return as_json(asking, {"documents": told}, guarded=asking.view.private)

"""The Elasticsearch backend; the only module that imports its client.

Aliases PREFIX-staff and PREFIX-public stand for numbered indices. A page's id is UNIT.PAGE, so that
writing it again never doubles it. The words are made by search.analysis: Elasticsearch splits them
at spaces, and a word's further keys at "|".
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from elasticsearch import (
    ApiError,
    AuthenticationException,
    AuthorizationException,
    BadRequestError,
    Elasticsearch,
    NotFoundError,
    TransportError,
)
from elasticsearch.helpers import streaming_bulk

from schemas.errors import InputError, ServiceError
from schemas.hits import IndexedPage
from schemas.settings import Settings
from search.plan import (
    DEEPEST,
    FACETS,
    HIT_FIELDS,
    ROLES,
    Condition,
    Plan,
    RawAnswer,
    RawHit,
    StoredPage,
    checked_role,
    facet,
    plan,
    stored_page,
)
from search.query import FILTERS, Query

_SECONDS = 30.0
_RETRIES = 5
_FIRST_PAUSE, _LONGEST_PAUSE = 0.2, 10.0
_CHUNK = 250
_NAMED = 10
_OVERLOADED = (429, 502, 503, 504)
_SERVER_ERROR = 500
_BLOCKED = "cluster_block_exception"
_DISK_BLOCK = "index.blocks.read_only_allow_delete"
_LOOK_SECONDS = 3.0
_KEPT = {"type": "keyword", "index": False, "doc_values": False}

SETTINGS: dict[str, Any] = {
    "number_of_shards": 1,
    "auto_expand_replicas": "0-1",
    "similarity": {"words": {"type": "BM25", "discount_overlaps": False}},
    "analysis": {
        "tokenizer": {"spaces": {"type": "whitespace", "max_token_length": 1024}},
        "filter": {
            "every_key": {
                "type": "pattern_capture",
                "preserve_original": False,
                "patterns": ["([^|]+)"],
            }
        },
        "analyzer": {
            "words": {"type": "custom", "tokenizer": "spaces"},
            "keys": {"type": "custom", "tokenizer": "spaces", "filter": ["every_key"]},
        },
    },
}
MAPPINGS: dict[str, Any] = {
    "dynamic": "strict",
    "_source": {"excludes": ["fold", "key", "is_*"]},
    "properties": {
        **dict.fromkeys(("unit", "document", "leaf", "number", "date"), _KEPT),
        **{name: {"type": "keyword", "index": False} for name in FACETS},
        **{f"is_{name}": {"type": "keyword", "doc_values": False} for name in FILTERS},
        **{name: {"type": "integer", "index": False} for name in ("page", "document_page")},
        "place": {"type": "long", "index": False},
        "fold": {"type": "text", "analyzer": "words", "similarity": "words"},
        "key": {
            "type": "text",
            "analyzer": "keys",
            "search_analyzer": "words",
            "similarity": "words",
        },
    },
}


def _source(page: StoredPage) -> dict[str, Any]:
    return {
        "unit": page.unit,
        "page": page.page,
        "document_page": page.document_page,
        "place": page.place,
        **page.values,
        **{f"is_{name}": value for name, value in page.filters.items()},
        "fold": " ".join(page.folds),
        "key": " ".join("|".join(every) for every in page.keys),
    }


def _condition(condition: Condition) -> dict[str, Any]:
    name, text = condition.field, " ".join(condition.values)
    if condition.near:
        near = {"value": text, "fuzziness": 1, "transpositions": True, "rewrite": "constant_score"}
        return {"fuzzy": {name: near}}
    if len(condition.values) > 1:
        return {"match_phrase": {name: {"query": text, "boost": condition.boost}}}
    return {"term": {name: {"value": text, "boost": condition.boost}}}


def _group(conditions: Sequence[Condition]) -> dict[str, Any]:
    return {"bool": {"should": [_condition(c) for c in conditions], "minimum_should_match": 1}}


def _query(wanted: Plan) -> dict[str, Any]:
    filters = [{"term": {f"is_{field}": value}} for field, value in wanted.filters]
    return {"bool": {"must": [_group(group) for group in wanted.groups], "filter": filters}}


def _without_credentials(url: str) -> str:
    parts = urlsplit(url)
    return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))


class ElasticBackend:
    """Both roles' indices in one Elasticsearch; raises ServiceError when it does not answer."""

    name = "elasticsearch"

    def __init__(self, settings: Settings, *, write: bool = False) -> None:
        self._shown = _without_credentials(settings.elasticsearch_url)
        self._prefix = settings.elasticsearch_prefix
        self._touched: set[str] = set()
        self._client = self._connected(settings.elasticsearch_url)
        if write:
            for role in ROLES:
                self._ensure(role)

    def _connected(self, url: str) -> Elasticsearch:
        try:
            return Elasticsearch(
                url,
                request_timeout=_SECONDS,
                retry_on_timeout=True,
                max_retries=_RETRIES,
                retry_on_status=_OVERLOADED,
            )
        except ValueError as error:
            raise ServiceError("elasticsearch-unreachable", self._shown) from error

    def replace_unit(self, unit: str, pages: Sequence[IndexedPage], *, role: str = "staff") -> int:
        """Writes a unit's pages in place of those it had; they are found after `commit`."""
        alias = self._alias(role)
        self._ensure(role)
        self._touched.add(alias)
        count = self._write(alias, pages)
        self._remove(alias, unit, [_id(page) for page in pages])
        return count

    def remove_unit(self, unit: str, *, role: str = "staff") -> None:
        """Takes a unit's pages out; true after `commit`."""
        self._ensure(role)
        self._touched.add(self._alias(role))
        self._remove(self._alias(role), unit, [])

    def commit(self) -> None:
        """Makes what was written found."""
        with self._answering():
            for alias in sorted(self._touched):
                self._client.indices.refresh(index=alias)
        self._touched.clear()

    def close(self) -> None:
        """Lets the connections go."""
        self._client.close()

    def rebuild(self, pages: Iterable[IndexedPage], *, role: str = "staff") -> int:
        """Builds a fresh index of these pages, then moves the alias to it in one step."""
        alias = self._alias(role)
        with self._answering():
            fresh, others = self._next_index(alias)
            self._client.indices.create(index=fresh, settings=SETTINGS, mappings=MAPPINGS)
            count = self._write(fresh, pages, require_alias=False)
            self._client.indices.refresh(index=fresh)
            add = {"add": {"index": fresh, "alias": alias, "is_write_index": True}}
            remove = [{"remove_index": {"index": name}} for name in others]
            self._client.indices.update_aliases(actions=[add, *remove])
        return count

    def count(self, role: str = "staff", *, unit: str = "") -> int:
        """Pages in a role's index, or those of one unit."""
        query = {"term": {"is_unit": unit.lower()}} if unit else {"match_all": {}}
        return self._counts(self._alias(role), [query])[0]

    def search(
        self,
        query: Query,
        filters: Mapping[str, str],
        role: str = "staff",
        offset: int = 0,
        limit: int = 10,
    ) -> RawAnswer:
        """Pages that answer, best first, then by unit and page; none beyond the ten-thousandth."""
        alias = self._alias(role)
        wanted = plan(query, filters, lambda groups: self._absent(alias, groups))
        if wanted.empty:
            return RawAnswer()
        size = max(0, min(limit, DEEPEST - offset))
        try:
            with self._answering():
                found = self._client.search(
                    index=alias,
                    query=_query(wanted),
                    from_=min(offset, DEEPEST - size),
                    size=size,
                    sort=[{"_score": "desc"}, {"place": "asc"}],
                    track_scores=True,
                    track_total_hits=True,
                    aggs={name: {"terms": {"field": name, "size": 1000}} for name in FACETS},
                )
        except NotFoundError:
            return RawAnswer()
        return _answer(found.body)

    def _absent(self, alias: str, groups: Sequence[tuple[Condition, ...]]) -> tuple[bool, ...]:
        counts = self._counts(alias, [_group(group) for group in groups]) if groups else []
        return tuple(count == 0 for count in counts)

    def _counts(self, alias: str, queries: Sequence[dict[str, Any]]) -> list[int]:
        searches: list[dict[str, Any]] = []
        for query in queries:
            searches += [{}, {"query": query, "size": 0, "track_total_hits": True}]
        with self._answering():
            found = self._client.msearch(index=alias, searches=searches, ignore_unavailable=True)
        return [_total(answer) for answer in found["responses"]]

    def _alias(self, role: str) -> str:
        return f"{self._prefix}-{checked_role(role)}"

    def _ensure(self, role: str) -> None:
        alias = self._alias(role)
        with self._answering():
            if self._client.indices.exists_alias(name=alias):
                return
            name = f"{alias}-000001"
            try:
                self._client.indices.create(
                    index=name,
                    settings=SETTINGS,
                    mappings=MAPPINGS,
                    aliases={alias: {"is_write_index": True}},
                )
            except BadRequestError as error:
                if error.error != "resource_already_exists_exception":
                    raise

    def _next_index(self, alias: str) -> tuple[str, list[str]]:
        numbered = re.compile(rf"{re.escape(alias)}-(\d{{6}})")
        known = sorted(filter(numbered.fullmatch, self._client.indices.get(index=f"{alias}-*")))
        last = int(known[-1][-6:]) if known else 0
        return f"{alias}-{last + 1:06d}", known

    def _write(
        self, index: str, pages: Iterable[IndexedPage], *, require_alias: bool = True
    ) -> int:
        refused: list[str] = []
        count = 0
        actions = (
            {"_index": index, "_id": _id(page), "require_alias": require_alias}
            | {"_source": _source(stored_page(page))}
            for page in pages
        )
        with self._answering():
            for taken, item in streaming_bulk(
                self._client,
                actions,
                chunk_size=_CHUNK,
                max_retries=_RETRIES,
                initial_backoff=_FIRST_PAUSE,
                max_backoff=_LONGEST_PAUSE,
                raise_on_error=False,
            ):
                count += taken
                if not taken:
                    refused.append(_refusal(item))
        if refused and all(_BLOCKED in one for one in refused):
            raise ServiceError("elasticsearch-disk-full", self._shown)
        if refused:
            named = ", ".join(refused[:_NAMED]) + (" …" if len(refused) > _NAMED else "")
            raise InputError("index-refused", index, n=len(refused), list=named)
        return count

    def _remove(self, alias: str, unit: str, kept: Sequence[str]) -> None:
        query: dict[str, Any] = {"filter": [{"term": {"is_unit": unit.lower()}}]}
        if kept:
            query["must_not"] = [{"ids": {"values": list(kept)}}]
        with self._answering():
            self._client.indices.refresh(index=alias)
            self._client.delete_by_query(index=alias, query={"bool": query}, conflicts="proceed")

    def trouble(self) -> ServiceError | None:
        """Why nothing can be written: not reached, access refused, or its disk's last watermark."""
        quick = self._client.options(request_timeout=_LOOK_SECONDS, max_retries=0)
        try:
            with self._answering():
                told = quick.indices.get_settings(index=f"{self._prefix}-*", flat_settings=True)
        except ServiceError as error:
            return error
        blocked = any(one["settings"].get(_DISK_BLOCK) == "true" for one in told.values())
        return ServiceError("elasticsearch-disk-full", self._shown) if blocked else None

    @contextmanager
    def _answering(self) -> Iterator[None]:
        try:
            yield
        except (AuthenticationException, AuthorizationException) as error:
            code = "disk-full" if _is_block(error) else "refuses"
            raise ServiceError(f"elasticsearch-{code}", self._shown) from error
        except TransportError as error:
            raise ServiceError("elasticsearch-unreachable", self._shown) from error
        except ApiError as error:
            if _is_block(error):
                raise ServiceError("elasticsearch-disk-full", self._shown) from error
            if error.status_code in _OVERLOADED or error.status_code >= _SERVER_ERROR:
                raise ServiceError("elasticsearch-unreachable", self._shown) from error
            raise


def _is_block(error: ApiError) -> bool:
    """The flood-stage watermark of the disk makes indices read-only; the words differ by version."""
    return error.error == _BLOCKED


def _id(page: IndexedPage) -> str:
    return f"{page.unit}.{page.page}"


def _refusal(item: Mapping[str, Any]) -> str:
    """Which page and what kind of error; never the sentence, which may cite the page's text."""
    result = next(iter(item.values()))
    error = result.get("error", {})
    kind = error.get("type", "unknown") if isinstance(error, Mapping) else "unknown"
    return f"{result.get('_id', '?')} ({kind})"


def _total(answer: Mapping[str, Any]) -> int:
    return int(answer["hits"]["total"]["value"]) if "hits" in answer else 0


def _hit(found: Mapping[str, Any]) -> RawHit:
    known = {name: value for name, value in found["_source"].items() if name in HIT_FIELDS}
    score = float(found["_score"] or 0.0)
    return RawHit(**{**dict.fromkeys(HIT_FIELDS, ""), **known}, score=score)


def _answer(found: Mapping[str, Any]) -> RawAnswer:
    counts = found["aggregations"]
    facets = {
        name: facet((b["key"], b["doc_count"]) for b in counts[name]["buckets"]) for name in FACETS
    }
    return RawAnswer(_total(found), tuple(map(_hit, found["hits"]["hits"])), facets)

"""The Elasticsearch backend; with search.index.elastic_answering all that imports its client.

Aliases PREFIX-staff and PREFIX-public stand for numbered indices. A page's id is UNIT.PAGE, so that
writing it again never doubles it. The words are made by search.analysis: Elasticsearch splits them
at spaces, and a word's further keys at "|". All requests of one search go to one index: where that
was replaced meanwhile, the search begins again.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from time import sleep
from typing import Any, TypeVar

from elasticsearch import BadRequestError, Elasticsearch, NotFoundError
from elasticsearch.helpers import streaming_bulk

from schemas.access import Grant
from schemas.errors import InputError, OpisError, ServiceError
from schemas.hits import IndexedPage
from schemas.settings import Settings
from search.index import elastic_bodies as bodies
from search.index.answers import RawAnswer
from search.index.asked import OPEN, Asked, likeness
from search.index.elastic_answering import BUSY, PassingError, answering, looking
from search.index.elastic_forgetting import expunge
from search.index.elastic_said import disk_low, listed, refusal, without_credentials
from search.index.fields import FACETS, ROLES, checked_role
from search.index.pages import PRINTED, uncollected
from search.index.scope import Bound, bounds
from search.plan import ENOUGH, Group, Plan, plan, wider
from search.query import Query

_SECONDS = 30.0
_RETRIES = 5
_REBUILD_RETRIES = 17
_FIRST_PAUSE, _LONGEST_PAUSE = 0.2, 10.0
_LOOK_PAUSES = (0.0, 0.05, 0.1, 0.2, 0.4, 0.8, 1.6)
_CHUNK, _CHUNK_BYTES = 250, 5_000_000
_BLOCKED = "cluster_block_exception"
_DISK_BLOCK = "index.blocks.read_only_allow_delete"
_LOOK_SECONDS = 3.0
_TERMS_AHEAD = 2

T = TypeVar("T")


class ElasticBackend:
    """Both roles' indices in one Elasticsearch; raises ServiceError when it does not answer."""

    name = "elasticsearch"

    def __init__(self, settings: Settings, *, write: bool = False, renew: bool = False) -> None:
        self._shown = without_credentials(settings.elasticsearch_url)
        self._prefix = settings.elasticsearch_prefix
        self._touched: set[str] = set()
        self._client = self._connected(settings.elasticsearch_url)
        if write and not renew:
            for role in ROLES:
                self._ensure(role)

    def _connected(self, url: str) -> Elasticsearch:
        try:
            return Elasticsearch(
                url,
                request_timeout=_SECONDS,
                retry_on_timeout=True,
                max_retries=_RETRIES,
                retry_on_status=BUSY,
            )
        except ValueError as error:
            raise ServiceError("elasticsearch-unreachable", self._shown) from error

    def replace_unit(self, unit: str, pages: Sequence[IndexedPage], *, role: str = "staff") -> int:
        """Writes a unit's pages in place of those it had; they are found after `commit`."""
        alias = self._alias(role)
        self._ensure(role)
        self._touched.add(alias)
        count = self._write(alias, pages)
        self._remove(alias, unit, [bodies.ident(page) for page in pages])
        return count

    def remove_unit(self, unit: str, *, role: str = "staff") -> None:
        """Takes a unit's pages out; true after `commit`."""
        self._ensure(role)
        self._touched.add(self._alias(role))
        self._remove(self._alias(role), unit, [])

    def commit(self) -> None:
        """Makes what was written found."""
        with answering(self._shown):
            for alias in sorted(self._touched):
                self._client.indices.refresh(index=alias)
        self._touched.clear()

    drop = commit
    """What was written is there already; it is found from now on."""

    def forget(self, units: Sequence[str], role: str = "public") -> tuple[str, ...]:  # noqa: ARG002 none is written anew
        """Has removed pages dropped for good; waits for what Elasticsearch keeps for its replicas."""
        if index := self._index(self._alias(role)):
            with (
                suppress(NotFoundError),
                answering(self._shown),
            ):  # another index stands in its place
                expunge(self._client, index)
        return ()

    def close(self) -> None:
        """Lets the connections go."""
        self._client.close()

    def rebuild(self, pages: Iterable[IndexedPage], *, role: str = "staff") -> int:
        """Builds a fresh index of these pages, then moves the alias to it in one step."""
        alias = self._alias(role)
        with answering(self._shown):
            fresh, others = self._next_index(alias)
            self._client.indices.create(
                index=fresh, settings=bodies.SETTINGS, mappings=bodies.MAPPINGS
            )
            with uncollected():
                count = self._write(fresh, pages, retries=_REBUILD_RETRIES, require_alias=False)
            self._client.indices.refresh(index=fresh)
            add = {"add": {"index": fresh, "alias": alias, "is_write_index": True}}
            remove = [{"remove_index": {"index": name}} for name in others]
            self._client.indices.update_aliases(actions=[add, *remove])
        return count

    def count(self, role: str = "staff", *, unit: str = "") -> int:
        """Pages in a role's index, or those of one unit."""
        query = {"term": {"is_unit": unit.lower()}} if unit else {"match_all": {}}
        body = bodies.counted(query, bounds(OPEN))
        return self._looked(role, 0, lambda index: self._counts(index, [body])[0])

    def search(
        self,
        query: Query,
        filters: Mapping[str, str],
        role: str = "staff",
        offset: int = 0,
        limit: int = 10,
        *,
        grants: tuple[Grant, ...] = OPEN,
        sort: str = "relevance",
        group: str = "",
        facets: tuple[str, ...] = FACETS,
    ) -> RawAnswer:
        """Pages that answer and may be seen, in order; none beyond the ten-thousandth."""
        asked = Asked(offset, limit, sort, group, facets)
        wanted, within = plan(query, filters), bounds(grants)
        if wanted.empty:
            checked_role(role)
            return RawAnswer()

        def look(index: str) -> RawAnswer:
            answer = self._answer(index, wanted, within, asked)
            if answer.total >= ENOUGH:
                return answer
            forgiving = wider(query, filters, lambda groups: self._absent(index, groups, within))
            return self._answer(index, forgiving, within, asked) if forgiving else answer

        return self._looked(role, RawAnswer(), look)

    def like(
        self,
        terms: Sequence[str],
        role: str = "staff",
        limit: int = 10,
        *,
        grants: tuple[Grant, ...] = OPEN,
    ) -> RawAnswer:
        """The best page of each document that has most of these keys, most alike first."""
        asked = Asked(0, limit, "relevance", "document", ())
        if not terms:
            return RawAnswer()
        wanted, within = likeness(terms), bounds(grants)
        return self._looked(role, RawAnswer(), lambda i: self._answer(i, wanted, within, asked))

    def counts(
        self, groups: Sequence[Group], role: str = "staff", *, grants: tuple[Grant, ...] = OPEN
    ) -> tuple[int, ...]:
        """Pages that may be seen and that each group of conditions finds."""
        within = bounds(grants)
        searches = [bodies.counted(bodies.group_query(group), within) for group in groups]
        return self._looked(role, (0,) * len(groups), lambda i: tuple(self._counts(i, searches)))

    def terms(
        self,
        prefix: str,
        role: str = "staff",
        limit: int = 10,
        *,
        grants: tuple[Grant, ...] = OPEN,
    ) -> tuple[tuple[str, int], ...]:
        """Printed words whose fold begins with `prefix`, with their pages, most first.

        They are those of a sample of the pages that may be seen, counted in all of them.
        """
        within = bounds(grants)
        return self._looked(role, (), lambda index: self._terms(index, prefix, limit, within))

    def _terms(
        self, index: str, prefix: str, limit: int, within: Sequence[Bound]
    ) -> tuple[tuple[str, int], ...]:
        found = self._asked(index, bodies.terms_body(prefix, _TERMS_AHEAD * limit, within))
        words = tuple(bodies.bucket_counts(found["aggregations"]["words"]))
        if not words:
            return ()
        counted = self._asked(index, bodies.words_body(words, within))
        pages = counted["aggregations"]["words"]["buckets"]
        counts = ((word, pages[word]["doc_count"]) for word in words)
        told = ((word.partition(PRINTED)[2], count) for word, count in counts if count)
        return tuple(sorted(told, key=lambda pair: (-pair[1], pair[0]))[:limit])

    def _answer(self, index: str, wanted: Plan, within: Sequence[Bound], asked: Asked) -> RawAnswer:
        found = self._asked(index, bodies.search_body(wanted, within, asked))
        shown = bodies.shown_groups(found, asked.group) if asked.group else ()
        sizes: dict[str, int] = {}
        if shown:
            told = self._asked(index, bodies.sizes_body(wanted, within, asked.group, shown))
            sizes = bodies.bucket_counts(told["aggregations"]["sizes"])
        return bodies.raw_answer(found, asked, sizes)

    def _absent(
        self, index: str, groups: Sequence[Group], within: Sequence[Bound]
    ) -> tuple[bool, ...]:
        searches = [bodies.counted(bodies.group_query(group), within) for group in groups]
        return tuple(count == 0 for count in self._counts(index, searches))

    def _looked(self, role: str, nothing: T, look: Callable[[str], T]) -> T:
        """What a look into a role's index gives; `nothing` where there is none yet."""
        for pause in _LOOK_PAUSES:
            sleep(pause)
            index = self._index(self._alias(role))
            if not index:
                return nothing
            try:
                return look(index)
            except PassingError:
                continue
        raise ServiceError("elasticsearch-unreachable", self._shown)

    def _index(self, alias: str) -> str:
        """The index that an alias stands for; empty where there is none yet.

        Raises InputError("index-outdated") for one that an older version of the program made.
        """
        try:
            with answering(self._shown):
                found = self._client.indices.get_mapping(
                    index=alias, filter_path="*.mappings._meta,*.mappings.dynamic"
                )
        except NotFoundError:
            return ""
        for name, mapping in found.items():
            if bodies.is_current(mapping):
                return str(name)
        raise InputError("index-outdated", alias)

    def _asked(self, index: str, body: Mapping[str, Any]) -> Mapping[str, Any]:
        """What one search answers, without the buckets of groups, which only are counted."""
        with looking(self._shown):
            found = self._client.options(retry_on_status=()).search(
                index=index,
                body=dict(body),
                allow_partial_search_results=False,
                filter_path="-aggregations.every_group",
            )
        return dict(found.body)

    def _counts(self, index: str, bodies_: Sequence[Mapping[str, Any]]) -> list[int]:
        searches = [part for body in bodies_ for part in ({}, body)]
        if not searches:
            return []
        with looking(self._shown):
            client = self._client.options(retry_on_status=())
            found = client.msearch(index=index, searches=searches)
        if any("hits" not in answer for answer in found["responses"]):
            raise PassingError
        return [bodies.total(answer) for answer in found["responses"]]

    def _alias(self, role: str) -> str:
        return f"{self._prefix}-{checked_role(role)}"

    def _ensure(self, role: str) -> None:
        """An index to write to; raises InputError("index-outdated") for one of an older version."""
        alias = self._alias(role)
        if self._index(alias):
            return
        with answering(self._shown):
            try:
                self._client.indices.create(
                    index=f"{alias}-000001",
                    settings=bodies.SETTINGS,
                    mappings=bodies.MAPPINGS,
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
        self,
        index: str,
        pages: Iterable[IndexedPage],
        *,
        retries: int = _RETRIES,
        require_alias: bool = True,
    ) -> int:
        """Pages written. One that answers "too many" is left alone for a while, not pressed."""
        refused: list[str] = []
        count = 0
        actions = (bodies.written(index, page, require_alias=require_alias) for page in pages)
        with answering(self._shown):
            for taken, item in streaming_bulk(
                self._client.options(retry_on_status=()),
                actions,
                chunk_size=_CHUNK,
                max_chunk_bytes=_CHUNK_BYTES,
                max_retries=retries,
                initial_backoff=_FIRST_PAUSE,
                max_backoff=_LONGEST_PAUSE,
                retry_on_status=BUSY,
                raise_on_error=False,
            ):
                count += taken
                if not taken:
                    refused.append(refusal(item))
        if refused and all(_BLOCKED in one for one in refused):
            raise ServiceError("elasticsearch-disk-full", self._shown)
        if refused:
            raise InputError("index-refused", index, n=len(refused), list=listed(refused))
        return count

    def _remove(self, alias: str, unit: str, kept: Sequence[str]) -> None:
        query: dict[str, Any] = {"filter": [{"term": {"is_unit": unit.lower()}}]}
        if kept:
            query["must_not"] = [{"ids": {"values": list(kept)}}]
        with answering(self._shown):
            self._client.indices.refresh(index=alias)
            self._client.delete_by_query(index=alias, query={"bool": query}, conflicts="proceed")

    def trouble(self) -> OpisError | None:
        """Why nothing can be written, or soon cannot: not reached, refused, an older index, its disk."""
        quick = self._client.options(request_timeout=_LOOK_SECONDS, max_retries=0)
        try:
            with answering(self._shown):
                told = quick.indices.get_settings(index=f"{self._prefix}-*", flat_settings=True)
            for role in ROLES:
                self._index(self._alias(role))
        except (ServiceError, InputError) as error:
            return error
        blocked = any(one["settings"].get(_DISK_BLOCK) == "true" for one in told.values())
        full = ServiceError("elasticsearch-disk-full", self._shown)
        return full if blocked else self._disk_low(quick)

    def _disk_low(self, quick: Elasticsearch) -> ServiceError | None:
        """A disk past its low watermark; none where this key may not ask for it."""
        try:
            with answering(self._shown):
                low = disk_low(quick)
        except ServiceError:
            return None
        detail = {"p": low.used, "s": low.stops} if low else {}
        return ServiceError("elasticsearch-disk-low", self._shown, **detail) if low else None

"""The index behind one interface; two backends hold the same pages and give the same hits."""

import importlib
from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol, cast

from schemas.access import Grant
from schemas.hits import IndexedPage
from schemas.settings import Settings
from search.embedded import EmbeddedBackend
from search.index.answers import RawAnswer
from search.index.asked import OPEN
from search.index.fields import FACETS
from search.plan import Group
from search.query import Query


class Backend(Protocol):
    """Pages by unit, in one index a role (`staff`, `public`).

    All raise InputError("index-busy", "index-damaged", "index-outdated", "index-refused") or
    ServiceError("elasticsearch-unreachable").
    """

    @property
    def name(self) -> str: ...

    def replace_unit(self, unit: str, pages: Sequence[IndexedPage], *, role: str = "staff") -> int:
        """Writes a unit's pages in place of those it had; returns how many were written."""

    def remove_unit(self, unit: str, *, role: str = "staff") -> None:
        """Takes a unit's pages out."""

    def commit(self) -> None:
        """Makes what was written found, and lets other writers in; commit after each unit."""

    def drop(self) -> None:
        """Forgets what was not committed, where writing waits for that, and lets other writers in."""

    def rebuild(self, pages: Iterable[IndexedPage], *, role: str = "staff") -> int:
        """Builds a fresh index of these pages, then switches to it; searches go on meanwhile."""

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
        """Pages that answer and that a grant opens; all counts are of these alone.

        Best first, or as `sort` asks (relevance, date, -date, place), then by unit and page. With
        `group` (document, unit) hits are the best page of each, and `offset` and `limit` count
        groups. Raises UsageError for an unknown filter, sort, group or facet.
        """

    def like(
        self,
        terms: Sequence[str],
        role: str = "staff",
        limit: int = 10,
        *,
        grants: tuple[Grant, ...] = OPEN,
    ) -> RawAnswer:
        """The best page of each document that has at least three in ten of these keys."""

    def counts(
        self, groups: Sequence[Group], role: str = "staff", *, grants: tuple[Grant, ...] = OPEN
    ) -> tuple[int, ...]:
        """Pages that a grant opens and that each group of conditions finds."""

    def terms(
        self,
        prefix: str,
        role: str = "staff",
        limit: int = 10,
        *,
        grants: tuple[Grant, ...] = OPEN,
    ) -> tuple[tuple[str, int], ...]:
        """Printed words whose fold begins with `prefix`, with their pages, most first.

        Only words of pages that a grant opens, counted in these.
        """

    def count(self, role: str = "staff", *, unit: str = "") -> int:
        """Pages in a role's index, or those of one unit in it."""

    def forget(self, units: Sequence[str], role: str = "public") -> tuple[str, ...]:
        """No score counts a removed page any more, as far as that can be done here.

        Returns those of these units whose pages have to be written anew before that is so.
        """

    def close(self) -> None:
        """Drops what was not committed."""


def open_backend(settings: Settings, *, write: bool = False, renew: bool = False) -> Backend:
    """Elasticsearch when its URL is set, else the embedded index; `write` makes what is missing.

    Reading an index that does not exist yet finds nothing. One that an older version of the program
    wrote raises InputError("index-outdated"), but for `renew`: it is only to be rebuilt.
    """
    if settings.elasticsearch_url:
        return _elastic(settings, write=write, renew=renew)
    patience = settings.index_wait_seconds
    return EmbeddedBackend(settings.layout.index, write=write, renew=renew, patience=patience)


def _elastic(settings: Settings, *, write: bool, renew: bool) -> Backend:
    # By name: the client takes half a second to import, which the embedded default need not pay.
    module = importlib.import_module("search.elastic")
    return cast("Backend", module.ElasticBackend(settings, write=write, renew=renew))

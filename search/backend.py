"""The index behind one interface; two backends hold the same pages and give the same hits."""

import importlib
from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol, cast

from schemas.hits import IndexedPage
from schemas.settings import Settings
from search.embedded import EmbeddedBackend
from search.plan import RawAnswer
from search.query import Query


class Backend(Protocol):
    """Pages by unit, in one index a role (`staff`, `public`).

    All raise InputError("index-busy", "index-damaged", "index-refused") or
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

    def rebuild(self, pages: Iterable[IndexedPage], *, role: str = "staff") -> int:
        """Builds a fresh index of these pages, then switches to it; searches go on meanwhile."""

    def search(
        self,
        query: Query,
        filters: Mapping[str, str],
        role: str = "staff",
        offset: int = 0,
        limit: int = 10,
    ) -> RawAnswer:
        """Pages that answer, best first, then by unit and page; raises UsageError for filters."""

    def count(self, role: str = "staff", *, unit: str = "") -> int:
        """Pages in a role's index, or those of one unit in it."""

    def close(self) -> None:
        """Drops what was not committed."""


def open_backend(settings: Settings, *, write: bool = False) -> Backend:
    """Elasticsearch when its URL is set, else the embedded index; `write` makes what is missing.

    Reading an index that does not exist yet finds nothing.
    """
    if settings.elasticsearch_url:
        return _elastic(settings, write=write)
    return EmbeddedBackend(settings.layout.index, write=write)


def _elastic(settings: Settings, *, write: bool) -> Backend:
    # By name: the client takes half a second to import, which the embedded default need not pay.
    module = importlib.import_module("search.elastic")
    return cast("Backend", module.ElasticBackend(settings, write=write))

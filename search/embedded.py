"""The embedded index (tantivy) in the archive's folder."""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path

import tantivy

from schemas.access import Grant
from schemas.hits import IndexedPage
from search.generations import WAIT_SECONDS, Generations, disk_named
from search.index.answers import RawAnswer
from search.index.asked import OPEN, Asked, likeness
from search.index.embedded_forgetting import beside_removed, is_whole
from search.index.embedded_questions import Questions
from search.index.embedded_reading import Reading
from search.index.embedded_schema import document_of, schema
from search.index.fields import FACETS, ROLES, checked_role
from search.index.pages import group_number, stored_page, uncollected
from search.index.scope import EVERYTHING, bounds
from search.plan import ENOUGH, Group, plan, wider
from search.query import Query

_HEAP_BYTES = 60_000_000


class _Session:
    """A writer of one generation, from its first document to its commit."""

    def __init__(self, index: tantivy.Index, root: Path) -> None:
        self._root = root
        with disk_named(root):
            self._writer = index.writer(_HEAP_BYTES, 1)

    def add(self, pages: Iterable[IndexedPage]) -> int:
        count = 0
        for page in pages:
            document = document_of(stored_page(page))
            with disk_named(self._root):
                self._writer.add_document(document)
            count += 1
        return count

    def remove(self, unit: str) -> None:
        with disk_named(self._root):
            self._writer.delete_documents_by_term("is_unit", unit.lower())

    def commit(self) -> None:
        with disk_named(self._root):
            self._writer.commit()
            self._writer.wait_merging_threads()

    def drop(self) -> None:
        self._writer.rollback()
        self._writer.wait_merging_threads()


class _Role:
    """Reading and writing the index of one role."""

    def __init__(self, root: Path, schema: tantivy.Schema, patience: float) -> None:
        self.generations = Generations(root, schema, patience)
        self._lock = ExitStack()
        self._session: _Session | None = None

    def ensure(self, *, renew: bool) -> None:
        """An index to write to; one of an older version only where it will be made anew."""
        if not self.generations.current:
            with self.generations.locked():
                self.generations.ensure()
        elif not renew:
            self.generations.need_version()

    def session(self) -> _Session:
        """The writer, held until `commit` or `drop`; raises InputError("index-busy")."""
        if self._session is None:
            with ExitStack() as stack:
                stack.enter_context(self.generations.locked())
                self.generations.ensure()
                index = self.generations.index()
                assert index is not None  # noqa: S101 ensured in the line before last
                self._session = _Session(index, self.generations.root)
                self._lock = stack.pop_all()
        return self._session

    def commit(self) -> None:
        if self._session is not None:
            session, self._session = self._session, None
            with self._lock:
                session.commit()

    def drop(self) -> None:
        if self._session is not None:
            session, self._session = self._session, None
            with self._lock:
                session.drop()

    def rebuild(self, pages: Iterable[IndexedPage]) -> int:
        with self.generations.locked():
            name = self.generations.start()
            session = _Session(self.generations.opened(name), self.generations.root)
            with uncollected():
                count = session.add(pages)
            session.commit()
            self.generations.switch(name)
        return count


class EmbeddedBackend:
    """Both roles' indices under `folder`, readable while another process writes.

    A writer waits `patience` seconds for another.
    """

    name = "embedded"

    def __init__(
        self,
        folder: Path,
        *,
        write: bool = False,
        renew: bool = False,
        patience: float = WAIT_SECONDS,
    ) -> None:
        fields = schema()
        self._questions = Questions(fields)
        self._roles = {role: _Role(folder / role, fields, patience) for role in ROLES}
        if write:
            for role in self._roles.values():
                role.ensure(renew=renew)

    def replace_unit(self, unit: str, pages: Sequence[IndexedPage], *, role: str = "staff") -> int:
        """Writes a unit's pages in place of those it had; they are found after `commit`."""
        session = self._roles[checked_role(role)].session()
        session.remove(unit)
        return session.add(pages)

    def remove_unit(self, unit: str, *, role: str = "staff") -> None:
        """Takes a unit's pages out; true after `commit`."""
        self._roles[checked_role(role)].session().remove(unit)

    def commit(self) -> None:
        """Makes what was written found, and lets other writers in."""
        for role in self._roles.values():
            role.commit()

    def drop(self) -> None:
        """Forgets what was not committed, and lets other writers in."""
        for role in self._roles.values():
            role.drop()

    def close(self) -> None:
        """Drops what was not committed."""
        self.drop()

    def forget(self, units: Sequence[str], role: str = "public") -> tuple[str, ...]:
        """Those of these units that have to be written anew so that no score counts a removed page."""
        generations = self._roles[checked_role(role)].generations
        searcher, folder = self._searcher(role), generations.root / generations.current
        if searcher is None or is_whole(folder):
            return ()
        numbers = beside_removed(searcher, folder)
        return tuple(unit for unit in units if group_number(unit) in numbers)

    def rebuild(self, pages: Iterable[IndexedPage], *, role: str = "staff") -> int:
        """Builds a fresh index of these pages, then switches to it; searches go on meanwhile."""
        return self._roles[checked_role(role)].rebuild(pages)

    def count(self, role: str = "staff", *, unit: str = "") -> int:
        """Pages in a role's index, or those of one unit."""
        searcher = self._searcher(role)
        if searcher is None:
            return 0
        if not unit:
            return searcher.num_docs
        return Reading(searcher, self._questions, EVERYTHING).pages("is_unit", unit.lower())

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
        wanted = plan(query, filters)
        reading = self._reading(role, grants)
        if reading is None or wanted.empty:
            return RawAnswer()
        found = reading.find(wanted, asked)
        if found.total < ENOUGH:
            forgiving = wider(query, filters, reading.absent)
            found = reading.find(forgiving, asked) if forgiving else found
        return reading.answer(found, asked)

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
        reading = self._reading(role, grants)
        if reading is None or not terms:
            return RawAnswer()
        return reading.answer(reading.find(likeness(terms), asked), asked)

    def counts(
        self, groups: Sequence[Group], role: str = "staff", *, grants: tuple[Grant, ...] = OPEN
    ) -> tuple[int, ...]:
        """Pages that may be seen and that each group of conditions finds."""
        reading = self._reading(role, grants)
        return (0,) * len(groups) if reading is None else reading.counts(groups)

    def terms(
        self,
        prefix: str,
        role: str = "staff",
        limit: int = 10,
        *,
        grants: tuple[Grant, ...] = OPEN,
    ) -> tuple[tuple[str, int], ...]:
        """Printed words whose fold begins with `prefix`, with their pages, most first."""
        reading = self._reading(role, grants)
        return () if reading is None else reading.terms(prefix, limit)

    def _searcher(self, role: str) -> tantivy.Searcher | None:
        index = self._roles[checked_role(role)].generations.index()
        return None if index is None else index.searcher()

    def _reading(self, role: str, grants: tuple[Grant, ...]) -> Reading | None:
        searcher = self._searcher(role)
        if searcher is None:
            return None
        return Reading(searcher, self._questions, bounds(grants))

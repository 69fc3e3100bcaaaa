"""The embedded index (tantivy) in the archive's folder."""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import tantivy
from tantivy import Document, Occur, PreTokenizedString, Token

from schemas.hits import IndexedPage
from search.generations import Generations, disk_named
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

_HEAP_BYTES = 60_000_000
_TEXTS = ("unit", "document", "leaf", "type", "number", "date", "issuer", "fond", "year")
_NUMBERS = ("page", "document_page", "place")
_AHEAD = 64
_MOST_FETCHED = 4 * DEEPEST


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    for name in _TEXTS:
        builder.add_text_field(
            name, stored=True, fast=name in FACETS, tokenizer_name="raw", index_option="basic"
        )
    for name in FILTERS:
        builder.add_text_field(f"is_{name}", tokenizer_name="raw", index_option="basic")
    for name in _NUMBERS:
        builder.add_unsigned_field(name, stored=True, fast=True)
    for name in ("fold", "key"):
        builder.add_text_field(name, tokenizer_name="whitespace", index_option="position")
    return builder.build()


def _document(page: StoredPage) -> Document:
    document = Document()
    document.add_text("unit", page.unit)
    for name, value in page.values.items():
        document.add_text(name, value)
    for name, value in page.filters.items():
        document.add_text(f"is_{name}", value)
    document.add_unsigned("page", page.page)
    document.add_unsigned("document_page", page.document_page)
    document.add_unsigned("place", page.place)
    keys = [Token(key, n, 0, 0) for n, every in enumerate(page.keys) for key in every]
    document.add_text("fold", " ".join(page.folds))
    document.add_pre_tokenized_text("key", PreTokenizedString("", keys))
    return document


def _condition(schema: tantivy.Schema, condition: Condition) -> tantivy.Query:
    if condition.near:
        return tantivy.Query.fuzzy_term_query(schema, condition.field, condition.values[0])
    if len(condition.values) > 1:
        query = tantivy.Query.phrase_query(schema, condition.field, list(condition.values))
    else:
        query = tantivy.Query.term_query(schema, condition.field, condition.values[0])
    return tantivy.Query.boost_query(query, condition.boost)


def _group(schema: tantivy.Schema, conditions: Sequence[Condition]) -> tantivy.Query:
    return tantivy.Query.boolean_query([(Occur.Should, _condition(schema, c)) for c in conditions])


def _query(schema: tantivy.Schema, wanted: Plan) -> tantivy.Query:
    parts = [_group(schema, group) for group in wanted.groups]
    for field, value in wanted.filters:
        term = tantivy.Query.term_query(schema, f"is_{field}", value, "basic")
        parts.append(tantivy.Query.const_score_query(term, 0.0))
    return tantivy.Query.boolean_query([(Occur.Must, part) for part in parts])


class _Session:
    """A writer of one generation, from its first document to its commit."""

    def __init__(self, index: tantivy.Index, root: Path) -> None:
        self._root = root
        with disk_named(root):
            self._writer = index.writer(_HEAP_BYTES, 1)

    def add(self, pages: Iterable[IndexedPage]) -> int:
        count = 0
        for page in pages:
            document = _document(stored_page(page))
            with disk_named(self._root):
                self._writer.add_document(document)
            count += 1
        return count

    def remove(self, unit: str) -> None:
        with disk_named(self._root):
            self._writer.delete_documents_by_term("unit", unit)

    def commit(self) -> None:
        with disk_named(self._root):
            self._writer.commit()
            self._writer.wait_merging_threads()

    def drop(self) -> None:
        self._writer.rollback()
        self._writer.wait_merging_threads()


class _Role:
    """Reading and writing the index of one role."""

    def __init__(self, root: Path, schema: tantivy.Schema) -> None:
        self.generations = Generations(root, schema)
        self._lock = ExitStack()
        self._session: _Session | None = None

    def ensure(self) -> None:
        if not self.generations.current:
            with self.generations.locked():
                self.generations.ensure()

    def session(self) -> _Session:
        """The writer, held until `commit` or `close`; raises InputError("index-busy")."""
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

    def close(self) -> None:
        if self._session is not None:
            session, self._session = self._session, None
            with self._lock:
                session.drop()

    def rebuild(self, pages: Iterable[IndexedPage]) -> int:
        with self.generations.locked():
            name = self.generations.start()
            session = _Session(self.generations.opened(name), self.generations.root)
            count = session.add(pages)
            session.commit()
            self.generations.switch(name)
        return count


class EmbeddedBackend:
    """Both roles' indices under `folder`, readable while another process writes."""

    name = "embedded"

    def __init__(self, folder: Path, *, write: bool = False) -> None:
        schema = _schema()
        self._schema = schema
        self._roles = {role: _Role(folder / role, schema) for role in ROLES}
        if write:
            for role in self._roles.values():
                role.ensure()

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

    def close(self) -> None:
        """Drops what was not committed."""
        for role in self._roles.values():
            role.close()

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
        return _counted(searcher, tantivy.Query.term_query(self._schema, "unit", unit, "basic"))

    def search(
        self,
        query: Query,
        filters: Mapping[str, str],
        role: str = "staff",
        offset: int = 0,
        limit: int = 10,
    ) -> RawAnswer:
        """Pages that answer, best first, then by unit and page; none beyond the ten-thousandth."""
        searcher = self._searcher(role)
        wanted = plan(query, filters, lambda groups: self._absent(searcher, groups))
        if searcher is None or wanted.empty:
            return RawAnswer()
        question = _query(self._schema, wanted)
        look = _best if wanted.groups else _in_order
        best, total = look(searcher, question, max(1, min(offset + limit, DEEPEST)))
        hits = (_hit(score, searcher.doc(address).to_dict()) for score, address in best[offset:])
        return RawAnswer(total, tuple(hits), _facets(searcher, question))

    def _searcher(self, role: str) -> tantivy.Searcher | None:
        index = self._roles[checked_role(role)].generations.index()
        return None if index is None else index.searcher()

    def _absent(
        self, searcher: tantivy.Searcher | None, groups: Sequence[tuple[Condition, ...]]
    ) -> tuple[bool, ...]:
        if searcher is None:
            return (False,) * len(groups)
        return tuple(_counted(searcher, _group(self._schema, group)) == 0 for group in groups)


def _total(result: tantivy.SearchResult) -> int:
    return int(getattr(result, "count", 0))


def _counted(searcher: tantivy.Searcher, query: tantivy.Query) -> int:
    return _total(searcher.search(query, limit=1))


def _best(
    searcher: tantivy.Searcher, query: tantivy.Query, end: int
) -> tuple[list[tuple[float, tantivy.DocAddress]], int]:
    """The first `end` hits by score, then by place, and how many there are in all."""
    fetched = end + _AHEAD
    while True:
        result = searcher.search(query, limit=fetched)
        hits = result.hits
        if len(hits) < fetched or fetched > _MOST_FETCHED or hits[-1][0] < hits[end - 1][0]:
            break
        fetched *= 4
    places = searcher.fast_field_values("place", [address for _, address in hits])
    order = sorted(range(len(hits)), key=lambda n: (-hits[n][0], places[n]))
    return [hits[n] for n in order[:end]], _total(result)


def _in_order(
    searcher: tantivy.Searcher, query: tantivy.Query, end: int
) -> tuple[list[tuple[float, tantivy.DocAddress]], int]:
    """The first `end` hits by place alone, and how many there are in all."""
    result = searcher.search(query, limit=end, order_by_field="place", order=tantivy.Order.Asc)
    return [(0.0, address) for _, address in result.hits], _total(result)


def _hit(score: float, values: dict[str, list[Any]]) -> RawHit:
    known = {name: found[0] for name, found in values.items() if name in HIT_FIELDS}
    return RawHit(**{**dict.fromkeys(HIT_FIELDS, ""), **known}, score=float(score))


def _facets(searcher: tantivy.Searcher, query: tantivy.Query) -> dict[str, dict[str, int]]:
    asked = {name: {"terms": {"field": name, "size": 1000}} for name in FACETS}
    found = searcher.aggregate(query, asked)
    return {
        name: facet((b["key"], b["doc_count"]) for b in found[name]["buckets"]) for name in FACETS
    }

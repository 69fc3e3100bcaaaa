"""The embedded index's schema, a page as its document, and a plan as its query."""

from collections.abc import Iterator, Sequence

import msgspec
import tantivy
from tantivy import Document, Occur, PreTokenizedString, Token

from search.index.fields import FACETS, FILTERS, GROUPS
from search.index.pages import StoredPage, group_number
from search.index.scope import EVERYTHING, Bound
from search.plan import SETS, Condition, Group, Plan

_NUMBERS = ("shelf", "day_up", "day_down")
NUMBERED = {group: f"{group}_number" for group in GROUPS if group}
"""Fields of numbers that stand for a page's document and its unit."""


def schema() -> tantivy.Schema:
    """Fields: `given` is stored, `is_` compared, `by_` counted, numbers sorted by, texts sought."""
    builder = tantivy.SchemaBuilder()
    builder.add_bytes_field("given", stored=True)
    for name in (*(f"is_{name}" for name in FILTERS), *SETS, "word"):
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic")
    for name in FACETS:
        builder.add_text_field(f"by_{name}", fast=True, tokenizer_name="raw", index_option="basic")
    for name in _NUMBERS:
        builder.add_unsigned_field(name, fast=True, indexed=True)
    for name in NUMBERED.values():
        builder.add_unsigned_field(name, fast=True, indexed=True)
    for name in ("fold", "key"):
        builder.add_text_field(name, tokenizer_name="whitespace", index_option="position")
    return builder.build()


def _terms(page: StoredPage) -> Iterator[tuple[str, str]]:
    named = (
        *((f"is_{name}", values) for name, values in page.filters.items()),
        *((f"by_{name}", values) for name, values in page.facets.items()),
        *page.sets.items(),
        ("word", page.words),
    )
    return ((name, value) for name, values in named for value in values)


def document_of(page: StoredPage) -> Document:
    """A page as the index takes it."""
    document = Document()
    numbers = {"page": page.page, "document_page": page.document_page}
    given = {"unit": page.unit, **numbers, **page.values}
    document.add_bytes("given", msgspec.json.encode(given))
    for name, value in _terms(page):
        document.add_text(name, value)
    document.add_unsigned("shelf", page.shelf)
    document.add_unsigned("day_up", page.day_up)
    document.add_unsigned("day_down", page.day_down)
    document.add_unsigned(NUMBERED["document"], group_number(page.values.get("document", "")))
    document.add_unsigned(NUMBERED["unit"], group_number(page.unit))
    keys = [Token(key, n, 0, 0) for n, every in enumerate(page.keys) for key in every]
    document.add_text("fold", " ".join(page.folds))
    document.add_pre_tokenized_text("key", PreTokenizedString("", keys))
    return document


class Questions:
    """Makes queries of plans."""

    def __init__(self, schema: tantivy.Schema) -> None:
        self._schema = schema

    def term(self, field: str, value: str) -> tantivy.Query:
        """Pages with a value in a field that is not scored."""
        return tantivy.Query.term_query(self._schema, field, value, "basic")

    def apart(self, question: tantivy.Query, field: str, numbers: Sequence[int]) -> tantivy.Query:
        """What answers a question and has none of these numbers."""
        if not numbers:
            return question
        known = tantivy.Query.term_set_query(self._schema, field, list(numbers))
        return tantivy.Query.boolean_query([(Occur.Must, question), (Occur.MustNot, known)])

    def among(self, question: tantivy.Query, field: str, numbers: Sequence[int]) -> tantivy.Query:
        """What answers a question and has one of these numbers."""
        known = tantivy.Query.term_set_query(self._schema, field, list(numbers))
        return tantivy.Query.boolean_query([(Occur.Must, question), (Occur.Must, known)])

    def these(self, shelves: Sequence[int]) -> tantivy.Query:
        """Pages by where they stand."""
        return tantivy.Query.term_set_query(self._schema, "shelf", list(shelves))

    def condition(self, condition: Condition) -> tantivy.Query:
        field, values = condition.field, condition.values
        if condition.kind == "exact":
            query = (
                tantivy.Query.phrase_query(self._schema, field, list(values))
                if len(values) > 1
                else tantivy.Query.term_query(self._schema, field, values[0])
            )
            return tantivy.Query.boost_query(query, condition.boost)
        query = self._unscored(field, values[0], condition.kind)
        return tantivy.Query.const_score_query(query, condition.boost)

    def _unscored(self, field: str, value: str, kind: str) -> tantivy.Query:
        if kind == "flat":
            return self.term(field, value)
        distance = {"prefix": 0, "near1": 1, "near2": 2}[kind]
        return tantivy.Query.fuzzy_term_query(
            self._schema, field, value, distance, prefix=kind == "prefix"
        )

    def group(self, conditions: Group) -> tantivy.Query:
        return tantivy.Query.boolean_query([(Occur.Should, self.condition(c)) for c in conditions])

    def within(self, grants: Sequence[Bound]) -> tuple[tantivy.Query, ...]:
        """What holds of pages that may be seen; nothing to ask where all may."""
        if tuple(grants) == EVERYTHING:
            return ()
        parts = [(Occur.Should, self._bound(bound)) for bound in grants]
        return (tantivy.Query.boolean_query(parts) if parts else tantivy.Query.empty_query(),)

    def _bound(self, bound: Bound) -> tantivy.Query:
        named = (
            tantivy.Query.term_set_query(self._schema, f"is_{field}", list(values))
            for field, values in bound
        )
        return tantivy.Query.boolean_query([(Occur.Must, one) for one in named])

    def scored(self, query: tantivy.Query, grants: Sequence[Bound]) -> tantivy.Query:
        """A query among the pages that may be seen, with its own score."""
        within = self.within(grants)
        if not within:
            return query
        kept = ((Occur.Must, _silent(one)) for one in within)
        return tantivy.Query.boolean_query([(Occur.Must, query), *kept])

    def plan(self, wanted: Plan, grants: Sequence[Bound]) -> tantivy.Query:
        """The query of a plan, among the pages that may be seen."""
        groups = [self.group(group) for group in wanted.groups]
        silent = (
            *(self.term(f"is_{field}", value) for field, value in wanted.filters),
            *(self.group(group) for group in wanted.within),
            *self.within(grants),
        )
        parts = [(Occur.Must, _silent(one)) for one in silent]
        if groups and wanted.least:
            some = [(Occur.Should, group) for group in groups]
            parts.append((Occur.Must, tantivy.Query.boolean_query(some, wanted.least)))
        else:
            parts += [(Occur.Must, group) for group in groups]
        parts += [(Occur.MustNot, self.group(group)) for group in wanted.excluded]
        parts += [(Occur.Should, self.group(group)) for group in wanted.optional]
        return tantivy.Query.boolean_query(parts)


def _silent(query: tantivy.Query) -> tantivy.Query:
    return tantivy.Query.const_score_query(query, 0.0)

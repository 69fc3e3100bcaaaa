"""A plan as queries of the embedded index: one that scores, and one that only finds the same pages."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

import tantivy
from tantivy import Occur

from search.analysis import LONGEST_TOKEN
from search.index.embedded_schema import BEGINNINGS
from search.index.scope import EVERYTHING, Bound
from search.plan import Condition, Group, Plan
from search.romanian import keys

_DISTANCES = {"prefix": 0, "near1": 1, "near2": 2}
_MOST_BESIDE = 40
_NEARER = {"near1": ("near2",), "flat": ("near1", "near2")}


@dataclass(frozen=True, slots=True)
class Asking:
    """The same pages, with their scores and without."""

    scored: tantivy.Query
    pages: tantivy.Query


def _is_word(condition: Condition) -> bool:
    """Whether the condition is that a term stands in the text or the title; `has` is for both."""
    return condition.field in {"key", "title"} and (
        condition.kind == "flat" or (condition.kind == "exact" and len(condition.values) == 1)
    )


def _covered(condition: Condition, group: Group) -> bool:
    """Whether other conditions of the group hold wherever this one does.

    A folded word has always the same keys, unless it was cut; what differs by one letter differs by
    two at most.
    """
    if condition.field == "fold" and condition.kind == "exact":
        if max(map(len, condition.values)) >= LONGEST_TOKEN:
            return False
        by_key = tuple(keys(fold)[0] for fold in condition.values)
        return any(c.field == "key" and c.kind == "exact" and c.values == by_key for c in group)
    farther = _NEARER.get(condition.kind, ())
    return any(
        c.kind in farther and c.field == condition.field and c.values == condition.values
        for c in group
    )


def _lists(group: Group) -> Iterator[tuple[str, str]]:
    """Fields with the terms that the words of a group stand for, each one list of pages."""
    for value in dict.fromkeys(c.values[0] for c in group if _is_word(c)):
        fields = {c.field for c in group if _is_word(c) and c.values[0] == value}
        yield ("has" if len(fields) > 1 else fields.pop()), value


def _found_by(group: Group) -> tuple[Condition, ...]:
    """The conditions beside `_lists` that find a group's pages."""
    return tuple(c for c in group if not _is_word(c) and not _covered(c, group))


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

    def _condition(self, condition: Condition) -> tantivy.Query:
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
        if kind == "prefix" and field == "fold" and len(value) <= BEGINNINGS[-1]:
            field, kind = "begin", "flat" if len(value) in BEGINNINGS else kind
        if kind == "flat":
            return self.term(field, value)
        return tantivy.Query.fuzzy_term_query(
            self._schema, field, value, _DISTANCES[kind], prefix=kind == "prefix"
        )

    def group(self, conditions: Group) -> tantivy.Query:
        """The pages of a group, each with the sum of the scores of the conditions that hold.

        What finds them is as little as can be; the rest is asked of the pages that answer alone.
        """
        if len(conditions) == 1:
            return self._condition(conditions[0])
        finding = [self._condition(c) for c in _found_by(conditions)]
        finding += [_silent(self.term(*one)) for one in _lists(conditions)]
        beside = (c for c in conditions if _is_word(c) or _covered(c, conditions))
        return _with(_any(finding), (self._condition(c) for c in beside))

    def pages(self, conditions: Group) -> tantivy.Query:
        """The pages of a group."""
        finding = [self._condition(c) for c in _found_by(conditions)]
        return _any([*finding, *(self.term(*one) for one in _lists(conditions))])

    def within(self, grants: Sequence[Bound]) -> tuple[tantivy.Query, ...]:
        """What holds of pages that may be seen; nothing to ask where all may."""
        if tuple(grants) == EVERYTHING:
            return ()
        parts = [self._bound(bound) for bound in grants]
        return (_any(parts) if parts else tantivy.Query.empty_query(),)

    def _bound(self, bound: Bound) -> tantivy.Query:
        return _every(
            tantivy.Query.term_set_query(self._schema, f"is_{field}", list(values))
            for field, values in bound
        )

    def seen(self, query: tantivy.Query, grants: Sequence[Bound]) -> tantivy.Query:
        """A query among the pages that may be seen."""
        within = self.within(grants)
        return _every((query, *within)) if within else query

    def plan(self, wanted: Plan, grants: Sequence[Bound]) -> Asking:
        """The queries of a plan, among the pages that may be seen."""
        silent = (
            *(self.term(f"is_{field}", value) for field, value in wanted.filters),
            *(self.pages(group) for group in wanted.within),
            *self.within(grants),
        )
        refused = [(Occur.MustNot, self.pages(group)) for group in wanted.excluded]
        scored, pages = (
            tantivy.Query.boolean_query(
                [*((Occur.Must, one) for one in (*map(_silent, silent), *groups)), *refused]
            )
            for groups in (self._groups(wanted, self.group), self._groups(wanted, self.pages))
        )
        return Asking(_with(scored, self._optional(wanted)), pages)

    def _groups(
        self, wanted: Plan, made: Callable[[Group], tantivy.Query]
    ) -> tuple[tantivy.Query, ...]:
        groups = tuple(map(made, wanted.groups))
        if not groups or not wanted.least:
            return groups
        some = [(Occur.Should, group) for group in groups]
        return (tantivy.Query.boolean_query(some, wanted.least),)

    def _optional(self, wanted: Plan) -> Iterator[tantivy.Query]:
        """What only adds to the score: the sum of a group's conditions is that of each alone."""
        return (self._condition(c) for group in wanted.optional for c in group)


def _silent(query: tantivy.Query) -> tantivy.Query:
    return tantivy.Query.const_score_query(query, 0.0)


def _any(queries: Sequence[tantivy.Query]) -> tantivy.Query:
    if len(queries) == 1:
        return queries[0]
    return tantivy.Query.boolean_query([(Occur.Should, one) for one in queries])


def _every(queries: Iterable[tantivy.Query]) -> tantivy.Query:
    return tantivy.Query.boolean_query([(Occur.Must, one) for one in queries])


def _with(query: tantivy.Query, beside: Iterable[tantivy.Query]) -> tantivy.Query:
    """A query's pages; each thing beside is looked for on these alone, one by one.

    Side by side they would be read to their ends, to be joined: as is done with what is beyond
    _MOST_BESIDE, since each thing more is a step deeper.
    """
    every = tuple(beside)
    for one in every[:_MOST_BESIDE]:
        query = tantivy.Query.boolean_query([(Occur.Must, query), (Occur.Should, one)])
    rest = [(Occur.Should, one) for one in every[_MOST_BESIDE:]]
    return tantivy.Query.boolean_query([(Occur.Must, query), *rest]) if rest else query

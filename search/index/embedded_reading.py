"""Reading the embedded index: one searcher, within the pages that a caller may see."""

from bisect import insort
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import msgspec
import tantivy

from search.index.answers import HIT_FIELDS, RawAnswer, RawHit, Rest, facet
from search.index.asked import Asked
from search.index.embedded_questions import Questions
from search.index.embedded_schema import NUMBERED
from search.index.fields import DEEPEST
from search.index.pages import PRINTED
from search.index.scope import Bound
from search.plan import Group, Plan

_AHEAD, _FURTHER = 500, 16
"""How many hits are looked at beyond those asked for, since equal ones stand by shelf."""
_MOST_FETCHED = 4 * DEEPEST
_BUCKETS = 1000
_EVERY_BUCKET = 1_000_000
_TERMS_AHEAD = 2
_TELLING = 4
"""Letters of which few words of an index begin with the same."""
_SURELY_MANY = 1.25
"""An estimate of how many groups there are is wrong by three in a hundred at the worst of times."""

Found = tuple[float, tantivy.DocAddress]
"""A page and its score."""


@dataclass(frozen=True, slots=True)
class Matches:
    """What a question finds: how many pages in all, and those that are asked for.

    `question` finds the same pages again, to count them.
    """

    question: tantivy.Query
    total: int
    hits: tuple[Found, ...]


class Reading:
    """What one state of the index answers; all calls see the same pages."""

    def __init__(
        self, searcher: tantivy.Searcher, questions: Questions, grants: Sequence[Bound]
    ) -> None:
        self._searcher = searcher
        self._questions = questions
        self._grants = grants

    def counts(self, groups: Sequence[Group]) -> tuple[int, ...]:
        """Pages that each group of conditions finds."""
        asked = (self._questions.pages(group) for group in groups)
        return tuple(self._count(self._questions.seen(one, self._grants)) for one in asked)

    def _count(self, query: tantivy.Query) -> int:
        return _total(self._searcher.search(query, limit=1))

    def pages(self, field: str, value: str) -> int:
        """Pages with a value in a field."""
        return self._count(self._questions.term(field, value))

    def terms(self, prefix: str, limit: int) -> tuple[tuple[str, int], ...]:
        """Printed words whose fold begins with `prefix`, with their pages; most pages first.

        What the dictionary counts includes pages that are gone or hidden, so that it only proposes.
        Few letters are finished by names only where there are not Romanian words enough.
        """
        told = self._words(("word",), prefix, limit) if len(prefix) < _TELLING else ()
        return told if len(told) == limit else self._words(("word", "name"), prefix, limit)

    def _words(self, fields: Sequence[str], prefix: str, limit: int) -> tuple[tuple[str, int], ...]:
        proposed = (
            (-most, term, field)
            for field in fields
            for term, most in self._searcher.terms_with_prefix(
                field, prefix, limit=_TERMS_AHEAD * limit
            )
        )
        counted: list[tuple[int, str]] = []
        for most, term, field in sorted(proposed):
            if len(counted) >= limit and most > counted[limit - 1][0]:
                break
            query = self._questions.seen(self._questions.term(field, term), self._grants)
            if pages := self._count(query):
                insort(counted, (-pages, term.partition(PRINTED)[2]))
        return tuple((word, -pages) for pages, word in counted[:limit])

    def absent(self, groups: Sequence[Group]) -> tuple[bool, ...]:
        """Whether no page has what each group of conditions finds."""
        return tuple(count == 0 for count in self.counts(groups))

    def find(self, wanted: Plan, asked: Asked) -> Matches:
        """The pages that a plan finds, from the first to the last that is asked for."""
        asking = self._questions.plan(wanted, self._grants)
        order, question = asked.order(wanted), asking.pages
        ranked = question if order else asking.scored
        if asked.group:
            found = self._grouped(ranked, asked.end, order, NUMBERED[asked.group])
            hits, pages, total = found
        else:
            pages, total = self._first(ranked, asked.end, order)
            hits = pages
        if pages and len(pages) == total:
            question = self._questions.these(self._numbers("shelf", pages))
        return Matches(question, total, tuple(hits[asked.offset : asked.end]))

    def answer(self, found: Matches, asked: Asked) -> RawAnswer:
        """What was found, with what is told of each page, and counted by value."""
        sizes, groups = [0] * len(found.hits), 0
        if asked.group:
            sizes, groups = self._groups(found, NUMBERED[asked.group])
        hits = tuple(self._hit(hit, size) for hit, size in zip(found.hits, sizes, strict=True))
        counted = self._facets(found.question, asked.facets)
        shown = {name: values for name, (values, _) in counted.items()}
        rest = {name: left for name, (_, left) in counted.items()}
        return RawAnswer(found.total, hits, shown, groups, rest)

    def _first(self, question: tantivy.Query, end: int, order: str) -> tuple[list[Found], int]:
        """At least the first `end` pages in order, and how many there are.

        By a field, or by score and then by shelf: pages of the last score that was fetched are left
        out where there may be more of it.
        """
        if order:
            return self._by_field(question, end + _AHEAD, order)
        fetched = end + _AHEAD
        while True:
            result = self._searcher.search(question, limit=fetched)
            hits = result.hits
            if len(hits) < fetched or fetched >= _MOST_FETCHED or hits[-1][0] < hits[end - 1][0]:
                break
            fetched = min(fetched * _FURTHER, _MOST_FETCHED)
        if fetched == len(hits) < min(_total(result), _MOST_FETCHED):
            hits = [hit for hit in hits if hit[0] > hits[-1][0]]
        shelves = self._numbers("shelf", hits)
        best = sorted(range(len(hits)), key=lambda n: (-hits[n][0], shelves[n]))
        return [hits[n] for n in best], _total(result)

    def _by_field(self, question: tantivy.Query, end: int, order: str) -> tuple[list[Found], int]:
        result = self._ordered(question, end, order)
        hits = [(0.0, address) for _, address in result.hits]
        if order == "shelf" or not hits:
            return hits, _total(result)
        values = [value for value, _ in result.hits]
        before = [hit for hit, value in zip(hits, values, strict=True) if value < values[-1]]
        same = self._questions.among(question, order, [values[-1]])
        ties = self._ordered(same, end - len(before), "shelf").hits
        keyed = zip(values, self._numbers("shelf", before), before, strict=False)
        ordered = [hit for _, _, hit in sorted(keyed, key=lambda one: one[:2])]
        return [*ordered, *((0.0, address) for _, address in ties)], _total(result)

    def _ordered(self, question: tantivy.Query, end: int, order: str) -> tantivy.SearchResult:
        return self._searcher.search(
            question, limit=end, order_by_field=order, order=tantivy.Order.Asc
        )

    def _numbers(self, field: str, hits: Sequence[Found]) -> list[int]:
        found = self._searcher.fast_field_values(field, [address for _, address in hits])
        return [int(value or 0) for value in found]

    def _grouped(
        self, question: tantivy.Query, end: int, order: str, field: str
    ) -> tuple[list[Found], list[Found], int]:
        """The best page of each of the first `end` groups; the first pages of all, and their number."""
        pages, total = self._first(question, end, order)
        first: dict[int, Found] = {}
        left, count = pages, total
        while True:
            for hit, number in zip(left, self._numbers(field, left), strict=True):
                first.setdefault(number, hit)
            if len(first) >= end or len(left) == count:
                return list(first.values())[:end], pages, total
            others = self._questions.apart(question, field, tuple(first))
            left, count = self._first(others, end, order)

    def _groups(self, found: Matches, field: str) -> tuple[list[int], int]:
        """The pages of each group that is shown, and how many groups there are (to DEEPEST)."""
        numbers = self._numbers(field, found.hits)
        if self._many(found, field):
            sizes, count = {}, DEEPEST
        else:
            every = self._buckets(found.question, field, DEEPEST)
            sizes, count = _sizes(every), len(every)
        unknown = [number for number in numbers if number not in sizes]
        if unknown:
            among = self._questions.among(found.question, field, unknown)
            sizes |= _sizes(self._buckets(among, field, len(unknown)))
        return [sizes[number] for number in numbers], count

    def _many(self, found: Matches, field: str) -> bool:
        """Whether there are surely more groups than are counted, told from an estimate."""
        if found.total <= _SURELY_MANY * DEEPEST:
            return False
        return self._searcher.cardinality(found.question, field) > _SURELY_MANY * DEEPEST

    def _buckets(
        self, question: tantivy.Query, field: str, size: int
    ) -> Sequence[Mapping[str, int]]:
        asked = {"terms": {"field": field, "size": size, "segment_size": _EVERY_BUCKET}}
        found = self._searcher.aggregate(question, {"groups": asked})
        buckets: list[dict[str, int]] = found["groups"]["buckets"]
        return buckets

    def _facets(
        self, question: tantivy.Query, names: Sequence[str]
    ) -> dict[str, tuple[dict[str, int], Rest]]:
        if not names:
            return {}
        sized = {"size": _BUCKETS, "segment_size": _EVERY_BUCKET}
        asked = {name: {"terms": {"field": f"by_{name}", **sized}} for name in names}
        found = self._searcher.aggregate(question, asked)
        return {
            name: facet(
                ((bucket["key"], bucket["doc_count"]) for bucket in found[name]["buckets"]),
                found[name].get("sum_other_doc_count") or 0,
            )
            for name in names
        }

    def _hit(self, found: Found, size: int) -> RawHit:
        score, address = found
        stored = self._searcher.doc(address)["given"][0]
        values = msgspec.json.decode(bytes(stored), type=dict[str, str | int])
        known = {name: values.get(name, "") for name in HIT_FIELDS}
        return RawHit(**known, score=float(score), pages_in_group=size)  # type: ignore[arg-type]  # each value as stored of it


def _sizes(buckets: Sequence[Mapping[str, int]]) -> dict[int, int]:
    return {int(bucket["key"]): int(bucket["doc_count"]) for bucket in buckets}


def _total(result: tantivy.SearchResult) -> int:
    return int(getattr(result, "count", 0))

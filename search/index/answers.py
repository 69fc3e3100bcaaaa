"""What a backend answers: pages as the index knows them, and pages counted by value."""

from collections.abc import Iterable
from dataclasses import dataclass, field, fields
from heapq import nsmallest

from search.index.fields import FACETS

_MOST_VALUES = 50
NO_VALUE = "\t"
"""What a page without a value is counted under."""


@dataclass(frozen=True, slots=True)
class RawHit:
    """A page that answers, as the index knows it: no snippet, no boxes yet.

    `pages_in_group`: how many pages of its document or unit answer, where hits are grouped.
    """

    unit: str
    document: str
    page: int
    document_page: int
    leaf: str
    type: str
    number: str
    date: str
    issuer: str
    score: float
    fond: str = ""
    cota: str = ""
    institution: str = ""
    department: str = ""
    year: str = ""
    regime: str = ""
    pages_in_group: int = 0


HIT_FIELDS = tuple(f.name for f in fields(RawHit) if f.name not in {"score", "pages_in_group"})


@dataclass(frozen=True, slots=True)
class Rest:
    """What a facet's shown values leave: pages without a value, and counts of further values."""

    none: int = 0
    other: int = 0


@dataclass(frozen=True, slots=True)
class RawAnswer:
    """`total` counts pages, `groups` the documents or units they are of (to DEEPEST at most).

    Facets map a field to its values and their page counts; with `rest` they add up to `total`
    (`place` to more, since a page may have several).
    """

    total: int = 0
    hits: tuple[RawHit, ...] = ()
    facets: dict[str, dict[str, int]] = field(default_factory=lambda: {name: {} for name in FACETS})
    groups: int = 0
    rest: dict[str, Rest] = field(default_factory=dict)


def facet_term(compared: str, printed: str) -> str:
    """A value as it is counted: equal values are those that a filter takes for equal."""
    return f"{compared}\t{printed}"


def facet(counts: Iterable[tuple[str, int]], further: int = 0) -> tuple[dict[str, int], Rest]:
    """A facet's values with their page counts, most first, then by value; 50 at most, and the rest.

    Values that a filter takes for equal are one, named as most pages have it; `further` are the
    counts of values that are not among these.
    """
    pages: dict[str, int] = {}
    printed_most: dict[str, tuple[int, str]] = {}
    none = 0
    for term, count in counts:
        if term == NO_VALUE:
            none = count
            continue
        compared, _, printed = term.partition("\t")
        pages[compared] = pages.get(compared, 0) + count
        known = printed_most.get(compared)
        printed_most[compared] = min(known, (-count, printed)) if known else (-count, printed)
    named = ((-count, printed_most[compared][1]) for compared, count in pages.items())
    most = nsmallest(_MOST_VALUES, named)
    other = further + sum(pages.values()) + sum(count for count, _ in most)
    return {printed: -count for count, printed in most}, Rest(none, other)

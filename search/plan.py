"""What both backends share: a query as plain conditions, a page as stored values, an answer."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from itertools import islice, product

from schemas.errors import UsageError
from schemas.hits import IndexedPage
from search.analysis import Token, text_words, word_tokens
from search.query import (
    FILTERS,
    LONGEST_VALUE,
    Clause,
    Query,
    QueryWord,
    checked_filters,
    comparable,
)

ROLES = ("staff", "public")
FACETS = ("type", "year", "issuer", "fond")
DEEPEST = 10_000
_FOLD_BOOST = 2.0
_MOST_FACET_VALUES = 50
_MOST_SPELLINGS = 16
_PLACE_SIGNS = "-0123456789abcdefghijklmnopqrstuvwxyz"
_PLACE_LENGTH = 8
_PLACE_PAGES = 1 << 20


@dataclass(frozen=True, slots=True)
class Condition:
    """Values that follow one another in the field `fold` or `key`; `near`: one letter may differ."""

    field: str
    values: tuple[str, ...]
    boost: float = 1.0
    near: bool = False


@dataclass(frozen=True, slots=True)
class Plan:
    """Every group must hold, by any of its conditions; filters are (field, stored value)."""

    groups: tuple[tuple[Condition, ...], ...]
    filters: tuple[tuple[str, str], ...]

    @property
    def empty(self) -> bool:
        return not self.groups and not self.filters


@dataclass(frozen=True, slots=True)
class RawHit:
    """A page that answers, as the index knows it: no snippet, no boxes yet."""

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


HIT_FIELDS = tuple(f.name for f in fields(RawHit) if f.name != "score")


@dataclass(frozen=True, slots=True)
class RawAnswer:
    """`total` counts pages; facets map a field to its values and their page counts."""

    total: int = 0
    hits: tuple[RawHit, ...] = ()
    facets: dict[str, dict[str, int]] = field(default_factory=lambda: {name: {} for name in FACETS})


@dataclass(frozen=True, slots=True)
class StoredPage:
    """A page as both backends take it.

    `values` are given back as they came, `filters` are compared, `folds` and `keys` stand at the
    same positions; `place` orders pages of equal score by unit and page.
    """

    unit: str
    page: int
    document_page: int
    place: int
    values: dict[str, str]
    filters: dict[str, str]
    folds: tuple[str, ...]
    keys: tuple[tuple[str, ...], ...]


def place_of(unit: str, page: int) -> int:
    """A number below 2**63 that orders pages by unit (its last eight signs) and page."""
    tail = 0
    for sign in unit[-_PLACE_LENGTH:].rjust(_PLACE_LENGTH, "\0"):
        tail = tail * (len(_PLACE_SIGNS) + 1) + _PLACE_SIGNS.find(sign) + 1
    return tail * _PLACE_PAGES + min(page, _PLACE_PAGES - 1)


def page_tokens(text: str) -> tuple[Token, ...]:
    """Tokens of a page's plain text, words broken at line ends made whole."""
    return tuple(token for word in text_words(text) for token in word_tokens(word))


def stored_page(page: IndexedPage) -> StoredPage:
    """What is written of one page."""
    values = {
        name: str(getattr(page, name))[:LONGEST_VALUE]
        for name in ("document", "leaf", "type", "number", "date", "issuer", "fond", "year")
    }
    comparables = {**values, "unit": page.unit}
    words = page_tokens(page.text)
    return StoredPage(
        unit=page.unit,
        page=page.page,
        document_page=page.document_page,
        place=place_of(page.unit, page.page),
        values={name: value for name, value in values.items() if value},
        filters={n: comparable(n, comparables[n]) for n in FILTERS if comparables[n]},
        folds=tuple(word.fold for word in words),
        keys=tuple(word.keys for word in words),
    )


def _exact(clause: Clause) -> tuple[Condition, ...]:
    folds = tuple(word.fold for word in clause.words)
    spellings = islice(product(*(word.keys for word in clause.words)), _MOST_SPELLINGS)
    by_key = (Condition("key", keys) for keys in spellings)
    return (Condition("fold", folds, _FOLD_BOOST), *by_key)


def plan(
    query: Query,
    filters: Mapping[str, str],
    absent: Callable[[Sequence[tuple[Condition, ...]]], Sequence[bool]],
) -> Plan:
    """The conditions of a query.

    One wrong letter is tolerated in a single word of four letters or more that no page of the
    index has in any form: `absent` tells so for groups of conditions.
    """
    groups = [_exact(clause) for clause in query.clauses]
    lone = [n for n, clause in enumerate(query.clauses) if _may_be_near(clause.words)]
    for n, missing in zip(lone, absent([groups[n] for n in lone]), strict=True):
        if missing:
            fold = query.clauses[n].words[0].fold
            groups[n] = (Condition("fold", (fold,), near=True),)
    return Plan(tuple(groups), checked_filters(filters))


def _may_be_near(words: Sequence[QueryWord]) -> bool:
    return len(words) == 1 and words[0].tolerant


def checked_role(role: str) -> str:
    """`staff` or `public`; raises UsageError for another."""
    if role not in ROLES:
        raise UsageError("role-unknown", role)
    return role


def facet(counts: Iterable[tuple[str, int]]) -> dict[str, int]:
    """A facet's values with their page counts, most first, then by value; 50 at most."""
    ordered = sorted(counts, key=lambda pair: (-pair[1], pair[0]))
    return dict(ordered[:_MOST_FACET_VALUES])

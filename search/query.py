"""Where a query and its filters are had from: what a person typed, understood."""

from collections.abc import Iterable, Mapping

from schemas.errors import UsageError
from search.asking.parsing import parse
from search.asking.terms import Clause, FieldTerm, Notice, Query, QueryWord, Term
from search.index.fields import FILTERS, LONGEST_VALUE, comparable

__all__ = [
    "FILTERS",
    "LONGEST_VALUE",
    "Clause",
    "FieldTerm",
    "Notice",
    "Query",
    "QueryWord",
    "Term",
    "checked_filters",
    "comparable",
    "parse",
    "read_filters",
]


def checked_filters(filters: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """Filters as stored values, empty ones left out; raises UsageError for an unknown field."""
    for field in filters:
        if field not in FILTERS:
            raise UsageError("filter-unknown", field)
    return tuple(
        (field, comparable(field, value)) for field, value in filters.items() if value.strip()
    )


def read_filters(given: Iterable[str]) -> dict[str, str]:
    """FIELD=VALUE, as the command line takes them; raises UsageError."""
    pairs = [text.partition("=") for text in given]
    found = {field.strip(): value for field, _, value in pairs}
    checked_filters(found)
    return found

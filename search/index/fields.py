"""The fields of an indexed page: which are compared, counted, given back and sorted by."""

from functools import lru_cache

from schemas.errors import UsageError
from search.analysis import normal

INDEX_VERSION = 4
"""Raised when pages are stored otherwise than before: an older index has to be made anew."""

ROLES = ("staff", "public")
FACETS = (
    "fond",
    "institution",
    "department",
    "year",
    "type",
    "issuer",
    "place",
    "problem",
    "regime",
)
"""Counted by value; of these only `place` may have several values a page."""
FILTERS = (*FACETS, "number", "date", "cota", "unit", "document")
GIVEN = (
    "document",
    "leaf",
    "type",
    "number",
    "date",
    "issuer",
    "fond",
    "cota",
    "institution",
    "department",
    "year",
    "regime",
)
"""Values that a hit carries, beside its unit and its numbers."""
GROUPS = ("", "document", "unit")
SORTS = {"relevance": "", "date": "day_up", "-date": "day_down", "place": "shelf"}
"""Orders, with the field whose smallest value comes first; none: by score."""

LONGEST_VALUE = 300
DEEPEST = 10_000
"""Hits and groups beyond this one are not given, and groups are not counted further."""
_IDENTIFIERS = frozenset({"date", "unit", "document", "year", "regime"})


@lru_cache(maxsize=20_000)
def comparable(field: str, value: str) -> str:
    """A field's value as it is stored for filters and as a filter asks for it."""
    value = value[:LONGEST_VALUE]
    return value.strip().lower() if field in _IDENTIFIERS else normal(value)


def checked_role(role: str) -> str:
    """`staff` or `public`; raises UsageError for another."""
    if role not in ROLES:
        raise UsageError("role-unknown", role)
    return role


def checked_sort(sort: str) -> str:
    """The field that a sort goes by, empty for the score; raises UsageError for an unknown sort."""
    if sort not in SORTS:
        raise UsageError("sort-unknown", sort)
    return SORTS[sort]


def checked_group(group: str) -> str:
    """Empty, `document` or `unit`; raises UsageError for another."""
    if group not in GROUPS:
        raise UsageError("group-unknown", group)
    return group

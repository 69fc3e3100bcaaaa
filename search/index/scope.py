"""Grants as the index asks them: pages outside are not found, counted or suggested."""

from collections.abc import Sequence

from schemas.access import Grant
from search.index.fields import comparable

Bound = tuple[tuple[str, tuple[str, ...]], ...]
"""Fields with the stored values of which a page must have one; all fields must hold."""

EVERYTHING: tuple[Bound, ...] = ((),)
_FIELDS = (("institution", "institutions"), ("department", "departments"), ("regime", "regimes"))


def _bound(grant: Grant) -> Bound:
    named = ((field, getattr(grant, given)) for field, given in _FIELDS)
    return tuple(
        (field, tuple(dict.fromkeys(comparable(field, value) for value in values)))
        for field, values in named
        if values
    )


def bounds(grants: Sequence[Grant]) -> tuple[Bound, ...]:
    """One of these must hold of a page; EVERYTHING where a grant opens all, none where none does."""
    every = tuple(dict.fromkeys(map(_bound, grants)))
    return EVERYTHING if () in every else every

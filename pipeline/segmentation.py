"""A binder's pages become documents: separator sheets stand between them."""

from collections.abc import Sequence
from itertools import groupby

from schemas.records import PageState


def split_documents(states: Sequence[PageState]) -> tuple[tuple[int, int], ...]:
    """First and last page (from 1) of each document; separators belong to none."""
    numbered = enumerate(states, 1)
    runs = groupby(numbered, key=lambda page: page[1] is PageState.SEPARATOR)
    pages = (tuple(number for number, _ in run) for separator, run in runs if not separator)
    return tuple((run[0], run[-1]) for run in pages)

"""A binder's pages become documents: separator sheets stand between them."""

from collections.abc import Sequence
from itertools import zip_longest

from schemas.records import PageState


def split_documents(
    states: Sequence[PageState], begins: Sequence[bool | None] = ()
) -> tuple[tuple[int, int], ...]:
    """First and last page (from 1) of each document; separators belong to none.

    `begins` are people's words on each page: that a document begins there, or that none does.
    """
    documents: list[tuple[int, int]] = []
    parted = True
    for number, (state, said) in enumerate(zip_longest(states, begins), 1):
        if state is PageState.SEPARATOR:
            parted = True
            continue
        if not documents or (parted if said is None else said):
            documents.append((number, number))
        documents[-1] = (documents[-1][0], number)
        parted = False
    return tuple(documents)

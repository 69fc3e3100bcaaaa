"""Documents between separator sheets."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.segmentation import split_documents
from schemas.records import PageState

R, B, S, F = PageState.RECOGNISED, PageState.BLANK, PageState.SEPARATOR, PageState.FAILED


@pytest.mark.parametrize(
    ("states", "documents"),
    [
        ((), ()),
        ((S,), ()),
        ((R,), ((1, 1),)),
        ((R, B, F), ((1, 3),)),
        ((S, R, R, S, R, S), ((2, 3), (5, 5))),
        ((S, S, B, R, S, S, R), ((3, 4), (7, 7))),
    ],
)
def test_splits(states: tuple[PageState, ...], documents: tuple[tuple[int, int], ...]) -> None:
    assert split_documents(states) == documents


@given(st.lists(st.sampled_from(PageState)))
def test_every_page_but_separators_is_in_one_document(states: list[PageState]) -> None:
    documents = split_documents(states)
    pages = [page for first, last in documents for page in range(first, last + 1)]
    assert pages == [n for n, state in enumerate(states, 1) if state is not S]

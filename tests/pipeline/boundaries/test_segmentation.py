"""Documents: between separator sheets, where people say so, and where pages look like it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.boundaries.segmentation import (
    Known,
    boundary_of,
    doubts,
    guessed_documents,
    has_separators,
    parted_by_sheets,
    recorded_parts,
    split_documents,
)
from schemas.records import PageState
from tests.pipeline.unit_samples import make_unit

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


@pytest.mark.parametrize(
    ("states", "begins", "guessed", "documents"),
    [
        ((R, R, R), (), (True, False, True), ((1, 2), (3, 3))),
        ((R, R, R), (None, True, False), (True, False, True), ((1, 1), (2, 3))),
        ((B, R, R), (), (False, True, False), ((1, 3),)),
        ((B, F, R), (), (False, True, True), ((1, 2), (3, 3))),
        ((R, S, R, R), (), (True, False, False, True), ((1, 1), (3, 3), (4, 4))),
        ((R, S, B, R), (), (True, False, False, True), ((1, 1), (3, 4))),
    ],
)
def test_guesses_part_where_nobody_says_anything(states, begins, guessed, documents):
    assert split_documents(states, begins, guessed) == documents


@pytest.mark.parametrize(
    ("states", "covers", "there"),
    [
        ((), (), False),
        ((S, S), (), False),
        ((S, R, R), (), False),
        ((R, R, S), (), False),
        ((R, S, R), (), True),
        ((R, S, R), (False, True, False), False),
        ((S, R, S, R), (True, False, False, False), True),
    ],
)
def test_separators_are_sheets_between_pages(states, covers, there):
    assert has_separators(states, covers) is there


@given(st.lists(st.sampled_from(PageState)))
def test_parted_pages_are_those_at_which_documents_begin(states):
    firsts = [first for first, _ in split_documents(states)]
    assert firsts == [n for n, parted in enumerate(parted_by_sheets(states), 1) if parted]


def known(states, begins=None, recorded=None, sheets=False):
    nothing = (None,) * len(states)
    return Known(tuple(states), begins or nothing, recorded or nothing, sheets)


def test_what_is_on_record_stays_whatever_the_pages_say():
    told = known((R, R, R, R), recorded=(None, True, False, None))
    assert guessed_documents(told, (1, 0.1, 0.9, 0.9)) == (True, True, False, True)
    assert guessed_documents(told, ()) == (False, True, False, False)


def test_in_a_binder_with_sheets_nothing_is_guessed():
    told = known((R, S, R, R), sheets=True)
    assert guessed_documents(told, (1, 0, 1, 0.99)) == (False,) * 4
    (finding,) = doubts(told, (1, 0, 1, 0.99), ((1, 1), (3, 4)))
    assert (finding.code, finding.page, finding.detail) == ("boundary-doubtful", 4, {"p": "99"})
    assert not list(doubts(told, (1, 0, 1, 0.85), ((1, 1), (3, 4))))


@pytest.mark.parametrize(
    ("chance", "begins", "doubtful"),
    [
        (0.29, False, False),
        (0.3, False, True),
        (0.5, True, True),
        (0.8, True, True),
        (0.81, True, False),
        (0.1, True, True),
        (0.95, False, True),
    ],
)
def test_a_person_is_asked_where_pages_are_unsure_or_contradict(chance, begins, doubtful):
    places = ((1, 1), (2, 2)) if begins else ((1, 2),)
    assert bool(list(doubts(known((R, R)), (1, chance), places))) is doubtful
    assert boundary_of(known((R, R)), (1, chance), 2) == chance
    said = known((R, R), begins=(None, begins))
    assert not list(doubts(said, (1, chance), places))
    assert boundary_of(said, (1, chance), 2) == 1


def test_blank_pages_and_the_first_one_are_never_doubted():
    assert not list(doubts(known((R, B, S)), (0.5, 0.5, 0.5), ((1, 2),)))


def test_the_record_tells_which_pages_it_parts():
    unit = make_unit([[R, R], [R]])
    scans = [(page.source, page.frame, page.half.value) for page in unit.pages]
    assert recorded_parts(unit, scans) == (None, False, None, None)
    without = [scan for scan, page in zip(scans, unit.pages, strict=True) if page.document]
    assert recorded_parts(unit, without) == (None, False, True)
    assert recorded_parts(unit, [("neu.tif", 0, ""), *without]) == (None, None, False, True)

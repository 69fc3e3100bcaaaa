"""Scores are what their definitions say, on known strings and on any."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.reading.scoring import (
    Errors,
    by_class,
    character_errors,
    line_set_errors,
    mean_errors,
    middle,
    normal,
    pooled,
    without_conventions,
    word_errors,
)

TEXTS = st.text(alphabet="abcșş .,1\n\t", max_size=60)
WRITTEN = TEXTS.filter(lambda text: text.strip())
SCORES = (character_errors, word_errors, line_set_errors)


def test_only_composition_and_white_space_are_evened_out():
    assert normal(" s\u0326i  \n\t ţară ") == "și ţară"
    assert character_errors("și", "şi") == Errors(1, 2)
    assert character_errors("Ana are", "ana are").edits == 1


@pytest.mark.parametrize(
    ("truth", "read", "characters", "words"),
    [
        ("primăria", "primaria", 1, 1),
        ("nr. 12 din 3", "nr. 1 2 din 3", 1, 2),
        ("abc", "abcdef", 3, 1),
        ("una două", "", 8, 2),
    ],
)
def test_known_distances(truth, read, characters, words):
    assert character_errors(truth, read) == Errors(characters, len(truth))
    assert word_errors(truth, read) == Errors(words, len(truth.split()))


@pytest.mark.parametrize("score", SCORES)
@given(text=TEXTS)
def test_the_truth_itself_has_no_error(score, text):
    assert score(text, text).edits == 0


@pytest.mark.parametrize("score", SCORES)
@given(text=WRITTEN)
def test_a_page_left_out_has_rate_one(score, text):
    assert score(text, None).rate == 1
    assert score(text, "").rate == 1


@given(WRITTEN, WRITTEN)
def test_distances_are_symmetric_and_bounded(one, other):
    for score in (character_errors, word_errors):
        there, back = score(one, other), score(other, one)
        assert there.edits == back.edits
        assert abs(there.length - back.length) <= there.edits <= max(there.length, back.length)


@given(WRITTEN, WRITTEN)
def test_the_line_set_is_bounded(one, other):
    there = line_set_errors(one, other)
    assert 0 <= there.edits <= there.length + line_set_errors(other, one).length


@given(WRITTEN)
def test_a_lost_line_costs_its_letters_in_the_line_set(line):
    lost = "Molozul rezultat se evacuează la depozite autorizate"
    written = line_set_errors(f"{line}\n{lost}", line)
    assert written.edits == len(lost)


@given(
    st.lists(WRITTEN, min_size=1, max_size=6).flatmap(
        lambda a: st.tuples(st.just(a), st.permutations(a))
    )
)
def test_the_line_set_does_not_mind_order(lists):
    lines, shuffled = lists
    assert line_set_errors("\n".join(lines), "\n".join(shuffled)).edits == 0


def test_a_row_read_cell_by_cell_is_no_error_of_the_line_set():
    truth = "1 Popescu Ion 250,00 lei\n2 Ionescu Maria 75,50 lei"
    cells = "1\n2\nPopescu Ion\nIonescu Maria\n250,00 lei\n75,50 lei"
    assert line_set_errors(truth, cells).edits == 0
    assert character_errors(truth, cells).rate > 0.3
    assert line_set_errors(truth, cells.replace("Maria", "Marla")).edits == 1
    missing = line_set_errors(truth, cells.replace("75,50 lei", "")).edits
    assert len("75,50 lei") <= missing <= len("75,50 lei") + 2


def test_left_over_letters_do_not_make_up_for_missing_ones():
    assert line_set_errors("abcdef ghij\nklmno pqrsk", "abcdef ghijk\nklmno pqrs").edits == 2


def test_marks_of_the_transcribers_are_taken_out():
    marked = "_Chez _moi ~~~ le 1^er mai\n~~~ ~~~\nsous_titre a ^ b"
    assert normal(without_conventions(marked)) == "Chez moi le 1er mai sous_titre a ^ b"


def test_classes_are_pooled_and_their_middle_told():
    errors = {"a": Errors(1, 100), "b": Errors(10, 10), "c": Errors(0, 90)}
    classes = by_class(errors, {"a": "clean", "b": "stained", "c": "clean"})
    assert {name: pooled(own) for name, own in classes.items()} == {
        "clean": 1 / 190,
        "stained": 1.0,
        "all": 11 / 200,
    }
    assert middle(classes["all"]) == 0.01


def test_a_page_that_fails_in_one_round_of_two_counts_half():
    assert mean_errors((Errors(0, 8), Errors(8, 8))).rate == 0.5


def test_no_page_has_no_class():
    assert by_class({}, {}) == {}

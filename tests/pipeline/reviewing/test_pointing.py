"""Words are found on a page as people write them, and boxes are read as they are typed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.reviewing.pointing import boxes_of_text, parse_box
from schemas.errors import UsageError
from schemas.geometry import Box, Size
from schemas.text import Block, Line, PageText, Word


def page_of(*lines):
    """Words of 10 pixels a letter, lines 40 apart."""
    made = []
    for number, text in enumerate(lines):
        at, words = 0, []
        for word in text.split():
            words.append(Word(word, Box(at, 40 * number, 10 * len(word), 30), 0.9))
            at += 10 * len(word) + 10
        made.append(Line(tuple(words)))
    return PageText(Size(2000, 2000), 200, (Block(tuple(made)),))


PAGE = page_of("Subsemnatul ION POPESCU, domiciliat", "în Călărași; semnat Ion", "Popescu azi")


@pytest.mark.parametrize("text", ["ion popescu", "Ion  Popescu,", "IONPOPESCU"])
def test_every_place_of_a_name_is_found_over_lines_too(text):
    first, second = boxes_of_text(PAGE, text)
    assert first == (Box(120, 0, 120, 30),)
    assert [box.y for box in second] == [40, 80]


@pytest.mark.parametrize("text", ["Vlad", "", "Popesc", "  ,", "opescu"])
def test_what_is_not_there_is_not_found(text):
    assert tuple(boxes_of_text(PAGE, text)) == ()


def test_diacritics_do_not_matter():
    assert len(tuple(boxes_of_text(PAGE, "calarasi"))) == 1


@given(st.text(max_size=30))
def test_any_text_is_looked_for_in_peace(text):
    for boxes in boxes_of_text(PAGE, text):
        assert boxes


def test_a_box_is_four_numbers_with_a_size():
    assert parse_box(" 1, 2,30,4") == Box(1, 2, 30, 4)
    for wrong in ("1,2,3", "1,2,0,4", "a,b,c,d", "-1,2,3,4", "1,2,3,4,5", ""):
        with pytest.raises(UsageError, match="box-wrong"):
            parse_box(wrong)

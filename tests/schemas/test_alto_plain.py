"""A page's text without its boxes is the text that the boxes have."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.alto import read_alto, read_plain, write_alto
from schemas.geometry import Box, Size
from schemas.text import Block, Line, PageText, Word

WORDS = st.lists(st.text("abșț01 ,<&", min_size=1, max_size=5), min_size=1, max_size=4)


def line_of(words):
    return Line(tuple(Word(word, Box(1, 2, 3, 4), 0.5) for word in words))


@given(st.lists(st.lists(WORDS, min_size=1, max_size=3), max_size=3))
def test_the_text_is_the_same_with_and_without_boxes(blocks):
    made = tuple(Block(tuple(line_of(words) for words in lines)) for lines in blocks)
    data = write_alto(PageText(Size(100, 100), 200, made), "a.tif", 1)
    assert read_plain(data) == read_alto(data).plain


@pytest.mark.parametrize("data", [b"", b"<alto/>", b"<?xml version='1.0'?><a>"])
def test_what_is_no_page_is_refused(data):
    with pytest.raises(ValueError):
        read_plain(data)

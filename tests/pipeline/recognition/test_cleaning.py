"""What words may hold once they are read."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from pipeline.recognition.cleaning import clean, clean_text
from schemas.alto import read_alto, write_alto
from schemas.geometry import Box, Size
from schemas.text import Block, Line, PageText, Word

ANY_TEXT = st.text(st.characters(), max_size=12)


def line_of(*words: Word) -> tuple[Block, ...]:
    return (Block((Line(words),)),)


def texts(blocks: tuple[Block, ...]) -> list[str]:
    return [word.text for block in blocks for line in block.lines for word in line.words]


@given(ANY_TEXT)
def test_any_text_becomes_safe_and_stays_so(text: str) -> None:
    cleaned = clean_text(text)
    assert cleaned == unicodedata.normalize("NFC", cleaned)
    assert clean_text(cleaned) == cleaned
    assert not set(cleaned) & set("şţŞŢ")
    assert not any(c.isspace() or unicodedata.category(c).startswith("C") for c in cleaned)
    etree.fromstring(f"<w>{cleaned.replace('&', '').replace('<', '')}</w>")


@given(st.lists(ANY_TEXT, min_size=1, max_size=6))
def test_cleaned_words_survive_alto(read: list[str]) -> None:
    words = (Word(text, Box(40 * i, 10, 30, 20), 0.9) for i, text in enumerate(read))
    blocks = clean(line_of(*words))
    page = PageText(Size(600, 400), 300, blocks, source_size=Size(600, 400))
    assert read_alto(write_alto(page, "a.jpg", 1)).blocks == blocks


@pytest.mark.parametrize(
    ("read", "kept"),
    [
        ("şcoală", "școală"),
        ("TÂRGOVIŞTE", "TÂRGOVIȘTE"),
        ("ţară", "țară"),
        ("a\u0306", "ă"),
        ("s\u0327i", "și"),
        ("pri\u00admar", "primar"),
        ("a\x00b\ufeff", "ab"),
    ],
)
def test_romanian_letters(read: str, kept: str) -> None:
    assert clean_text(read) == kept


@pytest.mark.parametrize(("given_as", "kept"), [(-0.2, 0.0), (1.7, 1.0), (0.5, 0.5)])
def test_confidence_stays_between_0_and_1(given_as: float, kept: float) -> None:
    (block,) = clean(line_of(Word("da", Box(0, 0, 9, 9), given_as)))
    assert block.lines[0].words[0].confidence == kept


def test_marks_of_frames_go_and_text_stays() -> None:
    words = (
        Word("Hotărâre", Box(0, 0, 120, 24), 0.95),
        Word("|", Box(130, 0, 3, 26), 0.9),
        Word("!", Box(140, -40, 3, 120), 0.8),
        Word("___", Box(150, 20, 300, 4), 0.9),
        Word("—", Box(460, 12, 20, 3), 0.9),
        Word("!", Box(490, 0, 6, 24), 0.9),
        Word(".,", Box(500, 20, 6, 4), 0.1),
        Word("I.", Box(520, 0, 12, 24), 0.7),
        Word("\x0c", Box(540, 0, 12, 24), 0.7),
        Word("nr.", Box(560, 0, 30, 24), 0.05),
    )
    assert texts(clean(line_of(*words))) == ["Hotărâre", "—", "!", "I.", "nr."]


def test_lines_and_blocks_left_empty_go() -> None:
    mark = Word("|", Box(0, 0, 2, 90), 0.3)
    word = Word("da", Box(0, 0, 20, 20), 0.9)
    blocks = (Block((Line((mark,)),)), Block((Line((mark,)), Line((word,)))))
    assert clean(blocks) == (Block((Line((word,)),)),)
    assert clean(()) == ()

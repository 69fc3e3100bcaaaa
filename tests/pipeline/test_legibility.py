"""The guard over compressed pages: the same text, no other digit, nothing that vanished."""

from dataclasses import replace

import cv2
import numpy as np
import pytest

from pipeline.layers.types import unpack
from pipeline.legibility import boxes_to_read, is_legible, lines_to_read
from pipeline.page import read_page
from pipeline.picture import Delivered, picture_of
from pipeline.rereading import line_reader
from schemas.geometry import Box, Size
from schemas.settings import Settings
from schemas.text import Block, Line, PageText, Word
from tests.pipeline import drawn
from tests.pipeline.drawn import Look

SIZE = Size(400, 900)
SHOWN = np.full((900, 400), 255, np.uint8)


def page_of(*lines: tuple[str, float]) -> PageText:
    made = tuple(
        Line(
            tuple(
                Word(text, Box(10 + 40 * at, 10 + 20 * row, 35, 15), confidence)
                for at, text in enumerate(words.split())
            )
        )
        for row, (words, confidence) in enumerate(lines)
    )
    return PageText(SIZE, 300, (Block(made),), source_size=SIZE)


def saying(*texts: str):
    """A reader that says these, one a line that it is asked for."""
    return lambda shown, boxes: texts[: len(boxes)]


def test_doubtful_lines_and_every_eighth_other_are_read() -> None:
    page = page_of(*[(f"rândul {n}", 0.4 if n in {5, 17} else 0.9) for n in range(30)])
    chosen = [line.text for line in lines_to_read(page)]
    assert {"rândul 5", "rândul 17"} < set(chosen)
    assert len(chosen) == 2 + 4
    assert lines_to_read(page) == lines_to_read(page)
    assert len(boxes_to_read(page)) == len(chosen)


@pytest.mark.parametrize(
    ("known", "confidence", "read", "legible"),
    [
        ("nr. 25 din 2016", 0.9, "nr.25  din 2016", True),
        ("în Orașul Șelimbăr", 0.9, "în Oraşul şelimbăr", True),
        ("nr. 25 din 2016", 0.9, "nr. 26 din 2016", False),
        ("nr. 25 din 2016", 0.9, "nr. 25 din 016", False),
        ("hotărârea", 0.9, "hotărirea", False),
        ("hotărârea", 0.9, "", False),
        ("Vasilescu", 0.45, "Vasiloscu", True),
        ("Vasilescu", 0.45, "V", False),
        ("~:.", 0.9, "", True),
        ("wmx", 0.1, "", True),
    ],
)
def test_what_counts_as_the_same(known: str, confidence: float, read: str, legible: bool) -> None:
    page = page_of((known, confidence))
    assert is_legible(SHOWN, page, saying(read)) is legible


def test_one_digit_is_too_many_however_doubtful_a_word_beside_it_is() -> None:
    page = page_of(("suma 1250", 0.9))
    (block,) = page.blocks
    (line,) = block.lines
    doubtful = Line((replace(line.words[0], confidence=0.4), line.words[1]))
    page = replace(page, blocks=(Block((doubtful,)),))
    assert is_legible(SHOWN, page, saying("sumo 1250"))
    assert not is_legible(SHOWN, page, saying("suma 1260"))


def test_what_the_page_before_reads_just_so_is_no_loss() -> None:
    page = page_of(("hotărârea", 0.9))
    assert is_legible(SHOWN, page, saying("hotarirea"), lambda: SHOWN)

    def reread(shown: np.ndarray, boxes: tuple[Box, ...]) -> tuple[str, ...]:
        return ("hotărârea",) if shown.mean() > 100 else ("hotarirea",)

    assert not is_legible(np.zeros_like(SHOWN), page, reread, lambda: SHOWN)


def test_boxes_follow_the_resolution_of_what_is_shown() -> None:
    seen = []

    def reread(shown: np.ndarray, boxes: tuple[Box, ...]) -> tuple[str, ...]:
        seen.extend(boxes)
        return ("abc",)

    assert is_legible(SHOWN[::2, ::2], page_of(("abc", 0.9)), reread)
    assert seen == [Box(5, 5, 18, 8)]


def test_a_page_without_words_is_legible() -> None:
    assert is_legible(SHOWN, PageText(SIZE, 300), saying())


@pytest.fixture(scope="module")
def faint() -> tuple[np.ndarray, PageText]:
    """Black lines above, pale ones below like those of a worn ribbon, and the text of these."""
    black = drawn.page(Look(lines=4, noise=1.0))
    pale = np.roll(drawn.page(Look(lines=8, ink=203, noise=1.0, letters=18)), 1400, axis=0)
    return cv2.min(black, pale), read_page(pale, 300, Settings(), "ron", False).text


def test_strokes_that_vanish_from_the_stencil_are_noticed(
    faint: tuple[np.ndarray, PageText],
) -> None:
    page, text = faint
    assert sum(line.box.y > 1600 for line in text.lines) >= 6
    settings = Settings()
    delivered = Delivered(page, 300)
    kept = unpack(picture_of(page, text, delivered, settings, line_reader(settings, "ron")).data)
    assert kept.kind == "jpeg"
    unread = unpack(
        picture_of(
            page, text, delivered, settings, lambda shown, boxes: tuple(_told(text, boxes))
        ).data
    )
    assert unread.kind == "mixed"  # a reader that sees what it wants is what the guard must not be


def _told(text: PageText, boxes: tuple[Box, ...]) -> list[str]:
    lines = {(line.box.x, line.box.y): line.text for line in text.lines}
    return [lines.get((box.x, box.y), "") for box in boxes]

"""The guard over compressed pages: the same text, no other digit, nothing that vanished."""

from dataclasses import replace

import cv2
import numpy as np
import pytest

from pipeline.layers.codecs import decode_jpeg
from pipeline.layers.ink import find_ink
from pipeline.layers.mixed import mix
from pipeline.layers.types import unpack
from pipeline.page import read_page
from pipeline.pictures.legibility import is_legible, lines_to_read, reads_as_well
from pipeline.pictures.patches import Guard, patches_of
from pipeline.pictures.picture import Delivered, picture_of
from pipeline.pictures.rereading import line_reader
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


@pytest.mark.parametrize(
    ("known", "before", "now", "legible"),
    [
        ("hotărârea", "hotarirea", "hotarirea", True),
        ("hotărârea", "hotarirea", "hotărîrea", True),
        ("hotărârea", "hotărârea", "hotarirea", False),
        ("hotărârea", "hotărirea", "hotarirea", False),
        ("nr. 25 din 2016", "nr. 25 din 2O16", "nr. 25 din 2Q16", True),
        ("nr. 25 din 2016", "nr. 25 bin 2016", "nr. 26 din 2016", False),
        ("nr. 25 din 2016", "nr. 27 din 2016", "nr. 26 din 2016", False),
        ("nr. 25 din 2016", "nr. 27 din 2016", "nr. 25 din 2016", True),
        ("Vasilescu", "#+*xyzuvwqrtk", "", False),
    ],
)
def test_as_near_to_the_text_as_the_page_before_is_no_loss(
    known: str, before: str, now: str, legible: bool
) -> None:
    def reread(shown: np.ndarray, boxes: tuple[Box, ...]) -> tuple[str, ...]:
        return (before,) if shown.mean() > 100 else (now,)

    page = page_of((known, 0.9))
    assert is_legible(np.zeros_like(SHOWN), page, reread, lambda: SHOWN) is legible


def test_what_is_read_worse_once_is_no_loss_only_where_it_is_as_near_as_the_best() -> None:
    """Read as it is, the page before says all; read smaller, neither does."""

    def reread(shown: np.ndarray, boxes: tuple[Box, ...]) -> tuple[str, ...]:
        whole = shown.shape == SHOWN.shape
        return ("suma 1250",) if whole and shown.mean() > 100 else ("suna 1250",)

    page = page_of(("suma 1250", 0.9))
    assert not is_legible(np.zeros_like(SHOWN), page, reread, lambda: SHOWN)


@pytest.mark.parametrize(
    ("now", "well"),
    [
        (("hotărîrea", "suma 125"), True),
        (("hotărârea", "sumo 125"), True),
        (("hatorirea", "suma 125"), False),
        (("hotărârea", "suma 126"), False),
        (("", ""), False),
    ],
)
def test_lines_that_hardly_read_are_weighed_together(now: tuple[str, ...], well: bool) -> None:
    """The master reads one letter wrong in the first line and none in the second."""

    def reread(shown: np.ndarray, boxes: tuple[Box, ...]) -> tuple[str, ...]:
        return ("hotărîrea", "suma 125") if shown.mean() > 100 else now

    page = page_of(("hotărârea", 0.6), ("suma 125", 0.6))
    assert reads_as_well(np.zeros_like(SHOWN), page, reread, lambda: SHOWN) is well


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


def numbered(digit: str) -> np.ndarray:
    """A page of five lines; the fourth has a number that ends in the digit."""
    canvas = np.full((1100, 1700), 245, np.uint8)
    font = cv2.FontFace("sans")
    for row, start in enumerate(("Consiliul Local", "adoptă", "hotărârea", f"nr. 128{digit}")):
        text = f"{start} privind repararea străzilor din oraș"
        cv2.putText(canvas, text, (120, 200 + 120 * row), (30,) * 3, font, 44, 500)
    return drawn.noisy(canvas, Look())


@pytest.mark.parametrize("other", ["6", "3", "1"])
def test_a_digit_that_the_stencil_changes_is_noticed_and_shown_as_it_was(other: str) -> None:
    page, settings = numbered("8"), Settings()
    text = read_page(page, 300, settings, "ron", False).text
    assert text.lines[3].text.startswith("nr. 1288")
    reread = line_reader(settings, "ron")
    assert reread is not None
    lines = tuple(
        Line(tuple(replace(word, confidence=0.7) for word in line.words)) for line in text.lines
    )
    guard = Guard(page, replace(text, blocks=(Block(lines),)), reread)
    assert patches_of(guard, mix(page, find_ink(page, 300)), 45) == ()
    changed = mix(page, replace(find_ink(page, 300), mask=find_ink(numbered(other), 300).mask))
    (patch,) = patches_of(guard, changed, 45) or ()
    box = text.lines[3].box
    assert patch.place.f < box.y
    assert patch.place.f + patch.raster.height > box.y + box.h
    shown = decode_jpeg(patch.raster)
    y, x = round(patch.place.f), round(patch.place.c)
    was = page[y : y + shown.shape[0], x : x + shown.shape[1]]
    assert cv2.absdiff(shown, was).mean() < 4


def test_where_a_line_that_stands_for_others_is_lost_all_are_read() -> None:
    page, settings = drawn.page(Look(lines=24)), Settings()
    text = read_page(page, 300, settings, "ron", False).text
    reread = line_reader(settings, "ron")
    assert reread is not None
    guard = Guard(page, text, reread)
    assert len(lines_to_read(text)) < 5
    ink = find_ink(page, 300)
    spoilt = ink.mask.copy()
    for line in (text.lines[3], text.lines[8]):  # one of the sample, one that is not
        spoilt[line.box.y : line.box.y + line.box.h // 2] = 0
    (one, other) = patches_of(guard, mix(page, replace(ink, mask=spoilt)), 45) or ()
    assert one.place.f < text.lines[3].box.y < other.place.f < text.lines[8].box.y
    spoilt[text.lines[0].box.y : text.lines[9].box.y] = 0
    assert patches_of(guard, mix(page, replace(ink, mask=spoilt)), 45) is None

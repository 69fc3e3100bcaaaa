"""Writing that no engine read is covered where it may go on with what has to go; what was read stays."""

import cv2
import numpy as np
import pytest

from pipeline.privacy.unread import unread_ink
from schemas.geometry import Box, Size
from schemas.text import Block, Line, PageText, Word

DPI = 200
WIDTH, HEIGHT = 1600, 900
NAME = Box(330, 300, 200, 28)
NUMBER = Box(560, 300, 210, 28)


def word(text, x, y, w, confidence=0.95):
    return Word(text, Box(x, y, w, 28), confidence)


def page(*lines):
    return PageText(Size(WIDTH, HEIGHT), DPI, (Block(tuple(Line(words) for words in lines)),))


def paper():
    return np.full((HEIGHT, WIDTH), 235, np.uint8)


def write(pixels, text, box):
    cv2.putText(pixels, text, (box.x, box.y + box.h - 5), cv2.FONT_HERSHEY_SIMPLEX, 0.9, 30, 2)


def seal(pixels, x, y):
    for radius in (70, 105):
        cv2.circle(pixels, (x, y), radius, 90, 3)


BODY = (word("Plata", 160, 240, 80), word("se", 250, 240, 30), word("face", 290, 240, 70))
WRITER = (word("Întocmit", 160, 300, 130), word("Smaranda", 330, 300, 200))


def area_of(boxes):
    covered = np.zeros((HEIGHT, WIDTH), bool)
    for box in boxes:
        covered[box.y : box.y + box.h, box.x : box.x + box.w] = True
    return covered


def share(boxes, wanted, pixels):
    """How much of the ink in a box the boxes hold."""
    ink = np.zeros_like(pixels, dtype=bool)
    rows, columns = slice(wanted.y, wanted.y + wanted.h), slice(wanted.x, wanted.x + wanted.w)
    ink[rows, columns] = pixels[rows, columns] < 100
    return (ink & area_of(boxes)).sum() / ink.sum()


@pytest.fixture
def invoice():
    """A number under a seal, beside a name that is hidden."""
    pixels = paper()
    write(pixels, "0722 667.529", NUMBER)
    seal(pixels, 700, 350)
    return pixels


def test_a_number_under_a_seal_beside_a_hidden_name_is_covered(invoice):
    boxes = unread_ink(invoice, (page(BODY, WRITER),), (NAME,))
    assert share(boxes, NUMBER, invoice) > 0.99
    assert not any(box.overlap(one.box) for box in boxes for one in (*BODY, *WRITER))


def test_what_either_engine_read_there_is_left(invoice):
    """It was searched for personal data and none was found."""
    other = page((word("0722", 555, 297, 90), word("667.529", 640, 297, 250)))
    boxes = unread_ink(invoice, (page(BODY, WRITER), other), (NAME,))
    assert share(boxes, Box(560, 302, 130, 22), invoice) < 0.05


def test_a_word_that_was_hardly_read_is_no_word(invoice):
    doubtful = page(BODY, (*WRITER, word("#7.;2", 555, 300, 260, 0.3)))
    assert share(unread_ink(invoice, (doubtful,), (NAME,)), NUMBER, invoice) > 0.99


@pytest.mark.parametrize(("text", "covered"), [("telers9733.015", True), ("penalități", False)])
def test_a_number_has_to_be_read_better_than_a_word(invoice, text, covered):
    guessed = page(BODY, (*WRITER, word(text, 555, 297, 330, 0.7)))
    boxes = unread_ink(invoice, (guessed,), (NAME,))
    assert bool(share(boxes, Box(560, 302, 130, 22), invoice) > 0.9) is covered


@pytest.mark.parametrize("label", ["telefon", "Tel.:", "CNP", "C.N.P.", "domiciliată", "Seria"])
def test_after_a_label_of_a_personal_datum_nothing_needs_to_be_hidden_before(invoice, label):
    text = page(BODY, (word("Întocmit", 160, 300, 130), word(label, 400, 300, 130)))
    assert share(unread_ink(invoice, (text,), ()), NUMBER, invoice) > 0.99


def test_the_line_after_a_hidden_one_may_go_on_with_it():
    pixels = paper()
    after = Box(300, 360, 210, 28)
    write(pixels, "nr. 14, ap. 3", after)
    boxes = unread_ink(pixels, (page(WRITER, (word("strada", 160, 360, 120),)),), (NAME,))
    assert share(boxes, after, pixels) > 0.99


def test_lines_without_anything_personal_are_left(invoice):
    assert unread_ink(invoice, (page(BODY, WRITER[:1]),), ()) == ()
    assert unread_ink(invoice, (page(),), (NAME,)) == ()
    assert unread_ink(invoice, (page(BODY),), (NAME,)) == ()


def test_a_line_that_no_engine_read_goes_wherever_it_stands(invoice):
    line = Box(160, 500, 900, 28)
    write(invoice, "Ilinca Rusu, strada Teiului, 0722 037 382", line)
    boxes = unread_ink(invoice, (page(BODY, WRITER),), ())
    assert share(boxes, line, invoice) > 0.99
    read = page(BODY, WRITER, (word("Ilinca", line.x, line.y, line.w, 0.02),))
    assert unread_ink(invoice, (read,), ()) == ()


def test_what_is_left_of_a_line_that_no_engine_read_goes_with_it(invoice):
    line, after = Box(160, 500, 560, 28), Box(1200, 500, 150, 28)
    write(invoice, "Ilinca Rusu, strada Teiului", line)
    write(invoice, "22 037", after)
    boxes = unread_ink(invoice, (page(BODY, WRITER),), ())
    assert share(boxes, after, invoice) > 0.99


def test_a_few_letters_and_a_seal_s_ring_are_no_line(invoice):
    seal(invoice, 1300, 600)
    write(invoice, "Rusu", Box(160, 500, 90, 28))
    assert unread_ink(invoice, (page(BODY, WRITER),), ()) == ()


def test_rules_dots_and_dirt_are_no_writing():
    pixels = paper()
    cv2.rectangle(pixels, (560, 290), (1400, 340), 20, 2)
    cv2.line(pixels, (560, 326), (1400, 326), 20, 2)
    for x in range(600, 1380, 9):
        cv2.circle(pixels, (x, 322), 1, 20, -1)
    assert unread_ink(pixels, (page(BODY, WRITER),), (NAME,)) == ()


def test_a_shadow_across_the_page_is_paper(invoice):
    shade = np.linspace(1.0, 0.45, WIDTH)[None, :]
    dark = (invoice * shade).astype(np.uint8)
    boxes = unread_ink(dark, (page(BODY, WRITER),), (NAME,))
    assert boxes
    assert all(box.x >= NAME.x + NAME.w for box in boxes)
    assert all(box.x + box.w < 900 for box in boxes)


def test_the_end_of_a_number_goes_though_a_seal_makes_its_row_high(invoice):
    rest = Box(800, 304, 60, 26)
    cv2.putText(invoice, "405", (800, 328), cv2.FONT_HERSHEY_SIMPLEX, 0.9, 30, 2)
    high = Word("Smaranda", Box(330, 290, 200, 55), 0.9)
    text = page(BODY, (WRITER[0], high))
    boxes = unread_ink(invoice, (text,), (Box(330, 290, 455, 55),))
    assert share(boxes, rest, invoice) > 0.99

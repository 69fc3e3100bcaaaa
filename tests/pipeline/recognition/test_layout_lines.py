"""Lines of drawn pages: each word in its line, in reading order, with its diacritics."""

import cv2
import numpy as np
import pytest

from pipeline.recognition.layout import coverage, cut, lay_out, word_boxes
from tests.pipeline.drawn import PARAGRAPH

WORDS = PARAGRAPH.split()
FONT = cv2.FontFace("sans")


class Sheet:
    """A white page at 200 dpi and the ink box of every word drawn on it, in reading order."""

    def __init__(self, height=2339, width=1654):
        self.page = np.full((height, width), 255, np.uint8)
        self.words = []

    def line(self, x, y, text, size=22):
        """Words on the baseline y; where the line ends."""
        for word in text.split():
            blank = np.full((self.page.shape[0], self.page.shape[1]), 255, np.uint8)
            cv2.putText(blank, word, (x, y), (20, 20, 20), FONT, size, 400)
            ys, xs = np.nonzero(blank < 160)
            self.words.append(
                (word, int(xs.min()), int(ys.min()), int(xs.max()) + 1, int(ys.max()) + 1)
            )
            self.page = np.minimum(self.page, blank)
            x = int(xs.max()) + 1 + round(size * 0.35)
        return x

    def paragraph(self, x, y, lines, per_line, start=0, size=22, step=36):
        for number in range(lines):
            first = start + number * per_line
            text = " ".join(WORDS[(first + k) % len(WORDS)] for k in range(per_line))
            self.line(x, y + number * step, text, size)
        return y + lines * step


def line_of(layout, word):
    """The numbers of the lines whose box holds the word's centre."""
    x, y = (word[1] + word[3]) / 2, (word[2] + word[4]) / 2
    boxes = [line.box for line in layout.lines]
    return [n for n, b in enumerate(boxes) if b.x <= x <= b.x + b.w and b.y <= y <= b.y + b.h]


def read_order(layout, sheet):
    """Each word's place in our order; every word is in exactly one line."""
    places = []
    for word in sheet.words:
        lines = line_of(layout, word)
        assert len(lines) == 1, word
        places.append((lines[0], word[1]))
    return places


def small(height=700, width=1300):
    return Sheet(height, width)


def test_words_of_a_paragraph_are_in_lines_in_order_and_whole():
    sheet = small()
    sheet.paragraph(80, 100, 12, 6)
    layout = lay_out(sheet.page, 200)
    places = read_order(layout, sheet)
    assert places == sorted(places)
    assert len(layout.lines) == 12
    assert layout.ordered
    assert layout.left_over == ()
    assert layout.covered == 1
    for word, (number, _) in zip(sheet.words, places, strict=True):
        box = layout.lines[number].box
        assert box.y <= word[2] + 1
        assert word[4] - 1 <= box.y + box.h
    assert all(abs(line.baseline - (100 + 36 * n)) <= 2 for n, line in enumerate(layout.lines))


def test_breve_and_comma_below_stay_with_their_letters_between_tight_lines():
    sheet = small()
    for number in range(6):
        sheet.line(80, 120 + number * 29, "ȚĂRĂȘ țșăî ȘÂȚĂ gâț ĂȚȘÎ", 22)
    layout = lay_out(sheet.page, 200)
    assert len(layout.lines) == 6
    assert len({len(line.pieces) for line in layout.lines}) == 1


def test_columns_are_read_one_after_the_other_under_their_heading():
    sheet = small(900, 1400)
    sheet.line(300, 80, "HOTĂRÂREA CONSILIULUI LOCAL", 40)
    sheet.paragraph(60, 180, 14, 5)
    sheet.paragraph(760, 180, 12, 5, start=7)
    layout = lay_out(sheet.page, 200)
    places = read_order(layout, sheet)
    assert places == sorted(places)
    assert layout.ordered


@pytest.mark.parametrize("offset", [6, 12, 18, 24])
def test_columns_whose_lines_lie_between_each_other_s(offset):
    sheet = small(800, 1400)
    sheet.paragraph(60, 100, 14, 5)
    sheet.paragraph(760, 100 + offset, 12, 5, start=7)
    places = read_order(lay_out(sheet.page, 200), sheet)
    assert places == sorted(places)


def test_columns_go_on_beside_a_picture_and_below_its_caption():
    """Lines are short beside the picture, and the caption bridges the gap between the columns."""
    sheet = Sheet(1500, 1654)
    for side, (full, short) in enumerate(((100, 100), (860, 1080))):
        if side:
            for row, text in enumerate(
                ("Iluminatul public al orașului", "în anul trecut, văzut", "dinspre piața mare")
            ):
                sheet.line(640, 800 + 31 * row, text, 18)
        for row in range(30):
            wide = row < 8 or row > 22
            text, x = (" ".join(WORDS[:5]), full) if wide else (" ".join(WORDS[:3]), short)
            sheet.line(x, 120 + 36 * row, text)
    sheet.page[400:760, 560:1020] = 60
    layout = lay_out(sheet.page, 200)
    places = read_order(layout, sheet)
    assert places == sorted(places)
    assert layout.ordered


def test_a_table_is_read_row_by_row_and_its_rules_are_no_ink():
    sheet = small(700, 1200)
    rows = [("1", "Ion Popescu", "12,50"), ("2", "Maria Ilie", "7,00"), ("3", "Gheorghe Ene", "1")]
    for number, row in enumerate(rows):
        for x, cell in zip((80, 200, 800), row, strict=True):
            sheet.line(x, 150 + 60 * number, cell)
    page = sheet.page
    for y in (105, 165, 225, 285):
        page[y : y + 3, 60:1100] = 0
    for x in (60, 180, 780, 1098):
        page[105:288, x : x + 3] = 0
    layout = lay_out(page, 200)
    places = read_order(layout, sheet)
    assert places == sorted(places)
    assert len(layout.lines) == 9
    assert len(layout.rules) == 8
    assert layout.left_over == ()


def test_letters_that_touch_a_rule_are_kept():
    sheet = small(300, 1200)
    sheet.line(80, 150, "ultima linie lângă chenarul tabelului", 24)
    sheet.page[150:153, 40:1150] = 0
    sheet.page[60:280, 40:43] = 0
    layout = lay_out(sheet.page, 200)
    read_order(layout, sheet)
    (line,) = layout.lines
    assert line.box.x <= sheet.words[0][1] + 1
    assert line.box.x + line.box.w >= sheet.words[-1][3] - 1


def test_very_large_and_very_small_type_on_one_page():
    sheet = small(900, 1500)
    sheet.line(80, 130, "DISPOZIȚIE", 90)
    sheet.paragraph(80, 250, 6, 6)
    sheet.paragraph(80, 520, 6, 9, size=14, step=24)
    layout = lay_out(sheet.page, 200)
    places = read_order(layout, sheet)
    assert places == sorted(places)
    assert len(layout.lines) == 13
    title, body, note = (layout.lines[n].x_height for n in (0, 3, 10))
    assert title > 2.5 * body > 2.5 * 1.3 * note


def test_margin_marks_are_left_over_and_not_lost():
    sheet = small()
    sheet.paragraph(150, 100, 8, 6)
    cv2.circle(sheet.page, (60, 400), 30, 40, 4)
    cv2.ellipse(sheet.page, (500, 560), (220, 60), 20, 0, 270, 60, 3)
    layout = lay_out(sheet.page, 200)
    held = [*layout.left_over, *(line.box for line in layout.lines)]
    for x, y in ((60, 370), (500, 600)):
        assert any(b.x - 5 <= x <= b.x + b.w + 5 and b.y <= y <= b.y + b.h + 5 for b in held)


@pytest.mark.parametrize("slope", [-0.02, 0.012, 0.03])
def test_a_sloping_line_is_cut_level(slope):
    sheet = small(400, 1300)
    sheet.line(80, 200, "linia urcă spre cotorul registrului legat strâns")
    shear = np.array([[1, 0, 0], [slope, 1, -slope * 600]], np.float64)
    page = cv2.warpAffine(sheet.page, shear, (1300, 400), borderValue=(255,))
    (line,) = lay_out(page, 200).lines
    assert line.slope == pytest.approx(slope, abs=0.003)
    straight = cut(page, line, 4)
    assert straight.shape[0] < line.box.h + 8
    third = straight.shape[1] // 3
    feet = [
        np.nonzero((part < 128).sum(axis=1) > 12)[0].max()
        for part in np.array_split(straight, 3, axis=1)
    ]
    assert max(feet) - min(feet) <= 3
    assert third > 100


def test_ink_of_neighbours_and_rules_can_be_erased():
    sheet = small(300, 900)
    sheet.line(80, 120, "jgjg jgjg jgjg")
    sheet.line(80, 146, "ÂÂÂÂ ÂÂÂÂ ÂÂÂÂ")
    layout = lay_out(sheet.page, 200)
    assert len(layout.lines) == 2
    upper = layout.lines[0]
    kept, erased = (cut(sheet.page, upper, 6, erase=erase) for erase in (False, True))
    below = round(upper.baseline) - upper.box.y + 6
    assert (erased < 128).sum() < (kept < 128).sum()
    assert ((erased < 128) == (kept < 128))[:below].mean() > 0.99


@pytest.mark.parametrize("seed", range(4))
def test_word_boxes_snap_to_ink(seed):
    sheet = small()
    sheet.paragraph(80, 100, 10, 6, start=seed)
    layout = lay_out(sheet.page, 200)
    rng = np.random.default_rng(seed)
    off = []
    for line in layout.lines:
        words = [
            w for w in sheet.words if line.box.y <= (w[2] + w[4]) / 2 <= line.box.y + line.box.h
        ]
        spans = [(w[1] + rng.uniform(-5, 3), w[3] + rng.uniform(-3, 5)) for w in words]
        for word, box in zip(words, word_boxes(line, spans), strict=True):
            off.append(max(abs(box.x - word[1]), abs(box.x + box.w - word[3])))
    assert np.mean(np.array(off) <= 1) >= 0.97


def test_coverage_is_the_share_of_letters_under_the_words():
    sheet = small()
    sheet.paragraph(80, 100, 10, 6)
    layout = lay_out(sheet.page, 200)
    lines = [line.box for line in layout.lines]
    assert coverage(layout, lines) == 1
    assert coverage(layout, []) == 0
    assert 0.4 < coverage(layout, lines[::2]) < 0.6

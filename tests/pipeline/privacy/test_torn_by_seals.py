"""What a round seal tears out of a paper: addresses without their number, telephones, whole lines."""

import cv2
import numpy as np
import pytest

from pipeline.metadata.documenttext import read_document
from pipeline.privacy.finding import find_personal
from pipeline.privacy.seals import rows_under, seals
from pipeline.privacy.unread import lost_under_seals, unread_ink
from schemas.geometry import Box, Size
from schemas.text import Block, Line, PageText, Word

DPI, WIDTH, HEIGHT = 200, 1600, 900
HIGH, WIDE, STEP = 28, 20, 48


def page_of(text, *, top=100, confidence=0.95):
    """Words on a page, each letter as wide; a line a row; "_" leaves room that nobody read."""
    lines = []
    for row, line in enumerate(text.split("\n")):
        words, at = [], 0
        for word in line.split(" "):
            box = Box(100 + WIDE * at, top + STEP * row, WIDE * len(word), HIGH)
            if word.strip("_"):
                words.append(Word(word, box, confidence))
            at += len(word) + 1
        lines.append(Line(tuple(words)))
    return PageText(Size(WIDTH, HEIGHT), DPI, (Block(tuple(lines)),))


def hidden_words(text):
    page = page_of(text)
    found = find_personal(read_document([page]), [page], 1, None, "cerere")
    return {page.words[n].text.strip(",.") for item in found.items for n in item.words}


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Târgu Arinilor, str. Tâmplarilor nr.\nCătre Primărie", {"Târgu", "Tâmplarilor"}),
        ("Târgu Arinilor, strada Vămii Vechi nr.\nSESIZARE", {"Vămii", "Vechi"}),
        ("în DeallisArăm) săstrelelor nr. 73, bl. P10, sc. A", {"săstrelelor", "73", "P10"}),
        ("str. Tâmplarilor nr.\n9768.166.190\nSESIZARE", {"9768.166.190"}),
        ("identificat prin seria AZ=pk. 155571, domiciliat", {"155571"}),
    ],
)
def test_a_home_whose_number_or_street_was_torn_is_found(text, wanted):
    assert wanted <= hidden_words(f"DOMNULE PRIMAR\n{text}\nreferitoare la un loc de parcare")


def test_the_label_in_the_cell_below_an_address_is_none_of_it():
    told = hidden_words("Lucrarea str. Lăutarilor nr. 55\nNr. cadastral 376623")
    assert "55" in told
    page = page_of("CERERE\nLucrarea str. Lăutarilor nr. 55\nNr. cadastral 376623")
    found = find_personal(read_document([page]), [page], 1, None, "cerere")
    label = next(n for n, word in enumerate(page.words) if word.text == "Nr.")
    assert not any(label in item.words for item in found.items)


@pytest.mark.parametrize(
    "text",
    [
        "lucrări de reparații pe str. Tâmplarilor nr.\nde contract 25",
        "Dosarul cu nr. 73 din 2015 a fost depus",
        "chitanța seria AZ=pk. 155571 din casierie",
        "Factura CUI nr. 9768.166.190 a fost achitată",
    ],
)
def test_works_and_other_numbers_are_left(text):
    assert not hidden_words(f"REFERAT\n{text}\nprivind parcarea") & {
        "Tâmplarilor",
        "73",
        "9768.166.190",
    }


def drawn(text, *, rings=(), ink=30):
    """The page's image: its words, those that nobody read ("_" is an M), and rings."""
    pixels = np.full((HEIGHT, WIDTH), 235, np.uint8)
    for row, line in enumerate(text.split("\n")):
        for at, letter in enumerate(line):
            if letter != " ":
                place = (100 + WIDE * at, 100 + STEP * row + HIGH - 3)
                cv2.putText(pixels, letter.replace("_", "M"), place, 0, 0.85, ink, 2, cv2.LINE_AA)
    for x, y, radius, tone in rings:
        cv2.circle(pixels, (x, y), radius, tone, 4, cv2.LINE_AA)
        cv2.circle(pixels, (x, y), round(radius * 0.7), tone, 3, cv2.LINE_AA)
    return pixels


@pytest.mark.parametrize("radius", [105, 130, 160])
@pytest.mark.parametrize("tone", [30, 120])
def test_a_seal_is_found_where_it_is(radius, tone):
    text = "\n".join(["Plata se face în termen de zile de la primire"] * 7)
    pixels = drawn(text, rings=[(700, 400, radius, tone)])
    found = seals(np.where(pixels < 185, 255, 0).astype(np.uint8), DPI)
    assert len(found) == 1
    assert abs(found[0].x + found[0].w / 2 - 700) < 8
    assert abs(found[0].w / 2 - radius) < 8


def test_print_and_boxes_are_no_seals():
    text = "\n".join(["OOOO QQQQ 0000 8888 CCCC GGGG"] * 14)
    pixels = drawn(text)
    cv2.rectangle(pixels, (900, 300), (1200, 600), 30, 4)
    cv2.ellipse(pixels, (600, 500), (200, 60), 0, 0, 360, 30, 4)
    assert seals(np.where(pixels < 185, 255, 0).astype(np.uint8), DPI) == ()
    assert seals(np.zeros((4, 4), np.uint8), DPI) == ()


def covers(boxes, box):
    return any(one.overlap(box) >= 0.9 * box.area for one in boxes)


LOST = "Ovidiu Cernat ______ _________ Elena"
ABOVE = "Plata se face în termen"


def test_a_name_that_is_lost_beside_others_under_a_seal_is_covered():
    text = f"{ABOVE}\n{LOST}"
    pixels, page = drawn(text, rings=[(500, 190, 120, 30)]), page_of(text)
    place = Box(100 + WIDE * 14, 100 + STEP, WIDE * 16, HIGH)
    boxes = lost_under_seals(pixels, None, (page,), about=False)
    assert covers([union_of(boxes)], place)
    elsewhere = drawn(text, rings=[(1300, 600, 120, 30)])
    assert lost_under_seals(elsewhere, None, (page,)) == ()
    assert lost_under_seals(drawn(text), None, (page,)) == ()


def union_of(boxes):
    left, top = min(b.x for b in boxes), min(b.y for b in boxes)
    right, bottom = max(b.x + b.w for b in boxes), max(b.y + b.h for b in boxes)
    return Box(left, top, right - left, bottom - top)


def test_where_the_seal_is_taken_away_only_lost_print_is_covered():
    text = f"{ABOVE}\nOvidiu Cernat"
    pixels, page = drawn(text, rings=[(500, 190, 120, 120)]), page_of(text)
    assert lost_under_seals(pixels, drawn(text), (page,)) == ()
    lost = f"{ABOVE}\n{LOST}"
    assert lost_under_seals(pixels, drawn(lost), (page_of(lost),))


@pytest.mark.parametrize("row", [0, 2])
def test_a_line_above_or_below_a_hidden_one_that_nobody_read_is_covered(row):
    lines = ["", "Bianca Rusu", ""]
    lines[row] = "____ ________"
    text = "\n".join(lines)
    name = Box(90, 100 + STEP - 4, WIDE * 12, HIGH + 8)
    boxes = unread_ink(drawn(text), (page_of(text),), (name,))
    assert covers([union_of(boxes)], Box(110, 104 + STEP * row, WIDE * 10, HIGH - 8))


def test_a_scrap_beside_unread_ink_goes_with_it_and_a_word_stays():
    text = "Bianca Rusu ________ 56195 depune"
    name = Box(90, 96, WIDE * 12, HIGH + 8)
    page = page_of(text)
    boxes = unread_ink(drawn(text), (page,), (name,))
    number, word = page.words[2].box, page.words[3].box
    assert covers(boxes, number)
    assert not any(box.overlap(word) for box in boxes)


def test_rows_under_a_seal_are_those_as_high_as_it():
    seal = Box(600, 300, 240, 240)
    rows = [Box(100, y, 200, HIGH) for y in (100, 290, 400, 700)]
    own, beside = rows_under([seal], rows, 24)
    assert [(box.y, box.h) for box in own] == [(290, HIGH), (400, HIGH)]
    assert all(box.x <= 600 and box.x + box.w >= 840 for box in (*own, *beside))
    assert {box.y for box in beside} == {290 - 38, 290 + HIGH, 400 - 38, 400 + HIGH}


def test_a_number_between_two_hidden_words_goes_with_them_and_a_word_stays():
    page = page_of("seria AZ 155571, CNP depus la registratură")
    hidden = tuple(Box(w.box.x - 4, w.box.y - 4, w.box.w + 8, HIGH + 8) for w in page.words)
    boxes = unread_ink(drawn("seria AZ 155571, CNP"), (page,), (hidden[1], hidden[3]))
    assert covers(boxes, page.words[2].box)
    assert not any(box.overlap(page.words[n].box) for box in boxes for n in (0, 4, 5))
    told = page_of("seria AZ eliberat, CNP 155571 depus")
    assert not any(
        box.overlap(told.words[n].box)
        for n in (2, 4, 5)
        for box in unread_ink(drawn("seria AZ eliberat, CNP 155571 depus"), (told,), (hidden[1],))
    )


def test_the_end_of_a_number_right_behind_a_hidden_word_under_a_seal_goes_with_it():
    text = "de Tatiana Albulescu 87-354. depus"
    page = page_of(text)
    hidden = (Box(150, 96, WIDE * 19 - 10, HIGH + 8),)
    sealed = drawn(text, rings=[(560, 160, 120, 30)])
    assert covers(lost_under_seals(sealed, None, (page,), hidden), page.words[3].box)
    bare = drawn(text, rings=[(1300, 700, 120, 30)])
    assert lost_under_seals(bare, None, (page,), hidden) == ()


def test_under_a_seal_as_black_as_print_strange_words_and_numbers_go_and_plain_ones_stay():
    text = "depune Anghq 87-354. în 2014 la 12.03.2014 suma 1.250,00"
    page = page_of(text)
    away = (Box(100, 700, 200, HIGH),)
    words = {word.text: word.box for word in page.words}
    sealed = drawn(text, rings=[(450, 160, 130, 30)])
    boxes = lost_under_seals(sealed, None, (page,), away)
    assert covers(boxes, words["87-354."])
    assert covers(boxes, words["Anghq"])
    plain = ("depune", "în", "2014", "la", "12.03.2014", "suma", "1.250,00")
    assert not any(box.overlap(words[one]) for box in boxes for one in plain)
    beyond = drawn(text, rings=[(1300, 700, 120, 30)])
    assert lost_under_seals(beyond, None, (page,), away) == ()
    paler = drawn(text, rings=[(450, 160, 130, 120)])
    assert lost_under_seals(paler, drawn(text), (page,), away) == ()

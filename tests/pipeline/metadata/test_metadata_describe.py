"""Fields of pages, with page and box."""

import pytest

from pipeline.metadata.documenttext import read_document
from pipeline.metadata.record import description
from pipeline.metadata.spacy_pipeline import analyse as analyse_by_spacy
from pipeline.metadata.understanding import understand as analyse
from schemas.geometry import Box, Size
from schemas.text import Block, Line, PageText, Word

LINE, LETTER, HEIGHT = 40, 12, 30
FIRST = (
    "CONSILIUL LOCAL AL COMUNEI GILĂU\nHOTĂRÂREA NR. 25\ndin 29.07.2016\n"
    "privind apro-\nbarea bugetului\n\nNr. înreg. 1234/05.03.2018"
)


def describe(pages, first_page):
    return description.describe(read_document(pages), first_page).fields


def page(text: str, confidence: float = 0.96) -> PageText:
    blocks, top = [], 100
    for block in text.split("\n\n"):
        lines = []
        for line in block.split("\n"):
            left, words = 100, []
            for word in line.split():
                box = Box(left, top, LETTER * len(word), HEIGHT)
                words.append(Word(word, box, confidence))
                left += LETTER * (len(word) + 1)
            lines.append(Line(tuple(words)))
            top += LINE
        blocks.append(Block(tuple(lines)))
    return PageText(Size(2480, 3508), 300, tuple(blocks))


def test_each_field_has_its_words_page_and_box():
    fields = describe([page(FIRST), page("Art. 1. Se aprobă.")], first_page=7)
    number = fields["number"]
    assert (number.value, number.raw, number.page) == ("25", "25", 7)
    assert number.box == Box(100 + LETTER * len("HOTĂRÂREA NR. "), 140, 2 * LETTER, HEIGHT)
    assert fields["type"].raw == "HOTĂRÂREA"
    assert fields["date"].value == "2016-07-29"
    assert fields["issuer"].value == "Consiliul Local al Comunei Gilău"
    assert {value.source for value in fields.values()} == {"rule"}
    assert (fields["nr_inreg"].value, fields["data_inreg"].value) == ("1234", "2018-03-05")


def test_a_value_over_two_lines_has_one_box_around_both():
    subject = describe([page(FIRST)], first_page=1)["subject"]
    assert subject.value == "aprobarea bugetului"
    assert subject.box is not None
    assert (subject.box.y, subject.box.h) == (100 + 3 * LINE, LINE + HEIGHT)


def test_a_field_is_no_surer_than_the_reading_of_its_words():
    sure = describe([page(FIRST, 0.99)], first_page=1)["number"].confidence
    doubtful = describe([page(FIRST, 0.4)], first_page=1)["number"].confidence
    assert doubtful == 0.4 < sure


def test_the_page_is_the_one_that_bears_the_words():
    fields = describe([page("ceva"), page(FIRST)], first_page=3)
    assert fields["number"].page == 4


def test_without_words_the_type_is_unknown_and_nothing_else_is_said():
    for pages in ([], [PageText(Size(10, 10), 300)]):
        fields = describe(pages, first_page=1)
        assert list(fields) == ["type"]
        assert fields["type"].value == "necunoscut"
        assert fields["type"].box is None


@pytest.mark.parametrize(
    "text",
    [
        FIRST,
        "",
        "Subsemnatul Ion Popescu, CNP 1800101221144, solicit 250,50 lei la 3 mai 2019.\nCERERE",
        "Primăria Cluj-Napoca, str. Lalelelor nr. 4, conform Legii nr. 50/1991.",
    ],
)
def test_rules_alone_find_the_fields_that_the_spacy_pipeline_finds(text):
    assert analyse(text).fields == analyse_by_spacy(text).fields

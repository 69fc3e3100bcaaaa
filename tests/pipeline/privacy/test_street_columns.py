"""Streets that a table counts are no names; where people stand beside them nothing is excused."""

import pytest

from pipeline.metadata.documenttext import read_document
from pipeline.privacy.finding import find_personal
from schemas.geometry import Box, Size
from schemas.text import Block, Line, PageText, Word

CHAR, HEIGHT, PITCH = 18, 30, 48
COLUMNS = (200, 360, 800, 1050, 1300)
LETTER = "Subsemnata Popescu Maria vă rog să reparați trotuarele."
STREETS = ("Rândunicii", "Jderului", "Arinului", "Călușarilor", "Nucșoarei", "Vechi", "Sânzienelor")


def words(text, x, y):
    for word in text.split():
        yield Word(word, Box(x, y, CHAR * len(word), HEIGHT), 0.95)
        x += CHAR * (len(word) + 1)


def page(*rows):
    """A text row is a line; a row of cells stands in columns."""
    lines = []
    for number, row in enumerate(rows):
        y = 200 + number * PITCH
        cells = [(row, 200)] if isinstance(row, str) else zip(row, COLUMNS, strict=False)
        lines += [Line(tuple(words(text, x, y))) for text, x in cells if text]
    return PageText(Size(1654, 2339), 200, (Block(tuple(lines)),))


def hidden(*rows, then=()):
    pages = tuple(page(*one) for one in (rows, then) if one)
    found = find_personal(read_document(pages), pages, 1, None, "cerere")
    return {pages[item.page - 1].words[n].text for item in found.items for n in item.words}


def table(heading, last=()):
    rows = [(str(n), street, str(40 + 7 * n), str(300 + n)) for n, street in enumerate(STREETS, 1)]
    return LETTER, heading, *rows, *last


HEADING = ("Poz.", "Strada", "Clădiri", "Locuitori")


def test_streets_that_are_counted_stay():
    gone = hidden(*table(HEADING))
    assert {"Popescu", "Maria"} <= gone
    assert not gone & set(STREETS)


def test_a_heading_of_several_words_is_one_too():
    heading = ("Nr. crt.", "Denumirea străzii", "Lungime", "Suma")
    assert not hidden(*table(heading)) & set(STREETS)


@pytest.mark.parametrize(
    "heading",
    [
        ("Poz.", "Strada", "Nr.", "Suma"),
        ("Poz.", "Strada", "Suma", "Proprietar"),
        ("Poz.", "Numele", "Clădiri", "Locuitori"),
    ],
)
def test_where_homes_or_people_are_told_nothing_is_excused(heading):
    assert "Nucșoarei" in hidden(*table(heading))


def test_who_signs_under_the_table_is_hidden():
    gone = hidden(*table(HEADING, (("", "Vărzaru Grigore"), "Cu stimă,")))
    assert {"Vărzaru", "Grigore"} <= gone


def test_a_table_that_counts_on_over_the_page_goes_on():
    then = tuple((str(n), s, "12", "800") for n, s in enumerate(("Vămii", "Pietrarilor"), 8))
    assert not hidden(*table(HEADING), then=("Pagina 2 din 3", *then)) & {"Vămii", "Pietrarilor"}


def test_a_list_that_begins_anew_on_the_next_page_is_another():
    then = tuple((str(n), s, "12", "800") for n, s in enumerate(("Bușneag", "Vărzaru"), 1))
    assert {"Bușneag", "Vărzaru"} <= hidden(*table(HEADING), then=then)


def test_a_home_among_the_streets_is_hidden():
    home = ("8", "str. Lalelelor nr. 5, ap. 3", "12", "40")
    assert {"Lalelelor", "5,"} <= hidden(*table(HEADING, (home,)))


def test_a_sentence_that_begins_with_a_gerund_names_nobody():
    gone = hidden(LETTER, "Examinând cererea înregistrată, s-a dispus refacerea trotuarului.")
    assert "Examinând" not in gone

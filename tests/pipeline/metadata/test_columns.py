"""A head in two columns is understood column by column, everything else as it was read."""

from pipeline.metadata.documenttext import joined
from pipeline.metadata.text.columns import HEAD, understood_order
from schemas.geometry import Box, Size
from schemas.text import Block, Line, PageText, Word

HEIGHT, LETTER = 3508, 20


def line(text, x, y):
    words, at = [], x
    for word in text.split():
        words.append(Word(word, Box(at, y, LETTER * len(word), 36), 0.96))
        at += LETTER * (len(word) + 1)
    return Line(tuple(words))


def page(*rows):
    lines = tuple(line(text, x, y) for y, cells in rows for x, text in cells)
    return PageText(Size(2480, HEIGHT), 300, (Block(lines),))


def texts(read):
    return [one.text for one in understood_order(read)]


LETTERHEAD = (
    (200, ((300, "MINISTERUL FINANTELOR"), (1500, "Str. Morii nr. 3"))),
    (260, ((300, "DIRECTIA GENERALA A"), (1500, "Tel. 0256 123456"))),
    (320, ((300, "FINANTELOR PUBLICE TIMIS"),)),
    (420, ((300, "Catre Primaria Comunei Mera"),)),
)


def test_a_letterhead_s_columns_stand_one_behind_the_other():
    assert texts(page(*LETTERHEAD)) == [
        "MINISTERUL FINANTELOR",
        "DIRECTIA GENERALA A",
        "Str. Morii nr. 3",
        "Tel. 0256 123456",
        "FINANTELOR PUBLICE TIMIS",
        "Catre Primaria Comunei Mera",
    ]


def test_a_line_of_the_left_column_between_two_rows_stays_in_it():
    read = page(
        (200, ((300, "INSPECTORATUL"), (1500, "Nesecret"))),
        (260, ((300, "DE POLITIE"),)),
        (320, ((300, "AL JUDETULUI TIMIS"), (1500, "Exemplar unic"))),
    )
    assert texts(read)[:3] == ["INSPECTORATUL", "DE POLITIE", "AL JUDETULUI TIMIS"]


def test_every_word_keeps_its_place_on_the_page():
    read = page(*LETTERHEAD)
    text, placed = joined([read])
    assert sorted(one.place for one in placed) == list(range(len(read.words)))
    assert all(read.words[one.place] is one.word for one in placed)
    assert all(text[one.start : one.end] == one.word.text for one in placed)
    assert [one.start for one in placed] == sorted(one.start for one in placed)


def test_labels_stay_beside_what_they_are_labels_of():
    read = page(
        (200, ((300, "De la:"), (900, "Ion Pop"))),
        (260, ((300, "Trimis:"), (900, "30 iunie 2015"))),
    )
    assert texts(read) == ["De la:", "Ion Pop", "Trimis:", "30 iunie 2015"]


def test_a_number_stays_beside_its_day():
    read = page(
        (200, ((300, "Nr. 6001"), (1500, "Lugoj, 17 mai 1994"))),
        (260, ((300, "Indicativ"), (1500, "Exemplar unic"))),
    )
    assert texts(read) == ["Nr. 6001", "Lugoj, 17 mai 1994", "Indicativ", "Exemplar unic"]


def test_a_line_across_both_columns_ends_them():
    read = page(
        (200, ((300, "JUDETUL TIMIS"), (1500, "Se aproba"))),
        (260, ((300, "o linie care trece peste amandoua coloanele si mai departe de mijloc"),)),
        (320, ((300, "Nume"), (1500, "Prenume"))),
    )
    assert texts(read)[:2] == ["JUDETUL TIMIS", "Se aproba"]


def test_forms_and_signatures_further_down_stay_as_they_were_read():
    low = int(HEAD * HEIGHT) + 100
    below = page((low, ((300, "DIRECTOR"), (1500, "SEF"))), (low + 60, ((300, "A"), (1500, "B"))))
    assert texts(below) == ["DIRECTOR", "SEF", "A", "B"]
    form = page(
        *((100 + 60 * at, ((300, f"randul {at}"),)) for at in range(3)),
        (400, ((300, "Numele"), (1500, "Ion"))),
        (460, ((300, "Adresa"), (1500, "Mera"))),
    )
    assert texts(form)[-4:] == ["Numele", "Ion", "Adresa", "Mera"]


def test_a_line_without_words_does_no_harm():
    empty = PageText(Size(2480, HEIGHT), 300, (Block((Line(()), line("Ion Pop", 300, 200))),))
    assert joined([empty])[0].split() == ["Ion", "Pop"]
    assert joined([PageText(Size(2480, HEIGHT), 300)]) == ("", ())

"""A PDF's own words: their order, whether they are believed, and what reading adds to them."""

from hypothesis import given
from hypothesis import strategies as st

from pipeline.page import PageOutcome
from pipeline.pdf.delivered.arranging import arranged
from pipeline.pdf.delivered.ownpage import is_own, lives_on, own_page, read_in_pictures, with_hidden
from pipeline.pdf.delivered.owntext import (
    Believed,
    believed,
    hidden_is_better,
    is_doubtful,
    reads_better,
)
from schemas.errors import PageFailedError
from schemas.geometry import Affine, Box, Size
from schemas.pdftext import OwnText, PageNature, TextRun
from schemas.records import PageState
from schemas.settings import Settings
from schemas.text import Block, Line, PageText, Reading, Word
from tests.pipeline.drawn import Look, page

SETTINGS = Settings()
KNOWN = "consiliul local al comunei aprobă hotărârea privind bugetul pe anul viitor și lucrările"
GARBLED = (
    "consiliul localºþ alºþ comuneiºþ aprobã hotãrârea privindºþ bugetulº peº anulþ viitorþ ºi"
)


def run(text, x=100, y=100, size=24.0):
    words, left = [], x
    for one in text.split():
        words.append(Word(one, Box(left, y, 12 * len(one), 20), 1.0))
        left += 12 * len(one) + 10
    return TextRun(tuple(words), y + 18, size)


def texts(blocks):
    return [[line.text for line in block.lines] for block in blocks]


def knows(word):
    return word.lower() in KNOWN.split()


def test_cells_are_read_one_after_the_other():
    rows = [run("Nr."), run("Denumirea", 300), run("taxelor", 300, 130), run("Cota", 700)]
    more = [
        run("1.", 100, 190),
        run("Taxa", 300, 190),
        run("locală", 300, 220),
        run("5%", 700, 190),
    ]
    assert texts(arranged([*rows, *more])) == [
        ["Nr."],
        ["Denumirea", "taxelor"],
        ["Cota"],
        ["1."],
        ["Taxa", "locală"],
        ["5%"],
    ]


def test_a_page_written_in_leaps_is_ordered_by_its_look():
    lines = [run(f"rândul {number}", 100, 100 + 30 * number) for number in range(30)]
    written = lines[::-1]
    assert [line.text for block in arranged(written) for line in block.lines] == [
        f"rândul {number}" for number in range(30)
    ]


def test_pieces_of_a_line_are_one_line_and_letters_are_clean():
    pieces = [run("Hotă"), run("rârea", 152), run("şedinţei", 240)]
    assert texts(arranged(pieces)) == [["Hotă rârea ședinței"]]
    assert texts(arranged([run("\ue000")])) == []


@given(st.lists(st.tuples(st.integers(0, 900), st.integers(0, 900), st.booleans()), max_size=30))
def test_no_word_is_lost_or_doubled(places):
    runs = [
        TextRun(run(f"cuvânt{n} al", x, y).words, y + 18.0, 24.0, upright)
        for n, (x, y, upright) in enumerate(places)
    ]
    blocks = arranged(runs)
    found = sorted(word.text for block in blocks for line in block.lines for word in line.words)
    assert found == sorted(word.text for one in runs for word in one.words)


def test_what_is_no_language_is_doubted():
    good, bad = (believed(run(text).words, knows) for text in (KNOWN, GARBLED))
    assert good.known == 1
    assert bad.known < 0.3
    assert not is_doubtful(OwnText(PageNature.DIGITAL), good)
    assert is_doubtful(OwnText(PageNature.DIGITAL), bad)
    assert is_doubtful(OwnText(PageNature.DIGITAL, unmapped=0.2), good)
    assert reads_better(good, OwnText(PageNature.DIGITAL), bad)
    assert not reads_better(bad, OwnText(PageNature.DIGITAL), good)
    assert not reads_better(good, OwnText(PageNature.DIGITAL), good)
    assert believed(run("hotărârea").words, knows).known is None


def test_hidden_text_is_kept_only_where_it_is_better():
    ours = PageText(Size(2000, 1000), 300, (Block((Line(run(KNOWN).words),)),))
    good, bad = Believed(0.9, 80), Believed(0.6, 80)
    assert hidden_is_better(ours, bad, good)
    assert not hidden_is_better(ours, good, bad)
    assert not hidden_is_better(ours, good, good)
    assert not hidden_is_better(ours, bad, Believed(0.9, 20))


def outcome(text):
    blocks = (Block((Line(run(text).words),)),)
    reading = Reading("opis 1", "ron", "dpi 200")
    size = Size(2000, 1000)
    page = PageText(size, 300, blocks, size, Affine(), reading)
    return PageOutcome(PageState.RECOGNISED, page, b"", "access")


def test_hidden_text_is_noted_either_way():
    theirs = OwnText(PageNature.HIDDEN, (run(KNOWN),))
    kept = with_hidden(outcome(GARBLED), theirs, SETTINGS, "ron").text
    assert kept.plain == KNOWN
    assert kept.reading.engine == "pdf text"
    assert "hidden text kept" in kept.reading.settings
    assert not is_own(kept)
    replaced = with_hidden(
        outcome(KNOWN), OwnText(PageNature.HIDDEN, (run(GARBLED),)), SETTINGS, "ron"
    ).text
    assert (replaced.plain, replaced.reading.engine) == (KNOWN, "opis 1")
    assert "hidden text replaced" in replaced.reading.settings


def page_of(own, read_as):
    pixels = page(Look(lines=2))
    return own_page(pixels, 200, own, SETTINGS, "ron", lambda: outcome(read_as))


def test_words_that_are_believed_are_not_read():
    made = page_of(OwnText(PageNature.DIGITAL, (run(KNOWN),)), GARBLED)
    assert made.text.plain == KNOWN
    assert made.text.confidence == 1
    assert lives_on(made.text)
    assert not read_in_pictures(made.text).words
    signed = page_of(OwnText(PageNature.DIGITAL, (run(KNOWN),), signed=True), GARBLED)
    assert is_own(signed.text)
    assert not lives_on(signed.text)


def test_words_that_are_not_believed_give_way_to_reading():
    made = page_of(OwnText(PageNature.DIGITAL, (run(GARBLED),)), KNOWN)
    assert made.text.plain == KNOWN
    assert [finding.code for finding in made.findings] == ["pdf-text-unreadable"]
    assert not is_own(made.text)


def test_a_page_that_cannot_be_read_has_its_own_words():
    def gives_up():
        raise PageFailedError("dark")

    own = OwnText(PageNature.DIGITAL, (run(KNOWN),), pictures=(Box(0, 0, 2000, 200),))
    made = own_page(page(Look(lines=2)), 200, own, SETTINGS, "ron", gives_up)
    assert made.text.plain == KNOWN


def test_words_in_pictures_are_added():
    own = OwnText(PageNature.DIGITAL, (run(KNOWN, y=500),), pictures=(Box(0, 0, 2000, 200),))
    made = page_of(own, "ștampila primăriei")
    assert read_in_pictures(made.text).plain == "ștampila primăriei"
    assert made.text.plain == f"{KNOWN}\n\nștampila primăriei"
    assert lives_on(made.text)

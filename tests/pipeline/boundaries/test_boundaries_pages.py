"""What a page tells by itself, whatever was read on it."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.boundaries.guessing import beginnings, facts_of
from pipeline.boundaries.pages import BLANK, UNREADABLE, page_facts
from pipeline.boundaries.pairs import NAMES, binder_of, features, place_of
from schemas.geometry import Box, Size
from schemas.records import PageState
from schemas.text import Block, Line, PageText, Word
from tests.pipeline.boundaries.boundary_samples import BODY, decision, middle, page

NUMBER = st.integers(-50, 4000)
BOXES = st.builds(Box, NUMBER, NUMBER, NUMBER, NUMBER)
WORDS = st.builds(Word, st.text(max_size=12), BOXES, st.floats(0, 1))
LINES = st.builds(Line, st.lists(WORDS, min_size=1, max_size=5).map(tuple))
BLOCKS = st.builds(Block, st.lists(LINES, min_size=1, max_size=4).map(tuple))
TEXTS = st.builds(
    PageText,
    st.builds(Size, st.integers(0, 4000), st.integers(0, 4000)),
    st.integers(0, 1200),
    st.lists(BLOCKS, max_size=4).map(tuple),
)


@given(st.lists(st.tuples(st.sampled_from(PageState), st.none() | TEXTS), max_size=6))
@settings(max_examples=60, deadline=None)
def test_whatever_was_read_each_page_gets_a_chance(read):
    facts = [facts_of(state, text) for state, text in read]
    sure = beginnings(facts)
    assert len(sure) == len(facts)
    assert all(0 <= chance <= 1 for chance in sure)
    assert all(chance == 0 for chance, one in zip(sure, facts, strict=True) if one.blank)


@pytest.mark.parametrize(
    ("foot", "number", "total"),
    [
        ("Pagina 2 din 3", 2, 3),
        ("pag. 2/3", 2, 3),
        ("Paglna 2 dln 3", 2, 3),
        ("2 / 3", 2, 3),
        ("- 2 -", 2, 0),
        ("– 12 –", 12, 0),
        ("pag. 4", 4, 0),
        ("l7", 17, 0),
        ("3 din 2", 0, 0),
        ("Telefon 0256 408 300", 0, 0),
    ],
)
def test_page_numbers(foot, number, total):
    facts = page_facts(middle(foot))
    assert (facts.number, facts.total) == (number, total)


def test_the_number_is_no_row_of_the_text():
    assert page_facts(middle("Pagina 2 din 3")).bottom == page_facts(middle()).bottom < 0.5


@pytest.mark.parametrize(
    "title", ["HOTĂRÂREA NR. 7", "HOTARAREA NR. 7", "HOTĂRÂRZA nr. 7", "H O T Ă R Â R E A nr. 7"]
)
def test_titles_are_known_as_scanners_read_them(title):
    facts = page_facts(page("CONSILIUL LOCAL", title, *BODY, centred=(0, 1)))
    assert facts.title >= 0.5
    assert facts.letterhead == 1
    assert facts.annex_title == 0


def test_a_sentence_about_a_decision_is_no_title():
    facts = page_facts(
        page("Hotărârea nr. 7 a fost adusă la cunoștință publică prin afișare", *BODY)
    )
    assert facts.title == 0


def test_annexes_know_their_act():
    facts = page_facts(page("ANEXA nr. 1 la H.C.L. nr. 7/2014", "REGULAMENT", *BODY, centred=(1,)))
    assert facts.annex
    assert facts.annex_of
    assert facts.annex_title >= 0.5
    assert facts.title == 0


def test_cells_at_one_height_are_one_row():
    words = [
        Line((Word(text, Box(x, 100, 80, 14), 0.9),))
        for text, x in (("Primar", 90), ("Secretar", 500))
    ]
    facts = page_facts(PageText(Size(827, 1169), 100, tuple(Block((one,)) for one in words)))
    assert facts.rows == 1
    assert facts.header == "primar secretar"
    assert facts.signed == 1


def test_a_page_without_words_is_not_a_blank_one():
    assert not page_facts(PageText(Size(827, 1169), 100)).blank
    assert BLANK.blank
    assert not UNREADABLE.blank


def test_type_is_measured_in_points_whatever_the_resolution():
    small = page_facts(decision(7)).type
    text = decision(7)
    double = PageText(
        Size(1654, 2338),
        200,
        tuple(
            Block(
                tuple(
                    Line(
                        tuple(
                            Word(w.text, Box(*(2 * v for v in w.box.as_list())), w.confidence)
                            for w in line.words
                        )
                    )
                    for line in block.lines
                )
            )
            for block in text.blocks
        ),
    )
    large = page_facts(double).type
    assert small is not None
    assert large is not None
    assert large.letter == pytest.approx(small.letter)
    assert large.pitch == pytest.approx(small.pitch)


def test_numberings_that_go_on_are_seen():
    first = page_facts(page("Art. 1. Se aprobă bugetul", "Art. 2. Se aprobă lista", *BODY))
    goes_on = page_facts(page("Art. 3. Se comunică", *BODY))
    anew = page_facts(page("Art. 1. Se aprobă", *BODY))
    for second, name in ((goes_on, "same_numbering"), (anew, "new_numbering")):
        told = features(place_of(binder_of((first, second)), 1))
        assert told[name] == 1
        assert told.keys() == set(NAMES)

"""Highlighting looks at few words of a page and marks what looking at all of them would."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.alto import write_alto
from schemas.geometry import Box, Size
from schemas.printed import read_printed
from schemas.text import Block, Line, PageText, Word
from search.analysis import tokens, whole_words
from search.highlight import answering_words, highlight, likely_words
from search.query import parse
from tests.search.plain_highlight import near, plainly_told

PRINTED = (
    *("Hotărârea", "hotărîri", "HOTARARE", "hotă-", "râre", "rarea,", "nr.", "25/2016,", "H.C.L."),
    *(
        "29",
        "iulie",
        "2016",
        "29.07.2016",
        "iluminatului",
        "iluminat",
        "public",
        "publice",
        "pub1ic",
    ),
    *(
        "străzii",
        "strada",
        "Crinului",
        "CRINULUI",
        "Crinuiui",
        "prim-",
        "prim-ministru",
        "ministru",
    ),
    *("e-mail", "email", "–", "-", "(a)", "și", "sînt", "sunt", "înregistrate", "cad.", "123456"),
    *(
        "1.250,50",
        "lei",
        "modernizarea",
        "modem",
        "rnodern",
        "cornuna",
        "comuna",
        "ﬁnale",
        "Șoseaua",
    ),
    *(
        "casa",
        "cada",
        "case",
        "a" * 170,
        "Ștefan",
        "stefan",
        "«a»",
        "t\u0327ară",
        "ţara",
        "ªb",
        "İz",
    ),
)
ASKED = (
    *(
        "hotarare",
        "hotărâre nr. 25/2016",
        "hcl 25/2016",
        "29 iulie 2016",
        "29.07.2016",
        "iulie 2016",
    ),
    *(
        '"iluminat public"',
        "iluminatilui public",
        "public",
        "strada crinului",
        "crinuui",
        "primministru",
    ),
    *(
        "prim-ministru",
        "email",
        "e-mail",
        "sunt",
        "înregistrat*",
        "cad. 123456",
        "1250,50 lei",
        "case",
    ),
    *("+casa", "-casa strada", "tip:cerere casa", "modern SAU comuna", "comuna", "comnua", "sos"),
    *("ștefan", "nr 25", "țara", "a*", '"nr. 25/2016"', "an:2016", "finale", "mo*", "ab", "iz", ""),
)


def page_of(blocks):
    """A page of blocks of lines of words."""
    made = []
    for b, lines in enumerate(blocks):
        made.append(
            Block(
                tuple(
                    Line(tuple(Word(w, Box(m, n, b, 9), 0.5) for m, w in enumerate(words)))
                    for n, words in enumerate(lines)
                )
            )
        )
    return PageText(Size(100, 100), 300, tuple(made))


WORDS = st.sampled_from(PRINTED) | st.text("aăîșrnm1l-.,/25 ", min_size=1, max_size=6)
PAGES = st.lists(
    st.lists(st.lists(WORDS, min_size=1, max_size=12), min_size=1, max_size=6), max_size=3
).map(page_of)
QUERIES = st.lists(st.sampled_from(ASKED) | st.sampled_from(PRINTED), min_size=1, max_size=3)


@given(PAGES, QUERIES)
def test_every_word_that_answers_is_marked_and_no_other(page, asked):
    query = parse(" ".join(asked))
    boxes, snippet = plainly_told(page, query)

    for words in (page, read_printed(write_alto(page, "a.tif", 1))):
        found = highlight(words, query)
        assert (found.boxes, found.snippet) == (boxes, snippet)
        assert len(answering_words(words, query)) == len(set(answering_words(words, query)))


@given(PAGES, st.sampled_from(("iluminat", "crinului", "comuna", "modern", "hotarare", "stefan")))
def test_what_may_have_been_meant_is_told_of_all_words(page, asked):
    word = parse(asked).words[0]
    words = whole_words([[w.text for w in line.words] for line in b.lines] for b in page.blocks)
    every = [(n, token) for n, text in enumerate(words.texts) for token in tokens(text)]
    found = likely_words(page, word)

    if any(word.answers(token) for _, token in every):
        assert found is None
    else:
        assert set(found or ()) <= {words.texts[n][t.start : t.end] for n, t in near(word, every)}


def test_a_page_with_an_empty_word_is_marked():
    page = page_of([[["", "strada", ""], ["", "Crinului"]]])

    assert answering_words(page, parse("crinului")) == {4}


@pytest.mark.parametrize("asked", ASKED)
def test_an_empty_page_has_no_marks(asked):
    assert highlight(page_of([]), parse(asked)).boxes == ()

"""What the embedded index keeps so that a word is one list of pages, against what the pages say."""

import gc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.access import Grant
from search.analysis import LONGEST_TOKEN, tokens
from search.asking.lexicon import _words
from search.backend import Backend
from search.index.pages import uncollected
from search.romanian import _ABBREVIATIONS, _IRREGULAR, first_letters, keys, strip_marks
from tests.search.index_samples import A, B, page, pages_found

WORDS = (
    *("alb", "albastru", "albina", "albinele", "albinelor", "alb-negru", "al", "a", "albine"),
    *("bine", "banca", "băncile", "bancă", "Banc", "autorizație", "autorizare", "autoritate"),
)


@given(st.text(st.sampled_from("aăâîbcdeilnorstșțuz.-ŞÎ1"), min_size=1, max_size=24))
def test_a_folded_word_has_always_the_same_first_key(text):
    for token in tokens(text):
        if len(token.fold) < LONGEST_TOKEN:
            assert keys(token.fold)[0] in token.keys


@pytest.fixture
def words(embedded) -> Backend:
    return embedded.fill([page(A, n, word) for n, word in enumerate(WORDS, 1)])


@pytest.mark.parametrize(
    "beginning", ["al", "alb", "albi", "albin", "albine", "autori", "banci", "ba", "xx", "autor"]
)
def test_a_beginning_finds_every_word_that_begins_so(words, beginning):
    expected = {
        (A, n)
        for n, word in enumerate(WORDS, 1)
        if any(token.fold.startswith(beginning) for token in tokens(word))
    }

    assert set(pages_found(words, f"{beginning}*")) == expected


def test_a_title_finds_a_quoted_word_only_where_it_stands(embedded):
    backend = embedded.fill(
        [page(A, 1, "se aprobă planul", type="hotărâre"), page(A, 2, "hotărâre veche")]
    )

    assert pages_found(backend, "hotărâre") == [(A, 2), (A, 1)]
    assert pages_found(backend, '"hotărâre"') == [(A, 2)]


def test_words_to_suggest_stand_by_the_pages_that_may_be_seen(embedded):
    """Those that hidden pages have most of come last, and still all are told."""
    hidden = [page(B, n, "maro mare", institution="b") for n in range(1, 12)]
    shown = ["mere", "maro", "mare mure", "mure mure", "mure"]
    backend = embedded.fill(
        [page(A, n, w, institution="a") for n, w in enumerate(shown, 1)], hidden
    )

    told = backend.terms("m", limit=2, grants=(Grant(("a",)),))
    assert told == (("mure", 3), ("mare", 1))
    assert backend.terms("m", limit=1) == (("mare", 12),)


def test_a_word_of_which_most_is_cut_is_found_by_what_is_left(embedded):
    long = "z" * LONGEST_TOKEN
    backend = embedded.fill([page(A, 1, f"{long}ilor"), page(A, 2, f"{long}ului")])

    assert len(pages_found(backend, f"{long}ul")) == 2


def test_indexing_leaves_the_collector_as_it_was():
    with uncollected():
        assert not gc.isenabled()
    assert gc.isenabled()


@given(st.text(st.sampled_from("aăâîbcdeilnorstșțuzŞÎﬆé"), min_size=1, max_size=14))
def test_highlighting_looks_closer_at_every_word_that_may_answer(word):
    """Of a word that is one printed word, the first letter is one of its keys' first letters."""
    (token,) = tokens(word)
    first = strip_marks(word[0])[:1]

    assert token.fold[0] == first
    assert all(first in first_letters(key) for key in token.keys)


def test_no_word_of_the_tables_begins_otherwise_than_its_keys_tell():
    words = _words()
    for fold in {*_IRREGULAR, *_ABBREVIATIONS, *(one for every in words.values() for one in every)}:
        assert all(fold[0] in first_letters(key) for key in keys(fold))

"""Tokens: folded letters, keys, offsets, numbers, words broken at line ends."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.analysis import join_hyphens, normal, text_words, tokens, whole_words


def folds(text):
    return [token.fold for token in tokens(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("25/2016", ["25", "2016"]),
        ("29.07.2016", ["29", "07", "2016"]),
        ("Nr.25, bl. A4", ["nr", "25", "bl", "a4"]),
        ("Ședința ŞEDINŢA șed\u00adință", ["sedinta"] * 3),
        ("HOTĂRÂREA Hotărîrea sînt", ["hotararea", "hotararea", "sunt"]),
        ("ﬁn ½ m²", ["fin", "12", "m2"]),
        ("într-o „casă”…", ["intr", "o", "casa"]),
        ("1.290,50 lei", ["1", "290", "50", "lei"]),
        ("", []),
        (" \n\t…—„”«» ", []),
    ],
)
def test_words_and_numbers_are_folded_in_sequence(text, expected):
    assert folds(text) == expected


def test_a_number_is_its_own_key():
    assert [token.keys for token in tokens("2016 12A")] == [("2016",), ("12a",)]


def test_composed_and_decomposed_letters_are_the_same():
    text = "Hotărârea ședinței"

    assert folds(unicodedata.normalize("NFD", text)) == folds(text)


def test_offsets_are_those_of_the_text_as_given():
    text = unicodedata.normalize("NFD", "Șoseaua „Ștefan”")

    assert [text[t.start : t.end] for t in tokens(text)] == [
        unicodedata.normalize("NFD", word) for word in ("Șoseaua", "Ștefan")
    ]


@pytest.mark.parametrize("word", ["neîncetat", "reîntoarcere", "bineînțeles", "însă", "coborî"])
def test_i_with_circumflex_at_a_words_edges_stays_i(word):
    assert tokens(word)[0].keys == tokens(word.replace("î", "i").replace("ț", "t"))[0].keys


def test_words_broken_at_a_lines_end_are_joined():
    lines = [
        "privind hotă-",
        "râre a con-",
        "siliu-",
        "lui Cluj-",
        "Napoca, într-",
        "o zi, s-",
        "a dat 25-",
        "a",
    ]

    assert (
        join_hyphens(lines)
        == "privind hotărâre a consiliului Cluj- Napoca, într- o zi, s- a dat 25- a"
    )


def test_a_broken_word_keeps_the_places_of_its_parts():
    words = whole_words([[["hotă-"], ["râre", "nouă"]], [["alta-"]], [["parte"]]])

    assert [(text, tuple(words.parts(n))) for n, text in enumerate(words.texts)] == [
        ("hotărâre", (0, 1)),
        ("nouă", (2,)),
        ("alta-", (3,)),
        ("parte", (4,)),
    ]


def test_plain_text_has_the_same_words_as_its_page():
    text = "a fost hotă-\nrâre,\n \nbun-\n\nprimăvară"

    assert text_words(text) == ("a", "fost", "hotărâre,", "bun-", "primăvară")


def test_a_fields_value_is_compared_without_case_marks_and_signs():
    assert (
        normal(" Consiliul  LOCAL – Șag ")
        == normal("consiliul local, sag")
        == "consiliul local sag"
    )


@given(st.text(max_size=200))
def test_any_text_gives_clean_tokens_in_order(text):
    found = tokens(text)
    ends = [0, *(token.end for token in found)]

    for token, before in zip(found, ends, strict=False):
        assert before <= token.start < token.end <= len(text)
        assert all(map(str.isalnum, token.fold))
        assert all(key and all(map(str.isalnum, key)) for key in token.keys)


@given(st.text(alphabet="abcășțâî- \n", max_size=60))
def test_the_quick_way_through_text_is_the_long_way(text):
    blocks = [[line.split() for line in block.split("\n")] for block in text.split("\n\n")]

    assert text_words(text) == whole_words(blocks).texts


@given(st.lists(st.lists(st.text(alphabet="ab-", min_size=1, max_size=4), max_size=4), max_size=5))
def test_every_printed_word_is_part_of_one_searched_word(lines):
    words = whole_words([lines])
    parts = [part for n in range(len(words.texts)) for part in words.parts(n)]

    assert parts == list(range(sum(map(len, lines))))

"""What is typed becomes clauses; filters are known or named."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.errors import UsageError
from search.query import FILTERS, Query, parse, read_filters


def clauses(text):
    return [[word.fold for word in clause.words] for clause in parse(text).clauses]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Iluminat public", [["iluminat"], ["public"]]),
        ("„iluminat public” strada", [["iluminat", "public"], ["strada"]]),
        ('"Consiliul Local" "nr. 25"', [["consiliul", "local"], ["nr", "25"]]),
        ("«iluminat public»", [["iluminat", "public"]]),
        ("hcl 25/2016", [["hcl"], ["25", "2016"]]),
        ("29.07.2016", [["29", "07", "2016"]]),
        ("casă, curte;grădină|gard", [["casa"], ["curte"], ["gradina"], ["gard"]]),
        ("strada strada STRADA", [["strada"]]),
        ('"" „” "?"', []),
    ],
)
def test_words_quotations_and_numbers(text, expected):
    assert clauses(text) == expected
    assert not parse(text).unclosed


@pytest.mark.parametrize("text", ['"iluminat public', 'iluminat public"', '"iluminat" "public'])
def test_an_unfinished_quotation_is_words_and_is_told(text):
    assert clauses(text) == [["iluminat"], ["public"]]
    assert parse(text).unclosed


@given(st.text(max_size=300))
def test_nothing_typed_raises(text):
    assert len(parse(text).clauses) <= 32
    assert all(clause.words for clause in parse(text).clauses)


def test_an_endless_query_is_cut():
    assert len(parse(" ".join(f"cuvant{n}" for n in range(10_000))).clauses) == 32


def test_nothing_is_no_clause():
    assert parse("  ") == Query()


def test_filters_are_read_as_typed():
    given_ = ["type=hotărâre", "issuer = Consiliul=Local", "year="]

    assert read_filters(given_) == {"type": "hotărâre", "issuer": " Consiliul=Local", "year": ""}
    assert set(read_filters(f"{name}=x" for name in FILTERS)) == set(FILTERS)


@pytest.mark.parametrize("text", ["colour=red", "hotărâre", "=x", ""])
def test_an_unknown_filter_is_a_usage_error(text):
    with pytest.raises(UsageError) as caught:
        read_filters([text])

    assert caught.value.code == "filter-unknown"

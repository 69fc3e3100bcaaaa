"""What is asked of the index: as typed, and with wrong letters forgiven."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.errors import UsageError
from search.plan import Plan, plan, wider
from search.query import parse

FUZZY = {"near1", "near2"}


def every_word_there(groups):
    return [False] * len(groups)


def no_word_there(groups):
    return [True] * len(groups)


def kinds(planned):
    return {condition.kind for group in planned.groups for condition in group}


def fields(planned, kind):
    return {c.field for group in planned.groups for c in group if c.kind == kind}


def test_what_is_typed_costs_no_fuzzy_search():
    planned = plan(parse("hotărâre „iluminat public” urban* 29.07.2016 tip:cerere -gard"), {})

    assert len(planned.groups) == 4
    assert (len(planned.within), len(planned.excluded)) == (1, 1)
    assert not kinds(planned) & FUZZY


def test_a_word_that_is_there_is_compared_with_misread_words_alone():
    planned = wider(parse("iluminat"), {}, every_word_there)

    assert fields(planned, "near1") == fields(planned, "near2") == {"look"}


def test_a_word_that_no_page_has_is_compared_with_every_word():
    assert "fold" in fields(wider(parse("xiluminaq"), {}, no_word_there), "near2")
    assert "fold" in fields(wider(parse("iluminat"), {}, no_word_there), "near1")
    assert "fold" not in fields(wider(parse("iluminat"), {}, no_word_there), "near2")


@pytest.mark.parametrize(
    "text", ['"iluminat public"', "+iluminat", "ilumin*", "tip:cerere", "", "?"]
)
def test_nothing_is_forgiven_of_what_was_asked_as_it_stands(text):
    assert wider(parse(text), {}, no_word_there) is None


def test_words_of_three_letters_and_figures_must_be_right():
    assert not kinds(wider(parse("gaz 2016"), {}, no_word_there)) & FUZZY


def test_the_kind_of_an_act_only_ranks_where_little_is_found():
    asked = parse("HCL 25/2016")

    assert len(plan(asked, {}).groups) == 2
    assert len(wider(asked, {}, every_word_there).groups) == 1
    assert len(wider(parse("HCL"), {}, every_word_there).groups) == 1


def test_fuzzy_searches_of_a_long_query_are_few():
    planned = wider(
        parse(" ".join(f"cuvinte{sign * 3}" for sign in "abcdefghijklmno")), {}, no_word_there
    )
    near = [c for group in planned.groups for c in group if c.kind in FUZZY]

    assert len(planned.groups) == 15
    assert 0 < len(near) <= 8 * 12


def test_filters_are_checked():
    with pytest.raises(UsageError, match="filter-unknown"):
        plan(parse("strada"), {"colour": "red"})


@given(st.text(max_size=120), st.booleans())
def test_any_text_is_planned(text, absent):
    answers = no_word_there if absent else every_word_there
    for planned in (plan(parse(text), {}), wider(parse(text), {}, answers)):
        for group in (*planned.groups, *planned.excluded, *planned.optional) if planned else ():
            assert group
            assert all(all(condition.values) for condition in group)
    assert plan(parse(""), {}) == Plan((), ())

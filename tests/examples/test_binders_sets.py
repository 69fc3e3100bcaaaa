"""Sets of sample papers: what was developed with is not what is tested with."""

import random
from dataclasses import replace
from itertools import combinations

import pytest

from examples.binders.lexicon import SETS, WIDER, names
from examples.binders.people import County, person, spelled
from examples.binders.templates import templates


def test_the_sets_of_many_kinds_share_nothing_and_keep_out_of_all():
    every = [names(one) for one in (*SETS, *WIDER)]
    for one, other in combinations(every, 2):
        assert not set(one.towns) & set(other.towns)
        assert not set(one.firms) & set(other.firms)
    held, *others = (names(one) for one in ("unseen", "wide", "check", "varied", "fresh", "sealed"))
    for other in others:
        assert not set(held.surnames) & set(other.surnames)
        assert not set(held.officials) & set(held.surnames)
    ids = [{one.id for one in templates(one, 2000)} for one in (*WIDER, "all")]
    assert not any(one & other for one, other in combinations(ids, 2))
    assert all(len(one) > 10 for one in ids)
    assert len(ids[0] | ids[1]) >= 25


@pytest.mark.parametrize(
    ("form", "text"),
    [
        (None, "Ana Maria Popescu"),
        ("inv", "Popescu Ana Maria"),
        ("fam", "Popescu"),
        ("pren", "Ana Maria"),
        ("init", "A. Popescu"),
        ("rupt1", "Ana Maria Pope-"),
        ("rupt2", "scu"),
    ],
)
def test_a_name_is_spelled_as_papers_do(form, text):
    who = person(
        random.Random(1), names("dev"), "Lunca Teilor", County(35, "Timiș", "TM", "TZ"), 2000
    )
    spelled_so, value = spelled(replace(who, name="Ana Maria Popescu"), form)
    assert spelled_so == text
    assert value in {"Ana Maria Popescu", text}

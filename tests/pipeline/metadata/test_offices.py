"""Papers of offices from 1958 on: number, day and issuer are the paper's own, or left to a person."""

import tomllib
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

from pipeline.metadata.documenttext import read_document
from pipeline.metadata.forms.dates import find_dates
from pipeline.metadata.record.description import describe
from pipeline.metadata.text.view import fold
from schemas.geometry import Box, Size
from schemas.text import Block, Line, PageText, Word

PAPERS = tomllib.loads((Path(__file__).parent / "office_papers.toml").read_text(encoding="utf-8"))[
    "paper"
]
SURE, MOST_MISSED = 0.8, 2


@cache
def fields(text):
    lines = tuple(
        Line(tuple(Word(w, Box(100 * at, 40 * row, 90, 30), 0.96) for at, w in enumerate(words)))
        for row, words in enumerate(line.split() for line in text.strip().split("\n"))
    )
    return describe(read_document([PageText(Size(2480, 3508), 300, (Block(lines),))]), 1).fields


def same(one, other):
    return "".join(filter(str.isalnum, fold(one).lower())) == "".join(
        filter(str.isalnum, fold(other).lower())
    )


@pytest.mark.parametrize("paper", PAPERS, ids=range(len(PAPERS)))
def test_nothing_is_wrong_and_sure(paper):
    said = fields(paper["text"])
    wrong = {
        name: (said[name].value, said[name].confidence)
        for name, true in paper["want"].items()
        if name in said and not same(said[name].value, true)
    }
    assert not {name: one for name, one in wrong.items() if one[1] >= SURE}


def test_nearly_all_is_right():
    missed = Counter()
    for paper in PAPERS:
        said = fields(paper["text"])
        for name, true in paper["want"].items():
            missed[name] += not (name in said and same(said[name].value, true))
    assert max(missed.values()) <= MOST_MISSED


def test_a_letter_that_came_in_has_its_own_number_and_the_registry_s():
    said = fields(
        "PREFECTURA JUDEȚULUI BIHOR\nNr. 3201/S.J. din 26 mai 2006\nPrimăria Ceica\n"
        "Intrat nr. 37399\n28 mai 2006\nCătre\nConsiliul Local al Comunei Ceica\n"
        "Vă facem cunoscut că hotărârea nr. 52/01.01.2006 este legală.\n"
    )
    got = {name: said[name].value for name in ("number", "date", "nr_inreg", "data_inreg")}
    assert got == {
        "number": "3201/S.J.",
        "date": "2006-05-26",
        "nr_inreg": "37399",
        "data_inreg": "2006-05-28",
    }


def test_a_house_s_number_under_the_title_is_not_the_paper_s():
    said = fields(
        "PRIMĂRIA COMUNEI CEICA\nADEVERINȚĂ\n"
        "Se adeverește că d-l Lazăr Florian din Ceica nr. 112 a depus o cerere.\n"
    )
    assert "number" not in said


def test_two_days_that_could_both_be_the_paper_s_are_not_sure():
    said = fields(
        "PRIMĂRIA COMUNEI CEICA\nNr. 41 din 03.02.2014\nADEVERINȚĂ\ndin 05.02.2014\n"
        "Se adeverește că numitul Ion Pop are casă.\n"
    )
    assert said["date"].confidence < SURE


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("ziua 12 luna XI anul 1978", "1978-11-12"),
        ("Anul 1987 luna 05 ziua 15", "1987-05-15"),
        ("ziua ...9... luna noiembrie anul 1966", "1966-11-09"),
        ("din 12.XI.68", "1968-11-12"),
    ],
)
def test_days_of_stamps(text, day):
    assert [one.value for one in find_dates(text)] == [day]


@pytest.mark.parametrize("text", ["ziua 31 luna 02 anul 1978", "ziua 3 luna 14 anul 1978"])
def test_a_stamp_s_day_that_no_calendar_has_is_none(text):
    assert not [one for one in find_dates(text) if len(one.value) == len("1978-02-31")]

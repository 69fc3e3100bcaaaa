"""Whose paper it is, and which number and date are its own: right, or left to a person."""

import tomllib
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

from pipeline.metadata.documenttext import read_document
from pipeline.metadata.record.description import describe
from pipeline.metadata.text.view import build_view
from schemas.geometry import Box, Size
from schemas.text import Block, Line, PageText, Word

PAPERS = tomllib.loads((Path(__file__).parent / "letterheads.toml").read_text(encoding="utf-8"))[
    "paper"
]
NAMED = tomllib.loads((Path(__file__).parent / "named_papers.toml").read_text(encoding="utf-8"))
SURE = 0.8


@cache
def fields(text):
    lines = tuple(
        Line(tuple(Word(w, Box(100 * at, 40 * row, 90, 30), 0.96) for at, w in enumerate(words)))
        for row, words in enumerate(line.split() for line in text.strip().split("\n"))
    )
    return describe(read_document([PageText(Size(2480, 3508), 300, (Block(lines),))]), 1).fields


@pytest.mark.parametrize("paper", PAPERS, ids=range(len(PAPERS)))
def test_nothing_is_wrong_and_sure(paper):
    said = fields(paper["text"])
    wrong = {
        name: (said[name].value, said[name].confidence)
        for name, true in paper["want"].items()
        if name in said and said[name].value not in {true, "necunoscut"}
    }
    assert not {name: one for name, one in wrong.items() if one[1] >= SURE}


def test_nearly_all_is_right():
    asked, right = Counter(), Counter()
    for paper in PAPERS:
        said = fields(paper["text"])
        for name, true in paper["want"].items():
            asked[name] += 1
            right[name] += name in said and said[name].value == true
    missed = {name: asked[name] - right[name] for name in asked}
    assert asked["issuer"] >= 55
    assert missed["issuer"] <= 4
    assert max(missed[name] for name in ("type", "number", "date")) == 0


def test_a_register_s_rows_are_no_number_of_the_paper():
    said = fields(
        "TABEL\ncu adresele primite\n812 din 16.05.2023 Primăria Gilău\n"
        "755 din 26.12.2022 Școala nr. 2\n118 din 03.02.2023 Poliția\n"
    )
    assert "number" not in said


def test_the_number_of_the_answered_request_is_not_sure():
    said = fields(
        "PRIMĂRIA COMUNEI GILĂU\nAUTORIZAȚIE DE CONSTRUIRE\nNr. g2 din 08.02.1997\n"
        "Ca urmare a cererii nr. 9205 din 10.08.1996, formulată de domnul Ion Pop, se autorizează"
    )
    assert all(said[name].confidence < SURE for name in ("number", "date") if name in said)


@pytest.mark.parametrize(
    ("read", "meant"),
    [("PRlMĂRlA MUNlClPlULUl", "PRIMARIA MUNICIPIULUI"), ("Pal Lal Hotel", "Pal Lal Hotel")],
)
def test_a_small_l_among_capitals_is_an_i_where_that_makes_a_known_word(read, meant):
    assert build_view(read).text == meant


@pytest.mark.parametrize("paper", NAMED.values(), ids=NAMED)
def test_what_is_named(paper):
    said, want = fields(paper["text"]), paper["want"]
    assert {name: said[name].value for name in want if name in said} == want


def test_dates_of_a_register_s_rows_are_not_the_paper_s():
    rows = "".join(f"{7912 + n} {n:02}.03.2015 Tănase Judit cerere\n" for n in range(1, 6))
    said = fields(f"EXTRAS\ndin registrul intrare-ieșire\nNr. Data De la cine\n{rows}")
    assert "number" not in said
    assert said["date"].confidence < SURE if "date" in said else True

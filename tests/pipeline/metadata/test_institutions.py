"""Letters of many institutions: who writes is told by how institutions are called, not by whom we know."""

import tomllib
from functools import cache
from pathlib import Path

import pytest

from pipeline.metadata.documenttext import read_document
from pipeline.metadata.record.description import describe
from pipeline.metadata.text.view import fold
from schemas.geometry import Box, Size
from schemas.text import Block, Line, PageText, Word

PAPERS = tomllib.loads(
    (Path(__file__).parent / "institution_papers.toml").read_text(encoding="utf-8")
)["paper"]
SURE = 0.8


@cache
def fields(text):
    lines = tuple(
        Line(tuple(Word(w, Box(100 * at, 40 * row, 90, 30), 0.96) for at, w in enumerate(words)))
        for row, words in enumerate(line.split() for line in text.strip().split("\n"))
    )
    return describe(read_document([PageText(Size(2480, 3508), 300, (Block(lines),))]), 1).fields


def letters(value):
    return "".join(filter(str.isalnum, fold(value).lower()))


@pytest.mark.parametrize("paper", PAPERS, ids=range(len(PAPERS)))
def test_a_letter_s_fields_are_its_own(paper):
    said = fields(paper["text"])
    told = {name: letters(said[name].value) if name in said else "" for name in paper["want"]}
    assert told == {name: letters(value) for name, value in paper["want"].items()}


def issuer(*lines):
    said = fields("\n".join(lines)).get("issuer")
    return said and said.value


BODY = (
    "Nr. 112/03.04.2012",
    "Către Primăria Comunei Ghilad",
    "Vă comunicăm că lucrările vor începe în luna mai, pe toată lungimea drumului comunal.",
)


def test_a_part_writes_in_its_institution_s_name():
    assert (
        issuer("SPITALUL ORĂȘENESC DETA", "Biroul Contabilitate", *BODY)
        == "Spitalul Orășenesc Deta"
    )
    first = "INSTITUTUL MEDIULUI DETA"
    assert issuer(first, "Laboratorul Deta", *BODY) == "Institutul Mediului Deta"


def test_a_part_alone_with_its_place_writes_itself():
    assert issuer("Laboratorul Zonal Deta", *BODY) == "Laboratorul Zonal Deta"


def test_a_right_column_s_day_is_no_part_of_the_name():
    assert issuer("PAROHIA ORTODOXĂ DETA II 12 ianuarie 2010", *BODY) == "Parohia Ortodoxă Deta II"


def test_a_firm_in_capitals_has_the_right_column_for_itself():
    first = "Distribuție energie termică CALOR VEST S.R.L."
    assert issuer(first, "CALOR VEST S.R.L., str. Gării nr. 2", *BODY) == "Calor Vest S.R.L."


def test_a_letter_without_a_head_is_told_by_its_foot_but_not_surely():
    foot = "Grădinița „Licurici” Deta · str. Gării nr. 2 · tel. 0256 112233"
    said = fields("\n".join(("Nr. 8/03.04.2012", "Domnule Primar,", BODY[2], "Director,", foot)))
    assert letters(said["issuer"].value) == "gradinitalicuricideta"
    assert said["issuer"].confidence < SURE


def test_a_letter_to_the_mayor_that_nobody_signs_comes_from_nobody():
    stamp = ("PRIMĂRIA DETA", "Registratură nr. 34823", "16.05.2004")
    assert issuer(*stamp, "Domnule Primar,", BODY[2]) != "Primăria Deta"


def test_the_word_sa_is_no_firm():
    assert (
        issuer("Nr. 8/03.04.2012", "Vă rugăm să", "asigurați afișarea anunțului") != "Vă rugăm să"
    )


def test_a_petition_is_none_of_an_office_s_letters():
    said = fields(
        "Domnule Primar,\nNoi, locatarii din strada Gării, vă aducem la cunoștință că gunoiul nu se ridică.\n"
        "Ion Popescu"
    )
    assert said["type"].value == "petiție"


def test_a_firm_s_agency_writes_in_the_firm_s_name():
    first = "CALOR VEST S.A., str. Gării nr. 2"
    assert issuer(first, "Agenția Deta", *BODY) == "Calor Vest S.A."


def test_a_school_under_its_town_s_name_is_the_school():
    head = ("ROMÂNIA", "COMUNA GHILAD", "CLUBUL COPIILOR GHILAD")
    assert issuer(*head, *BODY) == "Clubul Copiilor Ghilad"


def test_an_office_without_a_name_is_not_sure():
    said = fields("\n".join(("Av. DAN POPESCU", "Cabinet de avocat", *BODY)))["issuer"]
    assert said.confidence < SURE

"""The records of whole papers: those that the house made up, and hostile ones."""

import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.metadata.classifier import WEIGHTS, classifiers
from pipeline.metadata.documenttext import read_document
from pipeline.metadata.entities.mentions import KINDS
from pipeline.metadata.lists import Lists, read_lists
from pipeline.metadata.record.description import describe
from pipeline.reviewing.fieldrules import RULES
from schemas.geometry import Box, Size
from schemas.text import Block, Line, PageText, Word

PAPERS = tomllib.loads((Path(__file__).parent / "record_papers.toml").read_text(encoding="utf-8"))[
    "paper"
]
MISREAD = str.maketrans({"ă": "a", "ș": "s", "ț": "t", "Ș": "Ş", "Ț": "Ţ"})
SUMS = "Taxa de 3.870.000 lei a fost achitată la casieria din strada Castanilor nr. 5, jud. Mureș."


def page(text, sure=0.96):
    lines = [line.split() for line in text.strip().split("\n") if line.strip()]
    built = [
        Line(
            tuple(
                Word(word, Box(100 * at, 40 * row, 90, 30), sure) for at, word in enumerate(words)
            )
        )
        for row, words in enumerate(lines)
    ]
    return PageText(Size(2480, 3508), 300, (Block(tuple(built)),) if built else ())


def record(*texts, lists=None, sure=0.96):
    return describe(read_document([page(text, sure) for text in texts]), 1, lists or Lists())


@pytest.mark.parametrize("paper", PAPERS, ids=lambda paper: paper["want"]["type"])
def test_the_record_says_what_the_paper_says(paper):
    fields = record(paper["text"]).fields
    assert {name: fields[name].value for name in paper["want"] if name in fields} == paper["want"]
    assert set(fields) <= set(RULES) | {"intocmit", "signatory"}
    assert all(0 <= value.confidence <= 1 for value in fields.values())


@pytest.mark.parametrize("paper", PAPERS, ids=lambda paper: paper["want"]["type"])
def test_lost_marks_change_neither_type_nor_number_nor_date(paper):
    fields = record(paper["text"].translate(MISREAD)).fields
    wanted = {
        name: paper["want"][name] for name in ("type", "number", "date") if name in paper["want"]
    }
    assert {name: fields[name].value for name in wanted if name in fields} == wanted


def test_a_title_on_a_later_page_is_not_the_documents():
    letter = (
        "PRIMĂRIA ORAȘULUI VALDENI\nNr. 12 din 03.02.2015\nCătre: domnul Ion Pop\n"
        "Urmare a petiției dumneavoastră înregistrate la 13.01.2015 vă comunicăm că lucrarea s-a făcut."
    )
    fields = record(
        letter, "DECLARAȚIE\npe propria răspundere\nSubsemnatul declar următoarele"
    ).fields
    assert fields["type"].value == "adresă"
    assert fields["answers"].value == "petiție din 2015-01-13"


def test_words_read_badly_make_no_field_sure():
    fields = record(PAPERS[0]["text"], sure=0.4).fields
    placed = [value for value in fields.values() if value.box is not None]
    assert placed
    assert max(value.confidence for value in placed) <= 0.4


def test_a_date_that_cannot_be_read_is_not_replaced_by_a_sure_other_one():
    fields = record(
        "CONSILIUL LOCAL AL COMUNEI GILĂU\nHOTĂRÂREA Nr. 25 din 2x.0?.2O1b\nprivind bugetul\n"
        "Consiliul Local al comunei Gilău, întrunit în ședința din 28.07.2016,"
    ).fields
    assert fields["number"].value == "25"
    assert "date" not in fields or fields["date"].confidence <= 0.5


def test_the_unit_is_spelled_as_most_of_the_paper_spells_it():
    fields = record(
        "PRIMĂRIA COMUNEI LUNCA TEILOI\nDISPOZIȚIA Nr. 4 din 02.03.2011\nprivind delegarea\n"
        "Primarul Comunei Lunca Teilor, văzând raportul Primăriei Comunei Lunca Teilor, DISPUNE"
    ).fields
    assert fields["issuer"].value == "Primarul Comunei Lunca Teilor"


def test_a_misread_unit_is_known_by_the_register():
    fields = record(
        "PRIMĂRIA COMUNEI RĂSTOLLȚA\nNr. 4 din 02.03.2011\nADEVERINȚĂ\nSe adeverește"
    ).fields
    assert fields["issuer"].value == "Primăria Comunei Răstolița"


def test_mentions_by_kind(tmp_path):
    (tmp_path / "strazi.csv").write_text("tip;denumire\nStrada;Castanilor\nBulevardul;Unirii\n")
    old = record(
        "PRIMĂRIA COMUNEI RĂSTOLIȚA\nNr. 7 din 18.06.1999\nADEVERINȚĂ\nSe adeverește că domnul "
        f"Ion Popescu are terenul cu nr. cadastral 153046, potrivit Legii nr. 18/1991.\n{SUMS}",
        lists=read_lists(tmp_path),
    ).mentions
    assert set(old) <= set(KINDS.values())
    assert [one.value for one in old["amounts"]] == ["3870000.00 ROL"]
    assert [one.value for one in old["parcels"]] == ["153046"]
    assert [one.value for one in old["acts"]] == ["Legea 18/1991"]
    assert "Ion Popescu" in [one.value for one in old["persons"]]
    places = {one.value: one.source for one in old["places"]}
    assert places["Strada Castanilor nr. 5"] == "registry"
    assert places["Județul Mureș (SIRUTA 261)"] == "registry"
    assert all(one.page == 1 and one.box for group in old.values() for one in group)


def test_the_filing_plan_gives_class_and_term(tmp_path):
    (tmp_path / "nomenclator.csv").write_text(
        "indicativ,denumire,termen,tip,cuvinte\nI.A.1,Hotărâri,permanent,hotărâre,\n"
        'II.B.4,Bugete,10 ani,hotărâre,"buget,rectificare"\nII.C.1,Facturi,10 ani,factură,\n',
        encoding="cp1250",
    )
    budget = record(PAPERS[1]["text"], lists=read_lists(tmp_path)).fields
    assert budget["indicativ_nomenclator"].value == "II.B.4"
    assert budget["termen_pastrare"].value == "10 ani"
    land = record(PAPERS[14]["text"], lists=read_lists(tmp_path)).fields
    assert (land["indicativ_nomenclator"].value, land["termen_pastrare"].value) == (
        "I.A.1",
        "permanent",
    )
    assert (
        "indicativ_nomenclator" not in record(PAPERS[4]["text"], lists=read_lists(tmp_path)).fields
    )


def test_two_classes_that_fit_as_well_are_not_chosen_between(tmp_path):
    (tmp_path / "nomenclator.csv").write_text(
        "indicativ;denumire;termen;tip\nA;Una;5 ani;hotărâre\nB;Alta;10 ani;hotărâre\n"
    )
    assert "termen_pastrare" not in record(PAPERS[1]["text"], lists=read_lists(tmp_path)).fields


@given(st.binary(max_size=300))
def test_any_bytes_are_a_list_or_none(tmp_path_factory, data):
    folder = tmp_path_factory.mktemp("lists")
    (folder / "nomenclator.csv").write_bytes(data)
    (folder / "strazi.csv").write_bytes(data)
    lists = read_lists(folder)
    assert all(one.code for one in lists.classes)
    assert lists.street("Strada") in {"", *dict(lists.streets).values()}


def test_the_classifiers_are_small():
    assert WEIGHTS.stat().st_size <= 2 << 20


@given(st.text(max_size=400))
def test_chances_add_up_for_any_text(text):
    for classifier in classifiers().values():
        chances = classifier.chances(text)
        assert abs(sum(share for _, share in chances) - 1) < 1e-4
        assert [share for _, share in chances] == sorted((s for _, s in chances), reverse=True)


def test_nothing_is_guessed_of_a_text_that_says_nothing():
    fields = record("a b c\n1 2 3\n" * 30).fields
    assert fields["type"].value == "necunoscut"
    assert set(fields) <= {"type", "problem"}
    assert "problem" not in fields or fields["problem"].confidence < 0.8

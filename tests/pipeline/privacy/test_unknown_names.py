"""Names that no list has, and papers that nobody foresaw: hidden all the same; what is not a name stays."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.privacy.finding.names.known import is_given, is_ordinary
from schemas.geometry import Box, Size
from schemas.text import Block, Line, PageText, Word
from tests.pipeline.privacy.test_personal_data_finding import ACT, find, hidden

LETTER = "CERERE\nSubsemnata Popescu Maria vă rog să dispuneți repararea trotuarului.\n"


def gone(text, kind="cerere"):
    data, pages = find(text, kind=kind)
    return [word.strip("„”()") for word in hidden(data, pages)]


@pytest.mark.parametrize("town", ["oraș Târgu Ocna", "sat Mihai Viteazu", "oraș Simeria"])
def test_towns_behind_their_word_stay(town):
    told = ACT + f"\nAdjudecatar: Lupu Vasile\nSe repară drumul spre {town}, la cerere."
    assert gone(told, kind="hotărâre") == ["Lupu", "Vasile"]


@pytest.mark.parametrize(
    ("kind", "text", "names"),
    [
        (
            "referat",
            "Domnul Lefter Alin crește minorii Jan, Slobodan și Petronela.",
            "Jan Slobodan",
        ),
        ("cerere", LETTER + "La fel spun Hrițcu și Duminică.", "Hrițcu Duminică"),
        ("cerere", LETTER + "A semnat G. Vulpe pentru toți.", "Vulpe"),
        ("cerere", LETTER + "Sora a plecat la oraș Krauss Profira, la fabrică.", "Krauss Profira"),
        (
            "cerere",
            LETTER + "Sora a plecat la oraș Petrovic\nPantelimon, demult.",
            "Petrovic Pantelimon",
        ),
        ("cerere", LETTER + "Mătușa Ana, căsătorită urzică.\nNu are copii.", "Ana urzică"),
        (
            "cerere",
            LETTER + "Cu Lupu Ana, Deva, str. lazului nr. 1 19, bl. E8, ap. 40.",
            "Lupu Ana Deva str lazului nr 1 19 E8 40",
        ),
        ("cerere", LETTER + "Locuiesc cu Mitică\nSoare de ani de zile.", "Mitică Soare"),
        ("cerere", LETTER + "Vecinul Ursaru spune la fel, iar nea Vulpe tace.", "Ursaru Vulpe"),
        (
            "cerere",
            LETTER + "La fel Gheorghe, Mocan Dumitru sunt dispuși să plece.",
            "Mocan Dumitru",
        ),
        ("cerere", LETTER + "Soția Muntean Ágnes vrea să construiască.", "Muntean Ágnes"),
        ("cerere", LETTER + "Lupu Ágnes, Arini SA, lucrează.", "Lupu Ágnes"),
        ("cerere", LETTER + "Locuiesc lângă Al. Cistelecan de mult.", "Cistelecan"),
        ("cerere", LETTER + "Fostul primar Ion Vasile a vândut livada.", "Ion Vasile"),
        ("cerere", LETTER + "Bunicul, Emil Grozescu, a primit o casă.", "Emil Grozescu"),
        ("cerere", LETTER + "Gardul dintre casa Lupu Vasile și drum.", "Lupu Vasile"),
        ("cerere", LETTER + "Dimineața în piață Rusu Ana vinde.", "Rusu Ana"),
        ("hotărâre", ACT + "\nVecini: N – Lupu Vasile; S – Rusu Ana", "Lupu Vasile Rusu Ana"),
        ("hotărâre", ACT + "\nAdjudecatar: Lupu Vasile", "Lupu Vasile"),
        ("hotărâre", ACT + "\nCâștigător Rusu Ana", "Rusu Ana"),
        ("cerere", LETTER + "Nume CUCU Prenume ÜNAL", "CUCU ÜNAL"),
        ("cerere", LETTER + "Nume cucu Prenume ernő", "cucu ernő"),
        ("cerere", LETTER + "Stau în casa lui Osman Ecaterina.", "Osman Ecaterina"),
        (
            "cerere",
            LETTER + "Din jud. Bacău. Comerciantul Dascălu Anton a plecat.",
            "Dascălu Anton",
        ),
        ("cerere", LETTER + "Martor a fost Leontina Smaran-\ndescu din sat.", "Smaran descu"),
        (
            "factură",
            "FACTURĂ\nÎntocmit de Grigore Vărzaru, telefon 0755 336 702.",
            "Grigore Vărzaru",
        ),
        (
            "petiție",
            "ASOCIAȚIA DE PROPRIETARI\nVă rugăm să verificați gunoiul.\nPreședinte, Liliana Bucur",
            "Liliana Bucur",
        ),
        (
            "proces-verbal",
            "Domnul Pop Ion declară.\nMartor, În fața mea,\nG. Iftode Petronela Carp, referent",
            "Iftode",
        ),
        ("contract", LETTER + "Vând casa din Bradu Nou, str. Ion Creangă nr. 148.", "Creangă 148"),
        (
            "cerere",
            LETTER + "Comerciantul zăinescu Surdu a plecat cu Muraru\nzina.",
            "zăinescu zina",
        ),
        ("cerere", LETTER + "Garant: Hrițcu și lorga.", "lorga"),
        ("cerere", LETTER + "MICU\nARGINTARU\nBOLDEANU\nJALBĂ\nVIZITIU", "JALBĂ MICU"),
    ],
)
def test_what_may_be_a_name_is_hidden_where_private_persons_are(kind, text, names):
    found = gone(text, kind)
    for name in names.split():
        assert name in {word.strip("-.,") for word in found}


def test_a_private_person_next_to_an_official_in_one_row_is_hidden():
    text = (
        "PROCES-VERBAL\nDomnul Tănase Marin primește terenul.\nComisia, Moștenitori,\n"
        "Beniamin Arsene Slobodan Pârlog"
    )
    assert {"Slobodan", "Pârlog"} <= set(gone(text, "proces-verbal"))


@pytest.mark.parametrize(
    ("kind", "more", "names"),
    [
        ("hotărâre", "Art. 4. Terenul se atribuie lui Fătu Xenofont.", "Fătu Xenofont"),
        ("dispoziție", "Art. 4. Se premiază Zgubea Aglaia pentru merite.", "Zgubea Aglaia"),
    ],
)
def test_an_act_in_which_somebody_unknown_may_be_named_is_not_taken_for_public(kind, more, names):
    found = gone(ACT.replace("\nPREȘEDINTE", f"\n{more}\nPREȘEDINTE"), kind)
    assert set(names.split()) <= set(found)


@pytest.mark.parametrize(
    "stays",
    [
        "Primăria Municipiului Lunca Teilor a primit cererea.",
        "Școala Gimnazială Nicolae Bălcescu este închisă.",
        "Lucrările de pe strada Vasile Alecsandri sunt gata.",
        "Firma Cablonet Serv S.R.L. nu răspunde.",
        "Programul a fost aprobat prin H.C.L. și T.V.A. s-a achitat.",
        "Consiliul Local și Direcția Economică au răspuns.",
        "Domnul primar Gheorghe Pistol a aprobat.",
    ],
)
def test_what_is_known_to_be_no_private_name_stays_also_beside_private_persons(stays):
    found = gone(LETTER + stays, "cerere")
    assert not {word.strip(".,") for word in stays.split()} & set(found)


def test_parking_places_of_a_residence_announce_no_home():
    text = (
        "PROIECT DE HOTĂRÂRE\nprivind parcările de reședință\nInițiator: Varvara Popovici, primarul"
    )
    assert gone(text, "hotărâre") == []


@pytest.mark.parametrize(
    "word", ["subcontractarea", "programul", "trotuarul", "certificat", "verificarea"]
)
def test_words_of_the_language_are_ordinary(word):
    assert is_ordinary(word)
    assert not is_given(word)


@pytest.mark.parametrize("name", ["hritcu", "xenofont", "smarandescu", "iovanovici"])
def test_names_are_not_ordinary(name):
    assert not is_ordinary(name)


def cells(rows, lefts, heights):
    """A page of a table that was read cell by cell; words of a row may differ in height."""
    lines = [
        Line((Word(word, Box(left, 60 * number, 18 * len(word), heights[word]), 0.95),))
        for number, row in enumerate(rows)
        for left, word in zip(lefts, row, strict=True)
    ]
    return PageText(Size(2480, 3508), 300, (Block(tuple(lines)),))


@given(st.lists(st.integers(16, 40), min_size=12, max_size=12), st.integers(100, 1000))
def test_a_column_of_names_hides_the_ordinary_word_in_it_however_high_its_letters(heights, left):
    rows = [
        ("NUMELE", "PRENUMELE"),
        ("ARGINTARU", "GELU"),
        ("BOLDEANU", "VLAD"),
        ("VIZITIU", "BERTHA"),
        ("JALBĂ", "HARALAMBIE"),
        ("FLOARE", "RAMONA"),
    ]
    words = [word for row in rows for word in row]
    table = cells(rows, (left, left + 600), dict(zip(words, heights, strict=True)))
    data, pages = find(table, kind="proces-verbal")
    assert set(words[2:]) <= set(hidden(data, pages))
    assert not {"NUMELE", "PRENUMELE"} & set(hidden(data, pages))


def test_names_over_an_office_in_the_last_row_of_a_list_are_no_officials():
    rows = [
        ("1", "ARGINTARU", "GELU"),
        ("2", "BOLDEANU", "VLAD"),
        ("3", "VIZITIU", "BERTHA"),
        ("4", "JALBĂ", "MARIUS"),
        ("", "Ordonator,", "Casier,"),
        ("", "Nicu", "Zamfir"),
    ]
    words = {word: 24 for row in rows for word in row}
    full = [[word or "–" for word in row] for row in rows]
    data, pages = find(cells(full, (100, 300, 900), {**words, "–": 24}), kind="proces-verbal")
    assert {"JALBĂ", "MARIUS"} <= set(hidden(data, pages))


@pytest.mark.parametrize(
    "firm", ["Mocanu Impex S.R.L.", "Lupu Trans SA", "Lupu Trans S.A.", "Ardelean Prod Com SRL"]
)
def test_what_a_firm_is_called_is_not_a_person(firm):
    assert not gone(LETTER + f"Lucrarea este făcută de {firm} din anul 2004.")[2:]


def test_a_word_that_is_a_firms_ending_without_its_marks_ends_no_firm():
    """Folded, "să" is what ends the name of a company limited by shares."""
    told = gone(LETTER + "POPA ÁGNES SĂ PLECE, IAR VLAICU SÁNDOR SĂ VINĂ.")
    assert {"POPA", "ÁGNES", "VLAICU", "SÁNDOR"} <= set(told)

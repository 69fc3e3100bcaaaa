"""Words typed without room between them, and forms of homes and numbers that no table of a form has."""

import pytest

from tests.pipeline.privacy.unfamiliar import paper_of, searched

GLUED = (
    (
        "Subsemnatul Ionescu Gheorghe,domiciliat în Vadu,str.Zorilor nr.14,bl.2,ap.7,CNP 1600101370012",
        ["Gheorghe,domiciliat", "Vadu,str.Zorilor", "nr.14,bl.2,ap.7,CNP"],
    ),
    ("Proprietar: Nicoară Sorin Bl.G4 Sc.A Ap.16", ["Nicoară Sorin", "Bl.G4", "Sc.A", "Ap.16"]),
    ("118;POPESCU ANA;STR. NUCULUI 9;2;500", ["118;POPESCU", "ANA;STR.", "NUCULUI", "9;2;500"]),
    ("Marin Vasile/Str. Scurtă 5/0744112234/3 pers.", ["Vasile/Str.", "5/0744112234/3"]),
)
FORMS = (
    ("Petenta Pop Mirela, strada Digului fără număr, cere apă.", ["strada Digului"]),
    ("Fiica: Krausz Edit, London, 14 Baker Street.", ["14 Baker Street"]),
    ("Martor: Ursu Valentina, 41 ani, nr. casei 77, Valea Rea.", ["nr. casei 77"]),
    ("Chiriaș: Mureșan Pavel; telefon zero șapte patru patru, 118 220.", ["patru, 118 220"]),
    ("Soțul petentei, Stoica Ion, consilier juridic, este plecat.", ["Stoica Ion"]),
    ("Moga Ion, CNP: 1-85-07-11-08-0012, are rol.", ["1-85-07-11-08-0012"]),
    ("Locatarii de pe aleea Castanilor nr. 5: Duma Ion.", ["aleea Castanilor nr. 5"]),
)
STAYS = (
    "Se repară canalul de pe strada Zorilor nr. 4-20 din comuna Vadu.",
    "Primarul comunei, Pop Ioan, a propus; consilierul Dan Albu s-a abținut.",
    "Cheltuieli 1,43 ha/2.000 lei, cap. 67.02.05, art. 3, alin. 2, HCL nr.12/2020.",
)


@pytest.mark.parametrize(("text", "gone"), [*GLUED, *FORMS])
def test_what_is_written_without_room_or_in_rare_forms_is_gone(text, gone):
    paper = paper_of({"name": "one", "text": text + "\n", "keep": [], "hide": {"PHONE": gone}})
    assert len(paper.hide) == len(gone)
    assert searched(paper, "clean").missed == ()


@pytest.mark.parametrize("text", STAYS)
def test_works_officials_and_sums_stay(text):
    paper = paper_of({"name": "one", "text": text + "\n", "keep": [text], "hide": {}})
    assert searched(paper, "clean").lost == ()

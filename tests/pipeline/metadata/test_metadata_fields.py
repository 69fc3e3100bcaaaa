"""Fields of whole documents: type, number, date, issuer, subject."""

import pytest

from pipeline.metadata.extraction import extract

HCL = """ROMÂNIA
JUDEȚUL MUREȘ
COMUNA RĂSTOLIȚA
CONSILIUL LOCAL

HOTĂRÂREA NR. 25 din 29.07.2016
privind aprobarea rectificării bugetului local
pe anul 2016

Consiliul Local al Comunei Răstolița, întrunit în ședința ordinară din data de 28.07.2016,
Având în vedere prevederile Legii nr. 273/2006 privind finanțele publice locale și ale
H.C.L. nr. 4/12.02.2016,
În temeiul art. 45 din Legea nr. 215/2001,
HOTĂRĂȘTE:
Art. 1. Se aprobă rectificarea."""

FIELDS = ("type", "number", "date", "issuer", "subject")
HCL_FIELDS = (
    "hotărâre",
    "25",
    "2016-07-29",
    "Consiliul Local al Comunei Răstolița",
    "aprobarea rectificării bugetului local pe anul 2016",
)

CASES = {
    "decision": (HCL, HCL_FIELDS),
    "no diacritics": (
        (
            "ROMANIA\nJUDETUL MURES\nCONSILIUL LOCAL AL COMUNEI RASTOLITA\nHOTARARE\nnr. 7 din 3.2.1999\n"
            "cu privire la vanzarea unui teren\nConsiliul Local al comunei Rastolita, intrunit"
        ),
        (
            "hotărâre",
            "7",
            "1999-02-03",
            "Consiliul Local al Comunei Rastolita",
            "vanzarea unui teren",
        ),
    ),
    "cedilla, spaced title": (
        (
            "R O M Â N I A\nJUDEŢUL CLUJ\nCONSILIUL LOCAL AL COMUNEI GILĂU\n"
            "H O T Ă R Â R E A   Nr. 33/2009\ncu privire la aprobarea Planului urbanistic\nzonal\n"
            "Consiliul local al comunei Gilău, întrunit în şedinţa din data de 30.04.2009"
        ),
        (
            "hotărâre",
            "33",
            "2009-04-30",
            "Consiliul Local al Comunei Gilău",
            "aprobarea Planului urbanistic zonal",
        ),
    ),
    "order": (
        (
            "ROMÂNIA\nJUDEȚUL TIMIȘ\nPRIMARUL ORAȘULUI JIMBOLIA\nDISPOZIȚIA\nNr. 114/2019\n"
            "din 05.03.2019\npentru numirea unei comisii\nPrimarul Orașului Jimbolia;"
        ),
        (
            "dispoziție",
            "114",
            "2019-03-05",
            "Primarul Orașului Jimbolia",
            "numirea unei comisii",
        ),
    ),
    "title over two lines": (
        (
            "PRIMĂRIA MUNICIPIULUI TURDA\nCERTIFICAT\nDE URBANISM\nNr. 17 din 05.XI.2014\n"
            "în scopul: construire garaj"
        ),
        (
            "certificat de urbanism",
            "17",
            "2014-11-05",
            "Primăria Municipiului Turda",
            "construire garaj",
        ),
    ),
    "letter": (
        (
            "PRIMĂRIA SECTORULUI 6\nServiciul Urbanism\nNr. 4817/29.07.2016\nCătre: domnul Ion Pop\n"
            "Urmare a cererii dumneavoastră nr. 12/01.07.2016, privind tăierea unui arbore,\n"
            "vă comunicăm următoarele:"
        ),
        (
            "adresă",
            "4817",
            "2016-07-29",
            "Primăria Sectorului 6",
            "tăierea unui arbore",
        ),
    ),
    "request": (
        (
            "Domnule Primar,\nSubsemnatul, Ion Popescu-Dan, CNP 1800101221144, născut la 01.01.1980,\n"
            "vă rog să-mi aprobați racordarea la rețeaua de canalizare.\n12.04.2018    Semnătura"
        ),
        (
            "cerere",
            None,
            "2018-04-12",
            "Ion Popescu-Dan",
            "racordarea la rețeaua de canalizare",
        ),
    ),
    "invoice": (
        (
            "FACTURĂ FISCALĂ\nSeria CJ Nr. 0004512 din 15.09.2015\nFurnizor: S.C. ELECTRO GRUP S.R.L.\n"
            "Cumpărător: Primăria Comunei Florești"
        ),
        ("factură", "0004512", "2015-09-15", "S.C. Electro Grup S.R.L.", None),
    ),
    "contract": (
        (
            "CONTRACT DE ÎNCHIRIERE\nNr. 45 din data de 10 ianuarie 2017\nÎncheiat între\n"
            "Comuna Gilău, cu sediul în Gilău și Pop Ana"
        ),
        ("contract", "45", "2017-01-10", "Comuna Gilău", None),
    ),
    "social inquiry": (
        (
            "MUNICIPIUL SUCEAVA\nDIRECȚIA DE ASISTENȚĂ SOCIALĂ\nA MUNICIPIULUI SUCEAVA\n"
            "Nr. 1234/12.05.2021\nRAPORT DE ANCHETĂ SOCIALĂ\nprivind situația familiei Popa"
        ),
        (
            "anchetă socială",
            "1234",
            "2021-05-12",
            "Direcția de Asistență Socială a Municipiului Suceava",
            "situația familiei Popa",
        ),
    ),
    "other": (
        "D E C I Z I E nr. 06/04\ndin 12.12.2025\n„Cu privire la aprobarea taxelor locale”",
        ("altul", "06/04", "2025-12-12", None, "aprobarea taxelor locale"),
    ),
    "unknown": (
        (
            "ELIBERAREA CERTIFICATELOR DE STARE CIVILĂ\n"
            "Certificatele de stare civilă se eliberează numai cetățenilor care posedă act."
        ),
        ("necunoscut", None, None, None, None),
    ),
    "empty": ("", ("necunoscut", None, None, None, None)),
}


@pytest.mark.parametrize(("text", "expected"), CASES.values(), ids=CASES)
def test_fields(text, expected):
    fields, _ = extract(text)
    assert tuple(fields) == FIELDS
    assert tuple(fields.values()) == expected


@pytest.mark.parametrize(
    ("title", "kind"),
    [
        ("HOTĂRÂRE", "hotărâre"),
        ("HOTĂRIRE", "hotărâre"),
        ("DISP0ZITIA Nr. 4", "dispoziție"),
        ("AUTORIZATIE DE CONSTRUlRE", "autorizație de construire"),
        ("CERERE TIP", "cerere"),
        ("SESIZARE", "petiție"),
        ("ADEVERINTĂ", "adeverință"),
        ("PROCES - VERBAL", "proces-verbal"),
        ("Referat de specialitate", "referat"),
        ("CERTIFICAT DE NAŞTERE", "certificat de stare civilă"),
        ("DECLARAŢIE DE IMPUNERE", "declarație fiscală"),
        ("ANUNȚ PUBLIC", "anunț"),
        ("SOMAȚIE", "altul"),
        ("Adresa: str. Lungă nr. 3", "necunoscut"),
        ("DISPOZIȚII GENERALE", "necunoscut"),
        ("HOTĂRĂȘTE:", "necunoscut"),
        ("Bună ziua", "necunoscut"),
    ],
)
def test_type_by_title(title, kind):
    assert extract(f"{title}\nlorem ipsum dolor sit amet")[0]["type"] == kind


def test_the_number_and_date_of_a_cited_act_are_not_the_document_s():
    fields, entities = extract("HOTĂRÂRE\nprivind revocarea Hotărârii nr. 57 din 06.12.2010")
    assert (fields["number"], fields["date"]) == (None, None)
    assert [(e.label, e.value) for e in entities if e.label == "ACT_REF"] == [
        ("ACT_REF", "Hotărârea 57/2010")
    ]


def test_the_own_title_is_no_cited_act():
    cited = [e.value for e in extract(HCL)[1] if e.label == "ACT_REF"]
    assert cited == ["Legea 273/2006", "HCL 4/2016", "Legea 215/2001"]


def test_the_subject_ends_in_time_and_is_a_quotation():
    text = "HOTĂRÂREA nr. 3\nprivind " + "foarte lungul titlu " * 60
    subject = extract(text)[0]["subject"]
    assert subject is not None
    assert 200 < len(subject) <= 300
    assert subject in text


def test_persons_and_places_by_their_context():
    entities = extract(
        "Subsemnata Ștefania Dogaru, domiciliată în comuna Gilău, str. Lungă nr. 3, jud. Cluj\n"
        "PRIMAR,\nVULPE LUCIAN-ANDREI"
    )[1]
    named = {(e.label, e.text, e.value) for e in entities}
    assert named >= {
        ("PERSON", "Ștefania Dogaru", "Ștefania Dogaru"),
        ("PERSON", "VULPE LUCIAN-ANDREI", "Vulpe Lucian-Andrei"),
        ("PLACE", "Gilău", "Gilău"),
        ("PLACE", "str. Lungă nr. 3", "str. Lungă nr. 3"),
        ("PLACE", "Cluj", "Cluj"),
    }

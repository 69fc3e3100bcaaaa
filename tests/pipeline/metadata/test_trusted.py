"""What two readings of one paper contradict is doubtful, and what another paper has is not told."""

import pytest

from benchmarks.fields import page_of
from pipeline.metadata.documenttext import read_document
from pipeline.metadata.forms.dates import find_dates
from pipeline.metadata.record.description import describe

SURE = 0.8


def fields(*lines):
    return describe(read_document([page_of("\n".join(lines))]), 1).fields


def told(said, name):
    return said[name].value if name in said else None


CONTRACT = (
    "CONTRACT DE ÎNCHIRIERE",
    "Nr. 46 / 11.08.2014",
    "Între Orașul Mera, cu sediul în Mera, în calitate de proprietar, și Ion Popescu,",
    "în calitate de chiriaș, s-a încheiat prezentul contract.",
)


def test_a_day_is_doubtful_where_one_misread_digit_makes_another_of_it():
    sure = fields(*CONTRACT, "Locuința se închiriază de la 11.08.2014.")
    assert (told(sure, "date"), sure["date"].confidence >= SURE) == ("2014-08-11", True)
    doubtful = fields(*CONTRACT, "Locuința se închiriază de la 11.03.2014.")
    assert told(doubtful, "date") == "2014-08-11"
    assert doubtful["date"].confidence < SURE


def test_a_year_that_stands_nowhere_else_is_doubtful_beside_one_like_it():
    letter = ("JUDECĂTORIA LUGOJ", "Nr. 442/14.06.2018", "Către", "Primăria Orașului Mera")
    body = "Vă comunicăm că dosarul succesoral nr. 10/{} a fost soluționat."
    assert fields(*letter, body.format(2011))["date"].confidence >= SURE
    assert fields(*letter, body.format(2013))["date"].confidence < SURE


def test_a_number_is_doubtful_where_one_misread_sign_makes_another_of_it():
    head = ("PRIMĂRIA COMUNEI MERA", "Nr. înregistrare 42237 din 14.06.2018", "ADEVERINȚĂ")
    body = "Se adeverește că Ion Popescu a depus cererea nr. {} din 14.06.2018."
    assert fields(*head, body.format(51806))["nr_inreg"].confidence >= SURE
    assert fields(*head, body.format(42287))["nr_inreg"].confidence < SURE


PERMIT = (
    "SFATUL POPULAR AL COMUNEI MERA",
    "AUTORIZAȚIE DE CONSTRUIRE",
    "Nr. 12 din 4 mai 1961",
)


def test_the_number_of_the_request_that_a_permit_answers_is_not_sure():
    asked = "În urma cererii tov. Ion Popescu, domiciliat în Mera, str. Morii nr. 5, județul Cluj,"
    said = fields(
        *PERMIT, f"{asked} înregistrată sub Nr. 815 din 2 mai 1961, se autoriză", "lucrările."
    )
    assert (told(said, "number"), told(said, "nr_inreg")) == ("12", "815")
    assert said["nr_inreg"].confidence < SURE
    own = fields(
        *PERMIT, "Nr. înregistrare 815 din 2 mai 1961", "Se autoriză executarea lucrărilor."
    )
    assert (told(own, "nr_inreg"), own["nr_inreg"].confidence >= SURE) == ("815", True)


@pytest.mark.parametrize(("stamp", "sure"), [("10097", False), ("5001", True)])
def test_a_letters_number_is_not_sure_beside_another_in_a_stamp(stamp, sure):
    letter = ("Rețelele de Mijloc", "Nr. 5001", "Data 04.05.2018", "Lucrări la rețea")
    body = ("Stimate client,", "Vă informăm că se vor executa lucrări la stâlpi.", "Cu stimă,")
    said = fields(*letter, *body, "PRIMĂRIA MERA", f"Nr. {stamp}", "Data 07.05.2018")
    assert told(said, "nr_inreg") == "5001"
    assert (said["nr_inreg"].confidence >= SURE) == sure


def test_registers_among_the_goods_of_an_invoice_are_no_stamp():
    head = ("FACTURA FISCALĂ", "Nr. facturii 812", "Data (ziua, luna, anul) 04.05.2004")
    said = fields(*head, "1 registre bucăți 108 12,50", "2 becuri bucăți 30 4,00")
    assert told(said, "nr_inreg") is None


@pytest.mark.parametrize(
    ("text", "value", "sure"),
    [
        ("21.11.1966", "1966-11-21", True),
        ("21.11.1966, cererea din 6.XI.1965", "1966-11-21", False),
        ("21.I1.1963 și 8.III.1963", "1963-02-21", False),
    ],
)
def test_an_eleven_among_roman_months_may_be_a_two(text, value, sure):
    first = find_dates(text)[0]
    assert (first.value, first.confidence >= SURE) == (value, sure)


def test_what_a_complaint_is_against_has_another_s_number():
    said = fields(
        "Ștefan Grigorcea",
        "Str. Lungă nr. 15, Mera",
        "Către",
        "Primăria Comunei Mera",
        "PLÂNGERE",
        "împotriva răspunsului nr. 8800/20.12.2021",
        "Arăt că vecinul meu a construit fără autorizație. Solicit verificarea.",
        "05.01.2022",
        "Ștefan Grigorcea",
    )
    assert told(said, "number") is None
    assert told(said, "date") == "2022-01-05"
    assert told(said, "issuer") == "Ștefan Grigorcea"


def test_the_day_of_a_petition_s_head_goes_before_that_of_the_stamp():
    said = fields(
        "Costel Ofrim",
        "Mera, str. Morii nr. 49",
        "Mera, 08 februarie 2011",
        "Către: Primăria Comunei Mera",
        "Vă adresez prezenta petiție, arătând că gunoiul nu se mai ridică.",
        "Costel Ofrim",
        "Primăria Mera",
        "Registru general",
        "10324",
        "12.02.2011",
    )
    assert told(said, "date") == "2011-02-08"
    assert (told(said, "nr_inreg"), told(said, "data_inreg")) == ("10324", "2011-02-12")


def test_what_an_act_s_preamble_tells_is_not_its_registry_number():
    said = fields(
        "CONSILIUL LOCAL AL COMUNEI MERA",
        "HOTĂRÂREA nr. 57/26.05.2019",
        "privind asfaltarea străzilor",
        "Luând act de:",
        "- referatul de aprobare prezentat de către primar, în calitatea sa de inițiator,",
        "înregistrat cu nr. 5191/25.12.2018;",
        "ADOPTĂ PREZENTA HOTĂRÂRE:",
    )
    assert told(said, "nr_inreg") is None
    assert (told(said, "number"), told(said, "date")) == ("57", "2019-05-26")


def test_a_town_hall_that_is_written_to_does_not_write():
    said = fields(
        "SOLIDARITATEA RURALĂ",
        "Nr. 14/03.05.2015",
        "Către",
        "Primăria Comunei Mera",
        "Vă comunicăm că adunarea generală a fost amânată.",
    )
    assert told(said, "issuer") is None


def test_a_firm_that_is_named_once_is_doubtful_and_named_twice_sure():
    head = ("ITUM TRANS CONSTRUCT S.R.L.", "C.U.I. 18822055", "Nr. 78921 / 06.11.2003")
    body = ("ADEVERINȚĂ", "Se adeverește că Ion Popescu lucrează la unitatea noastră.")
    once = fields(*head, *body)["issuer"]
    twice = fields(*head, *body, "Administrator, ITUM TRANS CONSTRUCT S.R.L.")["issuer"]
    assert once.value == twice.value == "Itum Trans Construct S.R.L."
    assert once.confidence < SURE <= twice.confidence


def test_a_first_name_is_no_title():
    said = fields(
        "Primăria Comunei Mera",
        "Domnul Flaviu Sălcianu",
        "Nr. 70718 / 05.10.2003",
        "Stimate cetățean, vă comunicăm că șanțul va fi curățat.",
        "Letiția Rotărescu",
    )
    assert told(said, "type") == "adresă"


def test_works_that_are_called_by_a_name_are_told_by_it():
    said = fields(
        "PROCES-VERBAL",
        "de recepție privind lucrarea „Asfaltare străzi în intravilan”, executată în cadrul",
        "contractului nr. 217 din 18.03.2014",
    )
    assert told(said, "subject") == "Asfaltare străzi în intravilan"


@pytest.mark.parametrize("name", ["Ocolul Silvic Făget", "JUDECĂTORIA LUGOJ"])
@pytest.mark.parametrize(
    "beside",
    [
        "Se aprobă,",
        "PRIMĂRIA COMUNEI MERA",
        "www.exemplu.ro",
        "CĂTRE,",
        "Exemplar nr. 1",
        "APROBAT",
    ],
)
def test_the_right_column_is_no_part_of_a_name(name, beside):
    said = fields(
        f"{name} {beside}",
        "Nr. 345/12.04.2015",
        "Către",
        "Primăria Comunei Valea Mare",
        "Vă comunicăm că documentația este incompletă.",
    )
    assert told(said, "issuer").casefold() == name.casefold()
    assert told(said, "number") == "345"


def test_an_institution_is_found_right_of_the_state_s_name():
    said = fields("ROMÂNIA Ocolul Silvic Făget", "Nr. 345/12.04.2015", "Către", "Primăria Mera")
    assert told(said, "issuer") == "Ocolul Silvic Făget"


def test_the_day_of_the_act_whose_annex_a_paper_is_is_doubtful():
    said = fields(
        "COMUNA COȘEIU",
        "ANEXĂ",
        "la Hotărârea nr. 25",
        "din data de 29.07.2016",
        "REGULAMENT DE ORGANIZARE ȘI FUNCȚIONARE",
        "Art. 1. Consiliul local este autoritatea deliberativă a comunei.",
    )
    assert said["date"].confidence < SURE


def test_a_permit_of_a_county_is_its_president_s():
    said = fields(
        "ROMÂNIA",
        "CONSILIUL JUDEȚEAN SĂLAJ",
        "CERTIFICAT DE URBANISM",
        "Nr. 88 din 05.04.2012",
        "În scopul: construire casă",
    )
    assert told(said, "issuer") == "Președintele Consiliului Județean Sălaj"
    assert said["issuer"].confidence < SURE


def test_who_approves_in_the_right_column_is_no_part_of_a_department_s_name():
    said = fields(
        "PRIMĂRIA COMUNEI MERA PRIMAR,",
        "SERVICIUL ADMINISTRAREA DOMENIULUI PUBLIC Ion Popescu",
        "Nr. 68746 / 26.09.2016",
        "REFERAT DE NECESITATE",
        "Propun achiziționarea următoarelor materiale.",
    )
    assert told(said, "compartiment") == "Serviciul Administrarea Domeniului Public"

"""Identifiers: form, check digit, context, and their places in the text as given."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.metadata import rules
from pipeline.metadata.extraction import extract

WEIGHTS = (2, 7, 9, 1, 4, 6, 3, 5, 8, 2, 7, 9)
CNP = "1800101221144"
IBAN = "RO49AAAA1B31007593840000"


def found(text: str) -> list[tuple[str, str, str]]:
    wanted = {"NUM", "DATE", "PERSON", "ORG", "PLACE"}
    return [(e.label, e.text, e.value) for e in extract(text)[1] if e.label not in wanted]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"CNP {CNP}", ("CNP", CNP, CNP)),
        (f"posesor {CNP},", ("CNP", CNP, CNP)),
        ("CNP 18OO1O1221144", ("CNP", "18OO1O1221144", CNP)),
        ("CNP: 1800101 22114 4", ("CNP", "1800101 22114 4", CNP)),
        ("cod numeric personal l800101221144", ("CNP", "l800101221144", CNP)),
        (f"cont {IBAN}", ("IBAN", IBAN, IBAN)),
        ("RO49 AAAA 1B31\n0075 9384 0000", ("IBAN", "RO49 AAAA 1B31\n0075 9384 0000", IBAN)),
        ("CUI RO14399840", ("CUI", "RO14399840", "14399840")),
        ("C.I.F. 14399840", ("CUI", "14399840", "14399840")),
        ("cod fiscal: 14399840", ("CUI", "14399840", "14399840")),
        ("tel. 0722 123 456", ("PHONE", "0722 123 456", "0722123456")),
        ("telefon 064/633160.\nII. X", ("PHONE", "064/633160", "064633160")),
        ("+40 722 123 456", ("PHONE", "+40 722 123 456", "0722123456")),
        ("sau 0256-644-102 zilnic", ("PHONE", "0256-644-102", "0256644102")),
        ("e-mail ion.pop@posta.ro", ("EMAIL", "ion.pop@posta.ro", "ion.pop@posta.ro")),
        ("C.I. seria MS nr. 123456", ("ID_CARD", "MS nr. 123456", "MS 123456")),
        ("B.I. seria\nPX nr.\n641214", ("ID_CARD", "PX nr.\n641214", "PX 641214")),
        ("auto TM-12-ABC", ("PLATE", "TM-12-ABC", "TM12ABC")),
        ("auto B 123 XYZ", ("PLATE", "B 123 XYZ", "B123XYZ")),
        ("nr. cadastral 62391", ("CADASTRAL", "62391", "62391")),
        ("taxa de 1.234,50 lei", ("MONEY", "1.234,50 lei", "1234.50 RON")),
        ("suma de 200.000 lei", ("MONEY", "200.000 lei", "200000.00 RON")),
        ("150 mii lei", ("MONEY", "150 mii lei", "150000.00 RON")),
        ("3,5 milioane de euro", ("MONEY", "3,5 milioane de euro", "3500000.00 EUR")),
        ("Legea nr. 215/2001", ("ACT_REF", "Legea nr. 215/2001", "Legea 215/2001")),
        ("O.U.G. nr. 57/2019", ("ACT_REF", "O.U.G. nr. 57/2019", "OUG 57/2019")),
        ("HCL 12/2010", ("ACT_REF", "HCL 12/2010", "HCL 12/2010")),
        (
            "Legea privind administraţia publică\nlocală nr. 436-XVI din 28 decembrie 2006",
            (
                "ACT_REF",
                "Legea privind administraţia publică\nlocală nr. 436-XVI din 28 decembrie 2006",
                "Legea 436/2006",
            ),
        ),
        ("conf. legii 571/2003", ("ACT_REF", "legii 571/2003", "Legea 571/2003")),
    ],
)
def test_identifier(text, expected):
    assert found(text) == [expected]


@pytest.mark.parametrize(
    "text",
    [
        "1800101221145 bucăți",
        "număr 14399840",
        "art. 12 alin. 3",
        "AB 12",
        "punct@",
        "Legea aceasta",
    ],
)
def test_not_an_identifier(text):
    assert found(text) == []


def test_a_wrong_check_digit_is_kept_only_where_announced_and_is_doubted():
    entities = [e for e in extract("CNP 1800101221145")[1] if e.label == "CNP"]
    assert [e.value for e in entities] == ["1800101221145"]
    assert entities[0].confidence <= 0.5


def test_dates_and_names_may_stand_inside_a_cited_act_but_the_rules_numbers_may_not():
    found = rules.analyse("Legea nr. 181 din 25.07.2014").found
    assert [(span.label, span.value) for span in found] == [
        ("ACT_REF", "Legea 181/2014"),
        ("DATE", "2014-07-25"),
    ]


def test_the_model_s_number_and_date_stand_inside_a_cited_act():
    entities = extract("potrivit Legii nr. 181 din 25.07.2014 privind taxele")[1]
    assert {(e.label, e.text, e.value) for e in entities} >= {
        ("ACT_REF", "Legii nr. 181 din 25.07.2014", "Legea 181/2014"),
        ("DATE", "25.07.2014", "2014-07-25"),
    }


def check_digit(twelve: str) -> str:
    rest = sum(int(d) * w for d, w in zip(twelve, WEIGHTS, strict=True)) % 11
    return "1" if rest == 10 else str(rest)


@given(
    st.sampled_from("12"),
    st.dates().map(lambda d: f"{d:%y%m%d}"),
    st.integers(1, 46),
    st.integers(1, 999),
)
def test_every_valid_cnp_is_found(sex, birth, county, order):
    if birth[2:] == "0229":
        return
    twelve = f"{sex}{birth}{county:02d}{order:03d}"
    number = twelve + check_digit(twelve)
    assert [e.value for e in extract(f"domiciliat, CNP {number}, în")[1] if e.label == "CNP"] == [
        number
    ]

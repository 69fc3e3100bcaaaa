"""Dates, acts and numbers mean the same however they are written, on a page as in a query."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.hits import IndexedPage
from search.asking.facts import facts
from search.asking.lexicon import known, nearest
from search.asking.marks import look, odd, sets_of
from search.romanian import keys

MONTHS = (
    *("ianuarie", "februarie", "martie", "aprilie", "mai", "iunie", "iulie", "august"),
    *("septembrie", "octombrie", "noiembrie", "decembrie"),
)
ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII")
FORMS = (
    "{d:02}.{m:02}.{y}",
    "{d}.{m}.{y}",
    "{d:02}/{m:02}/{y}",
    "{d:02}-{m:02}-{y}",
    "{y}-{m:02}-{d:02}",
    "{d} {month} {y}",
    "{d:02} {month} {y}",
    "{d} {capital} {y}",
    "{d} {roman} {y}",
    "{d}.{roman}.{y}",
)


def terms(text):
    return [fact.term for fact in facts(text)]


@given(
    st.dates(dt.date(1800, 1, 1), dt.date(2099, 12, 31)),
    st.sampled_from(FORMS),
    st.sampled_from(["{}", "la data de {}.", "({})", "nr. 25 din {}"]),
)
def test_a_day_is_known_however_it_is_written(day, form, around):
    month, roman = MONTHS[day.month - 1], ROMAN[day.month - 1]
    names = {"month": month, "capital": month.upper(), "roman": roman}
    written = form.format(d=day.day, m=day.month, y=day.year, **names)
    found = facts(around.format(written))

    assert len(found) == 1
    told = {found[0].term, *found[0].also}
    assert {day.isoformat(), day.isoformat()[:7]} <= told
    assert (f"25/{day.year}" in told) == around.startswith("nr.")


MEANT = {
    "HCL nr. 025/2016": ["25/2016"],
    "Legea nr. 544 din 2001": ["544/2001"],
    "nr. 25/29.07.2016": ["25/2016"],
    "29.07.16": ["2016-07-29"],
    "29 iul. 2016": ["2016-07-29"],
    "în iulie 2016": ["2016-07"],
    "l5.O7.2O16": ["2016-07-15"],
    "29 iu1ie 2016": ["2016-07-29"],
    "29 iuile 2016": ["2016-07-29"],
    "29 septenbrle 2016": ["2016-09-29"],
    "nr. cad. 123.456": ["#123456"],
    "CF 123 456": ["#123456"],
    "123456-C1-U5": ["#123456c1u5"],
    "1.290,50 lei": ["#1290.50"],
    "1290,5 lei": ["#1290.50"],
    "31.02.16 45.13.2016 32.07.2016": ["2016-02-31"],
    "art. 5 alin. (2), ora 10:30, bl. 4": [],
    "dosar 4455/30/2016": [],
    "12A 4B lOl": [],
}


@pytest.mark.parametrize("text", MEANT)
def test_acts_numbers_and_misread_days(text):
    found = [term for term in terms(text) if term != "#2016"]

    assert found == MEANT[text]


@given(st.text(max_size=200) | st.text(alphabet="0129lOI/.- ,iulCVX", max_size=60))
def test_any_text_has_facts_in_order(text):
    found = facts(text)
    ends = [0, *(fact.end for fact in found)]

    for fact, before in zip(found, ends, strict=False):
        assert before <= fact.start < fact.end <= len(text)
        assert fact.term


def _sets(text, **fields):
    told = {"document_page": 1, "type": "hotărâre", **fields}
    page = IndexedPage(unit="u", document="d", page=1, leaf="1r", text=text, **told)
    return sets_of(page, text.split())


def test_a_misread_word_is_marked_by_its_shape_and_that_of_its_stem():
    marked = set(_sets("Hotărârca privind rnodernizarea")["look"])

    assert {look("hotararea"), look("modernizarea"), f"~{look('modernizar')}"} <= marked
    assert look("privind") not in marked


@pytest.mark.parametrize(
    ("printed", "read"),
    [
        ("modern", "modem"),
        ("clădire", "dădire"),
        ("primărie", "prirnane"),
        ("firma", "hrma"),
        ("iulie", "1ulje"),
        ("2016", "2O16"),
        ("1105", "l1O5"),
    ],
)
def test_words_read_for_one_another_have_one_shape(printed, read):
    plain = str.maketrans("ă", "a")

    assert look(printed.translate(plain)) == look(read.lower().translate(plain))


def test_lost_and_false_spaces_are_mended():
    marked = set(_sets("iluminatpublic al autori zației")["look"])

    assert {look("iluminat"), look("public"), look("autorizatiei")} <= marked


def test_hyphenated_words_are_one_word_too():
    assert "-clujnapoca" in _sets("Cluj-Napoca, s-a 25-26")["fact"]


def test_a_documents_first_page_tells_its_number_and_date():
    told = _sets("text", number="25", date="2016-07-29")["title"]

    assert {"25/2016", "2016-07-29", "hotarar", "text"} <= set(told)
    assert "title" not in _sets("text", number="25", document_page=2)


def test_the_lexicon_knows_forms_and_tells_misread_words():
    for word in ("hotărâre", "petițiile", "strada", "al"):
        assert not odd(*_folded(word))
    for word in ("hotărârca", "rnodern", "autorizatici"):
        assert odd(*_folded(word))
    assert not odd("2016", ("2016",))
    assert known("ab")


def _folded(word):
    plain = word.translate(str.maketrans("ăâțș", "aats"))
    return plain, keys(word)


def test_the_nearest_words_of_the_lexicon():
    assert "construire" in nearest("cnstruire", 1)
    assert nearest("iluminat", 1) != ("iluminat",)
    assert nearest("xqzwkjhxqzwk", 2) == ()

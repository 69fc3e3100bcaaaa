"""Dates in every spelling, and what is no date."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.metadata.forms.dates import find_dates, iso_date, month_number
from pipeline.metadata.text.view import fold
from pipeline.metadata.text.vocabulary import MONTH_NAMES, ROMAN_MONTHS

ROMAN = tuple(ROMAN_MONTHS)


def values(text: str) -> list[str]:
    return [found.value for found in find_dates(fold(text))]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("29.07.2016", "2016-07-29"),
        ("29/07/2016", "2016-07-29"),
        ("29-07-2016", "2016-07-29"),
        ("2016-07-29", "2016-07-29"),
        ("2025.12.17", "2025-12-17"),
        ("29. 07. 2016", "2016-07-29"),
        ("1.3.2001", "2001-03-01"),
        ("29 iulie 2016", "2016-07-29"),
        ("29 Iulie, 2016", "2016-07-29"),
        ("29 IULIE\n2016", "2016-07-29"),
        ("12 luna martie anul 2019", "2019-03-12"),
        ("05.XI.1972", "1972-11-05"),
        ("5 XI 1972", "1972-11-05"),
        ("12-Xl-1972", "1972-11-12"),
        ("l2 martie 2003", "2003-03-12"),
        ("O5.11.2003", "2003-11-05"),
        ("05.11.2OO3", "2003-11-05"),
        ("3 noembrie 1998", "1998-11-03"),
        ("3 octombre 1998", "1998-10-03"),
        ("7 rnartie 2004", "2004-03-07"),
        ("27.06.97", "1997-06-27"),
        ("27.06.12", "2012-06-27"),
        ("nr. 4817/29.07.2016", "2016-07-29"),
        ("din....12.03.2019....", "2019-03-12"),
        ("la 29.07.2016, ora 10", "2016-07-29"),
        ("luna martie 2019", "2019-03"),
        ("anul 2011", "2011"),
    ],
)
def test_spelling(text, value):
    assert values(text) == [value]


@pytest.mark.parametrize(
    "text",
    [
        "31.02.2016",
        "30 februarie 2016",
        "12.13.2016",
        "00.05.2016",
        "12.05.3016",
        "art. 12.05.14",
        "192.168.12.2016",
        "12.05.2016.3",
        "A12.05.2016",
        "2 mai multe",
        "CF 12345",
    ],
)
def test_refused(text):
    assert values(text) == []


def test_without_year_is_a_date_without_a_value():
    assert values("5 noiembrie a.c.") == [""]
    assert values("la 5 noiembrie, ora 10") == [""]


def test_iunie_and_iulie_are_never_guessed_for_each_other():
    assert month_number("iunie") == 6
    assert month_number("iulie") == 7
    assert month_number("iuxie") is None


def test_a_misread_date_is_less_sure():
    clean, misread = find_dates("29.07.2016")[0], find_dates("29.O7.2O16")[0]
    assert misread.value == clean.value
    assert misread.confidence < clean.confidence


@given(st.dates(min_value=date(1850, 1, 1), max_value=date(2099, 12, 31)))
def test_every_day_in_every_spelling(day):
    spellings = (
        f"{day:%d.%m.%Y}",
        f"{day:%d/%m/%Y}",
        f"{day:%d-%m-%Y}",
        f"{day.day} {MONTH_NAMES[day.month - 1]} {day.year}",
        f"{day.day:02d}.{ROMAN[day.month - 1]}.{day.year}",
    )
    for spelling in spellings:
        assert values(f"din {spelling} și") == [day.isoformat()]


@given(st.integers(0, 40), st.integers(0, 20), st.integers(0, 4000))
def test_only_days_of_the_calendar(day, month, year):
    value = iso_date(day, month, year)
    assert value is None or date.fromisoformat(value) == date(year, month, day)


WORN = st.lists(
    st.sampled_from([*"0123456789OoIiLl|SBZgb./,-: \n", "ianuarie", "MAI", "XI", "anul ", "luna "]),
    max_size=24,
).map("".join)


@given(WORN)
def test_anything_like_a_date_is_a_date_or_none(text):
    for found in find_dates(fold(text)):
        assert 0 <= found.start < found.end <= len(text)
        assert found.value == "" or found.value[:2] in {"18", "19", "20", "21"}

"""Requests under Law 544/2001: numbers, terms over holidays, secrets, erasure; searches kept."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from pipeline.ledger import open_ledger
from pipeline.portal.requests import RequestBook
from pipeline.portal.saved import MOST_SAVED, SavedSearches
from pipeline.portal.tables import requests
from pipeline.portal.terms import due, is_working_day, today
from schemas.errors import InputError
from schemas.portal import Question

ASKED = Question("Hotărârea despre strada mea", "Ana Pop", "ana@exemplu.ro", "k7w2m9qx")


class Clock:
    def __init__(self):
        self.at = datetime(2026, 11, 20, 9, tzinfo=UTC)

    def __call__(self):
        return self.at


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def ledger(ledger_settings):
    with open_ledger(ledger_settings) as opened:
        yield opened


@pytest.fixture
def book(ledger, clock):
    return RequestBook(ledger, days=30, clock=clock)


def code_of(call):
    with pytest.raises(InputError) as caught:
        call()
    return caught.value.code


@pytest.mark.parametrize(
    ("received", "last"),
    [
        ((2026, 11, 12), (2026, 11, 23)),  # the tenth day is a Sunday
        ((2026, 11, 13), (2026, 11, 23)),
        ((2026, 11, 20), (2026, 12, 2)),  # Saint Andrew, then the National Day
        ((2026, 12, 15), (2026, 12, 28)),  # Christmas, a week-end
        ((2026, 3, 31), (2026, 4, 14)),  # Good Friday by the Orthodox calendar, Easter Monday
        ((2026, 5, 22), (2026, 6, 2)),  # Whit Monday and Children's Day
    ],
)
def test_a_term_that_ends_on_a_day_off_ends_on_the_next_working_day(received, last):
    assert due(date(*received)) == date(*last)


@given(st.dates(date(2024, 1, 1), date(2035, 12, 31)), st.sampled_from([10, 30]))
def test_a_term_is_never_shorter_and_ends_on_a_working_day(received, days):
    last = due(received, days)
    assert timedelta(days) <= last - received <= timedelta(days + 7)
    assert is_working_day(last)


def test_the_day_is_the_one_in_romania():
    assert today(datetime(2026, 7, 31, 21, 30, tzinfo=UTC)) == date(2026, 8, 1)


def test_a_request_gets_a_number_a_term_and_a_secret_once(book, ledger, clock):
    first, second = book.file(ASKED), book.file(ASKED)
    assert (first.number, second.number) == ("C-2026-00001", "C-2026-00002")
    assert (first.received, first.due) == ("2026-11-20", "2026-12-02")
    assert first.secret != second.secret
    with ledger.reading() as connection:
        rows = connection.execute(select(requests)).all()
    assert all(first.secret not in map(str, row) for row in rows)
    clock.at = datetime(2027, 1, 4, tzinfo=UTC)
    assert book.file(ASKED).number == "C-2027-00001"


def test_only_the_secret_opens_a_request_to_its_asker(book):
    receipt, other = book.file(ASKED), book.file(ASKED)
    assert book.of_asker(receipt.number, receipt.secret).question == ASKED
    assert book.of_asker(receipt.number, f" {receipt.secret.upper()} ") is not None
    for number, secret in (
        (receipt.number, other.secret),
        (receipt.number, ""),
        ("C-2026-99999", receipt.secret),
        ("", ""),
    ):
        assert book.of_asker(number, secret) is None


def test_staff_assign_extend_and_answer(book, clock):
    number = book.file(ASKED).number
    assert book.assign(number, "ana.pop").assigned == "ana.pop"
    longer = book.extend(number)
    assert (longer.extended, longer.due) == (True, "2026-12-21")
    assert code_of(lambda: book.extend(number)) == "request-extended"
    clock.at += timedelta(3)
    told = book.answer(number, "Copia este atașată.", "given", "ana.pop")
    assert (told.state, told.answered, told.outcome) == ("answered", "2026-11-23", "given")
    for again in (
        lambda: book.assign(number, "x"),
        lambda: book.extend(number),
        lambda: book.answer(number, "x", "given", "y"),
    ):
        assert code_of(again) == "request-answered"
    assert code_of(lambda: book.answer(number, "x", "maybe", "y")) == "request-outcome"
    assert code_of(lambda: book.assign("C-1", "x")) == "request-unknown"


def test_a_term_is_not_extended_once_it_is_over(book, clock):
    number = book.file(ASKED).number
    clock.at += timedelta(13)
    assert code_of(lambda: book.extend(number)) == "request-extended"


def test_what_is_personal_is_erased_after_the_answer_and_only_then(book, ledger, clock):
    answered, waiting = book.file(ASKED), book.file(ASKED)
    book.answer(answered.number, "Iată.", "given", "ion")
    clock.at += timedelta(30)
    assert book.erase_expired() == 0
    clock.at += timedelta(1)
    assert {one.number for one in book.all()} == {answered.number, waiting.number}
    kept = book.one(answered.number)
    assert (kept.question, kept.answer) == (Question("", "", ""), "")
    assert (kept.outcome, kept.answered) == ("given", "2026-11-20")
    assert book.of_asker(answered.number, answered.secret) is None
    assert book.of_asker(answered.number, "") is None
    assert book.one(waiting.number).question == ASKED
    with ledger.reading() as connection:
        row = connection.execute(select(requests).where(requests.c.number == answered.number)).one()
    assert not {"Ana Pop", "ana@exemplu.ro", ASKED.text, "Iată."} & set(map(str, row))


def test_requests_are_listed_by_term(book, clock):
    late = book.file(ASKED).number
    clock.at -= timedelta(5)
    early = book.file(ASKED).number
    assert [one.number for one in book.all()] == [early, late]
    book.assign(late, "ana")
    assert [one.number for one in book.all("assigned")] == [late]


def test_each_account_keeps_its_own_searches(ledger):
    saved = SavedSearches(ledger)
    mine = saved.add("ana", "strada mea", "crinului", {"type": "hotărâre"})
    saved.add("ion", "parcare", "parcare", {})
    assert saved.of("ana") == (mine,)
    assert not saved.remove("ion", mine.id)
    assert saved.remove("ana", mine.id)
    assert saved.of("ana") == ()
    for n in range(MOST_SAVED - 1):
        saved.add("ion", str(n), "q", {})
    assert code_of(lambda: saved.add("ion", "x", "q", {})) == "saved-full"

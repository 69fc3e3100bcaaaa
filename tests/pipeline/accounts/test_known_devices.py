"""Devices and addresses from which somebody signed in before: nobody elsewhere makes him wait there."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from pipeline.accounts import throttle
from pipeline.accounts.marks import DEVICE_SECONDS, Marks
from pipeline.accounts.tables import attempts
from pipeline.accounts.throttle import Attempt
from schemas.errors import AccessError
from schemas.settings import Settings
from tests.pipeline.database_samples import DATABASES, shared_ledger, undone

OWN, STORED = "192.168.1.7", "$argon2id$of ioana"


@pytest.fixture(scope="module", params=DATABASES)
def shared(request, tmp_path_factory):
    with shared_ledger(request, tmp_path_factory.mktemp("devices")) as (opened, _):
        yield opened


@pytest.fixture
def connection(shared):
    with undone(shared) as opened:
        yield opened


@pytest.fixture(scope="module")
def marks(tmp_path_factory):
    return Marks(Settings(archive=tmp_path_factory.mktemp("archive")))


def waits(connection, attempt: Attempt, now: int) -> int:
    try:
        throttle.reserve(connection, attempt, now)
    except AccessError as error:
        return int(error.detail["n"])
    return 0


def attacked(connection, now: int) -> None:
    """A hundred wrong passwords for `ioana`, from a hundred addresses."""
    for n in range(100):
        waits(connection, Attempt("ioana", f"10.0.{n}.1"), now)


def test_whoever_hammers_a_name_makes_its_owner_wait_at_no_device_of_hers(connection):
    attacked(connection, 0)
    assert waits(connection, Attempt("ioana", OWN), 0) > 0
    own = Attempt("ioana", OWN, "d1")
    assert [waits(connection, own, 0) for _ in range(5)] == [0] * 5


def test_nor_does_whoever_hammers_from_her_own_address(connection):
    for n in range(60):
        waits(connection, Attempt(f"nume{n % 3}", OWN), 0)
        waits(connection, Attempt("ioana", OWN), 0)
    assert waits(connection, Attempt("ioana", OWN), 0) > 0
    assert waits(connection, Attempt("ioana", OWN, "d1"), 0) == 0


def test_a_known_device_guesses_no_faster(connection):
    now, tries = 0, 0
    while now < 3600:
        waited = waits(connection, Attempt("ioana", OWN, "d1"), now)
        tries += waited == 0
        now += waited or 1
    assert tries <= 16


def test_an_address_of_the_owners_waits_for_no_others_for_thirty_days(connection):
    own, day = Attempt("ioana", OWN), 86_400
    assert waits(connection, own, 0) == 0
    throttle.forgive(connection, own, 0)
    for now, free in ((day, True), (29 * day, True), (31 * day, False)):
        attacked(connection, now)
        assert (waits(connection, own, now) == 0) is free
        assert waits(connection, Attempt("ioana", "192.168.1.8"), now) > 0
    assert "ioana" not in str(connection.execute(select(attempts)).all())


def test_an_address_of_the_owners_guesses_no_faster(connection):
    own = Attempt("ioana", OWN)
    waits(connection, own, 0)
    throttle.forgive(connection, own, 0)
    assert sum(waits(connection, own, 1) == 0 for _ in range(50)) == 5


def test_a_mark_is_of_one_person_and_of_one_password(marks):
    told = marks.device("", "ioana", STORED, 1000)
    device = marks.device_of(told, "ioana", STORED, 1001)
    assert device
    assert marks.device_seen(told, 1001) == device
    assert marks.device_of(told, "maria", STORED, 1001) == ""
    assert marks.device_of(told, "ioana", "$argon2id$another", 1001) == ""
    assert marks.device_of(told, "ioana", STORED, 1000 + DEVICE_SECONDS) == ""
    assert "ioana" not in told
    for nobody in ("", "~", told[:-1], told + "~" * 1000, f"x{told}", told.replace(".", "")):
        assert marks.device_of(nobody, "ioana", STORED, 1001) == ""
    assert marks.device_of(marks.device("", "nimeni", "", 0), "nimeni", "", 1) == ""


def test_several_people_share_a_device_the_latest_five_of_them(marks):
    told, names = "", [f"om{n}" for n in range(7)]
    for now, name in enumerate(names):
        told = marks.device(told, name, name, now)
    known = [name for name in names if marks.device_of(told, name, name, 9)]
    assert known == names[2:]
    again = marks.device(told, "om6", "om6", 10)
    assert again.count("~") == told.count("~")


def test_the_mark_of_another_archive_is_worth_nothing(marks, tmp_path):
    other = Marks(Settings(archive=tmp_path))
    told = other.device("", "ioana", STORED, 0)
    assert (marks.device_seen(told, 1), marks.is_token(other.token())) == ("", False)


@given(st.text(max_size=1200))
def test_nothing_that_a_browser_tells_is_more_than_no_device(marks, told):
    assert marks.device_of(told, "ioana", STORED, 5) == marks.device_seen(told, 5) == ""
    assert not marks.is_token(told)


def test_a_token_tells_that_it_is_ours(marks):
    made = {marks.token() for _ in range(20)}
    assert len(made) == 20
    for token in made:
        assert marks.is_token(token)
        assert not marks.is_token(token[1:])
        assert not marks.is_token(token.swapcase())
        assert token.count(".") == 0

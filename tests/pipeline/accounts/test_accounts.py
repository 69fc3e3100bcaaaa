"""Accounts, sessions and keys, on each database: hashed, bounded in time, throttled for a while."""

import re
from dataclasses import replace

import pytest
from sqlalchemy import inspect, select, text

from pipeline.accounts import keys, people, sessions, throttle
from pipeline.accounts.desk import AccountDesk
from pipeline.accounts.passwords import hashed, is_outdated, matches, need_good, new_password
from pipeline.accounts.people import Bounds
from pipeline.accounts.sessions import Terms
from pipeline.accounts.tables import api_keys, attempts
from pipeline.accounts.tables import sessions as session_table
from pipeline.accounts.throttle import Attempt
from pipeline.audit import chain
from pipeline.audit.noting import Noting
from pipeline.ledger import open_ledger
from pipeline.ledger.engine import ledger_url, make_engine
from pipeline.ledger.upgrade import downgrade, upgrade
from schemas.access import Begun, Caller, Role
from schemas.errors import AccessError, OpisError
from tests.pipeline.database_samples import DATABASES, shared_ledger, undone

PASSWORD = "iluminat-public-25"
TERMS = Terms(longest=1000, idle=100, purpose=50)
CLERK = Bounds(("Primăria",), ("Urbanism",))


def code_of(call) -> str:
    with pytest.raises(OpisError) as caught:
        call()
    return caught.value.code


@pytest.fixture
def ledger(ledger_settings):
    with open_ledger(ledger_settings) as opened:
        yield opened


@pytest.fixture(scope="module", params=DATABASES)
def shared(request, tmp_path_factory):
    with shared_ledger(request, tmp_path_factory.mktemp("accounts")) as (opened, _):
        yield opened


@pytest.fixture
def connection(shared):
    with undone(shared) as opened:
        yield opened


@pytest.mark.slow
def test_tables_come_and_go_with_their_migration(ledger_settings):
    open_ledger(ledger_settings).close()
    engine = make_engine(ledger_url(ledger_settings))
    own = {"accounts", "sessions", "api_keys", "attempts", "sign_ins", "audit"}
    assert own <= set(inspect(engine).get_table_names())
    downgrade(engine, "0003")
    assert not own & set(inspect(engine).get_table_names())
    upgrade(engine, "0004")
    assert own <= set(inspect(engine).get_table_names())
    engine.dispose()


def test_an_account_from_its_first_day_to_its_last(connection):
    made = people.add_account(connection, " Ioana ", Role.CLERK, CLERK, PASSWORD)
    assert (made.name, made.role, made.bounds, made.active) == ("ioana", Role.CLERK, CLERK, True)
    token = sessions.open_session(connection, made, TERMS, 0)
    assert sessions.find_session(connection, token, TERMS, 1)[0] == made.caller
    again = people.add_account(connection, "alt.om", Role.JURIST, Bounds(), PASSWORD)
    assert people.all_accounts(connection) == (made, again)
    assert (
        code_of(lambda: people.add_account(connection, "IOANA", Role.JURIST, Bounds(), PASSWORD))
        == "account-exists"
    )
    changed = people.change_account(connection, "ioana", role=Role.ARCHIVIST, bounds=Bounds())
    assert changed.caller == Caller(Role.ARCHIVIST, "ioana")
    assert sessions.find_session(connection, token, TERMS, 1) is None
    people.remove_account(connection, "ioana")
    assert code_of(lambda: people.account_named(connection, "ioana")) == "account-missing"


@pytest.mark.parametrize(
    ("name", "role", "bounds", "password", "code"),
    [
        ("x", Role.JURIST, Bounds(), PASSWORD, "account-name"),
        ("ion pop", Role.JURIST, Bounds(), PASSWORD, "account-name"),
        ("șef", Role.JURIST, Bounds(), PASSWORD, "account-name"),
        ("ion", Role.JURIST, Bounds(), "scurt", "password-weak"),
        ("ion", Role.JURIST, Bounds(), "aaaaaaaaaaaaaaaa", "password-weak"),
        ("ion", Role.JURIST, Bounds(), "ionionionion12", "password-weak"),
        ("ion", Role.PORTAL, Bounds(), PASSWORD, "role-not-of-people"),
        ("ion", Role.CLERK, Bounds(("A", "B"), ("C",)), PASSWORD, "clerk-unbounded"),
        ("ion", Role.CLERK, Bounds(("A",)), PASSWORD, "clerk-unbounded"),
        ("ion", Role.OPERATOR, Bounds(), PASSWORD, "operator-unbounded"),
    ],
)
def test_what_is_no_account(connection, name, role, bounds, password, code):
    told = code_of(lambda: people.add_account(connection, name, role, bounds, password))
    assert told == code
    assert people.all_accounts(connection) == ()


def test_the_last_administrator_stays(connection):
    people.add_account(connection, "sef", Role.ADMIN, Bounds(), PASSWORD)
    assert people.has_admin(connection)
    for work in (
        lambda: people.remove_account(connection, "sef"),
        lambda: people.change_account(connection, "sef", active=False),
        lambda: people.change_account(connection, "sef", role=Role.JURIST),
    ):
        assert code_of(work) == "admin-last"
    people.add_account(connection, "sefa", Role.ADMIN, Bounds(), PASSWORD)
    people.change_account(connection, "sef", active=False)
    assert code_of(lambda: people.remove_account(connection, "sefa")) == "admin-last"


def test_passwords_are_argon2id_hashes():
    stored = hashed(PASSWORD)
    assert stored.startswith("$argon2id$v=19$m=32768,t=3,p=1$")
    assert hashed(PASSWORD) != stored
    assert matches(stored, PASSWORD)
    assert not matches(stored, PASSWORD + "x")
    assert not matches("", PASSWORD)
    assert not matches("broken", PASSWORD)
    assert not is_outdated(stored)
    made = {new_password() for _ in range(50)}
    assert len(made) == 50
    for one in made:
        need_good(one, "admin")


def test_sessions_end_by_time_idleness_and_sign_out(connection):
    account = people.add_account(connection, "ioana", Role.JURIST, Bounds(), PASSWORD)
    token = sessions.open_session(connection, account, TERMS, 0)
    assert token not in str(connection.execute(select(session_table)).all())
    assert sessions.find_session(connection, token, TERMS, 99) == (account.caller, True)
    assert sessions.find_session(connection, token, TERMS, 100) is None
    for now in range(50, 1000, 50):
        sessions.seen(connection, token, now)
    assert sessions.find_session(connection, token, TERMS, 999) is not None
    assert sessions.find_session(connection, token, TERMS, 1000) is None
    sessions.seen(connection, token, 10)
    sessions.close_session(connection, token)
    assert sessions.find_session(connection, token, TERMS, 11) is None
    assert sessions.find_session(connection, "", TERMS, 0) is None


def test_a_purpose_holds_for_a_while(connection):
    account = people.add_account(connection, "ioana", Role.JURIST, Bounds(), PASSWORD)
    token = sessions.open_session(connection, account, TERMS, 0)
    sessions.tell_purpose(connection, token, "court 1/2026", TERMS, 10)
    told = replace(account.caller, purpose="court 1/2026")
    assert sessions.find_session(connection, token, TERMS, 59)[0] == told
    assert sessions.find_session(connection, token, TERMS, 60)[0] == account.caller


def test_a_closed_account_is_out_at_once(connection):
    people.add_account(connection, "sef", Role.ADMIN, Bounds(), PASSWORD)
    account = people.add_account(connection, "ioana", Role.JURIST, Bounds(), PASSWORD)
    token = sessions.open_session(connection, account, TERMS, 0)
    people.change_account(connection, "ioana", active=False)
    assert sessions.find_session(connection, token, TERMS, 1) is None


def test_sign_ins_at_a_provider_come_back_once_and_in_time(connection):
    begun = Begun("nonce", "verifier", "/cautare")
    for state in ("one", "two"):
        sessions.begin(connection, state, begun, 0)
    assert sessions.finish(connection, "three", 1) is None
    assert sessions.finish(connection, "one", 1) == begun
    assert sessions.finish(connection, "one", 1) is None
    assert sessions.finish(connection, "two", 601) is None


def test_a_key_is_shown_once_bounded_and_revoked(connection):
    key, whole = keys.add_key(connection, "SVU", Role.PORTAL, Bounds(), ("search",), ends=1000)
    assert re.fullmatch(r"opis_[a-z0-9]{8}_[A-Za-z0-9_-]{43}", whole)
    assert whole.split("_", 2)[2] not in str(connection.execute(select(api_keys)).all())
    caller = Caller(Role.PORTAL, f"key:{key.id}", scopes=("search",))
    assert keys.find_key(connection, whole, 999) == (caller, True)
    keys.used(connection, caller)
    assert keys.find_key(connection, whole, 999) == (caller, False)
    assert keys.key_named(connection, key.id).used
    assert keys.find_key(connection, whole, 1000) is None
    for wrong in (whole[:-1], whole + "x", f"opis_{key.id}_", "opis_", "opis__", "", "x"):
        assert keys.find_key(connection, wrong, 0) is None
    keys.revoke_key(connection, key.id)
    assert keys.find_key(connection, whole, 0) is None
    assert code_of(lambda: keys.rotate_key(connection, key.id, 7, 0)) == "key-over"
    assert code_of(lambda: keys.add_key(connection, "x", Role.ADMIN, Bounds())) == (
        "role-not-of-machines"
    )
    assert code_of(lambda: keys.add_key(connection, "x", Role.STATION, Bounds())) == (
        "operator-unbounded"
    )


def test_a_rotated_key_overlaps_with_the_new_one(connection):
    key, old = keys.add_key(connection, "S1", Role.STATION, Bounds(stations=("S1",)))
    before, after, new = keys.rotate_key(connection, key.id, 7, 1000)
    assert before.ends == 1000 + 7 * 86_400
    assert (after.role, after.bounds, after.ends) == (key.role, key.bounds, 0)
    for whole in (old, new):
        assert keys.find_key(connection, whole, 1000)
    assert keys.find_key(connection, old, before.ends) is None
    assert keys.find_key(connection, new, before.ends)


def waits(connection, name, address, now) -> int:
    """Seconds that the next attempt would wait, which is counted where there are none."""
    try:
        throttle.reserve(connection, Attempt(name, address), now)
    except AccessError as error:
        return int(error.detail["n"])
    return 0


def test_wrong_passwords_make_the_next_wait_longer_but_not_for_good(connection):
    now, told = 0, []
    for _ in range(16):
        waited = waits(connection, "ioana", "10.0.0.1", now)
        told.append(waited)
        now += waited
        assert waited == 0 or waits(connection, "ioana", "10.0.0.1", now) == 0
    assert told[:5] == [0] * 5
    assert sorted(told) == told
    assert max(told) <= 900
    assert waits(connection, "ioana", "10.0.0.2", now) <= 30
    assert waits(connection, "ioana", "10.0.0.1", now + 3600 + 900) == 0


def test_a_name_attacked_from_everywhere_waits_half_a_minute_at_most(connection):
    for n in range(80):
        waits(connection, "ioana", f"10.0.{n}.1", 0)
    assert 0 < waits(connection, "ioana", "192.168.1.7", 0) <= 30
    assert waits(connection, "maria", "192.168.1.7", 0) == 0
    assert "ioana" not in str(connection.execute(select(attempts)).all())


def test_one_address_that_tries_many_names_waits(connection):
    assert sum(waits(connection, f"nume{n}", "10.0.0.1", 0) == 0 for n in range(60)) == 30


def test_the_right_password_is_forgiven(connection):
    for _ in range(60):
        throttle.reserve(connection, Attempt("ioana", "10.0.0.1"), 0)
        throttle.forgive(connection, Attempt("ioana", "10.0.0.1"), 0)
    assert waits(connection, "ioana", "10.0.0.1", 0) == 0


@pytest.mark.slow
def test_signing_in_and_out_is_noted_and_wrong_is_alike(ledger, ledger_settings):
    desk = AccountDesk(ledger, ledger_settings, Noting(ledger, ledger_settings))
    assert not desk.is_open()
    with ledger.writing() as connection:
        people.add_account(connection, "sef", Role.ADMIN, Bounds(), PASSWORD)
    assert desk.is_open()
    told = []
    for name, password in (
        ("sef", "alta parolă"),
        ("nimeni", PASSWORD),
        ("", ""),
        ("sef", "x" * 9999),
    ):
        with pytest.raises(AccessError) as caught:
            desk.sign_in(name, password, "127.0.0.1")
        told.append((caught.value.code, caught.value.file, caught.value.detail))
    assert told == [("credentials-invalid", "", {})] * 4
    session = desk.sign_in(" SEF ", PASSWORD, "127.0.0.1")
    assert desk.of_session(session.token) == session.caller == Caller(Role.ADMIN, "sef")
    desk.tell_purpose(session.token, "control")
    assert desk.of_session(session.token).purpose == "control"
    desk.sign_out(session.token)
    assert desk.of_session(session.token) is None
    with ledger.reading() as connection:
        rows = [one.entry for one in chain.entries(connection)]
        everything = str(connection.execute(text("SELECT * FROM audit")).all())
    assert [(one.actor, one.action, one.subject) for one in rows] == [
        ("-", "login-refused", "account-1"),
        *[("-", "login-refused", "unknown")] * 2,
        ("-", "login-refused", "account-1"),
        ("account-1", "login", "password"),
        ("account-1", "purpose", "session"),
        ("account-1", "logout", "session"),
    ]
    assert not {"sef", "nimeni", PASSWORD, session.token} & set(re.findall(r"[\w-]+", everything))

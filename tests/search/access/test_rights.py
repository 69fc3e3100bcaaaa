"""The table of rights: what is not in it is refused, bounds hold, a purpose opens what is restricted."""

from contextlib import suppress
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.access import ANONYMOUS, PUBLIC_SCOPE, Caller, Grant, Role, Scope
from schemas.errors import AccessError, UsageError
from search.access.callers import need
from search.access.purposes import parse_purpose
from search.access.rights import (
    ACTIONS,
    NO_REGIME,
    PURPOSES,
    RIGHTS,
    SCOPES,
    VIEW,
    Verdict,
    allowed,
    reaches,
    scope_of,
    verdict,
)
from search.analysis import tokens

REGIMES = ("public", "anonymised", "restricted", NO_REGIME)
CLERK = Caller(Role.CLERK, "x", ("Primăria",), ("Urbanism",))
words = st.text(max_size=20)


def folded(text: str) -> str:
    return " ".join(token.fold for token in tokens(text))


def test_the_table_knows_every_role_and_no_other_action():
    assert set(RIGHTS) == set(Role)
    for rights in RIGHTS.values():
        assert set(rights) <= set(ACTIONS)
        for regimes in rights.values():
            assert set(regimes) <= set(REGIMES)
    assert set(SCOPES) <= set(ACTIONS)


@given(st.sampled_from(Role), words, words)
def test_what_is_not_in_the_table_is_refused(role, action, regime):
    told = regime in RIGHTS[role].get(action, ())
    assert (verdict(Caller(role, "x", purpose="court"), action, regime) is Verdict.YES) == told


@pytest.mark.parametrize("role", [role for role in Role if VIEW in RIGHTS[role]])
def test_restricted_records_take_a_purpose_whoever_asks(role):
    caller = Caller(role, "x")
    assert verdict(caller, VIEW, "restricted") is Verdict.PURPOSE
    assert allowed(replace(caller, purpose="court"), VIEW, "restricted")
    assert allowed(caller, VIEW, "anonymised")


def test_a_bounded_key_may_do_no_more_than_its_scopes():
    station = Caller(Role.STATION, "key:x", stations=("S1",))
    assert allowed(station, "deliver")
    assert not allowed(replace(station, scopes=("search",)), "deliver")


def test_who_is_told_what():
    for caller, code in ((ANONYMOUS, "sign-in-needed"), (CLERK, "role-refused")):
        with pytest.raises(AccessError) as caught:
            need(caller, "accounts")
        assert caught.value.code == code
    with pytest.raises(AccessError) as caught:
        need(CLERK, VIEW, "restricted")
    assert caught.value.code == "purpose-needed"


def test_scopes_by_role():
    assert scope_of(ANONYMOUS) == scope_of(Caller(Role.OPERATOR, "x")) == PUBLIC_SCOPE
    assert scope_of(Caller(Role.ARCHIVIST, "x")) == Scope("staff")
    assert scope_of(CLERK) == Scope("staff", (Grant(("Primăria",), ("Urbanism",)),))
    for wrong in ((), ("Primăria", "Taxe")):
        assert scope_of(replace(CLERK, institutions=wrong)) == Scope("staff", ())


@given(words, words, words)
def test_a_clerk_reaches_his_own_and_nothing_else(institution, department, regime):
    scope = scope_of(CLERK)
    own = folded(institution) == "primaria" and folded(department) == "urbanism"
    assert reaches(scope, institution, department, regime) == own
    assert reaches(scope, "PRIMARIA", "urbanism", regime)
    assert not reaches(scope, "", "", regime)
    assert not reaches(Scope("staff", ()), institution, department, regime)


@given(words)
def test_no_free_text_is_a_purpose(text):
    told = ""
    with suppress(UsageError):
        told = parse_purpose(text)
    code, _, case = told.partition(" ")
    assert code in {"", *PURPOSES}
    assert case.replace("/", "").isdecimal() or not case


@pytest.mark.parametrize("text", ["court 4817/2026", "archive", " petition  12/1999 "])
def test_purposes(text):
    assert parse_purpose(text) == " ".join(text.split())


@pytest.mark.parametrize(
    "text", ["", "curiozitate", "court Popescu", "court 1/26", "court 1/2026 x"]
)
def test_what_is_no_purpose(text):
    with pytest.raises(UsageError):
        parse_purpose(text)

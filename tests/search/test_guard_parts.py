"""Token buckets, client addresses behind proxies, languages: each alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.access import ANONYMOUS, Caller, Role
from schemas.errors import UsageError
from schemas.settings import Settings
from search.guard.clients import bucket_key, client_address, is_direct_local, networks
from search.guard.headers import request_id
from search.guard.languages import best_language
from search.guard.limits import Buckets, Budgets

TRUSTED = networks("10.0.0.0/8, 192.168.1.1, fd00::/8")


class Clock:
    def __init__(self):
        self.now = 0.0

    def __call__(self):
        return self.now


@given(
    rate=st.floats(0.1, 50),
    burst=st.floats(1, 50),
    pauses=st.lists(st.floats(0, 3), min_size=1, max_size=60),
)
def test_nobody_gets_more_than_burst_and_rate_allow(rate, burst, pauses):
    clock = Clock()
    buckets, allowed = Buckets(rate, burst, clock), 0
    for pause in pauses:
        clock.now += pause
        taken = buckets.take("a")
        allowed += taken.allowed
        assert 0 <= taken.remaining <= taken.limit
        if not taken.allowed:
            assert taken.retry * rate >= 1 - burst
            assert taken.headers["Retry-After"] == str(taken.retry)
    assert allowed <= burst + rate * clock.now + 1e-6


def test_waiting_as_told_is_enough_and_others_are_not_touched():
    clock = Clock()
    buckets = Buckets(0.25, 2, clock)
    assert [buckets.take("a").allowed for _ in range(3)] == [True, True, False]
    assert buckets.take("b").allowed
    clock.now += buckets.take("a").retry
    assert buckets.take("a").allowed


def test_the_public_keys_and_staff_have_budgets_of_their_own():
    budgets = Budgets(
        Settings(anonymous_calls=0.5, portal_calls=0.5, staff_calls=0.5, requests_per_hour=1)
    )
    staff = Caller(Role.CLERK, "ana")
    for caller in (ANONYMOUS, Caller(Role.PORTAL, "svu"), staff):
        assert [budgets.take(caller, "1.2.3.4").allowed for _ in range(3)] == [True, True, False]
    assert budgets.take(ANONYMOUS, "1.2.3.5").allowed
    assert budgets.take(Caller(Role.CLERK, "ion"), "1.2.3.4").allowed
    assert [budgets.take_request("1.2.3.4").allowed for _ in range(2)] == [True, False]


def test_several_processes_share_the_budget():
    one = Budgets(Settings(anonymous_calls=8))
    four = Budgets(Settings(anonymous_calls=8, serve_workers=4))
    assert one.take(ANONYMOUS, "a").limit == 4 * four.take(ANONYMOUS, "a").limit


@pytest.mark.parametrize(
    ("peer", "forwarded", "client"),
    [
        ("203.0.113.9", "1.1.1.1", "203.0.113.9"),
        ("10.1.1.1", "", "10.1.1.1"),
        ("10.1.1.1", "6.6.6.6, 203.0.113.9", "203.0.113.9"),
        ("10.1.1.1", "6.6.6.6, 203.0.113.9, 10.2.2.2", "203.0.113.9"),
        ("10.1.1.1", "6.6.6.6, nonsense", "10.1.1.1"),
        ("10.1.1.1", "10.3.3.3", "10.3.3.3"),
        ("fd00::1", "2001:db8::7", "2001:db8::7"),
        ("unix", "1.1.1.1", "unix"),
    ],
)
def test_only_trusted_proxies_are_believed(peer, forwarded, client):
    assert client_address(peer, forwarded, TRUSTED) == client


@given(st.text(), st.text())
def test_no_header_breaks_it(peer, forwarded):
    assert isinstance(bucket_key(client_address(peer, forwarded, TRUSTED)), str)


def test_a_network_of_ipv6_is_one_caller():
    assert bucket_key("2001:db8::1") == bucket_key("2001:db8::ffff:1") != bucket_key("2001:db9::1")
    assert bucket_key("::ffff:1.2.3.4") == bucket_key("1.2.3.4")


def test_proxies_that_are_no_networks_are_refused():
    with pytest.raises(UsageError):
        networks("10.0.0.0/8, example.org")


@pytest.mark.parametrize("name", ["x-forwarded-for", "forwarded", "via", "x-real-ip"])
def test_what_a_proxy_on_this_machine_hands_on_is_not_local(name):
    assert is_direct_local("127.0.0.1", {})
    assert not is_direct_local("127.0.0.1", {name: "1.1.1.1"})
    assert not is_direct_local("192.0.2.1", {})
    assert not is_direct_local("", {})


@pytest.mark.parametrize(
    ("asked", "language"),
    [
        ("", "ro"),
        ("en", "en"),
        ("en-GB,en;q=0.9,ro;q=0.8", "en"),
        ("hu,ro;q=0.3,en;q=0.7", "en"),
        ("en;q=0, ro;q=0.1", "ro"),
        ("de, fr", "ro"),
        ("en;q=x", "ro"),
        ("*", "ro"),
    ],
)
def test_the_language_asked_for_first(asked, language):
    assert best_language(asked, "ro") == language


@given(st.text())
def test_any_header_gives_a_language(asked):
    assert best_language(asked, "en") in {"ro", "en"}


def test_a_name_of_a_call_is_believed_of_trusted_proxies_alone():
    assert request_id("abcd-1234", believed=True) == "abcd-1234"
    assert request_id("abcd-1234", believed=False) != "abcd-1234"
    assert request_id("a\r\nSet-Cookie: x", believed=True).isalnum()

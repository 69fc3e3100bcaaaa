"""Bogus credentials: whoever is known never waits behind them, and an address that spent its calls has none looked up."""

import asyncio
import threading

import httpx
import pytest
from fastapi import FastAPI

from schemas.access import ANONYMOUS, Caller, Role
from schemas.errors import AccessError, ServiceError
from schemas.settings import Settings
from search.guard.body import BodyError, received
from search.guard.lookups import Lookups
from search.guard.slots import FullError
from search.portal.joining import join_portal
from search.portal.stores import Stores
from tests.search.portal_samples import client_of

ANA, SVU = Caller(Role.ARCHIVIST, "ana"), Caller(Role.PORTAL, "key:svu")


class Desk:
    """Who shows what: `ana` and `svu` are good; all else waits to be let go, and is worth nothing."""

    def __init__(self) -> None:
        self.go_on, self.both = threading.Event(), threading.Event()
        self.entered, self.looked_up = 0, []
        self._guard = threading.Lock()

    def __call__(self, request) -> Caller:
        shown = request.headers.get("authorization", "").removeprefix("Bearer ")
        if not shown:
            return ANONYMOUS
        self.looked_up.append(shown)
        if shown in {"ana", "svu"}:
            return ANA if shown == "ana" else SVU
        with self._guard:
            self.entered += 1
            if self.entered == 2:
                self.both.set()
        self.go_on.wait(20)
        raise AccessError("credentials-invalid")


def said() -> dict[str, str]:
    return {}


def guarded(desk, **given) -> FastAPI:
    app = FastAPI()
    app.state.settings = Settings(**given)
    app.add_api_route("/api/v1/said", said)
    app.state.identify = desk
    join_portal(app, app.state.settings, None, Stores())
    return app


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def test_a_flood_of_bogus_credentials_keeps_nobody_waiting_who_is_known():
    desk = Desk()
    transport = httpx.ASGITransport(guarded(desk, anonymous_calls=10_000))

    async def calls() -> tuple[list[int], int, list[int]]:
        async with httpx.AsyncClient(transport=transport, base_url="http://opis.test") as web:

            def asked(token):
                return asyncio.create_task(web.get("/api/v1/said", headers=bearer(token)))

            for known in ("ana", "svu"):
                await asked(known)
            bogus = [asked(f"x{n}") for n in range(300)]
            await asyncio.wait(bogus, return_when=asyncio.FIRST_COMPLETED)
            await asyncio.to_thread(desk.both.wait, 20)
            told = [(await asked(known)).status_code for known in ("ana", "svu")]
            at_once = desk.entered
            desk.go_on.set()
            return told, at_once, [answer.status_code for answer in await asyncio.gather(*bogus)]

    told, at_once, bogus = asyncio.run(calls())
    assert told == [200, 200]
    assert at_once == 2
    assert (bogus.count(401), bogus.count(503)) == (202, 98)


class Given:
    """Accounts whose tokens of sessions begin with `ours`, and whose devices with `known`."""

    def is_ours(self, token: str) -> bool:
        return token.startswith("ours")

    def device_seen(self, told: str) -> str:
        return told if told.startswith("known") else ""


class Sessions(Desk):
    """Besides, `ours` is a session that nobody showed before; another one of ours is over."""

    def __call__(self, request) -> Caller:
        shown = request.headers.get("authorization", "").removeprefix("Bearer ")
        if shown == "ours":
            self.looked_up.append(shown)
            return ANA
        if shown == "ours-over":
            self.looked_up.append(shown)
            raise AccessError("credentials-invalid")
        return super().__call__(request)


def test_the_first_call_of_a_new_session_waits_for_no_bogus_credentials():
    desk = Sessions()
    app = guarded(desk, anonymous_calls=10_000)
    app.state.accounts = Given()
    transport = httpx.ASGITransport(app)

    async def calls() -> list[int]:
        async with httpx.AsyncClient(transport=transport, base_url="http://opis.test") as web:

            def asked(token):
                return asyncio.create_task(web.get("/api/v1/said", headers=bearer(token)))

            bogus = [asked(f"x{n}") for n in range(300)]
            await asyncio.wait(bogus, return_when=asyncio.FIRST_COMPLETED)
            await asyncio.to_thread(desk.both.wait, 20)
            told = [(await asked(token)).status_code for token in ("ours", "ours-over")]
            desk.go_on.set()
            await asyncio.gather(*bogus)
            return told

    assert asyncio.run(calls()) == [200, 401]


def test_a_session_that_is_over_has_no_place_of_its_own_twice():
    desk = Sessions()
    desk.go_on.set()
    app = guarded(desk, anonymous_calls=0.5)
    app.state.accounts = Given()
    client = client_of(app)
    told = [client.get("/api/v1/said", headers=bearer("ours-over")).status_code for _ in range(5)]
    assert told == [401, 401, 429, 429, 429]
    assert desk.looked_up == ["ours-over"] * 2
    assert client.get("/api/v1/said", headers=bearer("ours")).status_code == 200


def test_a_session_that_is_known_is_counted_before_it_is_looked_up():
    desk = Sessions()
    app = guarded(desk, staff_calls=0.5)
    app.state.accounts = Given()
    client = client_of(app)
    codes = [client.get("/api/v1/said", headers=bearer("ours")).status_code for _ in range(4)]
    assert codes == [200, 200, 429, 429]
    assert desk.looked_up == ["ours", "ours"]


def test_signing_in_at_a_known_device_waits_for_no_public_call():
    go_on, begun = threading.Event(), threading.Event()

    def slow() -> dict[str, str]:
        begun.set()
        go_on.wait(20)
        return {}

    app = guarded(lambda _: ANONYMOUS, public_at_once=1, public_waiting=0, anonymous_calls=0.75)
    app.state.accounts = Given()
    app.add_api_route("/api/v1/slow", slow)
    app.add_api_route("/api/v1/session", said, methods=["POST"])
    transport = httpx.ASGITransport(app)

    async def calls() -> list[int]:
        async with httpx.AsyncClient(transport=transport, base_url="http://opis.test") as web:
            first = asyncio.create_task(web.get("/api/v1/slow"))
            await asyncio.to_thread(begun.wait, 20)
            told = []
            for cookie in ("", "bogus", "known-1", "known-1"):
                given = {"Cookie": f"__Host-opis-device={cookie}"}
                told.append((await web.post("/api/v1/session", headers=given)).status_code)
            told.append(
                (
                    await web.get("/api/v1/said", headers={"Cookie": "__Host-opis-device=known-1"})
                ).status_code
            )
            go_on.set()
            await first
            return told

    assert asyncio.run(calls()) == [503, 503, 200, 200, 429]


def test_what_an_address_may_no_more_is_not_looked_up():
    desk = Desk()
    desk.go_on.set()
    client = client_of(guarded(desk, anonymous_calls=0.5))
    codes = [client.get("/api/v1/said", headers=bearer("x")).status_code for _ in range(5)]
    assert codes == [401, 401, 429, 429, 429]
    assert desk.looked_up == ["x", "x"]


def test_whoever_is_known_is_counted_before_he_is_looked_up():
    desk = Desk()
    client = client_of(guarded(desk, staff_calls=0.5))
    codes = [client.get("/api/v1/said", headers=bearer("ana")).status_code for _ in range(4)]
    assert codes == [200, 200, 429, 429]
    assert desk.looked_up == ["ana", "ana"]


def test_where_nothing_is_counted_nothing_is_looked_up():
    desk = Desk()
    client = client_of(guarded(desk))
    codes = {client.get("/api/v1/health", headers=bearer("x")).status_code for _ in range(30)}
    assert (codes, desk.looked_up) == ({200}, [])


def test_a_ledger_that_is_away_costs_calls_too():
    def away(_request):
        raise ServiceError("ledger-unreachable")

    client = client_of(guarded(away, anonymous_calls=0.5))
    codes = [client.get("/api/v1/said", headers=bearer("x")).status_code for _ in range(3)]
    assert codes == [503, 503, 429]


def test_who_is_known_is_forgotten_with_his_credentials():
    lookups = Lookups()
    lookups.remember("a", ANA)
    assert (lookups.expected("a"), lookups.expected("b")) == (ANA, ANONYMOUS)
    lookups.remember("a", ANONYMOUS)
    assert lookups.expected("a") == ANONYMOUS


def test_portals_wait_among_themselves_and_staff_for_nobody():
    async def turns() -> list[str]:
        lookups, told = Lookups(at_once=1, waiting=0), []
        async with lookups.turn(ANONYMOUS), lookups.turn(SVU), lookups.turn(ANA):
            for caller in (ANONYMOUS, SVU, ANA):
                try:
                    async with lookups.turn(caller):
                        told.append("on")
                except FullError:
                    told.append("full")
        return told

    assert asyncio.run(turns()) == ["full", "full", "on"]


class Counted(bytes):
    """A piece of a body that tells how often its length was asked for."""

    asked = 0

    def __len__(self) -> int:
        Counted.asked += 1
        return super().__len__()


def test_a_body_in_many_pieces_is_read_once():
    left = [2_000]

    async def piece():
        left[0] -= 1
        return {"type": "http.request", "body": Counted(b"x"), "more_body": left[0] > 0}

    body = asyncio.run(received(piece, {"transfer-encoding": "chunked"}, 10_000))
    assert body == b"x" * 2_000
    assert Counted.asked <= 2_000


@pytest.mark.parametrize("length", ["²", "٣", "-1", "1_0", ""])
def test_a_length_that_is_no_number_is_refused(length):
    with pytest.raises(BodyError):
        asyncio.run(received(None, {"content-length": length}, 100))

"""Whose turn it is: the public's calls begin after staff's, and whoever is refused often waits."""

import asyncio
import threading

import httpx
import pytest
from fastapi import FastAPI

import search.guard.guard
from schemas.access import Caller, Role
from schemas.settings import Settings
from search.guard.slots import Pacing, Precedence
from search.portal.joining import join_portal
from search.portal.stores import Stores
from search.turns import give_way, giving_way


class Slow:
    """An endpoint that is entered and waits to be let go."""

    def __init__(self) -> None:
        self.entered, self.go_on = threading.Event(), threading.Event()

    def __call__(self) -> dict[str, bool]:
        self.entered.set()
        return {"went_on": self.go_on.wait(20)}


def said() -> dict[str, str]:
    return {}


def guarded(slow: Slow) -> FastAPI:
    app = FastAPI()
    app.state.settings = Settings(anonymous_calls=1000)
    app.add_api_route("/api/v1/slow", slow.__call__)
    app.add_api_route("/api/v1/said", said)
    app.state.identify = lambda r: (
        Caller(Role.ARCHIVIST, "ana") if "authorization" in r.headers else Caller()
    )
    join_portal(app, app.state.settings, None, Stores())
    return app


async def staff_and_public(slow: Slow) -> tuple[bool, bool]:
    """Whether the public's call was answered while staff's was under way, and after it."""
    transport = httpx.ASGITransport(guarded(slow))
    async with httpx.AsyncClient(transport=transport, base_url="http://opis.test") as web:
        headers = {"Authorization": "Bearer x"}
        staff = asyncio.create_task(web.get("/api/v1/slow", headers=headers))
        await asyncio.to_thread(slow.entered.wait, 20)
        public = asyncio.create_task(web.get("/api/v1/said"))
        health = await web.get("/api/v1/health")
        await asyncio.wait([public], timeout=0.3)
        meanwhile = public.done()
        slow.go_on.set()
        answers = await asyncio.gather(staff, public)
    codes = [answer.status_code for answer in (health, *answers)]
    return meanwhile, codes == [200, 200, 200]


@pytest.mark.parametrize(("patience", "meanwhile"), [(30.0, False), (0.01, True)])
def test_the_publics_calls_begin_after_staffs_or_after_some_patience(
    monkeypatch, patience, meanwhile
):
    monkeypatch.setattr(search.guard.guard, "_PATIENCE", patience)
    assert asyncio.run(staff_and_public(Slow())) == (meanwhile, True)


@pytest.mark.parametrize(("patience", "steps"), [(30.0, 1), (0.0, 4)])
def test_a_public_call_under_way_stops_between_its_steps(patience, steps):
    precedence, done, at_last = Precedence(patience), threading.Event(), []

    def work() -> None:
        with giving_way(precedence.stopping()):
            for step in range(4):
                if step:
                    give_way()
                at_last.append(step)
                done.wait(0.02)

    with precedence.first():
        thread = threading.Thread(target=work)
        thread.start()
        thread.join(0.3 if patience else 20)
        assert len(at_last) == steps
    thread.join(20)
    assert at_last == [0, 1, 2, 3]


def test_staffs_calls_are_counted_and_end_once():
    async def turns() -> list[bool]:
        precedence, told = Precedence(0.01), []
        with precedence.first() as one, precedence.first():
            one.give_back()
            one.give_back()
            told.append(precedence._clear.is_set())
        told.append(precedence._clear.is_set())
        return told

    assert asyncio.run(turns()) == [False, True]


def test_only_refusals_beyond_the_rate_wait_and_never_too_many_of_them():
    async def waiting() -> list[int]:
        pacing, told = Pacing(rate=3, seconds=60, most=2), []
        tasks = [asyncio.create_task(pacing.wait()) for _ in range(8)]
        for _ in range(5):
            await asyncio.sleep(0)
        told = [sum(task.done() for task in tasks), pacing._waiting]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        return [*told, pacing._waiting]

    assert asyncio.run(waiting()) == [6, 2, 0]

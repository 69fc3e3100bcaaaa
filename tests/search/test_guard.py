"""What every answer carries and every call passes: headers, limits, sizes, methods, slots."""

import asyncio
import logging
import threading

import httpx
import pytest
from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from fastapi.testclient import TestClient
from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse

from schemas.access import Caller, Role
from schemas.errors import AccessError
from schemas.settings import Settings
from search.guard.headers import SECURITY
from search.portal.joining import join_portal
from search.portal.stores import Stores
from search.problems import on_http_error, on_invalid
from tests.search.caller_samples import ARCHIVIST, acting_as
from tests.search.portal_samples import client_of

SECRET = "crinului-1850101221144"


class Site:
    """The pages for people, as far as errors need them."""

    def failure(self, status, headers, sentence=""):
        return HTMLResponse("<p>page</p>", status, headers)


def broken(q: str = "") -> None:
    raise ValueError(q)


def guarded(**given) -> FastAPI:
    """An application with a few addresses of its own behind the guard."""
    app = FastAPI()
    app.state.settings, app.state.site = Settings(**given), Site()
    app.add_api_route("/api/v1/broken", broken)
    app.add_api_route("/api/v1/said", lambda: {"long": "x" * 1000})
    app.add_exception_handler(HTTPException, on_http_error)
    app.add_exception_handler(RequestValidationError, on_invalid)
    join_portal(app, app.state.settings, None, Stores())
    return app


@pytest.fixture(scope="module")
def app():
    return guarded(
        anonymous_calls=10_000, cors_origins="https://portal.example, https://b.example/"
    )


@pytest.fixture
def client(app):
    return client_of(app)


ERRORS = [
    ("GET", "/api/v1/nimic", {}, 404, "address-unknown"),
    ("PUT", "/api/v1/said", {}, 405, "method-unknown"),
    ("GET", "/api/v1/said?q=" + "a" * 9000, {}, 414, "address-too-long"),
    ("POST", "/api/v1/requests", {"content": b"a" * 300_000}, 413, "body-too-large"),
    ("POST", "/api/v1/requests", {"content": b"{"}, 422, "parameters-invalid"),
    ("GET", "/api/v1/changes?limit=0", {}, 400, "parameters-invalid"),
    ("GET", "/api/v1/changes", {}, 503, "ledger-unreachable"),
    ("GET", "/api/v1/requests", {}, 401, "sign-in-needed"),
    ("GET", f"/api/v1/broken?q={SECRET}", {}, 500, "defect"),
]


@pytest.mark.parametrize(("method", "url", "more", "status", "code"), ERRORS)
def test_every_error_is_problem_details_in_the_language_asked_for(
    client, caplog, method, url, more, status, code
):
    json_type = {"Content-Type": "application/json"}
    told = {
        language: client.request(
            method, url, headers={"Accept-Language": language, **json_type}, **more
        )
        for language in ("ro", "en")
    }
    for language, answer in told.items():
        assert answer.status_code == status
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.headers["content-language"] == language
        assert all(answer.headers[name] == value for name, value in SECURITY.items())
        assert len(answer.headers["x-request-id"]) == 16
        body = answer.json()
        assert (body["status"], body["code"]) == (status, code)
        assert body["instance"] == url.partition("?")[0]
        assert SECRET not in answer.text
    assert told["ro"].json()["detail"] != told["en"].json()["detail"]
    assert SECRET not in caplog.text


def test_404_offers_a_request_and_405_tells_the_methods(client):
    assert client.get("/api/v1/nimic").json()["request"] == {
        "page": "/cerere",
        "api": "/api/v1/requests",
    }
    assert client.put("/api/v1/said").headers["allow"] == "GET"
    assert client.get("/api/v1/changes").headers["retry-after"] == "60"
    assert "Bearer" in client.get("/api/v1/requests").headers["www-authenticate"]


def test_head_is_get_without_its_body(client):
    there, head = client.get("/api/v1/said"), client.head("/api/v1/said")
    apart = {"x-request-id", "ratelimit-remaining"}
    assert (head.status_code, head.content) == (200, b"")
    assert {k: v for k, v in head.headers.items() if k not in apart} == {
        k: v for k, v in there.headers.items() if k not in apart
    }


def test_other_origins_only_by_the_list(client):
    def allowed(origin):
        asked = client.get("/api/v1/said", headers={"Origin": origin})
        return asked.headers.get("access-control-allow-origin")

    assert allowed("https://portal.example") == "https://portal.example"
    assert allowed("https://b.example") == "https://b.example"
    assert allowed("https://evil.example") is None
    preflight = {"Origin": "https://portal.example", "Access-Control-Request-Method": "POST"}
    answer = client.options("/api/v1/requests", headers=preflight)
    assert answer.status_code == 200
    assert "access-control-allow-credentials" not in answer.headers
    assert "access-control-allow-origin" not in client_of(guarded()).get("/api/v1/said").headers
    ranged = {**preflight, "Access-Control-Request-Headers": "range, if-range"}
    assert client.options("/api/v1/said", headers=ranged).status_code == 200


def test_a_listed_origin_reads_refusals_too():
    client = client_of(guarded(anonymous_calls=0.25, cors_origins="https://portal.example"))
    for origin, shown in (("https://portal.example", True), ("https://evil.example", False)):
        codes = []
        for path in ("/api/v1/said", "/api/v1/said", f"/api/v1/{'x' * 9000}"):
            answer = client.get(path, headers={"Origin": origin})
            codes.append(answer.status_code)
            told = answer.headers.get_list("access-control-allow-origin")
            assert told == ([origin] if shown else [])
            assert (
                "Retry-After" in answer.headers.get("access-control-expose-headers", "")
            ) is shown
        assert 429 in codes
        assert codes[-1] in {414, 429}


def test_calls_are_limited_and_told_so():
    client = client_of(guarded(anonymous_calls=0.5))
    first, second, third = (client.get("/api/v1/said") for _ in range(3))
    assert [first.status_code, second.status_code, third.status_code] == [200, 200, 429]
    assert (first.headers["ratelimit-limit"], first.headers["ratelimit-remaining"]) == ("2", "1")
    assert third.json()["code"] == "too-many-calls"
    assert int(third.headers["retry-after"]) >= 1
    assert client.get("/api/v1/health").status_code == 200
    assert "defect" not in client.get("/cerere").text


def test_a_flood_from_outside_leaves_staff_their_calls():
    app = guarded(anonymous_calls=0.25, staff_calls=5)
    client = client_of(app)
    assert [client.get("/api/v1/said").status_code for _ in range(3)] == [200, 429, 429]
    acting_as(app, ARCHIVIST)
    assert client.get("/api/v1/said").status_code == 200


def test_wrong_credentials_count_for_the_public_budget():
    app = guarded(anonymous_calls=0.5)

    def refuse(_request):
        raise AccessError("credentials-invalid")

    app.state.identify = refuse
    client = client_of(app)
    headers = {"Authorization": "Bearer x"}
    codes = [client.get("/api/v1/said", headers=headers).status_code for _ in range(3)]
    assert codes == [401, 401, 429]


def test_addresses_behind_a_trusted_proxy_have_budgets_of_their_own():
    app = guarded(anonymous_calls=0.25, trusted_proxies="127.0.0.0/8")
    client = client_of(app)

    def called(address):
        return client.get("/api/v1/said", headers={"X-Forwarded-For": address}).status_code

    assert [called("203.0.113.1"), called("203.0.113.1"), called("203.0.113.2")] == [200, 429, 200]
    unbelieved = client_of(guarded(anonymous_calls=0.25))
    for address, status in (("203.0.113.1", 200), ("203.0.113.2", 429)):
        headers = {"X-Forwarded-For": address}
        assert unbelieved.get("/api/v1/said", headers=headers).status_code == status


def test_https_told_by_a_trusted_proxy_brings_hsts():
    client = client_of(guarded(trusted_proxies="127.0.0.1"))
    headers = {"X-Forwarded-Proto": "https", "X-Request-ID": "portal-12345678"}
    answer = client.get("/api/v1/said", headers=headers)
    assert answer.headers["strict-transport-security"]
    assert answer.headers["x-request-id"] == "portal-12345678"
    plain = client_of(guarded()).get("/api/v1/said", headers=headers)
    assert "strict-transport-security" not in plain.headers
    assert plain.headers["x-request-id"] != "portal-12345678"


def test_the_log_of_calls_has_no_query_no_id_and_no_address(caplog):
    client = client_of(guarded(access_log="on", anonymous_calls=100))
    with caplog.at_level(logging.INFO, logger="opis.access"):
        client.get(f"/api/v1/requests/{SECRET}?q={SECRET}")
        client.get(f"/{SECRET}")
    assert "/api/v1/requests/{number} 503" in caplog.text
    assert "unmatched 404" in caplog.text
    assert SECRET not in caplog.text
    assert "127.0.0.1" not in caplog.text


def test_staff_are_answered_while_all_slots_of_the_public_are_taken():
    app = guarded(public_at_once=1, public_waiting=1, anonymous_calls=100)
    entered, go_on = threading.Event(), threading.Event()

    def slow() -> dict[str, bool]:
        entered.set()
        return {"went_on": go_on.wait(20)}

    app.add_api_route("/api/v1/slow", slow)
    app.state.identify = lambda r: (
        Caller(Role.ARCHIVIST, "ana") if "authorization" in r.headers else Caller()
    )

    async def calls():
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://opis.test") as web:
            first = asyncio.create_task(web.get("/api/v1/slow"))
            await asyncio.to_thread(entered.wait, 20)
            waiting = asyncio.create_task(web.get("/api/v1/said"))
            await asyncio.sleep(0)
            while (refused := await web.get("/api/v1/said")).status_code == 200:
                pass
            staff = await web.get("/api/v1/said", headers={"Authorization": "Bearer x"})
            assert not first.done()
            assert not waiting.done()
            go_on.set()
            return refused, staff, await first, await waiting

    refused, staff, first, waiting = asyncio.run(calls())
    assert (refused.status_code, refused.json()["code"]) == (503, "busy")
    assert refused.headers["retry-after"] == "2"
    assert [staff.status_code, first.status_code, waiting.status_code] == [200] * 3


def test_a_defect_ends_at_the_guard(app):
    with TestClient(app, raise_server_exceptions=True) as client:
        assert client.get("/api/v1/broken").status_code == 500

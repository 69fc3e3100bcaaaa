"""Role × regime × endpoint × method, all of it, against a running server with real sessions and keys.

What is expected is computed from the tables alone; no route may be missing from them.
"""

import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
import uvicorn
from fastapi.routing import iter_route_contexts

from flows.portal import stores_of
from pipeline.accounts.desk import AccountDesk
from pipeline.accounts.keys import add_key
from pipeline.accounts.people import Bounds, add_account
from pipeline.audit import chain
from pipeline.audit.noting import Noting
from pipeline.ledger import open_ledger
from schemas.access import Caller, Role
from search.access.cookies import COOKIE, csrf_of
from search.access.gate import Endpoint, endpoints
from search.access.rights import RIGHTS
from search.web.application import create_app
from search.web.parts import Parts
from tests.search.web.web_samples import (
    ELSEWHERE,
    PUBLIC,
    REDACTED,
    REGIMES,
    SECRET,
    UNIT,
    archive_in,
    drawn,
    fill,
)
from tests.services.process import free_port

pytestmark = pytest.mark.slow
MISSING = "nimic999"
PURPOSE = "court 4817/2026"
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
REQUEST = {"text": "Copia hotărârii 25", "name": "Ion Ion", "contact": "ion@example.ro"}
PEOPLE = tuple(role for role in Role if role not in {Role.ANONYMOUS, Role.PORTAL, Role.STATION})
BODIES: dict[str, Any] = {
    "POST /api/v1/requests": REQUEST,
    "POST /api/v1/requests/{number}/assignment": {"to": "oidc:clerk"},
    "POST /api/v1/requests/{number}/answer": {"text": "Da.", "outcome": "given"},
    "POST /api/v1/saved-searches": {"name": "strada mea", "query": "Crinului", "filters": {}},
    "PUT /api/v1/session/purpose": {"purpose": "court", "case": "1/2026"},
}
FIXED = {
    "{n}": "1", "{unit}": UNIT, "{region}": "full", "{size}": "max", "{rotation}": "0",
    "{quality}": "default", "{format}": "jpg", "{ident}": "1",
}  # fmt: skip


@dataclass(frozen=True)
class World:
    """The server, and what each role sends to be known."""

    base: str
    web: httpx.Client
    app: Any
    desk: AccountDesk
    ledger: Any
    headers: dict[Role, dict[str, str]]
    number: str

    def fresh(self, role: Role) -> str:
        """A session of its own for whatever ends one."""
        return self.desk.sign_in_known(caller(role)).token


def caller(role: Role) -> Caller:
    bounds = (("Primăria",), ("Urbanism",)) if role is Role.CLERK else ((), ())
    return Caller(role, f"oidc:{role.value}", *bounds)


@contextmanager
def running(app) -> Iterator[str]:
    port = free_port()
    server = uvicorn.Server(uvicorn.Config(app, port=port, log_level="error"))
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        assert thread.is_alive()
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join()


@pytest.fixture(scope="module")
def world(tmp_path_factory) -> Iterator[World]:
    folder = tmp_path_factory.mktemp("matrix")
    with archive_in(folder) as archive, open_ledger(archive.settings) as ledger:
        fill(archive)
        settings, backend = archive.settings, archive.open()
        desk = AccountDesk(ledger, settings, Noting(ledger, settings))
        with ledger.writing() as connection:
            add_account(connection, "sef", Role.ADMIN, Bounds(), "o parolă destul de lungă")
            portal = add_key(connection, "portal", Role.PORTAL, Bounds())[1]
            station = add_key(connection, "s1", Role.STATION, Bounds(stations=("S1",)))[1]
        shown = {role: desk.sign_in_known(caller(role)).token for role in PEOPLE}
        shown |= {Role.PORTAL: portal, Role.STATION: station}
        headers = {role: {"Authorization": f"Bearer {key}"} for role, key in shown.items()}
        headers[Role.ANONYMOUS] = {}
        app = create_app(
            Parts(
                settings, drawn, drawn, backend, stores=stores_of(settings, ledger, backend),
                accounts=desk, audit=Noting(ledger, settings),
            )
        )  # fmt: skip
        with running(app) as base, closing(httpx.Client(trust_env=False, timeout=60)) as web:
            number = web.post(f"{base}/api/v1/requests", json=REQUEST).json()["number"]
            to = {"to": "oidc:clerk"}
            address = f"{base}/api/v1/requests/{number}/assignment"
            web.post(address, json=to, headers=headers[Role.ADMIN]).raise_for_status()
            yield World(base, web, app, desk, ledger, headers, number)


def test_no_route_is_missing_from_the_table_and_none_is_told_that_is_not_there(world):
    there = {
        (method, one.path)
        for one in iter_route_contexts(world.app.routes)
        for method in one.methods - {"HEAD"}
    }
    assert there == set(endpoints())


def is_page(row: Endpoint) -> bool:
    return not row.path.startswith(("/api/", "/metrics", "/openapi"))


def expected(row: Endpoint, role: Role, document: str, purpose: bool):  # noqa: PLR0911 a row each
    """The statuses that the tables allow; `document` is empty where a route is about none."""
    answered = {303} if row.path.endswith("/iiif/{page}") else range(200, 300)
    if row.kind == "own" and role is Role.ANONYMOUS:
        return {303} if is_page(row) else {401}
    if row.kind == "own" and row.method in {"POST", "PUT"} and role not in PEOPLE:
        return {403}  # a key has no session
    if row.kind == "staff" and row.action not in RIGHTS[role]:
        return {401} if role is Role.ANONYMOUS else {403}
    if row.kind not in {"record", "public"} or not document:
        return set(range(200, 500)) - ({401, 403} if row.kind != "open" else set())
    within = role is not Role.CLERK or document != ELSEWHERE
    inside = row.kind == "record" and document in REGIMES and within
    if inside and REGIMES[document].value in RIGHTS[role].get(row.action, ()):
        if REGIMES[document].value == "restricted" and not purpose:
            return {303} if is_page(row) else {403}
        return answered
    return answered if document in {PUBLIC, REDACTED} else {404}


def sent(world: World, row: Endpoint, role: Role, document: str, purpose: bool):
    path = row.path.replace("{document}", document).replace("{page}", f"{document}.1")
    for name, value in {**FIXED, "{number}": world.number}.items():
        path = path.replace(name, value)
    headers, body = dict(world.headers[role]), BODIES.get(f"{row.method} {row.path}")
    if purpose:
        headers["Opis-Purpose"] = PURPOSE
    form = None
    if role in PEOPLE and row.kind == "own" and (row.method != "GET" or is_page(row)):
        token = world.fresh(role)
        headers = {"Cookie": f"{COOKIE}={token}", "X-CSRF-Token": csrf_of(token)}
        form = {"csrf": csrf_of(token), "scop": "court"} if row.method == "POST" else None
    return world.web.request(
        row.method, f"{world.base}{path}", headers=headers, json=body, data=form
    )


def cells(row: Endpoint, role: Role) -> Iterator[tuple[str, bool]]:
    """Each regime, and what is missing; restricted ones with a purpose, too; a clerk's neighbour."""
    about = "{document}" in row.path or "{page}" in row.path
    neighbours = (ELSEWHERE,) if role is Role.CLERK else ()
    for document in (PUBLIC, REDACTED, SECRET, MISSING, *neighbours) if about else ("",):
        yield document, False
        if document in {SECRET, ELSEWHERE} and row.kind == "record":
            yield document, True


@pytest.mark.parametrize("role", Role)
def test_every_cell_of_the_matrix_is_as_the_tables_say(world, role):
    wrong, count = [], 0
    for row in endpoints().values():
        for document, purpose in cells(row, role):
            answer = sent(world, row, role, document, purpose)
            allowed, count = expected(row, role, document, purpose), count + 1
            status = answer.status_code
            if status not in allowed:
                wrong.append((row.method, row.path, document, purpose, status, allowed))
    assert "\n".join(map(str, wrong)) == ""
    assert count >= 140


def test_other_methods_do_not_exist(world):
    known, wrong = endpoints(), []
    for path in sorted({path for _, path in known}):
        for method in METHODS:
            if (method, path) not in known:
                row = Endpoint(method, path, "open", "")
                status = sent(world, row, Role.ADMIN, PUBLIC, False).status_code
                if status not in {404, 405}:
                    wrong.append((method, path, status))
    assert wrong == []


def test_hidden_and_missing_are_the_same_answer(world):
    for row in endpoints().values():
        if row.kind not in {"record", "public"} or "{document}" not in row.path:
            continue
        told = [sent(world, row, Role.PORTAL, document, False) for document in (SECRET, MISSING)]
        bodies = [one.text.replace(SECRET, "X").replace(MISSING, "X") for one in told]
        assert bodies[0] == bodies[1], row.path


def test_every_view_of_a_restricted_record_was_noted_with_its_purpose(world):
    row = endpoints()["GET", "/api/v1/documents/{document}"]
    with world.ledger.reading() as connection:
        before = chain.length(connection)
    assert sent(world, row, Role.JURIST, SECRET, False).status_code == 403
    assert sent(world, row, Role.JURIST, MISSING, False).status_code == 404
    assert sent(world, row, Role.JURIST, SECRET, True).status_code == 200
    with world.ledger.reading() as connection:
        new = [one.entry for one in chain.entries(connection, before)]
    assert [(one.role, one.action, one.subject, one.purpose) for one in new] == [
        ("jurist", "view", SECRET, PURPOSE)
    ]

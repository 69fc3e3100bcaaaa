"""Acts over the API and their entries in the audit chain are one transaction: where the chain takes no entry,
nothing is done."""

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import text

from flows.portal import stores_of
from pipeline.accounts.desk import AccountDesk
from pipeline.accounts.people import Bounds, add_account
from pipeline.audit.noting import Noting
from pipeline.ledger import open_ledger
from schemas.access import Role
from search.web.application import create_app
from search.web.parts import Parts
from tests.search.portal_samples import ASKED
from tests.search.web.web_samples import archive_in

PASSWORD = "iluminat-public-25"
SITE = "https://arhiva.example.ro"
REFUSES = (
    "CREATE TRIGGER full BEFORE INSERT ON audit BEGIN SELECT RAISE(ABORT, 'no entry'); END",
    "DROP TRIGGER full",
)
KEPT = ("requests", "sessions")


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    with (
        archive_in(tmp_path_factory.mktemp("acts")) as archive,
        open_ledger(archive.settings) as ledger,
    ):
        with ledger.writing() as connection:
            add_account(connection, "sef", Role.ADMIN, Bounds(), PASSWORD)
            add_account(connection, "ioana", Role.ARCHIVIST, Bounds(), PASSWORD)
        noting, backend = Noting(ledger, archive.settings), archive.open(write=True)
        app = create_app(
            Parts(
                archive.settings,
                backend=backend,
                stores=stores_of(archive.settings, ledger, backend),
                accounts=AccountDesk(ledger, archive.settings, noting),
                audit=noting,
            )
        )
        yield ledger, TestClient(app, base_url=SITE, raise_server_exceptions=False)


def told(ledger):
    """What is kept of acts; and how many entries the chain has."""
    with ledger.reading() as connection:
        rows = [connection.execute(text(f"SELECT * FROM {name}")).fetchall() for name in KEPT]
        return rows, connection.scalar(text("SELECT count(*) FROM audit"))


def change(ledger, statement):
    with ledger.writing() as connection:
        connection.execute(text(statement))


def test_what_the_chain_takes_no_entry_of_is_not_done(place):
    ledger, web = place
    sign_in = ("POST", "/api/v1/session", {"name": "ioana", "password": PASSWORD})
    token = web.post(sign_in[1], json=sign_in[2]).json()["token"]
    web.cookies.clear()
    web.headers["Authorization"] = f"Bearer {token}"
    number = web.post("/api/v1/requests", json=ASKED).json()["number"]
    own = f"/api/v1/requests/{number}"
    acts = (
        ("POST", "/api/v1/requests", ASKED),
        ("POST", f"{own}/assignment", {"to": "ion"}),
        ("POST", f"{own}/extension", None),
        ("POST", f"{own}/answer", {"text": "Se află la fila 3.", "outcome": "given"}),
        sign_in,
        ("PUT", "/api/v1/session/purpose", {"purpose": "archive"}),
        ("DELETE", "/api/v1/session", None),
    )
    before = told(ledger)
    change(ledger, REFUSES[0])
    for method, path, body in acts:
        answer = web.request(method, path, json=body)
        assert (path, answer.status_code) == (path, 500)
        assert told(ledger) == before, path
    change(ledger, REFUSES[1])
    for method, path, body in acts:
        entries = told(ledger)[1]
        answer = web.request(method, path, json=body)
        assert answer.status_code in {200, 201, 204}, path
        web.cookies.clear()
        assert told(ledger)[1] == entries + 1, path

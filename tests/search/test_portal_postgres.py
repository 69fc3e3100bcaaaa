"""What PostgreSQL refuses to hold is refused before: on a ledger there, nothing sent is an error of the server."""

import pytest

from flows.access import access_of
from flows.portal import stores_of
from pipeline.accounts.people import Bounds, add_account
from pipeline.ledger import open_ledger
from schemas.access import Role
from schemas.settings import Settings
from search.backend import open_backend
from search.web.application import create_app
from search.web.parts import Parts
from tests.search.portal_samples import client_of

pytestmark = pytest.mark.services


@pytest.fixture
def client(postgres_database, tmp_path):
    settings = Settings(archive=tmp_path / "archive", ledger_url=postgres_database)
    settings.layout.root.mkdir(parents=True, exist_ok=True)
    backend = open_backend(settings, write=True)
    with open_ledger(settings) as ledger, access_of(settings, ledger) as access:
        with ledger.writing() as connection:
            add_account(connection, "sef", Role.ADMIN, Bounds(), "parola cea lungă 7")
        parts = Parts(
            settings, backend=backend, stores=stores_of(settings, ledger, backend),
            accounts=access.accounts, audit=access.audit,
        )  # fmt: skip
        yield client_of(create_app(parts))
    backend.close()


@pytest.mark.parametrize(
    ("method", "address", "sent", "status"),
    [
        ("GET", "/api/v1/requests/a%00b", {}, 404),
        ("GET", "/api/v1/requests/" + "9" * 5000, {}, 404),
        ("GET", "/api/v1/documents/a%00b", {}, 404),
        ("GET", "/d/a%00b/p/1", {}, 404),
        ("GET", "/api/v1/changes?cursor=a%00b", {}, 400),
        ("GET", "/personal/intrare/raspuns?state=a%00b&code=%00", {}, 403),
        ("GET", "/cautare.atom?q=a%00b&fond=%00", {}, 200),
        ("POST", "/api/v1/session", {"json": {"name": "a\0b", "password": "x\0"}}, 422),
        ("POST", "/personal/intrare", {"data": {"nume": "a\0b", "parola": "x\0"}}, 401),
        ("POST", "/cerere/stare", {"data": {"number": "a\0b", "secret": "x\0"}}, 404),
        ("POST", "/cerere", {"data": {"text": "a\0" * 20, "name": "a\0b", "contact": "\0"}}, 422),
        ("GET", "/api/v1/me", {"headers": {"X-API-Key": "opis_ă_x".encode()}}, 401),
    ],
)
def test_no_sign_that_a_database_refuses_reaches_it(client, method, address, sent, status):
    assert client.request(method, address, **sent).status_code == status

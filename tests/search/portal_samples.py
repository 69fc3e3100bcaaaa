"""An application with a real ledger behind the portal's endpoints, and public copies to find."""

from dataclasses import replace

from fastapi import FastAPI
from fastapi.testclient import TestClient

from flows.portal import stores_of
from pipeline.ledger import Ledger
from schemas.alto import write_alto
from schemas.hits import IndexedPage
from schemas.layout import UnitLayout
from schemas.public import ALTO, PDF, RECORD, CopiedPage, PublicRecord
from schemas.records import Regime, encode
from schemas.settings import Settings
from search.backend import Backend
from search.web.application import create_app
from search.web.parts import Parts
from tests.search.index_samples import words_of

TOLD = {"type": "hotărâre", "number": "25", "date": "2016-07-29", "issuer": "Consiliul Local"}
ASKED = {"text": "Hotărârea despre strada mea", "name": "Ana Pop", "contact": "ana@exemplu.ro"}


def portal_app(settings: Settings, ledger: Ledger, backend: Backend) -> FastAPI:
    """The application as `opis serve` makes it, but for pictures and accounts."""
    return create_app(Parts(settings, backend=backend, stores=stores_of(settings, ledger, backend)))


def client_of(app: FastAPI) -> TestClient:
    """Whoever calls it, from 127.0.0.1; defects are answers."""
    return TestClient(
        app, base_url="http://opis.test", raise_server_exceptions=False, client=("127.0.0.1", 5)
    )


def copy_on_disk(unit: UnitLayout, document: str, text: str, **told: str) -> tuple[IndexedPage]:
    """A public copy of one page, and the page as the public index takes it."""
    folder = unit.public_copy(document)
    (folder / ALTO).mkdir(parents=True)
    (folder / ALTO / "0001.xml").write_bytes(write_alto(words_of(text), PDF, 1))
    (folder / PDF).write_bytes(b"%PDF-1.7 " + document.encode())
    fields = {**TOLD, **told}
    record = PublicRecord(
        document, unit.id, Regime.PUBLIC, "b", document, "2u", (CopiedPage(1, 1, "1"),), fields
    )
    (folder / RECORD).write_bytes(encode(replace(record, fond="Primăria", year="2016")))
    page = IndexedPage(unit.id, document, 1, 1, "1", text, fond="Primăria", year="2016")
    return (replace(page, **fields),)

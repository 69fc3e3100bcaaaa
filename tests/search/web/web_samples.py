"""A small archive with public, anonymised and restricted documents, and applications over it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from hashlib import sha256
from io import BytesIO
from pathlib import Path

from fastapi import FastAPI
from fastapi.testclient import TestClient
from PIL import Image, ImageDraw

from schemas.access import ANONYMOUS, Caller
from schemas.alto import write_alto
from schemas.geometry import Size
from schemas.hits import IndexedPage
from schemas.public import ALTO, PDF, RECORD, CopiedPage, PublicRecord
from schemas.records import (
    Access,
    Document,
    FieldValue,
    Identity,
    Page,
    PageState,
    Regime,
    Unit,
    encode,
)
from schemas.settings import Settings
from search.backend import Backend, open_backend
from search.web.application import create_app
from search.web.parts import PagePicture, Parts
from search.web.views.inside import Looks
from tests.search.caller_samples import Noted, acting_as
from tests.search.index_samples import Archive, word_box, words_of

UNIT, OTHER = "ua-1111aaaa", "ua-2222bbbb"
PUBLIC, REDACTED, SECRET, ELSEWHERE = "pub1k7w2", "ano2m9x4", "sec3q8z6", "els4r5t7"
WIDTH, HEIGHT = 620, 877
SIZE = Size(WIDTH, HEIGHT)
PDF_BYTES = b"%PDF-1.7\n" + bytes(range(256)) * 8
TEXTS = {
    PUBLIC: ("HOTĂRÂRE\nprivind iluminatul public al comunei", "Art. 2 Strada Crinului se repară"),
    REDACTED: ("Cerere despre parcare, semnată de Ionescu Vasile",),
    SECRET: ("Anchetă socială despre Popescu și iluminatul locuinței",),
    ELSEWHERE: ("Impozit pe clădiri, strada Crinului",),
}
REGIMES = {
    PUBLIC: Regime.PUBLIC,
    REDACTED: Regime.ANONYMISED,
    SECRET: Regime.RESTRICTED,
    ELSEWHERE: Regime.RESTRICTED,
}
TOLD = {
    PUBLIC: {"type": "hotărâre", "number": "25", "date": "2016-07-29", "issuer": "Consiliul Local"},
    REDACTED: {"type": "cerere", "date": "2016-03-01"},
    SECRET: {"type": "anchetă socială", "number": "9", "date": "2015-02-03"},
    ELSEWHERE: {"type": "decizie", "number": "4", "date": "2018-05-06"},
}
COPIED = {REDACTED: ("Cerere despre parcare, semnată de [date acoperite]",)}


UNBOUNDED = {"anonymous_calls": 1e6, "portal_calls": 1e6, "staff_calls": 1e6}
"""Calls a second: limits have tests of their own."""


@contextmanager
def archive_in(folder: Path) -> Iterator[Archive]:
    """An empty archive with the embedded index."""
    settings, opened = Settings(archive=folder / "archive", **UNBOUNDED), list[Backend]()

    def opening(*, write: bool = False) -> Backend:
        opened.append(open_backend(settings, write=write))
        return opened[-1]

    yield Archive(settings, opening)
    for backend in opened:
        backend.close()


def drawn(page_id: str, highlight: str) -> PagePicture:
    """A grey page with a dark square at its top left; the query changes its tag."""
    image = Image.new("L", (WIDTH, HEIGHT), 230)
    ImageDraw.Draw(image).rectangle((0, 0, 99, 99), fill=20)
    stored = BytesIO()
    image.save(stored, "JPEG", quality=90)
    tag = sha256(f"{page_id} {highlight}".encode()).hexdigest()[:32]
    return PagePicture(stored.getvalue(), "image/jpeg", tag)


def _document(ident: str, number: int, first: int) -> Document:
    fields = {
        name: FieldValue(value, page=first, box=word_box(0, 0))
        for name, value in TOLD[ident].items()
    }
    regime = REGIMES[ident]
    last = first + len(TEXTS[ident]) - 1
    return Document(
        ident, number, first, last, fields, f"representations/rep1/pdf/{number:02d}.pdf",
        sha256(PDF_BYTES).hexdigest(), "2u", access=Access(regime, "rule", waits=False),
    )  # fmt: skip


def unit_of(ident: str, documents: tuple[str, ...], department: str) -> Unit:
    """A unit with these documents one after the other."""
    told, pages, place = [], [], 1
    for number, name in enumerate(documents, 1):
        told.append(_document(name, number, place))
        for n in range(1, len(TEXTS[name]) + 1):
            leaf = f"{(place + 1) // 2}{'rv'[(place + 1) % 2]}"
            pages.append(
                Page(place, PageState.RECOGNISED, "0001.tif", place - 1, name, n, leaf, 0.9)
            )
            place += 1
    identity = Identity(fond="Primăria", compartiment=department, cota="345/2016", an="2016")
    return Unit(
        ident, "raft", "local", "key", "2026-11-22T14:05:00+02:00", identity, (), tuple(pages),
        tuple(told),
    )  # fmt: skip


UNITS = (
    unit_of(UNIT, (SECRET, PUBLIC, REDACTED), "Urbanism"),
    unit_of(OTHER, (ELSEWHERE,), "Taxe"),
)


def indexed(unit: Unit) -> tuple[IndexedPage, ...]:
    """What the staff index takes of a unit."""
    return tuple(
        IndexedPage(
            unit.id, page.document, page.page, page.document_page, page.leaf,
            TEXTS[page.document][page.document_page - 1], **TOLD[page.document],
            fond=unit.identity.fond, cota=unit.identity.cota, institution="Primăria",
            department=unit.identity.compartiment, regime=REGIMES[page.document].value,
            year=TOLD[page.document]["date"][:4],
        )
        for page in unit.pages
    )  # fmt: skip


def _alto(text: str, page: int) -> bytes:
    return write_alto(replace(words_of(text), size=SIZE), "0001.tif", page)


def _store(unit: Unit, settings: Settings) -> None:
    home = settings.layout.unit(unit.id)
    for folder in (home.metadata, home.pdf, home.alto):
        folder.mkdir(parents=True)
    home.record.write_bytes(encode(unit))
    for document in unit.documents:
        home.pdf_document(document.number).write_bytes(PDF_BYTES)
    for page in unit.pages:
        text = TEXTS[page.document][page.document_page - 1]
        home.alto_page(page.page).write_bytes(_alto(text, page.page))


def copy_of(unit: Unit, ident: str) -> PublicRecord:
    """The record of a document's public copy."""
    pages = tuple(
        CopiedPage(page.document_page, page.page, page.leaf) for page in unit.pages_of(ident)
    )
    return PublicRecord(
        ident, unit.id, REGIMES[ident], "basis", sha256(PDF_BYTES).hexdigest(), "2u", pages,
        TOLD[ident], unit.identity.fond, TOLD[ident]["date"][:4], cota=unit.identity.cota,
    )  # fmt: skip


def _publish(unit: Unit, ident: str, settings: Settings) -> tuple[IndexedPage, ...]:
    """Writes a document's public copy; what the public index takes of it."""
    folder = settings.layout.unit(unit.id).public_copy(ident)
    (folder / ALTO).mkdir(parents=True)
    record, texts = copy_of(unit, ident), COPIED.get(ident, TEXTS[ident])
    for n, text in enumerate(texts, 1):
        (folder / ALTO / f"{n:04d}.xml").write_bytes(_alto(text, n))
    (folder / PDF).write_bytes(PDF_BYTES)
    (folder / RECORD).write_bytes(encode(record))
    return tuple(
        IndexedPage(
            unit.id, ident, page.page, page.document_page, page.leaf,
            texts[page.document_page - 1], **TOLD[ident], fond=record.fond, cota=record.cota,
            regime=record.regime.value, year=record.year,
        )
        for page in record.pages
    )  # fmt: skip


def fill(archive: Archive) -> None:
    """Puts the sample units and their public copies on disk and into both indexes."""
    backend = archive.open(write=True)
    for unit in UNITS:
        _store(unit, archive.settings)
        backend.replace_unit(unit.id, indexed(unit))
    unit = UNITS[0]
    public = [p for ident in (PUBLIC, REDACTED) for p in _publish(unit, ident, archive.settings)]
    backend.replace_unit(unit.id, public, role="public")
    backend.commit()


@dataclass(frozen=True, slots=True)
class Served:
    """The application over the sample archive, asked by whoever `as_caller` says."""

    archive: Archive
    app: FastAPI
    client: TestClient
    noted: Callable[[Caller], Noted]

    def looks_forgotten(self) -> None:
        """Nobody looked at any picture yet."""
        self.app.state.holdings._looks = Looks()


def served(archive: Archive, caller: Caller = ANONYMOUS) -> Served:
    """An application over the filled archive; everybody is `caller` until told otherwise."""
    fill(archive)
    app = create_app(Parts(archive.settings, drawn, drawn))
    acting_as(app, caller)
    client = TestClient(app, raise_server_exceptions=False)
    return Served(archive, app, client, lambda one: acting_as(app, one))

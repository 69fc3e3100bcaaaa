"""Pages to index, and their words on disk."""

from collections.abc import Callable
from dataclasses import dataclass

from schemas.alto import write_alto
from schemas.geometry import Box, Size
from schemas.hits import IndexedPage
from schemas.layout import ArchiveLayout
from schemas.records import Document, FieldValue, Identity, Page, PageState, Unit, encode
from schemas.settings import Settings
from schemas.text import Block, Line, PageText, Word
from search.backend import Backend
from search.query import parse

PDF = "representations/rep1/pdf/01.pdf"
A, B, C = "ua-aaaa0001", "ua-bbbb0002", "ua-cccc0003"
TITLE = {
    "type": "hotărâre",
    "number": "25",
    "date": "2016-07-29",
    "year": "2016",
    "issuer": "Consiliul Local",
    "fond": "Primăria",
}
PERMIT = {**TITLE, "type": "autorizație", "number": "14/2016", "issuer": "Primarul"}
LETTER = {"type": "cerere", "date": "2017-01-05", "year": "2017", "fond": "Urbanism"}


def word_box(line: int, number: int) -> Box:
    """The box of a sample page's word, both counted from 0."""
    return Box(100 + 200 * number, 100 + 60 * line, 180, 40)


def words_of(text: str) -> PageText:
    """A page with one block whose words stand in a grid."""
    lines = (
        Line(tuple(Word(word, word_box(m, n), 0.9) for n, word in enumerate(line.split())))
        for m, line in enumerate(text.split("\n"))
    )
    block = Block(tuple(line for line in lines if line.words))
    return PageText(Size(2480, 3508), 300, (block,) if block.lines else ())


def page(unit: str, place: int, text: str, **fields: str) -> IndexedPage:
    told = {"document": f"{unit}-d1", "leaf": f"{place}r", **fields}
    return IndexedPage(unit=unit, page=place, document_page=place, text=text, **told)


def sample() -> tuple[list[IndexedPage], ...]:
    """Three units; every page says something that no other says."""
    return (
        [
            page(
                A, 1, "Hotărârea Consiliului Local nr. 25/2016 privind iluminatul public", **TITLE
            ),
            page(A, 2, "Strada Crinului, clădirea școlii: autorizație de construire", **PERMIT),
            page(A, 3, "S-a discutat în şedinţă despre hotărîri şi Hotararile vechi", **TITLE),
        ],
        [
            page(B, 1, "Cererea cetățeanului privind străzile din cartier și parcarea", **LETTER),
            page(B, 2, "Termenul este 29.07.2016, petițiile sînt înregistrate", **LETTER),
        ],
        [page(C, 1, "Lumini pe strada veche; public iluminat, moder-\nnizare", fond="Urbanism")],
    )


def store(layout: ArchiveLayout, *units: list[IndexedPage]) -> None:
    """Writes the pages' words beside their units."""
    for one in (one for pages in units for one in pages):
        path = layout.unit(one.unit).alto_page(one.page)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(write_alto(words_of(one.text), "0001.tif", one.page))


@dataclass(frozen=True, slots=True)
class Archive:
    """An archive with one of the two backends."""

    settings: Settings
    open: Callable[..., Backend]

    def fill(self, *units: list[IndexedPage]) -> Backend:
        """A backend that holds these units."""
        backend = self.open(write=True)
        for pages in units:
            backend.replace_unit(pages[0].unit, pages)
            backend.commit()
        return backend


def pages_found(backend: Backend, text: str, **filters: str) -> list[tuple[str, int]]:
    """Unit and page of every hit, best first."""
    answer = backend.search(parse(text), filters, limit=100)
    assert answer.total == len(answer.hits)
    return [(hit.unit, hit.page) for hit in answer.hits]


def unit_on_disk(layout: ArchiveLayout, pages: list[IndexedPage], name: str = "raft") -> Unit:
    """A unit with one document of these pages and a blank last one: record, words, PDF."""
    first = pages[0]
    fields = {
        n: FieldValue(getattr(first, n), page=1, box=word_box(0, 0)) for n in ("type", "date")
    }
    scanned = [
        Page(
            p.page,
            PageState.RECOGNISED,
            "0001.tif",
            p.page - 1,
            p.document,
            p.document_page,
            p.leaf,
        )
        for p in pages
    ]
    last = len(pages) + 1
    scanned.append(Page(last, PageState.BLANK, "0001.tif", last - 1, first.document, last))
    document = Document(first.document, 1, 1, last, fields, PDF, "00", "2u")
    unit = Unit(
        first.unit, name, "local", "key", "2026-11-22T14:05:00+02:00",
        Identity(fond=first.fond, cota="345/2016"), (), tuple(scanned), (document,),
    )  # fmt: skip
    home = layout.unit(unit.id)
    home.metadata.mkdir(parents=True)
    home.record.write_bytes(encode(unit))
    home.pdf.mkdir(parents=True)
    home.pdf_document(1).write_bytes(b"%PDF-1.7 sample")
    store(layout, pages)
    return unit


def misread_sample() -> list[IndexedPage]:
    """Pages of one unit as recognition engines misread them, and acts written in several ways."""
    texts = (
        "Se aprobă HCL nr. 25 din 29 iulie 2016 privind rnodernizarea străzii Zorelelor",
        "Conform H.C.L. 25/2016 și adresei din 29.07.2016, nr. cad. 123.456",
        "Hotărârca Consiliului Local 25/29 VII 2016, parcela 123456, e-mail",
        "Primăria rnunicipiului Cluj-Napoca, clădire în str. Crinului, llotărâre",
        "Autorizația de construire, ilurninatul public, dădire veche, termen 2O17",
        "Dispoziția nr. 26/2016 a primarului, iluminat publlc, avînd în vedere",
    )
    return [page(A, n, text, document=f"{A}-d{n}") for n, text in enumerate(texts, 2)]

"""Units made up for tests: records of every shape that adds up, and whole units on disk."""

import random
from dataclasses import replace
from hashlib import sha256

import pikepdf
from hypothesis import strategies as st

from pipeline.units import new_document_id, write_findings, write_manifest, write_record
from schemas.alto import write_alto
from schemas.durable import write_bytes_durably
from schemas.geometry import Box, Size
from schemas.layout import UnitLayout
from schemas.records import (
    Document,
    FieldValue,
    Identity,
    Original,
    Page,
    PageState,
    Unit,
)
from schemas.settings import Settings
from schemas.text import Block, Line, PageText, Word

IN_DOCUMENTS = (PageState.RECOGNISED, PageState.BLANK, PageState.FAILED)


def make_unit(runs: list[list[PageState]], ident: str = "ua-test234567") -> Unit:
    """A unit of one original: documents with these pages, a separator between each two."""
    pages: list[Page] = []
    documents: list[Document] = []
    for number, run in enumerate(runs, 1):
        if number > 1:
            pages.append(Page(len(pages) + 1, PageState.SEPARATOR, "0001.tif", len(pages)))
        document, first = new_document_id(), len(pages) + 1
        for place, state in enumerate(run, 1):
            at = len(pages)
            pages.append(Page(at + 1, state, "0001.tif", at, document, place))
        fields = {"type": FieldValue("hotărâre" if number % 2 else "cerere", confidence=0.9)}
        pdf = f"{number:02d}.pdf"
        documents.append(Document(document, number, first, len(pages), fields, pdf, "", "2u"))
    original = Original("0001.tif", "Dosar 1.tif", 10, "", "tiff", len(pages))
    return Unit(
        ident,
        "Dosar 1",
        "local",
        f"key of {ident}",
        "2026-11-03T08:00:00+00:00",
        Identity(fond="Primăria", cota="12/1998"),
        (original,),
        tuple(pages),
        tuple(documents),
    )


def states() -> st.SearchStrategy[list[list[PageState]]]:
    """Pages of one to five documents."""
    run = st.lists(st.sampled_from(IN_DOCUMENTS), min_size=1, max_size=6)
    return st.lists(run, min_size=1, max_size=5)


def pdf_pages(unit: Unit) -> dict[str, int]:
    return {document.id: len(unit.pages_of(document.id)) for document in unit.documents}


def alto_pages(unit: Unit) -> set[int]:
    return {page.page for page in unit.pages if page.state is not PageState.FAILED}


def recognised(unit: Unit) -> int:
    return sum(page.state is PageState.RECOGNISED for page in unit.pages)


def _alto(page: Page) -> bytes:
    word = Word("hotărâre", Box(10, 20, 100, 30), 0.93)
    blocks = (Block((Line((word,)),)),) if page.state is PageState.RECOGNISED else ()
    return write_alto(PageText(Size(1000, 1400), 200, blocks), page.source, page.page)


def _pdf(pages: int, layout: UnitLayout, number: int) -> str:
    path = layout.pdf_document(number)
    path.parent.mkdir(parents=True, exist_ok=True)
    with pikepdf.new() as pdf:
        for _ in range(pages):
            pdf.add_blank_page()
        pdf.save(path)
    return sha256(path.read_bytes()).hexdigest()


def publish(settings: Settings, unit: Unit) -> Unit:
    """The unit on disk, whole; the record as stored, with the hashes of its files."""
    layout = settings.layout.unit(unit.id)
    data = random.Random(unit.id).randbytes(2000)
    write_bytes_durably(layout.originals / "0001.tif", data)
    for page in unit.pages:
        if page.state is not PageState.FAILED:
            write_bytes_durably(layout.alto_page(page.page), _alto(page))
    documents = tuple(
        replace(d, pdf_sha256=_pdf(len(unit.pages_of(d.id)), layout, d.number))
        for d in unit.documents
    )
    original = replace(unit.originals[0], sha256=sha256(data).hexdigest(), bytes=len(data))
    stored = replace(unit, documents=documents, originals=(original,))
    write_record(stored, layout)
    write_findings((), layout)
    write_manifest(layout)
    return stored

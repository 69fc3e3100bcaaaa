"""What a process of the pool does with a document: its fields, its personal data, its PDF/A.

Apart from flows/stages/page_worker.py, so that only who makes documents loads what checks PDF/A.
"""

import ctypes
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from flows.stages.again import second_reader
from flows.stages.personal import put_by
from flows.stages.tasks import PDF_FLAVOUR, DocumentResult, DocumentTask, PageResult
from pipeline.metadata.documenttext import DocumentText, read_document
from pipeline.metadata.lists import read_lists
from pipeline.metadata.record.description import describe
from pipeline.opis import title_of
from pipeline.pdf.delivered.kept import Kept, write_with_originals
from pipeline.pdf.delivered.originals import Origin
from pipeline.pdf.delivered.ownpage import lives_on, read_in_pictures
from pipeline.pdf.document import PdfFacts, PdfPage, check
from pipeline.pdf.rendercheck import wrong_pages
from pipeline.privacy.finding import find_personal
from schemas.alto import read_alto
from schemas.geometry import Size
from schemas.layout import UnitLayout
from schemas.messages import say
from schemas.records import FieldValue, Finding
from schemas.text import PageText

_NO_SIZE = Size(1, 1)
_FEW = 5
_TOO_MUCH = "it takes too much time or memory"


def _pdf_pages(task: DocumentTask, pictures: Path) -> tuple[PdfPage, ...]:
    pages = tuple(_pdf_page(task.unit, page, pictures) for page in task.pages)
    return tuple(replace(page, origin=None) for page in pages) if task.as_pictures else pages


def _pdf_page(unit: UnitLayout, page: PageResult, pictures: Path) -> PdfPage:
    picture = pictures / page.picture if page.picture else None
    path = unit.alto_page(page.page)
    text = read_alto(path.read_bytes()) if page.alto_sha256 else PageText(_NO_SIZE, 1)
    if picture is None or not page.original or not lives_on(text):
        return PdfPage(picture, text, page.page)
    over = read_in_pictures(text)
    origin = Origin(unit.originals / page.original, page.frame, overlaid=bool(over.words))
    return PdfPage(picture, text, page.page, origin, over)


def _title(task: DocumentTask, fields: dict[str, FieldValue]) -> str:
    """What readers show in the window's title."""
    told = title_of({name: field.value for name, field in fields.items()})
    return told or f"{task.name}, {task.number}"


def _bookmark(task: DocumentTask, title: str) -> str:
    """The document's line in the unit's opis: „3. hotărâre nr. 25 din 2016-07-29, file 4–6”."""
    language, number = task.interface_language, task.number
    if not task.leaves:
        return say("bookmark_opis", language, number=number, title=title)
    return say("bookmark_opis_leaves", language, number=number, title=title, leaves=task.leaves)


def _unlike(task: DocumentTask, pages: tuple[PdfPage, ...], pdf: Path) -> tuple[Finding, ...]:
    """A finding for each page that the PDF does not show as it was scanned."""
    return tuple(
        Finding(
            "pdf-unlike",
            task.pages[max(0, place - 1)].page,
            {"d": str(task.number), "n": str(place)},
        )
        for place in wrong_pages(pdf, pages)
    )


def _give_back_memory() -> None:
    """What the process kept for reading the next page; a document has other needs."""
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)


def make_document(task: DocumentTask) -> DocumentResult:
    """Find a document's fields and personal data, write its PDF/A.

    A PDF/A that looks otherwise is not kept.
    """
    _give_back_memory()
    pages = _pdf_pages(task, task.unit.work)
    read = read_document(tuple(page.text for page in pages))
    record = describe(read, task.pages[0].page, read_lists(task.unit.root.parents[2]))
    target = task.unit.pdf_document(task.number)
    made = _written(task, record.fields, pages, target, task.unit.work)
    kind = record.fields["type"].value if "type" in record.fields else ""
    personal = _personal(task, read, tuple(page.text for page in pages), kind)
    return replace(made, mentions=record.mentions, personal=personal)


def _personal(
    task: DocumentTask, read: DocumentText, texts: tuple[PageText, ...], kind: str
) -> str:
    """What was found, put by; where looking for it fails nothing is known, and nothing goes out."""
    try:
        found = find_personal(read, texts, task.pages[0].page, second_reader(task.sources), kind)
    except (LookupError, ValueError, TypeError, ArithmeticError):
        return ""
    return put_by(task.unit, found)


def export_document(
    task: DocumentTask, fields: dict[str, FieldValue], pictures: Path, target: Path
) -> DocumentResult:
    """A document whose fields are known, from pictures in a folder, as a PDF/A outside its unit."""
    pages = _pdf_pages(task, pictures)
    return _written(task, fields, pages, target, pictures)


def _of_originals(task: DocumentTask, pages: tuple[PdfPage, ...], kept: Kept) -> Iterator[Finding]:
    """What became of pages that are in the document as their originals, or should have been."""
    if kept.flavour != PDF_FLAVOUR:
        yield Finding("pdf-text-unmapped", task.pages[0].page, {"d": str(task.number)})
    if kept.fonts:
        detail = {"d": str(task.number), "why": ", ".join(kept.fonts[:_FEW])}
        yield Finding("pdf-font-replaced", task.pages[0].page, detail)
    left = ((n, _TOO_MUCH) for n, page in enumerate(pages) if task.as_pictures and page.over)
    for place, why in (*kept.as_pictures.items(), *left):
        detail = {"d": str(task.number), "why": why}
        yield Finding("pdf-as-picture", task.pages[place].page, detail)
    for place, why in kept.mended.items():
        detail = {"d": str(task.number), "why": why}
        yield Finding("pdf-mended", task.pages[place].page, detail)


def _written(
    task: DocumentTask,
    fields: dict[str, FieldValue],
    pages: tuple[PdfPage, ...],
    target: Path,
    room: Path,
) -> DocumentResult:
    title = _title(task, fields)
    facts = PdfFacts(
        title=title,
        created=datetime.fromisoformat(task.received),
        identifier=task.document,
        interface_language=task.interface_language,
        bookmark=_bookmark(task, title),
    )
    kept = write_with_originals(pages, target, facts, room)
    shown = tuple(
        replace(page, origin=None) if place in kept.as_pictures else page
        for place, page in enumerate(pages)
    )
    findings = _unlike(task, shown, target)
    if findings:
        target.unlink()
        return DocumentResult(task.number, fields, "", PDF_FLAVOUR, findings=findings)
    told = tuple(_of_originals(task, pages, kept))
    violations = check(target, kept.flavour)
    return DocumentResult(task.number, fields, kept.sha256, kept.flavour, violations, told)

"""What a process of the pool does with a document: find its fields, write its PDF/A.

Apart from flows/page_worker.py, so that a process that reads pages need not load spaCy.
"""

from datetime import datetime
from pathlib import Path

from flows.tasks import PDF_FLAVOUR, DocumentResult, DocumentTask, PageResult
from pipeline.metadata import describe
from pipeline.pdf.document import PdfFacts, PdfPage, check, write_document
from pipeline.pdf.rendercheck import wrong_pages
from schemas.alto import read_alto
from schemas.geometry import Size
from schemas.layout import UnitLayout
from schemas.records import FieldValue, Finding
from schemas.text import PageText

_NO_SIZE = Size(1, 1)


def _pdf_page(unit: UnitLayout, page: PageResult, pictures: Path) -> PdfPage:
    picture = pictures / page.picture if page.picture else None
    path = unit.alto_page(page.page)
    text = read_alto(path.read_bytes()) if page.alto_sha256 else PageText(_NO_SIZE, 1)
    return PdfPage(picture, text, page.page)


def _title(task: DocumentTask, fields: dict[str, FieldValue]) -> str:
    """What readers show in the window's title: „hotărâre nr. 25 din 2016-07-29”."""
    named = (("", "type"), ("nr. ", "number"), ("din ", "date"))
    parts = [f"{before}{fields[name].value}" for before, name in named if name in fields]
    return " ".join(parts) or f"{task.name}, {task.number}"


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


def make_document(task: DocumentTask) -> DocumentResult:
    """Find a document's fields and write its PDF/A; one that looks otherwise is not kept."""
    pages = tuple(_pdf_page(task.unit, page, task.unit.work) for page in task.pages)
    fields = describe(tuple(page.text for page in pages), task.pages[0].page)
    return _written(task, fields, pages, task.unit.pdf_document(task.number))


def export_document(
    task: DocumentTask, fields: dict[str, FieldValue], pictures: Path, target: Path
) -> DocumentResult:
    """A document whose fields are known, from pictures in a folder, as a PDF/A outside its unit."""
    pages = tuple(_pdf_page(task.unit, page, pictures) for page in task.pages)
    return _written(task, fields, pages, target)


def _written(
    task: DocumentTask, fields: dict[str, FieldValue], pages: tuple[PdfPage, ...], target: Path
) -> DocumentResult:
    facts = PdfFacts(
        title=_title(task, fields),
        created=datetime.fromisoformat(task.received),
        identifier=task.document,
        interface_language=task.interface_language,
    )
    digest = write_document(pages, target, facts)
    findings = _unlike(task, pages, target)
    if findings:
        target.unlink()
        return DocumentResult(task.number, fields, "", PDF_FLAVOUR, findings=findings)
    violations = check(target, PDF_FLAVOUR)
    return DocumentResult(task.number, fields, digest, PDF_FLAVOUR, violations)

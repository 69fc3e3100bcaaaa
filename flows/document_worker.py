"""What a process of the pool does with a document: find its fields, write its PDF/A.

Apart from flows/page_worker.py, so that a process that reads pages need not load spaCy.
"""

from datetime import datetime

from flows.tasks import PDF_FLAVOUR, DocumentResult, DocumentTask, PageResult
from pipeline import pdfa
from pipeline.metadata import describe
from schemas.alto import read_alto
from schemas.geometry import Size
from schemas.layout import UnitLayout
from schemas.records import FieldValue
from schemas.text import PageText

_NO_SIZE = Size(1, 1)


def _pdf_page(unit: UnitLayout, page: PageResult) -> pdfa.PdfPage:
    picture = unit.work / page.picture if page.picture else None
    path = unit.alto_page(page.page)
    text = read_alto(path.read_bytes()) if page.alto_sha256 else PageText(_NO_SIZE, 1)
    return pdfa.PdfPage(picture, text, page.page)


def _title(task: DocumentTask, fields: dict[str, FieldValue]) -> str:
    """What readers show in the window's title: „hotărâre nr. 25 din 2016-07-29”."""
    named = (("", "type"), ("nr. ", "number"), ("din ", "date"))
    parts = [f"{before}{fields[name].value}" for before, name in named if name in fields]
    return " ".join(parts) or f"{task.name}, {task.number}"


def make_document(task: DocumentTask) -> DocumentResult:
    """Find a document's fields and write its PDF/A."""
    pages = tuple(_pdf_page(task.unit, page) for page in task.pages)
    texts = tuple(page.text for page in pages)
    fields = describe(texts, task.pages[0].page)
    target = task.unit.pdf_document(task.number)
    facts = pdfa.PdfFacts(
        title=_title(task, fields),
        created=datetime.fromisoformat(task.received),
        identifier=task.document,
        interface_language=task.interface_language,
    )
    digest = pdfa.write_document(pages, target, facts)
    violations = pdfa.check(target, PDF_FLAVOUR)
    return DocumentResult(task.number, fields, digest, PDF_FLAVOUR, violations)

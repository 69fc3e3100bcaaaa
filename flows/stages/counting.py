"""How many pages the documents' PDFs have, counted in the pool, and not twice for the same bytes."""

from collections.abc import Mapping

from flows.pool import LimitError, Task
from flows.run import Run
from flows.stages.tasks import PDF_PAGES
from pipeline.ledger import fingerprint
from schemas.layout import UnitLayout
from schemas.records import Unit

COUNT = "count"
_NONE: Mapping[str, int] = {}


def pdf_pages(
    unit: Unit, layout: UnitLayout, run: Run, known: Mapping[str, int] = _NONE
) -> dict[str, int]:
    """Pages of each document's PDF, by the document's id; `known` are counts by SHA-256."""
    seconds = run.settings.file_seconds
    started = {
        document.id: run.pool.start(PDF_PAGES, layout.root / document.pdf, seconds=seconds)
        for document in unit.documents
        if document.pdf_sha256 not in known
    }
    counted = {ident: _counted(task) for ident, task in started.items()}
    return {
        document.id: known.get(document.pdf_sha256, counted.get(document.id, 0))
        for document in unit.documents
    }


def _counted(task: Task) -> int:
    try:
        return int(task.result())
    except LimitError:
        return 0


def pages_of_made(unit: Unit, layout: UnitLayout, run: Run) -> dict[str, int]:
    """The same of PDFs whose hashes were just compared: what was counted before is not opened again."""
    step = run.ledger.steps(unit.id, COUNT).get(0)
    known = {sha: int(pages) for sha, pages in step.result.items() if pages} if step else {}
    counted = pdf_pages(unit, layout, run, known)
    told = {d.pdf_sha256: counted[d.id] for d in unit.documents if d.pdf_sha256}
    if told != known:
        given = fingerprint(tuple(sorted(told)))
        run.ledger.record_step(unit.id, 0, COUNT, inputs=given, parameters="", result={**told})
    return counted

"""The third stage of a binder: the fields of its documents and their PDF/A."""

from collections.abc import Callable, Sequence
from dataclasses import replace

import msgspec

from flows.pool import LimitError, Task
from flows.run import Run
from flows.stages.personal import PERSONAL_VERSION, kept
from flows.stages.publishing import Span, pages_of
from flows.stages.reading import ReadPages, page_tasks, with_pictures
from flows.stages.taking_in import TakenIn
from flows.stages.tasks import (
    MAKE_DOCUMENT,
    PDF_FLAVOUR,
    DocumentResult,
    DocumentTask,
    PageResult,
    PageTask,
)
from pipeline.ledger import Step, fingerprint
from pipeline.metadata.version import record_mark
from schemas.errors import PageFailedError
from schemas.hashing import hash_file

DOCUMENT = "document"
PDF_VERSION = "3"
"""Raised when documents of the same pages would come out otherwise than before."""
_SECONDS_A_PAGE = 2.0
_LEAST_SECONDS = 60.0


def _document_task(
    taken: TakenIn, number: int, span: Span, pages: Sequence[PageResult], run: Run
) -> DocumentTask:
    row = run.ledger.unit(taken.unit.id)
    return DocumentTask(
        unit=taken.unit,
        name=row.name,
        document=span.id,
        number=number,
        pages=pages_of(span, pages),
        received=row.created,
        interface_language=run.settings.interface_language,
        leaves=span.leaves,
    )


def _inputs(task: DocumentTask) -> str:
    return fingerprint((task.document, task.pages, task.leaves))


def _parameters(run: Run) -> str:
    record = record_mark(run.settings.layout.root)
    return f"{PDF_VERSION} {run.settings.pdf_profile} {PERSONAL_VERSION} {record}"


def _made_before(task: DocumentTask, step: Step | None, run: Run) -> DocumentResult | None:
    """A document that the ledger holds as made, with its PDF and what was found as they were."""
    if step is None or not step.matches(_inputs(task), _parameters(run)):
        return None
    result = msgspec.convert(step.result, DocumentResult)
    pdf = task.unit.pdf_document(task.number)
    known = kept(task.unit, result.personal) is not None
    return result if known and pdf.exists() and hash_file(pdf) == result.sha256 else None


def _sources(task: DocumentTask, taken: TakenIn, language: str, run: Run) -> tuple[PageTask, ...]:
    numbers = {page.page for page in task.pages}
    every = page_tasks(taken, language, run.settings)
    return tuple(one for one in every if one.page in numbers)


def _start(task: DocumentTask, taken: TakenIn, language: str, run: Run) -> Task | None:
    """The making of a document; None where one of its pictures cannot be had again."""
    try:
        pages = with_pictures(taken, task.pages, language, run)
        whole = replace(task, pages=pages, sources=_sources(task, taken, language, run))
    except (LimitError, PageFailedError):
        return None
    seconds = max(_LEAST_SECONDS, run.settings.page_seconds) + _SECONDS_A_PAGE * len(task.pages)
    return run.pool.start(MAKE_DOCUMENT, whole, seconds=seconds)


def _made(started: Task | None, again: Callable[[], Task | None]) -> DocumentResult | None:
    """The document; from pictures alone where its originals take a process over its limits."""
    try:
        try:
            return started.result() if started else None
        except LimitError:
            once_more = again()
            return once_more.result() if once_more else None
    except (LimitError, PageFailedError):
        return None


def _finish(
    task: DocumentTask, started: Task | None, taken: TakenIn, language: str, run: Run
) -> DocumentResult:
    """A document once it stands on disk; one that cannot be made has no PDF and no step."""
    plain = replace(task, as_pictures=True)
    made = _made(started, lambda: _start(plain, taken, language, run))
    made = made or DocumentResult(task.number, {}, "", PDF_FLAVOUR)
    if made.sha256:
        run.ledger.record_step(
            task.unit.id,
            task.number,
            DOCUMENT,
            inputs=_inputs(task),
            parameters=_parameters(run),
            result=msgspec.to_builtins(made),
        )
    return made


def make_documents(
    taken: TakenIn, spans: Sequence[Span], pages: ReadPages, language: str, run: Run
) -> tuple[DocumentResult, ...]:
    """Fields and PDF/A of every document that the ledger does not hold as made.

    One that cannot be made has no PDF: its unit then does not add up, and says so.
    """
    steps = run.ledger.steps(taken.unit.id, DOCUMENT)
    tasks = tuple(_document_task(taken, n, s, pages.pages, run) for n, s in enumerate(spans, 1))
    made = {task.number: _made_before(task, steps.get(task.number), run) for task in tasks}
    started = {
        task.number: _start(task, taken, language, run) for task in tasks if not made[task.number]
    }
    return tuple(
        made[task.number] or _finish(task, started[task.number], taken, language, run)
        for task in tasks
    )

"""Has a document's public copy made and proved, in a process of the pool."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from flows.pool import LimitError, Task
from flows.publication.cases import SHOWN, Case
from flows.publication.files import proposed_copy, remove_copy
from flows.publication.tasks import DRAW_UP, MAKE_COPY, PROVE_COPY, CopyPage, CopyResult, CopyTask
from flows.run import Run
from flows.stages.reading import page_tasks
from flows.stages.taking_in import taken_in
from schemas.errors import PageFailedError
from schemas.layout import UnitLayout
from schemas.public import CopiedPage, PublicRecord
from schemas.records import Document, Finding, PageState, Unit

_SECONDS_A_PAGE = 60.0
_LEAST_SECONDS = 240.0
COPY_FAILED = "copy-failed"


def _shown(document: Document) -> dict[str, str]:
    """What outside readers would be told, where nothing of it has to be hidden."""
    given = ((name, document.fields.get(name)) for name in SHOWN)
    return {name: field.value for name, field in given if field and field.value}


def _record(unit: Unit, case: Case) -> PublicRecord:
    document, pages = case.document, unit.pages_of(case.document.id)
    values = {name: field.value for name, field in document.fields.items()}
    date = values.get("date", "")
    return PublicRecord(
        document=document.id,
        unit=unit.id,
        regime=document.access.regime,
        basis=case.basis,
        sha256="",
        flavour="",
        pages=tuple(CopiedPage(p.document_page or 0, p.page, p.leaf or "") for p in pages),
        fields=_shown(document),
        fond=unit.identity.fond,
        year=date[:4] or unit.identity.an[:4],
        institution=unit.identity.creator,
        department=unit.identity.compartiment,  # of the inventory: words of the paper may name people
        cota=unit.identity.cota,
        problem=values.get("problem", ""),
    )


def _pages(unit: Unit, layout: UnitLayout, case: Case, run: Run) -> Iterator[CopyPage]:
    language = unit.identity.language or run.settings.language
    tasks = {task.page: task for task in page_tasks(taken_in(unit, layout), language, run.settings)}
    for page in unit.pages_of(case.document.id):
        yield CopyPage(
            task=tasks[page.page],
            document_page=page.document_page or 0,
            items=tuple(item for item in case.personal.items if item.page == page.page),
            whole=page.page in case.covered,
            opened=page.state is not PageState.FAILED,
            blank=page.state is PageState.BLANK,
        )


def _task(unit: Unit, layout: UnitLayout, case: Case, target: Path, run: Run) -> CopyTask:
    return CopyTask(
        target=target,
        record=_record(unit, case),
        pages=tuple(_pages(unit, layout, case, run)),
        created=unit.received,
        settings=run.settings,
    )


def _started(function: str, task: CopyTask, run: Run) -> Task:
    seconds = max(_LEAST_SECONDS, run.settings.page_seconds) + _SECONDS_A_PAGE * len(task.pages)
    return run.pool.start(function, task, seconds=seconds)


def start_copy(
    unit: Unit, layout: UnitLayout, case: Case, run: Run, *, proved: bool = True
) -> Task:
    """Begin to make (and prove) a document's copy, among those that are not public."""
    target = proposed_copy(layout, case.document.id)
    remove_copy(target)
    return _started(MAKE_COPY if proved else DRAW_UP, _task(unit, layout, case, target, run), run)


def start_proof(unit: Unit, layout: UnitLayout, case: Case, run: Run) -> Task:
    """Begin to prove the copy that was proposed."""
    task = _task(unit, layout, case, proposed_copy(layout, case.document.id), run)
    return _started(PROVE_COPY, replace(task, sha256=case.standing.sha256), run)


def outcome(started: Task, unit: Unit, case: Case) -> CopyResult:
    """The copy with what its proof found; one that could not be made found just that."""
    try:
        result: CopyResult = started.result()
    except (LimitError, PageFailedError) as error:
        why = error.limit if isinstance(error, LimitError) else error.code
        finding = Finding(COPY_FAILED, None, {"d": case.document.id, "why": why})
        return CopyResult(_record(unit, case), (finding,))
    return result

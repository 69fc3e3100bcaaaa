"""The second stage of a binder: every page read once, in the processes of the pool."""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, replace

import msgspec

from flows.changes.moving import take_up
from flows.pool import LimitError, Task
from flows.run import Run
from flows.stages.taking_in import TakenIn
from flows.stages.tasks import (
    PICTURE_AGAIN,
    PICTURE_ONLY,
    READ_PAGE,
    PageResult,
    PageTask,
    finished_before,
    is_whole,
)
from pipeline.ledger import PAGE_STAGE, Step, fingerprint
from schemas.errors import PageFailedError
from schemas.records import Finding, Half, Original, PageState
from schemas.settings import Settings
from schemas.sources import FileKind

_AHEAD = 3
READING_VERSION = "3"
"""Raised when the same page would be read otherwise than before."""
_FALLBACK = "pytesseract"
_LEAST_DPI = 100


@dataclass(frozen=True, slots=True)
class ReadPages:
    """All pages of a unit in order, and how many of them this run recognised."""

    pages: tuple[PageResult, ...]
    recognised_now: int


def _parameters(language: str, settings: Settings) -> str:
    return fingerprint(
        {
            "version": READING_VERSION,
            "engine": [settings.engine, settings.weights],
            "language": [language, settings.other_languages],
            "dpi": [settings.reading_dpi, settings.render_dpi, settings.default_dpi],
            "quality": settings.jpeg_quality,
            "blank": settings.blank_ink,
        }
    )


def _scan_key(original: Original, frame: int, half: Half) -> str:
    part = f":{half}:{original.cut_at(frame)}" if half else ""
    return f"{original.sha256}:{frame}{part}"


def page_tasks(taken: TakenIn, language: str, settings: Settings) -> tuple[PageTask, ...]:
    """One task a page, numbered from 1 in the unit's order.

    `inputs` stands for the page's bytes, `parameters` for all else that its reading depends on.
    """
    parameters = _parameters(language, settings)
    originals = {original.name: original for original in taken.originals}
    scans = ((originals[slot.source], slot.frame, slot.half) for slot in taken.order)
    return tuple(
        PageTask(
            unit=taken.unit,
            page=page,
            original=original.name,
            kind=FileKind(original.kind),
            frame=frame,
            language=language,
            settings=settings,
            inputs=_scan_key(original, frame, half),
            parameters=parameters,
            half=half,
            cut=original.cut_at(frame),
        )
        for page, (original, frame, half) in enumerate(scans, 1)
    )


def _read_before(task: PageTask, step: Step | None, run: Run) -> PageResult | None:
    """What the ledger holds of a page, or what a killed run finished without recording it."""
    if step is not None and step.matches(task.inputs, task.parameters):
        result = msgspec.convert(step.result, PageResult)
        if is_whole(task, result):
            return result
    found = finished_before(task)
    if found is not None:
        _record(task, found, run)
    return found


def _start(task: PageTask, run: Run) -> Task:
    return run.pool.start(READ_PAGE, task, seconds=run.settings.page_seconds)


def _failed(task: PageTask, code: str, run: Run, why: str = "") -> PageResult:
    """A page that cannot be read, with its picture where that at least can be had."""
    finding = Finding(code, task.page, {"why": why} if why else {})
    seconds = run.settings.page_seconds
    try:
        result: PageResult = run.pool.start(PICTURE_ONLY, task, finding, seconds=seconds).result()
    except (LimitError, PageFailedError):
        return PageResult(task.page, PageState.FAILED, findings=(finding,))
    return result


def next_rung(settings: Settings, limit: str) -> Settings | None:
    """How a page is tried after an attempt that cost its process; None at the ladder's end.

    After a crash by the engine that runs apart; where time or memory did not suffice from half
    the resolution.
    """
    if limit == "process-died":
        apart = settings.engine == _FALLBACK
        return None if apart else replace(settings, engine=_FALLBACK)
    if settings.reading_dpi <= _LEAST_DPI:
        return None
    return replace(settings, reading_dpi=max(_LEAST_DPI, settings.reading_dpi // 2))


def _finish(task: PageTask, started: Task, run: Run) -> PageResult:
    """A page's result; an attempt that met a limit costs only itself while there are rungs left."""
    try:
        result: PageResult = started.result()
    except PageFailedError as error:
        return _failed(task, error.code, run)
    except LimitError as error:
        settings = next_rung(task.settings, error.limit)
        if settings is None:
            return _failed(task, f"page-{error.limit}", run, error.why)
    else:
        return result
    again = replace(task, settings=settings)
    return _finish(again, _start(again, run), run)


def _record(task: PageTask, result: PageResult, run: Run) -> None:
    run.ledger.record_step(
        task.unit.id,
        task.page,
        PAGE_STAGE,
        inputs=task.inputs,
        parameters=task.parameters,
        result=msgspec.to_builtins(result),
    )


def _read_missing(missing: tuple[PageTask, ...], run: Run) -> Iterator[tuple[PageTask, PageResult]]:
    """Results in page order; only a few pages are under way at once, so that a stop is quick.

    Whatever ends it early, no page of the unit goes on being read.
    """
    waiting: deque[tuple[PageTask, Task]] = deque()
    try:
        yield from _read_in_turn(deque(missing), waiting, run)
    finally:
        for _, started in waiting:
            started.future.cancel()


def _read_in_turn(
    rest: deque[PageTask], waiting: deque[tuple[PageTask, Task]], run: Run
) -> Iterator[tuple[PageTask, PageResult]]:
    while rest or waiting:
        while rest and len(waiting) < run.pool.workers + _AHEAD and not run.stop.is_set():
            task = rest.popleft()
            waiting.append((task, _start(task, run)))
        if not waiting:
            run.check()
        task, started = waiting.popleft()
        if run.stop.is_set() and not started.begun:
            continue
        result = _finish(task, started, run)
        _record(task, result, run)
        yield task, result


def read_pages(taken: TakenIn, name: str, language: str, run: Run) -> ReadPages:
    """Read every page that is not read yet; raises StoppedError when stopped."""
    tasks = page_tasks(taken, language, run.settings)
    steps = take_up(taken.unit, tasks, run.ledger)
    before = ((task.page, _read_before(task, steps.get(task.page), run)) for task in tasks)
    done = {page: result for page, result in before if result is not None}
    for page in done:
        run.progress.page_done(name, page, len(tasks), read=False)
    recognised = 0
    for task, result in _read_missing(tuple(t for t in tasks if t.page not in done), run):
        done[task.page] = result
        recognised += result.state is PageState.RECOGNISED
        run.progress.page_done(name, task.page, len(tasks), read=True)
    run.check()
    return ReadPages(tuple(done[task.page] for task in tasks), recognised)


def with_pictures(
    taken: TakenIn, pages: tuple[PageResult, ...], language: str, run: Run
) -> tuple[PageResult, ...]:
    """The same pages, each picture in its place: made again from the original where one is gone."""
    tasks = {task.page: task for task in page_tasks(taken, language, run.settings)}

    def whole(page: PageResult) -> PageResult:
        known = page.picture.endswith(f".{run.settings.pdf_profile}")
        if not page.picture or (known and (taken.unit.work / page.picture).exists()):
            return page
        run.check()
        task = tasks[page.page]
        made = run.pool.start(PICTURE_AGAIN, task, seconds=run.settings.page_seconds).result()
        return replace(page, picture=str(made))

    return tuple(whole(page) for page in pages)

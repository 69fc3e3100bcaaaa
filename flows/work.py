"""The whole way of a batch, in plain functions: sources → binders → units → index.

`flows/scheduled/` wraps the same stages as Prefect tasks; nothing here knows of Prefect.
"""

import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from functools import partial
from threading import Lock
from typing import TypeVar

from flows.run import Run
from flows.stages.documents import make_documents
from flows.stages.indexing import mend_held
from flows.stages.publishing import Published, Span, make_record, publish, split, sums, with_leaves
from flows.stages.reading import ReadPages, read_pages
from flows.stages.taking_in import (
    LookedInto,
    TakenIn,
    hold_unit,
    look_into_files,
    remove_unit_leftovers,
    shown,
    take_in,
    taken_in,
)
from flows.stages.tasks import DocumentResult
from pipeline import units
from scanners.quarantine import put_aside
from schemas.errors import InputError, OpisError, RefusedError
from schemas.layout import UnitLayout
from schemas.messages import say
from schemas.records import Finding, PageCounts, Unit, UnitState
from schemas.sources import Binder, Quarantined, Refusal, SourcePlan

T = TypeVar("T")
_LOST = "lease-lost"
_OF_THE_UNIT = frozenset({_LOST, "index-held", "unit-damaged", "unit-missing"})
"""What costs one unit, and never the batch."""
_TIMES = 3
_ENDING_SECONDS = 1.0
_BINDERS_AT_ONCE = 2
"""While one binder's documents are made the next one's pages keep the processes busy."""


@dataclass(frozen=True, slots=True)
class SourceOutcome:
    """What became of one file: taken, same or quarantined."""

    file: str
    outcome: str
    unit: str | None


@dataclass(frozen=True, slots=True)
class BinderOutcome:
    """What became of one binder; `unit` is None where all of it was refused.

    `trouble` names what is wrong with a known unit that could not be worked on.
    """

    name: str
    sources: tuple[SourceOutcome, ...]
    quarantined: tuple[Quarantined, ...] = ()
    unit: Unit | None = None
    counts: PageCounts = PageCounts()
    indexed: int = 0
    recognised_now: int = 0
    problems: tuple[Finding, ...] = ()
    trouble: InputError | None = None


@dataclass(frozen=True, slots=True)
class BatchOutcome:
    """What became of a batch: refusals that belong to no binder, then the binders."""

    batch: str
    refused: tuple[SourceOutcome, ...]
    quarantined: tuple[Quarantined, ...]
    binders: tuple[BinderOutcome, ...]


BatchWorker = Callable[[SourcePlan, Run], BatchOutcome]
"""`work_batch`, or its wrapping as a Prefect flow."""


@dataclass(frozen=True, slots=True)
class Stages:
    """The stages of a binder as they are called; Prefect puts its tasks in their place."""

    take_in: Callable[[Binder, LookedInto, Run], TakenIn] = take_in
    read: Callable[[TakenIn, str, str, Run], ReadPages] = read_pages
    documents: Callable[
        [TakenIn, Sequence[Span], ReadPages, str, Run], tuple[DocumentResult, ...]
    ] = make_documents
    publish: Callable[[Unit, TakenIn, ReadPages, Sequence[DocumentResult], Run], Published] = (
        publish
    )


class Locks:
    """One lock a content, so that the same binder twice in a batch is worked on once."""

    def __init__(self) -> None:
        self._held: dict[str, Lock] = {}
        self._guard = Lock()

    @contextmanager
    def of(self, content: str) -> Iterator[None]:
        """Hold the lock of a content."""
        with self._guard:
            lock = self._held.setdefault(content, Lock())
        with lock:
            yield


def put_aside_all(refusals: Sequence[Refusal], run: Run) -> tuple[Quarantined, ...]:
    """Refused files into the station's quarantine, with their reasons, and into the ledger."""
    station = run.settings.station_layout()
    language = run.settings.interface_language
    entries = tuple(put_aside(refusal, station, language) for refusal in refusals)
    for entry in entries:
        run.ledger.add_quarantined(entry)
    return entries


def _refused(refusals: Sequence[Refusal]) -> tuple[SourceOutcome, ...]:
    return tuple(SourceOutcome(refusal.file, "quarantined", None) for refusal in refusals)


def _taken(binder: Binder, files: LookedInto, outcome: str, unit: str) -> tuple[SourceOutcome, ...]:
    return tuple(SourceOutcome(shown(binder, file), outcome, unit) for file, _ in files.files)


def work_unit(taken: TakenIn, binder: Binder, stages: Stages, run: Run) -> BinderOutcome:
    """A unit from its originals to the index; its lock is held meanwhile."""
    language = binder.identity.language or run.settings.language
    pages = stages.read(taken, binder.name, language, run)
    found = split(taken, pages.pages, run)
    spans = with_leaves(found, pages.pages, duplex=binder.identity.duplex)
    documents = stages.documents(taken, spans, pages, language, run)
    unit = make_record(binder, taken, spans, pages.pages, documents, run)
    published = stages.publish(unit, taken, pages, documents, run)
    return BinderOutcome(
        binder.name,
        (),
        unit=unit,
        counts=published.sums.counts,
        indexed=published.sums.indexed or 0,
        recognised_now=pages.recognised_now,
        problems=published.sums.problems,
    )


def _known(taken: TakenIn, binder: Binder, run: Run) -> BinderOutcome:
    """A unit that was published before, as it stands."""
    unit = units.read_record(taken.unit)
    state = sums(unit, taken.unit, run, indexed=run.index.count(unit=unit.id))
    for page in unit.pages:
        run.progress.page_done(binder.name, page.page, len(unit.pages), read=False)
    return BinderOutcome(
        binder.name,
        (),
        unit=unit,
        counts=state.counts,
        indexed=state.indexed or 0,
        problems=state.problems,
    )


@contextmanager
def _ours(ident: str, run: Run) -> Iterator[None]:
    """The unit held; a file that vanished because another took it over is named so."""
    with hold_unit(ident, run):
        try:
            yield
        except OSError as error:
            if run.ledger.has_lost(ident):
                raise InputError("lease-lost", ident) from error
            raise


def _work_held(
    layout: UnitLayout, binder: Binder, stages: Stages, run: Run
) -> tuple[BinderOutcome, str]:
    """The unit as its record has it now, whatever others did to it before it was held."""
    ident, taken = layout.id, taken_in(units.read_record(layout), layout)
    remove_unit_leftovers(layout)
    if run.ledger.unit(ident).state == UnitState.PUBLISHED:
        units.remove_work(layout)
        mend_held(ident, run)
        known = _known(taken, binder, run)
        if not known.problems:
            return known, "same"
        units.remove_manifest(layout)
        run.ledger.set_unit_state(ident, UnitState.WORKING)
    return work_unit(taken, binder, stages, run), "taken"


def _work_taken(
    layout: UnitLayout, binder: Binder, stages: Stages, run: Run
) -> tuple[BinderOutcome, str]:
    with _ours(layout.id, run):
        return _work_held(layout, binder, stages, run)


def _again_if_lost(work: Callable[[], T], run: Run) -> T:
    """Work on a unit; once more where another took it over, which is then waited for.

    Before that our own processes get the time to end that still read its pages.
    """
    for _ in range(_TIMES):
        try:
            return work()
        except InputError as error:
            if error.code != _LOST:
                raise
        run.stop.wait(_ENDING_SECONDS)
    return work()


def take_up(ident: str, run: Run, stages: Stages | None = None) -> BinderOutcome:
    """Finish a unit that somebody left undone, from its own originals, page by page.

    One that another finishes meanwhile is found done. Raises InputError unit-missing, unit-unread
    where its originals were not all kept: then its source has to be given again.
    """
    row, layout = run.ledger.unit(ident), run.settings.layout.unit(ident)
    if not layout.record.exists():
        raise InputError("unit-unread", ident)
    binder = Binder(row.name, row.source, (), identity=units.read_record(layout).identity)
    work = partial(_work_taken, layout, binder, stages or Stages(), run)
    return _again_if_lost(work, run)[0]


def _take_and_work(
    binder: Binder, files: LookedInto, stages: Stages, run: Run
) -> tuple[BinderOutcome, str, str]:
    """What became of a binder's unit, how its sources are told, and its id."""
    unit = stages.take_in(binder, files, run).unit
    return (*_work_taken(unit, binder, stages, run), unit.id)


def work_binder(binder: Binder, run: Run, stages: Stages, locks: Locks) -> BinderOutcome:
    """One binder from its files to the index; raises StoppedError, and OpisError of the archive."""
    run.check()
    files = look_into_files(binder, run)
    aside = put_aside_all(files.refused, run)
    refused = _refused(files.refused)
    if not files.files:
        return BinderOutcome(binder.name, refused, aside)
    run.progress.expect(files.pages)
    with locks.of(files.content):
        try:
            outcome, word, ident = _again_if_lost(
                partial(_take_and_work, binder, files, stages, run), run
            )
        except RefusedError as error:
            gone = tuple(
                Refusal(shown(binder, file), error.code, error.detail, file.path)
                for file, _ in files.files
            )
            aside = (*aside, *put_aside_all(gone, run))
            return BinderOutcome(binder.name, (*refused, *_refused(gone)), aside)
        except InputError as error:
            if error.code not in _OF_THE_UNIT:
                raise
            outcome, word, ident = BinderOutcome(binder.name, (), trouble=error), "same", error.file
    sources = (*_taken(binder, files, word, ident), *refused)
    return replace(outcome, sources=sources, quarantined=aside)


def _all_binders(binders: Sequence[Binder], run: Run, stages: Stages) -> tuple[BinderOutcome, ...]:
    """Outcomes in the order of the binders; the first error stops the others after their page."""
    locks = Locks()
    with ThreadPoolExecutor(_BINDERS_AT_ONCE, "binder") as threads:
        started = [threads.submit(work_binder, b, run, stages, locks) for b in binders]
        try:
            return tuple(future.result() for future in started)
        except BaseException as error:
            run.stop.set()
            if isinstance(error, KeyboardInterrupt):
                _tell_stopping(run)
            threads.shutdown(wait=True, cancel_futures=True)
            raise


def _tell_stopping(run: Run) -> None:
    run.progress.end()
    sys.stderr.write(say("stopping", run.settings.interface_language) + "\n")
    sys.stderr.flush()


def work_batch(plan: SourcePlan, run: Run, stages: Stages | None = None) -> BatchOutcome:
    """Everything under the sources; raises StoppedError once stopped, OpisError of the archive."""
    batch = run.ledger.start_batch()
    run.progress.begin(batch, len(plan.binders), run.pool.workers)
    aside = put_aside_all(plan.refused, run)
    try:
        outcomes = _all_binders(plan.binders, run, stages or Stages())
    except BaseException:
        with suppress(OpisError):
            run.ledger.end_batch(batch, "stopped")
        raise
    run.progress.end()
    result = BatchOutcome(batch, _refused(plan.refused), aside, outcomes)
    run.ledger.end_batch(batch, "ended")
    return result

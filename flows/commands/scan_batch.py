"""`opis scan-batch`: sources → units, indexed; `opis plan`: what that would take."""

import resource
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from functools import reduce
from pathlib import Path

from flows.answers import Answer, error_answer, printable, sentence, trouble
from flows.changes.changing import finish_pending
from flows.pool import Pool
from flows.progress import Progress, Reporter, Silent, duration
from flows.publication.forgetting import forgetting_run
from flows.sheets.sorting import sort_by_covers
from flows.stages.taking_in import count_pages
from flows.work import BatchOutcome, BatchWorker, BinderOutcome, SourceOutcome, work_batch
from scanners.sources import find_binders
from schemas.errors import InputError
from schemas.messages import number, plural, reason, say
from schemas.records import PageCounts
from schemas.settings import Settings
from schemas.sources import Quarantined, SourcePlan

_REST = 3
_AMBIGUOUS = "ambiguous-folder"
_CPU_SECONDS_A_PAGE = 1.0
_BYTES_A_PAGE_MADE = 250_000
_HOUR = 3600


def _cpu_seconds() -> float:
    used = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(usage.ru_utime + usage.ru_stime for usage in used)


def _only_ambiguous(found: SourcePlan) -> InputError | None:
    """The error of sources of which nothing at all can be used, all of them being ambiguous."""
    if found.binders or {refusal.code for refusal in found.refused} != {_AMBIGUOUS}:
        return None
    return InputError(_AMBIGUOUS, found.refused[0].file.rpartition("/")[0])


def _refused_whole(found: SourcePlan, error: InputError, language: str) -> Answer:
    """Nothing was taken and nothing put aside: the sources stay as they are, and the error says why."""
    told = error_answer(error, language)
    aside = tuple(
        Quarantined("", r.file, r.code, cause.cause, cause.remedy, "", "")
        for r in found.refused
        for cause in (reason(r.code, language),)
    )
    sources = tuple(SourceOutcome(r.file, "quarantined", None) for r in found.refused)
    payload = _payload(BatchOutcome("", sources, aside, ()), 0.0, 0.0, language)
    return Answer({**payload, **told.payload}, told.lines, told.exit_code)


def progress_for(settings: Settings, *, quiet: bool) -> Progress:
    """Moving lines or plain ones on stderr, or none."""
    return Silent() if quiet else Reporter(language=settings.interface_language)


def scan_batch(
    settings: Settings, sources: Sequence[Path], *, quiet: bool, work: BatchWorker = work_batch
) -> Answer:
    """Take in, read and index everything under the sources, by `work` (plain, or through Prefect)."""
    started = time.monotonic()
    plan = find_binders(sources, settings)
    refused = _only_ambiguous(plan)
    if refused:
        return _refused_whole(plan, refused, settings.interface_language)
    with forgetting_run(settings, progress_for(settings, quiet=quiet)) as run:
        finish_pending(run)
        outcome = sort_by_covers(work(plan, run), run)
    seconds = time.monotonic() - started
    return batch_answer(outcome, seconds, _cpu_seconds(), settings.interface_language)


def _binders(outcome: BatchOutcome) -> tuple[BinderOutcome, ...]:
    """The binders as they came, without the units that were split off them."""
    return tuple(binder for binder in outcome.binders if binder.sources or binder.unit is None)


def _counts(outcome: BatchOutcome) -> tuple[PageCounts, dict[str, BinderOutcome]]:
    by_unit = {b.unit.id: b for b in outcome.binders if b.unit}
    return reduce(PageCounts.__add__, (b.counts for b in by_unit.values()), PageCounts()), by_unit


def _quarantined(outcome: BatchOutcome) -> tuple[Quarantined, ...]:
    return (*outcome.quarantined, *(q for b in outcome.binders for q in b.quarantined))


def _troubles(outcome: BatchOutcome) -> tuple[InputError, ...]:
    """What is wrong with units that could not be worked on, each told once."""
    return tuple({b.trouble.file: b.trouble for b in outcome.binders if b.trouble}.values())


def _unreconciled(
    outcome: BatchOutcome, by_unit: Mapping[str, BinderOutcome], language: str
) -> list[dict[str, object]]:
    """Units that do not add up, and those that could not be worked on with cause and remedy."""
    wrong: list[dict[str, object]] = [
        {"unit": ident, "problems": [p.code for p in b.problems]}
        for ident, b in by_unit.items()
        if b.problems
    ]
    told = (trouble(error, language) for error in _troubles(outcome))
    return wrong + [
        {"unit": t.file, "problems": [t.code], "reason": t.cause, "remedy": t.remedy} for t in told
    ]


def _payload(outcome: BatchOutcome, seconds: float, cpu: float, language: str) -> dict[str, object]:
    counts, by_unit = _counts(outcome)
    sources = (*outcome.refused, *(s for b in outcome.binders for s in b.sources))
    return {
        "batch": outcome.batch,
        "binders": len(_binders(outcome)),
        "documents": sum(len(b.unit.documents) for b in by_unit.values() if b.unit),
        "pages": asdict(counts),
        "sources": [{**asdict(s), "file": printable(s.file)} for s in sources],
        "quarantined": [
            {
                "file": printable(q.file),
                "code": q.code,
                "reason": q.reason,
                "remedy": q.remedy,
                "id": q.id,
            }
            for q in _quarantined(outcome)
        ],
        "units": list(by_unit),
        "indexed": sum(b.indexed for b in by_unit.values()),
        "unreconciled": _unreconciled(outcome, by_unit, language),
        "seconds": round(seconds, 3),
        "cpu_seconds": round(cpu, 3),
        "work": {"pages_recognised": sum(b.recognised_now for b in outcome.binders)},
    }


def batch_answer(outcome: BatchOutcome, seconds: float, cpu: float, language: str) -> Answer:
    """The report of a batch; exit code 3 where something was not taken, not read or not right."""
    counts, by_unit = _counts(outcome)
    aside = _quarantined(outcome)
    wrong = [b for b in by_unit.values() if b.problems]
    troubles = _troubles(outcome)
    rest = bool(aside or wrong or troubles or counts.failed)
    lines = (
        say(
            "batch_end",
            language,
            batch=outcome.batch,
            time=duration(seconds, language),
            cpu=duration(cpu, language),
        ),
        *_sum_lines(outcome, counts, by_unit, language),
        *(line for entry in aside for line in _aside_lines(entry, language)),
        *(line for b in wrong for line in _wrong_lines(b, language)),
        *(line for error in troubles for line in error_answer(error, language).lines),
        say("batch_next", language),
    )
    return Answer(_payload(outcome, seconds, cpu, language), lines, _REST if rest else 0)


def _sum_lines(
    outcome: BatchOutcome, counts: PageCounts, by_unit: dict[str, BinderOutcome], language: str
) -> tuple[str, ...]:
    documents = sum(len(b.unit.documents) for b in by_unit.values() if b.unit)
    good = not any(b.problems or b.trouble for b in outcome.binders)
    refused = sum(1 for b in outcome.binders if b.unit is None and b.trouble is None)
    return (
        say(
            "batch_binders",
            language,
            all=len(_binders(outcome)),
            kept=len(_binders(outcome)) - refused,
            refused=refused,
        ),
        say("batch_documents", language, n=number(documents)),
        say("batch_pages", language, **{k: number(v) for k, v in asdict(counts).items()}),
        say(
            "batch_indexed",
            language,
            pdf=number(counts.recognised + counts.blank + counts.failed),
            indexed=number(sum(b.indexed for b in by_unit.values())),
            verdict=say("reconciles" if good else "not_reconciles", language),
        ),
    )


def _aside_lines(entry: Quarantined, language: str) -> tuple[str, ...]:
    return (
        say("aside_file", language, file=printable(entry.file), code=entry.code),
        say("aside_cause", language, cause=entry.reason),
        say("aside_remedy", language, remedy=entry.remedy),
    )


def _wrong_lines(outcome: BinderOutcome, language: str) -> tuple[str, ...]:
    from_tables = (sentence(p.code, p.detail, language) for p in outcome.problems)
    return (say("unit_wrong", language, unit=outcome.unit.id if outcome.unit else ""), *from_tables)


def plan(settings: Settings, sources: Sequence[Path]) -> Answer:
    """Binders and pages under the sources, and the time and room that they would take."""
    found = find_binders(sources, settings)
    refused = _only_ambiguous(found)
    if refused:
        raise refused
    with Pool(settings) as pool:
        pages = sum(count_pages(binder, settings, pool) for binder in found.binders)
    hours = pages * _CPU_SECONDS_A_PAGE / settings.processes / _HOUR
    given = sum(file.bytes for binder in found.binders for file in binder.files)
    size = given + pages * _BYTES_A_PAGE_MADE
    language = settings.interface_language
    lines = (
        say(
            "plan",
            language,
            binders=plural("binder", len(found.binders), language),
            pages=plural("page", pages, language),
            time=duration(hours * _HOUR, language),
            size=number(round(size / 1_000_000)),
        ),
        *(sentence(r.code, {"f": printable(r.file), **r.detail}, language) for r in found.refused),
    )
    payload = {
        "binders": len(found.binders),
        "pages": pages,
        "hours": round(hours, 3),
        "bytes": size,
        "refused": [{"file": printable(r.file), "code": r.code} for r in found.refused],
    }
    return Answer(payload, lines)

"""The whole program over the binders: scan-batch, then two people propose and release what waits."""

import time
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from flows.commands.scan_batch import scan_batch
from flows.progress import Silent
from flows.publication import desk
from flows.run import Run, open_run
from pipeline import units
from schemas.errors import InputError
from schemas.records import Regime, Unit
from schemas.settings import Settings

_AT_ONCE = 2


@dataclass(frozen=True, slots=True)
class Worked:
    """Seconds by step, the archive's units, and the checks that held copies back, by code."""

    seconds: dict[str, float]
    units: tuple[Unit, ...]
    failed: dict[str, int]


def _release(unit: Unit, run: Run) -> Counter[str]:
    """Everything of a unit that may go out, proposed by one person and released by another."""
    failed: Counter[str] = Counter()
    for document in unit.documents:
        if document.access.regime is Regime.RESTRICTED:
            continue
        try:
            proposed = desk.propose(document.id, "ana", run)
            done = proposed if proposed.findings else desk.release(document.id, "ion", run)
        except InputError as error:
            if error.code != "publication-public":
                failed[error.code] += 1
        else:
            failed.update(finding.code for finding in done.findings)
    return failed


def work(settings: Settings, places: Sequence[Path]) -> Worked:
    """Take the binders in and let out what may go out."""
    started = time.monotonic()
    scan_batch(settings, [place / "binders" for place in places], quiet=True)
    scanned = time.monotonic()
    every = tuple(units.read_record(layout) for layout in units.all_units(settings))
    with open_run(settings, Silent()) as run, ThreadPoolExecutor(_AT_ONCE) as threads:
        failed = sum(threads.map(lambda unit: _release(unit, run), every), Counter[str]())
    seconds = {"scan": scanned - started, "release": time.monotonic() - scanned}
    now = tuple(units.read_record(layout) for layout in units.all_units(settings))
    return Worked(seconds, now, dict(failed))

"""How long papers take to be found: from their reading, and from when they were taken in.

A step of its own keeps it for each unit, and the unit keeps the step, so that a rebuilt ledger has it.
A page is read when its ALTO is on disk; it is found when the index that holds it is committed.
"""

import statistics
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

import msgspec

from pipeline import units
from pipeline.ledger import Ledger
from schemas.layout import UnitLayout
from schemas.records import PageState, Unit

SEARCHABLE = "searchable"
_LAST_UNITS = 100
_LATE = 0.95


@dataclass(frozen=True, slots=True)
class Searchable:
    """A unit's seconds until it was found; `read` is when its last page was read (Unix time).

    `after_claim` counts from when the unit was taken in to when it was first found.
    """

    read: float
    after_reading: float
    after_claim: float


def _read(unit: Unit, layout: UnitLayout) -> float:
    """When the last of a unit's pages was read; 0 where none is."""
    paths = (layout.alto_page(p.page) for p in unit.pages if p.state is PageState.RECOGNISED)
    return max((path.stat().st_mtime for path in paths), default=0.0)


def _published(layout: UnitLayout) -> bool:
    return any(event["event"] == "published" for event in units.read_events(layout))


def told_before(ledger: Ledger, unit: str) -> Searchable | None:
    """What is kept of a unit."""
    step = ledger.steps(unit, SEARCHABLE).get(0)
    return msgspec.convert(step.result, Searchable) if step else None


def keep(ledger: Ledger, unit: str, found: Searchable) -> None:
    """Keep it, as a step of the unit."""
    ledger.record_step(unit, 0, SEARCHABLE, inputs="", parameters="", result=asdict(found))


def found_now(unit: Unit, layout: UnitLayout, before: Searchable | None) -> Searchable | None:
    """What is to be kept of a unit that has just been committed: the times of the first one.

    A unit that was published before they were kept has none. What people move or scan again later
    has been found for long, and says nothing of how quick taking in is.
    """
    read, now = _read(unit, layout), time.time()
    if before or not read or _published(layout):
        return before
    claimed = datetime.fromisoformat(unit.received).timestamp()
    return Searchable(read, round(max(0.0, now - read), 2), max(0.0, round(now - claimed, 1)))


def _spread(seconds: Sequence[float]) -> dict[str, float]:
    ordered = sorted(seconds)
    late = ordered[min(len(ordered) - 1, int(len(ordered) * _LATE))]
    return {"last": seconds[-1], "median": statistics.median(ordered), "p95": late}


def searchable_payload(ledger: Ledger) -> dict[str, Any]:
    """Seconds from reading and from taking in to the search, over the last hundred units."""
    kept = (msgspec.convert(step.result, Searchable) for step in ledger.whole_steps(SEARCHABLE))
    last = sorted(kept, key=lambda one: one.read + one.after_reading)[-_LAST_UNITS:]
    if not last:
        return {"units": 0, "after_reading_seconds": {}, "after_claim_seconds": {}}
    return {
        "units": len(last),
        "after_reading_seconds": _spread([one.after_reading for one in last]),
        "after_claim_seconds": _spread([one.after_claim for one in last]),
    }

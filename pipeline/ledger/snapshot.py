"""What the ledger knows of a unit, kept in the unit, so that a lost ledger comes back the same."""

from dataclasses import dataclass, replace
from pathlib import Path

import msgspec

from pipeline.ledger.ledger import Ledger
from pipeline.ledger.rows import INDEX_STAGE, Step, UnitRow
from pipeline.ledger.turns import TURN
from pipeline.reviewing.review import REVIEW
from pipeline.units import write_unit_file
from schemas.layout import UnitLayout
from schemas.records import UnitState

_APART = frozenset({INDEX_STAGE, REVIEW})
"""Stages that tell of the index, and of decisions that the unit's events hold."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A unit's row and its steps as they were when it was last published."""

    unit: UnitRow
    steps: tuple[Step, ...] = ()


def _is_apart(step: Step) -> bool:
    return step.stage in _APART or step.stage.startswith(TURN)


def kept_path(layout: UnitLayout) -> Path:
    """metadata/ledger.json."""
    return layout.metadata / "ledger.json"


def keep_in_unit(ledger: Ledger, layout: UnitLayout, state: UnitState, when: str) -> None:
    """Write down what the ledger will know of a unit once it is in a state since `when`."""
    row = replace(ledger.unit(layout.id), state=str(state), updated=when)
    steps = tuple(step for step in ledger.unit_steps(layout.id) if not _is_apart(step))
    write_unit_file(kept_path(layout), msgspec.json.encode(Kept(row, steps)), layout)


def kept_in_unit(layout: UnitLayout) -> Kept | None:
    """What was written down last; None where that is nothing, damaged, or another unit's."""
    try:
        kept = msgspec.json.decode(kept_path(layout).read_bytes(), type=Kept)
    except (OSError, ValueError):
        return None
    same = all(step.unit == layout.id for step in kept.steps)
    return kept if kept.unit.id == layout.id and same else None

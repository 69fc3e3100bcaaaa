"""What did not get into the index is put there by whoever comes next, whatever he came for.

A writer that died, stood still or waited too long for the index leaves an open turn. A published
unit is indexed again; one that its worker gave up goes on where it stopped.
"""

from dataclasses import replace

from flows.progress import Silent
from flows.run import Run
from flows.stages.indexing import mend_index
from flows.work import take_up
from pipeline.ledger import UnitRow
from schemas.errors import InputError
from schemas.records import UnitState

_LEFT = frozenset({"lease-lost", "unit-busy", "unit-damaged", "unit-missing", "unit-unread"})
"""What is told where that unit itself is worked on."""


def finish_index(run: Run) -> InputError | None:
    """Index what was left; the error index-held where the index cannot be written now.

    Raises other OpisError of the archive and its services.
    """
    left = {turn.unit for turn in run.ledger.left_turns()}
    try:
        mend_index(run)
        for row in run.ledger.units(UnitState.WORKING) if left else ():
            if row.id in left and not run.ledger.is_worked_on(row.id):
                _taken_up(row, replace(run, progress=Silent()))
    except InputError as error:
        if error.code != "index-held":
            raise
        return error
    return None


def _taken_up(row: UnitRow, run: Run) -> None:
    try:
        take_up(row.id, run)
    except InputError as error:
        if error.code not in _LEFT:
            raise

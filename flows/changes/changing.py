"""Carries out the changes that stand (pipeline/changes.py), in every unit that has a part in them.

Whatever stops it, the next command that changes or takes in anything goes on where it stopped:
every step may be done twice. The unit that receives pages has its record, its events and its place
in the index before the one that gives them.
"""

import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace

from flows.changes.moving import clear_pictures, link_or_copy, put_by
from flows.machines.unindexed import finish_index
from flows.progress import Silent
from flows.publication.feed import note_hidden
from flows.run import Run
from flows.stages.publishing import SPLIT
from flows.stages.reading import page_tasks
from flows.stages.taking_in import hold_unit, remove_unit_leftovers, taken_in
from flows.work import BinderOutcome, Stages, work_unit
from pipeline import units
from pipeline.changes import Change, Copy, begin, end, is_told, pending, tell
from schemas.durable import make_folder, sync_folder
from schemas.errors import InputError
from schemas.hashing import hash_file
from schemas.layout import UnitLayout
from schemas.records import Unit, UnitState
from schemas.sources import Binder


@dataclass(frozen=True, slots=True)
class Done:
    """A change that is carried out, and how each unit came out of its last stage."""

    change: Change
    results: Mapping[str, BinderOutcome]


@contextmanager
def held(idents: Sequence[str], run: Run) -> Iterator[None]:
    """The units' locks, in order of their ids; no change of theirs is left half-way."""
    layout = run.settings.layout
    while True:
        finish_pending(run)
        with ExitStack() as stack:
            for ident in sorted(set(idents)):
                stack.enter_context(hold_unit(ident, run))
            if not any(set(change.units) & set(idents) for change in pending(layout)):
                yield
                return


def finish_pending(run: Run) -> tuple[Done, ...]:
    """Carry out what interrupted commands left, in units and in the index.

    Raises InputError where that cannot be; what waits for the index is left where somebody holds it.
    """
    layout = run.settings.layout
    done = []
    for change in pending(layout):
        with ExitStack() as stack:
            known = {row.id for row in run.ledger.units()} - {new.id for new in change.created}
            for ident in change.units:
                if ident in known:
                    stack.enter_context(hold_unit(ident, run))
            if change.id in {left.id for left in pending(layout)}:
                done.append(_carry_out(change, replace(run, progress=Silent())))
    finish_index(run)
    return tuple(done)


def make(change: Change, run: Run) -> Done:
    """Have a change stand and carry it out; the locks of its units (those it makes apart) are held.

    Raises InputError unit-damaged, with nothing changed, where an original is not as delivered.
    """
    layout = run.settings.layout
    for copy in change.copies:
        _check(layout.unit(copy.unit), copy.name, copy.sha256)
    begin(change, layout)
    return _carry_out(change, run)


def _check(unit: UnitLayout, name: str, sha256: str) -> None:
    path = unit.originals / name
    if not path.exists() or hash_file(path) != sha256:
        raise InputError("unit-damaged", unit.id, why=name)


def _carry_out(change: Change, run: Run) -> Done:
    layout = run.settings.layout
    with ExitStack() as stack:
        for new in change.created:
            run.ledger.claim_unit(new.content_key, new.name, new.station, new.source, new.id)
            stack.enter_context(hold_unit(new.id, run))
        for unit in change.records:
            _open(layout.unit(unit.id), run)
        for copy in change.copies:
            _copy(copy, run)
        _put_by_all(change, run)
        for unit in change.records:
            _record(unit, change, run)
        for ident, name in change.dropped:
            (layout.unit(ident).originals / name).unlink(missing_ok=True)
        results = {unit.id: _work(layout.unit(unit.id), run) for unit in change.records}
        for ident in change.removed:
            _remove(layout.unit(ident), run)
        end(change, layout)
    return Done(change, results)


def _open(unit: UnitLayout, run: Run) -> None:
    units.remove_manifest(unit)
    run.ledger.set_unit_state(unit.id, UnitState.WORKING)
    remove_unit_leftovers(unit)
    clear_pictures(unit)


def _copy(copy: Copy, run: Run) -> None:
    layout = run.settings.layout
    unit = layout.unit(copy.to_unit)
    target = unit.originals / copy.to_name
    if target.exists() and hash_file(target) == copy.sha256:
        return
    make_folder(unit.originals)
    link_or_copy(layout.unit(copy.unit).originals / copy.name, target)
    sync_folder(unit.originals)
    _check(unit, copy.to_name, copy.sha256)


def _put_by_all(change: Change, run: Run) -> None:
    homes = tuple(run.settings.layout.unit(ident) for ident in change.units)
    for unit in change.records:
        layout = run.settings.layout.unit(unit.id)
        language = unit.identity.language or run.settings.language
        tasks = page_tasks(taken_in(unit, layout), language, run.settings)
        put_by(tasks, homes, run.ledger)


def _record(unit: Unit, change: Change, run: Run) -> None:
    """The unit's record as the change has it, then its events; not again once they are told."""
    layout = run.settings.layout.unit(unit.id)
    events = tuple(told.event for told in change.told if told.unit == unit.id)
    before = units.read_events(layout)
    if all(is_told(before, event) for event in events):
        return
    units.write_record(unit, layout)
    run.ledger.forget_unit_steps(unit.id, (SPLIT,))
    for event in events:
        tell(layout, event)


def _work(layout: UnitLayout, run: Run) -> BinderOutcome:
    unit = units.read_record(layout)
    run.ledger.set_unit_state(unit.id, UnitState.WORKING, unit.scanned)
    row = run.ledger.unit(unit.id)
    binder = Binder(row.name, row.source, (), identity=unit.identity)
    return work_unit(taken_in(unit, layout), binder, Stages(), run)


def _remove(unit: UnitLayout, run: Run) -> None:
    """A unit that holds no page and no file of its own is no more; its events are in the others."""
    with run.index_lock:
        run.index.remove_unit(unit.id)
        run.index.remove_unit(unit.id, role="public")
        run.index.commit()
    note_hidden(unit.id, run.ledger)
    shutil.rmtree(unit.root, ignore_errors=True)
    if any(row.id == unit.id for row in run.ledger.units()):
        run.ledger.forget_unit(unit.id)

"""Changes of units taken back: pages, documents and identity as they were before."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from flows.changes.changing import Done
from flows.changes.planning import Order, Step, carry, read_unit, transferred
from flows.changes.rearranging import ASSIGN, SPLIT
from flows.run import Run
from pipeline import units
from pipeline.changes import UNDO, Change, Told, new_change_id, to_undo
from pipeline.reviewing.review import unit_of
from pipeline.transfer import Move, scans_of, with_documents
from schemas.errors import InputError
from schemas.layout import ArchiveLayout
from schemas.records import Half, Unit

_Event = Mapping[str, Any]


def is_change(ident: str, layout: ArchiveLayout) -> bool:
    """Whether an id is that of a change, rather than of something that waits for a person."""
    events = units.read_events(layout.unit(unit_of(ident)))
    return any(event.get("change") == ident and "kind" in event for event in events)


def undo_change(ident: str, by: str, run: Run) -> Done:
    """Take back the change `ident`; that is a change too, and tells so in every unit's events.

    Raises InputError review-nothing-to-undo, change-not-last where one of the units was changed
    again after it; StoppedError.
    """
    layout, unit = run.settings.layout, unit_of(ident)
    told = [e for e in units.read_events(layout.unit(unit)) if e.get("change") == ident]
    other = next((str(event["unit"]) for event in told if "unit" in event), "")
    order = Order(UNDO, by, "", (ident,))

    def plan() -> Change:
        mine = to_undo(units.read_events(layout.unit(unit)), ident)
        if other:
            theirs = to_undo(units.read_events(layout.unit(other)), ident)
            return _given_back(mine, theirs, order, run)
        return _as_before(read_unit(unit, run), mine, order)

    return carry(order, (unit, other) if other else (unit,), plan, run)


def _as_before(unit: Unit, mine: _Event, order: Order) -> Change:
    """One unit's identity or documents as they were."""
    change = new_change_id(unit.id)
    if mine["kind"] == ASSIGN:
        identity = replace(unit.identity, **mine["before"])
        record = replace(unit, identity=identity, assigned=mine["assigned"])
    else:
        labels = {one["page"]: one["was"] for one in mine["documents"]}
        record = with_documents(unit, labels)
    event = order.event(change, undoes=mine["change"])
    return Change(change, UNDO, order.asked, (record,), (Told(unit.id, event),))


def _move_back(receiver: Unit, got: _Event, gave: _Event) -> Move:
    """A page as it went, at its old place; raises InputError change-not-last where it is gone."""
    scan = (got["source"], got["frame"], Half(got.get("half", "")))
    there = receiver.pages[got["page"] - 1 : got["page"]]
    if not there or scan not in scans_of(there[0]):
        raise InputError("change-not-last", receiver.id, other=f"{receiver.id}, {got['page']}")
    return Move(got["page"], gave["page"], gave["document"])


def _given_back(mine: _Event, theirs: _Event, order: Order, run: Run) -> Change:
    """The pages back where they were; a unit that was made for them alone is no more."""
    first, second = read_unit(theirs["unit"], run), read_unit(mine["unit"], run)
    pairs = zip(theirs["pages"], mine["pages"], strict=True)
    moves = tuple(_move_back(second, got, gave) for got, gave in pairs)
    step = Step(new_change_id(first.id), second, first, moves)
    change = transferred(step, order, run)
    told = tuple(
        replace(
            one, event={**one.event, "undoes": mine["change"]} if "kind" in one.event else one.event
        )
        for one in change.told
    )
    home, left = change.records
    hashes = {original.sha256 for original in home.originals}
    held = {original.sha256 for original in left.originals if not original.of}
    if mine["kind"] != SPLIT or left.pages or not held <= hashes:
        return replace(change, told=told)
    return replace(
        change,
        records=(home,),
        told=tuple(one for one in told if one.unit == home.id),
        removed=(left.id,),
        dropped=(),
    )

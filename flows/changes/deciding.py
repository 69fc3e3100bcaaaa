"""What people decide of boundaries and personal data, and how the last decision is taken back."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from flows.changes.correcting import (
    DONE,
    Corrected,
    Held,
    held_unit,
    note_decided,
    open_again,
    publish_again,
    tell_all,
)
from flows.changes.rearranging import merge_documents, split_document
from flows.changes.undoing import undo_change
from flows.run import Run
from pipeline import units
from pipeline.reviewing.corrections import (
    ADDED,
    CONFIRMED,
    PERSONAL,
    REMOVED,
    doubt_settled,
    personal_decision,
    undoing,
)
from pipeline.reviewing.doubts import begins_at
from pipeline.reviewing.review import ACCEPTED, DENIED, UNDONE, decide, decisions
from pipeline.reviewing.targets import Target, decisions_on, find_target
from pipeline.reviewing.waiting import boundary_id, unit_of
from schemas.alto import read_alto
from schemas.errors import InputError
from schemas.privacy import Sensitive
from schemas.records import Page


def _mark(held_: Held, number: int, begins: bool | None) -> None:
    """A person's word on whether a document begins at a page, in the record."""
    unit = units.read_record(held_.layout)
    pages = tuple(replace(p, begins=begins) if p.page == number else p for p in unit.pages)
    units.write_record(replace(unit, pages=pages), held_.layout)


def settle_boundary(ident: str, begins: bool, by: str, note: str, run: Run) -> Corrected:
    """A document begins at a page, or none does: split or merged where the record has it otherwise.

    Raises InputError as `split_document` and `merge_documents`.
    """
    unit, change = unit_of(ident), ""
    with held_unit(unit, run, (ident,)) as held_:
        page = find_target(held_.looked, ident).page
        note_decided(held_, by)
    if begins_at(page) != begins:
        work = split_document if begins else merge_documents
        change = work(unit, page.page, by, note, run).change.id
    with held_unit(unit, run) as held_:
        open_again(held_)
        decision = ACCEPTED if begins else DENIED
        decide(held_.layout, ident, decision, by, note, change=change)
        _mark(held_, page.page, begins)
        return Corrected(DONE, (), publish_again(held_))


def undo_boundary(ident: str, by: str, run: Run) -> Corrected:
    """The documents as they were before the last decision, and the question open again.

    Raises InputError review-nothing-to-undo, change-not-last.
    """
    unit = unit_of(ident)
    events = units.read_events(run.settings.layout.unit(unit))
    last = decisions(events).get(ident, ())[-1:]
    if not last:
        raise InputError("review-nothing-to-undo", ident)
    with held_unit(unit, run, (ident,)) as held_:
        note_decided(held_, by)
    if last[0].get("change"):
        undo_change(str(last[0]["change"]), by, run)
    with held_unit(unit, run) as held_:
        page = next(page for page in held_.unit.pages if boundary_id(unit, page) == ident)
        open_again(held_)
        decide(held_.layout, ident, UNDONE, by)
        _mark(held_, page.page, None)
        return Corrected(DONE, (), publish_again(held_))


def undo_last(held_: Held, target: Target, by: str) -> Corrected:
    """The last correction or decision is taken back; raises InputError review-nothing-to-undo."""
    made = [event for event in decisions_on(held_.looked, target) if event.get("correction")]
    if not made:
        raise InputError("review-nothing-to-undo", target.id)
    return tell_all(held_, (undoing(made[-1], by),))


def settled_personal(
    held_: Held, target: Target, keep: bool, by: str, note: str
) -> tuple[Mapping[str, Any], ...]:
    """The event that a datum is one (`keep`) or is none, that a doubt is settled; none if it stands.

    Raises InputError review-not-personal for what is neither.
    """
    if target.doubt is not None:
        event = doubt_settled(target.doubt.code, target.page, by, note)
    elif target.datum is not None:
        decision = CONFIRMED if keep else REMOVED
        event = personal_decision(decision, target.datum, target.page, by, note=note)
    else:
        raise InputError("review-not-personal", target.id)
    last = decisions_on(held_.looked, target)[-1:]
    same = bool(last) and last[0].get("decision") == event["decision"]
    return () if same else (event,)


def _transform(held_: Held, page: Page) -> str:
    path = held_.layout.alto_page(page.page)
    return read_alto(path.read_bytes()).transform.as_text() if path.exists() else ""


def add_personal(held_: Held, items: Sequence[Sensitive], by: str, note: str) -> Corrected:
    """Personal data that nothing had found, at their places; what was added before is not again."""
    pages = held_.unit.pages
    there = {
        (e["page"], e["what"], str(e.get("boxes")))
        for e in held_.looked.events
        if e["event"] == PERSONAL and e["decision"] == ADDED
    }
    told = []
    for item in items:
        page = pages[item.page - 1]
        event = personal_decision(
            ADDED, item, page, by, transform=_transform(held_, page), note=note
        )
        if (item.page, item.kind.value, str(event["boxes"])) not in there:
            told.append(event)
    return tell_all(held_, told)

"""Fields of documents corrected: an event, then the usual last stages.

The event is written under the unit's lease; then the unit goes its usual way, on which nothing is
read and no document made again: record, findings, index, ledger. Killed in between, the unit is
found unfinished and finished like any other.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from flows.auditing import noted
from flows.changes.changing import held
from flows.run import Run
from flows.stages.taking_in import taken_in
from flows.work import BinderOutcome, Stages, work_unit
from pipeline import units
from pipeline.reviewing.corrections import CORRECTION, correction
from pipeline.reviewing.doubts import Looked, look
from pipeline.reviewing.fieldrules import right_value
from pipeline.reviewing.review import read_personal
from pipeline.reviewing.targets import Target
from schemas.errors import InputError
from schemas.layout import UnitLayout
from schemas.records import Document, Unit, UnitState
from schemas.sources import Binder

DONE, SAME = "done", "same"


@dataclass(frozen=True, slots=True)
class Held:
    """A unit whose lease is ours, as it is looked through; `items` are what a person decides of it."""

    layout: UnitLayout
    looked: Looked
    run: Run
    items: tuple[str, ...] = ()

    @property
    def unit(self) -> Unit:
        return self.looked.unit


@dataclass(frozen=True, slots=True)
class Corrected:
    """What became of a decision: done or same, the events that it wrote, how the unit came out."""

    outcome: str
    events: tuple[Mapping[str, Any], ...] = ()
    result: BinderOutcome | None = None


def look_into(layout: UnitLayout, bar: float) -> Looked:
    """A unit on disk, looked through; raises InputError unit-missing or unit-damaged."""
    events, personal = units.read_events(layout), read_personal(layout)
    return look(units.read_record(layout), events, personal, bar)


@contextmanager
def held_unit(ident: str, run: Run, items: Sequence[str] = ()) -> Iterator[Held]:
    """The unit, held, to decide these items of it; raises InputError unit-missing, unit-unread, unit-damaged; StoppedError."""
    run.ledger.unit(ident)
    with held((ident,), run):
        layout = run.settings.layout.unit(ident)
        looked = look_into(layout, run.settings.review_confidence)
        if not looked.unit.pages:
            raise InputError("unit-unread", ident)
        yield Held(layout, looked, run, tuple(items))


def publish_again(held_: Held) -> BinderOutcome:
    """The unit's last stages with what people decided; its record is read anew."""
    layout, run = held_.layout, held_.run
    unit, row = units.read_record(layout), run.ledger.unit(layout.id)
    binder = Binder(row.name, row.source, (), identity=unit.identity)
    return work_unit(taken_in(unit, layout), binder, Stages(), run)


def note_decided(held_: Held, by: str) -> None:
    """Who decides what, in the audit chain before anything changes."""
    items = held_.items or (held_.layout.id,)
    noted(held_.run.ledger, held_.run.settings, by, "correct", *items)


def open_again(held_: Held) -> None:
    """From here on the unit is found unfinished until its last stage is over."""
    units.remove_manifest(held_.layout)
    held_.run.ledger.set_unit_state(held_.layout.id, UnitState.WORKING)


def tell_all(held_: Held, events: Sequence[Mapping[str, Any]]) -> Corrected:
    """Events of corrections or decisions, and the unit brought up to date; none changes nothing."""
    if not events:
        return Corrected(SAME)
    note_decided(held_, str(events[0].get("by", "")))
    open_again(held_)
    for event in events:
        units.append_event(held_.layout, event)
    return Corrected(DONE, tuple(events), publish_again(held_))


def document_named(unit: Unit, name: str) -> Document:
    """A document by its id or its number in the opis; raises InputError document-missing."""
    for document in unit.documents:
        if name in {document.id, str(document.number)}:
            return document
    raise InputError("document-missing", f"{unit.id}/{name}")


@dataclass(frozen=True, slots=True)
class Value:
    """What a field is to hold: empty where the document has no such field.

    `of`: the mention that it stands for; `given`: how the person wrote it.
    """

    field: str
    value: str
    of: str = ""
    given: str = ""


def value_of(field: str, given: str, of: str = "") -> Value:
    """A person's value in the form of the record; raises InputError as `right_value`."""
    right = right_value(field, given) if given else ""
    return Value(field, right, of, given if right != given else "")


def last_correction(
    looked: Looked, document: str, field: str, of: str = ""
) -> Mapping[str, Any] | None:
    """The correction of a field that was made last and stands."""
    own = (
        event
        for event in looked.events
        if (event["event"], event["document"]) == (CORRECTION, document)
        and (event["field"], event.get("of", "")) == (field, of)
    )
    return next(reversed(tuple(own)), None)


def _standing_so(held_: Held, document: Document, value: Value) -> Mapping[str, Any] | None:
    """The correction that says the same already."""
    before = last_correction(held_.looked, document.id, value.field, value.of)
    return before if before is not None and before["value"] == value.value else None


def _event(held_: Held, document: Document, value: Value, by: str, note: str) -> Mapping[str, Any]:
    pages, named = held_.unit.pages, {"raw": value.given, "of": value.of, "note": note}
    return correction(document, pages, value.field, value.value, by, **named)


def correct_field(held_: Held, document: Document, value: Value, by: str, note: str) -> Corrected:
    """A field of a document has this value; the same once more changes nothing."""
    before = _standing_so(held_, document, value)
    if before is not None:
        return Corrected(SAME, (before,))
    return tell_all(held_, (_event(held_, document, value, by, note),))


def accepted_field(
    held_: Held, target: Target, by: str, note: str
) -> tuple[Mapping[str, Any], ...]:
    """The event that a field is as it was read, also that the document has none; none if it stands."""
    document = target.document
    if document is None:
        raise InputError("review-missing", target.id)
    now = document.fields.get(target.field)
    value = Value(target.field, now.value if now else "")
    same = _standing_so(held_, document, value) is not None
    return () if same else (_event(held_, document, value, by, note),)

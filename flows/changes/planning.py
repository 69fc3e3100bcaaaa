"""How a change of units is planned: on their records alone, under their locks, then carried out."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from flows.auditing import noted
from flows.changes.changing import Done, finish_pending, held, make
from flows.run import Run
from pipeline import units
from pipeline.changes import REARRANGED, Change, Copy, Told
from pipeline.ledger import fingerprint
from pipeline.privacy.access.states import carried_withdrawals, scan_of
from pipeline.reconcile import accounted
from pipeline.reviewing.review import carried_decisions
from pipeline.transfer import Move, transfer
from scanners.names import safe_name
from schemas.errors import InputError
from schemas.records import Page, Unit


@dataclass(frozen=True, slots=True)
class Order:
    """What a person asked for: the kind of change, who, why, and all else that makes it the same."""

    kind: str
    by: str
    note: str
    given: tuple[object, ...]

    @property
    def asked(self) -> str:
        return fingerprint((self.kind, self.note, self.given))

    def event(self, change: str, **told: object) -> dict[str, Any]:
        """An event of the change, for a unit."""
        why = {"note": self.note} if self.note else {}
        head = {"event": REARRANGED, "kind": self.kind, "change": change}
        return {**head, **told, "by": self.by, **why}

    def nothing(self) -> Change:
        """A change that changes nothing: what was asked for is so already."""
        return Change("", self.kind, self.asked, (), ())


@dataclass(frozen=True, slots=True)
class Step:
    """One transfer of a change, by its own id: pages of `giver` to `receiver`."""

    change: str
    giver: Unit
    receiver: Unit
    moves: tuple[Move, ...]


def carry(order: Order, idents: Sequence[str], plan: Callable[[], Change], run: Run) -> Done:
    """Plan and carry out under the units' locks; what was asked before and interrupted is finished.

    Raises InputError unit-missing, same-unit, what `plan` raises; StoppedError.
    """
    for done in finish_pending(run):
        if done.change.asked == order.asked:
            return done
    for ident in idents:
        run.ledger.unit(ident)
    if len(set(idents)) < len(idents):
        raise InputError("same-unit", idents[0])
    with held(idents, run):
        change = plan()
        if not change.records:
            return Done(change, {})
        noted(run.ledger, run.settings, order.by, "rearrange", *change.units)
        return make(change, run)


def read_unit(ident: str, run: Run) -> Unit:
    """The record of a unit that was read, whose pages and originals tell the same.

    Raises InputError unit-missing, unit-damaged, unit-unread.
    """
    unit = units.read_record(run.settings.layout.unit(ident))
    if not unit.pages and not unit.elsewhere:
        raise InputError("unit-unread", ident)
    if not accounted(unit):
        raise InputError("unit-damaged", ident, why="record.json")
    return unit


def _scan(page: Page) -> dict[str, Any]:
    half = {"half": page.half.value} if page.half else {}
    return {"source": page.source, "frame": page.frame, **half}


def _strange_files(unit: Unit, run: Run) -> tuple[str, ...]:
    """Files among the originals that the record does not know: their names are taken."""
    known = {original.name for original in unit.originals}
    folder = run.settings.layout.unit(unit.id).originals
    paths = tuple(folder.iterdir()) if folder.is_dir() else ()
    return tuple(path.name for path in paths if path.name not in known)


def transferred(step: Step, order: Order, run: Run) -> Change:
    """The change that a transfer is: records, copies, events, decisions that go with their pages."""
    giver, receiver = step.giver, step.receiver
    done = transfer(giver, receiver, step.moves, safe_name, _strange_files(receiver, run))
    pages = [(giver.pages[m.page - 1], done.receiver.pages[m.to - 1]) for m in step.moves]
    gave = [{"page": p.page, "document": p.document, **_scan(p)} for p, _ in pages]
    got = [{"page": p.page, **_scan(p)} for _, p in pages]
    kept = {original.name for original in done.giver.originals}
    return Change(
        id=step.change,
        kind=order.kind,
        asked=order.asked,
        records=(done.receiver, done.giver),
        told=(
            Told(receiver.id, order.event(step.change, role="received", unit=giver.id, pages=got)),
            *(Told(receiver.id, event) for event in _decided(step, pages, run)),
            Told(giver.id, order.event(step.change, role="gave", unit=receiver.id, pages=gave)),
        ),
        copies=tuple(
            Copy(giver.id, name, receiver.id, original.name, original.sha256)
            for name, original in done.copied
        ),
        dropped=tuple((giver.id, o.name) for o in giver.originals if o.name not in kept),
        pages=len(pages),
    )


def _decided(
    step: Step, pages: Sequence[tuple[Page, Page]], run: Run
) -> tuple[dict[str, Any], ...]:
    """People's decisions on the pages, as events of the unit that receives them."""
    giver, receiver = step.giver.id, step.receiver.id
    layout = run.settings.layout
    before = units.read_events(layout.unit(giver))
    there = units.read_events(layout.unit(receiver))
    originals = {original.name: original for original in step.giver.originals}
    scans = ((scan_of(page, originals), page.document or "") for page, _ in pages)
    carried = (
        *carried_decisions((giver, before), (receiver, there), pages),
        *carried_withdrawals(before, scans),
    )
    return tuple({**event, "change": step.change} for event in carried)

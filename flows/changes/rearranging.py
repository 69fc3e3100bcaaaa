"""Mistakes that people mend: pages in the wrong unit, two units in one, a unit under another's name.

Each is one change (pipeline/changes.py) that can be undone as long as it is the last of its units
(flows/changes/undoing.py). `Done.change.id` is empty where all was so already.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import msgspec

from flows.changes.changing import Done
from flows.changes.planning import Order, Step, carry, read_unit, transferred
from flows.run import Run
from flows.sheets.covers import name_of
from flows.sheets.inventory import SEEN
from pipeline import units
from pipeline.changes import Change, NewUnit, Told, new_change_id
from pipeline.ledger import fingerprint
from pipeline.reviewing.review import page_numbered
from pipeline.transfer import moves_to, with_documents
from schemas.errors import InputError
from schemas.records import Identity, Unit, UnitState

MOVE, SPLIT, MERGE, ASSIGN = "move", "split", "merge", "assign"
SPLIT_DOCUMENT, MERGE_DOCUMENTS = "split-document", "merge-documents"
_OF_ONE_UNIT = {
    name: getattr(Identity(), name)
    for name in ("cota", "volum", "continut", "nr_inventar", "file_certificate")
}
_SAME = ("fond", "inventar", "cota", "an", "volum")


def move_pages(
    ident: str,
    pages: Sequence[int],
    into: str,
    at: int | None,
    by: str,
    note: str,
    run: Run,
) -> Done:
    """Pages of a unit become pages `at`, `at` + 1, … of another one (at its end where not told).

    In the middle of a document they join it; else they are documents of their own. Raises
    InputError: unit-missing, unit-unread, page-missing, same-unit; StoppedError.
    """
    order = Order(MOVE, by, note, (ident, tuple(pages), into, at))

    def plan() -> Change:
        giver, receiver = read_unit(ident, run), read_unit(into, run)
        for page in pages:
            page_numbered(giver, page)
        place = at or len(receiver.pages) + 1
        if place > len(receiver.pages) + 1:
            raise InputError("page-missing", f"{into}, {place}")
        moves = moves_to(giver, pages, receiver, place, units.new_document_id)
        return transferred(Step(new_change_id(ident), giver, receiver, moves), order, run)

    return carry(order, (ident, into), plan, run)


def merge_units(ident: str, into: str, by: str, note: str, run: Run) -> Done:
    """All pages of a unit go to the end of another; it stays, empty, with the files it got."""
    order = Order(MERGE, by, note, (ident, into))

    def plan() -> Change:
        giver, receiver = read_unit(ident, run), read_unit(into, run)
        numbers = range(page_numbered(giver, 1).page, len(giver.pages) + 1)
        at = len(receiver.pages) + 1
        moves = moves_to(giver, numbers, receiver, at, units.new_document_id)
        return transferred(Step(new_change_id(ident), giver, receiver, moves), order, run)

    return carry(order, (ident, into), plan, run)


@dataclass(frozen=True, slots=True)
class Cover:
    """The page at which a unit begins, and what is known of it: names of Identity's fields."""

    page: int
    identity: Mapping[str, str]


def _identity_behind(giver: Unit, given: Mapping[str, str]) -> Identity:
    """Of a unit that lay behind another in its binder: what is the binder's stays, the rest is new."""
    return replace(replace(giver.identity, **_OF_ONE_UNIT), **given)  # type: ignore[arg-type]  # fields of Identity by name


def _new_unit(giver: Unit, change: str, cover: Cover, run: Run) -> tuple[Unit, NewUnit]:
    row = run.ledger.unit(giver.id)
    ident, key = units.new_unit_id(), fingerprint((SPLIT, change))
    name = f"{giver.name} / {cover.identity.get('cota') or f'p. {cover.page}'}"
    unit = Unit(
        id=ident,
        name=name,
        station=giver.station,
        content_key=key,
        received=units.now(),
        identity=_identity_behind(giver, cover.identity),
        assigned=bool(cover.identity),
    )
    return unit, NewUnit(ident, key, name, giver.station, row.source)


def _split_off(giver: Unit, cover: Cover, order: Order, run: Run) -> Change:
    change = new_change_id(giver.id)
    unit, new = _new_unit(giver, change, cover, run)
    numbers = range(cover.page, len(giver.pages) + 1)
    moves = moves_to(giver, numbers, unit, 1, units.new_document_id)
    return replace(transferred(Step(change, giver, unit, moves), order, run), created=(new,))


def split_unit(
    ident: str, page: int, identity: Mapping[str, str], by: str, note: str, run: Run
) -> Done:
    """From page `page` on a unit is a new one, with `identity` (names of Identity's fields).

    What it does not tell of fond, inventar, year and creator is the old unit's. Raises as
    `move_pages`, and boundary-none for the first page.
    """
    order = Order(SPLIT, by, note, (ident, page, dict(identity)))

    def plan() -> Change:
        giver = read_unit(ident, run)
        page_numbered(giver, page)
        if page == 1:
            raise InputError("boundary-none", ident, n=page)
        return _split_off(giver, Cover(page, identity), order, run)

    return carry(order, (ident,), plan, run)


def split_at_covers(run: Run, ident: str, covers: Sequence[Cover], by: str, note: str = "") -> Done:
    """A unit split at the pages at which others begin, in one change.

    A cover with nothing but separators before it names the unit itself. Called again for the same
    covers it changes nothing. The new units: `Done.change.created`, in page order. Raises as
    `move_pages`.
    """
    given = tuple((cover.page, dict(cover.identity)) for cover in covers)
    order = Order(SPLIT, by, note, (ident, given))

    def plan() -> Change:
        unit = read_unit(ident, run)
        inside = sorted((c for c in covers if c.page <= len(unit.pages)), key=lambda c: c.page)
        behind = [c for c in inside if any(p.document for p in unit.pages[: c.page - 1])]
        own = [c for c in inside if c not in behind]
        changes = []
        for cover in reversed(behind):
            changes.append(_split_off(unit, cover, order, run))
            unit = changes[-1].records[-1]
        if own:
            changes.append(_assigned(unit, own[-1].identity, order))
        return _joined([change for change in changes if change.records]) or order.nothing()

    return carry(order, (ident,), plan, run)


def _joined(changes: Sequence[Change]) -> Change | None:
    """Changes made one after the other of the same unit, as one; each keeps its own events."""
    if not changes:
        return None
    last = {unit.id: unit for change in changes for unit in change.records}
    *made, giver = sorted(last.values(), key=lambda unit: unit.id == changes[0].records[-1].id)
    return replace(
        changes[0],
        records=(*reversed(made), giver),
        told=tuple(told for change in changes for told in change.told),
        created=tuple(new for change in reversed(changes) for new in change.created),
        copies=tuple(copy for change in changes for copy in change.copies),
        dropped=tuple(name for change in changes for name in change.dropped),
        pages=sum(change.pages for change in changes),
    )


def _assigned(unit: Unit, given: Mapping[str, str], order: Order) -> Change:
    """The change that gives a unit another identity."""
    before = {name: getattr(unit.identity, name) for name in given}
    if before == dict(given):
        return order.nothing()
    change = new_change_id(unit.id)
    identity = replace(unit.identity, **given)  # type: ignore[arg-type]  # fields of Identity by name
    record = replace(unit, identity=identity, assigned=True)
    event = replace(order, kind=ASSIGN).event(
        change, before=before, after=dict(given), assigned=unit.assigned
    )
    return Change(change, order.kind, order.asked, (record,), (Told(unit.id, event),))


def assign_identity(ident: str, given: Mapping[str, str], by: str, note: str, run: Run) -> Done:
    """A unit gets another identity (names of Identity's fields).

    No binder.json changes it any more. Raises InputError unit-missing, unit-unread.
    """
    order = Order(ASSIGN, by, note, (ident, dict(given)))
    return carry(order, (ident,), lambda: _assigned(read_unit(ident, run), given, order), run)


def _relabelled(unit: Unit, labels: Mapping[int, str], order: Order) -> Change:
    change = new_change_id(unit.id)
    told = [
        {"page": page, "was": unit.pages[page - 1].document, "now": label}
        for page, label in labels.items()
    ]
    return Change(
        change,
        order.kind,
        order.asked,
        (with_documents(unit, labels),),
        (Told(unit.id, order.event(change, documents=told)),),
        pages=len(told),
    )


def split_document(ident: str, page: int, by: str, note: str, run: Run) -> Done:
    """A document of a unit ends before page `page`; from there on it is a new one.

    Raises InputError boundary-none where one begins there, or the page is in none.
    """
    order = Order(SPLIT_DOCUMENT, by, note, (ident, page))

    def plan() -> Change:
        unit = read_unit(ident, run)
        own = page_numbered(unit, page).document
        inside = [p.page for p in unit.pages if own and p.document == own]
        if not inside or inside[0] == page:
            raise InputError("boundary-none", ident, n=page)
        new = units.new_document_id()
        return _relabelled(unit, {n: new for n in inside if n >= page}, order)

    return carry(order, (ident,), plan, run)


def merge_documents(ident: str, page: int, by: str, note: str, run: Run) -> Done:
    """The document of page `page` becomes part of the one before it; separators stay between.

    Raises InputError boundary-none where there is none before it, or the page is in none.
    """
    order = Order(MERGE_DOCUMENTS, by, note, (ident, page))

    def plan() -> Change:
        unit = read_unit(ident, run)
        own = page_numbered(unit, page).document
        inside = [p.page for p in unit.pages if own and p.document == own]
        before = [p.document for p in unit.pages[: inside[0] - 1] if p.document] if inside else []
        if not before:
            raise InputError("boundary-none", ident, n=page)
        return _relabelled(unit, {n: str(before[-1]) for n in inside}, order)

    return carry(order, (ident,), plan, run)


@dataclass(frozen=True, slots=True)
class _Head:
    """What of a record tells whether two units are one."""

    identity: Identity
    pages: tuple[msgspec.Raw, ...] = ()


def _key(identity: Identity) -> tuple[str, ...]:
    return tuple(getattr(identity, name) for name in _SAME)


def find_same(ident: str, run: Run) -> str | None:
    """The published unit taken in before this one with the same fond, inventar, cotă, year, volume.

    None where there is none, or this unit has no cotă. Raises InputError unit-missing.
    """
    own = units.read_record(run.settings.layout.unit(ident)).identity
    earlier, cota = run.ledger.unit(ident).seq, name_of(own).cota
    seen = run.ledger.results(SEEN) if own.cota else {}
    for row in run.ledger.units(UnitState.PUBLISHED) if own.cota else ():
        told = seen.get(row.id, {}).get("name", {}).get("cota", cota)
        if row.seq < earlier and told == cota and _goes_on(row.id, own, run):
            return row.id
    return None


def _goes_on(ident: str, own: Identity, run: Run) -> bool:
    """Whether a unit has pages and the same identity; one that is damaged is left to `verify`."""
    try:
        data = run.settings.layout.unit(ident).record.read_bytes()
        head = msgspec.json.decode(data, type=_Head)
    except (OSError, ValueError):
        return False
    return bool(head.pages) and _key(head.identity) == _key(own)


def append_to_same(run: Run, ident: str, by: str, note: str = "") -> Done | None:
    """A unit whose binder holds more of one that is there already joins it, at its end.

    None where there is none of the same identity. Raises as `move_pages`.
    """
    same = find_same(ident, run)
    return merge_units(ident, same, by, note, run) if same else None

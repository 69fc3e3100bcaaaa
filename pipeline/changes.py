"""Changes of one unit or several that stand as one: a file that is there whole or not at all.

From the moment at which the file has its name the change stands, whatever the units' records say;
it is carried out in each unit (record first, then events), and the file goes when all are done.
The events are what remains of it, and tell how it is undone.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import msgspec

from pipeline import units
from schemas.durable import sync_folder, write_bytes_durably
from schemas.errors import InputError
from schemas.layout import ArchiveLayout, UnitLayout
from schemas.records import Unit

REARRANGED = "rearranged"
UNDO = "undo"
_ENDING = ".json"
_INSERTED = "pages-inserted"
Event = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class NewUnit:
    """A unit that a change makes: what the ledger is told of it."""

    id: str
    content_key: str
    name: str
    station: str
    source: str


@dataclass(frozen=True, slots=True)
class Copy:
    """An original that a unit gets beside its own: from another unit's file, the same bytes."""

    unit: str
    name: str
    to_unit: str
    to_name: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Told:
    """An event for a unit."""

    unit: str
    event: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Change:
    """All that a change does: `records` in the order in which the units get them.

    `asked` stands for the command, so that the same one again finishes it; `removed` are units that
    are no more, `dropped` copies of originals (unit, name) of which a unit shows nothing any more,
    `pages` how many pages changed their place.
    """

    id: str
    kind: str
    asked: str
    records: tuple[Unit, ...]
    told: tuple[Told, ...]
    created: tuple[NewUnit, ...] = ()
    removed: tuple[str, ...] = ()
    copies: tuple[Copy, ...] = ()
    dropped: tuple[tuple[str, str], ...] = ()
    pages: int = 0

    @property
    def units(self) -> tuple[str, ...]:
        """Every unit that has a part in it, those that it makes too, in order of their ids."""
        return tuple(sorted({*(unit.id for unit in self.records), *self.removed}))


def new_change_id(unit: str) -> str:
    """`UNIT.` and 8 random characters; given to a change once."""
    return f"{unit}.{units.new_document_id()}"


def begin(change: Change, layout: ArchiveLayout) -> None:
    """The change stands from now on."""
    path = layout.changes / f"{change.id}{_ENDING}"
    write_bytes_durably(path, msgspec.json.encode(change))


def end(change: Change, layout: ArchiveLayout) -> None:
    """The change is carried out in every unit."""
    (layout.changes / f"{change.id}{_ENDING}").unlink(missing_ok=True)
    sync_folder(layout.changes)


def pending(layout: ArchiveLayout) -> tuple[Change, ...]:
    """Changes that stand and are not carried out; raises InputError change-damaged."""
    if not layout.changes.is_dir():
        return ()
    return tuple(_pending(layout))


def _pending(layout: ArchiveLayout) -> Iterator[Change]:
    for path in sorted(layout.changes.glob(f"[!.]*{_ENDING}")):
        try:
            yield msgspec.json.decode(path.read_bytes(), type=Change)
        except FileNotFoundError:
            continue
        except ValueError as error:
            raise InputError("change-damaged", path.stem, why=str(error)) from error


def tell(layout: UnitLayout, event: Event) -> None:
    """An event of a change into the unit's events, once, whoever carries the change out."""
    if not is_told(units.read_events(layout), event):
        units.append_event(layout, event)


def is_told(events: Iterable[Event], event: Event) -> bool:
    """Whether the events hold this one."""
    return any(event.items() <= one.items() for one in events)


def standing(events: Iterable[Event]) -> tuple[Event, ...]:
    """Changes of a unit that are not undone, and insertions, oldest first."""
    left: list[Event] = []
    for event in events:
        if event.get("event") == REARRANGED and event["kind"] == UNDO:
            left = [one for one in left if one.get("change") != event["undoes"]]
        elif event.get("event") in {REARRANGED, _INSERTED}:
            left.append(event)
    return tuple(left)


def to_undo(events: Iterable[Event], ident: str) -> Event:
    """A unit's event of the change to be undone: its last one.

    Raises InputError review-nothing-to-undo where the change does not stand, change-not-last.
    """
    left = standing(events)
    if not any(event.get("change") == ident for event in left):
        raise InputError("review-nothing-to-undo", ident)
    if left[-1].get("change") != ident:
        raise InputError("change-not-last", ident, other=left[-1].get("change", _INSERTED))
    return left[-1]

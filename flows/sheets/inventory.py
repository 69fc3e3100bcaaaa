"""The archive against the inventories: what was expected and not seen, and the other way round.

What is seen of a unit is a step in the ledger, told when it is published; where the record
has changed since, or the ledger was rebuilt, it is taken from the record itself.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import pairwise

import msgspec

from flows.answers import printable
from flows.sheets.covers import name_of
from pipeline import units
from pipeline.ledger import Ledger, expected_units
from schemas.errors import InputError
from schemas.inventory import ListedUnit, UnitName, folded
from schemas.layout import UnitLayout
from schemas.messages import number, plural, say
from schemas.records import PageState, Unit
from schemas.settings import Settings

SEEN = "inventory"
_SHOWN = 10


@dataclass(frozen=True, slots=True)
class SeenUnit:
    """A unit as the inventory sees it.

    `leaves` as its record counts them, `sides` its pages without sheets and their empty backs;
    `odd`: it was scanned on both sides and one is lacking; `reversed`: its cover came last; `stamp`
    changes with the record.
    """

    unit: str
    binder: str
    name: UnitName
    leaves: int = 0
    sides: int = 0
    duplex: bool = False
    certified: int | None = None
    odd: bool = False
    reversed: bool = False
    stamp: str = ""


@dataclass(frozen=True, slots=True)
class LeafCount:
    """A certified number of leaves that the scanned ones do not come to."""

    name: UnitName
    units: tuple[str, ...]
    certified: int
    leaves: int


@dataclass(frozen=True, slots=True)
class InventoryState:
    """Lists and units beside each other; `ambiguous` may be one of several that are listed."""

    listed: int
    seen: int
    missing: tuple[ListedUnit, ...]
    unexpected: tuple[SeenUnit, ...]
    ambiguous: tuple[SeenUnit, ...]
    unnamed: tuple[SeenUnit, ...]
    leaf_counts: tuple[LeafCount, ...]
    odd_pages: tuple[SeenUnit, ...]
    page_order: tuple[SeenUnit, ...]


# what is seen of a unit


def _stamp(layout: UnitLayout) -> str:
    stat = layout.record.stat()
    return f"{stat.st_ino}:{stat.st_size}:{stat.st_mtime_ns}"


def _sides(unit: Unit) -> int:
    """Pages that are no sheet, nor the empty back of one."""
    states = [PageState.RECOGNISED, *(page.state for page in unit.pages)]
    backs = (
        here is PageState.BLANK and before is PageState.SEPARATOR
        for before, here in pairwise(states)
    )
    return len(unit.pages) - states.count(PageState.SEPARATOR) - sum(backs)


def seen_of(layout: UnitLayout) -> SeenUnit:
    """What a unit's record and findings tell; raises InputError unit-missing or unit-damaged."""
    stamp = _stamp(layout)
    unit, findings = units.read_record(layout), units.read_findings(layout)
    leaves = {page.leaf.rstrip("rv") for page in unit.pages if page.leaf}
    return SeenUnit(
        unit=unit.id,
        binder=unit.name,
        name=name_of(unit.identity),
        leaves=len(leaves),
        sides=_sides(unit),
        duplex=unit.identity.duplex,
        certified=unit.identity.file_certificate,
        odd=unit.identity.duplex and len(unit.pages) % 2 == 1,
        reversed=any(finding.code == "page-order" for finding in findings),
        stamp=stamp,
    )


def tell_seen(layout: UnitLayout, ledger: Ledger) -> None:
    """Have the ledger know what the inventory is to see of a unit."""
    result = msgspec.to_builtins(seen_of(layout))
    ledger.record_step(layout.id, 0, SEEN, inputs="", parameters="", result=result)


def _seen(settings: Settings, ledger: Ledger) -> Iterator[SeenUnit]:
    """All units that have a record; one that cannot be read is named by what checks units."""
    known = ledger.results(SEEN)
    for row in ledger.units():
        layout = settings.layout.unit(row.id)
        told = known.get(row.id, {})
        try:
            fresh = told.get("stamp") == _stamp(layout)
            yield msgspec.convert(told, SeenUnit) if fresh else seen_of(layout)
        except (InputError, OSError, msgspec.ValidationError):
            continue


# against the lists


def reconciled(listed: Sequence[ListedUnit], seen: Iterable[SeenUnit]) -> InventoryState:
    """Units beside lists; a unit is the listed one whose cotă it has and which nothing contradicts."""
    by_cota: dict[str, list[ListedUnit]] = defaultdict(list)
    for unit in listed:
        by_cota[folded(unit.name.cota)].append(unit)
    found: dict[str, list[SeenUnit]] = defaultdict(list)
    aside: dict[str, list[SeenUnit]] = defaultdict(list)
    everything = tuple(seen)
    for one in everything:
        likely = _likely(one.name, by_cota)
        if len(likely) == 1:
            found[likely[0].name.key].append(one)
        else:
            word = "unnamed" if not one.name.cota else "ambiguous" if likely else "unexpected"
            aside[word].append(one)
    return InventoryState(
        listed=len(listed),
        seen=len(found),
        missing=tuple(unit for unit in listed if unit.name.key not in found),
        unexpected=tuple(aside["unexpected"]) if listed else (),
        ambiguous=tuple(aside["ambiguous"]),
        unnamed=tuple(aside["unnamed"]) if listed else (),
        leaf_counts=tuple(_leaf_counts(listed, found, aside)),
        odd_pages=tuple(one for one in everything if one.odd),
        page_order=tuple(one for one in everything if one.reversed),
    )


def _likely(name: UnitName, by_cota: Mapping[str, Sequence[ListedUnit]]) -> tuple[ListedUnit, ...]:
    units_ = tuple(u for u in by_cota.get(folded(name.cota), ()) if u.name.agrees(name))
    same = tuple(u for u in units_ if u.name.key == name.key)
    return same or units_


def _leaf_counts(
    listed: Sequence[ListedUnit],
    found: Mapping[str, Sequence[SeenUnit]],
    aside: Mapping[str, Sequence[SeenUnit]],
) -> Iterator[LeafCount]:
    """Of listed units, over all their binders, as the list certifies; of others as they say."""
    for unit in listed:
        parts = found.get(unit.name.key, ())
        certified = unit.leaves or next((p.certified for p in parts if p.certified), None)
        yield from _differs(unit.name, certified, parts)
    for one in (one for ones in aside.values() for one in ones):
        yield from _differs(one.name, one.certified, (one,))


def _differs(
    name: UnitName, certified: int | None, parts: Sequence[SeenUnit]
) -> Iterator[LeafCount]:
    """Where nobody said that both sides were scanned, twice as many pages are the right number."""
    leaves = sum(part.leaves for part in parts)
    if not parts or certified is None or leaves == certified:
        return
    both = not any(part.duplex for part in parts)
    if not (both and sum(part.sides for part in parts) == 2 * certified):
        yield LeafCount(name, tuple(part.unit for part in parts), certified, leaves)


def inventory(settings: Settings, ledger: Ledger) -> InventoryState:
    """How the archive stands against all lists that it was given."""
    return reconciled(expected_units(ledger), _seen(settings, ledger))


# as people and programs see it


def inventory_payload(state: InventoryState) -> dict[str, object]:
    """The JSON of `opis status` under the key `inventory`."""
    return {
        "listed": state.listed,
        "seen": state.seen,
        "missing": [
            {**_shown(unit.name), "leaves": unit.leaves, "row": unit.row} for unit in state.missing
        ],
        "unexpected": [_unit(one) for one in state.unexpected],
        "ambiguous": [_unit(one) for one in state.ambiguous],
        "unnamed": [_unit(one) for one in state.unnamed],
        "leaf_counts": [
            {
                **_shown(count.name),
                "units": list(count.units),
                "certified": count.certified,
                "leaves": count.leaves,
            }
            for count in state.leaf_counts
        ],
        "odd_pages": [_unit(one) for one in state.odd_pages],
        "page_order": [_unit(one) for one in state.page_order],
    }


def _shown(name: UnitName) -> dict[str, str]:
    return {part: printable(value) for part, value in asdict(name).items()}


def _unit(one: SeenUnit) -> dict[str, object]:
    return {"unit": one.unit, "binder": printable(one.binder), **_shown(one.name)}


def _called(name: UnitName, language: str) -> str:
    parts = (name.fond, name.inventar, name.an)
    more = ", ".join(printable(part) for part in parts if part)
    return say("inventory_unit", language, cota=printable(name.cota), more=more).removesuffix(" ()")


def inventory_lines(state: InventoryState, language: str) -> tuple[str, ...]:
    """The same for people: nothing where there is neither a list nor anything to look at."""
    sections = tuple(_sections(state, language))
    if not (state.listed or sections):
        return ()
    head = say(
        "inventory_head",
        language,
        listed=plural("unit", state.listed, language),
        seen=number(state.seen),
        missing=number(len(state.missing)),
        unexpected=number(len(state.unexpected)),
    )
    return (head, *sections)


def _sections(state: InventoryState, language: str) -> Iterator[str]:
    yield from _few(
        "inventory_missing", [_called(u.name, language) for u in state.missing], language
    )
    for key, ones in (
        ("inventory_unexpected", state.unexpected),
        ("inventory_ambiguous", state.ambiguous),
        ("inventory_unnamed", state.unnamed),
        ("inventory_odd", state.odd_pages),
        ("inventory_order", state.page_order),
    ):
        named = [
            f"{one.unit} ({printable(one.binder)}) {_called(one.name, language)}" for one in ones
        ]
        yield from _few(key, [line.rstrip() for line in named], language)
    counts = [
        say("inventory_leaves", language, name=_called(c.name, language), a=c.leaves, b=c.certified)
        for c in state.leaf_counts
    ]
    yield from _few("inventory_leaf_counts", counts, language)


def _few(key: str, lines: Sequence[str], language: str) -> Iterator[str]:
    """A heading with the count, the first few, and how many more there are."""
    if not lines:
        return
    yield say(key, language, n=number(len(lines)))
    yield from (f"    {line}" for line in lines[:_SHOWN])
    if len(lines) > _SHOWN:
        yield say("inventory_more", language, n=number(len(lines) - _SHOWN))

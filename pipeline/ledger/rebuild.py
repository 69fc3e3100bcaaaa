"""The ledger again from the units on disk: what was lost is adopted, nothing is doubled.

Units, their steps and the mirror of the quarantine come from disk. All other tables stay as they
are; of a damaged SQLite ledger they are copied as far as they can be read.
"""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

import msgspec
from sqlalchemy import Connection, delete, insert, select, text
from sqlalchemy import update as change

from pipeline.ledger import tables
from pipeline.ledger.ledger import Ledger, store_quarantined, store_steps
from pipeline.ledger.opening import open_for_rebuild
from pipeline.ledger.rows import PAGE_STAGE, Step, UnitRow
from pipeline.ledger.salvage import move_aside, salvage
from pipeline.ledger.snapshot import Kept, kept_in_unit
from pipeline.reviewing.review import REVIEW, told_of
from pipeline.units import all_units, manifest_path, now, read_findings, read_record
from schemas.errors import InputError
from schemas.layout import UnitLayout
from schemas.records import Page, PageState, Unit
from schemas.settings import Settings
from schemas.sources import Quarantined


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """What a rebuild did, in unit ids.

    `adopted` were on disk and not in the ledger; `kept` have a folder and no readable record;
    `dropped` have no folder any more; `doubled` hold the content of another unit and were left
    out; `aside` is the damaged ledger, moved away.
    """

    units: tuple[str, ...] = ()
    adopted: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()
    dropped: tuple[str, ...] = ()
    doubled: tuple[str, ...] = ()
    damaged: tuple[str, ...] = ()
    quarantined: int = 0
    aside: str = ""


@dataclass(frozen=True, slots=True)
class _Survey:
    """Which units the folders hold, in the order in which they were claimed."""

    chosen: tuple[str, ...]
    doubled: tuple[str, ...]
    damaged: tuple[str, ...]


def rebuild(settings: Settings) -> Rebuilt:
    """The same state from the units; a readable ledger keeps all that no unit holds.

    A damaged SQLite ledger is moved aside first. Raises InputError unit-busy while a program works
    on a unit (one that is gone from another machine is recognised after its lease's time), and
    what `open_ledger` raises.
    """
    ledger, aside = _open(settings)
    with ledger:
        ledger.need_idle()
        return _rebuilt(ledger, aside, settings)


def _rebuilt(ledger: Ledger, aside: Path | None, settings: Settings) -> Rebuilt:
    with ledger.writing() as connection:
        ledger.stay_idle(connection)
        rows = connection.execute(select(tables.units.c.id, tables.units.c.seq))
        order = {row.id: row.seq for row in rows}
        known, survey = set(order), _survey(settings, order)
        silent = known - set(survey.chosen) - set(survey.doubled)
        dropped = {ident for ident in silent if not settings.layout.unit(ident).root.is_dir()}
        for ident in sorted(dropped | (known & set(survey.doubled))):
            connection.execute(delete(tables.units).where(tables.units.c.id == ident))
        for ident in survey.chosen:
            _adopt(connection, settings.layout.unit(ident), settings.review_confidence)
        entries = tuple(_quarantined(settings.stations_folder))
        _mirror(connection, entries)
        if aside is not None:
            salvage(connection, aside)
    return Rebuilt(
        units=survey.chosen,
        adopted=tuple(ident for ident in survey.chosen if ident not in known),
        kept=tuple(sorted(silent - dropped)),
        dropped=tuple(sorted(dropped)),
        doubled=survey.doubled,
        damaged=survey.damaged,
        quarantined=len(entries),
        aside=str(aside or ""),
    )


def _mirror(connection: Connection, entries: tuple[Quarantined, ...]) -> None:
    """The quarantine's rows as its folders are; those that are right keep their order."""
    table = tables.quarantine
    columns = [column for column in table.c if column.name != "seq"]
    there = {Quarantined(**row) for row in connection.execute(select(*columns)).mappings()}
    for gone in there - set(entries):
        same = (table.c.station == gone.station) & (table.c.id == gone.id)
        connection.execute(delete(table).where(same))
    store_quarantined(connection, (entry for entry in entries if entry not in there))


def _place(unit: Unit, kept: Kept | None, order: Mapping[str, int]) -> tuple[int, int, str]:
    """A unit's place among the claims: by the ledger, else by what it kept of it.

    Where neither is left there is only the time that its record shows.
    """
    if unit.id in order:
        return 0, order[unit.id], unit.id
    return (1, kept.unit.seq, unit.id) if kept else (2, 0, f"{unit.received} {unit.id}")


def _survey(settings: Settings, order: Mapping[str, int]) -> _Survey:
    heads: list[tuple[tuple[int, int, str], str, str]] = []
    damaged: list[str] = []
    for layout in all_units(settings):
        try:
            unit = read_record(layout)
        except InputError:
            damaged.append(layout.id)
        else:
            place = _place(unit, kept_in_unit(layout), order)
            heads.append((place, unit.id, unit.content_key))
    first: dict[str, str] = {}
    for _, ident, content_key in sorted(heads):
        first.setdefault(content_key, ident)
    doubled = sorted({ident for _, ident, _ in heads} - set(first.values()))
    return _Survey(tuple(first.values()), tuple(doubled), tuple(damaged))


def _is_sound(ledger: Ledger) -> bool:
    with ledger.reading() as connection:
        if connection.dialect.name != "sqlite":
            return True
        return str(connection.scalar(text("PRAGMA quick_check(1)"))) == "ok"


def _open(settings: Settings) -> tuple[Ledger, Path | None]:
    try:
        ledger = open_for_rebuild(settings)
        if _is_sound(ledger):
            return ledger, None
        ledger.close()
    except InputError as error:
        if error.code != "ledger-damaged":
            raise
    aside = move_aside(settings)
    return open_for_rebuild(settings), aside


def _state(layout: UnitLayout) -> str:
    if manifest_path(layout).exists():
        return "published"
    codes = {finding.code for finding in read_findings(layout)}
    return "unreconciled" if "not-reconciled" in codes else "working"


def _adopt(connection: Connection, layout: UnitLayout, bar: float) -> None:
    unit, kept = read_record(layout), kept_in_unit(layout)
    values = {
        "content_key": unit.content_key,
        "name": unit.name,
        "station": unit.station,
        "state": _state(layout),
        "scanned": unit.scanned,
    }
    table = tables.units
    other = (table.c.content_key == unit.content_key) & (table.c.id != unit.id)
    connection.execute(delete(table).where(other))
    update = change(table).where(table.c.id == unit.id).values(values)
    if connection.execute(update).rowcount == 0:
        more = _more(unit, kept.unit if kept else None)
        connection.execute(insert(table).values(id=unit.id, **more, **values))
    steps = kept.steps if kept else ()
    _adopt_pages(connection, layout, unit, {s.page: s for s in steps if s.stage == PAGE_STAGE})
    _adopt_stages(connection, unit.id, tuple(s for s in steps if s.stage != PAGE_STAGE))
    _adopt_waiting(connection, layout, bar)


def _more(unit: Unit, row: UnitRow | None) -> dict[str, str]:
    """What a unit's record does not tell."""
    if row is None:
        return {"created": unit.received or now(), "updated": now(), "source": ""}
    return {name: str(asdict(row)[name]) for name in ("created", "updated", "source")}


def _adopt_stages(connection: Connection, unit: str, kept: tuple[Step, ...]) -> None:
    """What was done for the whole unit or a document of it, where the ledger does not know."""
    table = tables.steps
    rows = connection.execute(select(table.c.stage, table.c.page).where(table.c.unit == unit))
    there = {(row.stage, row.page) for row in rows}
    store_steps(connection, (step for step in kept if (step.stage, step.page) not in there))


def _adopt_waiting(connection: Connection, layout: UnitLayout, bar: float) -> None:
    """How much of the unit waits for people, where its events can be read."""
    try:
        told = told_of(layout, bar)
    except InputError:
        return
    step = Step(layout.id, 0, REVIEW, told.worst, told.rules, {**told.counts})
    store_steps(connection, (step,))


def _adopt_pages(
    connection: Connection, layout: UnitLayout, unit: Unit, kept: Mapping[int, Step]
) -> None:
    """Page steps as the record tells; those that the ledger or the unit has so are taken whole."""
    if not unit.pages:
        return
    table = tables.steps
    mine = (table.c.unit == unit.id) & (table.c.stage == PAGE_STAGE)
    rows = connection.execute(select(table.c.page, table.c.state).where(mine)).all()
    there = {(row.page, row.state) for row in rows}
    done = {(page.page, str(page.state)) for page in unit.pages if _is_read(layout, page)}
    stale = {page for page, _ in there - done}
    connection.execute(delete(table).where(mine, table.c.page.in_(stale)))
    missing = sorted(done - there)
    store_steps(connection, (_page_step(unit, page, state, kept) for page, state in missing))


def _page_step(unit: Unit, page: int, state: str, kept: Mapping[int, Step]) -> Step:
    step = kept.get(page)
    if step is not None and step.state == state:
        return step
    return Step(unit.id, page, PAGE_STAGE, "", "", {"state": state})


def _is_read(layout: UnitLayout, page: Page) -> bool:
    return page.state is PageState.FAILED or layout.alto_page(page.page).exists()


def _quarantined(stations: Path) -> Iterator[Quarantined]:
    for path in sorted(stations.glob("*/quarantine/*/reason.json")):
        try:
            yield msgspec.json.decode(path.read_bytes(), type=Quarantined)
        except (OSError, ValueError):
            continue

"""The ledger again from the units on disk: what was lost is adopted, nothing is doubled."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import msgspec
from sqlalchemy import Connection, delete, insert, select, text
from sqlalchemy import update as change

from pipeline.ledger import tables
from pipeline.ledger.engine import ledger_file, ledger_url
from pipeline.ledger.ledger import Ledger, store_quarantined, store_steps
from pipeline.ledger.opening import open_for_rebuild
from pipeline.ledger.rows import PAGE_STAGE, Step
from pipeline.review import REVIEW, counts_of, waiting_in
from pipeline.units import all_units, manifest_path, now, read_findings, read_record
from schemas.durable import sync_folder
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
    """Which units the folders hold, in order of reception."""

    chosen: tuple[str, ...]
    doubled: tuple[str, ...]
    damaged: tuple[str, ...]


def rebuild(settings: Settings) -> Rebuilt:
    """The same state from the units; a readable ledger keeps all that no unit holds.

    A damaged SQLite ledger is moved aside first. No other program may use the ledger meanwhile.
    Raises what `open_ledger` raises.
    """
    survey = _survey(settings)
    ledger, aside = _open(settings)
    with ledger, ledger.writing() as connection:
        known = set(connection.scalars(select(tables.units.c.id)))
        silent = known - set(survey.chosen) - set(survey.doubled)
        dropped = {ident for ident in silent if not settings.layout.unit(ident).root.is_dir()}
        for ident in sorted(dropped | (known & set(survey.doubled))):
            connection.execute(delete(tables.units).where(tables.units.c.id == ident))
        for ident in survey.chosen:
            _adopt(connection, settings.layout.unit(ident))
        entries = tuple(_quarantined(settings.stations_folder))
        connection.execute(delete(tables.quarantine))
        store_quarantined(connection, entries)
    return Rebuilt(
        units=survey.chosen,
        adopted=tuple(ident for ident in survey.chosen if ident not in known),
        kept=tuple(sorted(silent - dropped)),
        dropped=tuple(sorted(dropped)),
        doubled=survey.doubled,
        damaged=survey.damaged,
        quarantined=len(entries),
        aside=aside,
    )


def _survey(settings: Settings) -> _Survey:
    heads: list[tuple[str, str, str]] = []
    damaged: list[str] = []
    for layout in all_units(settings):
        try:
            unit = read_record(layout)
        except InputError:
            damaged.append(layout.id)
        else:
            heads.append((unit.received, unit.id, unit.content_key))
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


def _open(settings: Settings) -> tuple[Ledger, str]:
    try:
        ledger = open_for_rebuild(settings)
        if _is_sound(ledger):
            return ledger, ""
        ledger.close()
    except InputError as error:
        if error.code != "ledger-damaged":
            raise
    aside = _move_aside(settings)
    return open_for_rebuild(settings), aside


def _move_aside(settings: Settings) -> str:
    file = ledger_file(ledger_url(settings))
    if file is None:
        raise InputError("ledger-damaged", settings.ledger_url, why="PostgreSQL")
    number = 1
    while (aside := file.with_name(f"{file.name}.damaged-{number}")).exists():
        number += 1
    for ending in ("-wal", "-shm", ""):
        part = file.with_name(file.name + ending)
        if part.exists():
            part.replace(aside.with_name(aside.name + ending))
    sync_folder(file.parent)
    return str(aside)


def _state(layout: UnitLayout) -> str:
    if manifest_path(layout).exists():
        return "published"
    codes = {finding.code for finding in read_findings(layout)}
    return "unreconciled" if "not-reconciled" in codes else "working"


def _adopt(connection: Connection, layout: UnitLayout) -> None:
    unit = read_record(layout)
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
        times = {"created": unit.received or now(), "updated": now()}
        connection.execute(insert(table).values(id=unit.id, source="", **times, **values))
    _adopt_pages(connection, layout, unit)
    _adopt_waiting(connection, layout)


def _adopt_waiting(connection: Connection, layout: UnitLayout) -> None:
    """How much of the unit waits for people, where its events can be read."""
    try:
        counts = counts_of(waiting_in(layout))
    except InputError:
        return
    store_steps(connection, (Step(layout.id, 0, REVIEW, "", "", {**counts}),))


def _adopt_pages(connection: Connection, layout: UnitLayout, unit: Unit) -> None:
    """Page steps as the record tells; those that the ledger has so already keep their hashes."""
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
    results = (Step(unit.id, page, PAGE_STAGE, "", "", {"state": s}) for page, s in missing)
    store_steps(connection, results)


def _is_read(layout: UnitLayout, page: Page) -> bool:
    return page.state is PageState.FAILED or layout.alto_page(page.page).exists()


def _quarantined(stations: Path) -> Iterator[Quarantined]:
    for path in sorted(stations.glob("*/quarantine/*/reason.json")):
        try:
            yield msgspec.json.decode(path.read_bytes(), type=Quarantined)
        except (OSError, ValueError):
            continue

"""The ledger: what has been done to which page, with which inputs and parameters."""

from collections.abc import Collection, Iterable
from dataclasses import asdict
from typing import Any

import msgspec
from sqlalchemy import Connection, RowMapping, bindparam, delete, func, insert, select, text
from sqlalchemy import update as change

from pipeline.ledger import tables
from pipeline.ledger.engine import one_writer
from pipeline.ledger.rows import PAGE_STAGE, BatchRow, BatchSource, Counts, Step, UnitRow
from pipeline.ledger.turns import TurnedUnits
from pipeline.units import new_unit_id, now
from schemas.errors import InputError
from schemas.records import PageCounts, PageState, UnitState
from schemas.sources import Quarantined

_CLAIM = text(
    "INSERT INTO units (id, content_key, name, station, source, state, scanned, created, updated)"
    " VALUES (:id, :content_key, :name, :station, :source, 'working', 0, :now, :now)"
    " ON CONFLICT DO NOTHING"
)
_STEP_GONE = delete(tables.steps).where(
    tables.steps.c.unit == bindparam("of_unit"),
    tables.steps.c.stage == bindparam("of_stage"),
    tables.steps.c.page == bindparam("of_page"),
)


def _step_row(step: Step) -> dict[str, Any]:
    names = ("unit", "page", "stage", "inputs", "parameters", "state")
    result = msgspec.json.encode(step.result).decode()
    return {**{name: getattr(step, name) for name in names}, "result": result}


def _step(row: RowMapping) -> Step:
    names = ("unit", "page", "stage", "inputs", "parameters", "seq")
    result = msgspec.json.decode(row["result"], type=dict[str, Any])
    return Step(**{name: row[name] for name in names}, result=result)


def _batch(row: RowMapping) -> BatchRow:
    return BatchRow(row["id"], row["started"], row["ended"] or "", row["state"])


def _page_counts(scanned: int, states: dict[str | None, int]) -> PageCounts:
    return PageCounts(scanned, *(states.get(state.value, 0) for state in PageState))


def store_steps(connection: Connection, many: Iterable[Step]) -> None:
    """Puts steps in the place of those of the same unit, stage and page; each gets a new `seq`."""
    rows = [_step_row(step) for step in many]
    if rows:
        keys = [{f"of_{name}": row[name] for name in ("unit", "stage", "page")} for row in rows]
        connection.execute(_STEP_GONE, keys)
        connection.execute(insert(tables.steps), rows)


def store_quarantined(connection: Connection, entries: Iterable[Quarantined]) -> None:
    """Puts entries in the place of those of the same station and id."""
    table = tables.quarantine
    for entry in entries:
        same = (table.c.station == entry.station) & (table.c.id == entry.id)
        connection.execute(delete(table).where(same))
        connection.execute(insert(table).values(asdict(entry)))


class Ledger(TurnedUnits):
    """A ledger in use; every change is one transaction, stored for good when the call returns.

    Calls raise InputError ledger-busy, ledger-damaged, disk-full or ServiceError
    ledger-unreachable. Threads may share a ledger, processes may not.
    """

    # units

    def claim_unit(
        self, content_key: str, name: str, station: str, source: str, ident: str = ""
    ) -> tuple[UnitRow, bool]:
        """The unit of this content, and whether it is new; one unit for one content, always.

        `ident` is the id that a new one gets, where it was chosen before.
        """
        given = {"content_key": content_key, "name": name, "station": station, "source": source}
        table = tables.units
        query = select(table).where(table.c.content_key == content_key)
        with self.writing() as connection:
            while True:
                row = {**given, "id": ident or new_unit_id(), "now": now()}
                fresh = connection.execute(_CLAIM, row).rowcount == 1
                found = connection.execute(query).mappings().one_or_none()
                if found is not None:
                    return UnitRow(**found), fresh

    def units(self, state: str | None = None) -> tuple[UnitRow, ...]:
        """All units, or those in a state, in the order of their claims."""
        query = select(tables.units).order_by(tables.units.c.seq)
        if state is not None:
            query = query.where(tables.units.c.state == state)
        with self.reading() as connection:
            return tuple(UnitRow(**row) for row in connection.execute(query).mappings())

    def unit(self, ident: str) -> UnitRow:
        """One unit; raises InputError unit-missing."""
        query = select(tables.units).where(tables.units.c.id == ident)
        with self.reading() as connection:
            row = connection.execute(query).mappings().one_or_none()
        if row is None:
            raise InputError("unit-missing", ident)
        return UnitRow(**row)

    def find_unit(self, content_key: str) -> UnitRow | None:
        """The unit of a content, if it was ever claimed."""
        query = select(tables.units).where(tables.units.c.content_key == content_key)
        with self.reading() as connection:
            row = connection.execute(query).mappings().one_or_none()
        return UnitRow(**row) if row else None

    def set_unit_state(
        self, ident: str, state: str, scanned: int | None = None, when: str = ""
    ) -> None:
        """working, published or unreconciled; `scanned` is the pages that the originals hold."""
        values: dict[str, Any] = {"state": state, "updated": when or now()}
        if scanned is not None:
            values["scanned"] = scanned
        query = change(tables.units).where(tables.units.c.id == ident).values(values)
        with self.writing() as connection:
            self._may_write(connection, (ident,))
            if connection.execute(query).rowcount != 1:
                raise InputError("unit-missing", ident)

    def forget_unit(self, ident: str) -> None:
        """Takes a unit and its steps out of the ledger; its folder is not touched."""
        with self.writing() as connection:
            self._may_write(connection, (ident,))
            connection.execute(delete(tables.units).where(tables.units.c.id == ident))

    def expired(self, patience: float = 0) -> tuple[UnitRow, ...]:
        """Units that are not published and whose worker is gone, in the order of their leases.

        Processes of this machine are known to be dead at once. Others have to be looked at again
        by this same ledger until their beat stood still for long enough: `patience` (seconds)
        looks until that is known of every lease.
        """
        gone = self._gone(patience)
        rows = {row.id: row for row in self.units() if row.state != UnitState.PUBLISHED}
        return tuple(rows[lease.unit] for lease in gone if lease.unit in rows)

    def unfinished(self, patience: float = 0) -> tuple[UnitRow, ...]:
        """Units begun on which nobody works: those of `expired`, and those given back undone."""
        gone = {lease.unit for lease in self._gone(patience)}
        busy = {lease.unit for lease in self.leases()} - gone
        return tuple(row for row in self.units(UnitState.WORKING) if row.id not in busy)

    # steps

    def record_step(
        self, unit: str, page: int, stage: str, inputs: str, parameters: str, result: dict[str, Any]
    ) -> None:
        """A step is done and its output complete on disk; page 0 is the whole unit."""
        self.record_steps((Step(unit, page, stage, inputs, parameters, result),))

    def record_steps(self, many: Iterable[Step]) -> None:
        """Several steps in one transaction: all or none."""
        steps = tuple(many)
        with self.writing() as connection:
            self._may_write(connection, (step.unit for step in steps))
            store_steps(connection, steps)

    def steps(self, unit: str, stage: str) -> dict[int, Step]:
        """The finished steps of a stage, by page."""
        table = tables.steps
        query = select(table).where(table.c.unit == unit, table.c.stage == stage)
        with self.reading() as connection:
            rows = connection.execute(query.order_by(table.c.page)).mappings()
            return {row["page"]: _step(row) for row in rows}

    def unit_steps(self, unit: str) -> tuple[Step, ...]:
        """All finished steps of a unit, by stage and page."""
        table = tables.steps
        query = select(table).where(table.c.unit == unit).order_by(table.c.stage, table.c.page)
        with self.reading() as connection:
            return tuple(_step(row) for row in connection.execute(query).mappings())

    def whole_steps(self, stage: str) -> tuple[Step, ...]:
        """The steps of a stage that is done once a unit (page 0), in the order they were told."""
        table = tables.steps
        query = select(table).where(table.c.stage == stage, table.c.page == 0)
        with self.reading() as connection:
            rows = connection.execute(query.order_by(table.c.seq)).mappings()
            return tuple(_step(row) for row in rows)

    def results(self, stage: str) -> dict[str, dict[str, Any]]:
        """The result of a stage that is done once a unit (page 0), by unit."""
        table = tables.steps
        query = select(table.c.unit, table.c.result)
        query = query.where(table.c.stage == stage, table.c.page == 0)
        with self.reading() as connection:
            rows = connection.execute(query).all()
        return {row.unit: msgspec.json.decode(row.result, type=dict[str, Any]) for row in rows}

    def is_done(self, unit: str, page: int, stage: str, inputs: str, parameters: str) -> bool:
        """Whether the step was done with the same inputs and parameters."""
        table = tables.steps
        query = select(table.c.inputs, table.c.parameters).where(
            table.c.unit == unit, table.c.stage == stage, table.c.page == page
        )
        with self.reading() as connection:
            return connection.execute(query).one_or_none() == (inputs, parameters)

    def forget_unit_steps(self, unit: str, stages: Collection[str]) -> None:
        """These stages are to be done again."""
        table = tables.steps
        query = delete(table).where(table.c.unit == unit, table.c.stage.in_(stages))
        with self.writing() as connection:
            self._may_write(connection, (unit,))
            connection.execute(query)

    # sums

    def counts(self) -> Counts:
        """Units by state, pages by state, files in quarantine."""
        units, steps = tables.units.c, tables.steps.c
        by_state = select(units.state, func.count(), func.sum(units.scanned)).group_by(units.state)
        pages = (
            select(steps.state, func.count())
            .where(steps.stage == PAGE_STAGE)
            .group_by(steps.stage, steps.state)
        )
        with self.reading() as connection:
            rows = connection.execute(by_state).all()
            states = {state: int(number) for state, number in connection.execute(pages)}
            aside = connection.scalar(select(func.count()).select_from(tables.quarantine)) or 0
        scanned = sum(int(row[2]) for row in rows)
        return Counts({row[0]: row[1] for row in rows}, _page_counts(scanned, states), aside)

    def unit_counts(self, ident: str) -> PageCounts:
        """Pages of one unit by state; raises InputError unit-missing."""
        steps = tables.steps.c
        query = (
            select(steps.state, func.count())
            .where(steps.unit == ident, steps.stage == PAGE_STAGE)
            .group_by(steps.state)
        )
        scanned = self.unit(ident).scanned
        with self.reading() as connection:
            states = {state: int(number) for state, number in connection.execute(query)}
        return _page_counts(scanned, states)

    # quarantine: the stations' folders hold the files, this is their mirror

    def add_quarantined(self, entry: Quarantined) -> None:
        """A file lies in its station's quarantine."""
        with self.writing() as connection:
            store_quarantined(connection, (entry,))

    def quarantined(self, station: str | None = None) -> tuple[Quarantined, ...]:
        """What lies in quarantine, in the order of arrival."""
        table = tables.quarantine
        query = select(*(c for c in table.c if c.name != "seq")).order_by(table.c.seq)
        if station is not None:
            query = query.where(table.c.station == station)
        with self.reading() as connection:
            return tuple(Quarantined(**row) for row in connection.execute(query).mappings())

    def remove_quarantined(self, station: str, ident: str) -> None:
        """A file left its station's quarantine."""
        table = tables.quarantine
        with self.writing() as connection:
            connection.execute(delete(table).where(table.c.station == station, table.c.id == ident))

    # batches

    def start_batch(self) -> str:
        """A new batch's id, such as L-2026-0047: the year and a number counted in it."""
        table = tables.batches
        started = now()
        year = int(started[:4])
        last = select(func.max(table.c.number)).where(table.c.year == year)
        with self.writing() as connection:
            one_writer(connection, "batches")
            number = (connection.scalar(last) or 0) + 1
            ident = f"L-{year}-{number:04d}"
            values = {"id": ident, "year": year, "number": number, "state": "working"}
            connection.execute(insert(table).values(started=started, **values))
        return ident

    def add_batch_source(
        self, batch: str, file: str, outcome: str, unit: str | None = None
    ) -> None:
        """What became of a source: taken, same or quarantined."""
        values = {"batch": batch, "file": file, "outcome": outcome, "unit": unit}
        with self.writing() as connection:
            connection.execute(insert(tables.batch_sources).values(values))

    def end_batch(self, batch: str, state: str = "done") -> None:
        table = tables.batches
        query = change(table).where(table.c.id == batch).values(ended=now(), state=state)
        with self.writing() as connection:
            connection.execute(query)

    def batches(self) -> tuple[BatchRow, ...]:
        """All batches in order."""
        query = select(tables.batches).order_by(tables.batches.c.seq)
        with self.reading() as connection:
            return tuple(_batch(row) for row in connection.execute(query).mappings())

    def batch_sources(self, batch: str) -> tuple[BatchSource, ...]:
        """The sources of a batch in order."""
        table = tables.batch_sources
        query = select(table.c.batch, table.c.file, table.c.outcome, table.c.unit)
        query = query.where(table.c.batch == batch).order_by(table.c.seq)
        with self.reading() as connection:
            return tuple(BatchSource(**row) for row in connection.execute(query).mappings())

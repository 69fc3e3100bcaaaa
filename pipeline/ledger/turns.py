"""Turns at a unit's part of the index, so that no writer who stood still has the last word.

Whoever writes a unit's pages begins a turn before and ends it after. Where another began one
meanwhile, he may have written older pages over newer ones: his turn stays open, and says that the
unit is to be indexed again. What a dead writer left open says the same.
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from secrets import randbits
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, Connection, delete, insert, select

from pipeline.ledger import tables
from pipeline.ledger.engine import one_writer
from pipeline.ledger.holding import LeasedUnits
from pipeline.ledger.workers import boot_of, has_ended, name_of
from schemas.errors import InputError

TURN = "turn-"
"""Stages `turn-ROLE`: page 0 is whose open turn is the last, the other pages are the open turns."""
_ROLES = ("staff", "public")
_BITS = 31
_TABLE = tables.steps


@dataclass(frozen=True, slots=True)
class Turn:
    """One writing of a unit's pages into a role's index; `lost` once another came in between."""

    unit: str
    role: str
    number: int
    token: int = 0
    machine: str = ""
    process: str = ""
    lost: bool = False
    mended: bool = False


def _stored(turn: Turn, page: int) -> dict[str, Any]:
    result = msgspec.json.encode(turn).decode()
    given = {"unit": turn.unit, "page": page, "stage": TURN + turn.role, "result": result}
    return {**given, "inputs": "", "parameters": "", "state": None}


def _of(turn: Turn, page: int) -> ColumnElement[bool]:
    table = _TABLE.c
    mine = (table.unit == turn.unit) & (table.stage == TURN + turn.role)
    return mine & (table.page == page)


def _put(connection: Connection, turn: Turn, page: int) -> None:
    connection.execute(delete(_TABLE).where(_of(turn, page)))
    connection.execute(insert(_TABLE).values(_stored(turn, page)))


class TurnedUnits(LeasedUnits):
    """Leased units, and turns at what the index holds of them."""

    def begin_turn(self, unit: str, role: str) -> Turn:
        """From now on the unit's pages may be written; raises InputError lease-lost, unit-missing."""
        mine = self._keeper.held(unit)
        token, number = mine.token if mine else 0, randbits(_BITS) | 1
        turn = Turn(unit, role, number, token, self._terms.machine, self._terms.process)
        with self.writing() as connection:
            if mine is not None:
                self._keeper.check(connection, mine)
            one_writer(connection, f"turns {unit}")
            self._need(connection, unit)
            _put(connection, turn, turn.number)
            _put(connection, turn, 0)
        return turn

    def is_last(self, turn: Turn) -> bool:
        """Whether nobody began a turn after this one: asked while nobody else can write."""
        with self.reading() as connection:
            return self._is_last(connection, turn)

    def end_turn(self, turn: Turn) -> bool:
        """Whether nobody began another meanwhile; else the unit is to be indexed again.

        What the dead left open of the same before is over with it. Raises InputError unit-missing.
        """
        with self.writing() as connection:
            one_writer(connection, f"turns {turn.unit}")
            self._need(connection, turn.unit)
            if not self._is_last(connection, turn):
                _put(connection, replace(turn, lost=True), turn.number)
                return False
            for page in (0, turn.number):
                connection.execute(delete(_TABLE).where(_of(turn, page)))
            for other in self._open(connection, turn.unit, turn.role):
                if self._is_over(other) or self._is_ours(other, turn):
                    connection.execute(delete(_TABLE).where(_of(other, other.number)))
        return True

    def left_turns(self, unit: str = "") -> tuple[Turn, ...]:
        """Open turns after which a unit is to be indexed again: of all units, or of one."""
        with self.reading() as connection:
            there = tuple(self._open(connection, unit))
            tokens = set(connection.scalars(select(tables.leases.c.token)))
        return tuple(turn for turn in there if self._is_left(turn, tokens))

    def mended(self, turns: Iterable[Turn]) -> None:
        """The index is right after these; who may still write keeps his turn, to be asked at its end."""
        with self.writing() as connection:
            for turn in turns:
                one_writer(connection, f"turns {turn.unit}")
                connection.execute(delete(_TABLE).where(_of(turn, turn.number)))
                if not (turn.lost or self._is_over(turn)):
                    _put(connection, replace(turn, mended=True), turn.number)

    @staticmethod
    def _is_last(connection: Connection, turn: Turn) -> bool:
        last = connection.scalar(select(_TABLE.c.result).where(_of(turn, 0)))
        return last is not None and msgspec.json.decode(last, type=Turn).number == turn.number

    def _open(self, connection: Connection, unit: str = "", role: str = "") -> Iterator[Turn]:
        query = select(_TABLE.c.result).order_by(_TABLE.c.seq)
        stages = [TURN + one for one in ((role,) if role else _ROLES)]
        query = query.where(_TABLE.c.stage.in_(stages), _TABLE.c.page != 0)
        if unit:
            query = query.where(_TABLE.c.unit == unit)
        for result in connection.scalars(query):
            yield msgspec.json.decode(result, type=Turn)

    def _is_left(self, turn: Turn, tokens: Collection[int]) -> bool:
        """Of whom nothing is known his turn is left once his lease is gone, and mended once."""
        if turn.lost or self._is_over(turn):
            return True
        return bool(turn.token) and turn.token not in tokens and not turn.mended

    @staticmethod
    def _is_ours(other: Turn, turn: Turn) -> bool:
        """Whether an open turn is an earlier one of this process, which an error ended."""
        same = (other.machine, other.process) == (turn.machine, turn.process)
        return same and 0 < other.token < turn.token

    def _is_over(self, turn: Turn) -> bool:
        """Whether the writer is surely gone: as far as this machine can tell."""
        if turn.machine == self._terms.machine:
            return has_ended(turn.process)
        ours = name_of(turn.machine) == name_of(self._terms.machine)
        return ours and boot_of(turn.machine) != boot_of(self._terms.machine)

    @staticmethod
    def _need(connection: Connection, unit: str) -> None:
        found = connection.scalar(select(tables.units.c.id).where(tables.units.c.id == unit))
        if found is None:
            raise InputError("unit-missing", unit)

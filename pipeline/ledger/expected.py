"""The units that inventories list: what no unit holds, so that a rebuild leaves it alone.

The key is the name folded for every spelling; the reference is what a cover sheet's bars carry.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import (
    Column,
    Index,
    Integer,
    RowMapping,
    Table,
    Text,
    bindparam,
    delete,
    func,
    insert,
    select,
)

from pipeline.ledger.ledger import Ledger
from pipeline.ledger.tables import metadata
from pipeline.units import now
from schemas.inventory import ListedUnit, UnitName

expected = Table(
    "expected",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=True),
    Column("key", Text, nullable=False, unique=True),
    Column("reference", Text, nullable=False),
    Column("fond", Text, nullable=False),
    Column("inventar", Text, nullable=False),
    Column("cota", Text, nullable=False),
    Column("an", Text, nullable=False),
    Column("leaves", Integer),
    Column("title", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("row", Integer, nullable=False),
    Column("listed", Text, nullable=False),
    Index("expected_by_reference", "reference"),
    sqlite_autoincrement=True,
)
_GONE = delete(expected).where(expected.c.key == bindparam("of_key"))


@dataclass(frozen=True, slots=True)
class Stored:
    """What storing a list changed, in units; `listed` are all that the ledger now expects."""

    added: int
    replaced: int
    dropped: int
    listed: int


def _row(unit: ListedUnit, source: str, when: str) -> dict[str, object]:
    name = unit.name
    return {
        "key": name.key,
        "reference": name.reference,
        "fond": name.fond,
        "inventar": name.inventar,
        "cota": name.cota,
        "an": name.an,
        "leaves": unit.leaves,
        "title": unit.title,
        "source": source,
        "row": unit.row,
        "listed": when,
    }


def _unit(row: RowMapping) -> ListedUnit:
    name = UnitName(row["fond"], row["inventar"], row["cota"], row["an"])
    return ListedUnit(name, row["leaves"], row["title"], row["row"])


def store_expected(
    ledger: Ledger, units: Sequence[ListedUnit], source: str, *, whole: bool = False
) -> Stored:
    """Puts a list's units in the place of those of the same name, in one transaction.

    `whole`: the list is all there is; expected units that it does not name are dropped.
    """
    when = now()
    rows = [_row(unit, source, when) for unit in units]
    names = {str(row["key"]) for row in rows}
    with ledger.writing() as connection:
        known = set(connection.scalars(select(expected.c.key)))
        gone = (known if whole else known & names) if rows else set[str]()
        if gone:
            connection.execute(_GONE, [{"of_key": key} for key in sorted(gone)])
        if rows:
            connection.execute(insert(expected), rows)
        listed = connection.scalar(select(func.count()).select_from(expected)) or 0
    dropped = len(gone - names)
    return Stored(len(names - known), len(names & known), dropped, listed)


def expected_units(ledger: Ledger) -> tuple[ListedUnit, ...]:
    """All units that lists name, in the order in which they were stored."""
    with ledger.reading() as connection:
        rows = connection.execute(select(expected).order_by(expected.c.seq)).mappings().all()
    return tuple(_unit(row) for row in rows)


def by_reference(ledger: Ledger, reference: str) -> ListedUnit | None:
    """The listed unit that a reference stands for; None for none, or for more than one."""
    query = select(expected).where(expected.c.reference == reference)
    with ledger.reading() as connection:
        rows = connection.execute(query).mappings().all()
    return _unit(rows[0]) if len(rows) == 1 else None

"""An existing inventory becomes a list of expected units; every row that cannot be used is named."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from scanners.tables import DATE, ListRow, ListTable, read_tables
from schemas.errors import InputError
from schemas.inventory import (
    LONGEST_PAYLOAD,
    Inventory,
    ListedUnit,
    RowProblem,
    UnitName,
    folded,
    full_payload,
    tidy,
)

HEADINGS = {
    "fond": ("fond", "fondul", "fond arhivistic", "fondul arhivistic", "fonds", "collection"),
    "inventar": (
        "inventar", "inventarul", "nr inventar", "nr inventarului", "numar inventar",
        "numarul inventarului", "inventory", "inventory no", "inventory number", "inv",
    ),
    "cota": (
        "cota", "cota arhivistica", "cota dosarului", "nr dosar", "numar dosar", "numarul dosarului",
        "dosar nr", "dosar", "unitate arhivistica", "nr ua", "reference code", "reference",
        "ref code", "shelfmark", "call number", "file number", "file no", "unit",
    ),
    "number": ("nr crt", "numar curent", "numarul curent", "crt", "item no", "item", "nr", "no"),
    "an": (
        "an", "anul", "ani", "anii", "anul dosarului", "ani extremi", "anii extremi",
        "date extreme", "datele extreme", "year", "years", "extreme years", "extreme dates", "dates",
    ),
    "leaves": (
        "file", "nr file", "nr de file", "nr filelor", "numar file", "numar de file",
        "numarul filelor", "numarul de file", "total file", "file certificate", "leaves",
        "leaf count", "number of leaves", "no of leaves", "folios",
    ),
    "title": (
        "titlu", "titlul", "continut", "continutul", "continutul pe scurt", "denumire",
        "denumirea", "descriere", "title", "content", "contents", "description", "scope",
    ),
}  # fmt: skip
"""Column headings by field, folded, the surest first; a longer heading may begin with one."""
LONGEST = {"fond": 120, "inventar": 60, "cota": 60, "an": 40, "title": 1000}
_HEAD_ROWS = 30
_LEAST_PREFIX = 4
_YEAR = re.compile(r"(?<!\d)(1[5-9]\d\d|20\d\d)(?!\d)")
_SHORT_YEARS = re.compile(r"(1[5-9]\d\d|20\d\d)\s*[-–/]\s*(\d\d)", re.ASCII)
_LEAVES = re.compile(r"(\d{1,9})(?:[.,]0+)?\s*(?:f|fl|fila|file|leaves|leaf)?\.?", re.ASCII)
_MOST_LEAVES = 20_000
_SHOWN = 60


@dataclass(frozen=True, slots=True)
class _Head:
    """Where a table's fields stand, and what its columns are called."""

    row: int
    columns: Mapping[str, int]
    names: Mapping[str, str]


class _RowError(Exception):
    def __init__(self, field: str, code: str, value: str = "") -> None:
        super().__init__(code)
        self.field, self.code, self.value = field, code, value


def read_inventory(path: Path, fond: str = "", inventar: str = "") -> Inventory:
    """The units of a list and the rows that name none; `fond` and `inventar` where rows are silent.

    Raises InputError source-missing, list-unreadable, list-too-large; list-columns where no
    table has a column for the cotă; list-empty where nothing stands under the headings.
    """
    tables = read_tables(path)
    heads = {table.name: _head(table) for table in tables}
    if not any(heads.values()):
        raise InputError("list-columns", path.name)
    whole = UnitName(tidy(fond), tidy(inventar))
    found: list[ListedUnit | RowProblem] = []
    for table in tables:
        found += _table(table, heads[table.name], whole)
    if not found:
        raise InputError("list-empty", path.name)
    return _without_doubles(found)


def _words(heading: str) -> str:
    return " ".join(re.findall(r"[a-z0-9]+", folded(heading)))


def _rank(heading: str, names: tuple[str, ...]) -> int | None:
    """How sure a heading is one of these names, the least the surest."""
    if heading in names:
        return names.index(heading)
    begins = (n for n in names if len(n) >= _LEAST_PREFIX and heading.startswith(f"{n} "))
    return len(names) if next(begins, None) else None


def _columns(cells: tuple[str, ...]) -> dict[str, int]:
    headings = [_words(cell) if cell != DATE else "" for cell in cells]
    found: dict[str, int] = {}
    for field, names in HEADINGS.items():
        ranked = ((_rank(heading, names), at) for at, heading in enumerate(headings) if heading)
        best = min(((rank, at) for rank, at in ranked if rank is not None), default=None)
        if best is not None:
            found[field] = best[1]
    number = found.pop("number", None)
    if "cota" not in found and number is not None and len(found) > 1:
        found["cota"] = number
    return found


def _head(table: ListTable) -> _Head | None:
    """The first row that has a heading for the cotă; a list of cotă alone may have no other."""
    for row in table.rows[:_HEAD_ROWS]:
        columns = _columns(row.cells)
        filled = sum(bool(cell) for cell in row.cells)
        if "cota" in columns and (len(columns) > 1 or filled == 1):
            names = {field: tidy(row.cells[at]) for field, at in columns.items()}
            return _Head(row.number, columns, names)
    return None


def _table(
    table: ListTable, head: _Head | None, whole: UnitName
) -> Iterator[ListedUnit | RowProblem]:
    if head is None:
        if table.rows:
            yield RowProblem(table.rows[0].number, table.name, "row-no-headings")
        return
    below = [row for row in table.rows if row.number > head.row]
    for place, row in enumerate(below):
        if place == 0 and _counts_columns(row):
            continue
        yield _listed(row, head, whole, table.name)


def _counts_columns(row: ListRow) -> bool:
    """The row under the headings of printed forms that numbers the columns (0, 1, 2) and no more."""
    filled = [cell for cell in row.cells if cell]
    return len(filled) > 2 and filled in (  # noqa: PLR2004 fewer numbers may be a unit
        [str(n) for n in range(len(filled))],
        [str(n) for n in range(1, len(filled) + 1)],
    )


def _listed(row: ListRow, head: _Head, whole: UnitName, sheet: str) -> ListedUnit | RowProblem:
    more = {"sheet": sheet} if sheet else {}
    if row.fault:
        return RowProblem(row.number, "", row.fault, more)
    try:
        return _unit(row, head, whole)
    except _RowError as error:
        value = "" if error.value == DATE else error.value[:_SHOWN]
        column = head.names.get(error.field, error.field)
        return RowProblem(row.number, column, error.code, {"value": value, **more})


def _unit(row: ListRow, head: _Head, whole: UnitName) -> ListedUnit:
    cells = {
        field: row.cells[at] if at < len(row.cells) else "" for field, at in head.columns.items()
    }
    texts = {field: _text(field, cells.get(field, "")) for field in LONGEST}
    if not texts["cota"]:
        raise _RowError("cota", "row-no-cota")
    name = UnitName(
        texts["fond"] or whole.fond, texts["inventar"] or whole.inventar, texts["cota"], texts["an"]
    )
    leaves = _leaf_count(cells.get("leaves", ""))
    unit = ListedUnit(name, leaves, texts["title"], row.number)
    if len(full_payload(unit).encode()) > LONGEST_PAYLOAD:
        raise _RowError("fond", "row-too-long", name.fond)
    return unit


def _text(field: str, cell: str) -> str:
    if field == "an":
        return _years(cell)
    if cell == DATE:
        raise _RowError(field, "row-date")
    text = tidy(cell)
    if text.startswith("#") and text.rstrip("!?/0A").isupper():
        raise _RowError(field, "row-formula", text)
    if len(text) > LONGEST[field]:
        raise _RowError(field, "row-too-long", text)
    return text


def _years(cell: str) -> str:
    """A year, or the first and the last of those told: 1990, 1990-1992."""
    text = tidy(cell)
    if not text:
        return ""
    short = _SHORT_YEARS.fullmatch(text)
    years = [short[1], short[1][:2] + short[2]] if short else _YEAR.findall(text)
    backwards = short is not None and years[1] < years[0]  # 1999-01: a month, or 2001?
    if not years or cell == DATE or backwards:
        raise _RowError("an", "row-year", cell)
    first, last = min(years), max(years)
    return first if first == last else f"{first}-{last}"


def _leaf_count(cell: str) -> int | None:
    if not cell or cell in {"-", "–"}:
        return None
    found = _LEAVES.fullmatch(folded(cell))
    if cell == DATE or found is None or not 0 < int(found[1]) <= _MOST_LEAVES:
        raise _RowError("leaves", "row-leaves", cell)
    return int(found[1])


def _without_doubles(found: Iterable[ListedUnit | RowProblem]) -> Inventory:
    """Each unit once, as it stands first; its other rows are named."""
    units: dict[str, ListedUnit] = {}
    problems: list[RowProblem] = []
    rows = 0
    for one in found:
        rows += 1
        if isinstance(one, RowProblem):
            problems.append(one)
        elif one.name.key in units:
            first = str(units[one.name.key].row)
            detail = {"value": one.name.cota, "first": first}
            problems.append(RowProblem(one.row, "", "row-double", detail))
        else:
            units[one.name.key] = one
    return Inventory(tuple(units.values()), tuple(problems), rows)

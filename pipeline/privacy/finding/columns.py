"""Columns of a table whose heading says that streets stand in them: counted, not somebody's home."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from pipeline.privacy.finding.rows import rows_of
from pipeline.privacy.finding.script import Script
from pipeline.privacy.finding.words import NAMING, PRIVATE, STREETS

GAP = 1.2  # heights of a word between two cells of a row
FEWEST = 3  # cells of a heading
WIDEST = 4  # words of a cell with a street
LONGEST_NUMBER, SKIPPED = 4, 2  # digits of a row's number, and how far it may count on
_DENOMINATION = frozenset(("denumire", "denumirea", "artera", "strazile", "strazilor"))
_COUNT = frozenset(("nr", "crt", "poz", "pozitia"))
_HOMES = frozenset(
    ("nr", "numar", "numarul", "ap", "apartament", "apartamentul", "bl", "bloc", "blocul", "sc")
)
_PEOPLE = re.compile(
    r"(?:pre)?nume(?:le)?|(?:proprietar|titular|locatar|beneficiar|solicitant|chirias|contribuabil|abonat"
    r"|persoan|posesor|debitor)(?:ul|ii|i|a|e|ele|ilor)?|cnp|domiciliu(?:l)?|adresa|telefon(?:ul)?"
)
Cell = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class _Column:
    """A column of a page, and of its last row the number, its place in it, how many cells it has.

    It is `open` up to a line that is none of its rows.
    """

    page: int
    left: int
    right: int
    number: int = 0
    place: int = 0
    cells: int = 0
    open: bool = True


def _cells(script: Script, row: Sequence[int]) -> Iterator[Cell]:
    """A row's words, parted where there is as much room as between two cells; specks left out."""
    cell: list[int] = []
    for at in row:
        box, before = script.box(at), script.box(cell[-1]) if cell else None
        if before and box.x - before.x - before.w > GAP * max(before.h, box.h):
            yield tuple(cell)
            cell = []
        cell.append(at)
    if cell:
        yield tuple(cell)


def _told(script: Script, cell: Cell) -> frozenset[str]:
    return frozenset(script.cores[at] for at in cell if script.cores[at])


def _names_streets(script: Script, cell: Cell) -> bool:
    told = _told(script, cell) - _COUNT
    return bool(told) and told <= STREETS | _DENOMINATION and bool(told & STREETS)


def _names_people(script: Script, cells: Sequence[Cell]) -> bool:
    told = {core for cell in cells for core in _told(script, cell)}
    cues = {script.cues[at] for cell in cells for at in cell}
    return bool(told & NAMING or cues & PRIVATE or any(map(_PEOPLE.fullmatch, told)))


def _heading(script: Script, cells: Sequence[Cell]) -> _Column | None:
    """The column of streets that a heading begins; None: it has none."""
    place = next((n for n, cell in enumerate(cells) if _names_streets(script, cell)), None)
    if place is None or not 0 < place + 1 < len(cells) or len(cells) < FEWEST:
        return None
    after = {core for cell in cells[place + 1 :] for core in _told(script, cell)}
    if after & _HOMES or _names_people(script, cells):
        return None
    words = [at for cell in cells[: place + 1] for at in cell]
    first = words.index(
        next(at for at in cells[place] if script.cores[at] in STREETS | _DENOMINATION)
    )
    before = script.box(words[first - 1]) if first else None
    left = before.x + before.w if before else 0
    return _Column(script.page(cells[0][0]), left, script.box(cells[place + 1][0]).x)


def _within(script: Script, row: Sequence[int], column: _Column) -> Cell:
    middles = ((at, script.box(at).x + script.box(at).w / 2) for at in row)
    return tuple(at for at, middle in middles if column.left <= middle < column.right)


def _number(script: Script, cells: Sequence[Cell]) -> int | None:
    told = script.cores[cells[0][0]]
    return int(told) if told.isdecimal() and len(told) <= LONGEST_NUMBER else None


def _gone_on(script: Script, cells: Sequence[Cell], column: _Column) -> _Column | None:
    """The column on the next page, or after a line that is none of its rows: it counts on."""
    number, page = _number(script, cells), script.page(cells[0][0])
    counted = number is not None and 0 < number - column.number <= SKIPPED
    if not counted or len(cells) != column.cells or page - column.page not in {0, 1}:
        return None
    before, after = cells[column.place - 1], cells[column.place + 1]
    box = script.box(before[-1])
    return _Column(page, box.x + box.w, script.box(after[0]).x)


def _after(script: Script, cells: Sequence[Cell], column: _Column, cell: Cell) -> _Column:
    """The column as its last row tells it."""
    number = _number(script, cells)
    place = next((n for n, one in enumerate(cells) if set(cell) & set(one)), 0)
    if number is None or not 0 < place < len(cells) - 1:
        return column
    return replace(column, number=number, place=place, cells=len(cells))


def _counted(script: Script, row: Sequence[int], column: Cell) -> bool:
    """Whether a row tells a number behind its street."""
    last = max(row.index(at) for at in column) if column else len(row)
    return any(c.isdigit() for at in row[last + 1 :] for c in script.cores[at])


def _street(script: Script, cell: Cell) -> bool:
    plain = all(not any(c.isdigit() for c in script.cores[at]) for at in cell)
    return plain and len(cell) <= WIDEST and not any("," in script.forms[at] for at in cell)


def street_columns(script: Script) -> frozenset[int]:
    """Places of the words in columns of streets, with their headings, where rows count something.

    No column of one where the table's heading names people, or house numbers behind the street.
    """
    found, column = set[int](), None
    for row in rows_of(script).places:
        cells = tuple(_cells(script, row))
        heading = _heading(script, cells)
        if heading or column is None:
            column = heading or column
            found.update(row if heading else ())
            continue
        if not column.open or script.page(row[0]) != column.page:
            goes_on = _gone_on(script, cells, column)
            if goes_on is None:
                continue
            column = goes_on
        cell = _within(script, row, column)
        if not _counted(script, row, cell):
            column = replace(column, open=False)
            continue
        column = _after(script, cells, column, cell)
        if _street(script, cell):
            found.update(cell)
    return frozenset(found)

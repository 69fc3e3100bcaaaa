"""Columns of a table whose heading says that streets stand in them: counted, not somebody's home."""

import re
from collections.abc import Iterator, Sequence

from pipeline.privacy.finding.rows import rows_of
from pipeline.privacy.finding.script import Script
from pipeline.privacy.finding.words import NAMING, PRIVATE, STREETS

GAP = 1.2  # heights of a word between two cells of a row
FEWEST = 3  # cells of a heading
WIDEST = 4  # words of a cell with a street
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


def _heading(script: Script, cells: Sequence[Cell]) -> tuple[int, int] | None:
    """Where, across the page, a heading's column of streets begins and ends; None: it has none."""
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
    return before.x + before.w if before else 0, script.box(cells[place + 1][0]).x


def _within(script: Script, row: Sequence[int], column: tuple[int, int]) -> Cell:
    left, right = column
    middles = ((at, script.box(at).x + script.box(at).w / 2) for at in row)
    return tuple(at for at, middle in middles if left <= middle < right)


def _counted(script: Script, row: Sequence[int], column: Cell) -> bool:
    """Whether a row tells a number behind its street."""
    last = max(row.index(at) for at in column) if column else len(row)
    return any(c.isdigit() for at in row[last + 1 :] for c in script.cores[at])


def _street(script: Script, cell: Cell) -> bool:
    plain = all(not any(c.isdigit() for c in script.cores[at]) for at in cell)
    return plain and len(cell) <= WIDEST and not any("," in script.forms[at] for at in cell)


def street_columns(script: Script) -> frozenset[int]:
    """Places of the words in columns of streets: under "Strada", in rows that count something.

    No column of one where the table's heading names people, or house numbers behind the street.
    """
    rows, found = rows_of(script), set[int]()
    column, page = None, 0
    for row in rows.places:
        heading = _heading(script, tuple(_cells(script, row)))
        if heading:
            column, page = heading, script.page(row[0])
            continue
        if column is None:
            continue
        cell = _within(script, row, column)
        if script.page(row[0]) != page or not _counted(script, row, cell):
            column = None
        elif _street(script, cell):
            found.update(cell)
    return frozenset(found)

"""Lists of an existing inventory: what CSV and XLSX files hold, as rows of text."""

import csv
import io
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from typing import Any, BinaryIO
from xml.etree.ElementTree import ParseError

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from scanners.intake import open_source
from schemas.errors import InputError, RefusedError

MOST_ROWS = 20_000
MOST_BYTES = 32 << 20
_MOST_UNPACKED = 128 << 20
_MOST_COLUMNS = 100
_MOST_PARTS = 2000
_LONGEST_CELL = 4000
_MOST_LINES = 10 * MOST_ROWS
_LONGEST_RECORD = 50
"""Lines; over more than this stands a quote that nobody closed."""
_DELIMITERS = (";", ",", "\t")
_HEAD_LINES = 20
_UNDEFINED = (
    zipfile.BadZipFile,
    InvalidFileException,
    ParseError,
    zlib.error,
    ValueError,
    LookupError,
    TypeError,
    AttributeError,
    ArithmeticError,
    OSError,
    EOFError,
    RuntimeError,
)
"""What a parser of workbooks raises on files that are none."""


@dataclass(frozen=True, slots=True)
class ListRow:
    """A row as it stands in the list: its number from 1, its cells; `fault` why it cannot be read.

    A cell is DATE where the program that wrote the list made a date of what was typed.
    """

    number: int
    cells: tuple[str, ...]
    fault: str = ""


@dataclass(frozen=True, slots=True)
class ListTable:
    """One table of a list: a CSV file is one, a workbook has one a worksheet."""

    name: str
    rows: tuple[ListRow, ...]


DATE = "\x00date"


def read_tables(path: Path, *, dates: bool = False) -> tuple[ListTable, ...]:
    """The tables of a CSV or XLSX file, empty rows left out; `dates`: as ISO 8601, not as DATE.

    Raises InputError source-missing, list-unreadable or list-too-large.
    """
    data = _content(path)
    try:
        if data.startswith(b"PK\x03\x04"):
            return tuple(_worksheets(data, path.name, dates))
        return (ListTable("", tuple(_bounded(_csv_rows(data, path.name), path.name))),)
    except MemoryError as error:
        raise InputError("list-too-large", path.name) from error


def _content(path: Path) -> bytes:
    try:
        with open_source(path) as stream:
            data = b"".join(_pieces(stream))
    except (OSError, RefusedError) as error:
        raise InputError("source-missing", str(path)) from error
    if len(data) > MOST_BYTES:
        raise InputError("list-too-large", path.name)
    return data


def _pieces(stream: BinaryIO) -> Iterator[bytes]:
    """All of a stream, or a little more than may be read."""
    left = MOST_BYTES + 1
    while left > 0 and (piece := stream.read(left)):
        left -= len(piece)
        yield piece


def _bounded(rows: Iterable[ListRow], name: str) -> Iterator[ListRow]:
    found = 0
    for row in rows:
        if any(row.cells) or row.fault:
            found += 1
            yield row
        if found > MOST_ROWS:
            raise InputError("list-too-large", name)


# CSV


def _decoded(data: bytes, name: str) -> str:
    """UTF-8 with or without its mark, UTF-16 with it, else Windows-1250 as Romanian offices write."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings: tuple[str, ...] = ("utf-16",)
    else:
        encodings = ("utf-8-sig", "cp1250")
    for encoding in encodings:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise InputError("list-unreadable", name)


def _delimiter(text: str) -> str:
    """The one that occurs most in the line where it occurs most, among the first ones."""
    head = text.split("\n", _HEAD_LINES)[:_HEAD_LINES]
    return max(_DELIMITERS, key=lambda mark: max(line.count(mark) for line in head))


def _csv_rows(data: bytes, name: str) -> Iterator[ListRow]:
    text = _decoded(data, name)
    if "\x00" in text:
        raise InputError("list-unreadable", name)
    lines = tuple(io.StringIO(text, newline=""))
    if len(lines) > _MOST_LINES:
        raise InputError("list-too-large", name)
    delimiter, at = _delimiter(text), 0
    while at < len(lines):
        cells, length = _record(lines[at : at + _LONGEST_RECORD], delimiter)
        fault = ListRow(at + 1, (), "row-quotes")
        yield fault if cells is None else _row(at + 1, cells)
        at += length


def _record(lines: tuple[str, ...], delimiter: str) -> tuple[list[str] | None, int]:
    """The first record of some lines and how many it takes.

    Where a quote is not closed its own line alone is given up, and the next one begins a record.
    """
    reader = csv.reader(lines, delimiter=delimiter)
    try:
        cells = next(reader)
        if reader.line_num > 1:
            tuple(csv.reader(lines[: reader.line_num], delimiter=delimiter, strict=True))
    except csv.Error:
        return None, 1
    return cells, reader.line_num


def _row(number: int, cells: Sequence[str]) -> ListRow:
    """A row without the empty cells at its end."""
    filled = next((at for at in range(len(cells), 0, -1) if cells[at - 1]), 0)
    told = cells[:filled]
    if filled > _MOST_COLUMNS or any(len(cell) > _LONGEST_CELL for cell in told):
        return ListRow(number, (), "row-too-long")
    return ListRow(number, tuple(cell.strip() if cell != DATE else cell for cell in told))


# XLSX


@contextmanager
def _named(name: str) -> Iterator[None]:
    try:
        yield
    except _UNDEFINED as error:
        raise InputError("list-unreadable", name) from error


def _check_size(data: bytes, name: str) -> None:
    """A workbook unpacks to what its directory tells and to no more; so that is looked at first."""
    with _named(name), zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = archive.infolist()
    if len(parts) > _MOST_PARTS or sum(part.file_size for part in parts) > _MOST_UNPACKED:
        raise InputError("list-too-large", name)


def _worksheets(data: bytes, name: str, dates: bool) -> Iterator[ListTable]:
    _check_size(data, name)
    with _named(name):
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
    try:
        for sheet in book.worksheets:
            with _named(name):
                yield ListTable(sheet.title, tuple(_bounded(_sheet_rows(sheet, dates), name)))
    finally:
        book.close()


def _sheet_rows(sheet: Any, dates: bool) -> Iterator[ListRow]:  # noqa: ANN401 openpyxl has no types
    sheet.reset_dimensions()
    for number, values in enumerate(sheet.iter_rows(values_only=True), 1):
        if values:
            yield _row(number, [_cell(value, dates) for value in values])


def _cell(value: object, dates: bool) -> str:
    if value is None:
        return ""
    if dates and isinstance(value, date):
        return value.isoformat()[:10]
    if isinstance(value, datetime | date | time):
        return DATE
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:  # noqa: PLR2004 exact
        return str(int(value))
    return str(value)

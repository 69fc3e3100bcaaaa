"""`opis sheets`: a list of units becomes sheets to print, and what the archive expects."""

from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

from flows.answers import Answer, printable
from flows.archive import prepare_archive
from pipeline.ledger import Stored, open_ledger, store_expected
from pipeline.sheets.drawing import write_sheets
from scanners.inventory import read_inventory
from schemas.errors import InputError
from schemas.inventory import Inventory, RowProblem
from schemas.messages import number, plural, reason, say
from schemas.settings import Settings

_REMAINDER = 3
_MOST_PAGES = 40_000


def sheets(
    settings: Settings,
    list_file: Path,
    out: Path,
    separators: int,
    fond: str = "",
    inventar: str = "",
    *,
    whole: bool = False,
) -> Answer:
    """Print a cover and so many separators for each unit of a list, and expect those units.

    Exit code 3 where a row could not be used. Raises InputError output-exists, sheets-too-many
    and what reading the list raises; the ledger is told once the PDF is whole.
    """
    if out.exists():
        raise InputError("output-exists", str(out))
    listing = read_inventory(list_file, fond, inventar)
    pages = len(listing.units) * (1 + separators)
    if pages > _MOST_PAGES:
        most = number(_MOST_PAGES)
        raise InputError("sheets-too-many", list_file.name, n=number(pages), most=most)
    if listing.units:
        language = settings.interface_language
        write_sheets(out, listing.units, separators, settings.institution, language)
    prepare_archive(settings)
    with open_ledger(settings) as ledger:
        stored = store_expected(ledger, listing.units, list_file.name, whole=whole)
    payload = {
        "file": str(out) if pages else None,
        "units": len(listing.units),
        "separators": len(listing.units) * separators,
        "pages": pages,
        "rows": listing.rows,
        "rejected": [_rejected(p, settings.interface_language) for p in listing.problems],
        "inventory": asdict(stored),
    }
    lines = tuple(_lines(listing, stored, pages, str(out), settings.interface_language))
    return Answer(payload, lines, _REMAINDER if listing.problems else 0)


def _values(problem: RowProblem) -> dict[str, str]:
    return {key: printable(value) for key, value in problem.detail.items()}


def _rejected(problem: RowProblem, language: str) -> dict[str, object]:
    told = reason(problem.code, language, **_values(problem))
    return {
        "row": problem.row,
        "sheet": printable(problem.detail.get("sheet", "")),
        "column": printable(problem.column),
        "code": problem.code,
        "reason": told.cause,
        "remedy": told.remedy,
    }


def _lines(
    listing: Inventory, stored: Stored, pages: int, out: str, language: str
) -> Iterator[str]:
    if pages:
        yield say(
            "sheets_written",
            language,
            units=plural("unit", len(listing.units), language),
            pages=plural("page", pages, language),
            file=out,
        )
    counts = {name: number(getattr(stored, name)) for name in ("added", "replaced", "dropped")}
    listed = plural("unit", stored.listed, language)
    yield say("sheets_listed", language, listed=listed, **counts)
    if listing.problems:
        yield say("sheets_rejected", language, n=number(len(listing.problems)))
        yield from (_row_line(problem, language) for problem in listing.problems)
    if pages:
        yield say("sheets_next", language, file=out)


def _row_line(problem: RowProblem, language: str) -> str:
    told = reason(problem.code, language, **_values(problem))
    key = "sheets_row_column" if problem.column else "sheets_row"
    row = ", ".join(filter(None, (printable(problem.detail.get("sheet", "")), str(problem.row))))
    column = printable(problem.column)
    return say(key, language, row=row, column=column, cause=told.cause, remedy=told.remedy)

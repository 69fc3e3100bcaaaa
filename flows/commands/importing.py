"""`opis import`: an existing registry or inventory confirms what was read of the documents."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flows.answers import Answer, printable
from flows.archive import need_archive
from flows.auditing import noted
from flows.changes.correcting import Held, held_unit, last_correction, tell_all
from flows.commands.person import person
from flows.progress import Silent
from flows.publication.forgetting import forgetting_run
from flows.run import Run
from pipeline import units
from pipeline.metadata.forms.dates import find_dates
from pipeline.metadata.registry import (
    Listed,
    Match,
    Matched,
    RegistryRow,
    confirmed,
    heading,
    match_rows,
)
from pipeline.reviewing.corrections import REGISTRY, correction
from pipeline.reviewing.fieldrules import right_value
from scanners.tables import ListRow, ListTable, read_tables
from schemas.errors import InputError
from schemas.messages import number, plural, reason, say
from schemas.records import Document
from schemas.settings import Settings

_HEAD_ROWS = 15
_LEAST_COLUMNS = 2
_DATES = ("date", "data_inreg")
_REST = 3
_SHOWN = 20


@dataclass(frozen=True, slots=True)
class _Done:
    """What an import wrote: fields by document, and the units that could not be written, and why."""

    fields: dict[str, tuple[str, ...]]
    refused: dict[str, str]

    @property
    def same(self) -> int:
        """Documents of which the list told nothing new."""
        return sum(not fields for fields in self.fields.values())


def _columns(row: ListRow) -> dict[int, str]:
    """The field of each column that a row of headings names."""
    found: dict[int, str] = {}
    for place, cell in enumerate(row.cells):
        name = heading(cell)
        if name and name not in found.values():
            found[place] = name
    return found


def _day(cell: str) -> str:
    """A date as the record holds it; raises InputError correction-date."""
    dates = find_dates(cell)
    whole = dates[0].value if len(dates) == 1 else ""
    return right_value("date", whole or cell)


def _value(name: str, cell: str) -> str:
    if name in _DATES:
        return _day(cell)
    return cell if name == "cota" else right_value(name, cell)


def _row(table: str, row: ListRow, columns: Mapping[int, str]) -> RegistryRow:
    """A row's values; what no record could hold is left out."""
    values: dict[str, str] = {}
    for place, name in columns.items():
        cell = row.cells[place] if place < len(row.cells) else ""
        try:
            values[name] = _value(name, cell) if cell else ""
        except InputError:
            values[name] = ""
    return RegistryRow(row.number, table, values)


def _rows(table: ListTable) -> Iterator[RegistryRow]:
    for place, row in enumerate(table.rows[:_HEAD_ROWS]):
        columns = _columns(row)
        told = set(columns.values())
        if len(columns) >= _LEAST_COLUMNS and told & {"number", "nr_inreg"}:
            below = (one for one in table.rows[place + 1 :] if any(one.cells))
            yield from (_row(table.name, one, columns) for one in below)
            return


def read_registry(path: Path) -> tuple[RegistryRow, ...]:
    """The rows of all tables; raises InputError as `read_tables`, and registry-columns."""
    rows = tuple(row for table in read_tables(path, dates=True) for row in _rows(table))
    if not rows:
        raise InputError("registry-columns", path.name)
    return rows


def _listed(run: Run) -> tuple[Listed, ...]:
    """Every document of the archive that a record tells of."""
    found: list[Listed] = []
    for row in run.ledger.units():
        layout = run.settings.layout.unit(row.id)
        if not layout.record.exists():
            continue
        unit = units.read_record(layout)
        found += [Listed(unit.id, unit.identity.cota, one) for one in unit.documents]
    return tuple(found)


def _events(held_: Held, document: Document, match: Match, by: str, name: str) -> list[Any]:
    """The corrections that a row makes and that do not stand already."""
    told = []
    for key, value in confirmed(match).items():
        before = last_correction(held_.looked, document.id, key)
        if before is None or before["value"] != value:
            note = f"{name}, {match.row.sheet} {match.row.row}".replace(",  ", ", ")
            told.append(
                correction(document, held_.unit.pages, key, value, by, source=REGISTRY, note=note)
            )
    return told


def _write(
    matches: Sequence[Match], by: str, name: str, run: Run
) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The rows of one unit as events of it: each document with the fields that were written."""
    with held_unit(matches[0].listed.unit, run) as held_:
        told: list[Any] = []
        for match in matches:
            document = held_.unit.document_of(match.listed.document.id)
            own = _events(held_, document, match, by, name) if document else []
            yield match.listed.document.id, tuple(str(one["field"]) for one in own)
            told += own
        tell_all(held_, told)


def _confirm(found: Matched, by: str, name: str, run: Run) -> _Done:
    by_unit: dict[str, list[Match]] = {}
    for match in found.matches:
        by_unit.setdefault(match.listed.unit, []).append(match)
    fields: dict[str, tuple[str, ...]] = {}
    refused: dict[str, str] = {}
    for unit, matches in by_unit.items():
        try:
            fields |= dict(_write(matches, by, name, run))
        except InputError as error:
            refused[unit] = error.code
    return _Done(fields, refused)


def _place(row: RegistryRow) -> dict[str, object]:
    told = {name: row.get(name) for name in ("number", "date", "nr_inreg", "data_inreg", "type")}
    return {"row": row.row, "sheet": row.sheet, **{k: v for k, v in told.items() if v}}


def _document(listed: Listed) -> dict[str, object]:
    told = {name: listed.value(name) for name in ("type", "number", "date")}
    return {
        "unit": listed.unit,
        "document": listed.document.id,
        **{k: v for k, v in told.items() if v},
    }


def _payload(found: Matched, done: _Done, language: str) -> dict[str, object]:
    return {
        "matched": [
            {
                **_place(match.row),
                "unit": match.listed.unit,
                "document": match.listed.document.id,
                "fields": done.fields.get(match.listed.document.id, ()),
            }
            for match in found.matches
        ],
        "unmatched": [
            {**_place(row), "code": code, "reason": reason(code, language).cause}
            for row, code in found.unmatched
        ],
        "without_row": [_document(one) for one in found.without_row],
        "unchanged": done.same,
        "refused": [
            {"unit": unit, "code": code, "reason": reason(code, language, f=unit).cause}
            for unit, code in done.refused.items()
        ],
    }


def _lines(found: Matched, done: _Done, file: str, language: str) -> Iterator[str]:
    rows = len(found.matches) + len(found.unmatched)
    yield say(
        "import_matched",
        language,
        file=printable(file),
        rows=number(rows),
        documents=plural("document", len(found.matches), language),
        fields=number(sum(map(len, done.fields.values()))),
    )
    for row, code in found.unmatched[:_SHOWN]:
        told = reason(code, language)
        place = ", ".join(filter(None, (printable(row.sheet), str(row.row))))
        yield say("import_row", language, row=place, cause=told.cause, remedy=told.remedy)
    if len(found.unmatched) > _SHOWN:
        yield say("import_more", language, n=number(len(found.unmatched) - _SHOWN))
    if found.without_row:
        documents = plural("document", len(found.without_row), language)
        yield say("import_without_row", language, documents=documents)
    for unit, code in done.refused.items():
        told = reason(code, language, f=unit)
        yield say("import_row", language, row=unit, cause=told.cause, remedy=told.remedy)


def import_registry(settings: Settings, file: Path, by: str | None = None) -> Answer:
    """Match a list's rows to documents by number and date; what matches confirms their fields.

    The answer lists what matched, rows without a document and documents without a row; exit code 3
    where a unit could not be written. The same list once more changes nothing. Raises InputError
    as `read_registry`.
    """
    need_archive(settings)
    rows, who = read_registry(file), person(by)
    with forgetting_run(settings, Silent()) as run:
        found = match_rows(rows, _listed(run))
        noted(run.ledger, settings, who, "correct", "registry")
        done = _confirm(found, who, file.name, run)
    language = settings.interface_language
    payload = {"file": str(file), "rows": len(rows), **_payload(found, done, language)}
    lines = tuple(_lines(found, done, file.name, language))
    return Answer(payload, lines, _REST if done.refused else 0)

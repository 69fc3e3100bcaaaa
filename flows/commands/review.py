"""`opis review`: what waits for a person, the re-scan list, and what people decide."""

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from pathlib import Path

from flows.answers import Answer, printable
from flows.archive import need_archive
from flows.changes.rescanning import Rearranged, insert_pages, replace_page
from flows.changes.undoing import is_change
from flows.commands import rearranging
from flows.commands.person import person
from flows.progress import Silent
from flows.run import open_run
from flows.stages.publishing import tell_waiting
from pipeline import units
from pipeline.ledger import Ledger, UnitRow, open_ledger
from pipeline.review import (
    ACCEPTED,
    BY_PERSON,
    MARKED,
    RESCAN,
    REVIEW,
    UNDONE,
    Waiting,
    counts_of,
    decide,
    item_id,
    page_numbered,
    unit_of,
    waiting_in,
)
from scanners.names import natural_key
from schemas.durable import write_bytes_durably
from schemas.errors import InputError
from schemas.messages import plural, reason, say
from schemas.records import Finding
from schemas.settings import Settings

_REST = 3
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_COLUMNS = (
    "station",
    "binder",
    "cota",
    "unit",
    "leaf",
    "page",
    "reason",
    "remedy",
    "confidence",
    "codes",
    "id",
)


@dataclass(frozen=True, slots=True)
class _Queue:
    """What waits in an archive, and the units whose files cannot be read."""

    items: tuple[Waiting, ...]
    damaged: tuple[str, ...]


def _place(item: Waiting) -> tuple[object, ...]:
    return (item.unit.station, natural_key(item.unit.name), item.unit.id, item.page.page)


def _candidates(ledger: Ledger) -> Iterator[UnitRow]:
    """Units that the ledger knows to hold waiting items, and those of which it knows nothing."""
    known = ledger.results(REVIEW)
    for row in ledger.units():
        if row.id not in known or known[row.id].get("waiting"):
            yield row


def _queue(settings: Settings, station: str | None = None) -> _Queue:
    items: list[Waiting] = []
    damaged: list[str] = []
    with open_ledger(settings, create=False) as ledger:
        rows = tuple(_candidates(ledger))
    for row in rows:
        layout = settings.layout.unit(row.id)
        if not layout.record.exists() or station not in {None, row.station}:
            continue
        try:
            items += waiting_in(layout)
        except InputError:
            damaged.append(row.id)
    return _Queue(tuple(sorted(items, key=_place)), tuple(damaged))


def _told(item: Waiting, finding: Finding | None, language: str) -> tuple[str, str]:
    """Cause and remedy of one finding of an item, or of a person's mark."""
    leaf = item.page.leaf or item.page.page
    code = finding.code if finding else BY_PERSON if item.note else item.codes[0]
    detail = finding.detail if finding else {}
    values = {"n": item.page.page, "f": leaf, "note": item.note, **detail}
    words = reason(code, language, **values)
    return words.cause.strip(), words.remedy


def _sentences(item: Waiting, language: str) -> tuple[str, str]:
    findings = item.findings if item.findings and not item.note else (*item.findings, None)
    told = [_told(item, finding, language) for finding in findings]
    causes, remedies = zip(*told, strict=True)
    return " ".join(dict.fromkeys(causes)), " ".join(dict.fromkeys(remedies))


def _row(item: Waiting, language: str) -> dict[str, object]:
    cause, remedy = _sentences(item, language)
    return {
        "id": item.id,
        "kind": item.kind,
        "unit": item.unit.id,
        "document": item.page.document,
        "page": item.page.page,
        "field": item.field,
        "value": str(item.page.state),
        "confidence": item.page.confidence,
        "reason": cause,
        "remedy": remedy,
        "codes": list(item.codes),
        "station": printable(item.unit.station),
        "binder": printable(item.unit.name),
        "cota": item.unit.identity.cota,
        "leaf": item.page.leaf or "",
        "note": item.note,
    }


def _groups(items: Sequence[Waiting], language: str) -> Iterator[str]:
    """Station, binder, then a line a leaf with a box to tick."""
    for station, of_station in groupby(items, key=lambda item: item.unit.station):
        yield say("receipt_station", language, station=printable(station))
        for unit, of_unit in groupby(of_station, key=lambda item: item.unit.id):
            some = tuple(of_unit)
            name, cota = printable(some[0].unit.name), some[0].unit.identity.cota
            yield say("review_unit", language, binder=name, cota=cota, unit=unit).rstrip()
            for item in some:
                cause, remedy = _sentences(item, language)
                leaf = item.page.leaf or "–"
                yield say("review_page", language, leaf=leaf, page=item.page.page, id=item.id)
                yield say("review_why", language, cause=cause, remedy=remedy)


def _answer(queue: _Queue, settings: Settings, more: Sequence[str] = ()) -> Answer:
    language = settings.interface_language
    waiting = [_row(item, language) for item in queue.items]
    counts = counts_of(queue.items)
    again = plural("page", counts[RESCAN], language)
    checks = plural("page", counts["waiting"] - counts[RESCAN], language)
    lines = (*_groups(queue.items, language), *more, say("review_sum", language, pages=again))
    if counts["waiting"] > counts[RESCAN]:
        lines = (*lines, say("review_checks", language, pages=checks))
    payload = {"waiting": waiting, RESCAN: counts[RESCAN], "damaged": list(queue.damaged)}
    return Answer(payload, lines)


def waiting_list(settings: Settings) -> Answer:
    """All that waits for a person, by station, binder and leaf."""
    need_archive(settings)
    return _answer(_queue(settings), settings)


def _cell(value: object) -> str:
    """A cell that no spreadsheet takes for a formula."""
    text = " ".join(value) if isinstance(value, list) else "" if value is None else str(value)
    return f"'{text}" if text.startswith(_FORMULA) else text


def _csv(rows: Sequence[dict[str, object]], language: str) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(say(f"rescan_{name}", language) for name in _COLUMNS)
    writer.writerows([_cell(row[name]) for name in _COLUMNS] for row in rows)
    return text.getvalue().encode("utf-8", "replace")


def rescan_list(settings: Settings, station: str | None, out: Path | None) -> Answer:
    """The pages to scan again, for a person at the scanner; into a CSV file where `out` names one."""
    need_archive(settings)
    queue = _queue(settings, station)
    pages = replace(queue, items=tuple(item for item in queue.items if item.kind == RESCAN))
    answer = _answer(pages, settings)
    if out is None:
        return answer
    if out.exists():
        raise InputError("output-exists", str(out))
    language = settings.interface_language
    write_bytes_durably(out, _csv([_row(item, language) for item in pages.items], language))
    told = say("rescan_written", language, file=out)
    return Answer({**answer.payload, "file": str(out)}, (*answer.lines, told))


def _decided(
    settings: Settings, unit: str, ident: str, decision: str, by: str, note: str
) -> Answer:
    """A decision in the unit's events, the ledger's count after it."""
    layout = settings.layout.unit(unit)
    with open_ledger(settings, create=False) as ledger:
        ledger.unit(unit)
        decide(layout, ident, decision, by, note)
        tell_waiting(layout, ledger)
    line = say(f"review_{decision}", settings.interface_language, id=ident)
    return Answer({"id": ident, "decision": decision, "by": by}, (line,))


def accept(settings: Settings, ident: str, by: str | None, note: str) -> Answer:
    """A page is as good as it gets: it no longer waits."""
    return _decided(settings, unit_of(ident), ident, ACCEPTED, person(by), note)


def undo(settings: Settings, ident: str, by: str | None) -> Answer:
    """The last decision on an item, or a change of units, is taken back; that is an event too."""
    if is_change(ident, settings.layout):
        return rearranging.undo(settings, ident, by)
    return _decided(settings, unit_of(ident), ident, UNDONE, person(by), "")


def mark(settings: Settings, unit: str, page: int, by: str | None, note: str) -> Answer:
    """A person wants a page scanned again."""
    with open_ledger(settings, create=False) as ledger:
        ledger.unit(unit)
    record = units.read_record(settings.layout.unit(unit))
    ident = item_id(unit, page_numbered(record, page))
    return _decided(settings, unit, ident, MARKED, person(by), note)


def _rearranged(done: Rearranged, settings: Settings) -> Answer:
    """Exit code 3 where the unit does not add up or a new page cannot be read."""
    language = settings.interface_language
    problems = done.result.problems if done.result else ()
    states = [str(done.unit.pages[page - 1].state) for page in done.pages]
    payload = {
        "outcome": done.outcome,
        "unit": done.unit.id,
        "pages": [
            {"page": page, "state": state, "id": item_id(done.unit.id, done.unit.pages[page - 1])}
            for page, state in zip(done.pages, states, strict=True)
        ],
        "scanned": done.unit.scanned,
        "indexed": done.result.indexed if done.result else None,
        "problems": [problem.code for problem in problems],
    }
    counted = plural("page", len(done.pages), language)
    line = say(f"rescan_{done.outcome}", language, unit=done.unit.id, pages=counted)
    bad = bool(problems) or "failed" in states
    return Answer(payload, (line,), _REST if bad else 0)


def replace_one(settings: Settings, unit: str, page: int, file: Path, by: str | None) -> Answer:
    """A page of a unit shows another scan from now on."""
    need_archive(settings)
    with open_run(settings, Silent()) as run:
        return _rearranged(replace_page(unit, page, file, person(by), run), settings)


def insert(
    settings: Settings, unit: str, after: int, files: Sequence[Path], by: str | None
) -> Answer:
    """Leaves found later stand behind a page of a unit from now on."""
    need_archive(settings)
    with open_run(settings, Silent()) as run:
        return _rearranged(insert_pages(unit, after, files, person(by), run), settings)

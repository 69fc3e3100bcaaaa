"""`opis review rescan|rescan-mark|replace|insert`: pages to scan again, and their new scans."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from flows.answers import Answer
from flows.archive import need_archive
from flows.auditing import noted
from flows.changes.rescanning import Rearranged, insert_pages, replace_page
from flows.commands.person import person
from flows.commands.reviewing.review_rows import by_station, row
from flows.progress import Silent
from flows.publication.forgetting import forgetting_run
from flows.stages.publishing import tell_waiting
from pipeline import units
from pipeline.ledger import open_ledger
from pipeline.reviewing.review import (
    MARKED,
    RESCAN,
    REVIEW,
    Waiting,
    decide,
    item_id,
    page_numbered,
    page_of,
    waiting_in,
)
from scanners.names import natural_key
from schemas.durable import write_bytes_durably
from schemas.errors import InputError
from schemas.messages import plural, say
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


def _rescans(settings: Settings, station: str | None) -> _Queue:
    """The pages to scan again, by station, binder and leaf."""
    items: list[Waiting] = []
    damaged: list[str] = []
    with open_ledger(settings, create=False) as ledger:
        known = ledger.results(REVIEW)
        claimed = [one for one in ledger.units() if known.get(one.id, {RESCAN: 1}).get(RESCAN)]
    for one in claimed:
        layout = settings.layout.unit(one.id)
        if not layout.record.exists() or station not in {None, one.station}:
            continue
        try:
            items += (item for item in waiting_in(layout) if item.kind == RESCAN)
        except InputError:
            damaged.append(one.id)
    return _Queue(tuple(sorted(items, key=_place)), tuple(damaged))


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
    queue, language = _rescans(settings, station), settings.interface_language
    rows = [row(item, language) for item in queue.items]
    pages = plural("page", len(rows), language)
    payload = {"waiting": rows, RESCAN: len(rows), "damaged": list(queue.damaged)}
    lines = (*by_station(queue.items, language), say("review_sum", language, pages=pages))
    if out is None:
        return Answer(payload, lines)
    if out.exists():
        raise InputError("output-exists", str(out))
    write_bytes_durably(out, _csv(rows, language))
    told = say("rescan_written", language, file=out)
    return Answer({**payload, "file": str(out)}, (*lines, told))


def decided(settings: Settings, unit: str, ident: str, decision: str, by: str, note: str) -> Answer:
    """A decision about a page in the unit's events, the ledger's count after it."""
    layout = settings.layout.unit(unit)
    with open_ledger(settings, create=False) as ledger:
        ledger.unit(unit)
        page_of(units.read_record(layout), ident)
        noted(ledger, settings, by, "correct", ident)
        decide(layout, ident, decision, by, note)
        tell_waiting(layout, ledger, settings.review_confidence)
    line = say(f"review_{decision}", settings.interface_language, id=ident)
    return Answer({"id": ident, "decision": decision, "by": by}, (line,))


def mark(settings: Settings, unit: str, page: int, by: str | None, note: str) -> Answer:
    """A person wants a page scanned again."""
    with open_ledger(settings, create=False) as ledger:
        ledger.unit(unit)
    record = units.read_record(settings.layout.unit(unit))
    ident = item_id(unit, page_numbered(record, page))
    return decided(settings, unit, ident, MARKED, person(by), note)


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
    with forgetting_run(settings, Silent()) as run:
        done = replace_page(unit, page, file, person(by), run)
    return _rearranged(done, settings)


def insert(
    settings: Settings, unit: str, after: int, files: Sequence[Path], by: str | None
) -> Answer:
    """Leaves found later stand behind a page of a unit from now on."""
    need_archive(settings)
    with forgetting_run(settings, Silent()) as run:
        done = insert_pages(unit, after, files, person(by), run)
    return _rearranged(done, settings)

"""`opis status`: where everything is, from the ledger and the stations' folders."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from flows.answers import Answer, printable
from flows.sheets.inventory import inventory, inventory_lines, inventory_payload
from flows.stages.searchable import searchable_payload
from flows.watching.station_health import (
    DISK_LOW,
    StationHealth,
    Warned,
    all_stations,
    has_room,
    index_warnings,
)
from pipeline import units
from pipeline.ledger import Ledger, UnitRow, open_ledger
from pipeline.privacy.access.states import PUBLICATION
from pipeline.reviewing.review import RESCAN, REVIEW
from schemas.messages import label, number, plural, reason, reason_of, say
from schemas.records import PageCounts, UnitState
from schemas.settings import Settings
from schemas.sources import Quarantined

_COPIES = ("waiting_release", "proposed", "published", "refused", "withdrawn")
"""What is counted of public copies: documents by what was last said of them."""


def _aside(entries: tuple[Quarantined, ...], language: str) -> list[dict[str, str]]:
    told = ((entry, reason(entry.code, language, f=entry.file)) for entry in entries)
    return [
        {
            "id": entry.id,
            "file": printable(entry.file),
            "code": entry.code,
            "reason": entry.reason or why.cause,
            "remedy": entry.remedy or why.remedy,
            "station": entry.station,
        }
        for entry, why in told
    ]


def status(settings: Settings, unit: str | None) -> Answer:
    """The whole archive, or one unit; raises InputError where there is no archive or unit."""
    if unit is not None:
        return _unit_status(settings, unit)
    language = settings.interface_language
    with open_ledger(settings, create=False) as ledger:
        counts = ledger.counts()
        aside = ledger.quarantined()
        open_units = tuple(row for row in ledger.units() if row.state != UnitState.PUBLISHED)
        waiting = _waiting(ledger)
        copies = _summed(ledger, PUBLICATION)
        stations = all_stations(settings, ledger.units(), aside)
        listed = inventory(settings, ledger)
        searchable = searchable_payload(ledger)
    warnings = _warnings(settings, stations)
    published = counts.units.get(UnitState.PUBLISHED, 0)
    total = sum(counts.units.values())
    unreconciled = any(row.state == UnitState.UNRECONCILED for row in open_units)
    reconciled = not unreconciled and not _unread(counts.pages)
    payload = {
        "units": total,
        "published": published,
        "working": counts.units.get(UnitState.WORKING, 0),
        "unreconciled": [row.id for row in open_units if row.state == UnitState.UNRECONCILED],
        "pages": asdict(counts.pages),
        "quarantined": _aside(aside, language),
        "waiting_review": waiting["waiting"],
        "rescan": waiting[RESCAN],
        "publication": {name: copies[name] for name in _COPIES},
        "reconciled": reconciled,
        "stations": [_station(one) for one in stations],
        "warnings": [_warning(warned, language) for warned in warnings],
        "inventory": inventory_payload(listed),
        "searchable": searchable,
    }
    lines = (
        say(
            "status_units",
            language,
            all=plural("unit", total, language),
            published=published,
            working=total - published,
            aside=len(aside),
        ),
        _pages_line(counts.pages, language, reconciled=reconciled),
        *_rescan_lines(waiting[RESCAN], language),
        *_review_lines(waiting["waiting"], language),
        *_release_lines(copies["waiting_release"], language),
        *_searchable_lines(searchable, language),
        *(_open_line(row, language) for row in open_units),
        *(
            say("aside_file", language, file=q["file"], code=q["code"])
            for q in payload_list(payload)
        ),
        *(_station_line(one, language) for one in stations),
        *_warning_lines(warnings, language),
        *inventory_lines(listed, language),
    )
    return Answer(payload, lines)


def _warnings(settings: Settings, stations: Sequence[StationHealth]) -> tuple[Warned, ...]:
    """What people should know of: the archive's disk, the index, then each station."""
    full = () if has_room(settings) else (Warned("", DISK_LOW),)
    index = index_warnings(settings)
    return (*full, *index, *(warned for one in stations for warned in one.warnings))


def _station(one: StationHealth) -> dict[str, object]:
    waiting = one.oldest_seconds if one.oldest_seconds >= 0 else None
    return {
        "station": one.name,
        "last_drop": one.last_drop or None,
        "oldest_unclaimed": one.oldest or None,
        "oldest_unclaimed_seconds": waiting,
        "refused_today": one.refused_today,
        "pages_an_hour": one.pages_an_hour,
        "warnings": [warned.code for warned in one.warnings],
    }


def _warning(warned: Warned, language: str) -> dict[str, str]:
    told = warned.told(language)
    names = {"station": warned.station, "code": warned.code}
    return {**names, "reason": told.cause, "remedy": told.remedy}


def _station_line(one: StationHealth, language: str) -> str:
    never = say("status_never", language)
    last = (
        datetime.fromisoformat(one.last_drop).strftime("%d.%m.%Y, %H:%M") if one.last_drop else ""
    )
    waited = say("status_minutes", language, n=int(one.oldest_seconds // 60))
    return say(
        "status_station",
        language,
        station=one.name,
        last=last or never,
        oldest=waited if one.oldest_seconds >= 0 else never,
        refused=one.refused_today,
        rate=number(one.pages_an_hour),
    )


def _warning_lines(warnings: Sequence[Warned], language: str) -> Iterator[str]:
    for warned in warnings:
        told = warned.told(language)
        yield say("status_warning", language, warning=f"{told.cause} {told.remedy}")


def _waiting(ledger: Ledger) -> Counter[str]:
    """What waits for people in all units, as their last work or decision left it."""
    return _summed(ledger, REVIEW)


def _summed(ledger: Ledger, stage: str) -> Counter[str]:
    """The counts that a stage gave, of all units together."""
    return sum((Counter(counts) for counts in ledger.results(stage).values()), Counter())


def _release_lines(documents: int, language: str) -> tuple[str, ...]:
    counted = plural("document", documents, language)
    return (say("status_release", language, documents=counted),) if documents else ()


def _rescan_lines(pages: int, language: str) -> tuple[str, ...]:
    counted = plural("page", pages, language)
    return (say("status_rescan", language, pages=counted),) if pages else ()


def _searchable_lines(told: Mapping[str, Any], language: str) -> tuple[str, ...]:
    """How long the last units took from reading, and from taking in, to the search."""
    if not told["units"]:
        return ()
    read, claimed = told["after_reading_seconds"], told["after_claim_seconds"]
    seconds = {
        "median": number(round(read["median"], 1)),
        "late": number(round(read["p95"], 1)),
        "claimed": number(round(claimed["median"])),
    }
    return (say("status_searchable", language, n=told["units"], **seconds),)


def payload_list(payload: dict[str, object]) -> list[dict[str, str]]:
    """The quarantined entries of a status payload."""
    entries = payload["quarantined"]
    return entries if isinstance(entries, list) else []


def _review_lines(items: int, language: str) -> tuple[str, ...]:
    counted = plural("item", items, language)
    return (say("status_review", language, items=counted),) if items else ()


def _open_line(row: UnitRow, language: str) -> str:
    state = label("unit_state", row.state, language)
    return say("status_open", language, unit=row.id, name=printable(row.name), state=state)


def _unread(counts: PageCounts) -> int:
    """Pages taken in and not yet in any state."""
    return counts.scanned - counts.recognised - counts.blank - counts.separator - counts.failed


def _pages_line(counts: PageCounts, language: str, *, reconciled: bool) -> str:
    unread = _unread(counts)
    verdict = (
        say("status_unread", language, n=number(unread))
        if unread
        else say("reconciles" if reconciled else "not_reconciles", language)
    )
    sums = say("batch_pages", language, **{k: number(v) for k, v in asdict(counts).items()})
    return f"{sums}  {verdict}"


def _unit_status(settings: Settings, ident: str) -> Answer:
    language = settings.interface_language
    with open_ledger(settings, create=False) as ledger:
        row = ledger.unit(ident)
        counts = ledger.unit_counts(ident)
    layout = settings.layout.unit(ident)
    documents = units.read_record(layout).documents if layout.record.exists() else ()
    findings = units.read_findings(layout)
    payload = {
        "unit": row.id,
        "name": printable(row.name),
        "station": row.station,
        "state": row.state,
        "documents": len(documents),
        "pages": asdict(counts),
        "findings": [{"code": f.code, "page": f.page, "detail": f.detail} for f in findings],
        "reconciled": row.state == UnitState.PUBLISHED,
    }
    lines = (
        _open_line(row, language),
        _pages_line(counts, language, reconciled=row.state == UnitState.PUBLISHED),
        *(f"  {reason_of(finding, language).cause}" for finding in findings),
    )
    return Answer(payload, lines)

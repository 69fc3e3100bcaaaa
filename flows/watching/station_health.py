"""How each station does: last drop, oldest not taken, refused today, pages an hour, warnings.

Times here are those of the wall clock, for people; nothing is decided by them but what is told.
"""

import re
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from heapq import nlargest
from pathlib import Path

from flows.answers import printable
from pipeline.ledger import UnitRow
from scanners.delivery.drops import drop_names
from scanners.delivery.receipts import Receipt, read_receipt, receipt_at
from scanners.delivery.stations import station_layouts, station_rules, unwritable
from schemas.errors import UsageError
from schemas.layout import StationLayout
from schemas.messages import Reason, reason
from schemas.settings import Settings
from schemas.sources import Quarantined
from search.health import index_trouble

_HOURS = re.compile(r"([1-7])-([1-7]) ([0-2]\d):([0-5]\d)-([0-2]\d):([0-5]\d)")
_NEWEST = 20
_MIB = 1 << 20
DISK_LOW = "disk-low"
_MINUTE, _HOUR = 60.0, timedelta(hours=1)
_DAY = 24 * 60


@dataclass(frozen=True, slots=True)
class Warned:
    """A condition of a station that people should know of; the station is empty for the archive."""

    station: str
    code: str
    detail: dict[str, str] = field(default_factory=dict)

    @property
    def key(self) -> str:
        return f"{self.station}.{self.code}"

    def told(self, language: str) -> Reason:
        return reason(self.code, language, **self.detail)


@dataclass(frozen=True, slots=True)
class StationHealth:
    """One station: times are ISO 8601 or empty, `oldest_seconds` −1 where nothing waits."""

    name: str
    last_drop: str = ""
    oldest: str = ""
    oldest_seconds: float = -1
    refused_today: int = 0
    pages_an_hour: int = 0
    warnings: tuple[Warned, ...] = ()


def _moment(iso: str) -> datetime | None:
    try:
        return datetime.fromisoformat(iso).astimezone()
    except ValueError:
        return None


def _modified(path: Path) -> float:
    try:
        return path.lstat().st_mtime
    except OSError:
        return 0.0


def _last_drop(station: StationLayout) -> str:
    """When the newest of the receipts' drops was received."""
    newest = nlargest(_NEWEST, station.receipts.glob("*.json"), key=_modified)
    receipts = (receipt_at(path) for path in newest)
    times = [r.received for r in receipts if r and _moment(r.received)]
    return max(times, key=lambda iso: _moment(iso) or datetime.min.replace(tzinfo=UTC), default="")


def _since(station: StationLayout, name: str) -> datetime:
    """Since when a drop has been in the inbox: by its receipt, else by its folder entry."""
    told: Receipt | None = read_receipt(station, name)
    seen = _moment(told.received) if told and told.state == "waiting" else None
    if seen:
        return seen
    changed = (station.inbox / name).lstat().st_ctime
    return datetime.fromtimestamp(changed, UTC).astimezone()


def _waiting(station: StationLayout) -> Iterator[tuple[datetime, str]]:
    try:
        names = drop_names(station.inbox)
    except OSError:
        return
    for name in names:
        try:
            yield _since(station, name), name
        except OSError:
            continue


def working_minutes(told: str, now: datetime) -> float:
    """Minutes since the working hours began; −1 outside them or where none are set.

    Hours that end before they begin go on past midnight, and belong to the day of their beginning.
    Raises UsageError setting-invalid for what is not as „1-5 08:00-16:00”.
    """
    if not told.strip():
        return -1
    found = _HOURS.fullmatch(told.strip())
    if not found:
        raise UsageError("setting-invalid", "working_hours", value=told)
    first, last, *clock = map(int, found.groups())
    minute = now.hour * 60 + now.minute
    start, end = clock[0] * 60 + clock[1], clock[2] * 60 + clock[3]
    today, length = now.isoweekday(), end - start if end >= start else end - start + _DAY
    began = ((today, minute - start), (today - 1 or 7, minute - start + _DAY))
    inside = (since for day, since in began if _is_day(first, day, last) and 0 <= since < length)
    return next(inside, -1)


def _is_day(first: int, day: int, last: int) -> bool:
    return first <= day <= last if first <= last else day >= first or day <= last


def _minutes(since: datetime, now: datetime) -> float:
    return (now - since).total_seconds() / _MINUTE


def _warnings(
    station: StationLayout, settings: Settings, last: str, oldest: tuple[datetime, str] | None
) -> Iterator[Warned]:
    now = datetime.now().astimezone()
    name, problem = station.name, station_rules(station, settings).problem
    closed = unwritable(station)
    if closed:
        yield Warned(name, "station-read-only", {"f": name, "why": closed})
    if problem:
        yield Warned(name, "station-settings", {"f": name, "why": printable(problem)})
    waited = _minutes(oldest[0], now) if oldest else 0
    if oldest and settings.unclaimed_minutes and waited >= settings.unclaimed_minutes:
        drop = printable(oldest[1])
        yield Warned(name, "drop-late", {"f": name, "n": str(int(waited)), "drop": drop})
    heard, silent = _moment(last), settings.silent_minutes
    at_work = working_minutes(settings.working_hours, now)
    if heard and silent and at_work >= silent and _minutes(heard, now) >= silent:
        quiet = str(int(_minutes(heard, now)))
        yield Warned(name, "station-silent", {"f": name, "n": quiet})


def station_health(
    station: StationLayout,
    settings: Settings,
    rows: Sequence[UnitRow] = (),
    aside: Sequence[Quarantined] = (),
) -> StationHealth:
    """One station as it is now; `rows` and `aside` are the ledger's units and quarantine."""
    now = datetime.now().astimezone()
    oldest = min(_waiting(station), default=None)
    last = _last_drop(station)
    refused = [_moment(q.received) for q in aside if q.station == station.name]
    recent = [(_moment(r.created), r.scanned) for r in rows if r.station == station.name]
    return StationHealth(
        name=station.name,
        last_drop=last,
        oldest=printable(oldest[1]) if oldest else "",
        oldest_seconds=round((now - oldest[0]).total_seconds(), 1) if oldest else -1,
        refused_today=sum(when is not None and when.date() == now.date() for when in refused),
        pages_an_hour=sum(pages for when, pages in recent if when and abs(now - when) <= _HOUR),
        warnings=tuple(_warnings(station, settings, last, oldest)),
    )


def all_stations(
    settings: Settings, rows: Sequence[UnitRow] = (), aside: Sequence[Quarantined] = ()
) -> tuple[StationHealth, ...]:
    """Every station in order of names."""
    stations = station_layouts(settings)
    return tuple(station_health(station, settings, rows, aside) for station in stations)


def index_warnings(settings: Settings) -> tuple[Warned, ...]:
    """Why nothing can be written to the index, or soon cannot; asks a server for some seconds."""
    trouble = index_trouble(settings)
    return (Warned("", trouble.code, {"f": trouble.file, **trouble.detail}),) if trouble else ()


def has_room(settings: Settings, more: int = 0) -> bool:
    """Whether the archive's disk keeps what has to stay free when so many bytes come."""
    try:
        disk = shutil.disk_usage(settings.archive)
    except OSError:
        return True
    least = max(settings.free_mb * _MIB, int(settings.free_share * disk.total))
    return disk.free - more >= least

"""Looking at the stations: what is ready, what waits and why, and who holds which claim.

One thread works, another looks meanwhile, so that a station gets its receipts while a long binder
is read. Nothing here takes a drop; a receipt is written only while nobody else has the drop's name.
"""

import os
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from threading import RLock

from flows.watching.station_health import DISK_LOW, has_room
from flows.watching.telling import Watch, complain
from scanners.delivery.claims import Claim, alone_with, claims, sweep, time_now
from scanners.delivery.drops import (
    Drop,
    DropMemory,
    drop_bytes,
    is_expected,
    observe,
    ready_drops,
    with_proved,
)
from scanners.delivery.holders import HolderMemory, beat, is_dead, observe_holders
from scanners.delivery.receipts import (
    Receipt,
    read_receipt,
    receipt_name,
    receipt_number,
    remove_receipt,
    replace_receipt,
)
from scanners.delivery.stations import (
    StationRules,
    prepare_station,
    station_layouts,
    station_rules,
    unwritable,
)
from scanners.names import shown
from schemas.durable import remove_leftovers
from schemas.layout import StationLayout
from schemas.messages import plural, reason

_QUEUE_SECONDS = 10.0
_TELLING_SECONDS = 2.0
"""Longest time for receipts at one look: what is left is told at the next."""
_IDLE_SECONDS = 3600.0
QUEUED, READ_ONLY = "queued", "station-read-only"


@dataclass(frozen=True, slots=True)
class Seen:
    """One station at one look; `problem` tells why it cannot be used."""

    station: StationLayout
    rules: StationRules
    drops: tuple[Drop, ...] = ()
    claims: tuple[Claim, ...] = ()
    problem: str = ""


def is_recent(received: str, minutes: float) -> bool:
    """Whether a time (ISO 8601) is no longer ago; one that cannot be read is not."""
    try:
        then = datetime.fromisoformat(received)
    except ValueError:
        return False
    then = then if then.tzinfo else then.astimezone()
    return abs(datetime.now(UTC) - then) <= timedelta(minutes=minutes)


def _delivered(station: StationLayout, drop: str) -> Mapping[str, str]:
    """What the last drop of this name brought into the archive."""
    told = read_receipt(station, drop)
    return {file.name: file.sha256 for file in told.files} if told else {}


class Eyes:
    """What was seen of the stations so far, by this watcher."""

    def __init__(self, watching: Watch) -> None:
        self._watching = watching
        self._lock = RLock()
        self._memories: dict[str, DropMemory] = {}
        self._holders: HolderMemory = {}
        self._told: dict[tuple[str, str], tuple[str, ...]] = {}
        self._there: set[tuple[str, str]] = set()
        self._received: dict[tuple[str, str], str] = {}
        self._ready: dict[tuple[str, str], float] = {}
        self._problems: dict[str, str] = {}

    def look(self, *, busy: bool = False) -> tuple[Seen, ...]:
        """Every station as it is now; while `busy` what is ready is told that it has to wait."""
        settings = self._watching.settings
        with self._lock:
            self._beat()
            seen = tuple(self._look_at(found) for found in station_layouts(settings))
            held = {c.holder for one in seen for c in one.claims} - {"", self._watching.holder}
            folder = settings.stations_folder
            self._holders = observe_holders(folder, held, time.monotonic(), self._holders)
            for one in seen:
                if not one.problem:
                    self._tell_waiting(one, busy=busy)
        return seen

    def is_dead(self, holder: str) -> bool:
        """Whether the holder of a claim is gone, as far as was seen."""
        seconds = self._watching.settings.holder_seconds
        with self._lock:
            return is_dead(holder, time.monotonic(), self._holders, seconds)

    def received(self, station: StationLayout, drop: str) -> str:
        """When a drop was first seen (ISO 8601)."""
        with self._lock:
            return self._received.get((station.name, drop), "") or time_now()

    def trouble(self, station: StationLayout, error: OSError) -> None:
        """A station's folder cannot be used: told once, until it can."""
        why = error.strerror or type(error).__name__
        if self._problems.get(station.name) != why:
            self._problems[station.name] = why
            told = reason(READ_ONLY, self._watching.language, f=station.name, why=why)
            complain(f"{told.cause} {told.remedy}")

    def _beat(self) -> None:
        try:
            beat(self._watching.settings.stations_folder, self._watching.holder)
        except OSError as error:
            self.trouble(StationLayout(self._watching.settings.stations_folder), error)

    def _look_at(self, found: StationLayout) -> Seen:
        settings, name, now = self._watching.settings, found.name, time.monotonic()
        rules = station_rules(found, settings)
        try:
            station = prepare_station(settings, name)
            if name not in self._memories:  # what a killed run left: once, at the first look
                remove_leftovers(station.receipts, _IDLE_SECONDS)
            sweep(station, self.is_dead)
            memory = observe(station, now, self._memories.get(name, DropMemory()))
            earlier, delivered = partial(self._earlier, station), partial(_delivered, station)
            drops = ready_drops(station, rules, now, memory, earlier, delivered)
            self._memories[name] = with_proved(memory, drops)
            problem = READ_ONLY if unwritable(station) else ""
            return Seen(station, rules, self._with_room(drops), claims(station), problem)
        except OSError as error:
            self.trouble(found, error)
            return Seen(found, rules, problem=READ_ONLY)

    def _earlier(self, station: StationLayout, drop: str) -> Mapping[str, str]:
        """What an unconfirmed delivery brought under this name, while late pages may still come."""
        told = read_receipt(station, drop)
        minutes = self._watching.settings.late_minutes
        if told is None or told.confirmed or not is_recent(told.received, minutes):
            return {}
        return {file.name: file.sha256 for file in told.files}

    def _with_room(self, drops: tuple[Drop, ...]) -> tuple[Drop, ...]:
        """What is ready waits while the archive's disk has no room for it."""
        settings = self._watching.settings
        return tuple(
            replace(drop, state="waiting", code=DISK_LOW)
            if drop.state == "ready" and not has_room(settings, drop_bytes(drop.path))
            else drop
            for drop in drops
        )

    def _tell_waiting(self, seen: Seen, *, busy: bool) -> None:
        """A receipt and an event each time the reason to wait changes."""
        station = seen.station
        names = {drop.name for drop in seen.drops}
        for key in [k for k in self._received if k[0] == station.name and k[1] not in names]:
            del self._received[key]
            self._ready.pop(key, None)
            if self._told.pop(key, None):
                self._tell_withdrawn(station, key[1], came=key in self._there)
            self._there.discard(key)
        until = time.monotonic() + _TELLING_SECONDS
        for drop in seen.drops:
            key = (station.name, drop.name)
            self._received.setdefault(key, time_now())
            if os.path.lexists(drop.path):
                self._there.add(key)
            code = drop.code or (QUEUED if busy and self._has_queued(key) else "")
            if not code or self._told.get(key) == (code, *drop.missing) or time.monotonic() > until:
                continue
            try:
                self._write_waiting(seen, drop, code)
            except OSError as error:
                self.trouble(station, error)

    def _tell_withdrawn(self, station: StationLayout, name: str, *, came: bool) -> None:
        """The receipt of a drop that its station took away before anybody had taken it.

        Of one that a manifest announced and that never came there is none any more.
        """
        language = self._watching.language
        try:
            newest = receipt_number(station, receipt_name(name))
            with alone_with(station, name, self._watching.holder) as alone:
                told = read_receipt(station, name) if alone else None
                if told is None or told.state != "waiting" or os.path.lexists(station.inbox / name):
                    return
                if not came:
                    remove_receipt(station, name, newest)
                    return
                why = reason("withdrawn", language, f=shown(name))
                gone = Receipt("refused", why.code, why.cause, why.remedy, received=told.received)
                if not replace_receipt(station, name, gone, language, after=newest):
                    return
        except OSError as error:
            self.trouble(station, error)
            return
        self._watching.event("refused", station, name)

    def _has_queued(self, key: tuple[str, str]) -> bool:
        """Whether a drop has been ready for a while."""
        now = time.monotonic()
        return now - self._ready.setdefault(key, now) >= _QUEUE_SECONDS

    def _write_waiting(self, seen: Seen, drop: Drop, code: str) -> None:
        station, language = seen.station, self._watching.language
        newest = receipt_number(station, receipt_name(drop.name))
        with alone_with(station, drop.name, self._watching.holder) as alone:
            if not (alone and is_expected(station, drop.name)):
                return
            window = plural("second", round(seen.rules.stability_seconds), language)
            missing = ", ".join(drop.missing)
            why = reason(code, language, n=len(drop.missing), list=missing, t=window)
            key = (station.name, drop.name)
            receipt = Receipt("waiting", code, why.cause, why.remedy, received=self._received[key])
            if not replace_receipt(station, drop.name, receipt, language, after=newest):
                return
            before, *_ = self._told.get(key, ("",))
            self._told[key] = (code, *drop.missing)
        if code not in {QUEUED, before}:
            self._watching.event("waiting", station, drop.name)

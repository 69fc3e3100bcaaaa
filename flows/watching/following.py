"""Receipts follow their units: what happens to a unit later is told beside the drop it came from."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from flows.watching.answering import as_it_is_now
from flows.watching.telling import Watch
from pipeline.ledger import Ledger, UnitRow, open_ledger
from pipeline.reviewing.review import REVIEW
from scanners.delivery.receipts import receipt_at, write_receipt
from scanners.delivery.stations import station_layouts
from schemas.durable import remove_leftovers
from schemas.errors import InputError
from schemas.layout import StationLayout

_LEFT_SECONDS = 3600.0
_Stamp = tuple[int, int, int]
_State = tuple[tuple[str, str, int], ...]


@dataclass(frozen=True, slots=True)
class _Told:
    """What a receipt said when its file was last read; no units where it is of no finished work."""

    stamp: _Stamp
    units: tuple[str, ...] = ()
    rescans: int = 0
    written: str = ""


@dataclass(frozen=True, slots=True)
class _Units:
    """All units at one moment: the ledger is asked once for all receipts."""

    rows: Mapping[str, UnitRow]
    rescans: Mapping[str, int]

    def state(self, idents: tuple[str, ...]) -> _State:
        """What a receipt of these units depends on; raises KeyError for one that is not there."""
        return tuple(
            (self.rows[one].updated, self.rows[one].state, self.rescans.get(one, 0))
            for one in idents
        )


def _units(ledger: Ledger) -> _Units:
    waiting = ledger.results(REVIEW).items()
    rescans = {unit: int(result.get("rescan", 0)) for unit, result in waiting}
    return _Units({row.id: row for row in ledger.units()}, rescans)


def _stamp(path: Path) -> _Stamp:
    facts = path.lstat()
    return facts.st_ino, facts.st_mtime_ns, facts.st_size


def _read(path: Path, stamp: _Stamp) -> _Told:
    receipt = receipt_at(path)
    if receipt is None or receipt.state not in {"taken", "done"} or not receipt.unit:
        return _Told(stamp)
    idents = tuple(receipt.unit.split(", "))
    return _Told(stamp, idents, len(receipt.rescan), receipt.updated)


def _is_behind(told: _Told, now: _State) -> bool:
    """Of a receipt that this watcher did not see before: other pages to scan again, or older."""
    if sum(rescans for _, _, rescans in now) != told.rescans:
        return True
    written = datetime.fromisoformat(told.written)
    return any(datetime.fromisoformat(updated) >= written for updated, _, _ in now)


class Follower:
    """Keeps the receipts of finished drops; files and units that did not change are not read again.

    What changed is seen by the ledger's words, whatever the clocks say.
    """

    def __init__(self, watching: Watch) -> None:
        self._watching = watching
        self._told: dict[Path, _Told] = {}
        self._states: dict[Path, _State] = {}

    def refresh(self) -> int:
        """Rewrites the receipts of drops whose units have changed since; returns how many.

        Halves of receipts that a killed watcher left an hour ago go. Raises OpisError of the
        ledger; OSError of a station's folder, once the other stations are done.
        """
        trouble: OSError | None = None
        rewritten = 0
        with open_ledger(self._watching.settings) as ledger:
            units = _units(ledger)
            for station in station_layouts(self._watching.settings):
                try:
                    rewritten += self._station(station, units, ledger)
                except OSError as error:
                    trouble = trouble or error
        if trouble is not None:
            raise trouble
        return rewritten

    def _station(self, station: StationLayout, units: _Units, ledger: Ledger) -> int:
        remove_leftovers(station.receipts, _LEFT_SECONDS)
        paths = sorted(station.receipts.glob("*.json"))
        return sum(self._follow(path, station, units, ledger) for path in paths)

    def _follow(self, path: Path, station: StationLayout, units: _Units, ledger: Ledger) -> bool:
        """Whether a receipt was written anew; one whose unit cannot be read stays as it is."""
        with suppress(FileNotFoundError, InputError, ValueError, KeyError):
            told = self._read_once(path)
            if not told.units:
                return False
            now = units.state(told.units)
            before = self._states.get(path)
            behind = _is_behind(told, now) if before is None else now != before
            done = behind and self._write(path, told, station, ledger)
            self._states[path] = now
            return done
        return False

    def _read_once(self, path: Path) -> _Told:
        stamp = _stamp(path)
        told = self._told.get(path)
        if told is None or told.stamp != stamp:
            told = self._told[path] = _read(path, stamp)
            self._states.pop(path, None)
        return told

    def _write(self, path: Path, told: _Told, station: StationLayout, ledger: Ledger) -> bool:
        receipt = receipt_at(path)
        if receipt is None:
            return False
        fresh = as_it_is_now(receipt, told.units, self._watching, ledger)
        write_receipt(station, receipt.drop, fresh, self._watching.language, name=path.stem)
        self._told[path] = _read(path, _stamp(path))
        return True

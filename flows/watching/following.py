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
from scanners.delivery.receipts import (
    Receipt,
    receipt_at,
    receipt_number,
    replace_receipt,
    show_receipt,
)
from scanners.delivery.stations import station_layouts
from scanners.delivery.versions import newest_numbers
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
    sequence: int = 0
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


def _shown(path: Path, newest: int) -> tuple[int, _Stamp, _Stamp]:
    """The newest version's number, and the stamps of the receipt and of its text."""
    return newest, _stamp(path), _stamp(path.with_suffix(".txt"))


def _read(path: Path, stamp: _Stamp) -> _Told:
    receipt = receipt_at(path)
    if receipt is None:
        return _Told(stamp)
    idents = _units_of(receipt)
    if not idents:
        return _Told(stamp, receipt.sequence)
    return _Told(stamp, receipt.sequence, idents, len(receipt.rescan), receipt.updated)


def _units_of(receipt: Receipt) -> tuple[str, ...]:
    """The units of a receipt of finished work; none of any other."""
    finished = receipt.state in {"taken", "done"} and receipt.unit
    return tuple(receipt.unit.split(", ")) if finished else ()


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
        self._shown: dict[Path, tuple[int, _Stamp, _Stamp]] = {}

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
        shown = self._show_newest(station)
        paths = sorted(station.receipts.glob("*.json"))
        return shown + sum(self._follow(path, station, units, ledger) for path in paths)

    def _show_newest(self, station: StationLayout) -> int:
        """Puts back what a writer that stood still, and then died, covered; how many receipts.

        What somebody deleted stays away.
        """
        paths = (
            (station.receipts / f"{n}.json", new) for n, new in newest_numbers(station).items()
        )
        behind = [(path, newest) for path, newest in paths if self._is_covered(path, newest)]
        for path, newest in behind:
            show_receipt(station, path.stem, self._watching.language)
            with suppress(FileNotFoundError):
                self._shown[path] = _shown(path, newest)
        return len(behind)

    def _is_covered(self, path: Path, newest: int) -> bool:
        """Whether a receipt is not its newest version, or its text alone was written anew."""
        try:
            told, now = self._read_once(path), _shown(path, newest)
        except FileNotFoundError:
            return False
        before = self._shown.get(path)
        self._shown[path] = now
        if before == now:
            return False
        return told.sequence < newest or (before is not None and before[:2] == now[:2])

    def _follow(self, path: Path, station: StationLayout, units: _Units, ledger: Ledger) -> bool:
        """Whether a receipt was written anew; one whose unit cannot be read stays as it is."""
        with suppress(FileNotFoundError, InputError, ValueError, KeyError):
            told = self._read_once(path)
            if not told.units:
                return False
            now = units.state(told.units)
            before = self._states.get(path)
            behind = _is_behind(told, now) if before is None else now != before
            if not behind:
                self._states[path] = now
            elif self._write(path, station, ledger):
                self._states[path] = now
                return True
        return False

    def _read_once(self, path: Path) -> _Told:
        stamp = _stamp(path)
        told = self._told.get(path)
        if told is None or told.stamp != stamp:
            told = self._told[path] = _read(path, stamp)
            self._states.pop(path, None)
        return told

    def _write(self, path: Path, station: StationLayout, ledger: Ledger) -> bool:
        """False where another has written meanwhile: what he says is looked at the next time."""
        newest = receipt_number(station, path.stem)
        receipt = receipt_at(path)
        if receipt is None or receipt.sequence != newest or not _units_of(receipt):
            return False
        fresh = as_it_is_now(receipt, _units_of(receipt), self._watching, ledger)
        language = self._watching.language
        if not replace_receipt(
            station, receipt.drop, fresh, language, after=newest, name=path.stem
        ):
            return False
        self._told[path] = _read(path, _stamp(path))
        return True

"""`opis watch`: drops at the stations are claimed, worked on and answered with receipts."""

import fcntl
import shutil
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from flows.answers import printable
from flows.archive import prepare_archive
from flows.commands.scan_batch import progress_for
from flows.run import Run, open_run
from flows.work import BatchOutcome, BatchWorker, put_aside_all, work_batch
from pipeline.review import waiting_in
from scanners.folders import MANIFESTS, SIDECARS
from scanners.intake import hash_file
from scanners.receipts import Receipt, ReceiptFile, Rescan, write_receipt
from scanners.sources import find_binders
from scanners.stations import (
    Drop,
    DropMemory,
    claim,
    claimed_drops,
    observe,
    prepare_station,
    ready_drops,
    station_layouts,
)
from schemas.durable import make_folder, sync_folder
from schemas.errors import InputError
from schemas.layout import ArchiveLayout, StationLayout
from schemas.messages import reason, say
from schemas.records import PageCounts, Unit
from schemas.settings import Settings
from schemas.sources import Quarantined, Refusal

_REST = 3
_LEAST_LOOKS = 4
_LOCK = ".lock"
_LEAVINGS = frozenset({*MANIFESTS, "thumbs.db", "desktop.ini", ".ds_store"})
Teller = Callable[[Mapping[str, object]], None]


@dataclass(frozen=True, slots=True)
class Watch:
    """What watching needs all along: settings, where to tell, and how a batch is worked on."""

    settings: Settings
    tell: Teller
    work: BatchWorker


def plain_teller(settings: Settings, quiet: bool) -> Teller:
    """Events as sentences on stdout, or silence."""

    def tell(event: Mapping[str, object]) -> None:
        if not quiet:
            print_line(say(f"watch_{event['event']}", settings.interface_language, **event))

    return tell


def print_line(line: str) -> None:
    """One line on stdout, at once."""
    print(line, flush=True)  # noqa: T201 watching tells as it goes, not at its end


def _event(event: str, station: StationLayout, file: str, unit: str | None) -> dict[str, object]:
    return {"event": event, "station": station.name, "file": printable(file), "unit": unit}


def watch(settings: Settings, *, once: bool, tell: Teller, work: BatchWorker = work_batch) -> int:
    """Watch every station, for ever or for one pass; returns the exit code.

    One pass waits for drops that are still changing, at most the stability window after its work.
    """
    prepare_archive(settings)
    with _alone(settings):
        return _watch(Watch(settings, tell, work), once=once)


@contextmanager
def _alone(settings: Settings) -> Iterator[None]:
    """Nobody else takes from the stations meanwhile; raises InputError station-busy."""
    make_folder(settings.stations_folder)
    with (settings.stations_folder / _LOCK).open("ab") as stream:
        try:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise InputError("station-busy", settings.stations_folder.name) from error
        yield


def _watch(watching: Watch, *, once: bool) -> int:
    settings = watching.settings
    memories: dict[str, DropMemory] = {}
    told: dict[tuple[str, str], str] = {}
    rest = _take_all(watching, _left_over(settings))
    patience = settings.stability_seconds + 2 * settings.rescan_seconds
    since, looks = time.monotonic(), 0
    while True:
        looked = tuple(_look(station, settings, memories) for station in _stations(settings))
        ready = [(s, d) for s, drops in looked for d in drops if d.state == "ready"]
        waiting = [(s, d) for s, drops in looked for d in drops if d.state == "waiting"]
        _tell_waiting(watching, waiting, told)
        if ready:
            rest |= _take_all(watching, tuple(_claimed(ready)))
            since, looks = time.monotonic(), 0
        looks += 1
        changing = any(drop.code == "still-changing" for _, drop in waiting)
        patient = looks < _LEAST_LOOKS or time.monotonic() < since + patience
        if once and not (changing and patient):
            return _REST if rest else 0
        time.sleep(settings.rescan_seconds)


def _stations(settings: Settings) -> tuple[StationLayout, ...]:
    return tuple(prepare_station(settings, s.name) for s in station_layouts(settings))


def _look(
    station: StationLayout, settings: Settings, memories: dict[str, DropMemory]
) -> tuple[StationLayout, tuple[Drop, ...]]:
    now = time.monotonic()
    seen = observe(station, now, memories.get(station.name, DropMemory()))
    memories[station.name] = seen
    return station, ready_drops(station, settings, now, seen)


def _tell_waiting(
    watching: Watch, waiting: list[tuple[StationLayout, Drop]], told: dict[tuple[str, str], str]
) -> None:
    """A receipt and an event each time the reason to wait changes."""
    language = watching.settings.interface_language
    for station, drop in waiting:
        key = (station.name, drop.name)
        if told.get(key) == drop.code:
            continue
        told[key] = drop.code
        why = reason(drop.code, language, n=len(drop.missing), list=", ".join(drop.missing))
        receipt = Receipt("waiting", drop.code, why.cause, why.remedy)
        write_receipt(station, drop.name, receipt, language)
        watching.tell(_event("waiting", station, drop.name, None))


@dataclass(frozen=True, slots=True)
class Taken:
    """A drop that is ours now: where it lies, and whether the station declared it complete."""

    station: StationLayout
    name: str
    path: Path
    confirmed: bool


def _left_over(settings: Settings) -> tuple[Taken, ...]:
    """What an earlier run claimed and did not finish."""
    return tuple(
        Taken(station, left.name, left.path, confirmed=False)
        for station in _stations(settings)
        for left in claimed_drops(station)
    )


def _claimed(ready: list[tuple[StationLayout, Drop]]) -> Iterator[Taken]:
    for station, drop in ready:
        path = claim(drop, station)
        if path is not None:
            yield Taken(station, drop.name, path, drop.confirmed)


def _take_all(watching: Watch, drops: tuple[Taken, ...]) -> bool:
    """Work on claimed drops one after the other; True where something was not taken or read."""
    if not drops:
        return False
    with open_run(watching.settings, progress_for(watching.settings, quiet=True)) as run:
        rest = tuple(_take(watching, drop, run) for drop in drops)
    return any(rest)


def _take(watching: Watch, drop: Taken, run: Run) -> bool:
    language = watching.settings.interface_language
    receipt = Receipt("taken", confirmed=drop.confirmed)
    write_receipt(drop.station, drop.name, receipt, language)
    watching.tell(_event("taken", drop.station, drop.name, None))
    own = replace(run, settings=replace(run.settings, station=drop.station.name))
    plan = find_binders((drop.path,), own.settings, names={drop.path: drop.name}, follow=False)
    outcome = watching.work(plan, own)
    ident = next((b.unit.id for b in outcome.binders if b.unit), None)
    final = _final_receipt(drop, outcome, run.settings.layout, language)
    write_receipt(drop.station, drop.name, final, language)
    _let_go(drop, outcome, own)
    watching.tell(_event(final.state, drop.station, drop.name, ident))
    return bool(_aside(outcome)) or bool(final.pages and final.pages.failed)


def _is_leaving(name: str) -> bool:
    return name.lower() in _LEAVINGS or name.lower().endswith(SIDECARS)


def _files(path: Path) -> Iterator[Path]:
    """The regular files of a drop that are more than its sidecars and leavings of systems."""
    every = path.rglob("*") if path.is_dir() and not path.is_symlink() else (path,)
    for file in every:
        if file.is_file() and not file.is_symlink() and not _is_leaving(file.name):
            yield file


def _unaccounted(drop: Taken, outcome: BatchOutcome) -> tuple[Path, ...]:
    """Files of a drop whose bytes are neither in a unit nor in quarantine."""
    originals = {o.sha256 for b in outcome.binders if b.unit for o in b.unit.originals}
    kept = originals | {entry.sha256 for entry in _aside(outcome) if entry.stored}
    return tuple(file for file in _files(drop.path) if hash_file(file) not in kept)


def _let_go(drop: Taken, outcome: BatchOutcome, run: Run) -> None:
    """What lay claimed is in the archive or in quarantine now, durable; what is not goes there."""
    rest, aside = _unaccounted(drop, outcome), _aside(outcome)
    if rest and aside:
        folder = drop.station.quarantine / aside[0].id
        drop.path.rename(folder / f"{drop.path.parent.name}-{drop.path.name}")
        sync_folder(folder)
    elif rest:
        put_aside_all([Refusal(file.name, "unsupported-type", {}, file) for file in rest], run)
    shutil.rmtree(drop.path.parent)
    sync_folder(drop.station.claimed)


def _aside(outcome: BatchOutcome) -> tuple[Quarantined, ...]:
    return (*outcome.quarantined, *(q for b in outcome.binders for q in b.quarantined))


def _final_receipt(
    drop: Taken, outcome: BatchOutcome, layout: ArchiveLayout, language: str
) -> Receipt:
    """Done where a unit came of it, refused where none did; with what to scan again."""
    aside = _aside(outcome)
    made = tuple(b.unit for b in outcome.binders if b.unit)
    files = tuple(
        ReceiptFile(o.delivered, o.bytes, o.sha256) for unit in made for o in unit.originals
    )
    counts = sum((b.counts for b in outcome.binders), PageCounts())
    first = aside[0] if aside else _known_before(outcome, language)
    return Receipt(
        state="done" if made else "refused",
        code=first.code if first else "",
        reason=first.reason if first else "",
        remedy=first.remedy if first else "",
        unit=", ".join(unit.id for unit in made),
        confirmed=drop.confirmed,
        files=files,
        pages=counts if made else None,
        rescan=tuple(r for unit in made for r in _rescans(unit, layout, language)),
    )


def _known_before(outcome: BatchOutcome, language: str) -> Quarantined | None:
    """The note that all of a drop was in the archive before."""
    known = tuple(b.unit for b in outcome.binders if b.unit)
    if not known or any(s.outcome != "same" for b in outcome.binders for s in b.sources):
        return None
    told = reason("duplicate", language, u=known[0].id, data=known[0].received[:10])
    return Quarantined("", "", told.code, told.cause, told.remedy, "", "")


def _rescans(unit: Unit, layout: ArchiveLayout, language: str) -> Iterator[Rescan]:
    for item in waiting_in(layout.unit(unit.id)):
        page, finding = item.page, next(iter(item.findings), None)
        leaf = page.leaf or str(page.page)
        detail = finding.detail if finding else {}
        why = reason(item.codes[0], language, n=page.page, f=leaf, **detail)
        side = leaf[-1] if leaf[-1] in "rv" else ""
        yield Rescan(leaf.rstrip("rv"), side, page.page, why.code, why.cause)

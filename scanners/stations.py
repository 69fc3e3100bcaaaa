"""The stations' folders: which drops are complete, and taking one by an atomic rename."""

import os
import re
import stat
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import islice
from pathlib import Path
from uuid import uuid4

from scanners.folders import SIDECARS, is_ignored
from scanners.intake import hash_file
from scanners.manifest import read_manifest
from scanners.names import natural_key
from scanners.receipts import Receipt, ReceiptFile, Rescan, write_receipt
from schemas.durable import make_folder, sync_folder
from schemas.errors import InputError, RefusedError
from schemas.layout import StationLayout
from schemas.settings import Settings
from schemas.sources import Manifest

__all__ = [
    "Claim",
    "Drop",
    "DropMemory",
    "Receipt",
    "ReceiptFile",
    "Rescan",
    "Sighting",
    "claim",
    "claimed_drops",
    "observe",
    "prepare_station",
    "ready_drops",
    "station_layouts",
    "write_receipt",
]

_STATION_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")
_SUFFIXES = frozenset({".pdf", ".tif", ".tiff", ".jpg", ".jpeg", ".png"})
_MOST_FILES = 100_000
_LOOKS = 2


@dataclass(frozen=True, slots=True)
class Sighting:
    """How a drop looked (`signature`), since when (seconds) it has, and in how many looks."""

    signature: str
    since: float
    looks: int = 1


@dataclass(frozen=True, slots=True)
class DropMemory:
    """What was seen of an inbox so far, by the drops' names."""

    drops: Mapping[str, Sighting] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Drop:
    """A file or folder in an inbox: state ready or waiting.

    While it waits, `code` is still-changing or manifest-waiting, `missing` what its manifest names
    and is not there. `confirmed` says that the station itself declared it complete.
    """

    name: str
    path: Path
    state: str
    code: str = ""
    missing: tuple[str, ...] = ()
    confirmed: bool = False


@dataclass(frozen=True, slots=True)
class Claim:
    """A drop taken earlier and not yet done with: its name and where it lies now."""

    name: str
    path: Path


def _bases(name: str) -> tuple[str, ...]:
    """The names under which a drop's sidecars may stand: with and without its suffix."""
    suffix = Path(name).suffix
    stem = name.removesuffix(suffix) if suffix.lower() in _SUFFIXES else name
    return tuple(dict.fromkeys((name, stem)))


def _names(inbox: Path) -> tuple[str, ...]:
    """The drops' names, in natural order."""
    if not inbox.is_dir():
        return ()
    with os.scandir(inbox) as found:
        names = [e.name for e in found if not is_ignored(e.name, e.is_file(follow_symlinks=False))]
    return tuple(sorted(names, key=natural_key))


def _below(path: Path, prefix: str = "") -> Iterator[tuple[str, os.stat_result]]:
    """Everything in a drop with its facts, nothing ignored, nothing followed."""
    facts = path.lstat()
    yield prefix, facts
    waiting = [(path, prefix)] if stat.S_ISDIR(facts.st_mode) else []
    while waiting:
        folder, above = waiting.pop()
        with os.scandir(folder) as found:
            for entry in found:
                name = f"{above}/{entry.name}" if above else entry.name
                yield name, entry.stat(follow_symlinks=False)
                if entry.is_dir(follow_symlinks=False):
                    waiting.append((Path(entry.path), name))


def _sidecars(inbox: Path, name: str) -> tuple[Path, ...]:
    candidates = (inbox / (base + suffix) for base in _bases(name) for suffix in SIDECARS)
    return tuple(c for c in candidates if c.is_file() and not c.is_symlink())


def _signature(inbox: Path, name: str) -> str:
    """A digest of names, sizes and times in a drop and beside it; empty while it cannot be read."""
    digest = sha256()
    try:
        seen = list(islice(_below(inbox / name), _MOST_FILES))
        seen += ((f"//{path.name}", path.lstat()) for path in _sidecars(inbox, name))
    except OSError:
        return ""
    for inner, facts in sorted(seen, key=lambda item: item[0]):
        row = (inner, facts.st_mode, facts.st_size, facts.st_mtime_ns, facts.st_ino)
        digest.update(repr(row).encode("utf-8", "surrogateescape"))
    return digest.hexdigest()


def _sighting(known: Sighting | None, signature: str, now: float) -> Sighting:
    if known is None or known.signature != signature or not signature:
        return Sighting(signature, now)
    return Sighting(signature, known.since, known.looks + 1)


def observe(station: StationLayout, now: float, seen: DropMemory) -> DropMemory:
    """One look at an inbox: what is remembered from now on. `now` in seconds of any steady clock."""
    inbox = station.inbox
    return DropMemory(
        {
            name: _sighting(seen.drops.get(name), _signature(inbox, name), now)
            for name in _names(inbox)
        }
    )


def _is_stable(sighting: Sighting | None, signature: str, now: float, seconds: float) -> bool:
    if sighting is None or not signature or sighting.signature != signature:
        return False
    return sighting.looks >= _LOOKS and now - sighting.since >= seconds


def _sizes(path: Path) -> dict[str, int]:
    """The regular files of a drop by their name relative to it (a single file: its own name)."""
    found = {
        name or path.name: facts.st_size
        for name, facts in _below(path)
        if stat.S_ISREG(facts.st_mode)
    }
    return dict(islice(found.items(), _MOST_FILES))


def _said(inbox: Path, name: str) -> Manifest | None:
    """The station's word on a drop. Raises RefusedError where it cannot be read."""
    beside = (inbox / f"{base}.batch.json" for base in _bases(name))
    candidates = (inbox / name / "batch.json", *beside)
    path = next((c for c in candidates if c.is_file() and not c.is_symlink()), None)
    return read_manifest(path) if path else None


def _same_bytes(path: Path, manifest: Manifest) -> bool:
    is_folder = path.is_dir()
    return all(
        digest is None or hash_file(path / name if is_folder else path) == digest
        for name, (_, digest) in manifest.files.items()
    )


def _agrees(path: Path, manifest: Manifest, sizes: Mapping[str, int]) -> bool:
    """Whether every file named is there as said; entries that say nothing of content do not count."""
    said = manifest.files
    if any(size is None and digest is None for size, digest in said.values()):
        return False
    if any(size not in {None, sizes[name]} for name, (size, _) in said.items()):
        return False
    return _same_bytes(path, manifest)


def _is_marked(inbox: Path, name: str) -> bool:
    bases = _bases(name)
    beside = (inbox / f"{base}.ok" for base in bases)
    inside = (inbox / name / f"{base}.ok" for base in bases)
    return any(path.is_file() for path in (*beside, *inside))


def _look(inbox: Path, name: str, stable: bool) -> Drop:
    path = inbox / name
    settled = Drop(name, path, "ready") if stable else Drop(name, path, "waiting", "still-changing")
    if path.is_symlink():
        return settled
    manifest = _said(inbox, name)
    if manifest is None:
        return Drop(name, path, "ready", confirmed=True) if _is_marked(inbox, name) else settled
    sizes = _sizes(path)
    missing = tuple(inner for inner in manifest.files if inner not in sizes)
    if missing:
        return Drop(name, path, "waiting", "manifest-waiting", missing)
    if _agrees(path, manifest, sizes) or _is_marked(inbox, name):
        return Drop(name, path, "ready", confirmed=True)
    return settled


def _drop(inbox: Path, name: str, stable: bool) -> Drop:
    """A drop's state; what cannot be read yet waits until it is stable."""
    try:
        return _look(inbox, name, stable)
    except (RefusedError, OSError):
        state, code = ("ready", "") if stable else ("waiting", "still-changing")
        return Drop(name, inbox / name, state, code)


def _announced(inbox: Path, drops: Sequence[str]) -> Iterator[Drop]:
    """Manifests beside nothing: a drop is expected."""
    present = {base for name in drops for base in _bases(name)}
    for path in sorted(inbox.glob("*.batch.json")):
        name = path.name.removesuffix(".batch.json")
        if name in present or name.startswith(".") or not path.is_file() or path.is_symlink():
            continue
        try:
            missing = tuple(read_manifest(path).files)
        except RefusedError:
            missing = (name,)
        yield Drop(name, inbox / name, "waiting", "manifest-waiting", missing)


def ready_drops(
    station: StationLayout, settings: Settings, now: float, seen: DropMemory
) -> tuple[Drop, ...]:
    """The drops of an inbox with their state; `seen` is what `observe` gave, this look included.

    A drop is ready when its manifest is there and true, when a NAME.ok stands beside or inside it,
    or when nothing in it changed for `stability_seconds` over at least two looks. A manifest that
    names missing files always waits; one that is stably untrue is ready, and is refused later.
    """
    inbox = station.inbox
    names = _names(inbox)
    drops = [
        _drop(
            inbox,
            name,
            _is_stable(
                seen.drops.get(name), _signature(inbox, name), now, settings.stability_seconds
            ),
        )
        for name in names
    ]
    return (*drops, *_announced(inbox, names))


def claim(drop: Drop, station: StationLayout) -> Path | None:
    """Takes a drop by one rename into a folder of its own under claimed/, then its sidecars.

    Returns where it lies now, under its own name; None where another was quicker. Raises OSError.
    """
    folder = station.claimed / uuid4().hex[:12]
    make_folder(folder)
    target = folder / drop.path.name
    try:
        drop.path.rename(target)
    except FileNotFoundError:
        folder.rmdir()
        return None
    for sidecar in _sidecars(station.inbox, drop.path.name):
        _follow(sidecar, folder)
    sync_folder(folder)
    sync_folder(station.inbox)
    return target


def _follow(sidecar: Path, folder: Path) -> None:
    try:
        sidecar.rename(folder / sidecar.name)
    except FileNotFoundError:
        return


def _left_behind(station: StationLayout, claimed: Path) -> Iterator[Path]:
    """Sidecars that a killed run did not bring along: older than the claim, with no drop beside."""
    if claimed.name in _names(station.inbox):
        return
    taken = claimed.lstat().st_ctime_ns
    for sidecar in _sidecars(station.inbox, claimed.name):
        if sidecar.lstat().st_ctime_ns <= taken:
            yield sidecar


def claimed_drops(station: StationLayout) -> tuple[Claim, ...]:
    """What a run before this one took and did not finish; empty claims are removed.

    Only where no other run works for the station.
    """
    if not station.claimed.is_dir():
        return ()
    claims = []
    for folder in sorted(path for path in station.claimed.iterdir() if path.is_dir()):
        names = _names(folder)
        if not any(folder.iterdir()):
            folder.rmdir()
        for name in names:
            for sidecar in tuple(_left_behind(station, folder / name)):
                _follow(sidecar, folder)
            claims.append(Claim(name, folder / name))
    return tuple(claims)


def station_layouts(settings: Settings) -> tuple[StationLayout, ...]:
    """The stations: folders with a safe name, links not followed, in order of names."""
    folder = settings.stations_folder
    if not folder.is_dir():
        return ()
    names = (
        path.name
        for path in folder.iterdir()
        if _STATION_NAME.fullmatch(path.name) and path.is_dir() and not path.is_symlink()
    )
    return tuple(StationLayout(folder / name) for name in sorted(names, key=natural_key))


def prepare_station(settings: Settings, name: str = "") -> StationLayout:
    """The station's layout with its four folders made; raises InputError("unsafe-name")."""
    name = name or settings.station
    if not _STATION_NAME.fullmatch(name):
        raise InputError("unsafe-name", name, f=name)
    layout = settings.station_layout(name)
    for folder in (layout.inbox, layout.claimed, layout.receipts, layout.quarantine):
        make_folder(folder)
    return layout

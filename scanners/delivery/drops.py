"""What lies in a station's inbox: which drops are complete, and for what the others wait."""

import os
import stat
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from hashlib import sha256
from itertools import islice
from pathlib import Path

from scanners.delivery.folders import SIDECARS, is_ignored
from scanners.delivery.manifest import read_manifest
from scanners.delivery.stations import RENAME, StationRules
from scanners.delivery.whole import all_whole
from scanners.intake import hash_file
from scanners.names import natural_key
from schemas.errors import RefusedError
from schemas.layout import StationLayout
from schemas.sources import Manifest

_SUFFIXES = frozenset({".pdf", ".tif", ".tiff", ".jpg", ".jpeg", ".png"})
_MOST_FILES = 100_000
_LOOKS = 2
PATIENCE = 2
"""What does not look whole is taken after so many windows all the same: the refusal tells why."""


@dataclass(frozen=True, slots=True)
class Sighting:
    """How a drop looked (`signature`), since when (seconds) it has, and in how many looks.

    `proved` says that it was found complete as it is, and need not be read again for that.
    """

    signature: str
    since: float
    looks: int = 1
    proved: bool = False
    confirmed: bool = False


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


Earlier = Callable[[str], Mapping[str, str]]
"""Files of an earlier, unconfirmed delivery under a drop's name: SHA-256 by name."""


def nothing_earlier(_drop: str) -> Mapping[str, str]:
    """Where no earlier delivery counts."""
    return {}


def _bases(name: str) -> tuple[str, ...]:
    """The names under which a drop's sidecars may stand: with and without its suffix."""
    suffix = Path(name).suffix
    stem = name.removesuffix(suffix) if suffix.lower() in _SUFFIXES else name
    return tuple(dict.fromkeys((name, stem)))


def drop_names(inbox: Path) -> tuple[str, ...]:
    """The drops' names, in natural order; raises OSError."""
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


def _is_there(path: Path) -> bool:
    """Whether a regular file is there; a name too long for the file system is not."""
    try:
        return stat.S_ISREG(path.lstat().st_mode)
    except OSError:
        return False


def sidecars(inbox: Path, name: str) -> tuple[Path, ...]:
    """The manifests and markers beside a drop; links are none."""
    candidates = (inbox / (base + suffix) for base in _bases(name) for suffix in SIDECARS)
    return tuple(c for c in candidates if _is_there(c))


def _signature(inbox: Path, name: str) -> str:
    """A digest of names, sizes and times in a drop and beside it; empty while it cannot be read."""
    digest = sha256()
    try:
        seen = list(islice(_below(inbox / name), _MOST_FILES))
        seen += ((f"//{path.name}", path.lstat()) for path in sidecars(inbox, name))
    except OSError:
        return ""
    for inner, facts in sorted(seen, key=lambda item: item[0]):
        row = (inner, facts.st_mode, facts.st_size, facts.st_mtime_ns, facts.st_ino)
        digest.update(repr(row).encode("utf-8", "surrogateescape"))
    return digest.hexdigest()


def _sighting(known: Sighting | None, signature: str, now: float) -> Sighting:
    if known is None or known.signature != signature or not signature:
        return Sighting(signature, now)
    return replace(known, looks=known.looks + 1)


def observe(station: StationLayout, now: float, seen: DropMemory) -> DropMemory:
    """One look at an inbox: what is remembered from now on. `now` in seconds of any steady clock."""
    inbox = station.inbox
    return DropMemory(
        {
            name: _sighting(seen.drops.get(name), _signature(inbox, name), now)
            for name in drop_names(inbox)
        }
    )


def with_proved(seen: DropMemory, drops: Sequence[Drop]) -> DropMemory:
    """The memory with what was found complete, so that it is not read again at each look."""
    ready = {drop.name: drop.confirmed for drop in drops if drop.state == "ready"}
    return DropMemory(
        {
            name: replace(sighting, proved=True, confirmed=ready[name])
            if name in ready
            else sighting
            for name, sighting in seen.drops.items()
        }
    )


def _unchanged(sighting: Sighting | None, signature: str, now: float) -> float:
    """For how many seconds a drop has looked as it does; −1 where that is not known yet."""
    if sighting is None or not signature or sighting.signature != signature:
        return -1
    return now - sighting.since if sighting.looks >= _LOOKS else -1


def _sizes(path: Path) -> dict[str, int]:
    """The regular files of a drop by their name relative to it (a single file: its own name)."""
    found = {
        name or path.name: facts.st_size
        for name, facts in _below(path)
        if stat.S_ISREG(facts.st_mode)
    }
    return dict(islice(found.items(), _MOST_FILES))


def said_of(inbox: Path, name: str) -> Manifest | None:
    """The station's word on a drop. Raises RefusedError where it cannot be read."""
    beside = (inbox / f"{base}.batch.json" for base in _bases(name))
    candidates = (inbox / name / "batch.json", *beside)
    path = next((c for c in candidates if _is_there(c)), None)
    return read_manifest(path) if path else None


def _same_bytes(path: Path, said: Mapping[str, tuple[int | None, str | None]]) -> bool:
    is_folder = path.is_dir()
    return all(
        digest is None or hash_file(path / name if is_folder else path) == digest
        for name, (_, digest) in said.items()
    )


def without_earlier(
    manifest: Manifest, there: Collection[str], earlier: Mapping[str, str]
) -> Manifest:
    """A manifest without the files that an earlier delivery brought as it says."""
    known = {
        name
        for name, (_, digest) in manifest.files.items()
        if name not in there and name in earlier and digest in {None, earlier[name]}
    }
    if not known:
        return manifest
    return Manifest({n: said for n, said in manifest.files.items() if n not in known})


def _agrees(path: Path, manifest: Manifest, sizes: Mapping[str, int]) -> bool:
    """Whether every file named is there as said; entries that say nothing of content do not count."""
    said = manifest.files
    if any(size is None and digest is None for size, digest in said.values()):
        return False
    if any(size not in {None, sizes[name]} for name, (size, _) in said.items()):
        return False
    return _same_bytes(path, said)


def _is_marked(inbox: Path, name: str) -> bool:
    bases = _bases(name)
    beside = (inbox / f"{base}.ok" for base in bases)
    inside = (inbox / name / f"{base}.ok" for base in bases)
    marked = max((_changed(path) for path in (*beside, *inside) if _is_there(path)), default=None)
    return marked is not None and marked >= _last_written(inbox / name)


def _changed(path: Path) -> int:
    """When a file last changed, by the clock of the disk that it lies on."""
    return path.lstat().st_ctime_ns


def _last_written(path: Path) -> int:
    """When the newest file of a drop was written; a marker of before speaks of an earlier one."""
    files = (
        facts.st_ctime_ns
        for name, facts in _below(path)
        if stat.S_ISREG(facts.st_mode) and not is_ignored(name.rpartition("/")[2], True)
    )
    return max(files, default=0)


def _settled(path: Path, rules: StationRules, seconds: float) -> Drop:
    """A drop of which its station says nothing: ready when unchanged for the window, and whole."""
    ready, waiting = (
        Drop(path.name, path, "ready"),
        Drop(path.name, path, "waiting", "still-changing"),
    )
    if seconds < rules.stability_seconds:
        return waiting
    if seconds >= PATIENCE * rules.stability_seconds or path.is_symlink():
        return ready
    return ready if all_whole(path, _sizes(path)) else waiting


def _look(
    station: StationLayout, name: str, rules: StationRules, seconds: float, earlier: Earlier
) -> Drop:
    path = station.inbox / name
    if path.is_symlink():
        return _settled(path, rules, seconds)
    manifest = said_of(station.inbox, name)
    if manifest is None:
        if rules.delivery == RENAME or _is_marked(station.inbox, name):
            return Drop(name, path, "ready", confirmed=True)
        return _settled(path, rules, seconds)
    sizes = _sizes(path)
    if any(inner not in sizes for inner in manifest.files):
        manifest = without_earlier(manifest, sizes, earlier(name))
    missing = tuple(inner for inner in manifest.files if inner not in sizes)
    if missing:
        return Drop(name, path, "waiting", "manifest-waiting", missing)
    if _agrees(path, manifest, sizes) or _is_marked(station.inbox, name):
        return Drop(name, path, "ready", confirmed=True)
    return _settled(path, rules, seconds)


def _drop(
    station: StationLayout, name: str, rules: StationRules, seconds: float, earlier: Earlier
) -> Drop:
    """A drop's state; what cannot be read yet waits until it is stable."""
    try:
        return _look(station, name, rules, seconds, earlier)
    except (RefusedError, OSError):
        state, code = "waiting", "still-changing"
        if seconds >= rules.stability_seconds:
            state, code = "ready", ""
        return Drop(name, station.inbox / name, state, code)


def _announced(inbox: Path, drops: Sequence[str], delivered: Earlier) -> Iterator[Drop]:
    """Manifests beside nothing: a drop is expected, unless it has all been delivered."""
    present = {base for name in drops for base in _bases(name)}
    for path in sorted(inbox.glob("*.batch.json")):
        name = path.name.removesuffix(".batch.json")
        if name in present or name.startswith(".") or not _is_there(path):
            continue
        try:
            missing = _still_missing(read_manifest(path), name, delivered)
        except RefusedError:
            missing = (name,)
        if missing:
            yield Drop(name, inbox / name, "waiting", "manifest-waiting", missing)


def _still_missing(manifest: Manifest, drop: str, delivered: Earlier) -> tuple[str, ...]:
    """The files of a manifest alone; none where each was delivered before it came."""
    files = tuple(manifest.files)
    alone = files[0] if len(files) == 1 and "/" not in files[0] else drop
    known = delivered(drop) or delivered(alone)
    left = without_earlier(manifest, (), known).files
    return files if {digest for _, digest in left.values()} - {*known.values()} else ()


def is_expected(station: StationLayout, name: str) -> bool:
    """Whether a drop lies in the inbox, or a manifest that announces it."""
    inbox = station.inbox
    return os.path.lexists(inbox / name) or _is_there(inbox / f"{name}.batch.json")


def drop_bytes(path: Path) -> int:
    """Bytes of the regular files of a drop; what cannot be read counts nothing."""
    try:
        return sum(_sizes(path).values())
    except OSError:
        return 0


def ready_drops(
    station: StationLayout,
    rules: StationRules,
    now: float,
    seen: DropMemory,
    earlier: Earlier = nothing_earlier,
    delivered: Earlier = nothing_earlier,
) -> tuple[Drop, ...]:
    """The drops of an inbox with their state; `seen` is what `observe` gave, this look included.

    A drop is ready when its manifest is there and true, when a NAME.ok that is no older than its
    files stands beside or inside it, at once where the station delivers by renaming, or when nothing in it changed for the station's
    window over at least two looks and its files have their ends. A manifest that names missing
    files always waits, but for those of an `earlier` unconfirmed delivery of this name; one that
    is stably untrue is ready, and is refused later. A manifest alone that names what was
    `delivered` under its name, whenever that was, is no news. Raises OSError where there is no reading.
    """
    names = drop_names(station.inbox)
    drops = []
    for name in names:
        sighting = seen.drops.get(name)
        seconds = _unchanged(sighting, _signature(station.inbox, name), now)
        if sighting and sighting.proved and seconds >= 0:
            drops.append(Drop(name, station.inbox / name, "ready", confirmed=sighting.confirmed))
        else:
            drops.append(_drop(station, name, rules, seconds, earlier))
    return (*drops, *_announced(station.inbox, names, delivered))

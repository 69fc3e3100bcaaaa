"""Claims: a drop is taken by one rename, held by one watcher, and let go by one rename.

A claim is a folder under claimed/ named after the drop, so that of all watchers on all machines one
has it. In it lie the drop, its sidecars, `.claim.json`, and an empty file whose name tells the
holder; taking over from a dead holder is a rename of that file, which only one observer can do.
"""

import errno
import os
import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from uuid import uuid4

import msgspec

from scanners.delivery.drops import Drop, drop_names, sidecars
from scanners.delivery.receipts import receipt_name
from schemas.durable import remove_leftovers, sync_folder, write_bytes_durably
from schemas.layout import StationLayout

HELD, TOLD, DONE = ".held-", ".claim.json", ".done"
_NEW, _OLD = ".new-", ".old-"
_NOBODY = "nobody"
_TAKEN = frozenset({errno.ENOTEMPTY, errno.EEXIST, errno.ENOTDIR, errno.EISDIR})


@dataclass(frozen=True, slots=True)
class Told:
    """What was known of a drop when it was claimed; `received` is ISO 8601."""

    confirmed: bool = False
    received: str = ""


@dataclass(frozen=True, slots=True)
class Claim:
    """A drop in a watcher's hands: its `folder` under claimed/, `path` where it lies in it.

    `path` is None while nothing lies there; `resumed` says that another run began with it.
    """

    station: StationLayout
    folder: Path
    holder: str
    path: Path | None = None
    told: Told = Told()
    resumed: bool = False

    @property
    def name(self) -> str:
        return self.path.name if self.path else self.folder.name

    def is_held(self) -> bool:
        """Whether it still is its holder's: another may have taken it for dead."""
        return (self.folder / f"{HELD}{self.holder}").exists()


def time_now() -> str:
    """Local time with its offset, ISO 8601."""
    return datetime.now().astimezone().isoformat(timespec="seconds")


def _reserve(station: StationLayout, name: str, holder: str, told: Told | None) -> Path | None:
    """The claim's folder, held from its first moment; None where somebody has one of this name.

    Durable where there is something told of it.
    """
    new = station.claimed / f"{_NEW}{holder}.{uuid4().hex[:12]}"
    target = station.claimed / receipt_name(name)
    try:
        new.mkdir()
        (new / f"{HELD}{holder}").touch()
        if told is not None:
            write_bytes_durably(new / TOLD, msgspec.json.encode(told))
        new.rename(target)
    except OSError as error:
        shutil.rmtree(new, ignore_errors=True)
        if error.errno in _TAKEN:
            return None
        raise
    return target


@contextmanager
def alone_with(station: StationLayout, name: str, holder: str) -> Iterator[bool]:
    """Whether nobody else has a claim of this name, nor can get one meanwhile."""
    folder = _reserve(station, name, holder, None)
    try:
        yield folder is not None
    finally:
        if folder is not None:
            _put_away(folder, holder, durably=False)


def claim(
    drop: Drop, station: StationLayout, holder: str, told: Told | None = None
) -> Claim | None:
    """Takes a drop by one rename, then its sidecars.

    None where another was quicker, or has an earlier drop of this name. Raises OSError: then the
    drop is where it was, or lies claimed by this holder, who takes it up by `with_sidecars`.
    """
    told = told or Told(drop.confirmed, time_now())
    folder = _reserve(station, drop.path.name, holder, told)
    if folder is None:
        return None
    target = folder / drop.path.name
    try:
        drop.path.rename(target)
    except OSError as error:
        if not os.path.lexists(target):  # a share that asks twice is told that there is none
            _put_away(folder, holder)
            if isinstance(error, FileNotFoundError):
                return None
            raise
    for sidecar in sidecars(station.inbox, drop.path.name):
        _follow(sidecar, folder)
    for changed in (folder, station.claimed, station.inbox):
        sync_folder(changed)
    return Claim(station, folder, holder, target, told)


def _follow(sidecar: Path, folder: Path) -> None:
    with suppress(FileNotFoundError):
        sidecar.rename(folder / sidecar.name)


def _left_behind(station: StationLayout, claimed: Path) -> Iterator[Path]:
    """Sidecars that a killed run did not bring along: older than the claim, with no drop beside."""
    if claimed.name in drop_names(station.inbox):
        return
    taken = claimed.lstat().st_ctime_ns
    for sidecar in sidecars(station.inbox, claimed.name):
        if sidecar.lstat().st_ctime_ns <= taken:
            yield sidecar


def _holder(folder: Path) -> str:
    held = sorted(path.name for path in folder.glob(f"{HELD}*"))
    return held[0].removeprefix(HELD) if held else ""


def _told(folder: Path) -> Told:
    try:
        return msgspec.json.decode((folder / TOLD).read_bytes()[:4096], type=Told)
    except (OSError, msgspec.MsgspecError):
        return Told()


def _claims_in(station: StationLayout, folder: Path) -> Claim:
    names = drop_names(folder)
    path = folder / names[0] if names else None
    return Claim(station, folder, _holder(folder), path, _told(folder), resumed=True)


def claims(station: StationLayout) -> tuple[Claim, ...]:
    """Every claim of a station, whoever holds it; `holder` is empty where nobody does."""
    if not station.claimed.is_dir():
        return ()
    with os.scandir(station.claimed) as found:
        names = sorted(
            e.name for e in found if not e.name.startswith(".") and e.is_dir(follow_symlinks=False)
        )
    folders = (station.claimed / name for name in names)
    return tuple(_claims_in(station, folder) for folder in folders if not (folder / DONE).exists())


def take_over(held: Claim, holder: str) -> Claim | None:
    """The claim of a dead holder, ours from now on; None where another was quicker or it is empty."""
    old = held.folder / f"{HELD}{held.holder or _NOBODY}"
    try:
        if not held.holder:
            old.touch(exist_ok=False)
        old.rename(old.with_name(f"{HELD}{holder}"))
    except (FileNotFoundError, FileExistsError):
        return None
    ours = _claims_in(held.station, held.folder)
    if ours.path is None:
        _put_away(held.folder, holder)
        return None
    remove_leftovers(held.folder)
    return with_sidecars(ours)


def with_sidecars(held: Claim) -> Claim:
    """A claim with the sidecars that an interruption left in the inbox. Raises OSError."""
    for sidecar in tuple(_left_behind(held.station, held.path)) if held.path else ():
        _follow(sidecar, held.folder)
    return held


@contextmanager
def _inside(folder: Path) -> Iterator[int | None]:
    """A handle of a folder, which stays this folder's whatever takes its name; None without one."""
    try:
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    except (FileNotFoundError, NotADirectoryError):
        yield None
        return
    try:
        yield handle
    finally:
        os.close(handle)


def _put_away(folder: Path, holder: str, *, durably: bool = True) -> bool:
    """Lets go by one rename of the holder's mark, then deletes; False where it is another's.

    Done through a handle of the folder: who stood still in between touches no later claim.
    """
    with _inside(folder) as handle:
        if handle is None:
            return False
        try:
            os.rename(f"{HELD}{holder}", DONE, src_dir_fd=handle, dst_dir_fd=handle)
        except FileNotFoundError:
            return False
        if durably:
            os.fsync(handle)
        _clear(folder, handle)
    return True


def _clear(folder: Path, handle: int) -> None:
    """Deletes what was let go, the mark that says so last."""
    for name in (name for name in os.listdir(handle) if name != DONE):
        shutil.rmtree(name, ignore_errors=True, dir_fd=handle)
        with suppress(OSError):
            os.unlink(name, dir_fd=handle)
    if set(os.listdir(handle)) <= {DONE}:
        with suppress(OSError):
            os.unlink(DONE, dir_fd=handle)
        with suppress(OSError):
            folder.rmdir()


def release(done: Claim) -> bool:
    """Lets a claim go with all that lies in it; False where it is no longer the holder's."""
    return _put_away(done.folder, done.holder)


def leave_only(held: Claim, over: Iterable[Path], mark: Path) -> bool:
    """Deletes files of a claim that are kept elsewhere, and leaves a mark in it.

    False, with nothing done, where it is no longer the holder's.
    """
    with _inside(held.folder) as handle:
        if handle is None or not _is_in(f"{HELD}{held.holder}", handle):
            return False
        for path in (str(path.relative_to(held.folder)) for path in over):
            with suppress(FileNotFoundError):
                os.unlink(path, dir_fd=handle)
        made = str(mark.relative_to(held.folder))
        os.close(os.open(made, os.O_WRONLY | os.O_CREAT, 0o644, dir_fd=handle))
    return True


def _is_in(name: str, handle: int) -> bool:
    return name in os.listdir(handle)


def sweep(station: StationLayout, dead: Callable[[str], bool]) -> None:
    """Deletes what killed runs left under claimed/ of claims not yet made or already let go."""
    if not station.claimed.is_dir():
        return
    for folder in station.claimed.glob(f"{_OLD}*"):
        shutil.rmtree(folder, ignore_errors=True)
    for done in station.claimed.glob(f"*/{DONE}"):
        with _inside(done.parent) as handle:
            if handle is not None and _is_in(DONE, handle):
                _clear(done.parent, handle)
    for folder in station.claimed.glob(f"{_NEW}*"):
        holder = folder.name.removeprefix(_NEW).rpartition(".")[0]
        if holder and dead(holder):
            shutil.rmtree(folder, ignore_errors=True)

"""What is not taken: its bytes, the reason and the remedy, in a folder of its own.

Bytes first, reason.json last and durable: a folder without reason.json is a leftover of a killed
run, and holds copies only. The id is made from station, name, code and content, so that the same refused
bytes put aside again are one entry, by whoever and however often they are delivered.
"""

import errno
import fcntl
import os
import re
import shutil
import stat
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from time import monotonic, sleep
from uuid import uuid4

import msgspec

from scanners.delivery.claims import HELD
from scanners.delivery.folders import SIDECARS, is_ignored
from scanners.delivery.sent_back import mark_sent_back
from scanners.intake import copy_original, hash_file, safe_name
from scanners.names import is_unsafe
from schemas.durable import make_folder, remove_leftovers, sync_folder, write_bytes_durably
from schemas.errors import InputError, RefusedError
from schemas.layout import StationLayout
from schemas.messages import Reason, reason
from schemas.records import encode
from schemas.sources import FileKind, Quarantined, Refusal, SourceFile

REASON = "reason.json"
SENTENCE = "motiv.txt"
REQUEUED = ".requeued"
"""Beside a page that a person sent back: it belongs to the unit of its drop, whenever it comes."""
_NAME_USED = "same-name-other-bytes"
DROP, WHOLE = "drop", "depunere"
"""In the first entry of a drop refused as a whole lies all of it; the others name that entry."""
_OURS = (REASON, SENTENCE, DROP, WHOLE)
_WITHOUT_BYTES = frozenset({"too-large", "special-file"})
_THERE = frozenset({errno.EEXIST, errno.ENOTEMPTY, errno.ENOTDIR, errno.EISDIR})
_ID_LENGTH = 12
_IDENT = re.compile(r"[0-9a-f]{12}")
_LONGEST_REASON = 1 << 20
_LOCK_SECONDS, _LOCK_PAUSE = 60.0, 0.05


def sentences(refusal: Refusal, language: str = "ro") -> Reason:
    """Cause and remedy of a refusal, filled in."""
    values = {"f": refusal.file.rpartition("/")[2], **refusal.detail}
    return reason(refusal.code, language, **values)


def _has_bytes(refusal: Refusal) -> bool:
    if refusal.path is None or refusal.code in _WITHOUT_BYTES:
        return False
    try:
        return stat.S_ISREG(refusal.path.lstat().st_mode)
    except OSError:
        return False


def _digest(refusal: Refusal) -> str:
    if refusal.path is None or not _has_bytes(refusal):
        return ""
    try:
        return hash_file(refusal.path)
    except RefusedError:
        return ""


def _entry_id(station: StationLayout, refusal: Refusal, digest: str) -> str:
    """No two stations have one of the same, so that an id alone says what is sent back."""
    text = f"{station.name}\0{refusal.file}\0{refusal.code}\0{digest}"
    return sha256(text.encode("utf-8", "backslashreplace")).hexdigest()[:_ID_LENGTH]


def _read(folder: Path) -> Quarantined | None:
    try:
        data = (folder / REASON).read_bytes()[:_LONGEST_REASON]
        return msgspec.json.decode(data, type=Quarantined)
    except (OSError, msgspec.MsgspecError):
        return None


def _sync_file(path: Path) -> None:
    """What another wrote is on the disk before we say that it is kept."""
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _keep_bytes(path: Path, target: Path, move: bool) -> str:
    """The bytes under our name, by a second name where the source is ours to move."""
    if move:
        make_folder(target.parent)
        target.unlink(missing_ok=True)
        try:
            os.link(path, target, follow_symlinks=False)
        except OSError:
            pass
        else:
            _sync_file(target)
            sync_folder(target.parent)
            return hash_file(target)
    source = SourceFile(path, path.name, FileKind.PDF, path.lstat().st_size)
    return copy_original(source, target)


def _stored(refusal: Refusal, folder: Path, digest: str, move: bool) -> tuple[str, str]:
    """Name and SHA-256 of the kept bytes; both empty where there are none to keep."""
    if not digest or refusal.path is None:
        return "", ""
    name = safe_name(refusal.path.name, _OURS)
    try:
        return name, _keep_bytes(refusal.path, folder / name, move)
    except RefusedError:
        return "", ""


def _lock(handle: int, file: str) -> None:
    """Raises InputError quarantine-busy where somebody who has the entry stands still."""
    end = monotonic() + _LOCK_SECONDS
    while True:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            if monotonic() >= end:
                raise InputError("quarantine-busy", file) from error
            sleep(_LOCK_PAUSE)
        else:
            return


@contextmanager
def _alone(folder: Path, file: str) -> Iterator[None]:
    """Nobody else writes this entry meanwhile; what a killed run left half written goes."""
    make_folder(folder)
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        _lock(handle, file)
        remove_leftovers(folder)
        yield
    finally:
        os.close(handle)


def _write(entry: Quarantined, folder: Path) -> None:
    text = f"{entry.file}\n{entry.code}\n\n{entry.reason}\n{entry.remedy}\n".replace("\n", "\r\n")
    write_bytes_durably(folder / SENTENCE, text.encode("utf-8-sig", "backslashreplace"))
    write_bytes_durably(folder / REASON, encode(entry))


def _entry(
    refusal: Refusal,
    station: StationLayout,
    identity: tuple[str, str],
    language: str,
    *,
    move: bool,
) -> Quarantined:
    """A new entry, complete on disk; `identity` is its id and the digest of the bytes."""
    ident, digest = identity
    folder = station.quarantine / ident
    name, kept = _stored(refusal, folder, digest, move)
    told = sentences(refusal, language)
    entry = Quarantined(
        id=ident,
        file=refusal.file,
        code=refusal.code,
        reason=told.cause,
        remedy=told.remedy,
        station=station.name,
        received=datetime.now(UTC).isoformat(timespec="seconds"),
        sha256=kept,
        stored=name,
    )
    _write(entry, folder)
    return entry


def put_aside(
    refusal: Refusal, station: StationLayout, language: str = "ro", *, move: bool = False
) -> Quarantined:
    """Copies a refused file with its reason into the station's quarantine.

    Returns the entry made, or the one that stands there for this name, code and bytes. With `move`
    the file is gone from where it was once the entry is complete. Links, special files, folders,
    files too large or vanished are recorded without bytes. Raises OSError, and InputError
    quarantine-busy where another program keeps the entry for a minute.
    """
    digest = _digest(refusal)
    ident = _entry_id(station, refusal, digest)
    folder = station.quarantine / ident
    with _alone(folder, refusal.file):
        entry = _read(folder) or _entry(refusal, station, (ident, digest), language, move=move)
    if move and entry.stored and refusal.path:
        refusal.path.unlink(missing_ok=True)
    return entry


def _folders(station: StationLayout) -> Iterator[Path]:
    if station.quarantine.is_dir():
        yield from (path for path in station.quarantine.iterdir() if path.is_dir())


def entries(station: StationLayout) -> tuple[Quarantined, ...]:
    """What lies in a station's quarantine, oldest first; leftovers are not entries."""
    found = (_read(folder) for folder in _folders(station))
    return tuple(sorted((e for e in found if e), key=lambda e: (e.received, e.file, e.id)))


def remove_unfinished(station: StationLayout) -> int:
    """Deletes what a killed run left without a reason.json; returns how many.

    Only where no other run works for the station.
    """
    leftovers = tuple(f for f in _folders(station) if not (f / REASON).exists())
    for folder in leftovers:
        shutil.rmtree(folder)
    return len(leftovers)


def keep_whole(
    station: StationLayout, idents: Sequence[str], claimed: Path, holder: str = ""
) -> None:
    """Moves a drop, or what is left of one, with all beside it, into the first of its entries.

    By one rename of `claimed`, its folder; one that is there already, byte for byte, stays where it
    is. What turns out not to be the `holder`'s any more goes back. Raises OSError.
    """
    mine = _bytes_of(claimed)
    if mine and any(_bytes_of(folder) == mine for folder in _wholes(station, idents[0])):
        return
    folder = station.quarantine / idents[0] / WHOLE / uuid4().hex[:6]
    make_folder(folder.parent)
    for ident in idents:
        write_bytes_durably(station.quarantine / ident / DROP, idents[0].encode("ascii"))
    claimed.rename(folder)
    if holder and not (folder / f"{HELD}{holder}").exists():
        with suppress(OSError):
            folder.rename(claimed)
    sync_folder(folder.parent)


def _is_folder(path: Path) -> bool:
    return path.is_dir() and not path.is_symlink()


def _bytes_of(drop: Path) -> dict[str, str]:
    """SHA-256 by name of all that a drop's folder holds; nothing where one of it cannot be read."""
    found: dict[str, str] = {}
    for above in _in_it(drop):
        for path in (above, *above.rglob("*")) if _is_folder(above) else (above,):
            name = str(path.relative_to(drop))
            try:
                found[name] = "" if _is_folder(path) else hash_file(path)
            except RefusedError:
                return {}
    return found


def _wholes(station: StationLayout, first: str) -> tuple[Path, ...]:
    """The drops that lie in an entry, the latest first."""
    folders = (station.quarantine / first / WHOLE).glob("*") if _IDENT.fullmatch(first) else ()
    there = filter(_is_folder, folders)
    return tuple(sorted(there, key=lambda folder: folder.lstat().st_ctime_ns, reverse=True))


def _in_it(folder: Path) -> list[Path]:
    """What a drop's folder holds of the station's."""
    return [path for path in folder.iterdir() if not path.name.startswith(".")]


def _whole(station: StationLayout, ident: str) -> Path | None:
    """The latest drop that an entry belongs to, with all of it; None where it was one file."""
    wholes = _wholes(station, _first_of(station, ident))
    return next((one for one in wholes if _in_it(one)), next(iter(wholes), None))


def _siblings(station: StationLayout, ident: str) -> tuple[str, ...]:
    """The entries of the drop that an entry belongs to, itself among them."""
    first, names = _first_of(station, ident), [folder.name for folder in _folders(station)]
    same = (n for n in names if n == ident or (first and _first_of(station, n) == first))
    return tuple(sorted(same))


def _first_of(station: StationLayout, ident: str) -> str:
    try:
        return (station.quarantine / ident / DROP).read_text(encoding="ascii")[:_ID_LENGTH]
    except (OSError, ValueError):
        return ""


def _inbox_parts(entry: Quarantined) -> tuple[str, ...]:
    """Where a file lay in the inbox; names that could lead elsewhere are replaced by ours."""
    parts = (part for part in entry.file.split("/") if part not in {"", ".", ".."})
    return tuple(safe_name(p, ()) if _is_odd(p) else p for p in parts) or (entry.stored,)


def _is_odd(name: str) -> bool:
    return is_unsafe(name) or name.startswith(".") or name.lower().endswith(".part")


def _free(path: Path) -> None:
    if path.exists() or path.is_symlink():
        raise InputError("requeue-taken", path.name)


def _send_whole(station: StationLayout, folder: Path) -> str:
    """The drop goes last: what stands beside it is there before it is seen."""
    paths = _in_it(folder)
    paths.sort(key=lambda p: not is_ignored(p.name, p.is_file() and not p.is_symlink()))
    for path in paths:
        _free(station.inbox / path.name)
    for path in paths:
        path.rename(station.inbox / path.name)
    for marker in (p for p in paths[:-1] if p.name.lower().endswith(SIDECARS)):
        os.utime(station.inbox / marker.name)  # what it says was said of the drop that stands there
    sync_folder(station.inbox)
    return paths[-1].name if paths else ""


def _send_file(station: StationLayout, entry: Quarantined) -> str:
    """A single file, by a second name: in a folder of its drop's name, seen once it is whole.

    What has its name by then stays: neither name is given where there is one.
    """
    if not entry.stored:
        raise InputError("requeue-empty", entry.id)
    first, *rest = _inbox_parts(entry)
    target, stored = station.inbox / first, station.quarantine / entry.id / entry.stored
    _free(target)
    if rest:
        _send_folded(stored, target, rest)
    else:
        with _none_there(target):
            os.link(stored, target, follow_symlinks=False)
    sync_folder(station.inbox)
    return "/".join((first, *rest))


@contextmanager
def _none_there(target: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno not in _THERE:
            raise
        raise InputError("requeue-taken", target.name) from error


def _send_folded(stored: Path, target: Path, rest: Sequence[str]) -> None:
    hidden = target.with_name(f".{uuid4().hex}")
    make_folder((inner := hidden.joinpath(*rest)).parent)
    (hidden / REQUEUED).touch()
    try:
        os.link(stored, inner, follow_symlinks=False)
        sync_folder(inner.parent)
        with _none_there(target):
            hidden.rename(target)
    except BaseException:
        shutil.rmtree(hidden, ignore_errors=True)
        raise


def send_back(station: StationLayout, ident: str) -> tuple[str, tuple[str, ...]]:
    """Sends what an entry holds back to the inbox, the whole drop where all of it was refused.

    Returns the name in the inbox and the entries that are gone by it. Raises InputError
    quarantine-missing, requeue-taken (the inbox has such a name), requeue-empty (no bytes kept).
    """
    entry = _read(station.quarantine / ident) if _IDENT.fullmatch(ident) else None
    if entry is None:
        raise InputError("quarantine-missing", ident)
    whole = _whole(station, ident)
    idents = _siblings(station, ident) if whole else (ident,)
    if whole and entry.code == _NAME_USED:
        mark_sent_back(station, whole)
    name = _send_whole(station, whole) if whole else _send_file(station, entry)
    gone = tuple(one for one in idents if not _still_holds(station, one))
    for one in gone:
        shutil.rmtree(station.quarantine / one)
    sync_folder(station.quarantine)
    return name, gone


def _still_holds(station: StationLayout, ident: str) -> bool:
    """Whether another drop lies in an entry: it stays for that one, which is sent back next."""
    if not any(_in_it(folder) for folder in _wholes(station, ident)):
        return False
    write_bytes_durably(station.quarantine / ident / DROP, ident.encode("ascii"))
    return True

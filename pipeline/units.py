"""A unit's own files: record, events, findings, manifest. They are the truth of the unit."""

import fcntl
import os
import secrets
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from time import monotonic, sleep
from typing import Any

import msgspec

from schemas.durable import make_folder, sync_folder, write_bytes_durably
from schemas.errors import InputError
from schemas.hashing import hash_file
from schemas.layout import UnitLayout
from schemas.records import Finding, Unit, decode_unit, encode
from schemas.settings import Settings

ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
"""Letters and digits that nobody confuses when reading them aloud or copying them by hand."""
MANIFEST = "manifest-sha256.txt"
LOCK = ".lock"
"""Left in units by earlier versions."""
_LOCK_SECONDS, _LOCK_PAUSE = 60.0, 0.02
_FENCES: dict[Path, Callable[[], AbstractContextManager[None]]] = {}
_BEFORE_FIRST: dict[str, Any] = {"seq": 0, "seal": ""}


def new_unit_id() -> str:
    """`ua-` and 10 random characters; given to a unit once."""
    return "ua-" + _random(10)


def new_document_id() -> str:
    """8 random characters; given to a document once."""
    return _random(8)


def _random(length: int) -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(length))


def now() -> str:
    """The time as people read it in records (ISO 8601, UTC); never used for order."""
    return datetime.now(UTC).isoformat(timespec="seconds")


@contextmanager
def fenced_by(
    layout: UnitLayout, fence: Callable[[], AbstractContextManager[None]]
) -> Iterator[None]:
    """Meanwhile this program writes the unit's own files inside the fence, or not at all.

    What the fence raises (lease-lost) is raised by whatever wanted to write.
    """
    _FENCES[layout.root] = fence
    try:
        yield
    finally:
        if _FENCES.get(layout.root) is fence:
            del _FENCES[layout.root]


def _fence(layout: UnitLayout) -> AbstractContextManager[None]:
    """Around the one moment in which a file of the unit changes."""
    return _FENCES.get(layout.root, nullcontext)()


def write_unit_file(path: Path, data: bytes, layout: UnitLayout) -> None:
    """A file of a unit, complete or not at all; not where another took the unit over."""
    write_bytes_durably(path, data, _fence(layout))


def write_record(unit: Unit, layout: UnitLayout) -> None:
    """metadata/record.json, complete or not at all."""
    write_unit_file(layout.record, encode(unit), layout)


def read_record(layout: UnitLayout) -> Unit:
    """The unit's record; raises InputError unit-missing without one, unit-damaged for a bad one."""
    try:
        unit = decode_unit(layout.record.read_bytes())
    except FileNotFoundError as error:
        raise InputError("unit-missing", layout.id) from error
    except (OSError, ValueError) as error:
        raise InputError("unit-damaged", layout.id, why=f"record.json: {error}") from error
    if unit.id != layout.id:
        raise InputError("unit-damaged", layout.id, why=f"record.json: {unit.id}")
    return unit


def write_findings(findings: tuple[Finding, ...], layout: UnitLayout) -> None:
    """metadata/findings.json, complete or not at all."""
    write_unit_file(layout.findings, encode(findings), layout)


def read_findings(layout: UnitLayout) -> tuple[Finding, ...]:
    """What a person should know of the unit; none without a file; raises InputError unit-damaged."""
    try:
        return msgspec.json.decode(layout.findings.read_bytes(), type=tuple[Finding, ...])
    except FileNotFoundError:
        return ()
    except (OSError, ValueError) as error:
        raise InputError("unit-damaged", layout.id, why=f"findings.json: {error}") from error


def _seal(before: str, event: Mapping[str, object]) -> str:
    return sha256(before.encode() + msgspec.json.encode(event, order="sorted")).hexdigest()


def _follower(line: bytes, before: Mapping[str, Any]) -> dict[str, Any] | None:
    try:
        event = msgspec.json.decode(line, type=dict[str, Any])
    except ValueError:
        return None
    body = {key: value for key, value in event.items() if key != "seal"}
    place = event.get("seq") == before["seq"] + 1
    return event if place and event.get("seal") == _seal(before["seal"], body) else None


def _chain(data: bytes) -> tuple[tuple[dict[str, Any], ...], bytes]:
    """The events that follow each other from the first on, and what is left behind them."""
    events: list[dict[str, Any]] = []
    good = 0
    for line in data.split(b"\n")[:-1]:
        event = _follower(line, events[-1] if events else _BEFORE_FIRST)
        if event is None:
            break
        events.append(event)
        good += len(line) + 1
    return tuple(events), data[good:]


def _is_torn(rest: bytes) -> bool:
    """A write that a power cut left unfinished: no end of line, or blocks never written."""
    return b"\n" not in rest or b"\0" in rest


def _rescued(rest: bytes, before: Mapping[str, Any]) -> tuple[dict[str, Any] | None, bytes]:
    """A last event that is whole but for the end of its line."""
    for line in (rest, rest[:-1]):
        event = _follower(line, before)
        if event is not None:
            return event, line + b"\n"
    return None, b""


def _lock(descriptor: int, layout: UnitLayout) -> None:
    """The events for us alone; raises InputError unit-busy where one who has them stands still."""
    end = monotonic() + _LOCK_SECONDS
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            if monotonic() >= end:
                raise InputError("unit-busy", layout.id) from error
            sleep(_LOCK_PAUSE)
        else:
            return


@contextmanager
def _naming(path: Path) -> Iterator[None]:
    """What the system refuses of an open file names it."""
    try:
        yield
    except OSError as error:
        error.filename = error.filename or str(path)
        raise


def _extend(descriptor: int, end: int, data: bytes) -> None:
    """Raises OSError where not all of it could be written: a disk may take half without a word."""
    os.ftruncate(descriptor, end)
    left = memoryview(data)
    while left:
        left = left[os.write(descriptor, left) :]
    os.fsync(descriptor)


def append_event(layout: UnitLayout, event: Mapping[str, object]) -> int:
    """Adds an event to metadata/events.jsonl for good; returns its number in the unit, from 1.

    Each event is sealed with the SHA-256 of itself and of the seal before it. A last line torn by
    a power cut is cut off first; raises InputError unit-damaged where more than that is wrong.
    """
    make_folder(layout.metadata)
    with layout.events.open("ab+") as stream:
        _lock(stream.fileno(), layout)
        stream.seek(0)
        data = stream.read()
        events, rest = _chain(data)
        if not _is_torn(rest):
            raise InputError("unit-damaged", layout.id, why="events.jsonl")
        before = events[-1] if events else _BEFORE_FIRST
        rescued, kept = _rescued(rest, before)
        before = rescued or before
        body = {**event, "seq": before["seq"] + 1, "time": now()}
        line = msgspec.json.encode({**body, "seal": _seal(before["seal"], body)}) + b"\n"
        with _fence(layout), _naming(layout.events):
            _extend(stream.fileno(), len(data) - len(rest), kept + line)
    if not events:
        sync_folder(layout.metadata)
    return int(body["seq"])


def read_events(layout: UnitLayout, *, strict: bool = False) -> tuple[dict[str, Any], ...]:
    """The unit's events in order; raises InputError unit-damaged where one is not as written.

    A last line that was never finished is left out, or damage too when `strict`.
    """
    data = layout.events.read_bytes() if layout.events.exists() else b""
    events, rest = _chain(data)
    if not _is_torn(rest) or (strict and rest):
        raise InputError("unit-damaged", layout.id, why="events.jsonl")
    rescued, _ = _rescued(rest, events[-1] if events else _BEFORE_FIRST)
    return (*events, rescued) if rescued else events


def all_units(settings: Settings) -> Iterator[UnitLayout]:
    """The units that have a record, in the order of their folders."""
    for record in sorted(settings.layout.units.glob("*/*/metadata/record.json")):
        yield UnitLayout(record.parent.parent)


def remove_work(layout: UnitLayout) -> None:
    """Deletes the page images that were on their way into PDFs."""
    shutil.rmtree(layout.work, ignore_errors=True)


def manifest_path(layout: UnitLayout) -> Path:
    """metadata/manifest-sha256.txt."""
    return layout.metadata / MANIFEST


def remove_manifest(layout: UnitLayout) -> None:
    """The unit is being worked on again: it is no longer complete."""
    with _fence(layout):
        manifest_path(layout).unlink(missing_ok=True)


def unit_files(layout: UnitLayout) -> tuple[str, ...]:
    """Every file that the manifest speaks for, as paths from the unit's folder.

    Not the manifest itself, nor the events (they grow, and carry seals), nor what is under way.
    """
    apart = {manifest_path(layout), layout.events, layout.root / LOCK}
    files = (
        Path(folder) / name
        for folder, _, names in os.walk(layout.root)
        if not Path(folder).is_relative_to(layout.work)
        for name in names
    )
    return tuple(sorted(str(f.relative_to(layout.root)) for f in files if f not in apart))


def _escaped(path: str) -> str:
    return path.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _plain(path: str) -> str:
    return path.replace("%0A", "\n").replace("%0D", "\r").replace("%25", "%")


def write_manifest(layout: UnitLayout, known: Mapping[str, str] | None = None) -> None:
    """metadata/manifest-sha256.txt: "hash  path" of each file, in BagIt's manner.

    Written last at publication and again after a legitimate change. `known` are hashes by path
    from the unit's folder, from the moment the file was written; only the others are read.
    """
    hashes = known or {}
    lines = (
        f"{hashes.get(path) or hash_file(layout.root / path)}  {_escaped(path)}\n"
        for path in unit_files(layout)
    )
    data = "".join(lines).encode("utf-8", "surrogateescape")
    write_unit_file(manifest_path(layout), data, layout)


def read_manifest(layout: UnitLayout) -> dict[str, str]:
    """Hashes by path from the unit's folder; raises InputError unit-damaged without a good one."""
    try:
        data = manifest_path(layout).read_bytes().decode("utf-8", "surrogateescape")
        pairs = (line.split("  ", 1) for line in data.split("\n")[:-1])
        return {_plain(path): digest for digest, path in pairs}
    except (OSError, ValueError) as error:
        raise InputError("unit-damaged", layout.id, why=f"{MANIFEST}: {error}") from error

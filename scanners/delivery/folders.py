"""One look into a folder: every entry with its kind or the reason why it is not taken."""

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from scanners.intake import open_source
from scanners.kinds import HEAD_BYTES, is_archive, sniff, tiff_frames
from scanners.names import is_unsafe, natural_key, same_name_key, shown
from schemas.errors import RefusedError
from schemas.settings import Settings
from schemas.sources import FileKind

MANIFESTS = ("binder.json", "batch.json")
SIDECARS = (".binder.json", ".batch.json", ".ok")
_SYSTEM = frozenset({"thumbs.db", "ehthumbs.db", "desktop.ini"})
ZONE = ":zone.identifier"
"""What Windows notes beside a file that came from elsewhere, where a copy makes a file of it."""
OFFICE = "~$"
"""How the files begin that an office program keeps beside those it has open."""
_MIB = 1 << 20


class Shape(StrEnum):
    """What an entry is for the structure of its folder."""

    PAGE = "page"
    PAGES = "pages"
    FOLDER = "folder"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Entry:
    """A name in a folder: `code` tells why it is refused, empty where it is taken."""

    path: Path
    name: str
    shape: Shape
    kind: FileKind | None = None
    bytes: int = 0
    code: str = ""
    detail: tuple[tuple[str, str], ...] = ()


def is_ignored(name: str, regular: bool) -> bool:
    """Names passed over in silence: hidden, unfinished, manifests, markers, leavings of systems."""
    lower = name.lower()
    if name.startswith(".") or lower.endswith(".part"):
        return True
    leaving = lower in MANIFESTS or lower in _SYSTEM or lower.startswith(OFFICE)
    return regular and (leaving or lower.endswith((*SIDECARS, ZONE)))


def _shape(path: Path, kind: FileKind) -> Shape:
    if kind is FileKind.PDF:
        return Shape.PAGES
    if kind is not FileKind.TIFF:
        return Shape.PAGE
    with open_source(path) as stream:
        return Shape.PAGES if len(tiff_frames(stream, limit=3)) > 1 else Shape.PAGE


def _content(path: Path, size: int, settings: Settings) -> tuple[Shape, FileKind | None, str]:
    if not size:
        return Shape.OTHER, None, "empty-file"
    with open_source(path) as stream:
        head = stream.read(HEAD_BYTES)
    kind = sniff(head)
    if kind is None:
        return Shape.OTHER, None, "nested-archive" if is_archive(head) else "unsupported-type"
    code = "too-large" if size > settings.max_file_mb * _MIB else ""
    return _shape(path, kind), kind, code


def look_at_file(path: Path, settings: Settings) -> Entry:
    """A single file as an entry: its kind by content, its refusal if any. Links are not followed."""
    name = path.name
    try:
        facts = path.lstat()
        if not stat.S_ISREG(facts.st_mode):
            return Entry(path, name, Shape.OTHER, code="special-file")
        shape, kind, code = _content(path, facts.st_size, settings)
    except RefusedError as error:
        return Entry(path, name, Shape.OTHER, code=error.code)
    except OSError as error:
        gone = isinstance(error, FileNotFoundError)
        return Entry(path, name, Shape.OTHER, code="vanished" if gone else "source-missing")
    if is_unsafe(name):
        code = "unsafe-name"
    detail = (("n", str(settings.max_file_mb)),) if code == "too-large" else ()
    return Entry(path, name, shape, kind, facts.st_size, code, detail)


def _entry(found: os.DirEntry[str], settings: Settings) -> Entry:
    path = Path(found.path)
    if found.is_dir(follow_symlinks=False):
        code = "unsafe-name" if is_unsafe(found.name) else ""
        return Entry(path, found.name, Shape.FOLDER, code=code)
    return look_at_file(path, settings)


def _collisions(entries: tuple[Entry, ...]) -> Iterator[Entry]:
    """All but the first of names that differ in case only are refused."""
    first: set[str] = set()
    for entry in entries:
        key = same_name_key(entry.name)
        if key in first and not entry.code:
            yield Entry(
                entry.path, entry.name, entry.shape, entry.kind, entry.bytes, "case-collision"
            )
        else:
            yield entry
        first.add(key)


def look_into(folder: Path, settings: Settings) -> tuple[Entry, ...]:
    """The entries of a folder in natural order, without the ignored ones; raises OSError."""
    with os.scandir(folder) as found:
        kept = tuple(e for e in found if not is_ignored(e.name, e.is_file(follow_symlinks=False)))
    ordered = sorted(kept, key=lambda e: natural_key(e.name))
    return tuple(_collisions(tuple(_entry(e, settings) for e in ordered)))


def _listed(folder: Path) -> tuple[os.DirEntry[str], ...] | None:
    try:
        with os.scandir(folder) as found:
            kept = (e for e in found if not is_ignored(e.name, e.is_file(follow_symlinks=False)))
            return tuple(sorted(kept, key=lambda e: natural_key(e.name), reverse=True))
    except OSError:
        return None


def files_below(folder: Path) -> Iterator[tuple[Path, str]]:
    """Every file (or link, or special file) below a folder that is not ignored, with its name.

    Names are relative to the folder, with „/”. Nothing is followed or opened; folders that cannot
    be read are given themselves.
    """
    waiting = [(folder, "", True)]
    while waiting:
        path, name, is_folder = waiting.pop()
        entries = _listed(path) if is_folder else None
        if entries is None:
            yield path, name
            continue
        prefix = f"{name}/" if name else ""
        waiting += (
            (Path(e.path), prefix + e.name, e.is_dir(follow_symlinks=False)) for e in entries
        )


def show_below(base: str, name: str) -> str:
    """The name as typed, from the typed source down, cleaned."""
    return f"{base.rstrip('/')}/{shown(name)}"

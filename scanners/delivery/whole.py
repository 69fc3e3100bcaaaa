"""Whether files look complete from their own structure, without decoding them."""

import os
import stat
import struct
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO

from scanners.delivery.folders import is_ignored
from scanners.intake import open_source
from scanners.kinds import HEAD_BYTES, sniff
from schemas.errors import RefusedError
from schemas.sources import FileKind

_TAIL = 4096
_ENDS = {FileKind.JPEG: b"\xff\xd9", FileKind.PNG: b"IEND\xaeB`\x82", FileKind.PDF: b"%%EOF"}
_BIG = b"+"
_MOST_FRAMES, _MOST_ENTRIES, _MOST_STRIPS = 10_000, 4096, 100_000
_SIZES = {3: "H", 4: "I", 16: "Q"}
_PLACES, _LENGTHS = frozenset({273, 324}), frozenset({279, 325})


class _Tiff:
    """A TIFF's directories as far as they say where its bytes lie."""

    def __init__(self, stream: BinaryIO) -> None:
        self.end = stream.seek(0, os.SEEK_END)
        self._stream = stream
        stream.seek(0)
        head = stream.read(4)
        self.order = "<" if head[:2] == b"II" else ">"
        self.big = _BIG in head[2:]
        self.offset, self.count = ("Q", "Q") if self.big else ("I", "H")

    def numbers(self, at: int, form: str, count: int = 1) -> tuple[int, ...]:
        """Raises struct.error where the file ends before them."""
        self._stream.seek(at)
        form = f"{self.order}{count}{form}"
        return struct.unpack(form, self._stream.read(struct.calcsize(form)))

    def values(self, at: int) -> tuple[int, tuple[int, ...]]:
        """Tag and whole numbers of the entry at an offset; none where they are of another kind."""
        tag, kind = self.numbers(at, "H", 2)
        if tag not in _PLACES | _LENGTHS or kind not in _SIZES:
            return tag, ()
        (count,) = self.numbers(at + 4, self.offset)
        count = min(count, _MOST_STRIPS)
        here = at + 4 + struct.calcsize(self.offset)
        inline = count * struct.calcsize(_SIZES[kind]) <= struct.calcsize(self.offset)
        place = here if inline else self.numbers(here, self.offset)[0]
        return tag, self.numbers(place, _SIZES[kind], count) if place < self.end else (
            self.end + 1,
        )

    def directory(self, at: int) -> tuple[bool, int]:
        """Whether the pixels of a directory lie in the file, and where the next one is."""
        (count,) = self.numbers(at, self.count)
        if not 0 < count <= _MOST_ENTRIES:
            return False, 0
        first = at + struct.calcsize(self.count)
        size = 20 if self.big else 12
        said = dict(self.values(first + number * size) for number in range(count))
        places = next((said[tag] for tag in _PLACES if tag in said), ())
        lengths = next((said[tag] for tag in _LENGTHS if tag in said), ())
        inside = all(a + b <= self.end for a, b in zip(places, lengths, strict=False))
        return inside, self.numbers(first + count * size, self.offset)[0]

    def directories(self) -> Iterator[bool]:
        """Whether each page lies in the file; nothing where there is none."""
        at = self.numbers(8 if self.big else 4, self.offset)[0]
        visited: set[int] = set()
        while at and at not in visited and len(visited) < _MOST_FRAMES:
            visited.add(at)
            inside, at = self.directory(at)
            yield inside


def _tiff_is_whole(stream: BinaryIO) -> bool:
    try:
        pages = list(_Tiff(stream).directories())
    except (struct.error, OSError, OverflowError, ValueError):
        return False
    return bool(pages) and all(pages)


def _has_end(stream: BinaryIO, kind: FileKind) -> bool:
    if kind is FileKind.TIFF:
        return _tiff_is_whole(stream)
    end = stream.seek(0, os.SEEK_END)
    stream.seek(max(0, end - _TAIL))
    return _ENDS[kind] in stream.read(_TAIL)


def is_whole(path: Path) -> bool:
    """Whether a TIFF, JPEG, PNG or PDF has its end; other content is not judged (True).

    A file that is empty or cannot be read is not whole. Links and special files are not opened:
    True, for the refusal to tell.
    """
    try:
        if not stat.S_ISREG(path.lstat().st_mode):
            return True
        with open_source(path) as stream:
            head = stream.read(HEAD_BYTES)
            kind = sniff(head)
            return bool(head) if kind is None else _has_end(stream, kind)
    except (RefusedError, OSError):
        return False


def all_whole(path: Path, names: Iterable[str]) -> bool:
    """`is_whole` of the files of a drop, by names relative to it; ignored names do not count."""
    if not path.is_dir():
        return is_whole(path)
    taken = (name for name in names if not is_ignored(name.rpartition("/")[2], True))
    return all(is_whole(path / name) for name in taken)

"""What a file is, told from its first bytes; and the frames of a TIFF, told from its headers."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from schemas.sources import FileKind

HEAD_BYTES = 1024
_STARTS = (
    (b"\x89PNG\r\n\x1a\n", FileKind.PNG),
    (b"\xff\xd8\xff", FileKind.JPEG),
    (b"II*\x00", FileKind.TIFF),
    (b"MM\x00*", FileKind.TIFF),
    (b"II+\x00", FileKind.TIFF),
    (b"MM\x00+", FileKind.TIFF),
)
_ARCHIVES = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08", b"Rar!\x1a\x07", b"7z\xbc\xaf\x27\x1c")
_PACKED = (b"\x1f\x8b", b"BZh", b"\xfd7zXZ\x00", b"\x28\xb5\x2f\xfd")
_OFFICE = (b"[Content_Types].xml", b"mimetype", b"_rels/")
_ZIP_NAME_AT = 30
_TAR_AT = 257
_MOST_ENTRIES = 4096
_REDUCED_OR_MASK = 0b101


def sniff(head: bytes) -> FileKind | None:
    """The kind of a file from its first 1024 bytes; None for anything not taken in."""
    for start, kind in _STARTS:
        if head.startswith(start):
            return kind
    if is_archive(head):
        return None
    return FileKind.PDF if b"%PDF" in head[:HEAD_BYTES] else None


def is_archive(head: bytes) -> bool:
    """A ZIP, RAR, 7z, tar or packed file; office documents (ZIP inside) are none."""
    if head.startswith(_ARCHIVES[:3]):
        return not head[_ZIP_NAME_AT:].startswith(_OFFICE)
    return head.startswith(_ARCHIVES + _PACKED) or head[_TAR_AT : _TAR_AT + 5] == b"ustar"


@dataclass(frozen=True, slots=True)
class TiffFrame:
    """One page of a TIFF: `index` in the chain of directories, size in pixels (0: not said)."""

    index: int
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class _Format:
    """How a TIFF or BigTIFF counts: byte order, sizes of its numbers."""

    order: str
    big: bool

    @property
    def offset(self) -> str:
        return self.order + ("Q" if self.big else "I")

    @property
    def count(self) -> str:
        return self.order + ("Q" if self.big else "H")

    @property
    def entry_bytes(self) -> int:
        return 20 if self.big else 12

    @property
    def value_at(self) -> int:
        return 12 if self.big else 8


def _unpack(form: str, data: bytes) -> int | None:
    if len(data) < struct.calcsize(form):
        return None
    value: int = struct.unpack_from(form, data)[0]
    return value


def _format(head: bytes) -> _Format | None:
    order = {b"II": "<", b"MM": ">"}.get(head[:2])
    if order is None:
        return None
    magic = _unpack(order + "H", head[2:4])
    return _Format(order, magic == 43) if magic in (42, 43) else None  # noqa: PLR2004 the two magic numbers of TIFF and BigTIFF


def _tags(form: _Format, entries: bytes) -> dict[int, int]:
    """The single whole numbers among a directory's entries."""
    kinds = {1: "B", 3: "H", 4: "I", 13: "I", 16: "Q"}
    found = {}
    for at in range(0, len(entries) - form.entry_bytes + 1, form.entry_bytes):
        tag, kind = struct.unpack_from(form.order + "HH", entries, at)
        value = entries[at + form.value_at : at + form.entry_bytes]
        if kind in kinds and struct.calcsize(kinds[kind]) <= len(value):
            found[tag] = struct.unpack_from(form.order + kinds[kind], value)[0]
    return found


def _directory(stream: BinaryIO, form: _Format, offset: int) -> tuple[dict[int, int], int] | None:
    """The tags of the directory at an offset, and where the next one is; None where there is none."""
    stream.seek(offset)
    count = _unpack(form.count, stream.read(struct.calcsize(form.count)))
    if not count or count > _MOST_ENTRIES:
        return None
    entries = stream.read(count * form.entry_bytes)
    if len(entries) < count * form.entry_bytes:
        return None
    following = _unpack(form.offset, stream.read(struct.calcsize(form.offset)))
    return _tags(form, entries), following or 0


def _directories(stream: BinaryIO, form: _Format, limit: int) -> Iterator[dict[int, int]]:
    stream.seek(8 if form.big else 4)
    offset = _unpack(form.offset, stream.read(struct.calcsize(form.offset))) or 0
    visited: set[int] = set()
    while 0 < offset < 2**63 and offset not in visited and len(visited) < limit:
        visited.add(offset)
        found = _directory(stream, form, offset)
        if found is None:
            return
        yield found[0]
        offset = found[1]


def tiff_frames(stream: BinaryIO, limit: int) -> tuple[TiffFrame, ...]:
    """The pages of a TIFF or BigTIFF from its headers alone, at most `limit` directories.

    Thumbnails and masks are no pages, unless there is nothing else. A loop or a damaged directory
    ends the chain; a stream that is no TIFF has none. Raises OSError only.
    """
    stream.seek(0)
    form = _format(stream.read(4))
    if form is None:
        return ()
    every = tuple(enumerate(_directories(stream, form, limit)))
    pages = tuple((i, tags) for i, tags in every if not tags.get(254, 0) & _REDUCED_OR_MASK)
    return tuple(TiffFrame(i, tags.get(256, 0), tags.get(257, 0)) for i, tags in pages or every)

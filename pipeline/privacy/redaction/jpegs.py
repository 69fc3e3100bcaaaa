"""JPEG streams without what they carry beside the picture: EXIF, XMP, comments, thumbnails."""

from collections.abc import Iterator

_START, _END = b"\xff\xd8", b"\xff\xd9"
_SCAN, _COMMENT, _ADOBE, _JFIF = 0xDA, 0xFE, 0xEE, 0xE0
_APPLICATIONS = range(0xE0, 0xF0)
_RESTARTS = range(0xD0, 0xD8)
_JFIF_BYTES = 16
_ADOBE_BYTES = 14
_MARK = 0xFF


def _scan_end(data: bytes, at: int) -> int:
    """Where a scan's coded data end: at the next marker that is none of its own."""
    while True:
        at = data.find(b"\xff", at)
        if at < 0 or at + 1 >= len(data):
            return len(data)
        if data[at + 1] and data[at + 1] not in _RESTARTS:
            return at
        at += 2


def segments(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Marker and bytes (with its head, a scan with its coded data) of each part of a stream.

    What follows the end of the picture comes last, as marker 0. Raises ValueError for a stream
    that is cut short.
    """
    if not data.startswith(_START):
        raise ValueError("no JPEG")
    at = len(_START)
    while at + 1 < len(data) and data[at] == _MARK:
        marker = data[at + 1]
        if data[at : at + 2] == _END:
            if data[at + 2 :]:
                yield 0, data[at + 2 :]
            return
        if marker == _MARK:
            at += 1
            continue
        after = at + 2 + int.from_bytes(data[at + 2 : at + 4])
        after = _scan_end(data, after) if marker == _SCAN else after
        yield marker, data[at:after]
        at = after
    raise ValueError("JPEG without an end")


def _is_beside(marker: int, part: bytes) -> bool:
    """Whether a part is no part of the picture: a bare JFIF or Adobe head is one."""
    if marker == _JFIF and part[4:8] == b"JFIF":
        return len(part) > _JFIF_BYTES + 2
    if marker == _ADOBE and part[4:9] == b"Adobe":
        return len(part) > _ADOBE_BYTES + 2
    return marker in (0, _COMMENT) or marker in _APPLICATIONS


def beside(data: bytes) -> tuple[bytes, ...]:
    """What a stream carries beside its picture; all of it where it is no whole JPEG."""
    try:
        return tuple(part for marker, part in segments(data) if _is_beside(marker, part))
    except ValueError:
        return (data,)


def bare(data: bytes) -> bytes:
    """The picture's own parts, bit for bit. Raises ValueError for what is no whole JPEG."""
    parts = (part for marker, part in segments(data) if not _is_beside(marker, part))
    return _START + b"".join(parts) + _END

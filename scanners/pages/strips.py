"""The scanner's own fax coding of a TIFF page, where it is one plain strip."""

import io
import struct
from pathlib import Path

from PIL import Image

from scanners.intake import open_source
from scanners.kinds import tiff_frames
from schemas.settings import Settings

_WIDTH, _HEIGHT, _BITS, _COMPRESSION, _PHOTOMETRIC, _FILL_ORDER = 256, 257, 258, 259, 262, 266
_OFFSETS, _SAMPLES, _ROWS, _COUNTS, _OPTIONS = 273, 277, 278, 279, 293
_GROUP_4 = 4
_LONG = 4
_HEAD = struct.pack("<2sHI", b"II", 42, 8)
_PLAIN = {_BITS: 1, _SAMPLES: 1, _FILL_ORDER: 1, _OPTIONS: 0}


def _one(value: object) -> object:
    return value[0] if isinstance(value, tuple) and len(value) == 1 else value


def _tiff(entries: dict[int, int], strip: bytes) -> bytes:
    """A TIFF of one directory, one strip behind it."""
    entries[_OFFSETS] = len(_HEAD) + 2 + 12 * (len(entries) + 1) + 4
    rows = (struct.pack("<HHII", tag, _LONG, 1, entries[tag]) for tag in sorted(entries))
    directory = struct.pack("<H", len(entries)) + b"".join(rows) + struct.pack("<I", 0)
    return _HEAD + directory + strip


def own_strip(path: Path, frame: int, settings: Settings) -> bytes | None:
    """The frame (from 0) as a TIFF of its one group 4 strip, untouched; None where it is not so.

    Black may be 0 or 1; bits must lie the usual way round.
    """
    try:
        return _strip(path, frame, settings)
    except (OSError, SyntaxError, ValueError, KeyError, IndexError, struct.error):
        return None


def _strip(path: Path, frame: int, settings: Settings) -> bytes | None:
    with open_source(path) as raw, io.BufferedReader(raw) as stream:  # type: ignore[type-var]  # an unbuffered file is a raw stream
        frames = tiff_frames(stream, settings.max_pages + 1)
        stream.seek(0)
        with Image.open(stream, formats=("TIFF",)) as picture:
            picture.seek(frames[frame].index)
            tags = {tag: _one(value) for tag, value in dict(picture.tag_v2).items()}  # type: ignore[attr-defined]  # a TIFF has them
        plain = all(tags.get(tag, usual) == usual for tag, usual in _PLAIN.items())
        known = {tag: tags.get(tag) for tag in (_WIDTH, _HEIGHT, _PHOTOMETRIC, _OFFSETS, _COUNTS)}
        whole = {tag: value for tag, value in known.items() if isinstance(value, int)}
        if tags.get(_COMPRESSION) != _GROUP_4 or not plain or len(whole) < len(known):
            return None
        if whole[_PHOTOMETRIC] not in {0, 1}:
            return None
        stream.seek(whole.pop(_OFFSETS))
        strip = stream.read(whole[_COUNTS])
    fixed = {_BITS: 1, _COMPRESSION: _GROUP_4, _SAMPLES: 1, _ROWS: whole[_HEIGHT]}
    return _tiff({**whole, **fixed}, strip) if len(strip) == whole[_COUNTS] else None

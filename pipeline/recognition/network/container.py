"""The parts of a .traineddata file: a table of offsets, then the parts in its order."""

from collections.abc import Mapping
from itertools import pairwise
from pathlib import Path
from types import MappingProxyType

from pipeline.recognition.network.binary import Reader, invalid

_MOST_BYTES = 512 << 20
_MOST_PARTS = 64
_NAMES = {
    17: "lstm",
    18: "lstm-punc-dawg",
    19: "lstm-word-dawg",
    20: "lstm-number-dawg",
    21: "lstm-unicharset",
    22: "lstm-recoder",
    23: "version",
}


def split(data: bytes, name: str) -> Mapping[str, bytes]:
    """The parts that the LSTM recogniser uses, by name; raises InputError("model-invalid")."""
    reader = Reader(data, name)
    count = reader.value("I")
    if not 0 < count <= _MOST_PARTS:
        invalid(name, f"{count} parts")
    offsets = reader.values(f"{count}q")
    starts = sorted({offset for offset in offsets if offset >= 0} | {len(data)})
    if starts[0] < 4 + 8 * count or starts[-1] > len(data):
        invalid(name, "parts outside the file")
    ends = dict(pairwise(starts))
    parts = {
        _NAMES[place]: data[offset : ends.get(offset, offset)]
        for place, offset in enumerate(offsets)
        if offset >= 0 and place in _NAMES
    }
    return MappingProxyType(parts)


def read_file(path: Path) -> bytes:
    """The file's bytes; raises InputError("model-invalid") for one that cannot be read."""
    try:
        if path.stat().st_size > _MOST_BYTES:
            invalid(path.name, f"more than {_MOST_BYTES} bytes")
        return path.read_bytes()
    except OSError as error:
        invalid(path.name, error.strerror)


def components(path: Path) -> Mapping[str, bytes]:
    """The parts of a file; one that cannot be read raises InputError("model-invalid") too."""
    return split(read_file(path), path.name)


def part(parts: Mapping[str, bytes], wanted: str, name: str) -> bytes:
    """One part; raises InputError("model-invalid") where it is missing."""
    if wanted not in parts:
        invalid(name, f"no {wanted}")
    return parts[wanted]

"""What a record was made with: light to load, for whoever asks whether it has to be made again."""

from hashlib import sha256
from pathlib import Path

RECORD_VERSION = "9"
"""Raised when the same words would come out as another record than before."""
CLASSES, STREETS = "nomenclator.csv", "strazi.csv"
"""The institution's filing plan and streets, in the archive's folder where it has them."""
MOST = 4 << 20
"""Bytes of a list that are read."""


def list_bytes(path: Path) -> bytes:
    """A list as it lies in the archive; empty where there is none."""
    try:
        with path.open("rb") as stream:
            return stream.read(MOST)
    except OSError:
        return b""


def record_mark(archive: Path) -> str:
    """Changes with the rules and with the archive's lists."""
    told = b"\0".join(list_bytes(archive / name) for name in (CLASSES, STREETS))
    return RECORD_VERSION + (sha256(told).hexdigest()[:12] if len(told) > 1 else "")

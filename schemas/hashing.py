"""SHA-256 of files, read in pieces."""

from hashlib import sha256
from pathlib import Path
from typing import BinaryIO

_CHUNK = 1 << 20


def hash_stream(stream: BinaryIO) -> str:
    """SHA-256 of what is left of an open file, lower-case hexadecimal."""
    digest = sha256()
    while chunk := stream.read(_CHUNK):
        digest.update(chunk)
    return digest.hexdigest()


def hash_file(path: Path) -> str:
    """SHA-256 of a file of ours, lower-case hexadecimal; links are followed."""
    with path.open("rb") as stream:
        return hash_stream(stream)

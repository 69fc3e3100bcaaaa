"""Bytes from outside into our keeping: opened without following links, copied durably, hashed."""

import errno
import os
import stat
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO

from scanners.names import safe_name
from schemas.durable import write_durably
from schemas.errors import RefusedError
from schemas.hashing import hash_stream
from schemas.sources import SourceFile

__all__ = ["content_key", "copy_original", "hash_file", "open_source", "safe_name"]

_CHUNK = 1 << 20
_GONE = frozenset({errno.ENOENT, errno.ESTALE, errno.ENOTDIR})


def _refused(error: OSError, name: str) -> RefusedError:
    if error.errno == errno.ELOOP:
        return RefusedError("special-file", name)
    return RefusedError("vanished" if error.errno in _GONE else "source-missing", name)


@contextmanager
def open_source(path: Path, name: str = "") -> Iterator[BinaryIO]:
    """A regular file to read; links are not followed, FIFOs never waited for.

    Raises RefusedError: vanished, special-file, source-missing (cannot be read).
    """
    name = name or path.name
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as error:
        raise _refused(error, name) from error
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise RefusedError("special-file", name)
    with os.fdopen(descriptor, "rb", buffering=0) as stream:
        yield stream


def _chunks(stream: BinaryIO, name: str) -> Iterator[bytes]:
    while True:
        try:
            chunk = stream.read(_CHUNK)
        except OSError as error:
            raise _refused(error, name) from error
        if not chunk:
            return
        yield chunk


def copy_original(source: SourceFile, target: Path) -> str:
    """Copies a file durably and returns the SHA-256 of the bytes written.

    Raises RefusedError: vanished, source-missing, special-file, or changed when its size is no
    longer what was planned; OSError where the target cannot be written.
    """
    digest = sha256()

    def fill(target_stream: BinaryIO) -> None:
        total = 0
        with open_source(source.path, source.name) as stream:
            for chunk in _chunks(stream, source.name):
                digest.update(chunk)
                target_stream.write(chunk)
                total += len(chunk)
        if total != source.bytes:
            raise RefusedError("changed", source.name)

    write_durably(target, fill)
    return digest.hexdigest()


def hash_file(path: Path) -> str:
    """SHA-256 of a regular file's bytes, lower-case hexadecimal; raises as `open_source`."""
    with open_source(path) as stream:
        try:
            return hash_stream(stream)
        except OSError as error:
            raise _refused(error, path.name) from error


def content_key(hashes: Sequence[str]) -> str:
    """What makes two binders the same: the hashes of their files in order."""
    return sha256("\n".join(h.lower() for h in hashes).encode("ascii")).hexdigest()

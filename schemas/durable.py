"""Files that are complete on disk or not there: temporary name, fsync, rename, fsync of the folder."""

import os
import time
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import BinaryIO
from uuid import uuid4

TEMPORARY = ".part"


def sync_folder(folder: Path) -> None:
    """Makes renames and new names in a folder outlast a power cut."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    except OSError as error:
        error.filename = str(folder)
        raise
    finally:
        os.close(descriptor)


def make_folder(folder: Path) -> None:
    """The folder and its parents, each durable in its parent."""
    if folder.is_dir():
        return
    make_folder(folder.parent)
    folder.mkdir(exist_ok=True)
    sync_folder(folder.parent)


def write_durably(
    path: Path,
    fill: Callable[[BinaryIO], None],
    fence: AbstractContextManager[object] | None = None,
) -> None:
    """Lets `fill` write a temporary file, then gives it its name; leaves nothing half-written.

    The name is given inside `fence`, which may refuse it by an error. An OSError names `path`.
    """
    make_folder(path.parent)
    temporary = path.with_name(f".{uuid4().hex}{TEMPORARY}")
    try:
        with temporary.open("xb") as stream:
            fill(stream)
            stream.flush()
            os.fsync(stream.fileno())
        with fence or nullcontext():
            temporary.replace(path)
    except BaseException as error:
        if isinstance(error, OSError):
            error.filename, error.filename2 = str(path), None
        temporary.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


def write_bytes_durably(
    path: Path, data: bytes, fence: AbstractContextManager[object] | None = None
) -> None:
    """`write_durably` of bytes at hand."""

    def fill(stream: BinaryIO) -> None:
        stream.write(data)

    write_durably(path, fill, fence)


def remove_leftovers(folder: Path, idle_seconds: float = 0.0) -> int:
    """Deletes temporary files that a killed process left in a folder; returns how many.

    Where others may write at the same time, only those that nobody touched for `idle_seconds`.
    """
    leftovers = tuple(folder.glob(f".*{TEMPORARY}")) if folder.is_dir() else ()
    idle = tuple(path for path in leftovers if not idle_seconds or _age(path) > idle_seconds)
    for path in idle:
        path.unlink(missing_ok=True)
    return len(idle)


def _age(path: Path) -> float:
    """Seconds since a file was written; none for one that is gone."""
    try:
        return time.time() - path.stat().st_mtime
    except FileNotFoundError:
        return 0.0

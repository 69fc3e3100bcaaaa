"""The versions of a receipt in their order: a writer that stood still never has the last word.

Each version is a file `STATION/.receipts/NAME.NUMBER` that only one writer can make, and the newest
always stays. Whoever puts one where people read it looks again afterwards; should he die before
that, the keeper of the receipts finds another there than the newest. No lock is needed.
"""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

from schemas.durable import make_folder, sync_folder
from schemas.layout import StationLayout

VERSIONS = ".receipts"
_DIGITS = 9
Version = tuple[int, Path]


def _numbered(path: str) -> tuple[str, int]:
    """A version's receipt and number; 0 of what is none."""
    name, _, number = path.rpartition(".")
    return name, int(number) if number.isascii() and number.isdigit() else 0


def _versions(station: StationLayout, name: str) -> tuple[Version, ...]:
    """The versions of a receipt, the newest first."""
    folder = station.root / VERSIONS
    return tuple(sorted(((n, folder / f) for f, n in _all(folder, name)), reverse=True))


def _all(folder: Path, name: str) -> Iterator[tuple[str, int]]:
    for file in os.listdir(folder) if folder.is_dir() else ():  # noqa: PTH208 names alone
        of, number = _numbered(file)
        if number and of == name:
            yield file, number


def newest_numbers(station: StationLayout) -> dict[str, int]:
    """The number of the newest version of every receipt of a station. Raises OSError."""
    folder, found = station.root / VERSIONS, dict[str, int]()
    for file in os.listdir(folder) if folder.is_dir() else ():  # noqa: PTH208 names alone
        name, number = _numbered(file)
        found[name] = max(number, found.get(name, 0))
    return found


def newest_number(station: StationLayout, name: str) -> int:
    """The number of a receipt's newest version; 0 where there is none. Raises OSError."""
    return next((number for number, _ in _versions(station, name)), 0)


def store(station: StationLayout, name: str, number: int, data: bytes) -> bool:
    """Make a version, durable; False where there is one of this number, or a newer one."""
    folder = station.root / VERSIONS
    make_folder(folder)
    path = folder / f"{name}.{number:0{_DIGITS}}"
    try:
        _write_new(path, data)
    except FileExistsError:
        return False
    if newest_number(station, name) > number:
        path.unlink(missing_ok=True)
        return False
    return True


def _write_new(path: Path, data: bytes) -> None:
    with path.open("xb") as stream:
        try:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        except OSError as error:
            path.unlink(missing_ok=True)
            error.filename = str(path)
            raise
    sync_folder(path.parent)


def publish(station: StationLayout, name: str, show: Callable[[int, Path], bool]) -> None:
    """Have the newest version shown, again where a newer one has come meanwhile.

    `show` puts a version where people read it, and is False for one that was never finished.
    Older versions go. Raises OSError.
    """
    newest, shown = -1, 0
    while newest != (now := newest_number(station, name)):
        newest = now
        shown = next((n for n, path in _versions(station, name) if show(n, path)), 0)
    for number, path in _versions(station, name):
        if number < shown:
            path.unlink(missing_ok=True)

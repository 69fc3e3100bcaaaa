"""Whole drops that a person sent back though their name was used before: a marker beside says so."""

from pathlib import Path

from scanners.delivery.folders import is_ignored
from scanners.intake import open_source
from schemas.durable import write_bytes_durably
from schemas.errors import RefusedError
from schemas.layout import StationLayout

_SAID = b"requeued\n"


def mark_sent_back(station: StationLayout, folder: Path) -> None:
    """Puts `NAME.ok` beside the drop in a folder, to go with it into the station's inbox.

    One that an interruption left in the inbox goes.
    """
    for drop in tuple(p for p in folder.iterdir() if not p.name.startswith(".")):
        if is_ignored(drop.name, drop.is_file() and not drop.is_symlink()):
            continue
        marker = f"{drop.name}.ok"
        if _says_so(station.inbox / marker):
            (station.inbox / marker).unlink()
        write_bytes_durably(folder / marker, _SAID)


def was_sent_back(claimed: Path) -> bool:
    """Whether a person sent a claimed drop back that had been refused for its name alone."""
    return _says_so(claimed.with_name(f"{claimed.name}.ok"))


def _says_so(marker: Path) -> bool:
    try:
        with open_source(marker) as stream:
            return stream.read(len(_SAID)) == _SAID
    except (RefusedError, OSError):
        return False

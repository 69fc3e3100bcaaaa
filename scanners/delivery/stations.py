"""The stations' folders: the folder is the station's identity, its station.toml its rules."""

import os
import re
import tomllib
from dataclasses import dataclass

from scanners.names import natural_key
from schemas.durable import make_folder
from schemas.errors import InputError
from schemas.layout import StationLayout
from schemas.settings import Settings

RULES = "station.toml"
SETTLE, RENAME = "settle", "rename"
REFUSE, NEW = "refuse", "new"
_STATION_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")
_LONGEST = 1 << 16


@dataclass(frozen=True, slots=True)
class StationRules:
    """How a station delivers: `delivery` settle or rename, its stability window (seconds).

    `same_name` refuse or new: what a drop is that bears the name of an earlier one with other
    content. Drops of an `urgent` station are taken before those of others. `problem` tells why
    station.toml could not be used; the defaults hold then.
    """

    stability_seconds: float
    delivery: str = SETTLE
    same_name: str = REFUSE
    problem: str = ""
    urgent: bool = False


def _rules(told: dict[str, object], default: float) -> StationRules:
    """Raises ValueError, naming the key that cannot be as it is."""
    window = told.pop("stability_seconds", default)
    delivery, same_name = told.pop("delivery", SETTLE), told.pop("same_name", REFUSE)
    if isinstance(window, bool) or not isinstance(window, int | float) or window < 0:
        raise ValueError("stability_seconds")
    if not isinstance(delivery, str) or delivery not in {SETTLE, RENAME}:
        raise ValueError("delivery")
    if not isinstance(same_name, str) or same_name not in {REFUSE, NEW}:
        raise ValueError("same_name")
    urgent = told.pop("urgent", False)
    if not isinstance(urgent, bool):
        raise ValueError("urgent")  # noqa: TRY004 one error for every key that cannot be used
    if told:
        raise ValueError(next(iter(told)))
    return StationRules(float(window), delivery, same_name, urgent=urgent)


def station_rules(station: StationLayout, settings: Settings) -> StationRules:
    """What station.toml says, completed by the settings; a link is not followed."""
    path, default = station.root / RULES, settings.stability_seconds
    try:
        if path.is_symlink() or not path.is_file():
            return StationRules(default)
        with path.open("rb") as stream:
            told = tomllib.loads(stream.read(_LONGEST).decode("utf-8"))
        return _rules(told, default)
    except (OSError, ValueError) as error:
        return StationRules(default, problem=str(error)[:200] or type(error).__name__)


def station_layouts(settings: Settings) -> tuple[StationLayout, ...]:
    """The stations: folders with a safe name, links not followed, in order of names."""
    folder = settings.stations_folder
    if not folder.is_dir():
        return ()
    names = (
        path.name
        for path in folder.iterdir()
        if _STATION_NAME.fullmatch(path.name) and path.is_dir() and not path.is_symlink()
    )
    return tuple(StationLayout(folder / name) for name in sorted(names, key=natural_key))


def prepare_station(settings: Settings, name: str = "") -> StationLayout:
    """The station's layout with its four folders made; raises InputError("unsafe-name"), OSError."""
    name = name or settings.station
    if not _STATION_NAME.fullmatch(name):
        raise InputError("unsafe-name", name, f=name)
    layout = settings.station_layout(name)
    for folder in (layout.inbox, layout.claimed, layout.receipts, layout.quarantine):
        make_folder(folder)
    return layout


def unwritable(station: StationLayout) -> str:
    """The first of a station's folders that cannot be written; empty where all can."""
    folders = (station.inbox, station.claimed, station.receipts, station.quarantine)
    bad = (f.name for f in folders if f.is_dir() and not os.access(f, os.W_OK | os.X_OK))
    return next(bad, "")

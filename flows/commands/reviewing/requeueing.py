"""`opis review requeue`: what lies in quarantine goes back to its station's inbox."""

from contextlib import suppress

from flows.answers import Answer, printable
from flows.archive import need_archive
from pipeline.ledger import open_ledger
from scanners.delivery.stations import prepare_station, station_layouts
from scanners.quarantine import send_back
from schemas.errors import InputError
from schemas.layout import StationLayout
from schemas.messages import say
from schemas.settings import Settings


def _station_of(settings: Settings, ident: str) -> StationLayout:
    """The station in whose quarantine an entry lies; raises InputError quarantine-missing."""
    for station in station_layouts(settings):
        if ident and (station.quarantine / ident / "reason.json").is_file():
            return prepare_station(settings, station.name)
    raise InputError("quarantine-missing", ident)


def requeue(settings: Settings, ident: str) -> Answer:
    """Send an entry back, the whole drop where all of it was refused; it is taken in anew."""
    need_archive(settings)
    station = _station_of(settings, ident.strip())
    file, gone = send_back(station, ident.strip())
    with open_ledger(settings) as ledger:
        for one in gone:
            with suppress(InputError):
                ledger.remove_quarantined(station.name, one)
    line = say("requeued", settings.interface_language, station=station.name, file=printable(file))
    payload = {"id": ident, "station": station.name, "file": printable(file), "removed": [*gone]}
    return Answer(payload, (line,))

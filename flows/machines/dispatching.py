"""Looking at the stations for others: which kinds of drops are complete and wait for hands."""

import time
from collections.abc import Iterator
from contextlib import suppress

from flows.archive import prepare_archive
from flows.watching.following import Follower
from flows.watching.looking import Eyes, Seen
from flows.watching.telling import Teller, Watch
from flows.watching.warning import Warner
from flows.work import work_batch
from scanners.delivery.holders import beat, gone, new_holder
from schemas.durable import make_folder
from schemas.errors import OpisError
from schemas.settings import Settings


def _ready(seen: tuple[Seen, ...]) -> frozenset[bool]:
    return frozenset(
        one.rules.urgent
        for one in seen
        if not one.problem and any(drop.state == "ready" for drop in one.drops)
    )


def ready_drops_seen(settings: Settings, tell: Teller, seconds: float) -> Iterator[frozenset[bool]]:
    """Look for so long, once at least; each look gives which drops are complete: urgent (True), other.

    Nothing is claimed; what waits is answered, and warnings go out.
    """
    prepare_archive(settings)
    make_folder(settings.stations_folder)
    watching = Watch(settings, tell, work_batch, new_holder())
    beat(settings.stations_folder, watching.holder)
    eyes, warner = Eyes(watching), Warner(watching)
    with suppress(OpisError, OSError):
        Follower(watching).refresh()
    end = time.monotonic() + seconds
    try:
        while True:
            seen = eyes.look()
            warner.check(seen)
            yield _ready(seen)
            if time.monotonic() + settings.rescan_seconds >= end:
                return
            time.sleep(settings.rescan_seconds)
    finally:
        warner.close()
        gone(settings.stations_folder, watching.holder)

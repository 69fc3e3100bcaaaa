"""What workers left undone is finished by others: units whose lease is over, claims of the dead.

Any machine may look at any time, and several at once: the ledger's leases and the claims' holders
decide who works. Nothing here knows of Prefect, whose runs may say what they like.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from threading import Event, Thread

from flows.archive import prepare_archive
from flows.machines.unindexed import finish_index
from flows.progress import Progress, Silent
from flows.run import Run, open_run
from flows.watching.taking import stopped, take
from flows.watching.telling import Teller, Watch
from flows.work import BatchWorker, BinderOutcome, Stages, take_up, work_batch
from pipeline.ledger import Ledger, UnitRow, open_ledger
from scanners.delivery.claims import Claim, claims, take_over
from scanners.delivery.holders import HolderMemory, beat, gone, is_dead, new_holder, observe_holders
from scanners.delivery.stations import station_layouts
from schemas.errors import InputError, OpisError
from schemas.records import UnitState
from schemas.settings import Settings

_SETTLE_SECONDS = 3.0
"""A unit is without a lease for a moment between two stages of the same worker."""
_LOOK_SECONDS = 2.0
_OF_THE_UNIT = frozenset(
    {"index-held", "lease-lost", "unit-damaged", "unit-missing", "unit-unread"}
)


def _left(ledger: Ledger, patience: float) -> dict[str, UnitRow]:
    rows = (*ledger.expired(patience), *ledger.unfinished())
    return {row.id: row for row in rows}


def left_undone(ledger: Ledger, settings: Settings) -> tuple[UnitRow, ...]:
    """Units that nobody works on any more and that can go on from their own originals.

    Looks until that is known of every lease, some lease_seconds at most; at once where nothing is
    under way. The order is that of the leases, then of the claims.
    """
    if not ledger.leases() and not ledger.units(UnitState.WORKING):
        return ()
    patience = settings.lease_seconds + 2 * settings.lease_renewal_seconds
    if not (first := _left(ledger, patience)):
        return ()
    time.sleep(_SETTLE_SECONDS)
    return tuple(
        row
        for ident, row in _left(ledger, 0).items()
        if ident in first and settings.layout.unit(ident).record.exists()
    )


def _finished(row: UnitRow, run: Run, stages: Stages | None) -> BinderOutcome:
    try:
        return take_up(row.id, run, stages)
    except InputError as error:
        if error.code not in _OF_THE_UNIT:
            raise
        return BinderOutcome(row.name, (), trouble=error)


def finish_units(
    settings: Settings, progress: Progress, stages: Stages | None = None
) -> tuple[BinderOutcome, ...]:
    """Find what was left undone and finish it, page by page; what another took up is left to it.

    Raises OpisError of the archive and its services.
    """
    prepare_archive(settings)
    with open_ledger(settings) as ledger:
        rows = left_undone(ledger, settings)
        if not rows and not ledger.left_turns():
            return ()
        with open_run(settings, progress) as opened:
            run = replace(opened, ledger=ledger)  # it has seen for how long each lease stood still
            finish_index(run)
            return tuple(
                _finished(row, run, stages) for row in rows if not ledger.is_worked_on(row.id)
            )


def dead_claims(settings: Settings) -> tuple[Claim, ...]:
    """Claims whose watcher is gone; looks until each showed life or is dead, holder_seconds at most."""
    folder, first = settings.stations_folder, dict[str, bytes]()
    seen: HolderMemory = {}
    while True:
        held = tuple(c for station in station_layouts(settings) for c in claims(station))
        now = time.monotonic()
        seen = observe_holders(folder, {c.holder for c in held} - {""}, now, seen)
        first = {holder: first.get(holder, data) for holder, (data, _) in seen.items()}
        dead = tuple(c for c in held if is_dead(c.holder, now, seen, settings.holder_seconds))
        over = {c.holder for c in dead}
        if all(seen[h][0] != data for h, data in first.items() if h not in over):
            return dead
        time.sleep(min(_LOOK_SECONDS, settings.rescan_seconds))


@contextmanager
def _showing_life(watching: Watch) -> Iterator[None]:
    """Others see that we live as long as the block lasts."""
    folder, end = watching.settings.stations_folder, Event()
    beat(folder, watching.holder)

    def show() -> None:
        while not end.wait(min(_LOOK_SECONDS, watching.settings.rescan_seconds)):
            with suppress(OSError):
                beat(folder, watching.holder)

    thread = Thread(target=show, name="alive", daemon=True)
    thread.start()
    try:
        yield
    finally:
        end.set()
        thread.join()
        gone(folder, watching.holder)


def finish_claims(settings: Settings, tell: Teller, work: BatchWorker = work_batch) -> int:
    """Take over drops whose watcher died, work on them and answer them; how many there were.

    Raises OpisError and OSError of what stopped the work: the drop is tried again later then.
    """
    dead = dead_claims(settings)
    if not dead:
        return 0
    watching, done = Watch(settings, tell, work, new_holder()), 0
    with _showing_life(watching), open_run(settings, Silent()) as run:
        for held in dead:
            ours = take_over(held, watching.holder)
            if ours is not None:
                _take(ours, watching, run)
                done += 1
    return done


def _take(ours: Claim, watching: Watch, run: Run) -> None:
    try:
        take(ours, watching, run)
    except (OpisError, OSError) as error:
        with suppress(OSError):
            stopped(ours, error, watching)
        raise

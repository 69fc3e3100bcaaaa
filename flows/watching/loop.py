"""Watching the stations, for ever or for one pass."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Thread

from flows.archive import prepare_archive
from flows.changes.changing import finish_pending
from flows.commands.scan_batch import progress_for
from flows.machines.unindexed import finish_index
from flows.progress import Silent
from flows.run import Run, StoppedError, open_run
from flows.watching.following import Follower
from flows.watching.looking import Eyes, Seen
from flows.watching.station_health import DISK_LOW, has_room
from flows.watching.taking import stopped, take
from flows.watching.telling import Teller, Watch, complain, told_of
from flows.watching.warning import Warner
from flows.work import BatchWorker, work_batch
from pipeline.ledger import open_ledger
from scanners.delivery.claims import Claim, Told, claim, take_over, with_sidecars
from scanners.delivery.drops import PATIENCE, Drop
from scanners.delivery.holders import beat, gone, new_holder
from schemas.durable import make_folder
from schemas.errors import InputError, OpisError, ServiceError
from schemas.layout import StationLayout
from schemas.settings import Settings

_REST = 3
_LEAST_LOOKS = 4
_LONGEST_PAUSE = 60.0
_OF_ALL = ("ledger-", "index-", "archive-", "disk-", "engine-", "model-", "setting-")


class _Hands:
    """What this watcher took and could not finish, with the time at which it is tried again."""

    def __init__(self, watching: Watch, eyes: Eyes) -> None:
        self._watching = watching
        self._eyes = eyes
        self._later: dict[str, float] = {}
        self._turn = ""
        self._pause_until = 0.0
        self.rest = False
        self.error: Exception | None = None

    def work(self, seen: tuple[Seen, ...]) -> bool:
        """Take and work until nothing is left that can be taken; whether there was anything."""
        first = self._next(seen)
        if first is None:
            return False
        settings = self._watching.settings
        try:
            with open_run(settings, progress_for(settings, quiet=True)) as run:
                self._work_all(first, run)
        except (OpisError, OSError) as error:
            self._put_off(first, error)
        return True

    def _finish_changes(self, run: Run) -> None:
        """What people's interrupted commands left; a damaged change never strands a drop."""
        try:
            finish_pending(run)
        except InputError as error:
            complain(told_of(error, self._watching))

    def _work_all(self, first: Claim, run: Run) -> None:
        self._finish_changes(run)
        found: Claim | None = first
        while found is not None:
            self._turn = found.station.name
            try:
                self.rest |= take(found, self._watching, run)
            except (StoppedError, BrokenPipeError):
                raise
            except Exception as error:  # noqa: BLE001 one drop's trouble never strands the others
                self._put_off(found, error)
            found = self._next(self._eyes.look())

    def _put_off(self, found: Claim, error: Exception) -> None:
        """The claim stays ours and is tried again; what stopped it is told beside the drop."""
        if isinstance(error, BrokenPipeError):
            raise error
        self.error = self.error or error
        again = time.monotonic() + self._watching.settings.retry_seconds
        self._later[str(found.folder)] = again
        if _stops_all(error):
            self._pause_until = again
        complain(f"{found.station.name} {found.folder.name}: {told_of(error, self._watching)}")
        try:
            stopped(found, error, self._watching)
        except OSError as trouble:
            self._eyes.trouble(found.station, trouble)

    def _next(self, seen: tuple[Seen, ...]) -> Claim | None:
        if time.monotonic() < self._pause_until or not has_room(self._watching.settings):
            return None
        usable = [one for one in seen if not one.problem]
        turn = sorted(
            usable, key=lambda one: (not one.rules.urgent, one.station.name <= self._turn)
        )
        for one in turn:
            for held in one.claims:
                ours = self._resumed(held)
                if ours is not None:
                    return ours
        ready = ((one, drop) for one in turn for drop in one.drops if drop.state == "ready")
        return next((ours for one, drop in ready if (ours := self._claimed(one, drop))), None)

    def _resumed(self, held: Claim) -> Claim | None:
        """A claim of ours that is due again, or one of a dead holder."""
        if held.holder == self._watching.holder:
            due = self._later.get(str(held.folder), 0.0) <= time.monotonic()
            return with_sidecars(held) if due and held.path else None
        if held.holder and not self._eyes.is_dead(held.holder):
            return None
        try:
            return take_over(held, self._watching.holder)
        except OSError as error:
            self._not_taken(held.station, error)
            return None

    def _claimed(self, one: Seen, drop: Drop) -> Claim | None:
        told = Told(drop.confirmed, self._eyes.received(one.station, drop.name))
        try:
            return claim(drop, one.station, self._watching.holder, told)
        except OSError as error:
            self._not_taken(one.station, error)
            return None

    def _not_taken(self, station: StationLayout, error: OSError) -> None:
        """Tried again at a later look; a watch of one pass ends by it."""
        self.error = self.error or error
        self._eyes.trouble(station, error)


def _stops_all(error: Exception) -> bool:
    """Whether every other drop would meet the same: a service, the ledger, the index, the disk."""
    if isinstance(error, OpisError):
        return isinstance(error, ServiceError) or error.code.startswith(_OF_ALL)
    return isinstance(error, OSError)


def watch(settings: Settings, *, once: bool, tell: Teller, work: BatchWorker = work_batch) -> int:
    """Watch every station, for ever or for one pass; returns the exit code.

    One pass waits for drops that are still changing, at most the stability window after its work.
    Several watchers may watch the same stations.
    """
    prepare_archive(settings)
    make_folder(settings.stations_folder)
    watching = Watch(settings, tell, work, new_holder())
    beat(settings.stations_folder, watching.holder)
    eyes, warner = Eyes(watching), Warner(watching)
    try:
        with _looking_meanwhile(watching, eyes, warner):
            return _watch(watching, eyes, warner, once=once)
    finally:
        warner.close()
        gone(settings.stations_folder, watching.holder)


def _pause(settings: Settings) -> float:
    return min(settings.rescan_seconds, _LONGEST_PAUSE)


@contextmanager
def _looking_meanwhile(watching: Watch, eyes: Eyes, warner: Warner) -> Iterator[None]:
    """A thread that looks, tells and shows that we live while the other works."""
    end = Event()

    def look() -> None:
        while not end.wait(_pause(watching.settings)):
            try:
                warner.check(eyes.look(busy=True))
            except Exception as error:  # noqa: BLE001 the next look may go better
                complain(told_of(error, watching))

    thread = Thread(target=look, name="stations", daemon=True)
    thread.start()
    try:
        yield
    finally:
        end.set()
        thread.join()


def _watch(watching: Watch, eyes: Eyes, warner: Warner, *, once: bool) -> int:
    settings, hands = watching.settings, _Hands(watching, eyes)
    patience = max(
        (settings.stability_seconds, *(one.rules.stability_seconds for one in eyes.look()))
    )
    patience = PATIENCE * patience + _LEAST_LOOKS * settings.rescan_seconds
    since, looks, kept = time.monotonic(), 0, -_LONGEST_PAUSE
    follower = Follower(watching)
    while True:
        seen = eyes.look()
        if hands.work(seen):
            since, looks = time.monotonic(), 0
        warner.check(seen)
        if time.monotonic() - kept >= _LONGEST_PAUSE:
            hands.error = hands.error or _keep_right(follower, watching)
            kept = time.monotonic()
        looks += 1
        changing = any(d.code == "still-changing" for one in seen for d in one.drops)
        patient = looks < _LEAST_LOOKS or time.monotonic() < since + patience
        if once and not (changing and patient):
            return _ended(hands, seen)
        time.sleep(_pause(settings))


def _ended(hands: _Hands, seen: tuple[Seen, ...]) -> int:
    """The exit code of one pass; what stopped the work is raised."""
    if hands.error is not None:
        raise hands.error
    kept_out = any(drop.code == DISK_LOW for one in seen for drop in one.drops)
    return _REST if hands.rest or kept_out or any(one.problem for one in seen) else 0


def _keep_right(follower: Follower, watching: Watch) -> OpisError | None:
    """The index where a writer that stood still left it older, then receipts as their units are.

    What is wrong with ledger or index, by which a pass ends; it stops no other.
    """
    try:
        held = _mend_index(watching.settings)
        follower.refresh()
    except (OpisError, OSError) as error:
        complain(told_of(error, watching))
        return error if isinstance(error, OpisError) else None
    if held is not None:
        complain(told_of(held, watching))
    return held


def _mend_index(settings: Settings) -> InputError | None:
    with open_ledger(settings) as ledger:
        if not ledger.left_turns():
            return None
    with open_run(settings, Silent()) as run:
        return finish_index(run)

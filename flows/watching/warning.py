"""Conditions that people should know of: told once by one of all watchers, and when they are over.

A file under STATIONS/.notices/ stands for a condition that was told; who makes it tells of the
condition, who deletes it tells that it is over.
"""

import time
from collections import defaultdict, deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from queue import Empty, Queue
from threading import Event, Lock, Thread

import msgspec

from flows.watching.looking import READ_ONLY, Seen
from flows.watching.notices import Notice, NoticeError, channels
from flows.watching.station_health import (
    DISK_LOW,
    Warned,
    has_room,
    index_warnings,
    station_health,
)
from flows.watching.telling import Watch, complain
from schemas.durable import make_folder
from schemas.layout import StationLayout
from schemas.messages import say

NOTICES = ".notices"
_LEAST_PAUSE = 2.0
_LAST_SECONDS = 12.0
_INDEX_SECONDS = 60.0
_LISTEN_SECONDS = 0.1
_Way = Callable[[Notice], None]
_OF_INDEX = (".elasticsearch-", ".index-")


class _Post:
    """Sends notices in a thread of its own; what fails is tried again before those behind it.

    Each way has its own line: a mail server that is down keeps no webhook waiting.
    """

    def __init__(self, watching: Watch) -> None:
        self._watching = watching
        self._waiting: Queue[tuple[int, _Way, Notice]] = Queue()
        self._lines: defaultdict[int, deque[tuple[_Way, Notice]]] = defaultdict(deque)
        self._again: dict[int, float] = {}
        self._end = Event()
        self._thread = Thread(target=self._run, name="notices", daemon=True)
        self._thread.start()

    def send(self, notice: Notice) -> None:
        for line, way in enumerate(channels(self._watching.settings)):
            self._waiting.put((line, way, notice))

    def close(self) -> None:
        """What waits is tried once more, for some seconds at most."""
        self._end.set()
        self._thread.join(_LAST_SECONDS)

    def _run(self) -> None:
        ended = False
        while not ended:
            ended = self._end.is_set()
            with suppress(Empty):
                line, way, notice = self._waiting.get(timeout=_LISTEN_SECONDS)
                self._lines[line].append((way, notice))
                ended = False
            for line, waiting in self._lines.items():
                self._deliver(line, waiting, last=ended)

    def _deliver(self, line: int, waiting: "deque[tuple[_Way, Notice]]", *, last: bool) -> None:
        """All of a line in its order, up to the first that fails."""
        while waiting and (last or time.monotonic() >= self._again.get(line, 0.0)):
            way, notice = waiting[0]
            try:
                way(notice)
            except NoticeError as error:
                complain(say("notice_failed", self._watching.language, why=error))
                self._again[line] = time.monotonic() + self._watching.settings.retry_seconds
                return
            waiting.popleft()


class Warner:
    """What was told already, and the telling of what is new or over.

    The index is asked every so many seconds, not at once: a single pass leaves that to its end.
    """

    def __init__(self, watching: Watch, index_seconds: float = _INDEX_SECONDS) -> None:
        self._watching = watching
        self._index_seconds = index_seconds
        self._index_at = time.monotonic() + index_seconds
        self._index: tuple[Warned, ...] | None = None
        self._folder = watching.settings.stations_folder / NOTICES
        self._lock = Lock()
        self._last = -_LEAST_PAUSE
        self._post = _Post(watching)

    def close(self) -> None:
        self._post.close()

    def check(self, seen: Sequence[Seen]) -> None:
        """Compare what is with what was told, some seconds after the last time at the earliest."""
        with self._lock:
            if time.monotonic() - self._last < _LEAST_PAUSE:
                return
            self._last = time.monotonic()
            with suppress(OSError):
                self._compare({warned.key: warned for warned in self._conditions(seen)})

    def _conditions(self, seen: Sequence[Seen]) -> list[Warned]:
        settings = self._watching.settings
        found = [] if has_room(settings) else [Warned("", DISK_LOW)]
        found += self._of_index()
        for one in seen:
            told = station_health(one.station, settings).warnings
            if one.problem and all(warned.code != READ_ONLY for warned in told):
                detail = {"f": one.station.name, "why": one.problem}
                found.append(Warned(one.station.name, READ_ONLY, detail))
            found += told
        return found

    def _of_index(self) -> tuple[Warned, ...]:
        if time.monotonic() >= self._index_at:
            self._index = index_warnings(self._watching.settings)
            self._index_at = time.monotonic() + self._index_seconds
        return self._index or ()

    def _is_over(self, key: str) -> bool:
        """Whether a condition that is not there is over: of the index only once it was asked."""
        return self._index is not None or not key.startswith(_OF_INDEX)

    def _compare(self, now: dict[str, Warned]) -> None:
        make_folder(self._folder)
        told = {path.name: path for path in self._folder.iterdir()}
        for key, warned in now.items():
            if key not in told:
                self._begin(self._folder / key, warned)
        for key, path in told.items():
            if key not in now and self._is_over(key):
                self._end(path)

    def _begin(self, path: Path, warned: Warned) -> None:
        try:
            with path.open("xb") as stream:
                stream.write(msgspec.json.encode(warned))
        except FileExistsError:
            return
        self._tell("warning", Notice(warned))

    def _end(self, path: Path) -> None:
        try:
            warned = msgspec.json.decode(path.read_bytes(), type=Warned)
        except (OSError, msgspec.MsgspecError):
            station, _, code = path.name.rpartition(".")
            warned = Warned(station, code)
        try:
            path.unlink()
        except FileNotFoundError:
            return
        self._tell("cleared", Notice(warned, cleared=True))

    def _tell(self, event: str, notice: Notice) -> None:
        station = StationLayout(self._folder.parent / (notice.warned.station or "–"))
        self._watching.event(event, station, notice.warned.code)
        self._post.send(notice)

"""A disk that is full, broken or read-only, and too few file descriptors, from any point on."""

import errno
import os
import resource
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from benchmarks.faults.bench import Bench
from benchmarks.faults.commands import HUNG, Done, Place
from benchmarks.faults.judging import SCAN, Problem, Tally, after, standing, tail, told_badly
from benchmarks.faults.kills import WATCH, Killer, drop, station_problems
from benchmarks.faults.tracer import NAMES, SYNCS, WRITES, Call, Decision

_FULL_AT = WRITES | {"mkdir", "mkdirat"}
_DESCRIPTORS = (6, 10, 14, 18, 24, 32, 48)
_CAUSES = {
    errno.ENOSPC: ("space", "full"),
    errno.EIO: ("I/O", "Input/output"),
    errno.EROFS: ("ead-only", "readonly", "unable to open"),
    errno.EMFILE: ("open files",),
}

Prepared = Callable[[Place], None] | None


@dataclass(frozen=True, slots=True)
class Trouble:
    """From a point on every call of these kinds fails with this error."""

    name: str
    error: int
    calls: frozenset[str]
    command: Sequence[str] = SCAN
    prepared: Prepared = None


TROUBLES = (
    Trouble("ENOSPC write", errno.ENOSPC, _FULL_AT),
    Trouble("ENOSPC fsync", errno.ENOSPC, SYNCS),
    Trouble("ENOSPC rename", errno.ENOSPC, NAMES),
    Trouble("EIO write", errno.EIO, WRITES),
    Trouble("EIO fsync", errno.EIO, SYNCS),
    Trouble("EIO rename", errno.EIO, NAMES),
    Trouble("watch ENOSPC write", errno.ENOSPC, _FULL_AT, WATCH, drop),
    Trouble("watch ENOSPC rename", errno.ENOSPC, NAMES, WATCH, drop),
    Trouble("watch EIO write", errno.EIO, WRITES, WATCH, drop),
    Trouble("watch EIO fsync", errno.EIO, SYNCS, WATCH, drop),
    Trouble("watch EIO rename", errno.EIO, NAMES, WATCH, drop),
)


class Failing:
    """From the `number`-th call of its kinds on all of them fail; `first` is the one it began with."""

    def __init__(self, trouble: Trouble, number: int) -> None:
        self._trouble = trouble
        self._number = number
        self._seen = 0
        self.first: Call | None = None

    def __call__(self, call: Call) -> Decision:
        if call.name not in self._trouble.calls:
            return None
        self._seen += 1
        if self._seen < self._number:
            return None
        self.first = self.first or call
        return self._trouble.error


def _calls(command: Sequence[str], prepared: Prepared, bench: Bench) -> Counter[str]:
    """How often an undisturbed command makes each kind of call."""
    counting = Killer(0, ("",))
    with bench.place() as place:
        if prepared:
            prepared(place)
        place.traced(counting, *command)
    return Counter(call.name for call in counting.calls)


def _points(bench: Bench) -> dict[Trouble, int]:
    ways = {(t.command, t.prepared) for t in TROUBLES}
    calls = {way: _calls(*way, bench) for way in ways}
    return {t: sum(calls[t.command, t.prepared][name] for name in t.calls) for t in TROUBLES}


def told_cause(done: Done, error: int) -> list[Problem]:
    """Whether the message tells what the system told."""
    said = done.out + done.err
    if done.code in {0, HUNG} or any(word in said for word in _CAUSES[error]):
        return []
    return [Problem("unnamed", f"{os.strerror(error)} is not told: {tail(done)}")]


def judged(done: Done, error: int, place: Place, bench: Bench) -> list[Problem]:
    """What a command under a fault said, and what it left unsaid."""
    names = ("open files",) if error == errno.EMFILE else ()  # that is no file's fault
    said = [*told_badly(done, *names), *told_cause(done, error)]
    if done.code:
        return said
    unsaid = standing(place, bench.reference)
    return [Problem("silent", problem.what) for problem in unsaid]


def _tried(trouble: Trouble, number: int, bench: Bench) -> tuple[str, list[Problem]]:
    failing = Failing(trouble, number)
    with bench.place(OPIS_RETRY_SECONDS="0.2") as place:
        if trouble.prepared:
            trouble.prepared(place)
        done = place.traced(failing, *trouble.command)
        if failing.first is None:
            return "", []
        problems = judged(done, trouble.error, place, bench)
        problems += after(place, bench.reference, *trouble.command)
        if trouble.prepared:
            problems += station_problems(place)
    return f"{trouble.name} {number}: {failing.first.name} {failing.first.path}", problems


def on_disk(bench: Bench) -> dict[str, object]:
    """ENOSPC and EIO, sticky, from each write, fsync and rename on; then once more without."""
    tally = Tally()
    last = _points(bench)
    tried = dict.fromkeys(TROUBLES, 0)
    for trouble, number in bench.mixed(last):
        point, problems = _tried(trouble, number, bench)
        if point:
            tally.add(point, problems)
            tried[trouble] += 1
    tally.more.update({f"{t.name} (tried, of)": [tried[t], last[t]] for t in TROUBLES})
    return tally.figures()


def _few_descriptors(number: int) -> Callable[[], None]:
    def prepare() -> None:
        there = len(os.listdir("/proc/self/fd"))  # noqa: PTH208 a count
        resource.setrlimit(resource.RLIMIT_NOFILE, (there + number, there + number))

    return prepare


def descriptors(bench: Bench) -> dict[str, object]:
    """EMFILE: only so many files may be open."""
    tally = Tally()
    for number in _DESCRIPTORS[:: max(1, len(_DESCRIPTORS) // bench.most)]:
        if bench.over:
            break
        with bench.place(prepare=_few_descriptors(number)) as place:
            done = place.run(*SCAN)
            problems = judged(done, errno.EMFILE, place, bench)
            free = Place(place.root, place.environment)
            tally.add(
                f"{number} descriptors: exit {done.code}",
                [*problems, *after(free, bench.reference)],
            )
    return tally.figures()


def _refused(call: Call) -> Decision:
    return errno.EROFS if call.name not in SYNCS else None


def read_only(bench: Bench) -> dict[str, object]:
    """Every change of an archive is refused; what only reads goes on."""
    tally = Tally()
    for state in ("new", "done"):
        with bench.place(state) as place:
            (place.archive).mkdir(exist_ok=True)
            done = place.traced(_refused, *SCAN)
            problems = judged(done, errno.EROFS, place, bench)
            tally.add(
                f"scan-batch on {state}: exit {done.code}",
                [*problems, *after(place, bench.reference)],
            )
    for command in (("verify",), ("status",), ("search", "de")):
        with bench.place("done") as place:
            done = place.traced(_refused, *command, "--json")
            tally.add(f"{command[0]}: exit {done.code}", told_badly(done))
            tally.more[f"{command[0]} on a read-only archive"] = f"exit {done.code}"
    return tally.figures()

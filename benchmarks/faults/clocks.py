"""A clock that is wrong, that jumps, and that is put back an hour: order comes from the ledger.

There is no other clock to be had without a privilege, so the modules' own `time.time` and
`datetime` are replaced in the command's process; files' times stay the machine's.
"""

import json
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from typing import Self

from benchmarks.faults.bench import Bench
from benchmarks.faults.commands import Place
from benchmarks.faults.judging import SCAN, Problem, Tally, after, tail
from benchmarks.faults.kills import WATCH, drop, station_problems

DAY = 86400.0
YEAR = 365.25 * DAY
_real_time = time.time
_RealDatetime = datetime
Clock = Callable[[float], float]
"""What a clock shows after so many seconds of the command, as seconds to be added."""


def shift(seconds: float) -> Clock:
    """A clock that is wrong by so much."""
    return lambda _elapsed: seconds


def jump(first: float, then: float, moment: float = 0.4) -> Clock:
    """A clock that is set while the command runs."""
    return lambda elapsed: first if elapsed < moment else then


def set_to(when: datetime) -> Clock:
    """A clock that begins at a moment."""
    return shift(when.timestamp() - _real_time())


def wrong_clock(clock: Clock) -> Callable[[], None]:
    """For a place's `prepare`: every module of the command sees that clock."""

    def prepare() -> None:
        begun = time.monotonic()

        def shown() -> float:
            return _real_time() + clock(time.monotonic() - begun)

        class Shown(_RealDatetime):
            """`datetime` with that clock."""

            @classmethod
            def now(cls, tz: tzinfo | None = None) -> Self:
                return cls.fromtimestamp(shown(), tz)

        time.tzset()
        time.time = shown
        for module in tuple(sys.modules.values()):
            if vars(module).get("datetime") is _RealDatetime:
                module.datetime = Shown  # type: ignore[attr-defined]  # it has it: the line before

    return prepare


BACK = set_to(datetime(2026, 10, 25, 0, 59, 58, tzinfo=UTC))
"""Two seconds before the clocks of Bucharest go from 04:00 back to 03:00."""
FORTH = set_to(datetime(2027, 3, 28, 0, 59, 58, tzinfo=UTC))
SEQUENCES: dict[str, tuple[Clock, ...]] = {
    "two days back": (shift(0), shift(-2 * DAY), shift(-4 * DAY)),
    "five years on, and home again": (shift(0), shift(5 * YEAR), shift(0)),
    "back at first": (shift(-2 * DAY), shift(5 * YEAR), shift(-3 * DAY)),
    "set meanwhile": (jump(0, -2 * DAY), jump(5 * YEAR, 0), jump(0, 5 * YEAR)),
    "hour put back": (BACK, BACK, shift(-40 * DAY)),
    "hour put on": (FORTH, FORTH, shift(0)),
}
MEANWHILE = {
    "two days back": jump(0, -2 * DAY),
    "five years on": jump(0, 5 * YEAR),
    "from five years on": jump(5 * YEAR, 0),
    "hour put back": BACK,
}


def _another(place: Place, number: int) -> Path:
    """The binder once more, with other bytes, as another unit whatever its cover says."""
    folder = place.root / f"src{number}"
    folder.mkdir()
    for path in (place.root / "src").glob("*.tif"):
        (folder / path.name).write_bytes(path.read_bytes() + bytes(number))
        told = json.dumps({"cota": str(number)})
        (folder / f"{path.stem}.binder.json").write_text(told, encoding="utf-8")
    return folder


def _in_order(place: Place, wanted: list[str], what: str) -> list[Problem]:
    told = place.run("ledger", "rebuild", "--json")
    got = told.json.get("units")
    return (
        [] if got == wanted else [Problem("order", f"{what}: {got}, wanted {wanted} {tail(told)}")]
    )


def _sequence(name: str, bench: Bench) -> list[Problem]:
    problems: list[Problem] = []
    taken: list[str] = []
    with bench.place(TZ="Europe/Bucharest") as place:
        for number, clock in enumerate(SEQUENCES[name], 1):
            folder = _another(place, number)
            told = Place(place.root, place.environment, wrong_clock(clock))
            done = told.run("scan-batch", folder.name, "--json")
            if done.code:
                problems.append(Problem("stuck", tail(done)))
            taken += done.json.get("units") or []
        problems += _in_order(place, taken, "rebuilt beside the ledger")
        for path in place.archive.glob("ledger.db*"):
            path.unlink()
        problems += _in_order(place, taken, "rebuilt without it")
        verified = place.run("verify", "--json")
        if verified.code or verified.json.get("units") != len(taken):
            problems.append(Problem("damaged", tail(verified)))
    return problems


def _watched(clock: Clock, bench: Bench, *, marker: bool) -> list[Problem]:
    with bench.place(prepare=wrong_clock(clock), TZ="Europe/Bucharest") as place:
        drop(place)
        if not marker:
            for path in (place.archive / "stations/S1/inbox").glob("*.ok"):
                path.unlink()
        done = place.run(*WATCH)
        problems = [] if done.code == 0 else [Problem("stuck", tail(done))]
        return [*problems, *station_problems(place)]


def _killed_then_shifted(clock: Clock, bench: Bench) -> list[Problem]:
    with bench.place() as place:
        place.traced(lambda call: 0 if call.number == 250 else None, *SCAN)
        later = Place(place.root, place.environment, wrong_clock(clock))
        return after(later, bench.reference)


def wrong(bench: Bench) -> dict[str, object]:
    """Units taken by wrong clocks keep their order, also without the ledger; nothing is stranded."""
    tally = Tally()
    for name in tuple(SEQUENCES)[: bench.most]:
        if not bench.over:
            tally.add(f"three runs, {name}", _sequence(name, bench))
    for name, clock in tuple(MEANWHILE.items())[: bench.most]:
        if bench.over:
            break
        tally.add(f"watching, {name}", _watched(clock, bench, marker=True))
        tally.add(f"watching without a marker, {name}", _watched(clock, bench, marker=False))
        tally.add(f"killed, then {name}", _killed_then_shifted(clock, bench))
    tally.more["how"] = "time.time and datetime replaced in the process; files' times are real"
    return tally.figures()

"""kill -9 at system calls that change the archive, and at any moment of each stage."""

import shutil
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec

from benchmarks.faults.bench import Bench
from benchmarks.faults.commands import Place
from benchmarks.faults.judging import SCAN, Problem, Tally, after, binders_of
from benchmarks.faults.tracer import Call, Decision

WATCH = ("watch", "--once", "--json")
STATION = "stations/S1"


@dataclass(frozen=True, slots=True)
class Scenario:
    """A command, the state in which it begins, and the paths at whose calls it is killed."""

    name: str
    command: Sequence[str]
    state: str = "new"
    under: tuple[str, ...] = ("",)
    prepared: Callable[[Place], None] | None = None


def drop(place: Place) -> None:
    """The binder lies complete in a station's inbox."""
    inbox = place.archive / STATION / "inbox"
    inbox.mkdir(parents=True)
    for path in (place.root / "src").iterdir():
        shutil.copy(path, inbox)
    for path in binders_of(place.root / "src"):
        (inbox / f"{path.stem}.ok").touch()


def without_index(place: Place) -> None:
    """The index is gone."""
    shutil.rmtree(place.archive / "index")


SCENARIOS = (
    Scenario("claim", WATCH, under=("stations",), prepared=drop),
    Scenario("ledger and units", SCAN, under=("ledger.db", "units")),
    Scenario("index", SCAN, under=("index",)),
    Scenario("reindex", ("reindex", "--json"), state="done"),
    Scenario("reindex from nothing", ("reindex", "--json"), state="done", prepared=without_index),
    Scenario("rebuild", ("ledger", "rebuild", "--json"), state="done"),
)


class Killer:
    """Kills at the n-th call under some paths; 0 only counts them. `seconds` is waited before."""

    def __init__(self, number: int, under: Sequence[str], seconds: float = 0) -> None:
        self._number = number
        self._under = tuple(under)
        self._seconds = seconds
        self.calls: list[Call] = []

    def __call__(self, call: Call) -> Decision:
        return self._counted(call) if call.path.startswith(self._under) else None

    def _counted(self, call: Call) -> Decision:
        self.calls.append(call)
        if len(self.calls) != self._number:
            return None
        time.sleep(self._seconds)
        return 0


def counted(scenario: Scenario, bench: Bench) -> int:
    """How many points a scenario has when nobody disturbs it."""
    counting = Killer(0, scenario.under)
    with bench.place(scenario.state) as place:
        if scenario.prepared:
            scenario.prepared(place)
        place.traced(counting, *scenario.command)
    return len(counting.calls)


def station_problems(place: Place) -> list[Problem]:
    """What a station that handed in one binder must not look like afterwards."""
    station = place.archive / STATION
    left = [p for folder in ("inbox", "claimed") for p in (station / folder).rglob("*")]
    problems = [Problem("lost", f"stranded: {path.relative_to(station)}") for path in left]
    for path in binders_of(place.root / "src"):
        receipt = station / "receipts" / f"{path.name}.json"
        told = msgspec.json.decode(receipt.read_bytes()) if receipt.exists() else {}
        if told.get("state") != "done":
            problems.append(Problem("silent", f"receipt of {path.name}: {told}"))
    return problems


def _killed(scenario: Scenario, killer: Killer, bench: Bench) -> tuple[bool, str, list[Problem]]:
    with bench.place(scenario.state) as place:
        if scenario.prepared:
            scenario.prepared(place)
        done = place.traced(killer, *scenario.command)
        if not done.killed:
            return False, "", []
        call = killer.calls[-1]
        problems = after(place, bench.reference, *scenario.command)
        if scenario.prepared is drop:
            problems += station_problems(place)
    return True, f"{scenario.name} {len(killer.calls)}: {call.name} {call.path}", problems


def at_syscalls(bench: Bench) -> dict[str, object]:
    """Kill -9 right before every call that changes something; the same command again finishes."""
    tally = Tally()
    last = {scenario: counted(scenario, bench) for scenario in SCENARIOS}
    tried = dict.fromkeys(SCENARIOS, 0)
    for scenario, number in bench.mixed(last):
        reached, point, problems = _killed(scenario, Killer(number, scenario.under), bench)
        if reached:
            tally.add(point, problems)
            tried[scenario] += 1
    names = {one: f"{one.name} (points tried, of)" for one in SCENARIOS}
    tally.more.update({names[one]: [tried[one], last[one]] for one in SCENARIOS})
    return tally.figures()


STAGES = {
    "claiming": ("stations",),
    "taking in": ("units/*/*/representations/rep1/originals",),
    "reading": ("units/*/*/representations/rep1/alto", "units/*/*/.work"),
    "documents": ("units/*/*/representations/rep1/pdf",),
    "publishing": ("units/*/*/metadata",),
    "indexing": ("index",),
}
_AMONG = {
    "claiming": 40,
    "taking in": 8,
    "reading": 80,
    "documents": 20,
    "publishing": 40,
    "indexing": 60,
}
"""Among so many first calls of a stage the moment is drawn."""
IN_EACH = 20
_LONGEST_DELAY = 0.05


class StageKiller(Killer):
    """The same, where paths are patterns from the archive's folder."""

    def __call__(self, call: Call) -> Decision:
        parts = Path(call.path).parts
        if not any(_begins(parts, Path(pattern).parts) for pattern in self._under):
            return None
        return self._counted(call)


def _begins(parts: Sequence[str], pattern: Sequence[str]) -> bool:
    pairs = tuple(zip(pattern, parts, strict=False))
    return len(parts) >= len(pattern) and all(p in {"*", part} for p, part in pairs)


def at_random(bench: Bench) -> dict[str, object]:
    """Kill -9 at random moments of each stage, up to 50 ms after one of its calls."""
    tally, bench = Tally(), bench.with_binders()
    tried = dict.fromkeys(STAGES, 0)
    for stage, number in bench.mixed(dict.fromkeys(STAGES, IN_EACH)):
        chances = bench.draw("stage", stage, number)
        scenario = Scenario(stage, WATCH, under=STAGES[stage], prepared=drop)
        delay = chances.uniform(0, _LONGEST_DELAY)
        killer = StageKiller(chances.randint(1, _AMONG[stage]), STAGES[stage], delay)
        reached, point, problems = _killed(scenario, killer, bench)
        if reached:
            tally.add(point, problems)
            tried[stage] += 1
    tally.more.update(tried)
    return tally.figures()

"""The ledger locked, without its WAL, truncated; PostgreSQL restarted: named, bounded, rebuilt."""

import importlib
import os
import signal
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from benchmarks.faults.bench import Bench
from benchmarks.faults.commands import Place
from benchmarks.faults.judging import SCAN, Problem, Tally, after, standing, tail, told_badly
from benchmarks.faults.kills import Killer
from benchmarks.faults.tracer import Call, Decision

_BOUND = 60.0
"""Seconds within which a command tells that the ledger stays locked (it waits for 30)."""
_STATE = ("units", "published", "working", "unreconciled", "pages", "quarantined", "reconciled")


def _state(place: Place) -> dict[str, object]:
    told = place.run("status", "--json").json
    return {key: told.get(key) for key in _STATE}


@contextmanager
def locked(ledger: Path, seconds: float) -> Iterator[None]:
    """Another process writes in the ledger meanwhile, for so long at most."""
    ready, told = os.pipe()
    pid = os.fork()
    if not pid:
        with closing(sqlite3.connect(ledger, isolation_level=None)) as connection:
            connection.execute("BEGIN EXCLUSIVE")
            os.write(told, b"1")
            time.sleep(seconds)
        os._exit(0)
    os.read(ready, 1)
    try:
        yield
    finally:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
        os.close(ready)
        os.close(told)


def _held_for(seconds: float, command: tuple[str, ...], bench: Bench) -> list[Problem]:
    with bench.place("done") as place:
        for path in place.archive.glob("units/*/*/representations/rep1/alto/0001.xml"):
            path.unlink()
        with locked(place.archive / "ledger.db", seconds):
            done = place.run(*command)
        problems = told_badly(done, "ledger")
        if done.seconds > _BOUND:
            problems.append(Problem("stuck", f"waits for {done.seconds:.0f} s"))
        if seconds < _BOUND / 4 and done.code:
            problems.append(Problem("stuck", f"a short lock stops it: {tail(done)}"))
        if seconds > _BOUND and done.code == 0:
            problems.append(Problem("silent", tail(done)))
        return [*problems, *after(place, bench.reference)]


def _locks(tally: Tally, bench: Bench) -> None:
    tally.add("locked for 3 s", _held_for(3, SCAN, bench))
    if bench.most > 3:
        tally.add("locked for good", _held_for(300, SCAN, bench))


def _without_wal(number: int, *, rebuilt: bool, bench: Bench) -> list[Problem]:
    """Killed with something in the WAL; then its files are deleted."""
    with bench.place() as place:
        place.traced(Killer(number, ("ledger.db-wal",)), *SCAN)
        for ending in ("-wal", "-shm"):
            (place.archive / f"ledger.db{ending}").unlink(missing_ok=True)
        problems: list[Problem] = []
        first = place.run(*(("ledger", "rebuild", "--json") if rebuilt else SCAN))
        if first.code:
            problems += told_badly(first, "ledger")
            mended = place.run("ledger", "rebuild", "--json")
            problems += [Problem("stuck", tail(mended))] if mended.code else []
        return [*problems, *after(place, bench.reference)]


def _deleted(tally: Tally, bench: Bench) -> None:
    chances = bench.draw("wal")
    for number in sorted(chances.sample(range(5, 180), min(20, bench.most))):
        if bench.over:
            return
        rebuilt = bool(number % 2)
        how = "rebuild" if rebuilt else "the same command"
        problems = _without_wal(number, rebuilt=rebuilt, bench=bench)
        tally.add(f"WAL deleted after a kill at its call {number}, then {how}", problems)


def _truncated_to(size: int, bench: Bench) -> list[Problem]:
    with bench.place("done") as place:
        before = _state(place)
        os.truncate(place.archive / "ledger.db", size)
        done = place.run(*SCAN)
        problems = told_badly(done, "ledger", "archive")
        if done.code == 0:
            problems += [Problem("silent", p.what) for p in standing(place, bench.reference)]
        rebuilt = place.run("ledger", "rebuild", "--json")
        if rebuilt.code:
            problems.append(Problem("stuck", f"rebuild: {tail(rebuilt)}"))
        if _state(place) != before:
            problems.append(Problem("lost", f"{_state(place)}, wanted {before}"))
        again = place.run(*SCAN)
        if again.json.get("work", {}).get("pages_recognised") != 0:
            problems.append(Problem("lost", f"pages are read again: {tail(again)}"))
        return [*problems, *after(place, bench.reference)]


def _truncated(tally: Tally, bench: Bench) -> None:
    whole = (bench.root / bench.material / "done/archive/ledger.db").stat().st_size
    sizes = (
        0,
        100,
        4096,
        whole // 2,
        1,
        16,
        99,
        512,
        4095,
        8192,
        whole // 3,
        whole - 4096,
        whole - 1,
    )
    for size in sizes[: bench.most]:
        if bench.over:
            return
        tally.add(f"truncated to {size} of {whole} bytes", _truncated_to(size, bench))


def files(bench: Bench) -> dict[str, object]:
    """SQLite's file locked, cut and without its WAL; a rebuild gives the same state."""
    tally = Tally()
    for part in (_truncated, _deleted, _locks):
        if not bench.over:
            part(tally, bench)
    return tally.figures()


class _Restart:
    """Stops the server at the n-th call that changes the archive, and starts it some time later."""

    def __init__(self, server: Any, number: int, pause: float) -> None:  # noqa: ANN401 of tests/services
        self._server = server
        self._number = number
        self._pause = pause
        self.done = False

    def __call__(self, call: Call) -> Decision:
        if call.number == self._number:
            self._server.stop()
            time.sleep(self._pause)
            self._server.start()
            self.done = True
        return None


def restarted(bench: Bench) -> dict[str, object]:
    """A real PostgreSQL is stopped and started while a batch runs."""
    services = importlib.import_module("tests.services.postgres")
    folders = importlib.import_module("tests.services.process")
    tally, chances = Tally(), bench.draw("postgres")
    for number in sorted(chances.sample(range(5, 120), min(8, bench.most))):
        if bench.over:
            break
        with folders.service_folder("postgres") as folder:
            server = services.OwnServer(folder)
            server.start()
            try:
                tally.add(f"restarted at call {number}", _while_restarted(server, number, bench))
            finally:
                server.stop()
    return tally.figures()


def _while_restarted(server: Any, number: int, bench: Bench) -> list[Problem]:  # noqa: ANN401 as above
    with bench.place(OPIS_LEDGER_URL=server.url) as place:
        restart = _Restart(server, number, 1.0)
        done = place.traced(restart, *SCAN)
        problems = told_badly(done)
        if not restart.done:
            problems.append(Problem("silent", "it ended before the server was stopped"))
        return [*problems, *after(place, bench.reference)]

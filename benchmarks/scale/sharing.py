"""Pages for each CPU second of the workers: two machines against one, at the same drops."""

import os
import shutil
import sys
import time
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from benchmarks.scale.hosts import host
from benchmarks.scale.services import Services
from schemas.records import decode_unit

_WATCH = (str(Path(sys.executable).with_name("opis")), "watch", "--once", "--json")
_WORKED = (0, 3)
"""All is well, or a page is to be scanned again: some of the generator's are."""
_QUIET = {"OPIS_STABILITY_SECONDS": "0", "OPIS_RESCAN_SECONDS": "1", "OPIS_WORKING_HOURS": ""}


@dataclass(frozen=True, slots=True)
class Shared:
    """What machines did together: pages, seconds, their CPU seconds and those of the services."""

    machines: int
    pages: int
    wall: float
    cpu: float
    services: dict[str, float]

    @property
    def pages_a_cpu_second(self) -> float:
        return self.pages / self.cpu

    def told(self) -> dict[str, object]:
        """The figures, rounded."""
        return {
            "machines": self.machines,
            "pages": self.pages,
            "wall_seconds": round(self.wall, 1),
            "worker_cpu_seconds": round(self.cpu, 2),
            "pages_per_worker_cpu_second": round(self.pages_a_cpu_second, 3),
            "service_cpu_seconds": {k: round(v, 2) for k, v in self.services.items()},
        }


def work(machines: int, binders: Sequence[Path], services: Services, root: Path) -> Shared:
    """So many machines take these binders, each in one pass; CPU with all that ended."""
    given = {**services.archive(root), **_QUIET}
    inbox = Path(given["OPIS_ARCHIVE"]) / "stations/S1/inbox"
    inbox.mkdir(parents=True)
    for binder in binders:
        shutil.copytree(binder, inbox / binder.name)
        (inbox / f"{binder.name}.ok").touch()
    before, started, cpu = services.cpu_seconds(), time.monotonic(), 0.0
    with ExitStack() as stack:
        running = [
            stack.enter_context(host(f"machine-{n}", root / f"m{n}", given)).start(*_WATCH)
            for n in range(machines)
        ]
        for process in running:
            _, status, used = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
            if process.returncode not in _WORKED:
                raise SystemExit(f"a machine failed with {process.returncode}: {root}")
            cpu += used.ru_utime + used.ru_stime
        wall = time.monotonic() - started
    after = services.cpu_seconds()
    spent = {name: after[name] - seconds for name, seconds in before.items()}
    units = Path(given["OPIS_ARCHIVE"]).glob("units/*/*/metadata/record.json")
    pages = sum(len(decode_unit(record.read_bytes()).pages) for record in units)
    return Shared(machines, pages, wall, cpu, spent)

"""Machines that share storage and services only: each has its own processes, name, home, /tmp."""

import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import psutil  # type: ignore[import-untyped]  # the package has no types

_ROOT = Path(__file__).resolve().parents[2]
_SPACES = ("--uts", "--pid", "--fork", "--mount-proc", "--kill-child")
QUEUES = {"normal": 1, "urgent": 4}
"""The queues of the pool, with how many runs of each a machine takes at once."""


def _unshared(name: str) -> list[str]:
    """The command in front of a host's own: spaces of names and of processes, gone with their first."""
    user = () if os.geteuid() == 0 else ("--user", "--map-root-user")
    return ["unshare", *user, *_SPACES, "sh", "-c", 'hostname "$0" && exec "$@"', name]


@dataclass(frozen=True, slots=True)
class Host:
    """A machine: its name, its own folder, and what it is told by the environment.

    One that is not `apart` is this machine itself, where a dead process is known at once.
    """

    name: str
    root: Path
    given: Mapping[str, str]
    apart: bool = True
    started: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def environment(self) -> dict[str, str]:
        """Nothing of ours but the way to the programs; home and /tmp of its own."""
        own = {"HOME": "home", "TMPDIR": "tmp", "PREFECT_HOME": "prefect"}
        folders = {key: str(self.root / name) for key, name in own.items()}
        for folder in folders.values():
            Path(folder).mkdir(parents=True, exist_ok=True)
        kept = {key: os.environ[key] for key in ("PATH", "LANG") if key in os.environ}
        return {**kept, **folders, **self.given}

    def start(self, *command: str, log: str = "host.log") -> subprocess.Popen[bytes]:
        """A program of this machine, first of its own space of processes."""
        with (self.root / log).open("ab") as output:
            process = subprocess.Popen(
                [*(_unshared(self.name) if self.apart else ()), *command],
                cwd=_ROOT,
                env=self.environment(),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self.started.append(process)
        return process

    def work(self, prefect: Sequence[str]) -> None:
        """One Prefect worker a queue."""
        for queue, limit in QUEUES.items():
            told = ("--work-queue", queue, "--limit", str(limit), "--name", f"{self.name}-{queue}")
            self.start(*prefect, "worker", "start", "--pool", "opis", *told, log=f"{queue}.log")

    def kill(self) -> None:
        """Kill -9 all that runs on the machine, as when its plug is pulled."""
        for process in self.started:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
        for process in self.started:
            process.wait()
        self.started.clear()

    def cpu_seconds(self) -> float:
        """CPU seconds of all that runs on it now, with what ended and was waited for."""
        return sum(cpu_of(process.pid) for process in self.started)


@contextmanager
def host(name: str, root: Path, given: Mapping[str, str], *, apart: bool = True) -> Iterator[Host]:
    """A machine that is gone after the block, with all that it runs."""
    root.mkdir(parents=True)
    machine = Host(name, root, given, apart)
    try:
        yield machine
    finally:
        machine.kill()


def cpu_of(pid: int) -> float:
    """CPU seconds of a process, its living descendants, and those of theirs that ended."""
    total = 0.0
    with suppress(psutil.Error):
        first = psutil.Process(pid)
        for process in (first, *first.children(recursive=True)):
            with suppress(psutil.Error):
                used = process.cpu_times()
                total += used.user + used.system + used.children_user + used.children_system
    return total


def wait_for(condition: Callable[[], object], seconds: float) -> bool:
    """Whether a condition came to hold within so long."""
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            return False
        time.sleep(0.2)
    return True


def _models() -> Path:
    """Converted models and compiled code as this machine has them: hosts begin warm."""
    usual = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(os.environ.get("OPIS_MODEL_CACHE") or Path(usual) / "opis" / "models")


def settings_of(archive: Path, ledger: str, elasticsearch: str, prefix: str) -> dict[str, str]:
    """The environment by which machines share an archive and its services."""
    return {
        "OPIS_ARCHIVE": str(archive),
        "OPIS_LEDGER_URL": ledger,
        "OPIS_ELASTICSEARCH_URL": elasticsearch,
        "OPIS_ELASTICSEARCH_PREFIX": prefix,
        "OPIS_MODEL_CACHE": str(_models()),
        "OPIS_WORKERS": "1",
        "OPIS_FREE_MB": "1",
        "OPIS_FREE_SHARE": "0",
    }

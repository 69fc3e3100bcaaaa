"""What a command costs: CPU, wall time and peak memory of its whole process tree (Linux)."""

import ctypes
import os
import signal
import subprocess
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path

_PR_SET_CHILD_SUBREAPER = 36
_PAUSE = 0.05
_GRACE = 5.0
_KIBIBYTES = 1 << 10  # in a MiB
_TAIL = 400


@dataclass(frozen=True, slots=True)
class Usage:
    """CPU (user and system) and wall seconds, most memory (MiB, what is shared counted once), exit code.

    `code` is negative for a signal; `why` holds the end of stderr where the code is not 0.
    """

    cpu: float = 0.0
    wall: float = 0.0
    peak_mb: float = 0.0
    code: int = 0
    why: str = ""

    def __add__(self, other: "Usage") -> "Usage":
        """One after the other."""
        return Usage(
            self.cpu + other.cpu,
            self.wall + other.wall,
            max(self.peak_mb, other.peak_mb),
            self.code or other.code,
            self.why or other.why,
        )


def _children(pid: int) -> Iterator[int]:
    with suppress(OSError):
        for thread in Path(f"/proc/{pid}/task").iterdir():
            yield from map(int, (thread / "children").read_text(encoding="ascii").split())


def _tree(root: int) -> Iterator[int]:
    yield root
    for child in _children(root):
        yield from _tree(child)


def _proportional(pid: int) -> int:
    """Resident KiB of a process, of what it shares with others its part."""
    with suppress(OSError):
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1])
    return 0


class _Sampler(threading.Thread):
    """Looks at the tree every 50 ms; memory that processes share counts once."""

    def __init__(self, root: int) -> None:
        super().__init__(daemon=True)
        self._root, self._over = root, threading.Event()
        self.peak = 0

    def run(self) -> None:
        while not self._over.wait(_PAUSE):
            self.peak = max(self.peak, sum(map(_proportional, _tree(self._root))))

    def stop(self) -> float:
        self._over.set()
        self.join()
        return self.peak / _KIBIBYTES


@contextmanager
def _adopting_orphans() -> Iterator[None]:
    """Processes that outlive their parents become ours, so that their CPU is told to us too."""
    prctl = ctypes.CDLL(None).prctl
    prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    try:
        yield
    finally:
        prctl(_PR_SET_CHILD_SUBREAPER, 0, 0, 0, 0)


def _end_group(group: int) -> None:
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(group, signal.SIGKILL)


def _reap(pid: int) -> float:
    """CPU seconds of what is left of a group, itself included, and of all that it waited for."""
    spent = 0.0
    with suppress(ChildProcessError):
        while True:
            _, _, used = os.wait4(-pid, 0)
            spent += used.ru_utime + used.ru_stime
    return spent


def _end_of(errors: Path) -> str:
    text = errors.read_text(encoding="utf-8", errors="replace")
    return " ".join(text.split())[-_TAIL:]


def _wait(pid: int, limit: float) -> float:
    """Wait for the command without reaping it; ends its group at the limit. Wall seconds."""
    started = time.perf_counter()
    ender = threading.Timer(limit, _end_group, (pid,))
    ender.start()
    try:
        os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT)
    except BaseException:
        _end_group(pid)
        raise
    finally:
        ender.cancel()
    return time.perf_counter() - started


def _account(process: subprocess.Popen[bytes], limit: float) -> Usage:
    """Wait for the command and all that it left running; their cost, without `why`."""
    sampler = _Sampler(process.pid)
    sampler.start()
    try:
        wall = _wait(process.pid, limit)
    finally:
        peak = sampler.stop()
    ended = os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)
    process.returncode = ended.si_status if ended and ended.si_code == os.CLD_EXITED else -1
    late = threading.Timer(_GRACE, _end_group, (process.pid,))
    late.start()
    cpu = _reap(process.pid)
    late.cancel()
    return Usage(cpu, wall, peak, process.returncode)


def measure(
    command: Sequence[str | Path],
    log: Path,
    *,
    limit: float,
    environment: Mapping[str, str] | None = None,
    stdin: Path | None = None,
) -> Usage:
    """Run a command to its end, or to `limit` seconds; its output goes to `log`.out and `log`.err.

    What the command leaves running is given five seconds, then ended. CPU is the kernel's own
    account of every process of the group, orphans included.
    """
    out, errors = (log.with_name(f"{log.name}.{kind}") for kind in ("out", "err"))
    with ExitStack() as opened:
        opened.enter_context(_adopting_orphans())
        process = subprocess.Popen(
            command,
            stdin=opened.enter_context((stdin or Path(os.devnull)).open("rb")),
            stdout=opened.enter_context(out.open("wb")),
            stderr=opened.enter_context(errors.open("wb")),
            env={**os.environ, **(environment or {})},
            start_new_session=True,
        )
        usage = _account(process, limit)
    return replace(usage, why=_end_of(errors)) if usage.code else usage

"""Starting, waiting for and stopping the servers that tests use."""

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

import httpx

ROOT = Path(__file__).resolve().parents[2]
INSTALLED = ROOT / ".cache"  # links made by deploy/*.sh
NOBODY = 65534
LOG_TAIL = 30


class ServiceError(RuntimeError):
    """A server that did not start, with the end of its log."""


def installed(name: str, remedy: str = "make services") -> Path:
    """The folder that a set-up script installed `name` into."""
    path = INSTALLED / name
    if not path.is_dir():
        raise ServiceError(f"{name} is not installed. Remedy: {remedy}")
    return path.resolve()


def free_port() -> int:
    """A TCP port of the loopback address that nothing listened on a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def answers(url: str) -> bool:
    """Whether an HTTP GET is answered with success."""
    try:
        return httpx.get(url, timeout=2, trust_env=False).is_success
    except httpx.HTTPError:
        return False


def _reachable(folder: Path) -> bool:
    return all(part.stat().st_mode & 0o001 for part in (folder, *folder.parents))


@contextmanager
def service_folder(name: str) -> Iterator[Path]:
    """A new folder that the servers' user may write, removed afterwards."""
    bases = (Path(tempfile.gettempdir()), Path("/tmp"), Path("/var/tmp"))
    base = next(base for base in bases if os.geteuid() != 0 or _reachable(base))
    folder = Path(tempfile.mkdtemp(prefix=f"opis-{name}-", dir=base))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def hand_over(folder: Path) -> None:
    """Give a folder and all in it to the servers' user."""
    if os.geteuid() != 0:
        return
    for path in (folder, *folder.rglob("*")):
        os.chown(path, NOBODY, NOBODY)


def _bound(command: Sequence[str], how: signal.Signals, unprivileged: bool) -> list[str]:
    bind = ["setpriv", "--pdeathsig", how.name.removeprefix("SIG")]
    if unprivileged and os.geteuid() == 0:
        bind += [f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups"]
    return [*bind, "--", *command]


def tail(log: Path) -> str:
    """The last lines of a log."""
    text = log.read_text(errors="replace") if log.exists() else "(no log)"
    return "\n".join(text.splitlines()[-LOG_TAIL:])


def _wait(
    name: str, process: subprocess.Popen, ready: Callable[[], bool], log: Path, seconds: float
) -> None:
    until = time.monotonic() + seconds
    while not ready():
        if process.poll() is not None:
            raise ServiceError(f"{name} ended with exit code {process.returncode}:\n{tail(log)}")
        if time.monotonic() > until:
            raise ServiceError(f"{name} did not answer within {seconds:g} s:\n{tail(log)}")
        time.sleep(0.1)


def stop(
    process: subprocess.Popen, how: signal.Signals = signal.SIGTERM, seconds: float = 30
) -> None:
    """End a server and what it started: politely, then by force."""
    process.send_signal(how)
    with suppress(subprocess.TimeoutExpired):
        process.wait(seconds)
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


@contextmanager
def running(
    name: str,
    command: Sequence[str],
    ready: Callable[[], bool],
    log: Path,
    *,
    env: Mapping[str, str] | None = None,
    how: signal.Signals = signal.SIGTERM,
    unprivileged: bool = False,
    seconds: float = 240,
) -> Iterator[subprocess.Popen]:
    """Run a server until the block ends; it also ends when this process dies, in whatever way.

    `unprivileged` makes it run as `nobody` where the tests run as root.
    """
    with log.open("wb") as output:
        process = subprocess.Popen(
            _bound(command, how, unprivileged),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env=dict(os.environ if env is None else env),
            cwd=log.parent,
            start_new_session=True,
        )
    try:
        _wait(name, process, ready, log, seconds)
        yield process
    finally:
        stop(process, how)

"""Runs the `opis` command as a person would, in a process of its own."""

import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import psutil

OPIS = Path(sys.executable).with_name("opis")
LONGEST = 600
ALONE = {"OPIS_WORKERS": "1"}
"""The tests run side by side: each command with one process that reads, where nothing else is said."""
_POLL = 0.01
_ERROR = {"code", "file", "reason", "remedy", "exit"}


@dataclass(frozen=True, slots=True)
class Done:
    """What a command left: exit code, stdout, stderr."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> dict:
        """The one JSON object on stdout; fails where there is anything else."""
        lines = self.out.splitlines()
        assert len(lines) == 1, (self.out[:2000], self.err[-2000:])
        value = json.loads(lines[0])
        assert isinstance(value, dict)
        return value


@dataclass(frozen=True, slots=True)
class Place:
    """A folder to run commands in; the archive is `archive` in it."""

    root: Path
    environment: dict[str, str] = field(default_factory=dict)

    @property
    def archive(self) -> Path:
        return self.root / "archive"

    @property
    def units(self) -> tuple[Path, ...]:
        return tuple(sorted(self.archive.glob("units/*/*")))

    def env(self, **more: str) -> dict[str, str]:
        clean = {k: v for k, v in os.environ.items() if not k.startswith(("OPIS_", "PREFECT_"))}
        return {**clean, **ALONE, "OPIS_ARCHIVE": "archive", **self.environment, **more}

    def start(self, *arguments: object, **more: str) -> subprocess.Popen:
        """The command under way, in a process group of its own."""
        return subprocess.Popen(
            [OPIS, *map(str, arguments)],
            cwd=self.root,
            env=self.env(**more),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
        )

    def run(self, *arguments: object, **more: str) -> Done:
        return ended(self.start(*arguments, **more))


def ended(process: subprocess.Popen) -> Done:
    """Wait for a command; all of its group is killed where it does not end."""
    try:
        out, err = process.communicate(timeout=LONGEST)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        out, err = process.communicate()
        raise AssertionError(f"hangs: {process.args}\n{err.decode()[-3000:]}") from None
    return Done(process.returncode, out.decode(), err.decode())


def alive(group: int) -> list[str]:
    """Processes of a group or session that still run."""
    found = []
    for process in psutil.process_iter(["pid", "cmdline", "status"]):
        with suppress(ProcessLookupError, psutil.Error):
            same = os.getsid(process.pid) == group
            if same and process.info["status"] != psutil.STATUS_ZOMBIE:
                found.append(f"{process.pid} {' '.join(process.info['cmdline'] or ())[:120]}")
    return found


def fails(done, code, exit_code):
    """An error as programs get it."""
    assert done.code == exit_code, (done.out, done.err)
    error = done.json["error"]
    assert error.keys() == _ERROR
    assert error["code"] == code
    assert error["exit"] == exit_code
    assert error["reason"]
    assert error["remedy"]
    assert "Traceback" not in done.err
    return error


def assert_all_gone(group: int, seconds: float = 10) -> None:
    """Nothing of a session outlives its first process."""
    until = time.monotonic() + seconds
    while left := alive(group):
        assert time.monotonic() < until, left
        time.sleep(0.05)


def kill(process: subprocess.Popen) -> Done:
    """kill -9 of the program alone; what it started has to follow by itself."""
    process.send_signal(signal.SIGKILL)
    done = ended(process)
    assert_all_gone(process.pid)
    return done


def wait_until(condition: Callable[[], object], process: subprocess.Popen | None = None) -> bool:
    """Poll until a condition holds; False where the process ended before it did."""
    until = time.monotonic() + LONGEST
    while not condition():
        if process is not None and process.poll() is not None:
            return bool(condition())
        assert time.monotonic() < until, "waited too long"
        time.sleep(_POLL)
    return True


def _has_the_ledger(place: Place) -> bool:
    """Whether a program was stopped in the middle of writing to SQLite."""
    if "OPIS_LEDGER_URL" in place.environment:
        return False
    try:
        with closing(sqlite3.connect(place.archive / "ledger.db", timeout=0.1)) as connection:
            connection.execute("BEGIN IMMEDIATE")
            connection.rollback()
    except sqlite3.OperationalError:
        return True
    return False


def _stopped(process: subprocess.Popen) -> bool:
    return psutil.Process(process.pid).status() == psutil.STATUS_STOPPED


def freeze(process: subprocess.Popen, place: Place) -> None:
    """Stop a program and all that it started, not in the middle of a transaction."""
    while True:
        os.killpg(process.pid, signal.SIGSTOP)
        assert wait_until(lambda: _stopped(process), process)
        if not _has_the_ledger(place):
            return
        os.killpg(process.pid, signal.SIGCONT)
        time.sleep(0.05)


def copied(place: Place, to: Path) -> Place:
    """A copy of a place's archive, to be changed."""
    shutil.copytree(place.archive, to / "archive", symlinks=True)
    return Place(to, place.environment)


def tree(folder: Path) -> dict[str, bytes]:
    """Every file below a folder with its bytes."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def alto_files(place: Place) -> list[Path]:
    return sorted(place.archive.glob("units/*/*/representations/rep1/alto/[0-9]*.xml"))


@contextmanager
def killed_at_last(process: subprocess.Popen) -> Iterator[subprocess.Popen]:
    """Whatever happens in the block, nothing of the process stays behind."""
    try:
        yield process
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()

"""Who has an embedded index open for writing, as its lock file tells, and whether he works."""

import os
import socket
import sys
import time
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

import msgspec

_MOST_BYTES = 4096
_PROCESSES = Path("/proc/self/ns/pid")
_BOOT = Path("/proc/sys/kernel/random/boot_id")
_START_FIELD, _CPU_FIELDS = 19, slice(11, 13)
UNKNOWN = "?"


@dataclass(frozen=True, slots=True)
class Writer:
    """`since` is in seconds of its machine's clock; `room` names its machine and space of processes."""

    program: str = UNKNOWN
    pid: int = 0
    started: str = ""
    host: str = UNKNOWN
    room: str = ""
    since: float = 0.0

    @property
    def detail(self) -> dict[str, object]:
        """What the message of a busy index is filled with; `sign` changes while the writer works."""
        who = f"{self.program}, pid {self.pid or UNKNOWN}, {self.host}"
        return {"who": who, "since": self.since, "sign": f"{who} {self.since} {self._cpu()}"}

    def _cpu(self) -> tuple[str, ...]:
        """The processor time it used so far; nothing where its process cannot be seen from here."""
        fields = _fields(self.pid) if self.room == _room() else ()
        same = bool(fields) and fields[_START_FIELD] == self.started
        return fields[_CPU_FIELDS] if same else ()


def _fields(pid: int) -> tuple[str, ...]:
    """What the system tells of a process, from its state on; nothing where there is none."""
    try:
        text = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ()
    return tuple(text.rpartition(")")[2].split())


def _room() -> str:
    """Two processes with equal ones know each other by number; empty where that cannot be told."""
    try:
        return f"{_BOOT.read_text(encoding='ascii').strip()} {_PROCESSES.readlink()}"
    except OSError:
        return ""


def _ourselves() -> Writer:
    program = " ".join((Path(sys.argv[0]).name, *sys.argv[1:2]))
    fields = _fields(os.getpid())
    started = fields[_START_FIELD] if fields else ""
    return Writer(program, os.getpid(), started, socket.gethostname(), _room(), time.time())


def sign(descriptor: int) -> None:
    """Write into a lock file that is held who holds it; a disk that refuses leaves it unsaid."""
    with suppress(OSError):
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, msgspec.json.encode(asdict(_ourselves())), 0)


def signed(descriptor: int) -> Writer:
    """Who last signed a lock file; nobody known where that cannot be read."""
    try:
        return msgspec.json.decode(os.pread(descriptor, _MOST_BYTES, 0), type=Writer)
    except (OSError, msgspec.DecodeError):
        return Writer()

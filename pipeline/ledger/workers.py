"""Who works here: this machine since it was started, this process since it was started."""

import os
from pathlib import Path
from socket import gethostname
from uuid import uuid4

_BOOT = Path("/proc/sys/kernel/random/boot_id")
_PROCESSES = Path("/proc/self/ns/pid")
_ENDED = frozenset({"Z", "X"})


def machine_id(name: str = "") -> str:
    """`name boot pid-namespace`; two equal ones may look for each other's processes by number.

    Where the system does not tell, each call gives another, so that nobody is taken for dead.
    """
    try:
        boot, room = _BOOT.read_text(encoding="ascii").strip(), str(_PROCESSES.readlink())
    except OSError:
        boot, room = uuid4().hex, ""
    return f"{name or gethostname()} {boot} {room}"


def boot_of(machine: str) -> str:
    """What differs after a machine was started again."""
    return machine.rsplit(" ", 2)[1]


def name_of(machine: str) -> str:
    """The machine's name, as people know it."""
    return machine.rsplit(" ", 2)[0]


def process_id(pid: int | None = None) -> str:
    """`number start` of a process, this one by default; empty where it has ended."""
    number = pid or os.getpid()
    try:
        status = Path(f"/proc/{number}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
    fields = status.rpartition(")")[2].split()
    return "" if fields[0] in _ENDED else f"{number} {fields[19]}"


def has_ended(process: str) -> bool:
    """Whether a process of this machine is gone; another with its number is another process."""
    number = process.partition(" ")[0]
    return process_id(int(number)) != process

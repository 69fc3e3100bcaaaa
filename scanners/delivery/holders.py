"""Who holds a claim: a watcher's name tells its machine and process, its file shows that it lives.

On the same machine a holder is dead when its process is gone. One that was stopped, like one
elsewhere, is as good as dead when its file has not changed for so many seconds of the observer's own
steady clock: clocks are not compared.
"""

import os
import platform
import re
from collections.abc import Iterable, Mapping
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from uuid import uuid4

from schemas.durable import make_folder

WATCHERS = ".watchers"
_NAME = re.compile(r"([0-9a-f]{12})-(\d{1,10})-(\d{1,20})-[0-9a-f]{8}")
_BOOT = Path("/proc/sys/kernel/random/boot_id")
_SPACE = Path("/proc/self/ns/pid")
_STATE_FIELD, _START_FIELD = 0, 19
_ENDED, _STOPPED = frozenset({"Z", "X"}), frozenset({"T", "t"})
HolderMemory = Mapping[str, tuple[bytes, float]]
"""By holder: what its file held, and since when (seconds of a steady clock) it has."""


def this_machine() -> str:
    """12 letters that stand for this machine since its start, and for its space of processes."""
    told = [platform.node()]
    with suppress(OSError):
        told += [_BOOT.read_text(encoding="ascii"), str(_SPACE.readlink())]
    return sha256("\n".join(told).encode()).hexdigest()[:12]


def _process(pid: int) -> tuple[str, str]:
    """A process's state, and its start in ticks since the machine's; both empty where it is gone."""
    try:
        text = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return "", ""
    fields = text.rpartition(")")[2].split()
    state = fields[_STATE_FIELD]
    return ("", "") if state in _ENDED else (state, fields[_START_FIELD])


def new_holder() -> str:
    """A name for this process as a watcher: machine, process, its start, and a random part."""
    return f"{this_machine()}-{os.getpid()}-{_process(os.getpid())[1] or 0}-{uuid4().hex[:8]}"


def _state_here(holder: str) -> str | None:
    """The state of a holder of this machine, empty where it is gone; None for one of another machine."""
    named = _NAME.fullmatch(holder)
    if named is None or named[1] != this_machine():
        return None
    state, started = _process(int(named[2]))
    return state if started == named[3] else ""


def beat(stations: Path, holder: str) -> None:
    """Changes a holder's file, so that others see that it lives; raises OSError."""
    folder = stations / WATCHERS
    make_folder(folder)
    (folder / holder).write_text(uuid4().hex, encoding="ascii")


def gone(stations: Path, holder: str) -> None:
    """A watcher that ends takes its file away."""
    with suppress(OSError):
        (stations / WATCHERS / holder).unlink()


def _shown(stations: Path, holder: str) -> bytes:
    try:
        return (stations / WATCHERS / holder).read_bytes()[:64]
    except OSError:
        return b""


def observe_holders(
    stations: Path, holders: Iterable[str], now: float, seen: HolderMemory
) -> HolderMemory:
    """One look at the files of other watchers: what is remembered from now on."""
    looked = {holder: _shown(stations, holder) for holder in holders}
    return {
        holder: seen[holder] if seen.get(holder, (None,))[0] == data else (data, now)
        for holder, data in looked.items()
    }


def is_dead(holder: str, now: float, seen: HolderMemory, seconds: float) -> bool:
    """Whether a holder is gone or stopped; a name that is none of ours never was a holder: True."""
    state = _state_here(holder) if _NAME.fullmatch(holder) else ""
    if state is not None and state not in _STOPPED:
        return not state
    return holder in seen and now - seen[holder][1] >= seconds

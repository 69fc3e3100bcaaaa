"""How long no new page appears after a kill -9: the same command again, and another machine."""

import sys
import time
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

from benchmarks.scale.drops import drop
from benchmarks.scale.hosts import Host, host, wait_for
from benchmarks.scale.services import Services

_OPIS = str(Path(sys.executable).with_name("opis"))
_REAP = (
    "import time\n"
    "from flows.progress import Silent\n"
    "from flows.machines.reaping import finish_units\n"
    "from schemas.settings import load_settings\n"
    "while not finish_units(load_settings({}), Silent()): time.sleep(60)\n"
)
_PAGES, _BEFORE = 60, 6
_PATIENCE = 600.0
SAME_LIMIT, OTHER_LIMIT = 60.0, 180.0


def _read(archive: Path) -> int:
    return sum(1 for _ in archive.glob("units/*/*/representations/rep1/alto/[0-9]*.xml"))


def _killed(machine: Host, command: Sequence[str], archive: Path) -> int:
    """Start a command, kill it at some page; how many pages stand then."""
    machine.start(*command)
    if not wait_for(lambda: _read(archive) >= _BEFORE, _PATIENCE):
        raise SystemExit(f"nothing was read: {machine.root}")
    machine.kill()
    return _read(archive)


def _until_more(archive: Path, pages: int) -> float:
    started = time.monotonic()
    if not wait_for(lambda: _read(archive) > pages, _PATIENCE):
        raise SystemExit("nobody went on")
    return round(time.monotonic() - started, 1)


def resume(services: Services, root: Path, *, elsewhere: bool) -> float:
    """Seconds from the kill to the next new page; with the default leases, at their real length.

    Elsewhere another machine looks each minute for what is left, as the reaper does.
    """
    given = services.archive(root)
    archive, source = Path(given["OPIS_ARCHIVE"]), root / "source"
    command = (_OPIS, "scan-batch", str(source / drop(source, 0, _PAGES)), "--quiet")
    (source / "d000.ok").unlink()
    with ExitStack() as stack:
        first = stack.enter_context(host("machine-a", root / "a", given, apart=elsewhere))
        if elsewhere:
            second = stack.enter_context(host("machine-b", root / "b", given))
            second.start(sys.executable, "-c", _REAP)
        pages = _killed(first, command, archive)
        if not elsewhere:
            first.start(*command)
        return _until_more(archive, pages)

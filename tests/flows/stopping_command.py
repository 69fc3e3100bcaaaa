"""Runs a command that stops (SIGSTOP) or dies (SIGKILL) just before the nth call of something of ours.

python -m tests.flows.stopping_command [--elsewhere] [(stop|kill):MODULE:NAME[.NAME]:N ...] -- COMMAND...
As --elsewhere it is a watcher of another machine to all the others.
"""

import importlib
import signal
import subprocess
import sys
from itertools import count
from pathlib import Path
from threading import get_ident

import cli
from scanners.delivery import holders
from tests.flows.opis_command import Place

ROOT = Path(__file__).parents[2]
SIGNALS = {"stop": signal.SIGSTOP, "kill": signal.SIGKILL}


def arm(what: str, module: str, path: str, number: int) -> None:
    """Have a function or method stop or kill its process before its nth call."""
    *above, name = path.split(".")
    owner = importlib.import_module(module)
    for part in above:
        owner = getattr(owner, part)
    function, calls = getattr(owner, name), count(1)

    def armed(*arguments: object, **named: object) -> object:
        if next(calls) == number:
            signal.pthread_kill(get_ident(), SIGNALS[what])  # at this very call
        return function(*arguments, **named)

    setattr(owner, name, armed)


def start(place: Place, points: tuple[str, ...], *command: object, **more: str) -> subprocess.Popen:
    """The command under way, armed; `--elsewhere` may be among the points."""
    told = [sys.executable, "-m", "tests.flows.stopping_command", *points, "--", *map(str, command)]
    environment = {**place.env(**more), "PYTHONPATH": str(ROOT)}
    return subprocess.Popen(
        told,
        cwd=place.root,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )


def stopped(process: subprocess.Popen) -> bool:
    """Whether a process stands still."""
    try:
        status = Path(f"/proc/{process.pid}/stat").read_text(encoding="utf-8")
    except FileNotFoundError:
        return False
    return status.rpartition(")")[2].split()[0] == "T"


if __name__ == "__main__":
    end = sys.argv.index("--")
    for argument in sys.argv[1:end]:
        if argument == "--elsewhere":
            holders.this_machine = lambda: "0" * 12
            continue
        what, module, path, number = argument.split(":")
        arm(what, module, path, int(number))
    sys.argv = ["opis", *sys.argv[end + 1 :]]
    cli.main()

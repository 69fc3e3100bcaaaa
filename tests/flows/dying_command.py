"""Runs a command that dies by kill -9 just before the nth call of a function of ours.

python -m tests.flows.dying_command MODULE:FUNCTION N COMMAND...
"""

import importlib
import os
import signal
import sys
from itertools import count

import cli


def arm(point: str, number: int) -> None:
    """Have the function kill its process in place of its nth call."""
    name, attribute = point.split(":")
    module = importlib.import_module(name)
    function, calls = getattr(module, attribute), count(1)

    def dying(*arguments: object, **named: object) -> object:
        if next(calls) == number:
            os.kill(os.getpid(), signal.SIGKILL)
        return function(*arguments, **named)

    setattr(module, attribute, dying)


if __name__ == "__main__":
    _, at, nth, *command = sys.argv
    arm(at, int(nth))
    sys.argv = ["opis", *command]
    cli.main()

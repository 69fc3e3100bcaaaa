"""What a process of the pool may do to itself; called there by name."""

import os
import signal
from typing import NoReturn


def die(*_: object) -> NoReturn:
    """End as a crash in a library ends a process."""
    os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError


def trip(*_: object) -> NoReturn:
    """Raise what nobody foresaw."""
    raise ZeroDivisionError


def fill_the_disk(*_: object) -> NoReturn:
    """Fail as a write on a full disk fails."""
    raise OSError(28, "No space left on device")

"""What a process of the pool may do to itself; called there by name."""

import os
import signal
from typing import NoReturn

from schemas.errors import RefusedError


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


def refuse(*_: object) -> NoReturn:
    """Refuse a file with all that is to be said of it."""
    raise RefusedError("too-many-pages", "a.pdf", n=7)

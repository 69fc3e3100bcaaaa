"""A new password: asked on the terminal, read from stdin, or made; never an argument."""

import getpass
import sys

from pipeline.accounts.passwords import LONGEST, new_password
from schemas.errors import InputError
from schemas.messages import say


def new_secret(language: str) -> tuple[str, bool]:
    """The password and whether it was made here, to be shown once.

    On a terminal it is asked twice, unseen; otherwise it is the first line of stdin. Nothing given:
    one is made. Raises InputError password-differs.
    """
    told = _typed(language) if sys.stdin is not None and sys.stdin.isatty() else _line()
    return (told, False) if told else (new_password(), True)


def _typed(language: str) -> str:
    first = getpass.getpass(say("ask_password", language))
    if first and getpass.getpass(say("ask_again", language)) != first:
        raise InputError("password-differs")
    return first


def _line() -> str:
    if sys.stdin is None or sys.stdin.closed:
        return ""
    return sys.stdin.readline(LONGEST + 2).rstrip("\r\n")

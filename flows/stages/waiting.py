"""Waiting for the embedded index: told, and no longer than who has it open gives a sign of life."""

import sys
import time
from threading import Lock

from flows.progress import Progress, duration
from schemas.errors import InputError
from schemas.messages import say
from schemas.settings import Settings

_TELL_SECONDS = 60.0


class Standstill:
    """For how long a run has seen who holds the index do nothing, whichever unit waited for it."""

    def __init__(self) -> None:
        self._guard = Lock()
        self._sign, self._since = "", 0.0
        self._tell_at = 0.0

    def still(self, sign: str) -> float:
        """Seconds since this sign was first seen; another one is a sign of life."""
        now = time.monotonic()
        with self._guard:
            if sign != self._sign:
                self._sign, self._since = sign, now
            return now - self._since

    def to_tell(self) -> bool:
        """Whether people are to be told now: at the first wait, then once a minute."""
        with self._guard:
            due = time.monotonic() >= self._tell_at
            if due:
                self._tell_at = time.monotonic() + _TELL_SECONDS
            return due


def wait_on(
    busy: InputError, unit: str, seen: Standstill, settings: Settings, progress: Progress
) -> None:
    """Say whom a unit waits for; raises InputError index-held where that one stands still too long.

    `busy` is the index's own error: who holds it, since when, and a sign that changes while he works.
    """
    language, who = settings.interface_language, busy.detail["who"]
    still = seen.still(busy.detail["sign"])
    if still >= settings.index_wait_seconds:
        raise InputError("index-held", unit, who=who, still=duration(still, language)) from busy
    if seen.to_tell():
        since = float(busy.detail["since"])
        held = max(still, time.time() - since if since else 0)
        told = {"unit": unit, "who": who, "held": duration(held, language)}
        progress.end()
        sys.stderr.write(_sentence(told, still, settings) + "\n")
        sys.stderr.flush()


def _sentence(told: dict[str, str], still: float, settings: Settings) -> str:
    language = settings.interface_language
    if not still:
        return say("index_waiting", language, **told)
    limit = duration(settings.index_wait_seconds, language)
    return say("index_standing", language, **told, still=duration(still, language), limit=limit)

"""Progress that people see: redrawn on a terminal, plain lines elsewhere, silence on request."""

import sys
import time
from dataclasses import dataclass, field, replace
from threading import Lock
from typing import Protocol, TextIO

from schemas.messages import number, plural, say

_REDRAW_SECONDS = 0.2
_LINE_SECONDS = 60.0
_BAR = 20
_MINUTE = 60


class Progress(Protocol):
    """What a batch tells of its way; all methods may be called from several threads."""

    def begin(self, batch: str, binders: int, workers: int) -> None: ...

    def expect(self, pages: int) -> None: ...

    def page_done(self, binder: str, page: int, of: int, *, read: bool) -> None: ...

    def binder_done(self, binder: str, line: str) -> None: ...

    def end(self) -> None: ...


class Silent:
    """For --quiet, --json and the tests."""

    def begin(self, batch: str, binders: int, workers: int) -> None:
        """Say nothing."""

    def expect(self, pages: int) -> None:
        """Say nothing."""

    def page_done(self, binder: str, page: int, of: int, *, read: bool) -> None:
        """Say nothing."""

    def binder_done(self, binder: str, line: str) -> None:
        """Say nothing."""

    def end(self) -> None:
        """Say nothing."""


@dataclass(frozen=True, slots=True)
class _State:
    batch: str = ""
    binders: int = 0
    workers: int = 0
    expected: int = 0
    done: int = 0
    read: int = 0
    binder: str = ""
    page: int = 0
    of: int = 0


def duration(seconds: float, language: str = "ro") -> str:
    """„3 min 29 s”."""
    whole = round(seconds)
    minutes, rest = divmod(whole, _MINUTE)
    hours, minutes = divmod(minutes, _MINUTE)
    parts = ((hours, "h" if language != "ro" else "ore"), (minutes, "min"), (rest, "s"))
    shown = [f"{value} {unit}" for value, unit in parts if value]
    return " ".join(shown[:2]) or "0 s"


@dataclass
class Reporter:
    """Redraws three lines on a terminal; otherwise a line a binder and one a minute."""

    stream: TextIO = field(default_factory=lambda: sys.stderr)
    language: str = "ro"
    _state: _State = field(default_factory=_State)
    _lock: Lock = field(default_factory=Lock)
    _started: float = 0.0
    _drawn: float = 0.0
    _rows: int = 0

    @property
    def _live(self) -> bool:
        return self.stream.isatty()

    def begin(self, batch: str, binders: int, workers: int) -> None:
        """Print the head line."""
        self._started = self._drawn = time.monotonic()
        with self._lock:
            self._state = replace(self._state, batch=batch, binders=binders, workers=workers)
            text = plural("binder", binders, self.language)
            self._print(
                say("batch_head", self.language, batch=batch, binders=text, workers=workers)
            )

    def expect(self, pages: int) -> None:
        """Count pages that are to come."""
        with self._lock:
            self._state = replace(self._state, expected=self._state.expected + pages)

    def page_done(self, binder: str, page: int, of: int, *, read: bool) -> None:
        """Count a page; `read` tells whether this run read it."""
        with self._lock:
            state = self._state
            self._state = replace(
                state, done=state.done + 1, read=state.read + read, binder=binder, page=page, of=of
            )
            self._refresh()

    def binder_done(self, binder: str, line: str) -> None:
        """Print a binder's result as a line that stays."""
        with self._lock:
            self._clear()
            self._print(f"{binder}: {line}")

    def end(self) -> None:
        """Take the moving lines away."""
        with self._lock:
            self._clear()

    def _refresh(self) -> None:
        pause = _REDRAW_SECONDS if self._live else _LINE_SECONDS
        if time.monotonic() - self._drawn < pause:
            return
        self._drawn = time.monotonic()
        rows = self._lines()
        if self._live:
            self._clear()
            self._rows = len(rows)
        self._print("\n".join(rows if self._live else rows[:1]))

    def _lines(self) -> tuple[str, ...]:
        state = self._state
        elapsed = time.monotonic() - self._started
        rate = state.read / elapsed if elapsed > 0 else 0.0
        share = state.done / state.expected if state.expected else 0.0
        left = (state.expected - state.done) / rate if rate else 0.0
        bar = "▓" * int(share * _BAR) + "░" * (_BAR - int(share * _BAR))
        return (
            say(
                "progress_pages",
                self.language,
                bar=bar,
                percent=f"{share:.0%}",
                done=number(state.done),
                all=plural("page", state.expected, self.language),
                rate=f"{rate:.1f}".replace(".", "," if self.language == "ro" else "."),
            ),
            say(
                "progress_now",
                self.language,
                binder=state.binder,
                page=state.page,
                of=state.of,
                left=duration(left, self.language),
            ),
        )

    def _clear(self) -> None:
        if self._rows:
            self.stream.write(f"\x1b[{self._rows}A\x1b[J")
            self._rows = 0

    def _print(self, text: str) -> None:
        self.stream.write(text + "\n")
        self.stream.flush()

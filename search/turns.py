"""Whose turn it is among calls that are worked on at once: long work stops for whoever goes first."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar


def _go_on() -> None:
    """Wait for nobody: the default."""


_pause: ContextVar[Callable[[], None]] = ContextVar("pause", default=_go_on)


def give_way() -> None:
    """Called between steps of long work: waits while the call has to."""
    _pause.get()()


@contextmanager
def giving_way(pause: Callable[[], None]) -> Iterator[None]:
    """What `give_way` does meanwhile, in this call and in the threads that work for it."""
    token = _pause.set(pause)
    try:
        yield
    finally:
        _pause.reset(token)

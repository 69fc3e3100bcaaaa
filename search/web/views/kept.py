"""A value that is made anew when it is older than it may be."""

from collections.abc import Callable
from threading import Lock
from time import monotonic
from typing import Generic, TypeVar

Value = TypeVar("Value")


class Kept(Generic[Value]):
    """What `make` made some seconds ago at most; threads that ask together wait for one to make it."""

    def __init__(self, make: Callable[[], Value], seconds: float) -> None:
        self._make = make
        self._seconds = seconds
        self._made: tuple[float, Value] | None = None
        self._guard = Lock()

    def value(self) -> Value:
        """The value; raises what making it raises."""
        with self._guard:
            if self._made is None or monotonic() - self._made[0] >= self._seconds:
                self._made = monotonic(), self._make()
            return self._made[1]

"""Numbers and arrays out of bytes that nobody vouches for."""

import struct
from collections.abc import Callable
from typing import Any, NoReturn, TypeVar

import numpy as np
from numpy.typing import DTypeLike, NDArray

from schemas.errors import InputError

_T = TypeVar("_T")


def invalid(name: str, why: object) -> NoReturn:
    """Raises InputError("model-invalid") for the file or language `name`."""
    raise InputError("model-invalid", name, why=why)


class Reader:
    """Reads little-endian values one after another; past the end is InputError("model-invalid")."""

    def __init__(self, data: bytes, name: str) -> None:
        self._data = data
        self._at = 0
        self.name = name

    def _taken(self, size: int) -> bytes:
        end = self._at + size
        if size < 0 or end > len(self._data):
            invalid(self.name, f"{size} bytes missing at {self._at}")
        taken = self._data[self._at : end]
        self._at = end
        return taken

    def values(self, form: str) -> tuple[int, ...]:
        """Whole numbers as `struct` writes them."""
        form = f"<{form}"
        return struct.unpack(form, self._taken(struct.calcsize(form)))

    def value(self, form: str) -> int:
        return self.values(form)[0]

    def text(self, most: int = 4096) -> str:
        """A string behind its length (uint32)."""
        size = self.value("I")
        if size > most:
            invalid(self.name, f"a text of {size} bytes")
        return self._taken(size).decode("latin-1")

    def array(self, dtype: DTypeLike, count: int) -> NDArray[Any]:
        """The next `count` numbers, one axis; the bytes are not copied."""
        kind = np.dtype(dtype)
        return np.frombuffer(self._taken(kind.itemsize * count), kind)

    def finish(self) -> None:
        """Raises unless every byte was read."""
        if self._at != len(self._data):
            invalid(self.name, f"{len(self._data) - self._at} bytes too many")


def guarded(name: str, make: Callable[[], _T]) -> _T:
    """What `make` gives; numbers that cannot be become InputError("model-invalid")."""
    try:
        return make()
    except (ValueError, OverflowError, IndexError, RecursionError) as error:
        invalid(name, error)

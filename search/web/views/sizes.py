"""The size of a page's picture, from the head of its ALTO alone."""

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

_HEAD = 8192
_PAGE = re.compile(rb"<(?:\w+:)?Page\b[^>]*>")
_SIDE = {name: re.compile(rb'\b%s="(\d{1,6})' % name) for name in (b"WIDTH", b"HEIGHT")}


@dataclass(frozen=True, slots=True)
class PageSize:
    """Pixels of the upright, deskewed page image."""

    width: int
    height: int


def size_of(alto: Path) -> PageSize | None:
    """The page's size; None where there is no ALTO that tells it."""
    try:
        return _read(alto, alto.stat().st_mtime_ns)
    except OSError:
        return None


@lru_cache(maxsize=20_000)
def _read(alto: Path, _stamp: int) -> PageSize | None:
    with alto.open("rb") as file:
        page = _PAGE.search(file.read(_HEAD))
    sides = [side.search(page.group()) for side in _SIDE.values()] if page else []
    found = [int(side.group(1)) for side in sides if side]
    return PageSize(*found) if len(found) == len(_SIDE) and all(found) else None

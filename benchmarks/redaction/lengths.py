"""How many names a burnt rectangle leaves possible, beside a box that is exactly as wide."""

import random
from itertools import product
from statistics import median
from typing import Any

from examples.binders import fonts
from examples.binders.lexicon import names
from pipeline.privacy.redaction import hidden_boxes
from schemas.geometry import Box, Size

_PAGE, _DPI = Size(2480, 3508), 300
_FACE, _PIXELS = "liberation-serif", 46.0
_NAMES, _ASKED = 20_000, 300
_PLACES = 300, 1200
_LETTERS = 34


def _some_names(draw: random.Random) -> tuple[str, ...]:
    lists = names("dev")
    every = [
        f"{surname} {first}" for surname, first in product(lists.surnames, lists.women + lists.men)
    ]
    return tuple(draw.sample(every, min(_NAMES, len(every))))


def _ends(left: int, width: int) -> tuple[int, int]:
    (box,) = hidden_boxes((Box(left, 1000, width, _LETTERS),), _DPI, _PAGE)
    return box.x, box.x + box.w


def lengths(seed: int) -> dict[str, Any]:
    """Medians over names drawn at places drawn, whoever looks knowing where the name begins."""
    draw = random.Random(seed)  # noqa: S311 - a sample, no secret
    widths = [round(fonts.width(_FACE, False, _PIXELS, name)) for name in _some_names(draw)]
    exact, burnt = [], []
    for width in draw.sample(widths, min(_ASKED, len(widths))):
        left = draw.randrange(*_PLACES)
        exact.append(sum(abs(other - width) <= 1 for other in widths))
        ends = {other: _ends(left, other) for other in set(widths)}
        burnt.append(sum(ends[other] == ends[width] for other in widths))
    return {
        "names": len(widths),
        "fit_exact_box": median(exact),
        "fit_rectangle": median(burnt),
        "fit_rectangle_least": min(burnt),
    }

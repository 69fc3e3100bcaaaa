"""Seals pressed where they do most harm to reading: on what nobody outside may see."""

import math
import random

from examples.binders.typeset import Drawing, SetWord, Sheet

SHARE = 0.6
WIDEST_MM, NARROWEST_MM = 40.0, 28.0
_LETTERS = 0.5  # of the type's size, on average


def _private(sheet: Sheet) -> list[SetWord]:
    words = (word for line in sheet.lines for word in line)
    return [word for word in words if any(not span.mark.official for span in word.spans)]


def press(sheet: Sheet, dpi: int, size: tuple[int, int], rng: random.Random) -> None:
    """Add to most sheets with private data a seal whose ring or middle lies on a word of it.

    `size`: of the page, width and height in pixels.
    """
    words = _private(sheet)
    if not words or rng.random() > SHARE:
        return
    word = rng.choice(words)
    across = round(rng.uniform(NARROWEST_MM, WIDEST_MM) * dpi / 25.4)
    turn, away = rng.uniform(0, 2 * math.pi), across * rng.uniform(0, 0.5)
    wide = _LETTERS * word.pixels * len(word.text)
    x = word.x + rng.random() * wide + away * math.cos(turn) - across / 2
    y = word.y + away * math.sin(turn) - across / 2
    place = (_within(x, size[0] - across), _within(y, size[1] - across))
    sheet.drawings.append(Drawing("seal", (*place, across, across)))


def _within(place: float, most: int) -> int:
    return min(max(0, round(place)), max(0, most))

"""What ink, paper, stamps and neighbours do to a line before it is scanned."""

import math
import random
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray

Field: TypeAlias = NDArray[np.float32]

_TILE = (256, 1024)
_TILES = 4


@dataclass(frozen=True, slots=True)
class Chance:
    """A line's own random numbers: `rng` for decisions, `grain` for fields."""

    rng: random.Random

    def field(self, shape: tuple[int, ...], cell: float) -> Field:
        """Smooth noise of unit deviation, `cell` pixels a grain."""
        tile = _tile(self.rng.randrange(_TILES))
        height = min(_TILE[0], max(2, int(shape[0] / cell) + 2))
        width = min(_TILE[1], max(2, int(shape[1] / cell) + 2))
        y, x = self.rng.randint(0, _TILE[0] - height), self.rng.randint(0, _TILE[1] - width)
        part = tile[y : y + height, x : x + width]
        return _f32(cv2.resize(part, (shape[1], shape[0]), interpolation=cv2.INTER_LINEAR))

    def one_in(self, share: float) -> bool:
        return self.rng.random() < share

    def between(self, low: float, high: float) -> float:
        return self.rng.uniform(low, high)


def _f32(array: object) -> Field:
    return np.asarray(array, np.float32)


@lru_cache(maxsize=_TILES)
def _tile(number: int) -> Field:
    return np.random.default_rng(number).standard_normal(_TILE).astype(np.float32)


def _blurred(field: Field, reach: float) -> Field:
    return _f32(cv2.GaussianBlur(field, (0, 0), reach))


def _thickness(ink: Field, chance: Chance) -> Field:
    kind = chance.rng.random()
    if kind < 0.25:
        side = chance.rng.choice((2, 2, 3))
        kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (side, side))
        return _f32(cv2.dilate(ink, kernel))
    if kind < 0.34:
        side = chance.rng.choice((1, 2))
        return _f32(cv2.erode(ink, np.ones((2, side), np.uint8)) * chance.between(0.8, 1))
    return ink


def _ragged(ink: Field, chance: Chance) -> Field:
    """Edges that ribbon and paper fibres make: spread, noisy, cut again."""
    soft = _blurred(ink, chance.between(0.6, 1.8))
    grain = chance.field(ink.shape, chance.between(1, 3)) * chance.between(0, 0.25)
    return _f32(np.clip((soft + grain - chance.between(0.15, 0.42)) * chance.between(1.6, 5), 0, 1))


def _carbon(ink: Field, chance: Chance) -> Field:
    """A carbon copy: soft and swollen letters in a grey haze of their own."""
    reach = chance.between(1.0, 2.6)
    soft = np.clip(_blurred(ink, reach) * chance.between(1.1, 1.9), 0, 1)
    haze = _blurred(ink, 4 * reach) * chance.between(0, 0.35)
    grain = 1 + chance.field(ink.shape, chance.between(1.2, 3)) * chance.between(0.05, 0.3)
    return _f32(np.clip((soft + haze) * grain, 0, 1))


def _ribbon(ink: Field, chance: Chance) -> Field:
    """The ribbon's weave in the letters: two fine gratings."""
    height, width = ink.shape
    step = chance.between(2.2, 4.5)
    y, x = np.arange(height, dtype=np.float32)[:, None], np.arange(width, dtype=np.float32)[None]
    turn = chance.between(0, 0.6)
    weave = np.sin(2 * math.pi * (x + turn * y) / step) * np.sin(
        2 * math.pi * (y - turn * x) / step
    )
    return _f32(ink * np.clip(1 - chance.between(0.1, 0.5) * (0.5 + 0.5 * weave), 0, 1))


def _patchy(ink: Field, chance: Chance, cell: float, most: float) -> Field:
    field = np.abs(chance.field(ink.shape, cell) + chance.between(-0.5, 0.7))
    return _f32(ink * np.clip(1 - chance.between(0.1, most) * field, 0.08, 1))


def worn_ink(ink: Field, em: int, chance: Chance) -> Field:
    """The ink (1 full) as ribbon, carbon, press and age leave it."""
    ink = _thickness(ink, chance)
    kind = chance.rng.random()
    if kind < 0.5:
        ink = _ragged(ink, chance)
    elif kind < 0.65:
        ink = _carbon(ink, chance)
    if chance.one_in(0.12):
        ink = _ribbon(ink, chance)
    if chance.one_in(0.45):
        ink = _patchy(ink, chance, chance.between(0.3, 1) * em, 0.55)
    if chance.one_in(0.3):
        ink = _patchy(ink, chance, chance.between(1, 2.5), 0.5)
    if chance.one_in(0.12):
        slope = np.linspace(1, chance.between(0.3, 0.8), len(ink), dtype=np.float32)
        ink = _f32(ink * (slope if chance.one_in(0.5) else slope[::-1])[:, None])
    return ink


def ruled(ink: Field, em: int, base: int, chance: Chance) -> Field:
    """Lines of a form, strokes of a pen or a fold through the text."""
    height, width = ink.shape
    made = ink.copy()
    for _ in range(chance.rng.randint(1, 2)):
        tone, thick = chance.between(0.3, 1), chance.rng.randint(1, 3)
        if chance.one_in(0.6):
            row = base + chance.rng.randint(-em, em // 2)
            ends = (0, row), (width, row + chance.rng.randint(-6, 6))
        else:
            column = chance.rng.randint(0, width - 1)
            ends = (column, 0), (column + chance.rng.randint(-6, 6), height)
        cv2.line(made, *ends, tone, thick, cv2.LINE_AA)
    return made


def underlined(ink: Field, em: int, base: int, left: int, right: int, chance: Chance) -> Field:
    """A line under all of the text or a part of it."""
    made = ink.copy()
    row = base + int(em * chance.between(0.08, 0.28))
    ends = sorted((chance.rng.randint(left, right), chance.rng.randint(left, right)))
    first, last = (left, right) if chance.one_in(0.5) else ends
    thick = max(1, round(em * chance.between(0.02, 0.09)))
    if chance.one_in(0.3):
        for column in range(first, last, max(3, em // 2)):
            made[row : row + thick, column : column + em // 2 - 1] = 1
    else:
        made[row : row + thick, first:last] = 1
    return made


def stamp(shape: tuple[int, ...], em: int, chance: Chance) -> Field:
    """Rings and letters of a round stamp, of which the line sees a part."""
    height, width = shape
    field = np.zeros((height, width), np.uint8)
    middle = chance.rng.randint(0, width), chance.rng.randint(-2 * em, height + 2 * em)
    outer = chance.rng.randint(2 * em, 6 * em)
    for inset in (0, chance.rng.randint(4, em)):
        cv2.circle(field, middle, max(3, outer - inset), 255, chance.rng.randint(1, 3), cv2.LINE_AA)
    for _ in range(chance.rng.randint(2, 10)):
        angle = chance.between(0, 2 * math.pi)
        place = (
            int(middle[0] + 0.8 * outer * math.cos(angle)),
            int(middle[1] + 0.8 * outer * math.sin(angle)),
        )
        letter = chance.rng.choice("ABCDEIMNOPRSTUV*")
        thick = chance.rng.randint(1, 3)
        cv2.putText(field, letter, place, cv2.FONT_HERSHEY_COMPLEX, em / 40, 255, thick)
    return _blurred(_f32(field / 255), chance.between(0.6, 1.4))


def scribble(shape: tuple[int, ...], chance: Chance) -> Field:
    """Loops of a pen, as of a signature."""
    height, width = shape
    along = np.linspace(0, 1, 160)
    quick, slow = chance.between(4, 14), chance.between(0.8, 2)
    sway = np.sin(2 * math.pi * quick * along + chance.between(0, 6))
    x = along + 0.07 * np.cos(2 * math.pi * quick * along + chance.between(0, 6))
    y = 0.5 + 0.3 * sway + 0.14 * np.sin(2 * math.pi * slow * along)
    points = np.stack([x * width * 0.9 + width * 0.05, y * height], axis=1).astype(np.int32)
    field = np.zeros((height, width), np.uint8)
    cv2.polylines(field, [points], False, 230, chance.rng.randint(1, 4), cv2.LINE_AA)
    return _f32(field / 255)


def signed(ink: Field, em: int, chance: Chance) -> Field:
    """The line with a part of a signature in it."""
    height, width = ink.shape
    size = (
        min(height, chance.rng.randint(em, 3 * em)),
        min(width, chance.rng.randint(3 * em, 9 * em)),
    )
    loops = scribble(size, chance) * np.float32(chance.between(0.3, 1))
    y, x = chance.rng.randint(0, height - size[0]), chance.rng.randint(0, width - size[1])
    made = ink.copy()
    target = made[y : y + size[0], x : x + size[1]]
    np.maximum(target, loops, out=target)
    return made


def show_through(ink: Field, em: int, chance: Chance) -> Field:
    """Another line, mirrored and soft, as from the back of the sheet."""
    height, width = ink.shape
    moved = (
        chance.rng.randint(-height // 2, height // 2),
        chance.rng.randint(-width // 3, width // 3),
    )
    back = np.roll(ink[:, ::-1], moved, (0, 1))
    return _blurred(_f32(back), chance.between(0.8, 2.5 * em / 32))


def on_paper(ink: Field, em: int, chance: Chance, *, clean: bool) -> Field:
    """Grey values (0 black, 255 white) of the inked paper with its spots, veils and stamps."""
    paper = chance.between(170, 255)
    dark = clean or chance.one_in(0.5)
    black = chance.between(5, 60) if dark else chance.between(30, 0.75 * paper)
    contrast = paper - black
    if not clean and chance.one_in(0.12):
        contrast = chance.between(14, 60)
    page = _f32(paper - contrast * ink)
    if clean:
        return page
    if chance.one_in(0.15):
        page -= (
            contrast * chance.between(0.05, 0.35) * show_through(ink, em, chance) * (1 - 0.6 * ink)
        )
    if chance.one_in(0.08):
        page -= (
            contrast * chance.between(0.15, 0.6) * stamp(ink.shape, em, chance) * (1 - 0.5 * ink)
        )
    if chance.one_in(0.5):
        page += chance.between(1, 12) * chance.field(ink.shape, chance.between(0.5, 6) * em)
    if chance.one_in(0.06):
        page[:, chance.rng.randint(0, ink.shape[1]) :] -= chance.between(5, 50)
    if chance.one_in(0.05):
        _specks(page, black, chance)
    return page


def _specks(page: Field, black: float, chance: Chance) -> None:
    height, width = page.shape
    for _ in range(chance.rng.randint(2, 14)):
        place = chance.rng.randint(0, width), chance.rng.randint(0, height)
        cv2.circle(page, place, chance.rng.randint(1, 3), black, -1, cv2.LINE_AA)

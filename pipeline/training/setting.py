"""A line's letters as ink: set by a printer, or struck one by one by a typewriter."""

import random
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from pipeline.training.faces import font, has

Ink: TypeAlias = NDArray[np.uint8]
BASE, HEIGHT = 2.4, 4  # base line and rows of a strip, in em
_BELOW = "\u0326\u0327\u0328\u0323"
_CEDILLAS = str.maketrans("șțȘȚ", "şţŞŢ")


@dataclass(frozen=True, slots=True)
class Setting:
    """Ink of a line (255 full), `height` em high; where its letters begin and end; pixels an em.

    `top` and `bottom` are the first and last rows of what belongs to the line.
    """

    ink: Ink
    left: int
    right: int
    top: int
    bottom: int
    em: int


def blank(em: int, width: int) -> Ink:
    """An empty strip of the usual height."""
    return np.zeros((HEIGHT * em, width), np.uint8)


def _text(file: Path, em: int, text: str, width: int) -> Ink:
    image = Image.new("L", (width, HEIGHT * em), 0)
    place = (em, int(BASE * em))
    ImageDraw.Draw(image).text(place, text, font=font(file, em), fill=255, anchor="ls")
    return np.asarray(image)


def _mark(glyph: Ink, letter: str, accent: str, marks: Path, em: int) -> Ink:
    """An accent of another face over, or under, the middle of a letter."""
    x, y, width, height = cv2.boundingRect(glyph)
    drawn = _text(marks, em, "\u00a0" + accent, glyph.shape[1])
    mx, my, mwidth, mheight = cv2.boundingRect(drawn)
    if not (width and mwidth):
        return glyph
    low = accent in _BELOW
    gap = max(1, em // 16)
    row = y + height + gap // 2 if low else y - mheight - gap
    if letter in "ij" and not low:
        row += em // 6
    column = x + (width - mwidth) // 2
    made = glyph.copy()
    patch = drawn[my : my + mheight, mx : mx + mwidth]
    row, column = max(0, row), max(0, column)
    target = made[row : row + mheight, column : column + mwidth]
    np.maximum(target, patch[: target.shape[0], : target.shape[1]], out=target)
    return made


@lru_cache(maxsize=20_000)
def glyph(file: Path, marks: Path, em: int, letter: str) -> Ink:
    """One letter in a strip 3 em wide, its origin at 1 em; accents that the face lacks are lent."""
    if has(file, letter):
        return _text(file, em, letter, 3 * em)
    twin = letter.translate(_CEDILLAS)
    if twin != letter and has(file, twin):
        return _text(file, em, twin, 3 * em)
    base, *accents = tuple(unicodedata.normalize("NFD", letter))
    if not accents:
        lender = file if has(file, base) else marks
        return _text(lender, em, base, 3 * em)
    made = glyph(file, marks, em, base)
    return _mark(made, base, accents[0], marks, em)


def _complete(file: Path, text: str) -> bool:
    return all(has(file, letter) for letter in text if letter != " ")


def _measured(ink: Ink, em: int, rng: random.Random) -> Setting:
    x, y, width, height = cv2.boundingRect((ink > 80).view(np.uint8))
    base = int(BASE * em)
    # a line finder knows the line by its tallest and lowest letters, or by what is usual
    usual = 0.62 if rng.random() < 0.8 else 0.45
    top = min(y, base - int(usual * em)) if height else base - em
    bottom = max(y + height, base + int(0.06 * em))
    return Setting(ink, x, x + width, top, bottom, em)


def printed(text: str, file: Path, marks: Path, em: int, rng: random.Random) -> Setting:
    """A line as printers and laser printers set it, now and then widened or narrowed."""
    shown = text
    if not _complete(file, shown) or (rng.random() < 0.05 and _complete(file, _old(text))):
        shown = _old(text)
    complete = _complete(file, shown)
    made = font(file, em)
    spread = rng.uniform(0.7, 1.9) if rng.random() < 0.4 else 1.0
    track = rng.uniform(-0.02, 0.12) * em if rng.random() < 0.15 else 0.0
    space = made.getlength(" ") * spread
    width = int(made.getlength(shown) + (space + em * 0.1) * shown.count(" ")) + 4 * em
    width += int(max(0.0, track) * len(shown))
    if complete and not track:
        ink = _words(shown, file, em, space, width)
    else:
        ink = _letters(shown, file, marks, em, track, space, width)
    return _measured(ink, em, rng)


def _old(text: str) -> str:
    return text.translate(_CEDILLAS)


def _words(text: str, file: Path, em: int, space: float, width: int) -> Ink:
    image = Image.new("L", (width, HEIGHT * em), 0)
    draw, made, x = ImageDraw.Draw(image), font(file, em), float(em)
    for word in text.split(" "):
        draw.text((x, int(BASE * em)), word, font=made, fill=255, anchor="ls")
        x += made.getlength(word) + space
    return np.array(image)


def _letters(
    text: str, file: Path, marks: Path, em: int, track: float, space: float, width: int
) -> Ink:
    ink, x = blank(em, width), 0.0
    for letter in text:
        if letter == " ":
            x += space
            continue
        press(ink, glyph(file, marks, em, letter), round(x), 0)
        shown = letter if has(file, letter) else unicodedata.normalize("NFD", letter)[0]
        x += font(file, em).getlength(shown) + track
    return ink


def press(ink: Ink, stroke: Ink, x: int, y: int) -> None:
    """The darker of both, the stroke's corner at (x, y); what lies outside is cut off."""
    left, top = max(0, x), max(0, y)
    right, bottom = min(ink.shape[1], x + stroke.shape[1]), min(ink.shape[0], y + stroke.shape[0])
    if right > left and bottom > top:
        target = ink[top:bottom, left:right]
        np.maximum(target, stroke[top - y : bottom - y, left - x : right - x], out=target)


@dataclass(frozen=True, slots=True)
class Machine:
    """A typewriter: its pitch, how far its letters dance, how its types are worn and clogged.

    `jitter`, `lift` in em; `shares` of strikes that are faint or double; `clog` fills counters;
    `seed` decides which letter is worn or out of place, always the same on one line.
    """

    pitch: float
    jitter: float
    lift: float
    uneven: float
    doubled: float
    clog: float
    worn: float
    lean: float
    ones: str
    seed: int


def machine(em: int, file: Path, rng: random.Random, *, clean: bool) -> Machine:
    """A typewriter drawn at random; a clean one only keeps the pitch."""
    pitch = font(file, em).getlength("n") * rng.uniform(0.93, 1.14)
    if clean:
        return Machine(pitch, 0, 0, 0, 0, 0, 0, 0, "", rng.getrandbits(32))
    return Machine(
        pitch=pitch,
        jitter=abs(rng.gauss(0, 0.018)),
        lift=rng.gauss(0, 0.09) if rng.random() < 0.25 else 0.0,
        uneven=rng.uniform(0.05, 0.35) if rng.random() < 0.5 else 0.0,
        doubled=rng.uniform(0.02, 0.3) if rng.random() < 0.15 else 0.0,
        clog=rng.uniform(0.3, 1.0) if rng.random() < 0.35 else 0.0,
        worn=rng.uniform(0.1, 0.5) if rng.random() < 0.4 else 0.0,
        lean=rng.uniform(0.2, 0.8) if rng.random() < 0.3 else 0.0,
        ones={0: "l", 1: "I"}.get(rng.randrange(10), ""),
        seed=rng.getrandbits(32),
    )


def _clogged(stroke: Ink, amount: float, em: int) -> Ink:
    """Small counters (of a, e, o …) filled with dirt, as types that nobody cleaned."""
    side = max(2, round(0.16 * em * (0.6 + amount)))
    closed = cv2.morphologyEx(stroke, cv2.MORPH_CLOSE, np.ones((side, side), np.uint8))
    return np.asarray(cv2.addWeighted(stroke, 1 - amount, closed, amount, 0), np.uint8)


def _worn(stroke: Ink, rng: random.Random, em: int, amount: float) -> Ink:
    """A piece of the type that no longer prints, or prints weakly."""
    x, y, width, height = cv2.boundingRect(stroke)
    veil = np.full(stroke.shape, 255, np.uint8)
    middle = (x + rng.randint(0, max(1, width)), y + rng.randint(0, max(1, height)))
    weak = int(255 * (1 - amount * rng.uniform(0.6, 1.6)))
    cv2.circle(veil, middle, round(em * rng.uniform(0.12, 0.35)), max(0, weak), -1)
    soft = cv2.GaussianBlur(veil, (0, 0), max(0.6, em / 20))
    return np.asarray(cv2.multiply(stroke, soft, scale=1 / 255), np.uint8)


def _leaned(stroke: Ink, rng: random.Random, amount: float) -> Ink:
    """Struck harder on one side: top or bottom, left or right prints weakly."""
    height, width = stroke.shape
    x, y, inner, tall = cv2.boundingRect(stroke)
    along = np.ones((height, width), np.float32)
    if rng.random() < 0.6:
        slope = np.clip((np.arange(height, dtype=np.float32) - y) / max(1, tall), 0, 1)[:, None]
    else:
        slope = np.clip((np.arange(width, dtype=np.float32) - x) / max(1, inner), 0, 1)[None]
    along *= 1 - amount * (slope if rng.random() < 0.5 else 1 - slope)
    return np.asarray(stroke * along, np.uint8)


def _type(letter: str, file: Path, marks: Path, em: int, made: Machine) -> tuple[Ink, float, float]:
    """One type of the machine as it prints, and how far it is out of place (x, y in pixels)."""
    own = random.Random(f"{made.seed}/{letter}")
    stroke = glyph(file, marks, em, letter)
    if made.clog and own.random() < 0.5:
        stroke = _clogged(stroke, made.clog * own.uniform(0.4, 1), em)
    if made.worn and own.random() < 0.3:
        stroke = _worn(stroke, own, em, made.worn)
    if made.lean and own.random() < 0.4:
        stroke = _leaned(stroke, own, made.lean)
    off = em * made.jitter
    lift = em * made.lift if letter.isupper() else 0.0
    return stroke, own.gauss(0, 1.2 * off), own.gauss(0, off) - lift


def typed(
    text: str, file: Path, marks: Path, em: int, made: Machine, rng: random.Random
) -> Setting:
    """A line struck key by key."""
    shown = text.replace("1", made.ones) if made.ones else text
    ink = blank(em, int(made.pitch * len(shown)) + 4 * em)
    types: dict[str, tuple[Ink, float, float]] = {}
    dance = 0.5 * em * made.jitter
    for at, letter in enumerate(shown):
        if letter == " ":
            continue
        if letter not in types:
            types[letter] = _type(letter, file, marks, em, made)
        stroke, dx, dy = types[letter]
        if made.uneven:
            force = max(0.2, min(1.0, 1 - abs(rng.gauss(0, made.uneven))))
            stroke = np.asarray(cv2.convertScaleAbs(stroke, alpha=force), np.uint8)
        x = round(at * made.pitch + dx + rng.gauss(0, dance))
        y = round(dy + rng.gauss(0, dance))
        press(ink, stroke, x, y)
        if made.doubled and rng.random() < made.doubled:
            press(ink, stroke, x + rng.choice((-2, -1, 1, 2)), y + rng.randint(-1, 1))
    return _measured(ink, em, rng)

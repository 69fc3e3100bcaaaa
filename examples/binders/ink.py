"""Puts a set page on paper: type, lines, arms, stamps, signatures and barcodes, as pixels."""

import math
import random
from functools import lru_cache
from typing import Final

import cv2
import numpy as np
import numpy.typing as npt
import zxingcpp
from PIL import Image, ImageDraw

from examples.binders import fonts
from examples.binders.typeset import Drawing, SetWord, Sheet

Pixels = npt.NDArray[np.uint8]
InkBox = tuple[int, int, int, int]
Colour = tuple[int, int, int]  # blue, green, red, as OpenCV has them

BLACK: Final[Colour] = (25, 22, 20)
PEN: Final[tuple[Colour, ...]] = ((150, 60, 30), (120, 40, 25), (60, 50, 45))
PAD: Final = 4
INK_FROM: Final = 64  # a pixel darker than this quarter belongs to a word's ink box


def page_size(dpi: int) -> tuple[int, int]:
    """Width and height of A4 in pixels."""
    return round(210 * dpi / 25.4), round(297 * dpi / 25.4)


def render(
    sheet: Sheet, dpi: int, rng: random.Random, *, colour: bool, typewriter: bool, seal: str
) -> tuple[Pixels, tuple[tuple[InkBox, ...], ...]]:
    """A page image (grey, or BGR when `colour`) and each line's word ink boxes, in pixels."""
    width, height = page_size(dpi)
    grey = np.full((height, width), 255, np.uint8)
    strength = rng.uniform(0.86, 1.0)
    draw = _type if typewriter else _print
    boxes = tuple(tuple(draw(grey, word, strength, rng) for word in line) for line in sheet.lines)
    page = np.asarray(cv2.cvtColor(grey, cv2.COLOR_GRAY2BGR), np.uint8) if colour else grey
    tint = rng.choice(((170, 40, 60), (150, 30, 110), (160, 60, 40)))
    for drawing in sheet.drawings:
        _draw(page, drawing, dpi, rng, tint, seal)
    return page, boxes


def _patch(word: SetWord) -> tuple[Pixels, int, int]:
    """The word's ink (255 is full) and where the patch's corner lies on the page."""
    font = fonts.font(word.face, word.bold, word.pixels)
    base = int(word.pixels * 1.15)
    width = int(font.getlength(word.text)) + int(word.pixels * 0.3) + 2 * PAD
    image = Image.new("L", (width, int(word.pixels * 1.6)), 0)
    ImageDraw.Draw(image).text((PAD, base), word.text, fill=255, font=font, anchor="ls")
    return np.asarray(image), word.x - PAD, word.y - base


def _print(page: Pixels, word: SetWord, strength: float, _: random.Random) -> InkBox:
    patch, x, y = _patch(word)
    _darken(page, patch, x, y, strength)
    return _ink_box(patch, x, y)


def _type(page: Pixels, word: SetWord, strength: float, rng: random.Random) -> InkBox:
    """A word struck key by key: letters dance and some are faint."""
    font = fonts.font(word.face, False, word.pixels)
    step = font.getlength("n")
    left, top, right, bottom = page.shape[1], page.shape[0], 0, 0
    for at, letter in enumerate(word.text):
        stroke, lift = _struck(word.face, word.pixels, letter), rng.choice((-1, 0, 0, 0, 0, 1, 2))
        x, y = word.x + round(at * step) - PAD, word.y - int(word.pixels * 1.15) + lift
        _darken(page, stroke, x, y, strength * rng.uniform(0.72, 1.0))
        bx, by, bw, bh = _ink_box(stroke, x, y)
        left, top = min(left, bx), min(top, by)
        right, bottom = max(right, bx + bw), max(bottom, by + bh)
    return left, top, right - left, bottom - top


@lru_cache(maxsize=2048)
def _struck(face: str, pixels: float, letter: str) -> Pixels:
    patch, _, _ = _patch(SetWord(letter, 0, 0, face, False, pixels))
    soft = cv2.GaussianBlur(cv2.dilate(patch, np.ones((2, 2), np.uint8)), (3, 3), 0.7)
    return np.asarray(soft, np.uint8)


def _ink_box(patch: Pixels, x: int, y: int) -> InkBox:
    left, top, width, height = cv2.boundingRect((patch > INK_FROM).view(np.uint8))
    return x + left, y + top, width, height


def _clip(page: Pixels, patch: Pixels, x: int, y: int) -> tuple[Pixels, Pixels]:
    """The part of the page under a patch, and that part of the patch."""
    top, left = max(0, -y), max(0, -x)
    part = patch[top : page.shape[0] - y, left : page.shape[1] - x]
    target = page[y + top : y + top + part.shape[0], x + left : x + left + part.shape[1]]
    return target, part


def _darken(page: Pixels, patch: Pixels, x: int, y: int, strength: float) -> None:
    target, part = _clip(page, patch, x, y)
    np.minimum(target, 255 - cv2.convertScaleAbs(part, alpha=strength), out=target)


def _tint(page: Pixels, patch: Pixels, x: int, y: int, ink: Colour) -> None:
    """Multiply ink into the page: what lies below stays visible."""
    target, part = _clip(page, patch, x, y)
    cover = part.astype(np.float32) / 255
    if page.ndim == 2:
        blue, green, red = ink
        tone = 1 - (0.114 * blue + 0.587 * green + 0.299 * red) / 255
        target[:] = (target * (1 - cover * tone)).astype(np.uint8)
        return
    shade = 1 - np.asarray(ink, np.float32) / 255
    target[:] = (target * (1 - cover[..., None] * shade)).astype(np.uint8)


def _draw(
    page: Pixels, drawing: Drawing, dpi: int, rng: random.Random, tint: Colour, seal: str
) -> None:
    x, y, width, height = drawing.box
    line = max(2, round(0.25 * dpi / 25.4))
    match drawing.kind:
        case "rule":
            _tint(page, np.full((height, width), 255, np.uint8), x, y, BLACK)
        case "frame":
            _tint(page, _frame(width, height, line), x, y, BLACK)
        case "stamp":
            _tint(page, _frame(width, height, line + 2), x, y, tint)
        case "arms":
            _tint(page, _arms(width, height), x, y, BLACK)
        case "sign":
            _tint(page, _signature(width, height, rng), x, y, rng.choice(PEN))
        case "seal":
            _tint(page, _stamped(seal, width, rng), x, y, tint)
        case "code":
            _barcode(page, drawing)


def _frame(width: int, height: int, line: int) -> Pixels:
    patch = np.zeros((height + line, width + line), np.uint8)
    cv2.rectangle(patch, (0, 0), (width, height), 255, line)
    return patch


def _arms(width: int, height: int) -> Pixels:
    """A placeholder shield: a bird in outline over waves."""
    patch = np.zeros((height, width), np.uint8)
    thick = max(2, width // 50)
    shield = np.array([(0.08, 0.05), (0.92, 0.05), (0.92, 0.55), (0.5, 0.97), (0.08, 0.55)]) * (
        width,
        height,
    )
    cv2.polylines(patch, [shield.astype(np.int32)], True, 255, thick, cv2.LINE_AA)
    middle, wing = (width // 2, height * 2 // 5), (width // 3, height // 5)
    cv2.ellipse(patch, middle, wing, 0, 180, 360, 255, thick, cv2.LINE_AA)
    cv2.ellipse(patch, middle, (width // 10, height // 5), 0, 0, 360, 170, -1, cv2.LINE_AA)
    across = np.arange(width // 5, width * 4 // 5)
    for row in (0.66, 0.72):
        waves = height * row + np.sin(across / width * 25) * height * 0.015
        points = np.stack([across, waves], axis=1).astype(np.int32)
        cv2.polylines(patch, [points], False, 200, thick, cv2.LINE_AA)
    return patch


def _signature(width: int, height: int, rng: random.Random) -> Pixels:
    """Loops of a pen: a sum of slow and quick swings, thinner where the pen is quick."""
    patch = np.zeros((height + 2 * PAD, width + 2 * PAD), np.uint8)
    t = np.linspace(0, 1, 160)
    quick, slow = rng.uniform(4, 9), rng.uniform(0.8, 2)
    sway = np.sin(2 * math.pi * quick * t + rng.uniform(0, 6)) * np.linspace(1, 0.25, 160)
    x = t + 0.07 * np.cos(2 * math.pi * quick * t + rng.uniform(0, 6))
    y = 0.5 + 0.33 * sway + 0.14 * np.sin(2 * math.pi * slow * t)
    points = np.stack([x * width * 0.85 + width * 0.07, y * height + PAD], axis=1)
    thick = max(2, height // 28)
    cv2.polylines(patch, [points.astype(np.int32)], False, 215, thick, cv2.LINE_AA)
    dash = np.array([(0.05, 0.8), (rng.uniform(0.6, 1), rng.uniform(0.6, 0.9))]) * (width, height)
    cv2.polylines(patch, [dash.astype(np.int32)], False, 190, max(2, thick - 1), cv2.LINE_AA)
    return patch


@lru_cache(maxsize=8)
def _seal(text: str, size: int) -> Pixels:
    """A round stamp: two rings, the text between them, a small shield inside."""
    patch = np.zeros((size, size), np.uint8)
    middle, thick = (size // 2, size // 2), max(2, size // 110)
    for share in (0.485, 0.34):
        cv2.circle(patch, middle, int(size * share), 255, thick, cv2.LINE_AA)
    ring = _bend(_strip(text, size), size)
    arms = _arms(size // 4, size * 3 // 10)
    _overlay(patch, ring, 0, 0)
    _overlay(patch, arms, size * 3 // 8, size * 7 // 20)
    return patch


def _strip(text: str, size: int) -> Pixels:
    """The stamp's text in a straight line, as long as it will go round."""
    length, pixels = int(size * 2.4), size * 0.088
    font = fonts.font("liberation-sans", True, pixels)
    while font.getlength(text) > length * 0.96:
        pixels *= 0.95
        font = fonts.font("liberation-sans", True, pixels)
    strip = Image.new("L", (length, size // 2), 0)
    place = (length // 2, int(size * 0.12))
    ImageDraw.Draw(strip).text(place, text, fill=255, font=font, anchor="ms")
    return np.asarray(strip)


def _bend(strip: Pixels, size: int) -> Pixels:
    """A strip bent clockwise into a ring, its top outside."""
    y, x = np.mgrid[:size, :size].astype(np.float32) - size / 2
    turn = (np.arctan2(y, x) / (2 * np.pi) + 0.75) % 1
    along = (turn * (strip.shape[1] - 1)).astype(np.float32)
    inward = (size / 2 - np.hypot(x, y)).astype(np.float32)
    return np.asarray(cv2.remap(strip, along, inward, cv2.INTER_LINEAR), np.uint8)


def _overlay(page: Pixels, patch: Pixels, x: int, y: int) -> None:
    target, part = _clip(page, patch, x, y)
    np.maximum(target, part, out=target)


def _stamped(text: str, size: int, rng: random.Random) -> Pixels:
    """The seal as a hand presses it: turned a little, unevenly inked."""
    turn = cv2.getRotationMatrix2D((size / 2, size / 2), rng.uniform(-25, 25), 1)
    seal = cv2.warpAffine(_seal(text, size), turn, (size, size), flags=cv2.INTER_LINEAR)
    coarse = np.array([[rng.uniform(0.45, 0.9) for _ in range(4)] for _ in range(4)], np.float32)
    pressure = cv2.resize(coarse, (size, size), interpolation=cv2.INTER_CUBIC)
    return np.asarray(np.clip(seal * pressure, 0, 255), np.uint8)


def _barcode(page: Pixels, drawing: Drawing) -> None:
    x, y, width, height = drawing.box
    symbology, payload = drawing.detail
    code = zxingcpp.create_barcode(payload, getattr(zxingcpp.BarcodeFormat, symbology))
    bars = np.array(zxingcpp.write_barcode_to_image(code, scale=1))
    if symbology == "QRCode":
        scale = height // bars.shape[0]
        size = (bars.shape[1] * scale, bars.shape[0] * scale)
    else:
        scale = min(width // bars.shape[1], round(width * 0.75 / bars.shape[1]) or 1)
        bars, size = bars[:1], (bars.shape[1] * scale, height)
    shown = cv2.resize(bars, size, interpolation=cv2.INTER_NEAREST)
    left = x + (width - size[0]) // 2
    target = page[y : y + size[1], left : left + size[0]]
    target[:] = shown if page.ndim == 2 else shown[..., None]

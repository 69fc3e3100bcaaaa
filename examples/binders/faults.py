"""What paper and scanner do to a page: a plan drawn first, then applied to the pixels.

Coordinates are continuous: pixel i covers [i, i + 1), so a half turn maps x to width - x.
"""

import math
import random
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final

import cv2
import numpy as np

from examples.binders.ink import Pixels

LEVELS: Final = ("none", "light", "full")
Affine = tuple[tuple[float, float, float], tuple[float, float, float]]
IDENTITY: Final[Affine] = ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0))
LOW_DPI: Final = 150
NOISE_TILE: Final = 1024
NOISE_MEAN: Final = 6
DARK_LIDS: Final = 0.25  # share of skewed pages scanned under a dark lid
PRIMARY: Final = {
    "clean": 0.24,
    "skewed": 0.22,
    "shadowed": 0.14,
    "stained": 0.09,
    "show_through": 0.09,
    "low_resolution": 0.06,
    "faded": 0.05,
    "mixed": 0.11,
}


@dataclass(frozen=True, slots=True)
class Plan:
    """The faults of one page; lengths in mm, angles in degrees, tones 0 to 255."""

    primary: str = "clean"
    skew: float = 0.0
    shift: tuple[float, float] = (0.0, 0.0)
    scale: float = 1.0
    flip: bool = False
    border: int = 250
    paper: int = 250
    shadow: float = 0.0
    gutter_right: bool = False
    stains: int = 0
    show_through: float = 0.0
    holes: bool = False
    noise: float = 0.0
    blur: float = 0.0
    fade: float = 0.0
    dpi: int = 0
    damage: str = ""

    @property
    def names(self) -> tuple[str, ...]:
        """What is wrong, as codes; a clean page has none."""
        told = {
            "unreadable": bool(self.damage),
            "upside_down": self.flip,
            "skew": abs(self.skew) >= 0.05,
            "gutter_shadow": self.shadow > 0,
            "stains": self.stains > 0,
            "show_through": self.show_through > 0,
            "punch_holes": self.holes,
            "fading": self.fade > 0,
            "low_resolution": self.dpi > 0,
            "blur": self.blur > 0,
        }
        return tuple(name for name, there in told.items() if there)


def plan(rng: random.Random, level: str, *, sheet: bool = False) -> Plan:
    """The faults of a page at a level of LEVELS; a separator `sheet` stays easy to read."""
    if level == "none":
        return Plan()
    if level == "light" or sheet:
        angle = rng.uniform(-1, 1)
        noise = rng.uniform(0.8, 1.6)
        return Plan("skewed", skew=angle, noise=noise, paper=rng.randint(240, 252))
    primary = rng.choices(tuple(PRIMARY), tuple(PRIMARY.values()))[0]
    common = Plan(
        primary, noise=rng.uniform(0.8, 2.0), paper=rng.randint(236, 252), holes=rng.random() < 0.35
    )
    return common if primary == "clean" else worsen(rng, common)


def worsen(rng: random.Random, common: Plan) -> Plan:
    """The plan with its primary fault in it."""
    slight = replace(common, skew=rng.uniform(-0.5, 0.5))
    match common.primary:
        case "skewed":
            return _skewed(rng, common)
        case "shadowed":
            return _shadowed(rng, slight)
        case "mixed":
            mixed = replace(_shadowed(rng, _skewed(rng, common)), stains=rng.randint(0, 2))
            return replace(mixed, blur=rng.choice((0.0, 0.8)), show_through=rng.choice((0.0, 0.1)))
    return _spoilt(rng, slight)


def _spoilt(rng: random.Random, work: Plan) -> Plan:
    match work.primary:
        case "stained":
            return replace(work, stains=rng.randint(1, 4))
        case "show_through":
            return replace(work, show_through=rng.uniform(0.08, 0.2))
        case "low_resolution":
            return replace(work, dpi=LOW_DPI, blur=0.6)
    return replace(work, fade=rng.uniform(0.3, 0.55))


def _skewed(rng: random.Random, work: Plan) -> Plan:
    dark = rng.random() < DARK_LIDS
    return replace(
        work,
        skew=rng.choice((-1, 1)) * rng.uniform(0.7, 4.0),
        shift=(rng.uniform(-4, 4), rng.uniform(-4, 4)),
        scale=rng.uniform(0.985, 1.01),
        border=rng.randint(25, 70) if dark else rng.randint(238, 255),
    )


def _shadowed(rng: random.Random, work: Plan) -> Plan:
    return replace(work, shadow=rng.uniform(0.35, 0.75), gutter_right=rng.random() < 0.4)


def transform(work: Plan, width: int, height: int, dpi: int) -> tuple[Affine, int, int]:
    """Clean page to delivered image, and the delivered width and height in pixels."""
    ratio = work.dpi / dpi if work.dpi else 1.0
    out_width, out_height = round(width * ratio), round(height * ratio)
    if not (work.skew or work.flip or work.dpi or work.scale != 1.0 or any(work.shift)):
        return IDENTITY, width, height
    angle = math.radians(work.skew + 180 * work.flip)
    cos, sin = (work.scale * ratio * f(angle) for f in (math.cos, math.sin))
    dx, dy = (length * dpi / 25.4 * ratio for length in work.shift)
    x = out_width / 2 + dx - cos * width / 2 - sin * height / 2
    y = out_height / 2 + dy + sin * width / 2 - cos * height / 2
    return ((cos, sin, x), (-sin, cos, y)), out_width, out_height


def apply(page: Pixels, work: Plan, behind: Pixels | None, rng: random.Random, dpi: int) -> Pixels:
    """The delivered image of a clean page; `behind` is what may show through."""
    height, width = page.shape[:2]
    if work.damage:
        return _destroy(page, work.damage, rng)
    if work == Plan(primary=work.primary):
        return page
    page = _fade(page, work)
    if work.show_through and behind is not None:
        page = _show_through(page, behind, work.show_through)
    page = _tone(page, work, rng, dpi)
    matrix, out_width, out_height = transform(work, width, height, dpi)
    if matrix != IDENTITY:
        page = _warp(page, matrix, (out_width, out_height), work.border)
    if work.blur:
        page = np.asarray(cv2.GaussianBlur(page, (5, 5), work.blur), np.uint8)
    return _noise(page, work.noise, rng) if work.noise else page


def _fade(page: Pixels, work: Plan) -> Pixels:
    """Ink made paler and white made paper, in one table look-up."""
    tones = np.arange(256, dtype=np.float32)
    pale = 255 - (255 - tones) * (1 - work.fade)
    return np.asarray(cv2.LUT(page, (pale * work.paper / 255).astype(np.uint8)), np.uint8)


def _show_through(page: Pixels, behind: Pixels, strength: float) -> Pixels:
    grey = behind if behind.ndim == 2 else cv2.cvtColor(behind, cv2.COLOR_BGR2GRAY)
    small = cv2.resize(grey[:, ::-1], None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    veil = cv2.convertScaleAbs(
        cv2.GaussianBlur(small, (5, 5), 1.5), None, strength, 255 * (1 - strength)
    )
    veil = cv2.resize(veil, (page.shape[1], page.shape[0]), interpolation=cv2.INTER_LINEAR)
    return _multiply(page, np.asarray(veil, np.uint8))


def _multiply(page: Pixels, veil: Pixels) -> Pixels:
    if page.ndim == 3:
        veil = np.asarray(cv2.cvtColor(veil, cv2.COLOR_GRAY2BGR), np.uint8)
    return np.asarray(cv2.multiply(page, veil, scale=1 / 255), np.uint8)


def _tone(page: Pixels, work: Plan, rng: random.Random, dpi: int) -> Pixels:
    """Gutter shadow, stains and punch holes, made small and enlarged."""
    if work.shadow or work.stains:
        height, width = page.shape[0] // 8, page.shape[1] // 8
        veil = np.ones((height, width), np.float32)
        if work.shadow:
            away = np.arange(width, dtype=np.float32)[:: -1 if work.gutter_right else 1]
            veil *= 1 - work.shadow * np.exp(-away / (width * rng.uniform(0.07, 0.16)))
            veil *= np.linspace(rng.uniform(0.88, 1), 1, height, dtype=np.float32)[:, None]
        for _ in range(work.stains):
            _stain(veil, rng)
        full = cv2.resize(
            veil * 255, (page.shape[1], page.shape[0]), interpolation=cv2.INTER_LINEAR
        )
        page = _multiply(page, full.astype(np.uint8))
    if work.holes:
        _holes(page, rng, dpi)
    return page


def _stain(veil: np.ndarray, rng: random.Random) -> None:
    """A coffee ring or a patch of damp, in place."""
    height, width = veil.shape
    spot = np.zeros_like(veil)
    middle = (rng.randrange(width), rng.randrange(height))
    size = int(width * rng.uniform(0.05, 0.14))
    axes = (size, int(size * rng.uniform(0.8, 1.1)))
    ring = -1 if rng.random() < 0.4 else max(2, size // 9)
    cv2.ellipse(spot, middle, axes, rng.uniform(0, 90), 0, 360, rng.uniform(0.12, 0.4), ring)
    veil *= 1 - cv2.GaussianBlur(spot, (0, 0), 2.5)


def _holes(page: Pixels, rng: random.Random, dpi: int) -> None:
    """Two holes 80 mm apart at the left edge, in place."""
    mm = dpi / 25.4
    x, middle = int(rng.uniform(9, 12) * mm), page.shape[0] // 2 + int(rng.uniform(-6, 6) * mm)
    tone = rng.choice((30, 60, 200))
    for y in (middle - int(40 * mm), middle + int(40 * mm)):
        cv2.circle(page, (x, y), int(2.8 * mm), (tone,) * 3, -1, cv2.LINE_AA)


def _warp(page: Pixels, matrix: Affine, size: tuple[int, int], border: int) -> Pixels:
    """OpenCV counts from pixel centres, our transform from pixel edges."""
    (a, b, x), (c, d, y) = matrix
    centred = np.array([(a, b, x + (a + b - 1) / 2), (c, d, y + (c + d - 1) / 2)])
    flags = cv2.INTER_LINEAR
    if abs(a * d - b * c) < 0.5:
        page = np.asarray(cv2.blur(page, (2, 2), anchor=(0, 0)), np.uint8)
        centred[:, 2] += centred[:, :2] @ (0.5, 0.5)
    warped = cv2.warpAffine(
        page, centred, size, flags=flags, borderMode=cv2.BORDER_CONSTANT, borderValue=(border,) * 3
    )
    return np.asarray(warped, np.uint8)


@lru_cache(maxsize=1)
def _grain() -> np.ndarray:
    """One tile of grain with unit deviation, the same for all pages."""
    return np.random.default_rng(1).standard_normal((NOISE_TILE, NOISE_TILE)).astype(np.float32)


@lru_cache(maxsize=8)
def _grain_field(width: int, height: int, tenths: int) -> Pixels:
    tile = (
        np.clip(_grain() * (tenths / 10) + NOISE_MEAN, 0, 2 * NOISE_MEAN).round().astype(np.uint8)
    )
    rows, columns = -(-height // NOISE_TILE) + 1, -(-width // NOISE_TILE) + 1
    return np.tile(tile, (rows, columns))


def _noise(page: Pixels, deviation: float, rng: random.Random) -> Pixels:
    height, width = page.shape[:2]
    field = _grain_field(width, height, max(5, round(deviation * 2) * 5))
    x, y = rng.randrange(NOISE_TILE), rng.randrange(NOISE_TILE)
    grain = np.ascontiguousarray(field[y : y + height, x : x + width])
    if page.ndim == 3:
        grain = np.asarray(cv2.cvtColor(grain, cv2.COLOR_GRAY2BGR), np.uint8)
    lifted = cv2.subtract(page, grain)
    return np.asarray(cv2.convertScaleAbs(lifted, alpha=1, beta=NOISE_MEAN), np.uint8)


def _destroy(page: Pixels, damage: str, rng: random.Random) -> Pixels:
    """An image nobody can read: black, noise, or the page beyond recognition."""
    height, width = page.shape[:2]
    if damage == "black":
        return _noise(np.full((height, width), 10, np.uint8), 2.0, rng)
    if damage == "noise":
        field = np.clip(_grain() * 70 + 128, 0, 255).astype(np.uint8)
        times = (-(-height // NOISE_TILE), -(-width // NOISE_TILE))
        return np.tile(field, times)[:height, :width].copy()
    grey = page if page.ndim == 2 else np.asarray(cv2.cvtColor(page, cv2.COLOR_BGR2GRAY), np.uint8)
    small = cv2.resize(grey, None, fx=0.02, fy=0.02, interpolation=cv2.INTER_AREA)
    smear = cv2.resize(small, (width, height), interpolation=cv2.INTER_CUBIC)
    return _noise(np.asarray(cv2.convertScaleAbs(smear, None, 0.25, 10), np.uint8), 4.0, rng)

"""A delivered page becomes the page image (upright, straight, full resolution) and what is read."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np

from pipeline.imaging.bed import view_of
from pipeline.imaging.blank import has_writing, ink_share, is_dark, is_noise, is_solid
from pipeline.imaging.components import FAINT, Components, components, letters, sharp_components
from pipeline.imaging.orientation import Bearing, page_bearing, rule_bearing
from pipeline.imaging.raster import (
    WHITE,
    Pixels,
    View,
    darken,
    flatten,
    grey_of,
    halvings_for,
    quantiles,
    resize,
)
from pipeline.imaging.warp import (
    apply_scaled,
    apply_transform,
    page_pixels,
    page_transform,
    quarter_turn,
    rotated,
)
from schemas.geometry import Affine, Box, Size
from schemas.settings import Settings

__all__ = [
    "Prepared",
    "apply_transform",
    "as_delivered",
    "coarser",
    "draw_marks",
    "encode_jpeg",
    "prepare",
    "turned",
]

_SMALL_LETTERS = 3.5
_COARSE_DEPTH, _FINE_DEPTH = 0.5, 0.62
_DARKEST = 0.005
_CLEAR_PIECES, _FAINT_PIECES = 2, 6
_LEAST_READING_LETTERS = 11.0
_MOST_READING_LETTERS = 60.0
_MOST_GROWTH = 4.0
_MOST_DOUBT = 1.8
_MOST_READING = 90_000_000
_YELLOW = (0, 255, 255)
_DARK = (40, 40, 40)
_FILL = 0.35


@dataclass(frozen=True, slots=True)
class Prepared:
    """A page ready for reading and for the PDF.

    `page`: page image at master resolution (grey where the page has no colour); `reading`: grey
    on white, as the engine gets it, at `reading_dpi`; `transform`: delivered pixels to page image;
    `ink`: share under ink; `blank`: nothing is on it; `faint`: so little that only reading tells;
    `sure`: the letters told which side is up; `dark`: the paper itself is nearly black; `noise`:
    so full of specks that nothing can be read. For measuring: `dpi` as delivered, `letter_pixels`
    (x-height on the page image, 0: not known), `view` of the delivered image and its `pieces`.
    """

    page: Pixels
    reading: Pixels
    transform: Affine
    size: Size
    ink: float
    blank: bool
    faint: bool = False
    sure: bool = True
    dark: bool = False
    noise: bool = False
    reading_dpi: int = 200
    dpi: int = 0
    letter_pixels: float = 0.0
    view: View | None = None
    pieces: Components | None = None


@dataclass(frozen=True, slots=True)
class _Findings:
    view: View
    ink: float
    blank: bool
    faint: bool
    dark: bool
    noise: bool
    pieces: Components
    bearing: Bearing = Bearing()
    letter_pixels: float = 0.0  # 0: not known


def _letters(view: View, depth: float) -> Components:
    """Likely letters, cut at a share of the depth of the page's own ink, however faint it is."""
    (darkest,) = quantiles(view.flat, (_DARKEST,))
    return letters(components(view.flat, min(FAINT, round(darkest + depth * (WHITE - darkest)))))


def _is_written(view: View, clear: Components) -> bool:
    return has_writing(view, clear, _CLEAR_PIECES) or has_writing(
        view, sharp_components(view.flat), _FAINT_PIECES
    )


def _lie(grey: Pixels, view: View, halvings: int) -> tuple[Bearing, float]:
    """How the page lies and its letters' size in its pixels (0: not known).

    A finer view is taken where letters are small or do not tell top from bottom, and before a
    page is turned.
    """
    likely = _letters(view, _COARSE_DEPTH)
    bearing = page_bearing(likely)
    plain = bearing is not None and bearing.sure and not bearing.turns
    if halvings and len(likely) and not (plain and likely.size >= _SMALL_LETTERS):
        finer = view_of(grey, halvings - 1, view.bed)
        fine_letters = _letters(finer, _FINE_DEPTH)
        fine = page_bearing(fine_letters, bearing)
        if fine:
            return fine, fine_letters.weighty_size * finer.factor
    if bearing:
        return bearing, likely.weighty_size * view.factor
    return rule_bearing(view.flat), 0.0


def _measure(grey: Pixels, dpi: int, blank_ink: float) -> _Findings:
    halvings = halvings_for(grey, dpi)
    view = view_of(grey, halvings)
    clear = components(view.flat)
    ink = ink_share(view, clear)
    dark, noise = is_dark(view), is_noise(view, clear)
    little = ink < blank_ink and not (dark or is_solid(view))
    faint = little and _is_written(view, clear)
    found = _Findings(view, ink, little and not faint, faint, dark, noise, clear)
    if found.blank or noise:
        return found
    bearing, letter_pixels = _lie(grey, view, halvings)
    return replace(found, bearing=bearing, letter_pixels=letter_pixels)


def _reading_factor(found: _Findings, size: Size, dpi: int, settings: Settings) -> float:
    """Reading pixels for one page pixel: by resolution, more for letters that would be too small."""
    told = factor = settings.reading_dpi / dpi
    if found.letter_pixels:
        least = min(_LEAST_READING_LETTERS / found.letter_pixels, _MOST_DOUBT * told)
        most = _MOST_READING_LETTERS / found.letter_pixels
        factor = min(max(told, least), most)
    room = (_MOST_READING / (size.width * size.height)) ** 0.5
    return float(min(factor, _MOST_GROWTH, room))


def _without(flat: Pixels, bed: Pixels) -> Pixels:
    """White where the bed is (a smaller mask of the same page)."""
    there = cv2.resize(bed, flat.shape[::-1], interpolation=cv2.INTER_LINEAR)
    return np.asarray(cv2.max(flat, np.asarray(there, np.uint8)), np.uint8)


def _reading(
    page: Pixels, paper: Pixels, bed: Pixels | None, factor: float, *, sparse: bool
) -> Pixels:
    grey = grey_of(page)
    width, height = round(grey.shape[1] * factor), round(grey.shape[0] * factor)
    flat = flatten(resize(grey, max(1, width), max(1, height)), paper)
    return darken(flat if bed is None else _without(flat, bed), sparse=sparse)


def prepare(pixels: Pixels, dpi: int, settings: Settings) -> Prepared:
    """The page image and what is read of a delivered image: H×W grey or H×W×3 BGR, uint8.

    An upright, straight page keeps its very pixels (the transform is the identity), and so does a
    blank one.
    """
    found = _measure(grey_of(pixels), dpi, settings.blank_ink)
    source = Size(pixels.shape[1], pixels.shape[0])
    bearing = found.bearing
    transform, size = page_transform(source, bearing.turns, bearing.degrees)
    page = page_pixels(pixels, dpi, transform, size)
    paper = apply_scaled(found.view.paper, transform, 2 * found.view.factor, size)
    bed = found.view.bed
    away = apply_scaled(bed.mask, transform, 2 * found.view.factor, size) if bed else None
    factor = _reading_factor(found, size, dpi, settings)
    return Prepared(
        page=page,
        reading=_reading(page, paper, away, factor, sparse=found.faint),
        transform=transform,
        size=size,
        ink=found.ink,
        blank=found.blank,
        faint=found.faint,
        sure=bearing.sure,
        dark=found.dark,
        noise=found.noise,
        reading_dpi=max(70, round(dpi * factor)),
        dpi=dpi,
        letter_pixels=found.letter_pixels,
        view=found.view,
        pieces=found.pieces,
    )


def as_delivered(prepared: Prepared, pixels: Pixels) -> Prepared:
    """The page neither turned nor straightened: nothing on it tells how."""
    size = Size(pixels.shape[1], pixels.shape[0])
    page = pixels if prepared.page.ndim == pixels.ndim else grey_of(pixels)
    return replace(prepared, page=page, transform=Affine(), size=size)


def coarser(prepared: Prepared, factor: float) -> Prepared:
    """The same page, read at `factor` of the resolution: grain and ragged edges count less."""
    height, width = (max(1, round(side * factor)) for side in prepared.reading.shape)
    reading = resize(prepared.reading, width, height)
    return replace(prepared, reading=reading, reading_dpi=round(prepared.reading_dpi * factor))


def turned(prepared: Prepared, turns: int) -> Prepared:
    """The same page after one to three clockwise quarter turns."""
    turn, size = quarter_turn(turns, prepared.size)
    return replace(
        prepared,
        page=rotated(prepared.page, turns),
        reading=rotated(prepared.reading, turns),
        transform=prepared.transform.then(turn),
        size=size,
    )


def draw_marks(page: Pixels, boxes: Sequence[Box]) -> Pixels:
    """The page (BGR) with each box filled yellow, multiplied at 35 %, and outlined 2 px dark."""
    marked = cv2.cvtColor(page, cv2.COLOR_GRAY2BGR) if page.ndim == 2 else page.copy()  # noqa: PLR2004 two axes
    height, width = marked.shape[:2]
    for box in boxes:
        left, top = max(0, box.x), max(0, box.y)
        right, bottom = min(width, box.x + box.w), min(height, box.y + box.h)
        if right <= left or bottom <= top:
            continue
        area = marked[top:bottom, left:right]
        yellow = np.full_like(area, _YELLOW)
        multiplied = cv2.multiply(area, yellow, scale=1 / 255)
        area[:] = cv2.addWeighted(area, 1 - _FILL, multiplied, _FILL, 0)
        cv2.rectangle(marked, (left, top), (right - 1, bottom - 1), _DARK, 2)
    return np.asarray(marked, dtype=np.uint8)


def encode_jpeg(page: Pixels, quality: int) -> bytes:
    """A baseline JPEG of a grey or BGR image."""
    _, data = cv2.imencode(".jpg", page, (cv2.IMWRITE_JPEG_QUALITY, quality))
    return data.tobytes()

"""Frames that show two facing pages: found by their gutter, never by their shape alone.

A gutter is a fold or a gap between two sheets that goes through from edge to edge, or empty paper
in the middle, wide beside the outer margins, with text to its left and right. What crosses the
middle (a table, a plan, a heading) keeps a frame whole.
"""

import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt
import pypdfium2 as pdfium

from scanners.intake import open_source
from scanners.kinds import tiff_frames
from scanners.pages.decode import decode_page
from scanners.pages.pdf_page import open_pdf
from scanners.pages.pdf_text import own_text
from scanners.pages.raster import PageImage, Pixels
from schemas.errors import PageFailedError
from schemas.geometry import Size
from schemas.pdftext import PageNature
from schemas.records import Cut
from schemas.settings import Settings
from schemas.sources import FileKind

Reals = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

_LEAST_ASPECT, _MOST_ASPECT = 1.15, 2.2
_WIDTH = 600
_BED = 90
_BANDS = 12
_LEAST_BANDS = 10
_PAPER = 80
_MIDDLE = (0.4, 0.6)
_BESIDE = (0.05, 0.12)
_DIP, _STRAIGHT = 0.05, 0.015
_INK = 0.78
_CLEAR_OF_FOLD, _CROSSING_STRIP, _MOST_CROSSING = 0.012, 0.035, 0.06
_SPECKS = 0.006
_LEAST_TEXT, _LEAST_GAP, _GAP_OF_MARGINS, _OFF_CENTRE = 0.2, 0.045, 0.6, 0.05
_LEAST_ROWS = 0.3


@dataclass(frozen=True, slots=True)
class _Sheet:
    """A small grey copy without a dark bed round it; `left` and `scale` lead back to the frame."""

    grey: Pixels
    left: int
    scale: float

    @property
    def width(self) -> int:
        return int(self.grey.shape[1])

    def column(self, x: float) -> int:
        return round((self.left + x) * self.scale)


def _inside(levels: Reals) -> tuple[int, int]:
    """First and last (exclusive) of what is not the scanner's black bed."""
    light = np.flatnonzero(levels >= _BED)
    return (int(light[0]), int(light[-1]) + 1) if len(light) else (0, len(levels))


def _sheet(pixels: Pixels) -> _Sheet:
    grey = pixels if pixels.ndim == 2 else cv2.cvtColor(pixels, cv2.COLOR_BGR2GRAY)  # noqa: PLR2004 two axes
    scale = max(1.0, grey.shape[1] / _WIDTH)
    size = round(grey.shape[1] / scale), max(1, round(grey.shape[0] / scale))
    small = np.asarray(cv2.resize(grey, size, interpolation=cv2.INTER_AREA), np.uint8)
    top, bottom = _inside(np.percentile(small, _PAPER, axis=1))
    left, right = _inside(np.percentile(small, _PAPER, axis=0))
    return _Sheet(small[top:bottom, left:right], left, scale)


def _dips(profile: Reals) -> Reals:
    """How much darker each column of the middle is than the paper to both its sides."""
    width = len(profile)
    near, far = (round(share * width) for share in _BESIDE)
    found = np.zeros(width)
    for x in range(round(_MIDDLE[0] * width), round(_MIDDLE[1] * width)):
        left = float(np.median(profile[x - far : x - near]))
        right = float(np.median(profile[x + near : x + far]))
        found[x] = 1 - profile[x] / max(1.0, min(left, right))
    return found


def _fold(sheet: _Sheet) -> float | None:
    """The column, at half height, of a fold or gap that goes from edge to edge."""
    bands = np.array_split(sheet.grey, _BANDS)
    dips = np.array([_dips(np.percentile(band, _PAPER, axis=0)) for band in bands])
    place, depth = dips.argmax(axis=1).astype(np.float64), dips.max(axis=1)
    deep = depth >= _DIP
    if np.count_nonzero(deep) < _LEAST_BANDS or not (deep[0] and deep[-1]):
        return None
    number = np.arange(_BANDS) - (_BANDS - 1) / 2
    slope, middle = np.polyfit(number[deep], place[deep], 1)
    off = np.abs(place - middle - slope * number)
    if np.count_nonzero(deep & (off <= _STRAIGHT * sheet.width)) < _LEAST_BANDS:
        return None
    return float(middle)


def _ink(sheet: _Sheet) -> Flags:
    """What is darker than the paper round it, without the outermost pixels."""
    bright = cv2.medianBlur(cv2.dilate(sheet.grey, np.ones((5, 5), np.uint8)), 21)
    ink = sheet.grey < _INK * bright
    ink[:3] = ink[-3:] = ink[:, :3] = ink[:, -3:] = False
    return np.asarray(ink)


def _crossing(ink: Flags, fold: float) -> float:
    """The share of rows with ink on both sides of a fold, close to it."""
    width = ink.shape[1]
    near, far = round(_CLEAR_OF_FOLD * width), round(_CROSSING_STRIP * width)
    x = round(fold)
    both = ink[:, x - far : x - near].any(axis=1) & ink[:, x + near : x + far].any(axis=1)
    return float(both.mean())


def _extent(there: Flags) -> tuple[int, int]:
    found = np.flatnonzero(there)
    return (int(found[0]), int(found[-1]) + 1) if len(found) else (0, 0)


def _gap(ink: Flags) -> float | None:
    """The middle of the empty paper between two pages of text, or beside one."""
    height, width = ink.shape
    written = ink.sum(axis=0) > max(1, _SPECKS * height)
    middle = width // 2
    reach = round(_OFF_CENTRE * width)
    free = np.flatnonzero(~written[middle - reach : middle + reach])
    if not len(free) or not written.any():
        return None
    x = int(free[np.argmin(np.abs(free - reach))]) + middle - reach
    (first, left_end), (start, last) = _extent(written[:x]), _extent(written[x:])
    least, has_left, has_right = _LEAST_TEXT * width, left_end > 0, last > 0
    if has_left and has_right:
        gap, margins = x + start - left_end, first + width - x - last
        wide = gap >= max(_LEAST_GAP * width, _GAP_OF_MARGINS * margins)
        centre = (x + start + left_end) / 2
        text = left_end - first >= least and last - start >= least
        return centre if wide and text and abs(centre - middle) <= reach else None
    rows = _extent(ink.sum(axis=1) > 1)
    one = max(left_end - first, last - start) >= least and rows[1] - rows[0] >= _LEAST_ROWS * height
    return float(middle) if one else None


def find_gutter(pixels: Pixels) -> int | None:
    """The pixel column at which a frame (H×W grey or H×W×3 BGR) is to be parted; None for one page."""
    sheet = _sheet(pixels)
    height, width = sheet.grey.shape
    if not _LEAST_ASPECT * height <= width <= _MOST_ASPECT * height or height < 2 * _BANDS:
        return None
    ink, fold = _ink(sheet), _fold(sheet)
    if fold is not None and _crossing(ink, fold) <= _MOST_CROSSING:
        return sheet.column(fold)
    middle = _gap(ink)
    return None if middle is None else sheet.column(middle)


def _wide_frames(path: Path, kind: FileKind, frames: int) -> Iterator[int]:
    """Frames that may be wider than high, by what their headers say."""
    if kind is FileKind.TIFF:
        with open_source(path) as raw, io.BufferedReader(raw) as stream:  # type: ignore[type-var]  # an unbuffered file is a raw stream
            found = tiff_frames(stream, frames)
        yield from (number for number, frame in enumerate(found) if frame.width > frame.height)
    elif kind is FileKind.PDF:
        try:
            with open_pdf(path) as document:
                sizes = [document.get_page_size(number) for number in range(len(document))]
        except pdfium.PdfiumError:
            return
        yield from (number for number, (width, height) in enumerate(sizes) if width > height)
    else:
        yield 0


def _is_picture(path: Path, kind: FileKind, frame: int, image: PageImage) -> bool:
    """Whether the page has no text of its own: that of a digital page is never parted."""
    if kind is not FileKind.PDF:
        return True
    height, width = image.pixels.shape[:2]
    return own_text(path, frame, Size(width, height)).nature is not PageNature.DIGITAL


def find_cuts(path: Path, kind: FileKind, frames: int, settings: Settings) -> tuple[Cut, ...]:
    """The frames of a file that show two facing pages, and where each is parted."""
    cuts: list[Cut] = []
    for frame in _wide_frames(path, kind, frames):
        try:
            image = decode_page(path, kind, frame, settings)
        except PageFailedError:
            continue
        x = find_gutter(image.pixels) if image.pixels.shape[1] > image.pixels.shape[0] else None
        if x is not None and _is_picture(path, kind, frame, image):
            cuts.append(Cut(frame, x))
    return tuple(cuts)

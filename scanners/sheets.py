"""Separator and cover sheets: Code 39, Code 128 and QR codes of PATCHT or OPIS:key=value;key=value.

Nearly every page is an ordinary one: it is looked at upright at some 100 dpi (4 ms). Only where a
patch looks like bars, and nothing was read, it is looked at again, turned and larger.
"""

import re

import cv2
import numpy as np
import numpy.typing as npt
import zxingcpp

from scanners.raster import Pixels
from schemas.sources import Sheet

Grid = npt.NDArray[np.float32]

SEPARATOR = "PATCHT"
COVER = "OPIS:"
_FORMATS = (
    zxingcpp.BarcodeFormat.Code39,
    zxingcpp.BarcodeFormat.Code128,
    zxingcpp.BarcodeFormat.QRCode,
)
_QUICK_DPI, _THOROUGH_DPI, _FULL_DPI = 100, 150, 300
_LEAST_SIDE = 64
_BLOCK = 8
_BAR_ENERGY = 16.0
_BAR_BLOCKS = 80
_MOST_KEYS, _LONGEST = 50, 500
_IGNORED = re.compile(r"[\s_-]+")


def _smaller(grey: Pixels, dpi: int, target: int) -> Pixels:
    """A copy at about the target resolution; by whole steps (fast) where they come near it."""
    height, width = grey.shape
    step = max(1, round(dpi / target))
    if dpi <= target * 1.15 or step > min(height, width):
        return grey
    if step > 1 and 0.85 <= dpi / step / target <= 1.25:  # noqa: PLR2004 near enough to the target
        size, kind = (width // step, height // step), cv2.INTER_AREA
        grey = grey[: size[1] * step, : size[0] * step]
    else:
        size = (max(1, width * target // dpi), max(1, height * target // dpi))
        kind = cv2.INTER_LINEAR
    return np.asarray(cv2.resize(grey, size, interpolation=kind), dtype=np.uint8)


def _keys(text: str) -> dict[str, str]:
    """The keys of a cover sheet, lower case."""
    pairs = (part.partition("=") for part in text[:_LONGEST].split(";")[:_MOST_KEYS])
    return {key.strip().lower(): value.strip() for key, eq, value in pairs if eq and key.strip()}


def _sheet(payload: str, symbology: str) -> Sheet | None:
    text = payload.strip()
    if _IGNORED.sub("", text).upper() == SEPARATOR:
        return Sheet(SEPARATOR, symbology)
    if text.upper().startswith(COVER):
        return Sheet(text, symbology, _keys(text[len(COVER) :]))
    return None


def _codes(grey: Pixels, thorough: bool) -> tuple[tuple[str, str], ...]:
    """Payload and symbology of the codes in a picture."""
    found = zxingcpp.read_barcodes(
        grey,
        formats=_FORMATS,  # type: ignore[arg-type]  # its stub knows the old flags only
        try_rotate=thorough,
        try_downscale=thorough,
        try_invert=False,
        text_mode=zxingcpp.TextMode.Plain,
    )
    return tuple((code.text, str(code.format)) for code in found)


def _means(steps: Pixels) -> Grid:
    """Means by blocks of 8 × 8."""
    height, width = steps.shape[0] // _BLOCK, steps.shape[1] // _BLOCK
    whole = steps[: height * _BLOCK, : width * _BLOCK]
    return np.asarray(cv2.resize(whole, (width, height), interpolation=cv2.INTER_AREA), np.float32)


def looks_barred(grey: Pixels) -> bool:
    """Whether a patch of the picture (about 100 dpi) is all stripes in one direction."""
    corner = grey[:-1, :-1]
    across = _means(np.asarray(cv2.absdiff(grey[:-1, 1:], corner), dtype=np.uint8))
    down = _means(np.asarray(cv2.absdiff(grey[1:, :-1], corner), dtype=np.uint8))
    return any(_largest_patch(lean) >= _BAR_BLOCKS for lean in (across - down, down - across))


def _largest_patch(lean: Grid) -> int:
    """Blocks in the largest connected patch of strong stripes, thin lines taken off."""
    strong = np.asarray(lean > _BAR_ENERGY, dtype=np.uint8)
    solid = cv2.morphologyEx(strong, cv2.MORPH_OPEN, np.ones((2, 2), np.uint8))
    _, _, facts, _ = cv2.connectedComponentsWithStats(solid)
    return int(facts[1:, cv2.CC_STAT_AREA].max()) if len(facts) > 1 else 0


def _search(grey: Pixels, dpi: int) -> tuple[tuple[str, str], ...]:
    """The codes on a page: quickly for all, thoroughly where there seem to be bars."""
    small = _smaller(grey, dpi, _QUICK_DPI)
    if min(small.shape) < _LEAST_SIDE:
        return _codes(grey, thorough=True)
    codes = _codes(small, thorough=False)
    if codes or not looks_barred(small):
        return codes
    middle = _smaller(grey, dpi, _THOROUGH_DPI)
    return _codes(middle, thorough=True) or _codes(_smaller(grey, dpi, _FULL_DPI), thorough=True)


def read_sheet(grey: Pixels, dpi: int) -> Sheet | None:
    """The separator or cover sheet that a page is, or None; `grey` is H×W uint8 at `dpi`.

    Other codes (registry labels, ASN…) make no sheet.
    """
    sheets = [sheet for sheet in (_sheet(*code) for code in _search(grey, dpi)) if sheet]
    return max(sheets, key=lambda sheet: len(sheet.keys), default=None)

"""Separator and cover sheets: Code 39, Code 128 and QR codes of PATCHT or OPIS:key=value;key=value.

Nearly every page is an ordinary one: it is looked at once at some 150 dpi (about 4 ms). Only where
a patch looks like bars, and nothing was read, the page is looked at again at full resolution and
turned.
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
_QUICK_DPI, _FULL_DPI = 150, 300
_LEAST_STEP_DPI = 130
_BLOCK, _ROWS = 16, 4
_BAR_ENERGY = 20.0
_BAR_BLOCKS = 10
_MOST_KEYS, _LONGEST = 50, 500
_IGNORED = re.compile(r"[\s_-]+")


def _smaller(grey: Pixels, dpi: int, target: int) -> Pixels:
    """A copy at about the target resolution, by whole steps where they do."""
    step = dpi // target if dpi // target * _LEAST_STEP_DPI <= dpi else 1
    height, width = grey.shape
    if step > 1 and dpi / step <= target * 1.25:
        whole = grey[: height // step * step, : width // step * step]
        size = (width // step, height // step)
        return np.asarray(cv2.resize(whole, size, interpolation=cv2.INTER_AREA), dtype=np.uint8)
    if dpi <= target * 1.15:
        return grey
    size = (max(1, width * target // dpi), max(1, height * target // dpi))
    return np.asarray(cv2.resize(grey, size, interpolation=cv2.INTER_LINEAR), dtype=np.uint8)


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


def _stripes(grey: Pixels) -> Grid:
    """Mean step from pixel to pixel along the rows, by blocks; every fourth row is looked at."""
    rows = grey[::_ROWS]
    height, width = rows.shape[0] * _ROWS // _BLOCK, (rows.shape[1] - 1) // _BLOCK
    steps = cv2.absdiff(rows[:, 1:], rows[:, :-1])[: height * _BLOCK // _ROWS, : width * _BLOCK]
    means = cv2.resize(steps, (width, height), interpolation=cv2.INTER_AREA)
    return np.asarray(means, dtype=np.float32)


def looks_barred(grey: Pixels) -> bool:
    """Whether a patch of the picture (about 150 dpi) is all stripes in one direction."""
    if min(grey.shape) < _BLOCK * 4:
        return False
    across = _stripes(grey)
    down = _stripes(np.ascontiguousarray(grey.T)).T
    rows, columns = min(across.shape[0], down.shape[0]), min(across.shape[1], down.shape[1])
    lean = across[:rows, :columns] - down[:rows, :columns]
    return any(_largest_patch(side) >= _BAR_BLOCKS for side in (lean, -lean))


def _largest_patch(lean: Grid) -> int:
    """Blocks in the largest connected patch of strong stripes, thin lines taken off."""
    strong = np.asarray(lean > _BAR_ENERGY, dtype=np.uint8)
    solid = cv2.morphologyEx(strong, cv2.MORPH_OPEN, np.ones((2, 2), np.uint8))
    _, _, facts, _ = cv2.connectedComponentsWithStats(solid)
    return int(facts[1:, cv2.CC_STAT_AREA].max()) if len(facts) > 1 else 0


def read_sheet(grey: Pixels, dpi: int) -> Sheet | None:
    """The separator or cover sheet that a page is, or None; `grey` is H×W uint8 at `dpi`.

    Other codes (registry labels, ASN…) make no sheet.
    """
    quick = _smaller(grey, dpi, _QUICK_DPI)
    codes = _codes(quick, thorough=False)
    if not codes and looks_barred(quick):
        codes = _codes(_smaller(grey, dpi, _FULL_DPI), thorough=True)
    sheets = [sheet for sheet in (_sheet(*code) for code in codes) if sheet]
    return max(sheets, key=lambda sheet: len(sheet.keys), default=None)

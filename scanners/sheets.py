"""Separator and cover sheets: Code 39, Code 128 and QR codes of PATCHT, OPIS1;… or OPIS:key=value.

Nearly every page is an ordinary one: it is looked at upright at some 100 dpi (4 ms). Only where a
patch looks like bars, and nothing was read, that patch is looked at again, turned and larger.
"""

import re
from collections.abc import Iterator

import cv2
import numpy as np
import numpy.typing as npt
import zxingcpp

from scanners.pages.raster import Pixels
from scanners.patch_code import has_patch_t
from schemas.geometry import Box
from schemas.inventory import DAMAGED, REFERENCE, is_cover, read_cover
from schemas.sources import Sheet

Grid = npt.NDArray[np.float32]

SEPARATOR = "PATCHT"
COVER = "OPIS:"
PATCH_CODE = "Patch Code"
_FORMATS = (
    zxingcpp.BarcodeFormat.Code39,
    zxingcpp.BarcodeFormat.Code128,
    zxingcpp.BarcodeFormat.QRCode,
)
_QUICK_DPI, _FULL_DPI = 100, 200
_AREA = cv2.INTER_AREA
_LEAST_SIDE = 64
_BLOCK = 8
_BAR_ENERGY = 16.0
_BAR_BLOCKS, _MOST_PATCHES = 50, 4
_SPECK, _SPECKS = 100, 0.004
_MOST_KEYS, _LONGEST = 50, 500
_IGNORED = re.compile(r"[\s_-]+")


def _smaller(grey: Pixels, dpi: int, target: int) -> Pixels:
    """A copy at about the target resolution: halved as often as that serves (the fast way)."""
    factor = dpi / target
    while factor >= 1.9 and min(grey.shape) > 1:  # noqa: PLR2004 nearly half
        height, width = grey.shape[0] // 2, grey.shape[1] // 2
        halved = cv2.resize(grey[: height * 2, : width * 2], (width, height), interpolation=_AREA)
        grey, factor = np.asarray(halved, dtype=np.uint8), factor / 2
    if factor < 1.15:  # noqa: PLR2004 near enough
        return grey
    size = (max(1, round(grey.shape[1] / factor)), max(1, round(grey.shape[0] / factor)))
    return np.asarray(cv2.resize(grey, size, interpolation=cv2.INTER_LINEAR), dtype=np.uint8)


def _keys(text: str) -> dict[str, str]:
    """The keys of a cover sheet, lower case."""
    pairs = (part.partition("=") for part in text[:_LONGEST].split(";")[:_MOST_KEYS])
    return {key.strip().lower(): value.strip() for key, eq, value in pairs if eq and key.strip()}


def _cover_keys(text: str) -> dict[str, str]:
    """The keys of a cover sheet of ours; only `damaged` where its check fails."""
    cover = read_cover(text)
    if cover is None:
        return {DAMAGED: text[:_LONGEST]}
    told = {
        "fond": cover.name.fond,
        "inventar": cover.name.inventar,
        "cota": cover.name.cota,
        "an": cover.name.an,
        "file_certificate": "" if cover.leaves is None else str(cover.leaves),
        REFERENCE: cover.reference,
    }
    return {key: value for key, value in told.items() if value}


def _sheet(payload: str, symbology: str) -> Sheet | None:
    text = payload.strip()
    if _IGNORED.sub("", text).upper() == SEPARATOR:
        return Sheet(SEPARATOR, symbology)
    if is_cover(text):
        return Sheet(text[:_LONGEST], symbology, _cover_keys(text))
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


def _patches(lean: Grid) -> Iterator[Box]:
    """Connected patches of strong stripes, thin lines taken off, near ones joined; in blocks."""
    strong = np.asarray(lean > _BAR_ENERGY, dtype=np.uint8)
    solid = cv2.morphologyEx(strong, cv2.MORPH_OPEN, np.ones((2, 2), np.uint8))
    joined = cv2.morphologyEx(solid, cv2.MORPH_CLOSE, np.ones((5, 5), np.uint8))
    _, _, facts, _ = cv2.connectedComponentsWithStats(joined)
    for x, y, w, h, blocks in facts[1:].tolist():
        if blocks >= _BAR_BLOCKS:
            yield Box(x, y, w, h)


def barred_patches(grey: Pixels) -> tuple[Box, ...]:
    """Where a picture (about 100 dpi) is all stripes in one direction: the largest few boxes."""
    corner = grey[:-1, :-1]
    across = _means(np.asarray(cv2.absdiff(grey[:-1, 1:], corner), dtype=np.uint8))
    down = _means(np.asarray(cv2.absdiff(grey[1:, :-1], corner), dtype=np.uint8))
    found = (*_patches(across - down), *_patches(down - across))
    largest = sorted(found, key=lambda box: box.area, reverse=True)[:_MOST_PATCHES]
    return tuple(Box(*(side * _BLOCK for side in box.as_list())) for box in largest)


def _around(grey: Pixels, box: Box, scale: float, margin: int) -> Pixels:
    """The box (of a copy `scale` times smaller) with a margin, in full pixels."""
    left, top = (max(0, round(at * scale) - margin) for at in (box.x, box.y))
    right, bottom = round((box.x + box.w) * scale), round((box.y + box.h) * scale)
    return np.ascontiguousarray(grey[top : bottom + margin, left : right + margin])


def _search(grey: Pixels, dpi: int) -> tuple[Sheet, ...]:
    """The sheets' codes on a page: quickly for all, thoroughly where there seem to be bars."""
    small = _smaller(grey, dpi, _QUICK_DPI)
    if min(small.shape) < _LEAST_SIDE:
        return tuple(_sheets(_codes(grey, thorough=True)))
    codes = _codes(small, thorough=False)
    patches = () if codes else barred_patches(small)
    if not patches:
        return tuple(_sheets(codes))
    scale = grey.shape[0] / small.shape[0]
    parts = (_around(grey, box, scale, margin=dpi) for box in patches)
    found = tuple(sheet for part in parts for sheet in _in_bars(part, dpi))
    return found or _last_looks(grey, small, dpi)


def _in_bars(part: Pixels, dpi: int) -> Iterator[Sheet]:
    yield from _sheets(_codes(_smaller(part, dpi, _FULL_DPI), thorough=True))


def _last_looks(grey: Pixels, small: Pixels, dpi: int) -> tuple[Sheet, ...]:
    """A page with bars that nothing was read of: without its specks, then as Patch T."""
    found = tuple(_sheets(_codes(_without_specks(small), thorough=True)))
    if not found and _speckled(grey):
        clean = _smaller(_without_specks(grey), dpi, _QUICK_DPI)
        found = tuple(_sheets(_codes(clean, thorough=True)))
    if found:
        return found
    bars = has_patch_t(small, round(dpi * small.shape[0] / grey.shape[0]))
    return (Sheet(SEPARATOR, PATCH_CODE),) if bars else ()


def _without_specks(grey: Pixels) -> Pixels:
    return np.asarray(cv2.medianBlur(grey, 3), dtype=np.uint8)


def _speckled(grey: Pixels) -> bool:
    """Whether single pixels differ much from their neighbours, in a band across the page."""
    middle, height = grey.shape[0] // 2, max(8, grey.shape[0] // 32)
    band = np.ascontiguousarray(grey[middle - height : middle + height])
    strange = cv2.absdiff(band, _without_specks(band)) > _SPECK
    return float(np.mean(strange)) > _SPECKS


def _sheets(codes: tuple[tuple[str, str], ...]) -> Iterator[Sheet]:
    for code in codes:
        sheet = _sheet(*code)
        if sheet is not None:
            yield sheet


def _worth(sheet: Sheet) -> tuple[bool, int]:
    """A cover before a separator, a sound code before one that does not add up."""
    return DAMAGED not in sheet.keys, len(sheet.keys)


def read_sheet(grey: Pixels, dpi: int) -> Sheet | None:
    """The separator or cover sheet that a page is, or None; `grey` is H×W uint8 at `dpi`.

    Other codes (registry labels, ASN…) make no sheet.
    """
    return max(_search(grey, dpi), key=_worth, default=None)

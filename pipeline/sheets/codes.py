"""The two codes of a sheet as pictures: a QR code, and a Code 128 as second chance."""

import numpy as np
import zxingcpp
from PIL import Image

from schemas.inventory import ListedUnit, full_payload, short_payload

SEPARATOR = "PATCHT"
_PIXELS = 8
"""A module's side: enough that no printer blurs it."""
_STRONG = 160
"""Bytes up to which a QR code repairs 30 % of itself; longer ones 15 %, so that modules stay large."""


def _picture(payload: str, form: zxingcpp.BarcodeFormat, **how: str) -> Image.Image:
    code = zxingcpp.create_barcode(payload, form, **how)
    modules = np.asarray(code.to_image(scale=1, add_quiet_zones=False))
    if form == zxingcpp.BarcodeFormat.Code128:
        modules = modules[:1]
    large = np.kron(modules > 0, np.ones((_PIXELS, _PIXELS), np.bool_))
    return Image.fromarray(large)


def qr_code(payload: str) -> Image.Image:
    """Black and white, without the quiet zone."""
    level = "H" if len(payload.encode()) <= _STRONG else "M"
    return _picture(payload, zxingcpp.BarcodeFormat.QRCode, ec_level=level)


def bar_code(payload: str) -> Image.Image:
    """One line of bars, to be drawn as high as wanted, without the quiet zone."""
    return _picture(payload, zxingcpp.BarcodeFormat.Code128)


def cover_codes(unit: ListedUnit) -> tuple[Image.Image, Image.Image]:
    """A cover sheet's codes: all that names the unit, and its reference alone."""
    return qr_code(full_payload(unit)), bar_code(short_payload(unit))


def separator_codes() -> tuple[Image.Image, Image.Image]:
    """A separator sheet's codes."""
    return qr_code(SEPARATOR), bar_code(SEPARATOR)

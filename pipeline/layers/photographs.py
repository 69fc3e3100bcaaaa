"""Whether something on a page is a photograph, which ink and paper cannot tell apart."""

import cv2
import numpy as np

from pipeline.imaging.raster import Pixels

_THICKEST = np.ones((15, 15), np.uint8)  # 5 mm at 75 dpi
_WINDOW = (21, 21)
_INSIDE = np.ones(_WINDOW, np.uint8)
_SHADED = 0.82  # of the paper's brightness
_TEXTURE = 8
_LEAST_SHARE = 0.006
_TEXTURED = 0.4


def has_photograph(coarse: Pixels, paper: int) -> bool:
    """Whether a large shaded area of a coarse grey page (75 to 150 dpi) has shades within.

    Shadows and stains are smooth, scanner borders and solid bars of one tone.
    """
    closed = np.asarray(cv2.morphologyEx(coarse, cv2.MORPH_CLOSE, _THICKEST), np.uint8)
    shaded = np.where(closed < _SHADED * paper, 255, 0).astype(np.uint8)
    if cv2.countNonZero(shaded) < _LEAST_SHARE * shaded.size:
        return False
    rough = np.asarray(cv2.absdiff(closed, cv2.blur(closed, _WINDOW))) > _TEXTURE
    inner = np.asarray(cv2.erode(shaded, _INSIDE), np.uint8)
    _, names, stats, _ = cv2.connectedComponentsWithStats(inner)
    large = np.flatnonzero(stats[1:, cv2.CC_STAT_AREA] > _LEAST_SHARE * shaded.size) + 1
    textured = np.bincount(names[rough], minlength=len(stats))
    return bool(np.any(textured[large] > _TEXTURED * stats[large, cv2.CC_STAT_AREA]))

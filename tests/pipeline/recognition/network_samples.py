"""Lines drawn for the tests of the network, and the installed Romanian model."""

from functools import cache
from pathlib import Path

import cv2
import numpy as np

from pipeline.recognition import tessdata
from tests.pipeline import drawn

LETTERS = 30
LOOK = drawn.Look(lines=12, letters=LETTERS)


def romanian() -> Path:
    """The installed ron.traineddata."""
    return tessdata.folder("") / "ron.traineddata"


@cache
def lines() -> tuple[tuple[str, np.ndarray], ...]:
    """Text and crop of each line, letters as on a page of 200 dpi."""
    page = drawn.page(LOOK)
    step = int(LETTERS * 1.9)
    found = []
    for number, text in enumerate(drawn.text_lines(LOOK)):
        base = 300 + number * step
        band = page[base - LETTERS - 6 : base + LETTERS // 2]
        ink = np.flatnonzero((band < 140).any(axis=0))
        found.append((text, np.ascontiguousarray(band[:, ink[0] - 4 : ink[-1] + 5])))
    return tuple(found)


def turned_dark(crop: np.ndarray, ink: int, paper: int) -> np.ndarray:
    """The same line in another ink on another paper."""
    return cv2.normalize(crop, None, ink, paper, cv2.NORM_MINMAX)

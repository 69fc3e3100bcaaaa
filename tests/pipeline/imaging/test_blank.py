"""A blank page is found; faint or little writing is never called blank."""

import cv2
import numpy as np
import pytest

from pipeline.imaging.image import prepare
from schemas.geometry import Affine
from schemas.settings import Settings
from tests.pipeline import drawn
from tests.pipeline.drawn import Look

SETTINGS = Settings()


def _with(text: str, ink: int = 40, at: tuple[int, int] = (1100, 400)) -> np.ndarray:
    page = np.full(drawn.A4, 245, np.uint8)
    cv2.putText(page, text, at, (ink,) * 3, cv2.FontFace("sans"), 46, 500)
    return drawn.noisy(page, Look())


def _specked() -> np.ndarray:
    page = drawn.blank()
    rng = np.random.default_rng(1)
    for x, y in rng.integers((0, 0), (2480, 3508), (60, 2)):
        cv2.circle(page, (int(x), int(y)), int(rng.integers(1, 4)), 70, -1)
    return page


BLANKS = {
    "clean": drawn.blank,
    "grainy": lambda: drawn.blank(Look(noise=12.0)),
    "greyish": lambda: drawn.blank(Look(paper=200)),
    "shadowed": lambda: drawn.shadowed(drawn.blank()),
    "stained": lambda: drawn.stained(drawn.blank()),
    "bordered": lambda: drawn.bordered(drawn.blank()),
    "punched": lambda: drawn.punched(drawn.blank()),
    "specks": _specked,
    "other side": lambda: drawn.show_through(drawn.blank(), 0.12),
    "everything": lambda: drawn.bordered(
        drawn.punched(drawn.shadowed(drawn.show_through(drawn.stained(_specked()), 0.1)))
    ),
}
WRITTEN = {
    "full": drawn.page,
    "three lines": lambda: drawn.page(Look(lines=3)),
    "faint": lambda: drawn.page(Look(ink=205)),
    "three faint lines": lambda: drawn.page(Look(lines=3, ink=205)),
    "very faint": lambda: drawn.page(Look(ink=220)),
    "one faint line": lambda: drawn.page(Look(lines=1, ink=205)),
    "two words": lambda: _with("Anexa 3"),
    "page number": lambda: _with("- 17 -", at=(1150, 3300)),
    "photograph": lambda: cv2.GaussianBlur(
        cv2.rectangle(drawn.blank(), (600, 800), (1900, 2400), (70, 70, 70), -1), (0, 0), 9
    ),
    "black": lambda: drawn.blank(Look(paper=12)),
}


@pytest.mark.parametrize("name", BLANKS)
def test_blank_pages_are_found(name: str) -> None:
    page = BLANKS[name]()
    prepared = prepare(page, drawn.DPI, SETTINGS)
    assert prepared.blank
    assert not prepared.faint
    assert prepared.transform == Affine()
    assert prepared.page is page


@pytest.mark.parametrize("name", WRITTEN)
def test_writing_is_never_called_blank(name: str) -> None:
    assert not prepare(WRITTEN[name](), drawn.DPI, SETTINGS).blank


def test_the_bar_is_a_setting() -> None:
    page = drawn.page(Look(lines=3))
    assert prepare(page, drawn.DPI, SETTINGS).ink > SETTINGS.blank_ink
    assert prepare(page, drawn.DPI, Settings(blank_ink=0.5)).faint

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
    "clean": drawn.blank(),
    "grainy": drawn.blank(Look(noise=12.0)),
    "greyish": drawn.blank(Look(paper=200)),
    "shadowed": drawn.shadowed(drawn.blank()),
    "stained": drawn.stained(drawn.blank()),
    "bordered": drawn.bordered(drawn.blank()),
    "punched": drawn.punched(drawn.blank()),
    "specks": _specked(),
    "other side": drawn.show_through(drawn.blank(), 0.12),
    "everything": drawn.bordered(
        drawn.punched(drawn.shadowed(drawn.show_through(drawn.stained(_specked()), 0.1)))
    ),
}
WRITTEN = {
    "full": drawn.page(),
    "three lines": drawn.page(Look(lines=3)),
    "faint": drawn.page(Look(ink=205)),
    "three faint lines": drawn.page(Look(lines=3, ink=205)),
    "very faint": drawn.page(Look(ink=220)),
    "one faint line": drawn.page(Look(lines=1, ink=205)),
    "two words": _with("Anexa 3"),
    "page number": _with("- 17 -", at=(1150, 3300)),
    "photograph": cv2.GaussianBlur(
        cv2.rectangle(drawn.blank(), (600, 800), (1900, 2400), (70, 70, 70), -1), (0, 0), 9
    ),
    "black": drawn.blank(Look(paper=12)),
}


@pytest.mark.parametrize("name", BLANKS)
def test_blank_pages_are_found(name: str) -> None:
    page = BLANKS[name]
    prepared = prepare(page, drawn.DPI, SETTINGS)
    assert prepared.blank
    assert not prepared.faint
    assert prepared.transform == Affine()
    assert prepared.page is page


@pytest.mark.parametrize("name", WRITTEN)
def test_writing_is_never_called_blank(name: str) -> None:
    assert not prepare(WRITTEN[name], drawn.DPI, SETTINGS).blank


def test_the_bar_is_a_setting() -> None:
    page = drawn.page(Look(lines=3))
    assert prepare(page, drawn.DPI, SETTINGS).ink > SETTINGS.blank_ink
    assert prepare(page, drawn.DPI, Settings(blank_ink=0.5)).faint

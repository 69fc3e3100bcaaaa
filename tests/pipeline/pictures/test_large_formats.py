"""Plans as large as A0: what memory has no room for is not asked of it."""

import cv2
import numpy as np
import pytest

from pipeline.imaging import warp
from pipeline.imaging.image import prepare
from pipeline.layers import codecs
from pipeline.layers.types import Layered, unpack
from pipeline.pictures import picture
from pipeline.pictures.picture import Delivered, page_image, picture_of
from schemas.geometry import Size
from schemas.settings import Settings
from schemas.text import PageText
from tests.pipeline import drawn

SETTINGS = Settings()


def coloured() -> np.ndarray:
    page = cv2.cvtColor(drawn.page(), cv2.COLOR_GRAY2BGR)
    cv2.circle(page, (1500, 2900), 250, (40, 40, 220), -1)
    return page


@pytest.fixture
def large(monkeypatch: pytest.MonkeyPatch) -> None:
    """A4 counts as a very large page."""
    for module in (warp, picture):
        monkeypatch.setattr(module, "MOST_SAMPLES", 1_000_000)


def shown(pixels: np.ndarray) -> tuple[PageText, Layered, np.ndarray]:
    prepared = prepare(pixels, drawn.DPI, SETTINGS)
    source = Size(pixels.shape[1], pixels.shape[0])
    text = PageText(prepared.size, drawn.DPI, source_size=source, transform=prepared.transform)
    delivered = Delivered(pixels, drawn.DPI)
    assert np.array_equal(page_image(delivered, text), prepared.page)
    made = picture_of(prepared.page, text, delivered, SETTINGS)
    return text, unpack(made.data), prepared.page


@pytest.mark.usefixtures("large")
def test_a_large_page_that_is_turned_is_read_in_grey_and_shown_in_colour() -> None:
    text, layered, page = shown(np.rot90(coloured()).copy())
    assert page.ndim == 2
    (layer,) = layered.layers
    assert layer.raster.components == 3
    assert (text.size.width, text.size.height) == (2480, 3508)
    corners = [
        layer.place.point(x, y) for x, y in ((0, 0), (layer.raster.width, layer.raster.height))
    ]
    xs, ys = zip(*corners, strict=True)
    assert sorted(xs) == pytest.approx([0, 2480], abs=1)
    assert sorted(ys) == pytest.approx([0, 3508], abs=1)


@pytest.mark.usefixtures("large")
def test_a_large_upright_page_keeps_its_pixels() -> None:
    pixels = coloured()
    assert prepare(pixels, drawn.DPI, SETTINGS).page is pixels


def test_very_large_stencils_are_coded_within_memory(
    monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    encode = codecs.bit_encoder(tmp_path_factory.mktemp("models"))
    ink = np.zeros((40, 50), np.uint8)
    monkeypatch.setattr(codecs, "_MOST_JBIG2_PIXELS", ink.size - 1)
    assert encode(ink).codec == "g4"

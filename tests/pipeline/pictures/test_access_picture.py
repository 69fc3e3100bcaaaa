"""Pictures of the two profiles: small and true, or the scanner's own."""

from functools import cache

import cv2
import numpy as np
import pytest

from pipeline.imaging.warp import page_transform
from pipeline.layers.codecs import encode_jpeg
from pipeline.layers.ink import find_ink
from pipeline.layers.mixed import mix, shown
from pipeline.layers.types import Layered, unpack
from pipeline.pictures.picture import Delivered, page_image, picture_of
from schemas.geometry import Affine, Box, Size
from schemas.settings import Settings
from schemas.text import Block, Line, PageText, Word
from tests.pipeline import drawn
from tests.pipeline.drawn import Look
from tests.pipeline.painting import painted, poppler

pytestmark = pytest.mark.slow

ACCESS, ARCHIVE = Settings(), Settings(pdf_profile="archive")
LOOK = Look(lines=6)


def text_of(page: np.ndarray, dpi: int = 300, **more: object) -> PageText:
    size = Size(page.shape[1], page.shape[0])
    line = Line((Word("text", Box(240, 260, 300, 50), 0.9),))
    return PageText(size, dpi, (Block((line,)),), source_size=size, **more)


def believed(pixels: np.ndarray, boxes: tuple[Box, ...]) -> tuple[str, ...]:
    return ("text",) * len(boxes)


def made(page: np.ndarray, *, settings: Settings = ACCESS, dpi: int = 300, **more) -> Layered:
    reread = more.pop("reread", believed)
    text = more.pop("text", None) or text_of(page, dpi)
    picture = picture_of(page, text, Delivered(page, dpi, **more), settings, reread)
    assert picture.kind == settings.pdf_profile
    return unpack(picture.data)


@cache
def coloured() -> np.ndarray:
    """Black text, a blue ring over it, a red stroke."""
    page = cv2.cvtColor(drawn.page(LOOK), cv2.COLOR_GRAY2BGR)
    cv2.circle(page, (1200, 1500), 200, (190, 70, 60), 9, cv2.LINE_AA)
    cv2.line(page, (500, 1800), (900, 1700), (40, 40, 200), 8, cv2.LINE_AA)
    return page


def test_a_written_page_is_a_tenth_of_a_jpeg_and_looks_the_same() -> None:
    page = drawn.page(LOOK)
    picture = made(page)
    assert picture.kind == "mixed"
    assert picture.bytes < 0.1 * len(encode_jpeg(page, 85).data)
    seen = painted(picture)
    assert seen.shape == page.shape
    apart = cv2.absdiff(cv2.blur(seen, (5, 5)), cv2.blur(page, (5, 5)))
    assert apart.mean() < 4
    assert np.quantile(apart, 0.999) < 90


def test_dots_and_accents_stay_and_specks_go() -> None:
    canvas = np.full((1200, 1600), 245, np.uint8)
    font = cv2.FontFace("sans")
    cv2.putText(canvas, "țâșnește îngălbenit: „i, j.” ăÎȘȚ;", (60, 300), (30,) * 3, font, 26)
    page = drawn.noisy(canvas, Look())
    mask = find_ink(page, 300).mask
    count, names = cv2.connectedComponents(np.where(canvas < 120, 255, 0).astype(np.uint8))
    sizes = [int((names == one).sum()) for one in range(1, count)]
    assert min(sizes) < 15
    kept = [mask[names == one].mean() / 255 for one in range(1, count)]
    assert min(kept) > 0.75
    dirty = page.copy()
    rng = np.random.default_rng(3)
    for y, x in rng.integers(500, 1100, (300, 2)):
        dirty[y, x : x + 2] = 90
    assert np.array_equal(find_ink(dirty, 300).mask[:450], mask[:450])
    assert not find_ink(dirty, 300).mask[480:].any()
    dotted = page.copy()
    dotted[800:804, 400:404] = 40
    assert find_ink(dotted, 300).mask[800:804, 400:404].all()


@pytest.mark.parametrize("spoil", [drawn.shadowed, drawn.stained, drawn.bordered])
def test_paper_that_is_not_even_has_a_picture_of_its_own(spoil) -> None:
    page = spoil(drawn.page(LOOK))
    picture = made(page)
    assert [layer.stencil for layer in picture.layers] == [False, True]
    assert picture.bytes < 60_000
    apart = cv2.absdiff(cv2.blur(painted(picture), (9, 9)), cv2.blur(page, (9, 9)))
    assert apart.mean() < 5


def test_inks_keep_their_colours() -> None:
    picture = made(coloured())
    assert picture.kind == "mixed"
    assert picture.layers[-1].colours is not None
    seen = painted(picture, grey=False)[..., :3].astype(int)
    blue, red, black = seen[1500, 1400], seen[1750, 700], seen[:900].min(axis=(0, 1))
    assert blue[0] > blue[2] + 60
    assert red[2] > red[0] + 80
    assert black.max() < 90


def test_a_stamp_stays_paler_than_the_print() -> None:
    page = drawn.page(LOOK).copy()
    cv2.circle(page, (1200, 1500), 220, 140, 12, cv2.LINE_AA)
    cv2.circle(page, (1200, 1500), 150, 140, 12, cv2.LINE_AA)
    picture = made(page)
    assert picture.kind == "mixed"
    seen = cv2.erode(painted(picture), np.ones((5, 5), np.uint8))
    assert abs(int(seen[1500, 1420]) - 140) < 25
    assert seen[:900].min() < 60


def test_a_shadow_needs_no_fine_paper_and_pencil_does() -> None:
    page = drawn.shadowed(drawn.page(LOOK))
    coarse = made(page).layers[0].raster.width
    assert coarse * 4 == page.shape[1]
    pencil = drawn.page(LOOK).copy()
    font = cv2.FONT_HERSHEY_SIMPLEX
    for row in range(4):
        at = (500, 1700 + 200 * row)
        cv2.putText(pencil, "a se vedea dosarul 12", at, font, 3, 190, 6)
    assert made(pencil).layers[0].raster.width == 2 * coarse


def test_what_is_shown_to_the_guard_is_what_a_viewer_shows() -> None:
    page = drawn.shadowed(coloured()[..., 0])
    ink = find_ink(page, 300)
    mixed = mix(page, ink)
    size = Size(page.shape[1], page.shape[0])
    whole = (Box(0, 0, size.width, size.height),)
    seen = painted(mixed.picture(size, b""))
    apart = cv2.absdiff(shown(mixed, size, whole), seen)
    assert np.quantile(apart, 0.99) <= 12
    assert apart.mean() < 1.5


def photograph() -> np.ndarray:
    rng = np.random.default_rng(1)
    shades = cv2.resize(rng.integers(20, 200, (30, 40), dtype=np.uint8), (1400, 1100))
    page = drawn.page(LOOK).copy()
    page[1500:2600, 500:1900] = shades
    return page


@pytest.mark.parametrize(
    ("page", "how"),
    [
        (photograph(), {"text": PageText(Size(2480, 3508), 300)}),
        (drawn.page(LOOK)[::3, ::3].copy(), {"dpi": 100}),
        (drawn.page(LOOK), {"reread": None}),
        (drawn.page(LOOK) // 4, {}),
    ],
    ids=["photograph", "low resolution", "nobody to read it", "dark paper"],
)
def test_what_a_stencil_cannot_show_stays_grey(page: np.ndarray, how: dict) -> None:
    picture = made(page, **how)
    assert picture.kind == "jpeg"
    apart = cv2.absdiff(cv2.blur(painted(picture), (9, 9)), cv2.blur(page, (9, 9)))
    assert apart.mean() < 4


def test_handwriting_that_was_not_read_stays_grey() -> None:
    page = drawn.page(LOOK)
    assert made(page, text=PageText(Size(2480, 3508), 300)).kind == "jpeg"


def test_a_page_that_does_not_read_the_same_stays_as_fine_as_it_came() -> None:
    page = drawn.page(LOOK)

    def unlike(pixels: np.ndarray, boxes: tuple[Box, ...]) -> tuple[str, ...]:
        height, width = pixels.shape
        before = cv2.resize(page, (width, height), interpolation=cv2.INTER_AREA)
        return ("text" if np.array_equal(before, pixels) else "altceva",) * len(boxes)

    picture = made(page, reread=unlike)
    assert (picture.kind, picture.layers[0].raster.width) == ("jpeg", page.shape[1])


def test_an_empty_page_costs_next_to_nothing() -> None:
    picture = made(drawn.blank(), text=PageText(Size(2480, 3508), 300))
    assert picture.bytes < 12_000
    assert abs(int(painted(picture).mean()) - 245) < 3


def test_the_scanners_jpeg_is_kept_where_it_is_smaller() -> None:
    page = photograph()
    small = encode_jpeg(page, 1).data
    assert made(page, stream=small).layers[0].raster.data == small


@pytest.mark.parametrize("settings", [ACCESS, ARCHIVE])
def test_the_same_page_gives_the_same_picture(settings: Settings) -> None:
    pixels = drawn.skewed(coloured(), 1.7)
    transform, size = page_transform(Size(2480, 3508), 0, -1.7)
    text = PageText(size, 300, text_of(pixels).blocks, Size(2480, 3508), transform)
    delivered = Delivered(pixels, 300)
    ready = picture_of(page_image(delivered, text), text, delivered, settings, believed)
    assert picture_of(None, text, delivered, settings, believed) == ready


@pytest.mark.parametrize("degrees", [0.0, 2.5])
@pytest.mark.parametrize("turns", range(4))
def test_an_archive_page_is_the_scanners_own_image_turned(degrees: float, turns: int) -> None:
    pixels = drawn.page(LOOK)[:1200, :1700]
    data = encode_jpeg(pixels, 90).data
    transform, size = page_transform(Size(1700, 1200), turns, degrees)
    text = PageText(size, 300, source_size=Size(1700, 1200), transform=transform)
    delivered = Delivered(pixels, 300, data)
    picture = unpack(picture_of(None, text, delivered, ARCHIVE).data)
    assert picture.kind == "original"
    assert [layer.raster.data for layer in picture.layers] == [data]
    seen, page = poppler(picture), page_image(delivered, text)
    assert seen.shape == page.shape
    assert cv2.absdiff(cv2.blur(seen, (7, 7)), cv2.blur(page, (7, 7))).mean() < 2.5


def test_an_archive_page_without_a_stream_loses_nothing() -> None:
    page = coloured()[1200:1900, 300:1700]
    picture = made(page, settings=ARCHIVE)
    assert picture.kind == "lossless"
    assert np.array_equal(painted(picture, grey=False)[..., :3], page)
    assert made(page, settings=ARCHIVE, stream=b"\xff\xd8 nothing").kind == "lossless"


@pytest.mark.parametrize("settings", [ACCESS, ARCHIVE])
def test_bitonal_pages_keep_their_bits_in_both_profiles(settings: Settings) -> None:
    bits = np.where(drawn.page(LOOK) < 128, 0, 255).astype(np.uint8)
    picture = made(bits, settings=settings, bitonal=True)
    assert picture.kind == "bitonal"
    assert np.array_equal(painted(picture), bits)
    tilted = text_of(bits, transform=Affine(1, 0.02, 0, -0.02, 1, 0))
    turned = made(bits, settings=settings, bitonal=True, text=tilted)
    assert turned.layers[0].raster == picture.layers[0].raster
    assert picture.layers[0].raster.codec == ("g4" if settings is ARCHIVE else "jbig2")

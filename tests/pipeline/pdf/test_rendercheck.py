"""The check of a finished PDF against its page images."""

from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pikepdf
import pytest

from pipeline.imaging.warp import page_transform
from pipeline.layers.types import Layered, pack, unpack
from pipeline.pdf.document import PdfPage, write_document
from pipeline.pdf.rendercheck import is_like, wrong_pages
from pipeline.pictures.picture import Delivered, picture_of
from schemas.geometry import Affine, Size
from schemas.settings import Settings
from schemas.text import PageText
from tests.pipeline import drawn
from tests.pipeline.drawn import Look
from tests.pipeline.painting import FACTS

pytestmark = pytest.mark.slow


def stored(folder: Path, name: str, pixels: np.ndarray, profile: str = "archive") -> PdfPage:
    size = Size(pixels.shape[1], pixels.shape[0])
    text = PageText(size, 300, source_size=size)
    settings = Settings(pdf_profile=profile)
    path = folder / name
    path.write_bytes(picture_of(pixels, text, Delivered(pixels, 300), settings).data)
    return PdfPage(path, text, 1)


@pytest.fixture
def pages(tmp_path: Path) -> tuple[PdfPage, ...]:
    """A written page, a blank one, and one that cannot be opened."""
    written = drawn.page(Look(lines=9))[:1700, :1300]
    blank = drawn.blank()[:1700, :1300]
    nothing = PdfPage(None, PageText(Size(1, 1), 1), 3)
    return stored(tmp_path, "a", written), stored(tmp_path, "b", blank), nothing


def written(pages: tuple[PdfPage, ...], folder: Path) -> Path:
    target = folder / "out.pdf"
    write_document(pages, target, FACTS)
    return target


def changed(page: PdfPage, folder: Path, change) -> PdfPage:
    """A page whose PDF shows something else than its picture's proof."""
    picture = unpack(page.picture.read_bytes())
    path = folder / "changed"
    path.write_bytes(pack(change(picture)))
    return replace(page, picture=path)


def mirrored(picture: Layered) -> Layered:
    flip = Affine(-1, 0, picture.size.width, 0, 1, 0)
    layers = tuple(replace(one, place=one.place.then(flip)) for one in picture.layers)
    return replace(picture, layers=layers)


def upside_down(picture: Layered) -> Layered:
    turn = Affine(-1, 0, picture.size.width, 0, -1, picture.size.height)
    layers = tuple(replace(one, place=one.place.then(turn)) for one in picture.layers)
    return replace(picture, layers=layers)


def blank(picture: Layered) -> Layered:
    return replace(picture, layers=(), paper=(245, 245, 245))


def wrong_width(picture: Layered) -> Layered:
    rasters = (replace(one.raster, width=one.raster.width - 8) for one in picture.layers)
    layers = zip(picture.layers, rasters, strict=True)
    return replace(picture, layers=tuple(replace(one, raster=raster) for one, raster in layers))


def moved(picture: Layered) -> Layered:
    layers = tuple(replace(one, place=one.place.then(Affine(c=90))) for one in picture.layers)
    return replace(picture, layers=layers)


def test_a_true_document_passes(pages: tuple[PdfPage, ...], tmp_path: Path) -> None:
    assert wrong_pages(written(pages, tmp_path), pages) == ()


@pytest.mark.parametrize("change", [mirrored, upside_down, blank, wrong_width, moved])
def test_what_looks_otherwise_is_told(pages, tmp_path: Path, change) -> None:
    first = changed(pages[0], tmp_path, change)
    target = written((first, *pages[1:]), tmp_path)
    assert wrong_pages(target, (first, *pages[1:])) == (1,)


@pytest.mark.parametrize("profile", ["archive", "access"])
def test_a_wrong_width_is_told_of_pages_that_are_not_drawn(tmp_path: Path, profile: str) -> None:
    pixels = drawn.page(Look(lines=9))[:1700, :1300].copy()
    page = replace(stored(tmp_path, "a", pixels, profile), number=2)
    assert wrong_pages(written((page,), tmp_path), (page,)) == ()
    wrong = changed(page, tmp_path, wrong_width)
    assert wrong_pages(written((wrong,), tmp_path), (wrong,)) == (1,)


def test_pages_whose_images_tell_their_size_are_drawn_by_samples(tmp_path: Path) -> None:
    pixels = drawn.page(Look(lines=9))[:1700, :1300].copy()
    page = stored(tmp_path, "a", pixels, "access")
    wrong = tuple(
        replace(changed(page, tmp_path, upside_down), number=number) for number in range(1, 18)
    )
    assert wrong_pages(written(wrong, tmp_path), wrong) == (1, 9, 17)


def test_a_written_page_in_place_of_a_blank_one_is_told(pages, tmp_path: Path) -> None:
    target = written((pages[1], pages[0]), tmp_path)
    assert wrong_pages(target, pages[:2]) == (1, 2)


def test_another_size_is_told(pages, tmp_path: Path) -> None:
    target = written(pages, tmp_path)
    with pikepdf.open(target, allow_overwriting_input=True) as pdf:
        pdf.pages[0].MediaBox = [0, 0, 300, 408]
        pdf.save(target)
    assert wrong_pages(target, pages) == (1,)


def test_a_page_more_or_less_is_told(pages, tmp_path: Path) -> None:
    target = written(pages, tmp_path)
    assert wrong_pages(target, pages[:2]) == (0,)
    assert wrong_pages(target, (*pages, pages[0])) == (0,)
    target.write_bytes(b"%PDF-1.7 nothing")
    assert wrong_pages(target, pages) == (0,)


def test_likeness_forgives_grain_alone() -> None:
    rng = np.random.default_rng(4)
    page = drawn.page(Look(lines=9))[::8, ::8].copy()
    grainy = np.clip(page + rng.normal(0, 6, page.shape), 0, 255).astype(np.uint8)
    assert is_like(grainy, page)
    assert not is_like(page[:, ::-1].copy(), page)


def pale_sheet() -> np.ndarray:
    """A light sheet that lay a little askew on a white bed: its corners are brighter."""
    sheet = np.full((2340, 1660), 242, np.uint8)
    sheet[:40] = sheet[-40:] = 255
    sheet[:, -60:] = 255
    return sheet


def test_a_pale_sheet_with_white_corners_looks_like_the_one_colour_it_is_drawn_in(
    tmp_path: Path,
) -> None:
    page = stored(tmp_path, "a", pale_sheet(), "access")
    picture = unpack(page.picture.read_bytes())
    assert (picture.layers, picture.paper) == ((), (242, 242, 242))
    assert wrong_pages(written((page,), tmp_path), (page,)) == ()


def shaded(paper: int, more: int, where: str, seal: bool) -> np.ndarray:
    """A sheet on which the light is not the same everywhere, empty or with a short note."""
    height, width = 2340, 1660
    down, right = np.mgrid[0:height, 0:width].astype(np.float32)
    shade = {
        "corner": (right + 0.05 * down > 0.95 * width).astype(np.float32),
        "gutter": np.exp(-right / 300),
        "rim": 2 * ((right / width - 0.5) ** 2 + (down / height - 0.5) ** 2),
        "stain": (np.hypot(right - 900, down - 700) < 400).astype(np.float32),
    }[where]
    sheet = np.clip(paper + more * shade, 0, 255).astype(np.uint8)
    if seal:
        cv2.putText(sheet, "Nr. 123 / 45", (700, 300), cv2.FONT_HERSHEY_SIMPLEX, 1.2, 60.0, 2)
    return sheet


@pytest.mark.parametrize("seal", [False, True])
@pytest.mark.parametrize("where", ["corner", "gutter", "rim", "stain"])
@pytest.mark.parametrize(("paper", "more"), [(246, 10), (240, -16), (227, 8), (212, -9), (193, 14)])
def test_a_sheet_in_uneven_light_looks_like_itself(
    tmp_path: Path, paper: int, more: int, where: str, seal: bool
) -> None:
    page = stored(tmp_path, "a", shaded(paper, more, where, seal), "access")
    assert wrong_pages(written((page,), tmp_path), (page,)) == ()


@pytest.mark.parametrize("depth", [10, 20, 60])
@pytest.mark.parametrize("edges", [0, 13])
def test_pale_writing_that_is_not_drawn_is_told(depth: int, edges: int) -> None:
    proof = np.full((584, 413), 242, np.uint8)
    proof[:10] += np.uint8(edges)
    proof[-10:] -= np.uint8(edges)
    drawn_flat = np.full_like(proof, 242)
    assert is_like(drawn_flat, proof)
    for line in range(20, 560, 14):
        proof[line : line + 4, 30:380:4] -= np.uint8(depth)
    assert is_like(proof, proof)
    assert is_like(drawn_flat, proof) == (depth == 10 and edges == 0)  # pale as noise: let pass


@pytest.mark.parametrize("degrees", [-4.5, -3.3, -2.0, -0.5, 0.5, 2.0, 3.3, 4.5])
@pytest.mark.parametrize("turns", [0, 1, 2, 3])
def test_a_black_and_white_page_that_was_turned_looks_like_itself(
    tmp_path: Path, turns: int, degrees: float
) -> None:
    grey = drawn.page(Look(lines=30))
    pixels = np.where(grey > 127, 255, 0).astype(np.uint8)
    transform, size = page_transform(Size(pixels.shape[1], pixels.shape[0]), turns, degrees)
    text = PageText(
        size, 200, source_size=Size(pixels.shape[1], pixels.shape[0]), transform=transform
    )
    path = tmp_path / "turned"
    delivered = Delivered(pixels, 200, bitonal=True)
    path.write_bytes(picture_of(None, text, delivered, Settings()).data)
    page = PdfPage(path, text, 1)
    assert wrong_pages(written((page,), tmp_path), (page,)) == ()
    turned = changed(page, tmp_path, upside_down)
    assert wrong_pages(written((turned,), tmp_path), (page,)) == (1,)


def register_page(width: int, height: int) -> np.ndarray:
    """Black on white: rows close to each other, each under a rule, with marks for words."""
    page = np.full((height, width), 255, np.uint8)
    left, right = width // 8, width - width // 8
    for top in range(height // 12, height - height // 8, 60):
        page[top : top + 2, left:right] = 0
        for at in range(left + 20, right - 40, 24):
            if (at * 7 + top) % 5:
                page[top + 20 : top + 40, at : at + 12] = 0
    for at in (left, width // 4, width // 2, right):
        page[height // 12 : height - height // 8, at : at + 2] = 0
    return page


@pytest.mark.parametrize("degrees", [-3.5, -3.2, -2.6, 1.0, 3.4, 3.7])
def test_a_table_that_readers_draw_half_a_millimetre_aside_looks_like_itself(
    tmp_path: Path, degrees: float
) -> None:
    pixels = register_page(1654, 2339)
    transform, size = page_transform(Size(1654, 2339), 0, degrees)
    text = PageText(size, 200, source_size=Size(1654, 2339), transform=transform)
    path = tmp_path / "turned"
    delivered = Delivered(pixels, 200, bitonal=True)
    path.write_bytes(picture_of(None, text, delivered, Settings()).data)
    page = PdfPage(path, text, 1)
    assert wrong_pages(written((page,), tmp_path), (page,)) == ()
    for change in (upside_down, moved):
        other = changed(page, tmp_path, change)
        assert wrong_pages(written((other,), tmp_path), (page,)) == (1,)

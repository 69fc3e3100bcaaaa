"""The compressed forms of pictures: every pixel kept where that is promised, streams untouched."""

from io import BytesIO

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from PIL import Image

from pipeline.layers.codecs import (
    decode_jpeg,
    encode_g4,
    encode_jpeg,
    encode_lossless,
    own_g4,
    own_jpeg,
)
from pipeline.layers.jpegfile import read_header
from pipeline.layers.types import Layer, Layered, pack, placed, unpack
from schemas.errors import PageFailedError
from schemas.geometry import Affine, Box, Size
from tests.pipeline.painting import painted


def jpeg(mode: str, **how: object) -> bytes:
    data = BytesIO()
    Image.new(mode, (37, 21)).save(data, "JPEG", **how)
    return data.getvalue()


def alone(raster, **how) -> Layered:
    size = Size(raster.width, raster.height)
    return Layered(size, "bitonal", (Layer(raster, **how),))


@pytest.mark.parametrize(
    ("mode", "components", "plain"), [("L", 1, True), ("RGB", 3, True), ("CMYK", 4, False)]
)
@pytest.mark.parametrize("progressive", [False, True])
def test_header(mode: str, components: int, plain: bool, progressive: bool) -> None:
    data = jpeg(mode, progressive=progressive, exif=b"Exif\0\0" + bytes(300))
    header = read_header(data)
    assert header is not None
    assert (header.width, header.height, header.components) == (37, 21, components)
    assert header.plain is plain
    own = own_jpeg(data)
    assert (own is not None) is plain
    assert own is None or (own.data, own.components) == (data, components)


def test_a_stream_cut_short_is_not_taken() -> None:
    whole = jpeg("L")
    assert all(read_header(whole[:length]) is None for length in range(len(whole) - 2))
    assert own_jpeg(whole[:-20]) is None


@given(st.binary(max_size=60))
def test_any_bytes(data: bytes) -> None:
    assert read_header(data) is None or data.startswith(b"\xff\xd8")
    read_header(b"\xff\xd8" + data + b"\xff\xd9")
    own_g4(b"II*\0" + data)
    for head in (b"", b"\x86\xa4size"):
        with pytest.raises(ValueError):
            unpack(head + data)


@settings(max_examples=25, deadline=None)
@given(arrays(bool, st.tuples(st.integers(8, 40), st.integers(8, 70))))
def test_every_bit_of_a_bitonal_picture_is_shown(ink: np.ndarray) -> None:
    raster = encode_g4(np.where(ink, 255, 0).astype(np.uint8))
    assert np.array_equal(painted(alone(raster)) < 128, ink)
    assert np.array_equal(painted(alone(raster, stencil=True)) < 128, ink)


@settings(max_examples=25, deadline=None)
@given(arrays(np.uint8, st.tuples(st.integers(8, 30), st.integers(8, 40))), st.booleans())
def test_every_level_of_a_lossless_picture_is_shown(levels: np.ndarray, colour: bool) -> None:
    pixels = cv2.merge([levels, 255 - levels, levels // 2]) if colour else levels
    shown = painted(alone(encode_lossless(pixels)), grey=not colour)
    assert np.array_equal(shown[..., :3] if colour else shown, pixels)


@pytest.mark.parametrize("white_is_zero", [False, True])
def test_a_scanners_strip_is_shown_as_it_is(white_is_zero: bool) -> None:
    ink = np.zeros((60, 90), np.uint8)
    ink[10:30, 20:70] = 255
    ours = encode_g4(ink)
    bits = Image.fromarray(ink == 0) if not white_is_zero else Image.fromarray(ink > 0)
    file = BytesIO()
    bits.save(file, "TIFF", compression="group4")
    data = file.getvalue()
    if white_is_zero:
        at = data.index(b"\x06\x01\x03\x00\x01\x00\x00\x00")
        data = data[: at + 8] + b"\0\0" + data[at + 10 :]
    own = own_g4(data)
    assert own is not None
    assert own.data in data
    assert np.array_equal(painted(alone(own)) < 128, ink > 0)
    assert (own.width, own.height) == (ours.width, ours.height)


def test_a_stencil_is_painted_in_its_colour_or_colours() -> None:
    ink = np.zeros((40, 60), np.uint8)
    ink[:, 20:40] = 255
    stencil = encode_g4(ink)
    red = painted(alone(stencil, stencil=True, colour=(200, 10, 20)), grey=False)
    assert red[20, 30, :3].tolist() == [20, 10, 200]
    assert red[20, 10, :3].tolist() == [255, 255, 255]
    blue = encode_jpeg(np.full((2, 3, 3), (190, 30, 30), np.uint8), 90, sharp_colour=True)
    shown = painted(alone(stencil, stencil=True, colours=blue), grey=False)
    assert shown[20, 30, :3].tolist() == pytest.approx([190, 30, 30], abs=6)
    assert shown[20, 10, :3].tolist() == [255, 255, 255]


def test_layers_lie_where_they_are_placed_over_the_paper() -> None:
    ink = encode_g4(np.full((10, 20), 255, np.uint8))
    layers = (Layer(ink, placed(Box(30, 5, 20, 10)), stencil=True),)
    shown = painted(Layered(Size(80, 50), "mixed", layers, (240, 240, 240)))
    expected = np.full((50, 80), 240)
    expected[5:15, 30:50] = 0
    assert np.array_equal(shown, expected)
    turned = Layer(ink, Affine(0, -1, 30, 1, 0, 12), stencil=True)
    shown = painted(Layered(Size(80, 50), "mixed", (turned,)))
    assert np.argwhere(shown == 0).min(axis=0).tolist() == [12, 20]
    assert np.argwhere(shown == 0).max(axis=0).tolist() == [31, 29]


def test_what_is_packed_comes_back() -> None:
    raster = encode_jpeg(np.zeros((9, 9, 3), np.uint8), 50)
    picture = Layered(Size(9, 9), "jpeg", (Layer(raster, stencil=False),), (1, 2, 3), b"x")
    assert unpack(pack(picture)) == picture
    assert picture.bytes == len(raster.data)
    assert decode_jpeg(raster).shape == (9, 9, 3)


def test_a_jpeg_that_cannot_be_shown_says_so() -> None:
    raster = encode_jpeg(np.zeros((9, 9), np.uint8), 50)
    with pytest.raises(PageFailedError):
        decode_jpeg(type(raster)("jpeg", 9, 9, 1, b"\xff\xd8 nothing"))

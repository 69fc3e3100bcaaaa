"""JPEG headers and bitonal pictures."""

from io import BytesIO

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from pipeline.jpegfile import read_header
from pipeline.picture import encode_g4
from tests.pipeline import drawn
from tests.pipeline.drawn import Look


def jpeg(mode: str, **how: object) -> bytes:
    data = BytesIO()
    Image.new(mode, (37, 21)).save(data, "JPEG", **how)
    return data.getvalue()


@pytest.mark.parametrize(
    ("mode", "components", "plain"), [("L", 1, True), ("RGB", 3, True), ("CMYK", 4, False)]
)
@pytest.mark.parametrize("progressive", [False, True])
def test_header(mode: str, components: int, plain: bool, progressive: bool) -> None:
    header = read_header(jpeg(mode, progressive=progressive, exif=b"Exif\0\0" + bytes(300)))
    assert header is not None
    assert (header.width, header.height, header.components) == (37, 21, components)
    assert header.plain is plain


def test_a_stream_cut_short_is_not_taken() -> None:
    whole = jpeg("L")
    assert all(read_header(whole[:length]) is None for length in range(len(whole) - 2))


@given(st.binary(max_size=60))
def test_any_bytes(data: bytes) -> None:
    assert read_header(data) is None or data.startswith(b"\xff\xd8")
    read_header(b"\xff\xd8" + data + b"\xff\xd9")


def test_bitonal_picture_holds_every_pixel() -> None:
    page = drawn.page(Look(lines=2))[:700, :901]
    with Image.open(BytesIO(encode_g4(page))) as tiff:
        assert tiff.info["compression"] == "group4"
        assert len(tiff.tag_v2[273]) == 1
        assert np.array_equal(np.array(tiff), page >= 128)

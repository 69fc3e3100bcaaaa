"""Half a frame in ALTO: the stored transform starts at the whole frame, the read one at the half."""

from dataclasses import astuple, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.imaging.warp import page_transform
from schemas.alto import read_alto, write_alto
from schemas.geometry import Box, Size
from schemas.text import PageText

SIDE = st.integers(2, 20_000)


@given(SIDE, SIDE, st.integers(0, 20_000), st.integers(0, 3), st.floats(-16, 16))
def test_a_half_comes_back_as_it_was(
    width: int, height: int, x: int, turns: int, degrees: float
) -> None:
    transform, size = page_transform(Size(width, height), turns, degrees)
    whole = Size(width + x, height)
    part = Box(x, 0, width, height)
    page = PageText(size, 300, source_size=whole, transform=transform, part=part)
    data = write_alto(page, "1.jpg", 1)
    back = read_alto(data)
    assert astuple(back.transform) == pytest.approx(astuple(page.transform), rel=1e-8, abs=1e-4)
    assert replace(back, transform=page.transform) == page
    assert f"part={x} 0 {width} {height};".encode() in data


@given(SIDE, SIDE)
def test_a_whole_frame_tells_of_no_part(width: int, height: int) -> None:
    size = Size(width, height)
    data = write_alto(PageText(size, 300, source_size=size), "1.jpg", 1)
    assert b"part=" not in data
    assert read_alto(data).part is None

"""Any picture has a layout: boxes inside the page, no ink lost in silence, nothing endless."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.recognition.layout import coverage, cut, lay_out, word_boxes
from schemas.geometry import Box

WHITE = 255


def inside(box, page):
    return (
        box.w > 0
        and box.h > 0
        and 0 <= box.x <= page.shape[1] - box.w
        and 0 <= box.y <= page.shape[0] - box.h
    )


def check(page):
    layout = lay_out(page, 200)
    assert all(inside(line.box, page) for line in layout.lines)
    assert all(inside(box, page) for box in (*layout.left_over, *layout.rules))
    assert 0 <= layout.covered <= 1
    assert 0 <= coverage(layout, [line.box for line in layout.lines]) <= 1
    assert all(block for block in layout.blocks)
    assert len(layout.lines) <= 1500
    for line in layout.lines[:40]:
        for pad in (0, 4):
            picture = cut(page, line, pad, erase=True)
            assert picture.shape[1] == line.box.w + 2 * pad
            assert picture.dtype == np.uint8
            assert picture.size
    return layout


def blobs(seed, height, width, count, side):
    rng = np.random.default_rng(seed)
    page = np.full((height, width), WHITE, np.uint8)
    for _ in range(count):
        y, x = rng.integers(height), rng.integers(width)
        high, wide = rng.integers(1, side + 1, 2)
        page[y : y + high, x : x + wide] = rng.integers(0, 200)
    return page


@settings(max_examples=60, deadline=None)
@given(
    seed=st.integers(0, 10_000),
    height=st.integers(1, 300),
    width=st.integers(1, 400),
    count=st.integers(0, 200),
    side=st.integers(1, 60),
)
def test_any_blobs_have_a_layout(seed, height, width, count, side):
    check(blobs(seed, height, width, count, side))


@pytest.mark.parametrize(
    "shape", [(1, 1), (1, 5000), (5000, 1), (3, 20_000), (20_000, 2), (40, 40)]
)
@pytest.mark.parametrize("value", [0, 128, 255])
def test_an_even_page_has_no_lines(shape, value):
    layout = check(np.full(shape, value, np.uint8))
    assert layout.lines == ()
    assert bool(layout.left_over or layout.rules or layout.specks) == (value < 160)


def test_a_page_of_noise_ends():
    rng = np.random.default_rng(3)
    layout = check(rng.integers(0, 256, (1200, 900)).astype(np.uint8))
    assert layout.covered < 1 or not layout.ordered or layout.left_over


def test_more_pieces_than_sixteen_bits_count_are_all_accounted_for():
    page = np.full((2400, 2400), WHITE, np.uint8)
    page[4::8, 4::8] = 0
    assert check(page).specks == 90_000


def test_every_letter_is_in_a_line_or_left_over():
    page = blobs(7, 900, 700, 300, 25)
    layout = lay_out(page, 200)
    held = [line.box for line in layout.lines] + [*layout.left_over, *layout.rules]
    lost = [
        edges
        for edges in layout.letters.tolist()
        if not any(
            box.overlap(Box(edges[0], edges[1], edges[2] - edges[0], edges[3] - edges[1]))
            for box in held
        )
    ]
    assert len(layout.letters) > 50
    assert lost == []


SPANS = st.lists(
    st.tuples(
        st.floats(-1e5, 1e5) | st.just(float("nan")) | st.just(float("inf")),
        st.floats(-1e5, 1e5) | st.just(float("-inf")),
    ),
    max_size=30,
)


@settings(max_examples=60, deadline=None)
@given(spans=SPANS, seed=st.integers(0, 50))
def test_words_are_total_and_inside_their_line(spans, seed):
    layout = lay_out(blobs(seed, 200, 400, 60, 16), 200)
    for line in layout.lines[:10]:
        boxes = word_boxes(line, spans)
        assert len(boxes) == len(spans)
        whole = line.box
        for box in boxes:
            assert box.w > 0
            assert box.h > 0
            assert whole.x <= box.x
            assert box.x + box.w <= whole.x + whole.w
            assert whole.y <= box.y
            assert box.y + box.h <= whole.y + whole.h

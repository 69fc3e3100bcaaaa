"""What is stamped over print goes where it is paler or coloured; the print stays."""

import cv2
import numpy as np
import pytest

from pipeline.imaging.paleink import darkest_ink
from schemas.geometry import Box

DPI, WIDTH, HEIGHT = 200, 1200, 800
WORDS = tuple(Box(100 + 260 * n, 100, 220, 40) for n in range(4))
UNDER = Box(300, 380, 320, 46)


def printed(paper=240, ink=30):
    page = np.full((HEIGHT, WIDTH), paper, np.uint8)
    for box in (*WORDS, UNDER):
        place = (box.x, box.y + box.h - 8)
        cv2.putText(page, "0722 037 382"[: box.w // 20], place, 0, 1.2, ink, 3, cv2.LINE_AA)
    return page


def ring(page, ink):
    cv2.circle(page, (UNDER.x + 160, UNDER.y + 20), 130, ink, 6, cv2.LINE_AA)
    cv2.circle(page, (UNDER.x + 160, UNDER.y + 20), 90, ink, 4, cv2.LINE_AA)


def stamped(page, ink):
    over = np.full_like(page, 255)
    ring(over, ink)
    return np.minimum(page, over)


def dark(pixels):
    return pixels < 128


def kept(pixels, page, box):
    """How much of the print in a box is still dark."""
    part = np.s_[box.y : box.y + box.h, box.x : box.x + box.w]
    wanted = dark(page[part])
    return (dark(pixels[part]) & wanted).sum() / wanted.sum()


@pytest.mark.parametrize("ink", [100, 120, 150])
@pytest.mark.parametrize("paper", [240, 200])
def test_a_paler_ring_goes_and_the_print_under_it_stays(paper, ink):
    page = printed(paper)
    pixels = darkest_ink(stamped(page, ink), WORDS, DPI)
    assert pixels is not None
    assert kept(pixels, page, UNDER) > 0.9
    assert (dark(pixels) & ~dark(page)).sum() < 0.05 * dark(stamped(page, ink)).sum()
    blank = np.s_[UNDER.y - 112 : UNDER.y - 104, UNDER.x + 140 : UNDER.x + 180]
    assert (pixels[blank] == 255).all()


@pytest.mark.parametrize("colour", [(200, 40, 40), (40, 40, 220), (180, 30, 140)])
def test_a_coloured_ring_goes_however_dark_it_is_in_grey(colour):
    page = printed()
    coloured = stamped(cv2.cvtColor(page, cv2.COLOR_GRAY2BGR), colour)
    pixels = darkest_ink(coloured, WORDS, DPI)
    assert pixels is not None
    assert pixels.shape == page.shape
    assert kept(pixels, page, UNDER) > 0.97
    assert (dark(pixels) & ~dark(page)).sum() < 0.02 * dark(page).sum()


def test_there_is_nothing_to_do_where_all_ink_is_as_dark():
    page = np.where(stamped(printed(255, 0), 0) > 127, 255, 0).astype(np.uint8)
    assert darkest_ink(page, WORDS, DPI) is None


def test_without_words_nobody_knows_how_dark_print_is():
    page = stamped(printed(), 120)
    assert darkest_ink(page, (), DPI) is None
    assert darkest_ink(page, (Box(5000, 5000, 10, 10),), DPI) is None
    assert darkest_ink(page, (Box(20, 600, 60, 40),), DPI) is None


def test_a_shadow_over_half_of_the_page_is_no_ink():
    page = printed()
    shade = np.linspace(1, 0.6, WIDTH, dtype=np.float32)
    pixels = darkest_ink((stamped(page, 120) * shade).astype(np.uint8), WORDS, DPI)
    assert pixels is not None
    assert all(kept(pixels, page, box) > 0.9 for box in (*WORDS[:3], UNDER))
    assert (dark(pixels) & ~dark(page)).sum() < 0.05 * dark(page).sum()

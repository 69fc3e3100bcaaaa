"""Line pictures: any size gives a strip, paper and ink do not matter, scaling is Leptonica's."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis.extra.numpy import array_shapes, arrays

from pipeline.recognition.network import strips
from tests.pipeline.recognition.network_samples import lines, turned_dark


@settings(deadline=None)
@given(arrays(np.uint8, array_shapes(min_dims=2, max_dims=2, max_side=90)))
def test_any_crop_gives_a_strip(crop):
    strip = strips.strip_of(crop)
    assert strip.dtype == np.float32
    assert strip.shape[0] == strips.HEIGHT
    assert strip.shape[1] >= strips.NARROWEST
    assert np.abs(strip).max() <= 1


def test_width_follows_the_crop():
    assert strips.strip_of(np.full((72, 200), 255, np.uint8)).shape == (36, 100)
    assert strips.strip_of(np.full((40, 1000), 255, np.uint8)).shape == (36, 900)


def test_the_scale_of_grey_is_set_aside():
    _, crop = lines()[0]
    usual, pale = (
        strips.strip_of(turned_dark(crop, *shades)) for shades in ((20, 250), (120, 200))
    )
    assert np.abs(usual - pale).mean() < 0.06


def test_grain_between_words_far_apart_is_not_taken_for_ink():
    _, crop = lines()[0]
    grain = np.random.default_rng(1).integers(250, 256, (len(crop), 3000)).astype(np.uint8)
    far = np.hstack([crop[:, :150], grain, crop[:, 150:260]])
    assert strips.strip_of(far)[:, 600:2000].min() > 0.8
    assert strips.strip_of(far).min() < -0.8


# what Leptonica 1.82's pixScale makes of ramps of these shapes at a height of 36: the sum of all
# pixels, and every seventh of row 18
LEPTONICA = [
    ((25, 60), 388746, [132, 68, 101, 150, 135, 120, 168, 105]),
    ((40, 75), 308624, [108, 105, 98, 138, 88, 88, 86, 84]),
    ((48, 90), 309411, [232, 245, 219, 186, 158, 128, 87, 55]),
    ((52, 80), 249280, [94, 81, 104, 127, 136, 135, 147, 93]),
    ((60, 120), 326902, [142, 113, 149, 119, 108, 152, 164, 87]),
    ((72, 130), 295793, [82, 146, 65, 143, 212, 132, 202, 126]),
    ((100, 140), 228106, [61, 146, 161, 110, 129, 178, 169, 39]),
    ((144, 160), 182483, [128, 117, 142, 150, 137, 126]),
    ((200, 260), 213582, [126, 174, 123, 110, 134, 112, 120]),
]


def ramp(height, width):
    y, x = np.mgrid[:height, :width]
    return ((x * 23 + y * 31 + x * y * 5) % 256).astype(np.uint8)


@pytest.mark.parametrize(
    ("shape", "total", "sample"),
    LEPTONICA,
)
def test_scaling_is_leptonicas(shape, total, sample):
    made = strips.scaled(ramp(*shape))
    assert int(made.sum()) == total
    assert made[18, ::7][:8].tolist() == sample

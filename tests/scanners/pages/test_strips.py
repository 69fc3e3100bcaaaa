"""The scanner's own group 4 strip: taken as it is, or not at all."""

import io

import numpy as np
import pytest
from PIL import Image

from scanners.pages.strips import own_strip
from schemas.settings import Settings

SETTINGS = Settings()


def bits(seed=0):
    ink = np.random.default_rng(seed).random((90, 130)) < 0.1
    return Image.fromarray(~ink)


def saved(path, first, **how):
    first.save(path, "TIFF", **how)
    return path


def test_a_strip_is_taken_untouched(tmp_path):
    pages = [bits(n) for n in range(3)]
    path = tmp_path / "a.tif"
    how = {"compression": "group4", "tiffinfo": {278: 90}}
    saved(path, pages[0], save_all=True, append_images=pages[1:], **how)
    for frame, page in enumerate(pages):
        own = own_strip(path, frame, SETTINGS)
        with Image.open(io.BytesIO(own)) as taken:
            (start,), (count,) = taken.tag_v2[273], taken.tag_v2[279]
            assert own[start : start + count] in path.read_bytes()
            assert np.array_equal(np.array(taken), np.array(page))
    assert own_strip(path, 3, SETTINGS) is None


@pytest.mark.parametrize(
    "how",
    [
        {"compression": "group3"},
        {"compression": "tiff_lzw"},
        {"compression": "group4", "tiffinfo": {278: 30}},
        {"compression": "group4", "tiffinfo": {278: 90, 266: 2}},
    ],
    ids=["group 3", "LZW", "several strips", "bits the other way round"],
)
def test_what_is_not_one_plain_strip_is_not_taken(tmp_path, how):
    path = saved(tmp_path / "a.tif", bits(), **how)
    assert own_strip(path, 0, SETTINGS) is None


def test_damage_is_not_taken(tmp_path):
    whole = saved(tmp_path / "a.tif", bits(), compression="group4").read_bytes()
    cut = tmp_path / "cut.tif"
    for length in range(0, len(whole), 97):
        cut.write_bytes(whole[:length])
        taken = own_strip(cut, 0, SETTINGS)
        assert taken is None or len(taken) > 100

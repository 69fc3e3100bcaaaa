"""JBIG2 without symbols: every pixel as it was, whatever the picture, and G4 where there is no coder."""

import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from pipeline.layers import machinecode
from pipeline.layers.codecs import bit_encoder, encode_g4
from pipeline.layers.ink import find_ink
from pipeline.layers.jbig2 import encode_jbig2, size_of, stream_of
from pipeline.layers.machinecode import MachineCode, agrees, coder_of, interpreted
from pipeline.layers.types import Layer, Layered, Raster
from pipeline.pictures.picture import _models
from schemas.geometry import Size
from schemas.settings import Settings
from tests.pipeline import drawn
from tests.pipeline.painting import painted, stored_image

FOLDER = _models(Settings())
LIMITED = """
import resource, sys
from pathlib import Path
import numpy as np
resource.setrlimit(resource.RLIMIT_AS, (1900 << 20, 1900 << 20))
import onnxruntime
from pipeline.layers.codecs import bit_encoder
ink = np.zeros((7000, 5000), np.uint8)
ink[::3, ::2] = 255
print(bit_encoder(Path(sys.argv[1]))(ink).codec)
"""


def alone(raster: Raster, **how: object) -> Layered:
    return Layered(Size(raster.width, raster.height), "bitonal", (Layer(raster, **how),))


def coded(ink: np.ndarray) -> Raster:
    raster = encode_jbig2(ink, FOLDER)
    assert raster is not None
    return raster


def hostile() -> dict[str, np.ndarray]:
    """Pictures that a coder of decisions finds hardest, and the plainest."""
    rng = np.random.default_rng(5)
    rows, columns = np.mgrid[0:150, 0:203]
    noise = rng.random(rows.shape)
    made = {
        "white": rows < 0,
        "black": rows >= 0,
        "chess": (rows + columns) % 2 == 0,
        "like rows": columns % 7 < 3,
        "stripes": rows % 2 == 0,
        "half": noise < 0.5,
        "sparse": noise < 0.004,
        "nearly black": noise < 0.997,
        "last column": columns == 202,
        "last row": rows == 149,
        "corners": (rows % 149 == 0) & (columns % 202 == 0),
        "rings": (rows - 75) ** 2 + (columns - 90) ** 2 & 512 > 0,
    }
    return {name: np.where(ink, 255, 0).astype(np.uint8) for name, ink in made.items()}


@given(st.integers(1, 1 << 20), st.integers(1, 1 << 20))
def test_a_stream_tells_its_size(width: int, height: int) -> None:
    stream = stream_of(width, height, b"code")
    assert size_of(stream) == (width, height)
    assert size_of(stream[:18]) is None
    assert size_of(b"\xff" * 40) is None


@settings(max_examples=20, deadline=None)
@given(arrays(bool, st.tuples(st.integers(8, 40), st.integers(8, 150))))
def test_every_pixel_is_shown(ink: np.ndarray) -> None:
    raster = coded(ink.astype(np.uint8))
    assert np.array_equal(painted(alone(raster)) < 128, ink)
    assert np.array_equal(painted(alone(raster, stencil=True)) < 128, ink)


@settings(max_examples=25, deadline=None)
@given(arrays(bool, st.tuples(st.integers(1, 30), st.integers(1, 80))))
def test_the_compiled_coder_does_what_the_loops_do(ink: np.ndarray) -> None:
    coder = coder_of(FOLDER)
    assert coder is not None
    assert coder(ink.astype(np.uint8)) == interpreted(ink.astype(np.uint8))


@pytest.mark.parametrize("name", hostile())
def test_two_readers_see_every_pixel_of_what_is_hard_to_code(name: str) -> None:
    ink = hostile()[name]
    raster = coded(ink)
    assert np.array_equal(painted(alone(raster)) < 128, ink > 0)
    assert np.array_equal(stored_image(alone(raster)) < 128, ink > 0)


def test_a_page_of_text_takes_three_quarters_of_group_4_and_keeps_every_pixel() -> None:
    ink = find_ink(drawn.page(), 300).mask
    raster = coded(ink)
    assert len(raster.data) < 0.75 * len(encode_g4(ink).data)
    assert np.array_equal(painted(alone(raster)) < 128, ink > 0)
    assert np.array_equal(stored_image(alone(raster)) < 128, ink > 0)


def test_what_is_empty_or_larger_than_its_pixels_is_left_to_group_4() -> None:
    assert encode_jbig2(np.zeros((0, 9), np.uint8), FOLDER) is None
    noise = np.random.default_rng(1).integers(0, 2, (700, 700), np.uint8)
    raster = bit_encoder(FOLDER)(noise)
    assert np.array_equal(painted(alone(raster)) < 128, noise > 0)


def test_the_stream_is_one_page_with_one_region() -> None:
    stream = stream_of(300, 200, b"code")
    assert [int.from_bytes(stream[at : at + 4]) for at in (0, 30)] == [0, 1]
    assert [stream[at] for at in (4, 34)] == [48, 38]
    assert int.from_bytes(stream[37:41]) == len(stream) - 41
    assert stream.endswith(b"code")


def test_a_damaged_file_is_not_run_and_is_made_again(monkeypatch: pytest.MonkeyPatch) -> None:
    good = machinecode._file(FOLDER).read_bytes()
    with TemporaryDirectory() as folder:
        file = machinecode._file(Path(folder))
        for data in (b"", good[:100], good[:-1] + b"\0", bytes(len(good))):
            file.write_bytes(data)
            assert machinecode._kept(file) is None
        monkeypatch.setattr(machinecode, "_COMPILER", "pipeline.layers.nothing")
        assert coder_of(Path(folder)) is None
        ink = cv2.circle(np.zeros((60, 60), np.uint8), (30, 30), 20, 255, -1)
        assert bit_encoder(Path(folder))(ink) == encode_g4(ink)


def test_code_that_does_something_else_is_not_taken() -> None:
    assert agrees(interpreted)
    assert not agrees(lambda ink: interpreted(255 - ink))
    with pytest.raises(ValueError):
        machinecode.run(MachineCode(b"", b""))


@pytest.mark.slow
def test_compiling_needs_no_folder_to_write_to(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_bytes(b"")
    assert bit_encoder(file / "models")(np.ones((20, 20), np.uint8)).codec == "jbig2"


@pytest.mark.slow
def test_compiling_and_coding_keep_within_the_memory_of_a_reading_process(tmp_path: Path) -> None:
    done = subprocess.run(
        (sys.executable, "-c", LIMITED, str(tmp_path)), capture_output=True, check=True, text=True
    )
    assert done.stdout.strip() == "jbig2"
    assert [file.suffix for file in tmp_path.iterdir()] == [".code"]

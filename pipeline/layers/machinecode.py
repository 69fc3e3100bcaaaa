"""The loops of JBIG2 as machine code, compiled once and kept: mapped and called, without numba."""

import ctypes
import mmap
import os
import platform
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from pipeline.imaging.raster import Pixels
from pipeline.layers import arithmetic
from schemas.durable import write_bytes_durably

Coder = Callable[[Pixels], bytes | None]
"""The arithmetic code of a bitonal image, whose ink is what is not 0; None for what is too much."""

_VERSION = "1"
_COMPILER = "pipeline.layers.compiling"
_SECONDS = 90
_DIGEST = 32
_BLOCK = 8
_ROOM = 4096
_POINTER, _NUMBER = (ctypes.c_void_p,), (ctypes.c_int64,)
_TABLE = arithmetic.estimates()


@dataclass(frozen=True, slots=True)
class MachineCode:
    """The two functions of `arithmetic`, each code that stands alone."""

    decisions: bytes
    code: bytes


@dataclass(frozen=True, slots=True)
class _Bits:
    """An image as the loops take it, and room for what they tell and write."""

    pixels: Pixels
    blocks: NDArray[np.int64]
    same: Pixels
    told: NDArray[np.int32]
    out: Pixels
    states: Pixels


def _bits_of(ink: Pixels) -> _Bits:
    """0 and 1, with the white rows and columns that the loops look at."""
    height, width = ink.shape
    row = _BLOCK * ((width + _BLOCK - 1) // _BLOCK + 1)
    pixels = np.zeros((height + 2, row), np.uint8)
    np.not_equal(ink, 0, out=pixels[2:, :width].view(bool))
    blocks = pixels.view(np.int64)
    same = np.all(blocks[2:] == blocks[1:-1], axis=1).astype(np.uint8)
    told = np.empty(height * (width + 2), np.int32)
    out = np.empty(pixels.size // _BLOCK + _ROOM, np.uint8)
    return _Bits(pixels, blocks, same, told, out, np.zeros(arithmetic.CONTEXTS, np.uint8))


def _ended(code: bytes) -> bytes | None:
    """The code with the marker that ends it."""
    return code + (b"\xac" if code.endswith(b"\xff") else b"\xff\xac") if code else None


def _mapped(code: bytes) -> mmap.mmap:
    """Memory that can be executed and not written."""
    file = os.memfd_create("jbig2")
    try:
        os.write(file, code)
        return mmap.mmap(file, len(code), mmap.MAP_PRIVATE, mmap.PROT_READ | mmap.PROT_EXEC)
    finally:
        os.close(file)


def _called(code: bytes, arguments: tuple[Any, ...]) -> Callable[..., int]:
    """A function as numba compiles it: result and error by reference, then its arguments."""
    memory = _mapped(code)
    address = np.frombuffer(memory, np.uint8).ctypes.data
    function = ctypes.CFUNCTYPE(ctypes.c_int32, *2 * _POINTER, *arguments)(address)

    def call(*values: object) -> int:
        result, error = ctypes.c_int64(0), ctypes.c_void_p()
        function(ctypes.byref(result), ctypes.byref(error), *values)
        return result.value if memory else 0

    return call


def run(made: MachineCode) -> Coder:
    """The coder that machine code makes."""
    decide = _called(made.decisions, (*3 * _POINTER, *2 * _NUMBER, *_POINTER))
    encode = _called(made.code, (*_POINTER, *_NUMBER, *3 * _POINTER, *_NUMBER))

    def coded(ink: Pixels) -> bytes | None:
        bits, (height, width) = _bits_of(ink), ink.shape
        seen = (each.ctypes.data for each in (bits.pixels, bits.blocks, bits.same))
        count = decide(*seen, width, height, bits.told.ctypes.data)
        used = (each.ctypes.data for each in (_TABLE, bits.states, bits.out))
        last = encode(bits.told.ctypes.data, count, *used, len(bits.out))
        return _ended(bits.out[1 : last + 1].tobytes())

    return coded


def interpreted(ink: Pixels) -> bytes | None:
    """The same by the loops themselves, slowly."""
    bits, (height, width) = _bits_of(ink), ink.shape
    told, out = bits.told.data, bits.out.data
    pixels, blocks, same = bits.pixels.reshape(-1), bits.blocks.reshape(-1), bits.same.data
    count = arithmetic.decisions_of(pixels.data, blocks.data, same, width, height, told)
    last = arithmetic.code(told, count, _TABLE.data, bits.states.data, out, len(out))
    return _ended(bits.out[1 : last + 1].tobytes())


def agrees(coder: Coder) -> bool:
    """Whether a coder does the same as the loops on a small image with all there is in it."""
    rows, columns = np.mgrid[0:61, 0:83]
    noise = np.random.default_rng(7).random(rows.shape) < 0.3  # noqa: PLR2004 mostly paper
    ink = (noise & (rows > 40)) | ((columns // 9 + rows // 7) % 5 == 0) & (rows < 30)  # noqa: PLR2004 bars above noise
    pixels = ink.astype(np.uint8)
    return coder(pixels) == interpreted(pixels)


def _file(folder: Path) -> Path:
    source = Path(arithmetic.__file__).read_bytes()
    known = sha256(source + _VERSION.encode()).hexdigest()[:12]
    return folder / f"jbig2-{known}-{sys.platform}-{platform.machine()}.code"


def _kept(file: Path) -> bytes | None:
    with suppress(OSError):
        data = file.read_bytes()
        return data[_DIGEST:] if sha256(data[_DIGEST:]).digest() == data[:_DIGEST] else None
    return None


def _compiled() -> bytes:
    """By a process of its own; nothing where numba is missing, or cannot."""
    if find_spec("numba") is None or not hasattr(os, "memfd_create"):
        return b""
    paths = os.pathsep.join(sys.path)
    with suppress(OSError, subprocess.SubprocessError):
        done = subprocess.run(
            (sys.executable, "-m", _COMPILER),
            capture_output=True,
            check=True,
            stdin=subprocess.DEVNULL,
            env={**os.environ, "PYTHONPATH": paths},
            timeout=_SECONDS,
        )
        return done.stdout
    return b""


@cache
def coder_of(folder: Path) -> Coder | None:
    """The compiled coder, kept in a folder once it was made; None where it cannot be made."""
    file = _file(folder)
    data = _kept(file)
    if data is None and (data := _compiled()):
        with suppress(OSError):
            write_bytes_durably(file, sha256(data).digest() + data)
    with suppress(ValueError, OSError):
        return run(msgspec.msgpack.decode(data or b"", type=MachineCode))
    return None

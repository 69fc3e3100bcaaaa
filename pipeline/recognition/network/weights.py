"""The LSTM part as a tree of layers (Tesseract 4 and 5, int8 or double weights)."""

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from pipeline.recognition.network.binary import Reader, invalid

Dense: TypeAlias = NDArray[np.float32]

_DEEPEST = 12
_MOST_LAYERS = 64
_MOST_UNITS = 4096
_INT8, _DOUBLE = 1, 128
_OWN_RATES, _RECODED = 64, 64
_GROUPS = ("Series", "RTLReversed", "XYTranspose")
_DENSE = ("Tanh", "Relu", "Linear", "Logistic", "Softmax")
_RECURRENT = ("LSTM", "SummLSTM")


@dataclass(frozen=True, slots=True)
class Layer:
    """`sizes` are height, width, depth of Input, halves of Convolve, steps of Maxpool (x, y).

    `weights`: outputs x (inputs + 1), the bias last; of an LSTM four: cell, input, forget, output.
    """

    kind: str
    inputs: int
    outputs: int
    sizes: tuple[int, ...] = ()
    weights: tuple[Dense, ...] = ()
    layers: tuple["Layer", ...] = ()


@dataclass(frozen=True, slots=True)
class Network:
    """`null` is the output class of CTC's blank; `recoded` says that the recoder counts."""

    root: Layer
    null: int
    recoded: bool
    specification: str


def _grid(reader: Reader, dtype: str) -> NDArray[np.float64]:
    rows, columns = reader.values("II")
    if not (0 < rows <= _MOST_UNITS and 0 < columns <= 2 * _MOST_UNITS):
        invalid(reader.name, f"a matrix of {rows} x {columns}")
    reader.array(dtype, 1)
    return reader.array(dtype, rows * columns).reshape(rows, columns).astype(np.float64)


def _matrix(reader: Reader, outputs: int, inputs: int) -> Dense:
    mode = reader.value("B")
    if not mode & _DOUBLE:
        invalid(reader.name, "weights of an older form")
    grid = _grid(reader, "<i1" if mode & _INT8 else "<f8")
    if grid.shape != (outputs, inputs + 1):
        invalid(reader.name, f"weights {grid.shape} for {outputs} x {inputs}")
    if mode & _INT8:
        count = reader.value("I")
        if count < outputs:
            invalid(reader.name, f"{count} scales for {outputs} outputs")
        grid *= reader.array("<f8", count)[:outputs, None]
    if not np.isfinite(grid).all() or np.abs(grid).max() > np.finfo(np.float32).max:
        invalid(reader.name, "weights without bounds")
    return grid.astype(np.float32)


def _recurrent(reader: Reader, inputs: int, outputs: int) -> tuple[Dense, ...]:
    if reader.value("i") != inputs + outputs:
        invalid(reader.name, "an LSTM over two axes")
    return tuple(_matrix(reader, outputs, inputs + outputs) for _ in range(4))


def _group(reader: Reader, own_rates: bool, depth: int) -> tuple[Layer, ...]:
    count = reader.value("I")
    if count > _MOST_LAYERS or depth > _DEEPEST:
        invalid(reader.name, f"{count} layers at depth {depth}")
    layers = tuple(_layer(reader, depth + 1) for _ in range(count))
    if own_rates:
        reader.array("<f4", reader.value("I"))
    return layers


def _layer(reader: Reader, depth: int = 0) -> Layer:
    if reader.value("b"):
        invalid(reader.name, "a layer of an older form")
    kind = reader.text()
    training, _ = reader.values("bb")
    flags, inputs, outputs, _ = reader.values("iiii")
    reader.text()
    if training or not (0 <= inputs <= _MOST_UNITS and 0 < outputs <= _MOST_UNITS):
        invalid(reader.name, f"{kind} of {inputs} x {outputs}")
    if kind in _GROUPS:
        layers = _group(reader, bool(flags & _OWN_RATES), depth)
        return Layer(kind, inputs, outputs, layers=layers)
    if kind in _RECURRENT:
        return Layer(kind, inputs, outputs, weights=_recurrent(reader, inputs, outputs))
    if kind in _DENSE:
        return Layer(kind, inputs, outputs, weights=(_matrix(reader, outputs, inputs),))
    if kind == "Input":
        return Layer(kind, inputs, outputs, reader.values("iiiii")[1:4])
    if kind not in ("Convolve", "Maxpool"):
        invalid(reader.name, f"a layer {kind[:40]!r}")
    return Layer(kind, inputs, outputs, reader.values("ii"))


def read_network(data: bytes, name: str) -> Network:
    """The network of the part `lstm`.

    Raises InputError("model-invalid") for what is damaged or not understood.
    """
    reader = Reader(data, name)
    root = _layer(reader)
    specification = reader.text()
    flags, _, _, null = reader.values("iiii")
    reader.array("<f4", 3)
    reader.finish()
    return Network(root, null, bool(flags & _RECODED), specification)

"""The network as two ONNX models, which run fastest so on a CPU.

`columns` (convolution, pooling, the LSTM down each column) takes lines one by one, `rows` (the
LSTMs along the line, the output classes) a few lines of like width at once.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from pipeline.recognition.network.strips import FRAME, HEIGHT
from pipeline.recognition.network.weights import Dense, Layer, Network
from schemas.errors import InputError

# what ONNX calls attributes: numbers, words, or rows of them
_Told: TypeAlias = Any
_OPSET, _IR = 17, 9
_INT8 = 127
_ACTIVATIONS = {"Tanh": "Tanh", "Relu": "Relu", "Logistic": "Sigmoid"}
# Tesseract keeps cell, input, forget, output; ONNX wants input, output, forget, cell
_GATES = (1, 3, 2, 0)


@dataclass(frozen=True, slots=True)
class Graphs:
    """Serialised ONNX models.

    `columns`: image 1 x 1 x 36 x W to features T x F; `rows`: features T x B x F and lengths B to
    probabilities T x B x C.
    """

    columns: bytes
    rows: bytes


class _Builder:
    """Nodes and weights of one model, in order; `last` is the name of the newest output."""

    def __init__(self, first: str) -> None:
        self.last = first
        self._nodes: list[onnx.NodeProto] = []
        self._weights: list[onnx.TensorProto] = []

    def weight(self, array: NDArray[np.generic]) -> str:
        name = f"w{len(self._weights)}"
        self._weights.append(numpy_helper.from_array(np.ascontiguousarray(array), name))
        return name

    def add(
        self, kind: str, *more: str, outputs: Sequence[str] = (), domain: str = "", **told: _Told
    ) -> None:
        """A node from `last` and `more`; its last output becomes `last`."""
        made = tuple(outputs) or (f"n{len(self._nodes)}",)
        node = helper.make_node(kind, [self.last, *more], made, domain=domain, **told)
        self._nodes.append(node)
        self.last = made[-1]

    def squeeze(self, axis: int) -> None:
        self.add("Squeeze", self.weight(np.array([axis], np.int64)))

    def model(self, inputs: Sequence[onnx.ValueInfoProto]) -> bytes:
        output = helper.make_tensor_value_info(self.last, TensorProto.FLOAT, None)
        graph = helper.make_graph(self._nodes, "network", inputs, [output], self._weights)
        opsets = [helper.make_opsetid("", _OPSET), helper.make_opsetid("com.microsoft", 1)]
        model = helper.make_model(graph, opset_imports=opsets, ir_version=_IR)
        return bytes(model.SerializeToString())


def _gates(layer: Layer) -> tuple[Dense, Dense, Dense]:
    """Weights of the input, of the recurrence (4H x …), and the bias with ONNX's second half."""
    stacked = np.concatenate([layer.weights[gate] for gate in _GATES])
    bias = np.concatenate([stacked[:, -1], np.zeros_like(stacked[:, -1])])
    return stacked[:, : layer.inputs], stacked[:, layer.inputs : -1], bias


def _int8(weights: Dense) -> tuple[NDArray[np.int8], Dense]:
    """Rounded to int8 with a scale a row; transposed and with ONNX's first axis."""
    scales = np.maximum(np.abs(weights).max(axis=1), np.finfo(np.float32).tiny) / _INT8
    rounded = np.rint(weights / scales[:, None]).astype(np.int8)
    return rounded.T[None], scales[None].astype(np.float32)


def _quantised(
    builder: _Builder, inner: Dense, back: Dense, bias: Dense, lengths: str, told: dict[str, _Told]
) -> None:
    (inner8, inner_scale), (back8, back_scale) = _int8(inner), _int8(back)
    none = builder.weight(np.zeros(inner_scale.shape, np.int8))
    names = [builder.weight(array) for array in (inner8, back8, bias[None])]
    scales = [builder.weight(array) for array in (inner_scale, back_scale)]
    more = (*names, lengths, "", "", "", scales[0], none, scales[1], none)
    builder.add("DynamicQuantizeLSTM", *more, domain="com.microsoft", **told)


def _lstm(builder: _Builder, layer: Layer, *, backwards: bool, summing: bool, int8: bool) -> None:
    """T x B x F to T x B x H, or to B x H (its state at the end) when `summing`."""
    inner, back, bias = _gates(layer)
    outputs = ("", f"{builder.last}-end") if summing else (f"{builder.last}-all",)
    lengths = "lengths" if backwards else ""
    told: dict[str, _Told] = {
        "hidden_size": layer.outputs,
        "direction": "reverse" if backwards else "forward",
        "outputs": outputs,
    }
    if int8:
        _quantised(builder, inner, back, bias, lengths, told)
    else:
        names = [builder.weight(array[None]) for array in (inner, back, bias)]
        builder.add("LSTM", *names, lengths, **told)
    builder.squeeze(0 if summing else 1)


def _flat(layer: Layer) -> Iterator[Layer]:
    if layer.kind == "Series":
        for inner in layer.layers:
            yield from _flat(inner)
    else:
        yield layer


def _unsupported(name: str, what: str) -> InputError:
    return InputError("model-unsupported", name, why=what)


def _convolution(builder: _Builder, halves: tuple[int, ...], dense: Layer) -> None:
    across, down = halves
    weights = dense.weights[0]
    kernels = weights[:, :-1].reshape(dense.outputs, 2 * across + 1, 2 * down + 1, -1)
    names = [builder.weight(a) for a in (kernels.transpose(0, 3, 2, 1), weights[:, -1])]
    builder.add("Conv", *names, pads=[down, across, down, across])


def _columns(layers: Sequence[Layer], name: str, int8: bool) -> bytes:
    """Convolutions, pooling and the LSTM down the columns."""
    builder = _Builder("image")
    halves: tuple[int, ...] = ()
    activation = ""
    for layer in layers:
        if layer.kind == "Convolve":
            halves = layer.sizes
        elif layer.kind in _ACTIVATIONS and halves:
            _convolution(builder, halves, layer)
            activation = _ACTIVATIONS[layer.kind]
        elif layer.kind == "Maxpool" and activation and layer.sizes[0] == FRAME:
            steps = [layer.sizes[1], layer.sizes[0]]
            # the activations rise with their input: after pooling there is less to do
            builder.add("MaxPool", kernel_shape=steps, strides=steps)
            builder.add(activation)
            activation = ""
        elif layer.kind == "XYTranspose" and layer.layers[0].kind == "SummLSTM":
            builder.add("Squeeze", builder.weight(np.array([0], np.int64)))
            builder.add("Transpose", perm=[1, 2, 0])
            _lstm(builder, layer.layers[0], backwards=False, summing=True, int8=int8)
        else:
            raise _unsupported(name, layer.kind)
    image = helper.make_tensor_value_info("image", TensorProto.FLOAT, [1, 1, HEIGHT, "W"])
    return builder.model([image])


def _rows(layers: Sequence[Layer], name: str, int8: bool) -> bytes:
    """The LSTMs along the line and the output."""
    builder = _Builder("features")
    width = layers[0].inputs
    for layer in layers:
        if layer.kind == "LSTM":
            _lstm(builder, layer, backwards=False, summing=False, int8=int8)
        elif layer.kind == "RTLReversed" and layer.layers[0].kind == "LSTM":
            _lstm(builder, layer.layers[0], backwards=True, summing=False, int8=int8)
        elif layer.kind == "Softmax":
            weights = layer.weights[0]
            builder.add("MatMul", builder.weight(weights[:, :-1].T))
            builder.add("Add", builder.weight(weights[:, -1]))
            builder.add("Softmax", axis=-1)
        else:
            raise _unsupported(name, layer.kind)
    features = helper.make_tensor_value_info("features", TensorProto.FLOAT, ["T", "B", width])
    lengths = helper.make_tensor_value_info("lengths", TensorProto.INT32, ["B"])
    return builder.model([features, lengths])


def graphs_of(network: Network, name: str, int8: bool = False) -> Graphs:
    """Both models; raises InputError("model-unsupported") for a network of another shape."""
    first, *layers = _flat(network.root)
    if first.kind != "Input" or first.sizes != (HEIGHT, 0, 1):
        raise _unsupported(name, f"{first.kind} {first.sizes}")
    kinds = [layer.kind for layer in layers]
    if "XYTranspose" not in kinds[:-2] or kinds[-1] != "Softmax":
        raise _unsupported(name, network.specification)
    middle = kinds.index("XYTranspose") + 1
    return Graphs(_columns(layers[:middle], name, int8), _rows(layers[middle:], name, int8))

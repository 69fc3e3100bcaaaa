"""The recognition network in PyTorch, with the very weights of a .traineddata file."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import nn

from pipeline.training.writing import Dense

# Tesseract keeps cell, input, forget, output; PyTorch input, forget, cell, output
_TO_TORCH = (1, 2, 0, 3)
_TO_FILE = (2, 0, 1, 3)
_LSTMS = 4


@dataclass(frozen=True, slots=True)
class Model:
    """A convolution, an LSTM down each column, three along the line (the second backwards)."""

    kernels: torch.Tensor
    offsets: torch.Tensor
    lstms: tuple[nn.LSTM, ...]
    output: torch.Tensor
    bias: torch.Tensor

    def parameters(self) -> tuple[torch.Tensor, ...]:
        """What is tuned, in an order that stays."""
        inner = tuple(
            weights
            for lstm in self.lstms
            for weights in (lstm.weight_ih_l0, lstm.weight_hh_l0, lstm.bias_ih_l0)
        )
        return (self.kernels, self.offsets, *inner, self.output, self.bias)


def _parameter(array: Dense) -> torch.Tensor:
    return nn.Parameter(torch.tensor(np.ascontiguousarray(array), dtype=torch.float32))


def _lstm(gates: Sequence[Dense]) -> nn.LSTM:
    stacked = np.concatenate([gates[gate] for gate in _TO_TORCH])
    hidden = gates[0].shape[0]
    inputs = stacked.shape[1] - hidden - 1
    made = nn.LSTM(inputs, hidden)
    made.weight_ih_l0 = _parameter(stacked[:, :inputs])
    made.weight_hh_l0 = _parameter(stacked[:, inputs:-1])
    made.bias_ih_l0 = _parameter(stacked[:, -1])
    made.bias_hh_l0 = nn.Parameter(torch.zeros(4 * hidden), requires_grad=False)
    return made


def build(matrices: Sequence[Dense]) -> Model:
    """The network of a file's 18 matrices."""
    first, *gates, last = matrices
    kernels = first[:, :-1].reshape(-1, 3, 3, 1).transpose(0, 3, 2, 1)
    lstms = tuple(_lstm(gates[4 * at : 4 * at + 4]) for at in range(_LSTMS))
    return Model(
        _parameter(kernels),
        _parameter(first[:, -1]),
        lstms,
        _parameter(last[:, :-1]),
        _parameter(last[:, -1]),
    )


def _dense(tensor: torch.Tensor) -> Dense:
    return np.asarray(tensor.detach().numpy(), np.float64)


def _gates(lstm: nn.LSTM) -> tuple[Dense, ...]:
    parts = [lstm.weight_ih_l0, lstm.weight_hh_l0, lstm.bias_ih_l0[:, None]]
    gates = np.split(np.concatenate([_dense(part) for part in parts], axis=1), 4)
    return tuple(gates[gate] for gate in _TO_FILE)


def matrices_of(model: Model) -> tuple[Dense, ...]:
    """The weights as the file keeps them."""
    kernels = _dense(model.kernels).transpose(0, 3, 2, 1).reshape(len(model.kernels), -1)
    first = np.concatenate([kernels, _dense(model.offsets)[:, None]], axis=1)
    last = np.concatenate([_dense(model.output), _dense(model.bias)[:, None]], axis=1)
    return (first, *(gate for lstm in model.lstms for gate in _gates(lstm)), last)


def _reversed(features: torch.Tensor, lengths: torch.Tensor) -> torch.Tensor:
    """T × B × F with each line's own frames in reverse."""
    frames = torch.arange(features.shape[0])[:, None]
    places = torch.where(frames < lengths[None], lengths[None] - 1 - frames, frames)
    return torch.gather(features, 0, places[:, :, None].expand_as(features))


def logits(model: Model, strips: torch.Tensor, lengths: torch.Tensor) -> torch.Tensor:
    """T × B × classes of strips (B × 1 × 36 × 3T, zero beyond each line's width)."""
    convolved = nn.functional.conv2d(strips, model.kernels, model.offsets, padding=1)
    pooled = torch.tanh(nn.functional.max_pool2d(convolved, 3))
    count, depth, height, frames = pooled.shape
    columns = pooled.permute(2, 3, 0, 1).reshape(height, frames * count, depth)
    down, forward, backward, last = model.lstms
    features = down(columns)[1][0][0].reshape(frames, count, -1)
    features = forward(features)[0]
    features = _reversed(backward(_reversed(features, lengths))[0], lengths)
    return last(features)[0] @ model.output.T + model.bias

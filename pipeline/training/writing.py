"""Puts weights back into a .traineddata file, which Tesseract itself then loads."""

import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Rows8: TypeAlias = NDArray[np.int8]
Scales: TypeAlias = NDArray[np.float64]
Dense: TypeAlias = NDArray[np.float64]

LSTM, UNICHARSET, RECODER, VERSION = 17, 21, 22, 23
_INT8, _CURRENT = 1, 128
_GROUPS = ("Series", "RTLReversed", "XYTranspose", "Parallel")
_LSTMS = ("LSTM", "SummLSTM")
_DENSE = ("Tanh", "Softmax")
_OWN_RATES = 64
_SIZES = {"Input": 20, "Convolve": 8, "Maxpool": 8}


@dataclass(frozen=True, slots=True)
class Matrix8:
    """Int8 weights (outputs × inputs + 1, the bias last) and a scale for each output."""

    rows: Rows8
    scales: Scales
    mode: int = _INT8 | _CURRENT

    def dense(self) -> Dense:
        """The weights themselves."""
        return self.rows.astype(np.float64) * self.scales[:, None]


@dataclass(frozen=True, slots=True)
class Slot:
    """Where a matrix lies in the component, from its mode byte on."""

    start: int
    end: int
    matrix: Matrix8


@dataclass(frozen=True, slots=True)
class Head:
    """Where a layer's outputs and its number of weights (two int32) lie, for those with outputs."""

    at: int
    kind: str
    outputs: int


class _Walk:
    """Goes through the layers of an int8 network and notes slots and heads."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.at = 0
        self.slots: list[Slot] = []
        self.heads: list[Head] = []

    def take(self, form: str) -> tuple[int, ...]:
        values = struct.unpack_from(f"<{form}", self.data, self.at)
        self.at += struct.calcsize(f"<{form}")
        return values

    def text(self) -> str:
        (size,) = self.take("I")
        self.at += size
        return self.data[self.at - size : self.at].decode("latin-1")

    def array(self, kind: str, count: int) -> NDArray[np.generic]:
        made = np.frombuffer(self.data, kind, count, self.at)
        self.at += made.nbytes
        return made

    def matrix(self) -> None:
        start = self.at
        mode, outputs, inputs, _ = self.take("BIIb")
        if not (mode & _INT8 and mode & _CURRENT):
            raise ValueError(f"weights of mode {mode}")
        rows = self.array("<i1", outputs * inputs).reshape(outputs, inputs).astype(np.int8)
        scales = self.array("<f8", self.take("I")[0]).astype(np.float64)
        if len(scales) != outputs:
            raise ValueError(f"{len(scales)} scales for {outputs} outputs")
        self.slots.append(Slot(start, self.at, Matrix8(rows, scales, mode)))

    def layer(self) -> None:
        self.take("b")
        kind = self.text()
        self.take("bb")
        flags, _ = self.take("ii")
        self.heads.append(Head(self.at, kind, self.take("ii")[0]))
        self.text()
        if kind in _GROUPS:
            for _ in range(self.take("I")[0]):
                self.layer()
            if flags & _OWN_RATES:
                self.array("<f4", self.take("I")[0])
        elif kind in _LSTMS:
            self.take("i")
            for _ in range(4):
                self.matrix()
        elif kind in _DENSE:
            self.matrix()
        else:
            self.at += _SIZES[kind]


def _walked(lstm: bytes) -> _Walk:
    walk = _Walk(lstm)
    walk.layer()
    return walk


def read_matrices(lstm: bytes) -> tuple[Matrix8, ...]:
    """All weights of the component in the file's order; ValueError for a float network."""
    return tuple(slot.matrix for slot in _walked(lstm).slots)


def _packed(matrix: Matrix8) -> bytes:
    outputs, inputs = matrix.rows.shape
    scales = matrix.scales.astype("<f8")
    head = struct.pack("<BIIb", matrix.mode, outputs, inputs, 0)
    return head + matrix.rows.tobytes() + struct.pack("<I", len(scales)) + scales.tobytes()


def write_matrices(lstm: bytes, matrices: Sequence[Matrix8]) -> bytes:
    """The component with other weights; the last matrix may have more rows: more classes."""
    walk = _walked(lstm)
    more = len(matrices[-1].rows) - len(walk.slots[-1].matrix.rows)
    added = more * matrices[-1].rows.shape[1]
    changed = bytearray(lstm)
    for place, head in enumerate(walk.heads):
        if more and (place == 0 or head.kind == "Softmax"):
            outputs, weights = struct.unpack_from("<ii", lstm, head.at)
            struct.pack_into("<ii", changed, head.at, outputs + more, weights + added)
    parts, at = [], 0
    for slot, matrix in zip(walk.slots, matrices, strict=True):
        parts += [bytes(changed[at : slot.start]), _packed(matrix)]
        at = slot.end
    return b"".join([*parts, bytes(changed[at:])])


def rounded(dense: Dense, like: Matrix8) -> Matrix8:
    """Int8 rows as Tesseract rounds them: one scale a row, its largest weight becomes ±127."""
    most = np.abs(dense).max(axis=1)
    scales = np.where(most > 0, most, 1.0) / 127
    rows = np.clip(np.rint(dense / scales[:, None]), -127, 127).astype(np.int8)
    return Matrix8(rows, scales, like.mode)


def extended(matrix: Matrix8, sources: Sequence[int], bias: float) -> Dense:
    """The output layer with a row more for each source row, its bias moved."""
    dense = matrix.dense()
    new = dense[list(sources)].copy()
    new[:, -1] += bias
    return np.concatenate([dense, new])


@dataclass(frozen=True, slots=True)
class Container:
    """The entries of a .traineddata file by number; None where an entry is absent."""

    entries: tuple[bytes | None, ...]

    def entry(self, number: int) -> bytes:
        """One entry; ValueError where it is absent."""
        found = self.entries[number]
        if found is None:
            raise ValueError(f"no entry {number}")
        return found

    def changed(self, new: Mapping[int, bytes]) -> "Container":
        """The same with other entries."""
        return replace(self, entries=tuple(new.get(at, old) for at, old in enumerate(self.entries)))


def unpack(data: bytes) -> Container:
    """A .traineddata file's entries."""
    (count,) = struct.unpack_from("<I", data)
    offsets = struct.unpack_from(f"<{count}q", data, 4)
    starts = sorted(offset for offset in offsets if offset >= 0)
    ends = dict(zip(starts, [*starts[1:], len(data)], strict=True))
    return Container(tuple(data[at : ends[at]] if at >= 0 else None for at in offsets))


def pack(container: Container) -> bytes:
    """The file again: a table of offsets, then the entries in their order."""
    at = 4 + 8 * len(container.entries)
    offsets, bodies = [], []
    for body in container.entries:
        offsets.append(-1 if body is None else at)
        if body is not None:
            bodies.append(body)
            at += len(body)
    head = struct.pack(f"<I{len(offsets)}q", len(offsets), *offsets)
    return head + b"".join(bodies)

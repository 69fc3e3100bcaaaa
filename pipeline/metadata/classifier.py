"""A light classifier of whole papers: hashed character n-grams and one linear layer, NumPy alone.

`pipeline.training.types` makes the weights; model/RECORDS.md tells of what and how good they are.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from pipeline.metadata.text.view import fold

Floats: TypeAlias = NDArray[np.float32]
WEIGHTS = Path(__file__).parent / "model" / "records.npz"
BITS = 15
ROWS = 1 << BITS
SIZES = (3, 4, 5)
LONGEST = 4000
"""Characters of a paper that are looked at."""
_FACTOR, _MIX = 0x01000193, 0x9E3779B1
_NO_LETTER = re.compile(r"[^a-z0]+")
_DIGIT = re.compile(r"[0-9]+")


def tidied(text: str) -> str:
    """Small folded letters, a zero for each number, single blanks."""
    small = _DIGIT.sub("0", fold(text[: 2 * LONGEST]).lower())
    return f" {_NO_LETTER.sub(' ', small).strip()[:LONGEST]} "


def counted(text: str) -> Floats:
    """How often each row of the table is met in a text, as a logarithm."""
    letters = np.frombuffer(tidied(text).encode("ascii", "replace"), np.uint8).astype(np.uint32)
    counts = np.zeros(ROWS, np.float32)
    for size in SIZES:
        if len(letters) < size:
            break
        run = np.full(len(letters) - size + 1, size, np.uint32)
        for at in range(size):
            run = run * np.uint32(_FACTOR) ^ letters[at : len(letters) - size + 1 + at]
        rows = (run * np.uint32(_MIX)) >> np.uint32(32 - BITS)
        counts += np.bincount(rows, minlength=ROWS).astype(np.float32)
    logs: Floats = np.log1p(counts)
    return logs


@dataclass(frozen=True, slots=True)
class Classifier:
    """Labels, their weights by row (label, row), and how much each row tells (`rarity`)."""

    labels: tuple[str, ...]
    rarity: Floats
    weights: Floats
    bias: Floats

    def chances(self, text: str) -> tuple[tuple[str, float], ...]:
        """Every label with its chance, the likeliest first."""
        given = counted(text) * self.rarity
        given /= max(float(np.linalg.norm(given)), 1e-9)
        scores = self.weights @ given + self.bias
        odds = np.exp(scores - scores.max())
        shares = odds / odds.sum()
        order = np.argsort(-shares)
        return tuple((self.labels[at], float(shares[at])) for at in order)


def _classifier(data: Mapping[str, NDArray[np.generic]], name: str) -> Classifier:
    rarity, weights, bias = (
        data[f"{name}_{part}"].astype(np.float32) for part in ("rarity", "weights", "bias")
    )
    return Classifier(tuple(str(data[f"{name}_labels"]).split("\n")), rarity, weights, bias)


@cache
def classifiers() -> dict[str, Classifier]:
    """The committed classifiers of `type` and `problem`, read once a process."""
    with np.load(WEIGHTS) as file:
        data = dict(file)
    return {name: _classifier(data, name) for name in ("type", "problem")}

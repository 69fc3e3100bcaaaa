"""The weights to start from, with room for more letters, and the tuned ones put back."""

import hashlib
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from pipeline.training import writing
from pipeline.training.alphabet import ADDED, Alphabet, alphabet_of, more_characters, more_codes
from pipeline.training.writing import Container, Dense, Matrix8

_TAIL = "<iiiifff"  # flags, iterations, samples, blank, Adam's beta, rate, momentum
_NEW_BIAS = -2.0


@dataclass(frozen=True, slots=True)
class Start:
    """A .traineddata file taken apart; `dense` has the rows of the added letters already."""

    container: Container
    matrices: tuple[Matrix8, ...]
    dense: tuple[Dense, ...]
    alphabet: Alphabet
    digest: str


def _blank(lstm: bytes) -> int:
    tail = struct.unpack_from(_TAIL, lstm, len(lstm) - struct.calcsize(_TAIL))
    return int(tail[3])


def start_from(path: Path) -> Start:
    """The start weights; ValueError where the file is none of int8 weights."""
    data = path.read_bytes()
    container = writing.unpack(data)
    lstm = container.entry(writing.LSTM)
    matrices = writing.read_matrices(lstm)
    *inner, output = matrices
    count = len(output.rows)
    unicharset, recoder = (container.entry(n) for n in (writing.UNICHARSET, writing.RECODER))
    known = alphabet_of(unicharset, recoder, _blank(lstm), count)
    number = known.numbers()
    added = tuple(letter for letter in ADDED if letter not in number)
    sources = [number[ADDED[letter]] for letter in added]
    dense = (*(matrix.dense() for matrix in inner), writing.extended(output, sources, _NEW_BIAS))
    container = container.changed(
        {
            writing.UNICHARSET: more_characters(unicharset, added),
            writing.RECODER: more_codes(recoder, count, len(added)),
        }
    )
    alphabet = Alphabet((*known.texts, *added), known.null)
    return Start(container, matrices, dense, alphabet, hashlib.sha256(data).hexdigest())


def mixed(start: Start, tuned: Sequence[Dense], share: float) -> tuple[Dense, ...]:
    """`share` of the tuned weights and the rest of the start's; rows of added letters as tuned."""
    pairs = zip(start.dense, tuned, strict=True)
    *inner, output = ((1 - share) * old + share * new for old, new in pairs)
    known = len(start.matrices[-1].rows)
    return (*inner, np.concatenate([output[:known], tuned[-1][known:]]))


def written(start: Start, dense: Sequence[Dense], note: str) -> bytes:
    """A .traineddata file with these weights; `note` is added to its version."""
    rounded = [writing.rounded(new, old) for new, old in zip(dense, start.matrices, strict=True)]
    lstm = start.container.entry(writing.LSTM)
    version = start.container.entry(writing.VERSION).rstrip(b"\0\n")
    return writing.pack(
        start.container.changed(
            {
                writing.LSTM: writing.write_matrices(lstm, rounded),
                writing.VERSION: version + f":{note}".encode(),
            }
        )
    )

"""Lines as the network takes them in training: groups of batches of like width."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipeline.recognition.network.strips import Strip, strip_of
from pipeline.training.alphabet import Alphabet, spelled
from pipeline.training.lines import Line, Workshop, make_line

_STEP = 3  # columns a frame
_WIDEST = 1800


@dataclass(frozen=True, slots=True)
class Batch:
    """`strips`: B × 1 × 36 × W, zero beyond each line; `frames` and `labels` of each line."""

    strips: NDArray[np.float32]
    frames: NDArray[np.int64]
    labels: tuple[tuple[int, ...], ...]


@dataclass(frozen=True, slots=True)
class Sample:
    """A line for the network and the classes it should write."""

    strip: Strip
    label: tuple[int, ...]

    @property
    def frames(self) -> int:
        return int(self.strip.shape[1]) // _STEP

    @property
    def fits(self) -> bool:
        """Whether the line has frames enough for its letters (CTC) and is not too wide."""
        pairs = zip(self.label, self.label[1:], strict=False)
        repeats = sum(one == other for one, other in pairs)
        return len(self.label) + repeats < self.frames and self.strip.shape[1] <= _WIDEST


def sample_of(line: Line, alphabet: Alphabet) -> Sample:
    """The line's strip and label; letters that the alphabet lacks lose their accents."""
    numbers = alphabet.numbers()
    label = tuple(numbers[letter] for letter in spelled(line.text, numbers))
    return Sample(strip_of(line.image), label)


def batch_of(samples: Sequence[Sample]) -> Batch:
    """Samples side by side."""
    width = max(sample.frames for sample in samples) * _STEP
    strips = np.zeros((len(samples), 1, samples[0].strip.shape[0], width), np.float32)
    for place, sample in enumerate(samples):
        used = min(width, sample.strip.shape[1])
        strips[place, 0, :, :used] = sample.strip[:, :used]
    frames = np.array([sample.frames for sample in samples], np.int64)
    return Batch(strips, frames, tuple(sample.label for sample in samples))


def _samples(work: Workshop, alphabet: Alphabet, first: int, count: int) -> Iterator[Sample]:
    for number in range(first, first + count):
        sample = sample_of(make_line(work, number), alphabet)
        if sample.fits:
            yield sample


def group(
    work: Workshop, alphabet: Alphabet, number: int, batches: int, size: int
) -> tuple[Batch, ...]:
    """Group `number`: the next `batches` × `size` lines, sorted by width, batches shuffled."""
    count = batches * size
    samples = sorted(
        _samples(work, alphabet, number * count, count), key=lambda sample: sample.frames
    )
    made = [batch_of(samples[at : at + size]) for at in range(0, len(samples), size)]
    random.Random(f"{work.seed}/group/{number}").shuffle(made)
    return tuple(made)

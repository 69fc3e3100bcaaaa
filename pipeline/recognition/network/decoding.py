"""CTC: words the network is sure of are taken as they are, for the others a beam is searched."""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from pipeline.recognition.network.beam import Probabilities, frames_of, readings
from pipeline.recognition.network.charset import Classes
from pipeline.recognition.network.choosing import Candidate, begins_small, choose, knows_all
from pipeline.recognition.network.dictionary import Dictionary

_Frames: TypeAlias = NDArray[np.int64]

_SURE_SPACE = 0.9
_SURE_MASS, _SURE_PEAK = 0.97, 0.85
_LEAST = 1e-6
_NEARLY = 0.3


@dataclass(frozen=True, slots=True)
class ReadWord:
    """A word in the frames `first` to `last` (included), with a frame for each character.

    `log_probability` is that of these characters against all others in these frames, before any
    dictionary; `known`: the dictionary knows the word.
    """

    text: str
    first: int
    last: int
    frames: tuple[int, ...]
    log_probability: float
    known: bool


@dataclass(frozen=True, slots=True)
class _Path:
    """Output classes without blanks, a frame for each, and the logarithm of their probability."""

    labels: Sequence[int]
    frames: Sequence[int]
    log_probability: float


@dataclass(frozen=True, slots=True)
class _Line:
    """What its words are cut from; all but the probabilities as lists, which slice fastest.

    A run is a stretch of frames with one best class, other than the blank. `doubts`, `shares` and
    `presences` are sums from the line's start: of unsure frames, and of logarithms of the best
    path's share of each frame and of each run's being there at all.
    """

    probabilities: Probabilities
    starts: list[int]
    middles: list[int]
    labels: list[int]
    presences: list[float]
    doubts: list[int]
    shares: list[float]
    cuts: list[int]


def _sums(values: NDArray[np.float64] | NDArray[np.bool_]) -> list[Any]:
    """Of the first 0, 1, … values."""
    return [0, *np.cumsum(values).tolist()]


def _logarithms(shares: NDArray[Any]) -> NDArray[np.float64]:
    return np.log(np.clip(shares.astype(np.float64), _LEAST, 1))


def _neighbour_mass(probabilities: Probabilities, best: _Frames, null: int) -> Probabilities:
    """Of each frame: blank and the labels before and after it, together."""
    frames = np.arange(len(best))
    shown = best != null
    before = np.maximum.accumulate(np.where(shown, frames, -1))
    after = np.minimum.accumulate(np.where(shown, frames, len(best))[::-1])[::-1]
    padded = np.append(best, null)  # -1 and T are both the blank
    left, right = padded[before], padded[after]
    mass = probabilities[:, null].copy()
    mass += np.where(left != null, probabilities[frames, left], 0)
    mass += np.where((right != null) & (right != left), probabilities[frames, right], 0)
    return mass


def _line(probabilities: Probabilities, classes: Classes) -> _Line:
    best = probabilities.argmax(axis=1)
    top = probabilities[np.arange(len(best)), best]
    mass = _neighbour_mass(probabilities, best, classes.null)
    starts = np.flatnonzero(np.concatenate([[True], best[1:] != best[:-1]]))
    lengths = np.diff(np.append(starts, len(best)))
    shown = best[starts] != classes.null
    peaks = np.where(shown, np.maximum.reduceat(top, starts), 1)
    absent = np.add.reduceat(np.log1p(-np.minimum(top / mass, 1 - _LEAST)), starts)
    unsure = (mass < _SURE_MASS) | np.repeat(peaks < _SURE_PEAK, lengths)
    spaces = np.flatnonzero((best == classes.space) & (top > _SURE_SPACE))
    return _Line(
        probabilities,
        starts[shown].tolist(),
        (starts + (lengths - 1) // 2)[shown].tolist(),
        best[starts][shown].tolist(),
        _sums(_logarithms(-np.expm1(absent))[shown]),
        _sums(unsure),
        _sums(_logarithms(mass)),
        spaces.tolist(),
    )


def _segments(line: _Line) -> Iterator[tuple[int, int]]:
    """First frame and end of what lies between sure spaces."""
    start = 0
    for cut in (*line.cuts, len(line.probabilities)):
        if cut > start:
            yield start, cut
        start = cut + 1


def _pieces(
    labels: Sequence[int], frames: Sequence[int], classes: Classes
) -> Iterator[tuple[str, tuple[int, ...]]]:
    """Words between spaces: text and a frame for each of its characters."""
    text: list[str] = []
    places: list[int] = []
    for label, frame in (*zip(labels, frames, strict=True), (classes.space, -1)):
        if label != classes.space:
            text.append(classes.texts[label])
            places.extend([frame] * len(classes.texts[label]))
        elif places:
            yield "".join(text), tuple(places)
            text, places = [], []


def _best_path(line: _Line, start: int, end: int) -> _Path:
    """What the best class of each frame spells."""
    runs = slice(bisect_left(line.starts, start), bisect_left(line.starts, end))
    log_probability = line.shares[end] - line.shares[start]
    log_probability += line.presences[runs.stop] - line.presences[runs.start]
    return _Path(line.labels[runs], line.middles[runs], min(0.0, log_probability))


def _text(labels: Sequence[int], classes: Classes) -> str:
    return "".join(classes.texts[label] for label in labels)


def _candidate(labels: Sequence[int], log_probability: float, classes: Classes) -> Candidate:
    return Candidate(_text(labels, classes), log_probability, tuple(labels))


def _searched(
    line: _Line, path: _Path, start: int, end: int, classes: Classes, dictionary: Dictionary
) -> _Path:
    """The reading of an unsure segment that network and dictionary together prefer."""
    probabilities = line.probabilities[start:end]
    found = readings(probabilities, classes.null)
    told = {reading.labels: reading.log_probability for reading in found}
    own = told.get(tuple(path.labels), min(path.log_probability, found[-1].log_probability))
    others = [_candidate(r.labels, r.log_probability, classes) for r in found]
    chosen = choose(_candidate(path.labels, own, classes), others, dictionary)
    if chosen.labels == tuple(path.labels):
        return _Path(path.labels, path.frames, own)
    frames = frames_of(chosen.labels, probabilities)
    return _Path(chosen.labels, [start + frame for frame in frames], chosen.log_probability)


def _words(
    line: _Line, start: int, end: int, classes: Classes, dictionary: Dictionary
) -> Iterator[ReadWord]:
    path = _best_path(line, start, end)
    unsure = line.doubts[end] > line.doubts[start]
    if unsure and not knows_all(_text(path.labels, classes), dictionary):
        path = _searched(line, path, start, end, classes, dictionary)
    for text, places in _pieces(path.labels, path.frames, classes):
        known = dictionary.knows(text)
        yield ReadWord(text, places[0], places[-1], places, path.log_probability, known)


def _in_sentence(
    word: ReadWord, before: str, line: _Line, classes: Classes, dictionary: Dictionary
) -> ReadWord:
    """The word, its I made the l that the network nearly saw; `before` is the word before it."""
    if word.text[0] != "I" or not begins_small(word.text, before, dictionary):
        return word
    seen = line.probabilities[word.first, classes.texts.index("l")]
    if seen < _NEARLY * line.probabilities[word.first, classes.texts.index("I")]:
        return word
    return replace(word, text=f"l{word.text[1:]}", known=True)


def decode(
    probabilities: Probabilities, classes: Classes, dictionary: Dictionary
) -> tuple[ReadWord, ...]:
    """The words of one line, left to right, from its T x C probabilities (rows add up to 1)."""
    if not len(probabilities):
        return ()
    line = _line(probabilities, classes)
    words = [
        word
        for start, end in _segments(line)
        for word in _words(line, start, end, classes, dictionary)
    ]
    before = ("", *(word.text for word in words))
    pairs = zip(words, before, strict=False)
    return tuple(_in_sentence(word, text, line, classes, dictionary) for word, text in pairs)

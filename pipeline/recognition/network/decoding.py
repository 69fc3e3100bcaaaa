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
_MOST_FRAMES = 8000


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
class _Lines:
    """What words are cut from, of several lines end to end: numpy takes as long for one as for ten.

    All but the probabilities are lists, which slice fastest. A run is a stretch of frames with one
    best class, other than the blank. `doubts`, `shares` and `presences` are sums from the start:
    of unsure frames, and of logarithms of the best path's share of each frame and of each run's
    being there at all.
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


def _neighbour_mass(
    probabilities: Probabilities, best: _Frames, null: int, lengths: _Frames
) -> Probabilities:
    """Of each frame: blank and the labels before and after it in its line, together."""
    frames = np.arange(len(best))
    ends = np.repeat(np.cumsum(lengths), lengths)
    shown = best != null
    before = np.maximum.accumulate(np.where(shown, frames, -1))
    after = np.minimum.accumulate(np.where(shown, frames, len(best))[::-1])[::-1]
    padded = np.append(best, null)  # -1 and T are both the blank
    left = padded[np.where(before < ends - np.repeat(lengths, lengths), -1, before)]
    right = padded[np.where(after < ends, after, -1)]
    mass = probabilities[:, null].copy()
    mass += np.where(left != null, probabilities[frames, left], 0)
    mass += np.where((right != null) & (right != left), probabilities[frames, right], 0)
    return mass


def _joined(lines: Sequence[Probabilities], classes: Classes) -> _Lines:
    lengths = np.array([len(line) for line in lines if len(line)])
    probabilities = np.concatenate(lines)
    best = probabilities.argmax(axis=1)
    top = probabilities[np.arange(len(best)), best]
    mass = _neighbour_mass(probabilities, best, classes.null, lengths)
    changes = np.concatenate([[True], best[1:] != best[:-1]])
    changes[np.cumsum(lengths[:-1])] = True
    starts = np.flatnonzero(changes)
    runs = np.diff(np.append(starts, len(best)))
    shown = best[starts] != classes.null
    peaks = np.where(shown, np.maximum.reduceat(top, starts), 1)
    absent = np.add.reduceat(np.log1p(-np.minimum(top / mass, 1 - _LEAST)), starts)
    unsure = (mass < _SURE_MASS) | np.repeat(peaks < _SURE_PEAK, runs)
    spaces = np.flatnonzero((best == classes.space) & (top > _SURE_SPACE))
    return _Lines(
        probabilities,
        starts[shown].tolist(),
        (starts + (runs - 1) // 2)[shown].tolist(),
        best[starts][shown].tolist(),
        _sums(_logarithms(-np.expm1(absent))[shown]),
        _sums(unsure),
        _sums(_logarithms(mass)),
        spaces.tolist(),
    )


def _segments(lines: _Lines, start: int, end: int) -> Iterator[tuple[int, int]]:
    """First frame and end of what lies between sure spaces, from one frame to another."""
    cuts = lines.cuts[bisect_left(lines.cuts, start) : bisect_left(lines.cuts, end)]
    for cut in (*cuts, end):
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


def _best_path(lines: _Lines, start: int, end: int) -> _Path:
    """What the best class of each frame spells."""
    runs = slice(bisect_left(lines.starts, start), bisect_left(lines.starts, end))
    log_probability = lines.shares[end] - lines.shares[start]
    log_probability += lines.presences[runs.stop] - lines.presences[runs.start]
    return _Path(lines.labels[runs], lines.middles[runs], min(0.0, log_probability))


def _text(labels: Sequence[int], classes: Classes) -> str:
    return "".join(classes.texts[label] for label in labels)


def _candidate(labels: Sequence[int], log_probability: float, classes: Classes) -> Candidate:
    return Candidate(_text(labels, classes), log_probability, tuple(labels))


def _searched(
    lines: _Lines, path: _Path, start: int, end: int, classes: Classes, dictionary: Dictionary
) -> _Path:
    """The reading of an unsure segment that network and dictionary together prefer."""
    probabilities = lines.probabilities[start:end]
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
    lines: _Lines, start: int, end: int, classes: Classes, dictionary: Dictionary
) -> Iterator[tuple[str, tuple[int, ...], float]]:
    """Text, frames and logarithm of the probability of each word of a segment."""
    path = _best_path(lines, start, end)
    unsure = lines.doubts[end] > lines.doubts[start]
    if unsure and not knows_all(_text(path.labels, classes), dictionary):
        path = _searched(lines, path, start, end, classes, dictionary)
    for text, places in _pieces(path.labels, path.frames, classes):
        yield text, places, path.log_probability


def _in_sentence(
    word: ReadWord, before: str, line: Probabilities, classes: Classes, dictionary: Dictionary
) -> ReadWord:
    """The word, its I made the l that the network nearly saw; `before` is the word before it."""
    if word.text[0] != "I" or not begins_small(word.text, before, dictionary):
        return word
    seen = line[word.first, classes.texts.index("l")]
    if seen < _NEARLY * line[word.first, classes.texts.index("I")]:
        return word
    return replace(word, text=f"l{word.text[1:]}", known=True)


def _line_words(
    lines: _Lines, start: int, end: int, classes: Classes, dictionary: Dictionary
) -> tuple[ReadWord, ...]:
    """The words of the line between two frames, in its own frames."""
    words: list[ReadWord] = []
    for segment in _segments(lines, start, end):
        for text, places, log_probability in _words(lines, *segment, classes, dictionary):
            frames = tuple(place - start for place in places)
            known = dictionary.knows(text)
            words.append(ReadWord(text, frames[0], frames[-1], frames, log_probability, known))
    before = ("", *(word.text for word in words))
    own = lines.probabilities[start:end]
    pairs = zip(words, before, strict=False)
    return tuple(_in_sentence(word, text, own, classes, dictionary) for word, text in pairs)


def _batches(lines: Sequence[Probabilities]) -> Iterator[Sequence[Probabilities]]:
    """Lines in order, together at most 8000 frames or one line."""
    first, frames = 0, 0
    for place, line in enumerate(lines):
        if place > first and frames + len(line) > _MOST_FRAMES:
            yield lines[first:place]
            first, frames = place, 0
        frames += len(line)
    if first < len(lines):
        yield lines[first:]


def decode_lines(
    lines: Sequence[Probabilities], classes: Classes, dictionary: Dictionary
) -> tuple[tuple[ReadWord, ...], ...]:
    """The words of each line, left to right, from its T x C probabilities (rows add up to 1)."""
    found: list[tuple[ReadWord, ...]] = []
    for batch in _batches(lines):
        if not any(len(line) for line in batch):
            found += [()] * len(batch)
            continue
        joined, end = _joined(batch, classes), 0
        for line in batch:
            start, end = end, end + len(line)
            found.append(_line_words(joined, start, end, classes, dictionary))
    return tuple(found)


def decode(
    probabilities: Probabilities, classes: Classes, dictionary: Dictionary
) -> tuple[ReadWord, ...]:
    """The words of one line."""
    return decode_lines((probabilities,), classes, dictionary)[0]

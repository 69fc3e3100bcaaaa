"""Persons, organisations, places, dates and numbers that a trained model finds in a text.

A word's rows in four tables, an LSTM in both directions and a linear chain of tags: 25 lines of
NumPy, so that no runtime for networks has to be loaded. `pipeline.training.entities` makes it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from pipeline.metadata.entities.entity_words import Lexicon, WordNumbers, word_numbers, word_places

Floats: TypeAlias = NDArray[np.float32]
WEIGHTS = Path(__file__).parent.parent / "model" / "entities.npz"
TOGETHER = 32  # segments computed at once
OUTSIDE = "O"
LEAST = 1e-30


@dataclass(frozen=True, slots=True)
class Direction:
    """An LSTM's weights one way: of the input, of its own last output, and the bias (i f g o)."""

    given: Floats
    own: Floats
    bias: Floats


@dataclass(frozen=True, slots=True)
class EntityModel:
    """Weights and tags ("O", "B-", "I-", "E-", "S-" and a label), the lexicon beside them."""

    tags: tuple[str, ...]
    tables: tuple[Floats, Floats, Floats, Floats]  # words, parts of words, shapes, classes
    forwards: Direction
    backwards: Direction
    output: Floats
    bias: Floats
    after: Floats
    first: Floats
    lexicon: Lexicon

    def spans(self, texts: Sequence[str]) -> list[tuple[tuple[int, int, str, float], ...]]:
        """(start, end, label, confidence) of the entities of every folded text, in its order."""
        places = [word_places(text) for text in texts]
        order = sorted(range(len(texts)), key=lambda at: -len(places[at]))
        found: list[tuple[tuple[int, int, str, float], ...]] = [()] * len(texts)
        for low in range(0, len(order), TOGETHER):
            chosen = [at for at in order[low : low + TOGETHER] if places[at]]
            words = [[texts[at][start:end] for start, end in places[at]] for at in chosen]
            if words:
                best = self._best(self._scores(words), [len(text) for text in words])
                for at, tags, sure in zip(chosen, *best, strict=True):
                    found[at] = tuple(_spans(tags, sure, places[at], self.tags))
        return found

    def _scores(self, texts: Sequence[Sequence[str]]) -> Floats:
        """Scores (place, text, tag) of texts, the longest first."""
        numbers = [word_numbers(word) for words in texts for word in words]
        rows = self._rows(numbers)
        longest, count = len(texts[0]), len(texts)
        grid = np.zeros((longest, count, rows.shape[1]), np.float32)
        turned = np.zeros_like(grid)
        at = 0
        for column, words in enumerate(texts):
            size = len(words)
            grid[:size, column] = rows[at : at + size]
            turned[:size, column] = rows[at : at + size][::-1]
            at += size
        counts = _counts([len(words) for words in texts])
        ahead, back = _lstm(grid, self.forwards, counts), _lstm(turned, self.backwards, counts)
        for column, words in enumerate(texts):
            back[: len(words), column] = back[: len(words), column][::-1]
        hidden = np.concatenate((ahead, back), -1)
        return (hidden.reshape(-1, hidden.shape[-1]) @ self.output + self.bias).reshape(
            longest, count, -1
        )

    def _rows(self, numbers: Sequence[WordNumbers]) -> Floats:
        """What the network reads of each word."""
        words, grams, shapes, known = self.tables
        sizes = np.array([len(one.grams) for one in numbers])
        flat = np.array([gram for one in numbers for gram in one.grams])
        sums = np.add.reduceat(grams[flat], np.cumsum(sizes) - sizes)
        hashes = np.array([one.whole for one in numbers], np.uint32)
        return np.concatenate(
            (
                words[[one.word + 1 for one in numbers]],
                sums / sizes[:, None].astype(np.float32),
                shapes[[one.shape for one in numbers]],
                known[self.lexicon.classes_of(hashes)],
            ),
            axis=1,
        )

    def _best(self, scores: Floats, sizes: Sequence[int]) -> tuple[list[list[int]], list[Floats]]:
        """The best chain of tags of each text, and how likely the tag is at each of its places."""
        counts = _counts(sizes)
        best, before, likely = self.first + scores[0], [], _likely(scores, self.after, counts)
        last = best.copy()
        for place, count in enumerate(counts[1:], 1):
            paths = best[:count, :, None] + self.after
            before.append(paths.argmax(1))
            best = paths.max(1) + scores[place, :count]
            last[:count] = best
        chains, sure = [], []
        for column, size in enumerate(sizes):
            chain = [int(last[column].argmax())]
            for place in range(size - 2, -1, -1):
                chain.append(int(before[place][column, chain[-1]]))
            chains.append(chain[::-1])
            sure.append(likely[np.arange(size), column, chain[::-1]])
        return chains, sure


def _counts(sizes: Sequence[int]) -> list[int]:
    """How many texts have each place, the longest standing first."""
    return [sum(size > place for size in sizes) for place in range(sizes[0])]


def _likely(scores: Floats, after: Floats, counts: Sequence[int]) -> Floats:
    """The chance of every tag at every place (forward-backward, each place made to add up to 1)."""
    odds = np.exp(after)
    own = np.exp(scores - scores.max(-1, keepdims=True))
    ahead, back = own.copy(), np.ones_like(own)
    for place, count in enumerate(counts[1:], 1):
        ahead[place, :count] *= _share(ahead[place - 1, :count]) @ odds
    for place in range(len(counts) - 1, 0, -1):
        count = counts[place]
        back[place - 1, :count] = _share(back[place, :count] * own[place, :count]) @ odds.T
    return _share(ahead * back)


def _share(rows: Floats) -> Floats:
    shares: Floats = rows / np.maximum(rows.sum(-1, keepdims=True), LEAST)
    return shares


def _lstm(grid: Floats, way: Direction, counts: Sequence[int]) -> Floats:
    """Outputs (place, text, cell) of an LSTM over (place, text, feature), the longest first."""
    longest, many, width = grid.shape
    cells = len(way.own)
    given = (grid.reshape(-1, width) @ way.given + way.bias).reshape(longest, many, -1)
    out = np.zeros((longest, many, cells), np.float32)
    last, memory = out[0], np.zeros((many, cells), np.float32)
    for place, count in enumerate(counts):
        gates = given[place, :count] + last[:count] @ way.own
        new = np.tanh(gates[:, 2 * cells : 3 * cells])
        gates = 1 / (1 + np.exp(-gates))
        memory = gates[:, cells : 2 * cells] * memory[:count] + gates[:, :cells] * new
        last = gates[:, 3 * cells :] * np.tanh(memory)
        out[place, :count] = last
    return out


def tag_names(labels: Sequence[str]) -> tuple[str, ...]:
    """Outside, and for every label: begins, goes on, ends, stands alone."""
    return (OUTSIDE, *(f"{part}-{label}" for label in labels for part in "BIES"))


def follows(tags: Sequence[str]) -> NDArray[np.bool_]:
    """Whether the second tag may come after the first; before the first place stands OUTSIDE."""
    open_ended = [tag[0] in "BI" for tag in tags]
    return np.array(
        [
            [
                one[2:] == other[2:] and other[0] in "IE" if opened else other[0] in "OBS"
                for other in tags
            ]
            for one, opened in zip(tags, open_ended, strict=True)
        ]
    )


def _spans(
    chain: Sequence[int], sure: Floats, places: Sequence[tuple[int, int]], tags: Sequence[str]
) -> Iterator[tuple[int, int, str, float]]:
    start = 0
    for at, tag in enumerate(chain):
        part = tags[tag][0]
        if part in "BS":
            start = at
        if part in "ES":
            share = float(sure[start : at + 1].mean())
            yield places[start][0], places[at][1], tags[tag][2:], round(share, 3)


def _direction(data: dict[str, NDArray[np.generic]], name: str) -> Direction:
    parts = (data[f"{name}_{part}"].astype(np.float32) for part in ("given", "own", "bias"))
    return Direction(*parts)


def read_model(path: Path) -> EntityModel:
    """The model of a file that the training wrote."""
    with np.load(path) as file:
        data = dict(file)
    floats = {name: data[name].astype(np.float32) for name in ("output", "bias", "after", "first")}
    tables = tuple(data[name].astype(np.float32) for name in ("words", "grams", "shapes", "known"))
    return EntityModel(
        tags=tuple(str(data["tags"]).split()),
        tables=tables,
        forwards=_direction(data, "forwards"),
        backwards=_direction(data, "backwards"),
        lexicon=Lexicon(data["hashes"], data["classes"]),
        **floats,
    )


@cache
def entity_model() -> EntityModel:
    """The committed model, read once a process when it is first asked for."""
    return read_model(WEIGHTS)

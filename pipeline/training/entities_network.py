"""The tagger that is trained: tables of word numbers, an LSTM in both directions, and a CRF.

`pipeline.metadata.entities.entity_model` computes the same forwards in NumPy.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

from pipeline.metadata.entities.entity_model import follows
from pipeline.metadata.entities.entity_words import GRAMS, SHAPES, WORDS, Lexicon, word_numbers

NEVER: Final = -1e4  # the logarithm of a chance that is none
LEAST: Final = 1e-30
EVERY: Final = 4  # steps after which the average is told
Tagged: TypeAlias = tuple[Sequence[str], Sequence[int]]


@dataclass(frozen=True, slots=True)
class Plan:
    """Sizes and habits of a training."""

    word: int = 64
    gram: int = 64
    shape: int = 24
    known: int = 24
    hidden: int = 128
    epochs: int = 30
    sentences: int = 32  # in a step
    rate: float = 3e-3
    drop_in: float = 0.35
    drop_out: float = 0.45
    drop_word: float = 0.15
    capitals: float = 0.22
    noisy: float = 0.35
    average: float = 0.998
    seed: int = 7


@dataclass(frozen=True, slots=True)
class Batch:
    """Sentences as numbers, longest first: (sentence, place) in all but the flat grams."""

    words: Tensor
    shapes: Tensor
    known: Tensor
    grams: Tensor
    offsets: Tensor
    lengths: Tensor
    tags: Tensor
    mask: Tensor


def batch_of(sentences: Sequence[Tagged], lexicon: Lexicon, drop_word: float) -> Batch:
    """Words and their tags as numbers; a share of the words loses its number as a whole word."""
    rows = sorted(sentences, key=lambda row: -len(row[0]))
    longest = len(rows[0][0])
    numbers = [[word_numbers(word) for word in words] for words, _ in rows]
    pad = word_numbers(" ")
    grid = [row + [pad] * (longest - len(row)) for row in numbers]
    words = torch.tensor([[one.word + 1 for one in row] for row in grid])
    if drop_word:
        words = words.masked_fill(torch.rand(words.shape) < drop_word, 0)
    hashes = np.array([[one.whole for one in row] for row in grid], np.uint32)
    sizes = [len(one.grams) for row in grid for one in row]
    lengths = torch.tensor([len(row) for row in numbers])
    return Batch(
        words,
        torch.tensor([[one.shape for one in row] for row in grid]),
        torch.from_numpy(lexicon.classes_of(hashes)),
        torch.tensor([gram for row in grid for one in row for gram in one.grams]),
        torch.tensor([0, *np.cumsum(sizes)[:-1].tolist()]),
        lengths,
        torch.tensor([list(tags) + [0] * (longest - len(tags)) for _, tags in rows]),
        torch.arange(longest)[None, :] < lengths[:, None],
    )


class Tagger(nn.Module):  # type: ignore[misc] # torch is not there where types are checked
    """Scores of every tag at every place, and of every tag after every other."""

    def __init__(self, plan: Plan, classes: int, names: Sequence[str]) -> None:
        super().__init__()
        tags, allowed = len(names), torch.from_numpy(follows(names))
        self.words = nn.Embedding(WORDS + 1, plan.word)
        self.grams = nn.EmbeddingBag(GRAMS, plan.gram, mode="mean")
        self.shapes = nn.Embedding(SHAPES, plan.shape)
        self.known = nn.Embedding(classes, plan.known)
        for table, size in ((self.words, 0.3), (self.grams, 0.3), (self.shapes, 0.5)):
            nn.init.normal_(table.weight, std=size)
        width = plan.word + plan.gram + plan.shape + plan.known
        self.lstm = nn.LSTM(width, plan.hidden, batch_first=True, bidirectional=True)
        self.output = nn.Linear(2 * plan.hidden, tags)
        self.after = nn.Parameter(torch.zeros(tags, tags))
        self.drops = (plan.drop_in, plan.drop_out)
        self.register_buffer("never", torch.where(allowed, 0.0, NEVER))
        self.register_buffer("never_first", torch.where(allowed[0], 0.0, NEVER))

    def forward(self, batch: Batch) -> Tensor:
        """Scores (sentence, place, tag)."""
        count, longest = batch.words.shape
        parts = (
            self.words(batch.words),
            self.grams(batch.grams, batch.offsets).view(count, longest, -1),
            self.shapes(batch.shapes),
            self.known(batch.known),
        )
        given = self._dropped(torch.cat(parts, -1), self.drops[0])
        packed = pack_padded_sequence(given, batch.lengths, batch_first=True)
        hidden, _ = pad_packed_sequence(self.lstm(packed)[0], batch_first=True)
        scores: Tensor = self.output(self._dropped(hidden, self.drops[1]))
        return scores

    def _dropped(self, grid: Tensor, share: float) -> Tensor:
        """A share of the features of each sentence set to 0, the same at all its places."""
        if not self.training:
            return grid
        kept = torch.rand(len(grid), 1, grid.shape[2]) >= share
        return grid * (kept / (1 - share))

    def loss(self, batch: Batch) -> Tensor:
        """Mean negative log likelihood of the sentences' tags."""
        scores = self(batch)
        after = self.after + self.never
        mask = batch.mask
        tags = batch.tags
        right = scores.gather(2, tags[:, :, None])[:, :, 0]
        steps = after[tags[:, :-1], tags[:, 1:]]
        gold = (right * mask).sum(1) + (steps * mask[:, 1:]).sum(1)
        columns, odds = scores.unbind(1), after.exp()
        alpha = columns[0] + self.never_first
        for column, count in zip(columns[1:], mask.sum(0).tolist()[1:], strict=True):
            last = alpha[:count]
            most = last.detach().amax(1, keepdim=True)
            ways = ((last - most).exp() @ odds).clamp_min(LEAST)
            step = ways.log() + most + column[:count]
            alpha = torch.cat((step, alpha[count:]))  # the longest stand first
        return (torch.logsumexp(alpha, 1) - gold).mean()


class Average:
    """A moving average of a network's weights, which does better than any moment of them."""

    def __init__(self, net: Tagger, keep: float) -> None:
        self.state = {name: rows.detach().clone() for name, rows in net.state_dict().items()}
        self.keep = keep

    def take(self, net: Tagger, step: int) -> None:
        """Take the weights of every few steps in."""
        if step % EVERY == 0:
            keep = min(self.keep**EVERY, (step + 1) / (step + 10 * EVERY))
            for name, rows in net.state_dict().items():
                self.state[name].lerp_(rows.detach(), 1 - keep)


def weights(state: dict[str, Tensor]) -> dict[str, NDArray[np.float32]]:
    """Weights under the names and in the layout of `pipeline.metadata.entities.entity_model`."""
    tables = {name: state[f"{name}.weight"] for name in ("words", "grams", "shapes", "known")}
    ways = {}
    for way, tail in (("forwards", ""), ("backwards", "_reverse")):
        ways[f"{way}_given"] = state[f"lstm.weight_ih_l0{tail}"].T
        ways[f"{way}_own"] = state[f"lstm.weight_hh_l0{tail}"].T
        ways[f"{way}_bias"] = state[f"lstm.bias_ih_l0{tail}"] + state[f"lstm.bias_hh_l0{tail}"]
    last = {
        "output": state["output.weight"].T,
        "bias": state["output.bias"],
        "after": state["after"] + state["never"],
        "first": state["never_first"],
    }
    return {name: rows.numpy().copy() for name, rows in {**tables, **ways, **last}.items()}


def state_of(arrays: Mapping[str, NDArray[np.generic]]) -> dict[str, Tensor]:
    """The network's state from what `weights` gave; of the two biases of the LSTM one is 0."""

    def rows(name: str) -> Tensor:
        return torch.from_numpy(arrays[name].astype(np.float32))

    state = {f"{name}.weight": rows(name) for name in ("words", "grams", "shapes", "known")}
    for way, tail in (("forwards", ""), ("backwards", "_reverse")):
        state[f"lstm.weight_ih_l0{tail}"] = rows(f"{way}_given").T
        state[f"lstm.weight_hh_l0{tail}"] = rows(f"{way}_own").T
        state[f"lstm.bias_ih_l0{tail}"] = rows(f"{way}_bias")
        state[f"lstm.bias_hh_l0{tail}"] = torch.zeros_like(rows(f"{way}_bias"))
    after, first = rows("after"), rows("first")
    never = torch.where(after < NEVER / 2, NEVER, 0.0)
    state |= {"output.weight": rows("output").T, "output.bias": rows("bias")}
    return state | {"after": after - never, "never": never, "never_first": first}

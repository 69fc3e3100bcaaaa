"""How likely a word is right: both engines' own measures brought to one scale.

The weights are logistic regressions on pages whose truth is known; docs/reading.md tells which, and
how well a share p of the words said to be right with p is right.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from math import exp, log1p

from pipeline.recognition.network.decoding import ReadWord
from schemas.text import Block, Line, Word

_LONGEST = 10
_STEEP = 10.0
_LEAST_LOG, _LEAST_LINE_LOG = -30.0, -5.0


@dataclass(frozen=True, slots=True)
class _Weights:
    bias: float
    doubt: float
    known: float
    line_doubt: float
    length: float

    def chance(self, doubt: float, line_doubt: float, known: bool, letters: int) -> float:
        score = self.bias + self.doubt * doubt + self.known * known
        score += self.line_doubt * line_doubt + self.length * min(letters, _LONGEST) / _LONGEST
        return 1 / (1 + exp(-score))


_NETWORK = _Weights(3.258, -2.612, 1.702, -1.729, 0.452)
_TESSERACT = _Weights(4.371, -2.470, 1.656, -1.369, 0.742)


def of_network(words: Sequence[ReadWord]) -> tuple[float, ...]:
    """0-1 for each word of one line, as our decoder read it."""
    letters = sum(len(word.text) for word in words) or 1
    logs = tuple(max(_LEAST_LOG, word.log_probability) for word in words)
    line = max(_LEAST_LINE_LOG, sum(logs) / letters)
    return tuple(
        _NETWORK.chance(log1p(-log), log1p(-_STEEP * line), word.known, len(word.text))
        for log, word in zip(logs, words, strict=True)
    )


def _any_word(_: str) -> bool:
    return True


def of_tesseract(
    words: Sequence[Word], knows: Callable[[str], bool] = _any_word
) -> tuple[float, ...]:
    """0-1 for each word of one line, as Tesseract read it; too good without a dictionary."""
    letters = sum(len(word.text) for word in words) or 1
    line = sum(word.confidence * len(word.text) for word in words) / letters
    doubt = log1p(_STEEP * max(0.0, 1 - line))
    return tuple(
        _TESSERACT.chance(
            log1p(_STEEP * max(0.0, 1 - word.confidence)), doubt, knows(word.text), len(word.text)
        )
        for word in words
    )


def calibrated(
    blocks: Iterable[Block], knows: Callable[[str], bool] = _any_word
) -> tuple[Block, ...]:
    """Tesseract's blocks with these confidences."""

    def line(read: Line) -> Line:
        chances = of_tesseract(read.words, knows)
        pairs = zip(read.words, chances, strict=True)
        return Line(tuple(replace(word, confidence=chance) for word, chance in pairs))

    return tuple(Block(tuple(line(one) for one in block.lines)) for block in blocks)

"""Lines and words by the network: from a layout to words with boxes and chances."""

from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.imaging.raster import Pixels
from pipeline.recognition import confidence
from pipeline.recognition.layout import TextLine, cut, word_boxes
from pipeline.recognition.network.decoding import ReadWord, decode_lines
from pipeline.recognition.network.model import Model
from pipeline.recognition.network.strips import strip_of
from schemas.text import Block, Line, Word

_PAD = 4
_BEFORE, _AFTER = 0.5, 1.5


@dataclass(frozen=True, slots=True)
class ReadLine:
    """A line as read: its words on the page; `elsewhere`: it is part of another block's text."""

    line: TextLine
    words: tuple[Word, ...]
    elsewhere: bool = False

    @property
    def chance(self) -> float:
        """That a letter's word is right; 0 for a line without words."""
        return chance_of(self.words)


def chance_of(words: Sequence[Word]) -> float:
    """Mean confidence, weighted by letters; 0 without words."""
    letters = sum(len(word.text) for word in words)
    return sum(word.confidence * len(word.text) for word in words) / letters if letters else 0.0


def worth(words: Sequence[Word]) -> float:
    """Letters that are probably right less those that are probably wrong."""
    return sum((2 * word.confidence - 1) * len(word.text) for word in words)


def _spans(
    line: TextLine, wide: int, frames: int, words: Sequence[ReadWord]
) -> tuple[tuple[float, float], ...]:
    """Left and right of each word on the page, from its frames."""
    step = wide / max(1, frames)
    left = line.box.x - _PAD
    return tuple(
        (left + (word.first - _BEFORE) * step, left + (word.last + _AFTER) * step) for word in words
    )


def read_lines(reading: Pixels, lines: Sequence[TextLine], model: Model) -> tuple[ReadLine, ...]:
    """The words of each line, boxes on the page, confidences calibrated."""
    crops = tuple(cut(reading, line, _PAD) for line in lines)
    read = model.probabilities(tuple(strip_of(crop) for crop in crops))
    decoded = decode_lines(read, model.classes, model.dictionary)

    def one(line: TextLine, wide: int, number: int) -> ReadLine:
        found = decoded[number]
        boxes = word_boxes(line, _spans(line, wide, len(read[number]), found))
        chances = confidence.of_network(found)
        words = (Word(w.text, b, c) for w, b, c in zip(found, boxes, chances, strict=True))
        return ReadLine(line, tuple(words))

    pairs = enumerate(zip(lines, crops, strict=True))
    return tuple(one(line, crop.shape[1], number) for number, (line, crop) in pairs)


def texts_of(crops: Sequence[Pixels], model: Model) -> tuple[str, ...]:
    """The text alone of each line's crop."""
    read = model.probabilities(tuple(strip_of(crop) for crop in crops))
    found = decode_lines(read, model.classes, model.dictionary)
    return tuple(" ".join(word.text for word in words) for words in found)


def as_block(lines: Sequence[ReadLine]) -> Block:
    """A block of those lines that have words."""
    return Block(tuple(Line(line.words) for line in lines if line.words))

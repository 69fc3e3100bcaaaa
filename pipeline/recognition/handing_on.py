"""What our engine is unsure of goes to Tesseract, and the likelier reading stays."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np

from pipeline.imaging.raster import Pixels
from pipeline.recognition import confidence
from pipeline.recognition.layout import TextLine, lay_out
from pipeline.recognition.layout.model import no_edges
from pipeline.recognition.lines import ReadLine, chance_of, read_lines, worth
from pipeline.recognition.network.model import Model
from pipeline.recognition.tesserocr_engine import TesserocrEngine
from schemas.geometry import Box, union
from schemas.text import Block, Line, Word

_DOUBTFUL = 0.3
_MOST_LINES = 2
_MOST_RESTS = 6
_LEAST_REST = 0.6
_LEAST_LETTERS = 3
_LEAST_SURE, _SURE = 4, 0.7
_MARGIN = 6
_UPRIGHT = 2.5
_LEAST_STACKED = 5
_WIDE = 1.6
_TALL = 3.0
_TURNS = (cv2.ROTATE_90_CLOCKWISE, cv2.ROTATE_90_COUNTERCLOCKWISE)


@dataclass(frozen=True, slots=True)
class Sheet:
    """What is read: a prepared page, its resolution and language, and who reads it.

    `letter` is the typical height of its letters in pixels.
    """

    reading: Pixels
    dpi: int
    language: str
    model: Model
    tesseract: TesserocrEngine
    letter: float = 0.0

    def is_line(self, box: Box) -> bool:
        """Whether a place is no higher than a line of text."""
        return box.h <= _TALL * self.letter


def _around(box: Box, shape: tuple[int, ...]) -> Box:
    """The box with a margin, inside the page."""
    left, top = max(0, box.x - _MARGIN), max(0, box.y - _MARGIN)
    right, bottom = min(shape[1], box.x + box.w + _MARGIN), min(shape[0], box.y + box.h + _MARGIN)
    return Box(left, top, right - left, bottom - top)


def _crop(sheet: Sheet, area: Box) -> Pixels:
    return sheet.reading[area.y : area.y + area.h, area.x : area.x + area.w]


def _moved(words: Iterable[Word], area: Box) -> tuple[Word, ...]:
    """Words of a crop on the page."""
    return tuple(
        replace(w, box=Box(w.box.x + area.x, w.box.y + area.y, w.box.w, w.box.h)) for w in words
    )


def _by_tesseract(sheet: Sheet, box: Box) -> tuple[Word, ...]:
    area = _around(box, sheet.reading.shape)
    words = sheet.tesseract.read_line(_crop(sheet, area), sheet.dpi, sheet.language)
    chances = confidence.of_tesseract(words, sheet.model.dictionary.knows)
    return _moved((replace(w, confidence=c) for w, c in zip(words, chances, strict=True)), area)


def _letters(words: Iterable[Word]) -> int:
    return sum(character.isalnum() for word in words for character in word.text)


def _has_sure_word(words: Iterable[Word]) -> bool:
    return any(_letters((w,)) >= _LEAST_SURE and w.confidence >= _SURE for w in words)


def _likelier(sheet: Sheet, read: ReadLine) -> ReadLine:
    """The reading of more worth; hardly anything is none where ours has a word that is surely there."""
    theirs = _by_tesseract(sheet, read.line.box)
    if worth(theirs) <= worth(read.words):
        return read
    gave_up = _letters(theirs) < _LEAST_LETTERS and _has_sure_word(read.words)
    return read if gave_up else replace(read, words=theirs)


def doubtful_lines(sheet: Sheet, lines: tuple[ReadLine, ...]) -> tuple[tuple[ReadLine, ...], int]:
    """The lines, the worst of them read by Tesseract too; and how many these were."""
    doubtful = (
        number
        for number, read in enumerate(lines)
        if read.chance < _DOUBTFUL and not read.elsewhere and sheet.is_line(read.line.box)
    )
    worst = frozenset(sorted(doubtful, key=lambda number: lines[number].chance)[:_MOST_LINES])
    seen = (_likelier(sheet, line) if n in worst else line for n, line in enumerate(lines))
    return tuple(seen), len(worst)


def _turned_back(word: Word, turn: int, area: Box) -> Word:
    """A word of a crop that was turned for reading, in the crop's own pixels."""
    box = word.box
    if turn == cv2.ROTATE_90_CLOCKWISE:
        return replace(word, box=Box(box.y, area.h - box.x - box.w, box.h, box.w))
    return replace(word, box=Box(area.w - box.y - box.h, box.x, box.h, box.w))


def _upright(sheet: Sheet, area: Box, turn: int) -> tuple[tuple[Word, ...], ...]:
    """Lines of text that runs up or down the page."""
    crop = np.asarray(cv2.rotate(_crop(sheet, area), turn), dtype=np.uint8)
    read = read_lines(crop, lay_out(crop, sheet.dpi).lines, sheet.model)
    return tuple(
        _moved((_turned_back(word, turn, area) for word in line.words), area) for line in read
    )


def _reads(words: Sequence[Word]) -> bool:
    return _letters(words) >= _LEAST_LETTERS and chance_of(words) >= _LEAST_REST


def _as_line(sheet: Sheet, box: Box) -> tuple[Word, ...]:
    line = TextLine(box, box.y + box.h, 0.0, box.h / 2, no_edges(), box.h, 0.0)
    return read_lines(sheet.reading, (line,), sheet.model)[0].words


def _rest(sheet: Sheet, box: Box) -> Block | None:
    """What is written where no line was found; None where nothing can be read."""
    area = _around(box, sheet.reading.shape)
    if box.h > _UPRIGHT * box.w and box.w > sheet.letter:
        turned = (_upright(sheet, area, turn) for turn in _TURNS)
        found = next((lines for lines in turned if _worth_of_all(lines) > 0), ())
    elif sheet.is_line(box):
        found = (_as_line(sheet, box),)
    else:
        return None
    lines = tuple(Line(words) for words in found if _reads(words))
    return Block(lines) if lines else None


def _stacks(boxes: Sequence[Box]) -> tuple[tuple[Box, ...], ...]:
    """Boxes as narrow as one letter that touch each other one below the other, five or more."""
    stacks: list[list[Box]] = []
    for box in sorted((box for box in boxes if box.w < _WIDE * box.h), key=lambda box: box.y):
        for stack in stacks:
            last = stack[-1]
            beside = min(box.x + box.w, last.x + last.w) - max(box.x, last.x)
            if beside > min(box.w, last.w) // 2 and box.y - last.y - last.h < box.w // 2:
                stack.append(box)
                break
        else:
            stacks.append([box])
    return tuple(tuple(stack) for stack in stacks if len(stack) >= _LEAST_STACKED)


def upright_text(
    sheet: Sheet, lines: tuple[ReadLine, ...]
) -> tuple[tuple[ReadLine, ...], tuple[Block, ...]]:
    """The lines without text that runs up or down the page, and its blocks.

    Its letters are found one below the other, each a line by itself.
    """
    blocks: list[Block] = []
    gone: set[Box] = set()
    for stack in _stacks([read.line.box for read in lines]):
        block = _rest(sheet, union(stack))
        old = [w for read in lines if read.line.box in stack for w in read.words]
        if block and _worth_of_all([line.words for line in block.lines]) > worth(old):
            blocks.append(block)
            gone.update(stack)
    kept = (replace(n, words=(), elsewhere=True) if n.line.box in gone else n for n in lines)
    return tuple(kept), tuple(blocks)


def _worth_of_all(lines: Sequence[Sequence[Word]]) -> float:
    return sum(worth(line) for line in lines if _reads(line))


def left_over(sheet: Sheet, boxes: Sequence[Box]) -> tuple[tuple[Block, ...], tuple[Box, ...]]:
    """Blocks read where no line was found, and the places that stay unread."""
    largest = sorted(boxes, key=lambda box: -box.area)
    read = {box: _rest(sheet, box) for box in largest[:_MOST_RESTS]}
    blocks = tuple(block for block in read.values() if block)
    return blocks, tuple(box for box in boxes if not read.get(box))

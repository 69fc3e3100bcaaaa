"""Whether a PDF's own words can be believed, and whether reading its image says more."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from pipeline.recognition import engine
from pipeline.recognition.opis_engine import OpisEngine
from schemas.geometry import Affine, Box, Size
from schemas.pdftext import OwnText
from schemas.settings import Settings
from schemas.text import Block, Line, PageText, Word

_LEAST_WORDS = 10
_WORDS = re.compile(r"(?<![^\W_])[^\W\d_]{3,}(?![^\W_])")
_DOUBTFUL_KNOWN, _DOUBTFUL_UNMAPPED, _HOPELESS = 0.8, 0.05, 0.2
_BETTER = 0.05
_FEWER = 0.8
_COVERED = 0.3
_READABLE = 0.5
Knows = Callable[[str], bool]


@dataclass(frozen=True, slots=True)
class Believed:
    """How far a text looks like its language: share of known words (None: too few to tell)."""

    known: float | None
    letters: int


def word_list(settings: Settings, language: str) -> Knows | None:
    """Asks the recognition model's own dictionary; None where the engine set has none."""
    reader = engine(settings.engine, settings)
    model = reader.model(language) if isinstance(reader, OpisEngine) else None
    return model.dictionary.knows if model is not None and len(model.dictionary) else None


def believed(words: Sequence[Word], knows: Knows | None) -> Believed:
    """The share of a word list's words among those of three letters and more without digits."""
    counted = [t for word in words for t in _WORDS.findall(word.text)]
    letters = sum(len(word.text) for word in words)
    if knows is None or len(counted) < _LEAST_WORDS:
        return Believed(None, letters)
    return Believed(sum(map(knows, counted)) / len(counted), letters)


def is_doubtful(own: OwnText, mine: Believed) -> bool:
    """Whether a page's own words have to be compared with what is read on its image."""
    if own.unmapped > _DOUBTFUL_UNMAPPED or not mine.letters:
        return True
    return mine.known is not None and mine.known < _DOUBTFUL_KNOWN


def reads_better(read: Believed, own: OwnText, mine: Believed) -> bool:
    """Whether what was read on the image is more of a language than the page's own words are."""
    if not mine.letters or own.unmapped > _HOPELESS:
        return read.letters > 0
    if read.known is None or mine.known is None:
        return False
    return read.known > mine.known + _BETTER and read.letters >= _FEWER * mine.letters


def hidden_is_better(read: PageText, ours: Believed, theirs: Believed) -> bool:
    """Whether another program's hidden text is to be kept: it knows more words, and no fewer.

    Where ours is sure of itself ours stays.
    """
    if theirs.known is None or theirs.letters < _FEWER * ours.letters:
        return False
    sure = max(ours.known or 0.0, read.confidence if ours.known is None else 0.0)
    return theirs.known > sure + _BETTER


def with_confidence(blocks: Sequence[Block], share: float) -> tuple[Block, ...]:
    """The blocks with no word surer than that share."""
    return tuple(
        Block(
            tuple(
                Line(tuple(replace(w, confidence=min(w.confidence, share)) for w in line.words))
                for line in block.lines
            )
        )
        for block in blocks
    )


def moved(blocks: Sequence[Block], transform: Affine, size: Size) -> tuple[Block, ...]:
    """Words of the delivered image on the page image; those that are off it are left out."""
    page = Box(0, 0, size.width, size.height)

    def word(one: Word) -> Word | None:
        box = transform.box(one.box)
        left, top = max(0, box.x), max(0, box.y)
        wide = min(box.x + box.w, size.width) - left
        high = min(box.y + box.h, size.height) - top
        inside = 2 * box.overlap(page) >= box.area and wide > 0 and high > 0
        return replace(one, box=Box(left, top, wide, high)) if inside else None

    return _mapped(blocks, word)


def in_pictures(
    read: Sequence[Block], own: Sequence[Block], pictures: Sequence[Box]
) -> tuple[Block, ...]:
    """What was read upon the page's images and is not among its own words."""
    known = [word.box for block in own for line in block.lines for word in line.words]

    def word(one: Word) -> Word | None:
        there = any(2 * one.box.overlap(box) > one.box.area for box in pictures)
        doubled = any(one.box.overlap(box) > _COVERED * one.box.area for box in known)
        return one if there and not doubled and one.confidence >= _READABLE else None

    return _mapped(read, word)


def _mapped(blocks: Sequence[Block], word: Callable[[Word], Word | None]) -> tuple[Block, ...]:
    """Blocks of the words that a function gives; what is left empty goes."""
    kept = []
    for block in blocks:
        lines = (tuple(w for w in map(word, line.words) if w) for line in block.lines)
        lines_left = tuple(Line(words) for words in lines if words)
        if lines_left:
            kept.append(Block(lines_left))
    return tuple(kept)

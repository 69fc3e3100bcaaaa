"""Words as they may be kept: Romanian comma letters, no control characters, no marks of frames."""

import unicodedata
from collections.abc import Iterable, Iterator
from statistics import median

from schemas.geometry import Box
from schemas.text import Block, Line, Word

_COMMA_BELOW = str.maketrans("şţŞŢ", "șțȘȚ")
_DROPPED = frozenset(("Cc", "Cf", "Cs", "Co", "Cn", "Zs", "Zl", "Zp"))
_RULES = frozenset("|¦‖_—–―-=~!lI[](){}/\\.,:;'`‘’\"“”„«»•·*")
_FRAMES = frozenset("|¦‖_")
_UNSURE = 0.5
_TALL = 2.2
_THIN = 5


def clean_text(text: str) -> str:
    """NFC with comma-below ș/ț; without control, format, private and white-space characters."""
    if text.isascii() and text.isalnum():
        return text
    composed = unicodedata.normalize("NFC", text).translate(_COMMA_BELOW)
    kept = "".join(c for c in composed if unicodedata.category(c) not in _DROPPED)
    return unicodedata.normalize("NFC", kept)


def _is_rule(box: Box, letter_height: float) -> bool:
    """The shape of a ruled line: far taller or longer than it is thick."""
    upright = box.h > _TALL * letter_height and box.h > _THIN * box.w
    level = box.w > 2 * _THIN * box.h and box.h < 0.4 * letter_height
    return upright or level


def _is_stray(word: Word, letter_height: float) -> bool:
    marks = set(word.text)
    if not marks <= _RULES:
        return False
    if marks <= _FRAMES:
        return word.confidence < _UNSURE or _is_rule(word.box, letter_height) or marks != {"_"}
    return word.confidence < _UNSURE / 2 or _is_rule(word.box, letter_height)


def _clean(word: Word) -> Word:
    confidence = min(1.0, max(0.0, word.confidence))
    return Word(clean_text(word.text), word.box, confidence)


def _lines(lines: Iterable[Line], letter_height: float) -> Iterator[Line]:
    for line in lines:
        words = (_clean(word) for word in line.words)
        kept = tuple(w for w in words if w.text and not _is_stray(w, letter_height))
        if kept:
            yield Line(kept)


def clean(blocks: Iterable[Block]) -> tuple[Block, ...]:
    """The blocks without what no one wrote; lines and blocks left empty go too."""
    blocks = tuple(blocks)
    heights = [word.box.h for block in blocks for line in block.lines for word in line.words]
    letter_height = float(median(heights)) if heights else 0.0
    cleaned = (Block(tuple(_lines(block.lines, letter_height))) for block in blocks)
    return tuple(block for block in cleaned if block.lines)

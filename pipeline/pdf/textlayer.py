"""The invisible text over a page's picture: each word stretched over its box, in reading order."""

from statistics import median

from pipeline.pdf.file import decimal
from pipeline.pdf.glyphless import ADVANCE, ASCENT, EM, Codes
from schemas.text import Line, PageText, Word

_LEAST_STRETCH = 1.0
_TALL = 2


def _extent(line: Line) -> tuple[int, int]:
    """Top and bottom of a line without the odd word that is far taller than the others."""
    usual = median(word.box.h for word in line.words)
    boxes = [word.box for word in line.words if word.box.h <= _TALL * usual]
    return min(box.y for box in boxes), max(box.y + box.h for box in boxes)


def _stretch(width: float, letters: int, size: float) -> str:
    natural = letters * size * ADVANCE / EM
    return decimal(max(_LEAST_STRETCH, 100 * width / natural))


def _word(word: Word, following: Word | None, size: float, base: float, codes: Codes) -> str:
    stretch = _stretch(word.box.w, len(word.text), size)
    shown = f"1 0 0 1 {word.box.x} {decimal(base)} Tm {stretch} Tz {codes.encode(word.text)} Tj"
    if following is None:
        return shown
    gap = following.box.x - word.box.x - word.box.w
    return f"{shown} {_stretch(gap, 1, size)} Tz {codes.encode(' ')} Tj"


def _line(line: Line, height: int, codes: Codes) -> str:
    top, bottom = _extent(line)
    size = float(max(1, bottom - top))
    base = height - bottom + size * (EM - ASCENT) / EM
    following = (*line.words[1:], None)
    words = (
        _word(word, after, size, base, codes)
        for word, after in zip(line.words, following, strict=True)
    )
    return f"/F {decimal(size)} Tf\n" + "\n".join(words)


def text_layer(text: PageText, codes: Codes) -> str:
    """Content operators in pixels of the page image, y upwards; empty for a page without words."""
    if not text.words:
        return ""
    lines = "\n".join(_line(line, text.size.height, codes) for line in text.lines)
    return f"BT 3 Tr\n{lines}\nET"

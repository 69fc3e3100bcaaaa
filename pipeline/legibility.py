"""Whether a compressed page still says the same: its lines are read again from what is shown."""

from collections.abc import Callable
from math import ceil, floor
from typing import TypeAlias

from rapidfuzz.distance import Levenshtein

from pipeline.raster import Pixels, resize
from pipeline.recognition.cleaning import clean_text
from schemas.geometry import Box
from schemas.text import Line, PageText, Word

Reread: TypeAlias = Callable[[Pixels, tuple[Box, ...]], tuple[str, ...]]
"""Lines of a grey page image, by their boxes, read as one line of text each."""

_SURE = 0.75
_DOUBTFUL_WORD, _NO_WORD = 0.5, 0.3
_EVERY = 8
_MARGIN = 8
_SCALES = (1.0, 2 / 3)
_FIRST = 3
_TOLERATED = 0.34
_MOST_DOUBTFUL, _FEW = 0.5, 12


def _confidence(line: Line) -> float:
    letters = sum(len(word.text) for word in line.words)
    return round(sum(word.confidence * len(word.text) for word in line.words) / letters, 3)


def is_doubtful_throughout(page: PageText) -> bool:
    """Whether so many lines are doubtful that a page had better keep its shades of grey."""
    doubtful = sum(_confidence(line) < _SURE for line in page.lines)
    return doubtful > max(_FEW, _MOST_DOUBTFUL * len(page.lines))


def lines_to_read(page: PageText) -> tuple[Line, ...]:
    """The doubtful lines and every eighth of the others, always the same."""
    read = [line for line in page.lines if _is_read(line)]
    sure = [line for line in read if _confidence(line) >= _SURE]
    sample = sure[min(_FIRST, max(0, len(sure) - 1)) :: _EVERY]
    chosen = {id(line) for line in sample}
    return tuple(line for line in read if id(line) in chosen or _confidence(line) < _SURE)


def boxes_to_read(page: PageText) -> tuple[Box, ...]:
    """Where the lines to be read again are, on the page image, with what surrounds them."""
    return tuple(_around(line.box) for line in lines_to_read(page))


def _around(box: Box) -> Box:
    margin = box.h // 2 + _MARGIN
    left, top = max(0, box.x - margin), max(0, box.y - margin)
    return Box(left, top, box.x + box.w + margin - left, box.y + box.h + margin - top)


def _bare(text: str) -> str:
    """Letters and digits alone: capitals as small ones, which look alike in a line of their own."""
    return "".join(c for c in clean_text(text).casefold() if c.isalnum())


def _at_most(word: Word, confidence: float) -> bool:
    return round(word.confidence, 3) < confidence


def _is_read(line: Line) -> bool:
    """Whether anything of the line counts as read: not the scrawl of a signature."""
    return any(_bare(word.text) and not _at_most(word, _NO_WORD) for word in line.words)


def _says(line: Line, read: str) -> bool:
    """The same letters; where words are doubtful a few others, but never another digit.

    Of a line of doubtful words only, as many letters as half of it are enough.
    """
    known, found = _bare(line.text), _bare(read)
    if all(_at_most(word, _DOUBTFUL_WORD) for word in line.words):
        return len(found) >= len(known) / 2
    if known == found:
        return True
    doubtful = sum(len(word.text) for word in line.words if _at_most(word, _DOUBTFUL_WORD))
    allowed = ceil(_TOLERATED * doubtful)
    digits = [[c for c in text if c.isdigit()] for text in (known, found)]
    close = abs(len(known) - len(found)) <= allowed
    return digits[0] == digits[1] and close and Levenshtein.distance(known, found) <= allowed


def _scaled(box: Box, scale: tuple[float, float]) -> Box:
    left, top = floor(box.x * scale[0]), floor(box.y * scale[1])
    right, bottom = ceil((box.x + box.w) * scale[0]), ceil((box.y + box.h) * scale[1])
    return Box(left, top, right - left, bottom - top)


def _read(shown: Pixels, page: PageText, lines: tuple[Line, ...], reread: Reread) -> list[str]:
    scale = shown.shape[1] / page.size.width, shown.shape[0] / page.size.height
    texts = reread(shown, tuple(_scaled(line.box, scale) for line in lines))
    return [_bare(text) for text in texts]


def _smaller(pixels: Pixels, scale: float) -> Pixels:
    if scale == 1:
        return pixels
    height, width = (max(1, round(side * scale)) for side in pixels.shape)
    return resize(pixels, width, height)


def is_legible(
    shown: Pixels,
    page: PageText,
    reread: Reread,
    master: Callable[[], Pixels] | None = None,
) -> bool:
    """Whether the doubtful lines and a sample of the others read the same from what is shown.

    `shown` is grey, of any resolution. What is read otherwise is read once more at two thirds of
    it; a line counts as the same also where `reread` reads `master`, the page as it was before,
    just so.
    """
    unlike = lines_to_read(page)
    for scale in _SCALES:
        if not unlike:
            return True
        texts = _read(_smaller(shown, scale), page, unlike, reread)
        told = tuple(zip(unlike, texts, strict=True))
        left = tuple((line, text) for line, text in told if not _says(line, text))
        unlike = tuple(line for line, _ in left)
        if left and master is not None:
            before = _read(_smaller(master(), scale), page, unlike, reread)
            pairs = zip(left, before, strict=True)
            unlike = tuple(line for (line, text), known in pairs if text != known)
    return not unlike

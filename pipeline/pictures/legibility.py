"""Whether a compressed page still says the same: its lines are read again from what is shown."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from math import ceil, floor
from typing import TypeAlias

from rapidfuzz.distance import Levenshtein

from pipeline.imaging.raster import Pixels, resize
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


def other_lines(page: PageText) -> tuple[Line, ...]:
    """The lines that count as read and are not among those that are read again."""
    chosen = {id(line) for line in lines_to_read(page)}
    return tuple(line for line in page.lines if _is_read(line) and id(line) not in chosen)


def is_sure(line: Line) -> bool:
    """Whether a line is not doubtful: one that stands for others like it."""
    return _confidence(line) >= _SURE


def around(box: Box) -> Box:
    """A line's place with what surrounds it."""
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


def _digits(text: str) -> str:
    return "".join(c for c in text if c.isdigit())


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
    if _digits(known) != _digits(found) or abs(len(known) - len(found)) > allowed:
        return False
    return Levenshtein.distance(known, found) <= allowed


@dataclass(frozen=True, slots=True)
class _Asked:
    """A line, and the nearest to its text that was read from the page as it was before."""

    line: Line
    before: str | None = None

    def distance(self, read: str) -> int:
        return Levenshtein.distance(_bare(self.line.text), read)

    def known_by(self, read: str) -> "_Asked":
        best = read if self.before is None else min(read, self.before, key=self.distance)
        return replace(self, before=best)


def _no_worse(asked: _Asked, read: str) -> bool:
    """As near to the text as what was read before, and every digit read then or in the text.

    Of the letters read before, half must be there, however unlike the text they were.
    """
    before = asked.before or ""
    if _digits(read) not in {_digits(asked.line.text), _digits(before)}:
        return False
    if len(read) < len(before) / 2:
        return False
    return asked.distance(read) <= asked.distance(before)


def _scaled(box: Box, scale: tuple[float, float]) -> Box:
    left, top = floor(box.x * scale[0]), floor(box.y * scale[1])
    right, bottom = ceil((box.x + box.w) * scale[0]), ceil((box.y + box.h) * scale[1])
    return Box(left, top, right - left, bottom - top)


def _smaller(pixels: Pixels, scale: float) -> Pixels:
    if scale == 1:
        return pixels
    height, width = (max(1, round(side * scale)) for side in pixels.shape)
    return resize(pixels, width, height)


def _read(
    shown: Pixels, page: PageText, asked: tuple[_Asked, ...], reread: Reread
) -> tuple[str, ...]:
    scale = shown.shape[1] / page.size.width, shown.shape[0] / page.size.height
    texts = reread(shown, tuple(_scaled(each.line.box, scale) for each in asked))
    return tuple(_bare(text) for text in texts)


def lines_unlike(
    shown: Pixels,
    page: PageText,
    lines: tuple[Line, ...],
    reread: Reread,
    master: Callable[[], Pixels] | None = None,
) -> tuple[Line, ...]:
    """The lines that do not read the same from what is shown (grey, of any resolution).

    What is read otherwise is read once more at two thirds of it. A line that does not hold still
    counts as the same where it is as near to the text as the best that is read from `master`, the
    page as it was before.
    """
    asked = tuple(_Asked(line) for line in lines)
    for scale in _SCALES:
        if not asked:
            break
        texts = _read(_smaller(shown, scale), page, asked, reread)
        left = [pair for pair in zip(asked, texts, strict=True) if not _says(pair[0].line, pair[1])]
        asked = tuple(each for each, _ in left)
        if asked and master is not None:
            before = _read(_smaller(master(), scale), page, asked, reread)
            known = tuple(each.known_by(read) for each, read in zip(asked, before, strict=True))
            pairs = zip(known, (text for _, text in left), strict=True)
            asked = tuple(each for each, text in pairs if not _no_worse(each, text))
    return tuple(each.line for each in asked)


def is_legible(
    shown: Pixels,
    page: PageText,
    reread: Reread,
    master: Callable[[], Pixels] | None = None,
) -> bool:
    """Whether the doubtful lines and a sample of the others read the same from what is shown."""
    return not lines_unlike(shown, page, lines_to_read(page), reread, master)


def reads_as_well(
    shown: Pixels, page: PageText, reread: Reread, master: Callable[[], Pixels]
) -> bool:
    """Whether lines that hardly read at all are read no worse, taken together, than from `master`.

    Of single lines only those that are read well, or half doubtful, must keep their digits, where
    the master has the same as the text.
    """
    lines = lines_to_read(page)
    asked = tuple(_Asked(line) for line in lines)
    now, before = (_read(each, page, asked, reread) for each in (shown, master()))
    for line, one, other in zip(lines, now, before, strict=True):
        held = _confidence(line) >= _DOUBTFUL_WORD and _digits(other) == _digits(line.text)
        if held and _digits(one) != _digits(other):
            return False
    lost, known = (
        sum(each.distance(read) for each, read in zip(asked, texts, strict=True))
        for texts in (now, before)
    )
    return lost <= known

"""Ink that no engine read, beside what has to go or as a line of its own.

Under a seal a telephone number is still legible, and so is a line that an engine gave up.
"""

import re
from collections.abc import Iterator, Sequence
from statistics import median

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.imaging.paleink import paper_of
from pipeline.imaging.raster import Pixels, grey_of
from pipeline.metadata.record.legible import is_known
from pipeline.metadata.text.view import fold
from pipeline.privacy.seals import rows_under, seals
from schemas.geometry import Box, union
from schemas.text import Line, PageText, Word

_CM = 2.54
_TALL_CM, _RULE_CM = 0.9, 1.2
_THICK = np.ones((3, 3), np.uint8)
_DARKER, _INK = 50, 255
_READ, _NUMBER_READ = 0.5, 0.8
_NUMBER = 3
"""Digits that make a number: one of which some are guessed was not searched as what it is."""
_PIECE, _CLOSE = 3, 0.8
"""Letters of a scrap that is no word, and how far, in heights of a letter, it is beside another."""
_ASIDE_CM, _PITCH = 2.0, 1.6
"""How far aside, and how many heights of a letter above and below, a lost line is looked for."""
_EDGE = 3  # pixels about a word that are its own ink
_SAME_LINE = 0.5
_LETTER = 0.35
"""Of a line's height; what is lower is a rule, dots or dirt."""
_GAP, _LEAST, _BIT = 1.2, 1.0, 0.3
_HIGHEST = 1.5
"""Of a word's height: a row with more is as high as what lies over it."""
_LOW, _HIGH, _WIDE = 0.25, 1.2, 2.5
"""Of a word's height: how high a printed letter is, and how wide it may be."""
_LETTERS, _LONG, _SLANT = 12, 7.0, 1.8
"""A line: its letters, and, of a word's height, how long it is at least and how high at most."""
_PLAIN = re.compile(
    r"\W*(?:\d{1,2}[./-]\d{1,2}[./-]\d{2,4}|(?:19|20)\d\d|(?:\d{1,3}(?:\.\d{3})+|\d+),\d\d|\d+/(?:19|20)\d\d)\W*"
)
"""Dates, years, amounts, numbers of acts."""
_CUE = re.compile(
    r"(?:tel(?:efon\w*)?|mobil|fax|cnp|c\.n\.p|ser(?:ia|ie)|domicili\w*|iban|cont|permis|pasaport\w*"
    r"|e-?mail|adresa|str(?:ada)?|nascut\w*|fi[uc]l?[ai]?|subsemnat\w*|numele|prenumele)\W*"
)


def announces(line: Line) -> int | None:
    """The place of the last word of a line after which a personal datum is written; None: no such."""
    places = (n for n, word in enumerate(line.words) if _CUE.fullmatch(fold(word.text).lower()))
    return max(places, default=None)


def _shares_line(one: Box, other: Box) -> bool:
    rows = min(one.y + one.h, other.y + other.h) - max(one.y, other.y)
    return rows >= _SAME_LINE * min(one.h, other.h)


def _row(line: Line, tall: float) -> Box | None:
    """Where a line stands, by its words that are no higher than print: a seal read as letters is."""
    low = [word.box for word in line.words if word.box.h < tall]
    return union(low) if low else None


def _bands(text: PageText, hidden: Sequence[Box]) -> Iterator[Box]:
    """The rows in which ink is looked at: beside and after what is hidden, and after its labels."""
    tall = _TALL_CM * text.dpi / _CM
    rows = [(line, row) for line in text.lines if (row := _row(line, tall))]
    if not rows:
        return
    page = union(row for _, row in rows)
    right = max(page.x + page.w, text.size.width - page.x)
    touched = [any(_shares_line(row, box) for box in hidden) for _, row in rows]
    for (line, row), here, before in zip(rows, touched, (False, *touched), strict=False):
        if here or before:
            yield Box(page.x, row.y, right - page.x, row.h)
        elif (place := announces(line)) is not None:
            start = line.words[place].box.x + line.words[place].box.w
            yield Box(start, row.y, right - start, row.h)


def _ink(grey: Pixels, dpi: int) -> Pixels:
    """What is darker than the paper about it: 255, all else 0."""
    darker = grey.astype(np.int16) < paper_of(grey, dpi).astype(np.int16) - _DARKER
    ink = np.where(darker, _INK, 0).astype(np.uint8)
    return _without_rules(ink, max(2, round(_RULE_CM * dpi / _CM)))


def _without_rules(ink: Pixels, least: int) -> Pixels:
    """Without the straight lines of tables and forms that are at least so many pixels long."""
    for shape in ((1, least), (least, 1)):
        rules = cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones(shape, np.uint8))
        ink = cv2.subtract(ink, cv2.dilate(rules, _THICK)).astype(np.uint8)
    return ink


def _wipe(ink: Pixels, box: Box, edge: int) -> None:
    rows = slice(max(0, box.y - edge), max(0, box.y + box.h + edge))
    ink[rows, max(0, box.x - edge) : max(0, box.x + box.w + edge)] = 0


def _was_read(word: Word) -> bool:
    digits = sum(letter.isdigit() for letter in word.text)
    least = _READ if digits < _NUMBER else _NUMBER_READ
    return word.confidence >= least and any(letter.isalnum() for letter in word.text)


def _beside(box: Box, hidden: Sequence[Box], gap: float) -> bool:
    """Whether a box stands right before or behind one that is hidden, on its line."""
    return any(
        _shares_line(box, other) and max(box.x - other.x - other.w, other.x - box.x - box.w) < gap
        for other in hidden
    )


def _runs(ink: Pixels, band: Box, letter: float, hidden: Sequence[Box] = ()) -> Iterator[Box]:
    """Unread letters of a row, those that stand together as one box.

    A row is as high as what stands in it, a seal too: its letters are measured by the page's.
    """
    tall = min(float(band.h), _HIGHEST * letter)
    part = ink[band.y : band.y + band.h, band.x : band.x + band.w]
    _, _, stats, _ = cv2.connectedComponentsWithStats(part, connectivity=8)
    letters = sorted((x, x + w) for x, _, w, h, _ in stats[1:].tolist() if h >= _LETTER * tall)
    runs = list[tuple[int, int]]()
    for left, right in letters:
        if runs and left - runs[-1][1] < _GAP * tall:
            runs[-1] = (runs[-1][0], max(right, runs[-1][1]))
        else:
            runs.append((left, right))
    for left, right in runs:
        run = Box(band.x + left, band.y, right - left, band.h)
        if run.w >= _LEAST * tall or (run.w >= _BIT * tall and _beside(run, hidden, _GAP * tall)):
            yield run


def unread_lines(ink: Pixels, letter: float) -> tuple[Box, ...]:
    """Boxes of what stands like a line of printed letters in ink that nobody read.

    `letter` is the height of the page's words in pixels. Strokes of a pen, seals and pictures hang
    together or stand in no line.
    """
    _, labels, stats, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
    high, wide = stats[:, cv2.CC_STAT_HEIGHT], stats[:, cv2.CC_STAT_WIDTH]
    printed = (high >= _LOW * letter) & (high <= _HIGH * letter) & (wide <= _WIDE * letter)
    printed[0] = False
    mask = np.where(printed[labels], _INK, 0).astype(np.uint8)
    side = max(3, round(letter)) | 1
    joined = cv2.morphologyEx(mask, cv2.MORPH_CLOSE, np.ones((1, side), np.uint8))
    _, _, runs, _ = cv2.connectedComponentsWithStats(joined, connectivity=8)
    places = np.asarray(stats[printed][:, : cv2.CC_STAT_HEIGHT + 1], np.int32)
    found = (Box(*map(int, run[: cv2.CC_STAT_HEIGHT + 1])) for run in runs[1:])
    return tuple(box for box in found if _is_line(box, places, letter))


def _is_line(box: Box, letters: NDArray[np.int32], letter: float) -> bool:
    if box.w < _LONG * letter or box.h > _SLANT * letter:
        return False
    x, y = letters[:, 0], letters[:, 1]
    inside = (x >= box.x) & (x < box.x + box.w) & (y >= box.y) & (y < box.y + box.h)
    return int(inside.sum()) >= _LETTERS


def _letter(text: PageText) -> float:
    """The usual height of a page's words in pixels; 0 where it has none."""
    return median(word.box.h for word in text.words) if text.words else 0.0


def unread_ink(
    pixels: Pixels, readings: Sequence[PageText], hidden: Sequence[Box]
) -> tuple[Box, ...]:
    """Boxes of what looks like writing and is in none of the readings, where it may be personal.

    That is on the lines of `hidden` and those about them, after a label ("telefon"), and whole
    lines of print wherever they stand. `readings` are of one page, boxes in pixels of its image.
    """
    letter = _letter(readings[0])
    if not letter:
        return ()
    ink = _ink(grey_of(pixels), readings[0].dpi)
    for box in hidden:
        _wipe(ink, box, 0)
    lines = _lines(ink, readings, letter)
    _wipe_words(ink, readings)
    bands = [band for text in readings for band in _bands(text, hidden)]
    bands += _near(hidden, letter, readings[0])
    bands += (Box(0, line.y, ink.shape[1], line.h) for line in lines)
    found = [box for band in bands if band.area for box in _runs(ink, band, letter, hidden)]
    torn = (*_torn(readings, found, letter), *_enclosed(readings, hidden))
    return tuple(dict.fromkeys((*lines, *found, *torn)))


def lost_under_seals(
    pixels: Pixels,
    alone: Pixels | None,
    readings: Sequence[PageText],
    hidden: Sequence[Box] = (),
    *,
    letters: float = 2.0,
    about: bool = True,
) -> tuple[Box, ...]:
    """Boxes of what nobody read on the lines of print under a page's round seals.

    `alone`: the page's print without paler ink, where there is such; then the seal is none of what
    was not read. `letters`: heights of a letter that a lost word is wide at least. `about`: above
    and below these lines too, where one may be lost as a whole.
    """
    letter, dpi = _letter(readings[0]), readings[0].dpi
    ink = _ink(grey_of(pixels), dpi)
    stamped = seals(ink, dpi) if letter else ()
    if not stamped:
        return ()
    ink = ink if alone is None else _ink(alone, dpi)
    for box in hidden:
        _wipe(ink, box, 0)
    _wipe_words(ink, readings)
    tall = _TALL_CM * dpi / _CM
    rows = [row for text in readings for line in text.lines if (row := _row(line, tall))]
    own, beside = rows_under(stamped, rows, letter)
    runs = (run for band in (*own, *(beside if about else ())) for run in _runs(ink, band, letter))
    found = [run for run in runs if run.w >= letters * letter]
    room = round(letter)
    about_seals = [Box(s.x - room, s.y, s.w + 2 * room, s.h) for s in stamped]
    scraps = (
        box
        for box in _torn(readings, (*found, *hidden), letter)
        if _beside(box, found, _CLOSE * letter) or any(box.overlap(one) for one in about_seals)
    )
    torn = _doubtful(readings, about_seals) if about and alone is None else ()
    return tuple(dict.fromkeys((*found, *scraps, *torn)))


def _doubtful(readings: Sequence[PageText], stamped: Sequence[Box]) -> Iterator[Box]:
    """The words under seals as black as print that may be torn: strange ones, and numbers of no plain form."""
    for word in (word for text in readings for word in text.words):
        if (
            _is_piece(word.text)
            and not _PLAIN.fullmatch(word.text)
            and any(word.box.overlap(seal) for seal in stamped)
        ):
            yield word.box


def _wipe_words(ink: Pixels, readings: Sequence[PageText]) -> None:
    for box in (word.box for text in readings for word in text.words if _was_read(word)):
        _wipe(ink, box, _EDGE)


def _near(hidden: Sequence[Box], letter: float, text: PageText) -> Iterator[Box]:
    """The rows above and below what is hidden: of a block of lines one may be lost as a whole."""
    aside, high = round(_ASIDE_CM * text.dpi / _CM), round(_PITCH * letter)
    for box in hidden:
        read = any(_shares_line(box, word.box) for word in text.words)
        if not read or box.h >= _TALL_CM * text.dpi / _CM:
            continue
        left, right = max(0, box.x - aside), min(text.size.width, box.x + box.w + aside)
        for top in (box.y - high, box.y + box.h):
            if 0 <= top <= text.size.height - high:
                yield Box(left, top, right - left, high)


def _torn(readings: Sequence[PageText], found: Sequence[Box], letter: float) -> Iterator[Box]:
    """The words right beside unread ink that may be a piece of what it says."""
    for word in (word for text in readings for word in text.words):
        if _is_piece(word.text) and _beside(word.box, found, _CLOSE * letter):
            yield word.box


def _is_piece(word: str) -> bool:
    """Whether a word is a number or none of the language."""
    core = "".join(c for c in fold(word).lower() if c.isalnum())
    if sum(c.isdigit() for c in core) >= _NUMBER:
        return True
    return len(core) >= _PIECE and not is_known(core)


def _enclosed(readings: Sequence[PageText], hidden: Sequence[Box]) -> Iterator[Box]:
    """Numbers between two hidden words of a line: what stands there goes on with the first."""
    for line in (line for text in readings for line in text.lines):
        gone = [any(2 * box.overlap(w.box) >= w.box.area for box in hidden) for w in line.words]
        for at in range(1, len(gone) - 1):
            word = line.words[at]
            number = sum(c.isdigit() for c in word.text) >= _NUMBER
            if number and gone[at - 1] and gone[at + 1] and not gone[at]:
                yield word.box


def _lines(ink: Pixels, readings: Sequence[PageText], letter: float) -> tuple[Box, ...]:
    """Lines of which no engine read a word, however badly."""
    bare = ink.copy()
    for box in (word.box for text in readings for word in text.words):
        _wipe(bare, box, _EDGE)
    return unread_lines(bare, letter)

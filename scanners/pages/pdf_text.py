"""The text that a PDF page has of its own: visible or hidden, as words where they stand.

Works on hostile files within limits; what pdfium cannot follow has no text of its own.
"""

import ctypes
import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pikepdf
import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_raw

from scanners.pages.pdf_page import TextPlace, has_notes, is_unseen, open_pdf, place_of, top_objects
from schemas.geometry import Box, Size
from schemas.pdftext import OwnText, PageNature, TextRun
from schemas.text import Word

_MOST_CHARACTERS = 60_000
_MOST_FIELDS = 2_000
_FEW_LETTERS = 200
_COVERING, _LARGE = 0.8, 0.02
_LEVEL = 0.35
_WORD_GAP, _RUN_GAP, _WIDE_GAP, _BACK = 0.2, 1.2, 2.5, 0.4
_UPRIGHT = math.radians(8)
_DOUBTED = 0.3
_LINE_END_HYPHEN = "\x02"
_SOFT_HYPHEN = "\N{SOFT HYPHEN}"
_LIGATURES = {
    0xFB00 + n: text for n, text in enumerate(("ff", "fi", "fl", "ffi", "ffl", "st", "st"))
}
_DEFECTS = (pdfium.PdfiumError, pikepdf.PdfError, ValueError, TypeError, IndexError, RuntimeError)
_REPLACEMENT = "\N{REPLACEMENT CHARACTER}"
_PRIVATE = range(0xE000, 0xF900)


@dataclass(frozen=True, slots=True)
class _Look:
    """Of all characters of one text object."""

    hidden: bool
    upright: bool


@dataclass(frozen=True, slots=True)
class _Character:
    """A character on the page image: its ink, where its advance begins and ends, its font's size.

    `blank` tells that the content has a blank before it.
    """

    text: str
    left: float
    top: float
    right: float
    bottom: float
    start: float
    end: float
    baseline: float
    size: float
    look: _Look
    doubted: bool
    blank: bool


@dataclass(frozen=True, slots=True)
class _Page:
    """A page under way: pdfium's handles, and what is known of its text objects."""

    page: pdfium.PdfPage
    text: pdfium.PdfTextPage
    place: TextPlace
    below: frozenset[int]
    looks: dict[int, _Look] = field(default_factory=dict)

    def look(self, at: int) -> _Look:
        item = pdfium_raw.FPDFText_GetTextObject(self.text, at)
        known = ctypes.cast(item, ctypes.c_void_p).value or 0
        if known not in self.looks:
            self.looks[known] = self._looked(item, known, at)
        return self.looks[known]

    def _looked(self, item: Any, known: int, at: int) -> _Look:  # noqa: ANN401 a handle of pdfium's
        mode = pdfium_raw.FPDFTextObj_GetTextRenderMode(item) if known else 0
        angle = pdfium_raw.FPDFText_GetCharAngle(self.text, at) + self.place.turn
        level = abs(math.remainder(angle, math.tau)) <= _UPRIGHT
        clear = known and _is_clear(item)
        return _Look(bool(is_unseen(mode) or clear or known in self.below), level)


def _is_clear(item: Any) -> bool:  # noqa: ANN401 a handle of pdfium's
    """Whether a text object is painted with no opacity at all."""
    red, green, blue, alpha = (ctypes.c_uint() for _ in range(4))
    told = pdfium_raw.FPDFPageObj_GetFillColor(item, red, green, blue, alpha)
    return bool(told) and alpha.value == 0


def _letter(code: int) -> str:
    if code in _LIGATURES:
        return _LIGATURES[code]
    surrogate = 0xD800 <= code < 0xE000  # noqa: PLR2004 the range of halves of a pair
    return _REPLACEMENT if surrogate or code > 0x10FFFF else chr(code)  # noqa: PLR2004 Unicode's last


def _character(page: _Page, at: int, text: str, *, blank: bool) -> _Character | None:
    """The character with its place; None for one without, or out of the page."""
    left, right, bottom, top, x, y = (ctypes.c_double() for _ in range(6))
    loose = pdfium_raw.FS_RECTF()
    raw = page.text
    if not (
        pdfium_raw.FPDFText_GetCharBox(raw, at, left, right, bottom, top)
        and pdfium_raw.FPDFText_GetLooseCharBox(raw, at, loose)
        and pdfium_raw.FPDFText_GetCharOrigin(raw, at, x, y)
    ):
        return None
    ink = page.place.box(left.value, bottom.value, right.value, top.value)
    em = page.place.box(loose.left, loose.bottom, loose.right, loose.top)
    here = page.place.point(x.value, y.value)
    if not all(map(math.isfinite, (*ink, *em, *here))) or not page.place.holds(ink):
        return None
    look = page.look(at)
    size = em[3] - em[1] if look.upright else max(em[2] - em[0], em[3] - em[1])
    wrong = pdfium_raw.FPDFText_HasUnicodeMapError(raw, at) == 1
    doubted = wrong or text == _REPLACEMENT or ord(text[0]) in _PRIVATE or text[0] == "\0"
    start, end = min(em[0], ink[0]), max(em[2], ink[2])
    return _Character(text, *ink, start, end, here[1], max(1.0, size), look, doubted, blank)


def _characters(page: _Page) -> Iterator[_Character | str]:
    """The characters in the order of the content; a blank or a line break where there is one."""
    count = pdfium_raw.FPDFText_CountChars(page.text)
    if not 0 < count <= _MOST_CHARACTERS:
        return
    blank = False
    for at in range(count):
        text = _letter(pdfium_raw.FPDFText_GetUnicode(page.text, at))
        if text in "\r\n":
            blank = False
            yield "\n"
        elif text.isspace():
            blank = blank or pdfium_raw.FPDFText_IsGenerated(page.text, at) == 0
            yield " "
        elif (found := _character(page, at, text, blank=blank)) is not None:
            blank = False
            yield found


def _breaks(one: _Character, other: _Character) -> str:
    """What lies between two characters: nothing, a blank, or the end of the run."""
    size = max(one.size, other.size)
    if one.look != other.look or abs(one.baseline - other.baseline) > _LEVEL * size:
        return "" if one.look == other.look and not one.look.upright else "\n"
    if not one.look.upright:
        return ""
    gap = other.start - one.end
    if (
        gap > (_WIDE_GAP if other.blank else _RUN_GAP) * size
        or other.left < one.left - _BACK * size
    ):
        return "\n"
    return " " if gap > _WORD_GAP * size else ""


def _spelled(characters: list[_Character]) -> str:
    """The word's text; a soft hyphen shows only where a line ends."""
    text = "".join(character.text for character in characters).replace(_LINE_END_HYPHEN, "-")
    shown = text.endswith(_SOFT_HYPHEN)
    return text.replace(_SOFT_HYPHEN, "") + ("-" if shown else "")


def _word(characters: list[_Character], size: Size) -> Word:
    left = min(max(0, math.floor(min(c.left for c in characters))), size.width - 1)
    top = min(max(0, math.floor(min(c.top for c in characters))), size.height - 1)
    right = min(size.width, max(left + 1, math.ceil(max(c.right for c in characters))))
    bottom = min(size.height, max(top + 1, math.ceil(max(c.bottom for c in characters))))
    doubted = any(character.doubted for character in characters)
    confidence = _DOUBTED if doubted else 1.0
    return Word(_spelled(characters), Box(left, top, right - left, bottom - top), confidence)


class _Gathering:
    """Characters on their way to words and runs."""

    def __init__(self, size: Size) -> None:
        self._size = size
        self._word: list[_Character] = []
        self._words: list[Word] = []
        self._first: _Character | None = None
        self._last: _Character | None = None
        self.runs: list[tuple[bool, TextRun]] = []

    def blank(self) -> None:
        if self._word:
            self._words.append(_word(self._word, self._size))
            self._word = []

    def end(self) -> None:
        self.blank()
        first = self._first
        if self._words and first is not None:
            run = TextRun(tuple(self._words), first.baseline, first.size, first.look.upright)
            self.runs.append((first.look.hidden, run))
        self._words, self._first, self._last = [], None, None

    def add(self, character: _Character) -> None:
        between = _breaks(self._last, character) if self._last else ""
        if between == "\n":
            self.end()
        elif between:
            self.blank()
        self._first = self._first or character
        self._word.append(character)
        self._last = character


def _gathered(page: _Page, size: Size) -> tuple[list[tuple[bool, TextRun]], int, int]:
    """The runs, hidden or not, and how many characters there are and are doubted."""
    gathering, count, doubted = _Gathering(size), 0, 0
    for found in _characters(page):
        if found == "\n":
            gathering.end()
        elif isinstance(found, str):
            gathering.blank()
        else:
            count, doubted = count + 1, doubted + found.doubted
            gathering.add(found)
    gathering.end()
    return gathering.runs, count, doubted


def _pictures(page: pdfium.PdfPage, place: TextPlace, size: Size) -> tuple[Box, ...]:
    """Places of the images that take up a good part of the page."""
    boxes = []
    for item in top_objects(page):
        if item.type == pdfium_raw.FPDF_PAGEOBJ_IMAGE:
            left, top, right, bottom = place.box(*item.get_bounds())
            left, top = max(0.0, left), max(0.0, top)
            wide, high = min(right, size.width) - left, min(bottom, size.height) - top
            if wide > 0 and high > 0 and wide * high >= _LARGE * size.width * size.height:
                boxes.append(Box(round(left), round(top), max(1, round(wide)), max(1, round(high))))
    return tuple(boxes)


def _below(page: pdfium.PdfPage) -> frozenset[int]:
    """The text objects that an image over the whole page lies upon."""
    left, bottom, right, top = page.get_bbox()
    area, passed, below = (right - left) * (top - bottom), [], []
    for item in top_objects(page):
        if item.type == pdfium_raw.FPDF_PAGEOBJ_TEXT:
            passed.append(ctypes.cast(item.raw, ctypes.c_void_p).value or 0)
        elif item.type == pdfium_raw.FPDF_PAGEOBJ_IMAGE:
            x0, y0, x1, y1 = item.get_bounds()
            if (x1 - x0) * (y1 - y0) >= _COVERING * area:
                below = list(passed)
    return frozenset(below)


def _letters(runs: tuple[TextRun, ...]) -> int:
    return sum(len(word.text) for run in runs for word in run.words)


def _nature(seen: int, hidden: int, pictures: tuple[Box, ...], size: Size) -> PageNature:
    """A few visible words upon a picture of the whole page (a stamp, a number) leave it a scan."""
    whole = any(box.area >= _COVERING * size.width * size.height for box in pictures)
    if seen and not (whole and seen < _FEW_LETTERS):
        return PageNature.DIGITAL
    return PageNature.HIDDEN if hidden and not seen else PageNature.SCAN


def _read(path: Path, number: int, size: Size) -> OwnText:
    with open_pdf(path) as document:
        if document.get_formtype() == pdfium_raw.FORMTYPE_ACRO_FORM:
            document.init_forms()
        page = document[number]
        place, below = place_of(page, path, number, size), _below(page)
        if has_notes(page) and page.flatten() == pdfium_raw.FLATTEN_SUCCESS:
            page = document[number]
        text = page.get_textpage()
        found, count, doubted = _gathered(_Page(page, text, place, below), size)
        pictures = _pictures(page, place, size)
    seen = tuple(run for unseen, run in found if not unseen)
    hidden = tuple(run for unseen, run in found if unseen)
    nature = _nature(_letters(seen), _letters(hidden), pictures, size)
    runs = {PageNature.DIGITAL: seen, PageNature.HIDDEN: hidden}.get(nature, ())
    return OwnText(nature, runs, doubted / max(1, count), pictures)


def _fields(root: pikepdf.Object) -> Iterator[pikepdf.Object]:
    """Form fields, those within others too, up to a limit."""
    form = root.get("/AcroForm")
    waiting = [form.get("/Fields")] if isinstance(form, pikepdf.Dictionary) else []
    for _ in range(_MOST_FIELDS):
        if not waiting:
            return
        item = waiting.pop()
        if isinstance(item, pikepdf.Array):
            waiting += list(item)[:_MOST_FIELDS]
        elif isinstance(item, pikepdf.Dictionary):
            yield item
            waiting.append(item.get("/Kids"))


def is_signed(path: Path) -> bool:
    """Whether a PDF carries a signature, or is certified."""
    try:
        with pikepdf.open(path) as document:
            root = document.Root
            rights = root.get("/Perms")
            if isinstance(rights, pikepdf.Dictionary) and "/DocMDP" in rights:
                return True
            return any(str(one.get("/FT", "")) == "/Sig" and "/V" in one for one in _fields(root))
    except (pikepdf.PasswordError, *_DEFECTS, KeyError, AttributeError):
        return False


def own_text(path: Path, number: int, size: Size) -> OwnText:
    """The own text of page `number` (from 0), in pixels of its image of that size as decoded.

    Nothing where there is none, or where pdfium cannot follow the page.
    """
    try:
        found = _read(path, number, size)
    except _DEFECTS:
        return OwnText()
    asked = number == 0 or found.nature is PageNature.DIGITAL
    return OwnText(
        found.nature, found.runs, found.unmapped, found.pictures, asked and is_signed(path)
    )

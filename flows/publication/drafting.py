"""What of a document its public copy hides: rectangles and words, page by page, before anything is drawn.

What was found is covered, with whatever says the same elsewhere in the document; both as the page
was read at first and, where it was read again by another engine, as that one read it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

from flows.publication.tasks import CopyPage, CopyTask
from pipeline.imaging.image import apply_transform
from pipeline.imaging.paleink import darkest_ink
from pipeline.imaging.raster import Pixels
from pipeline.privacy.ink import signature_ink
from pipeline.privacy.redaction import hidden_boxes, redacted_text
from pipeline.privacy.redaction.boxes import clipped
from pipeline.privacy.redaction.gone import Gone, gone_of
from pipeline.privacy.unread import lost_under_seals, unread_ink
from scanners.pages.decode import decode_page
from scanners.pages.raster import half_of
from schemas.alto import read_alto
from schemas.geometry import Box, Size
from schemas.privacy import PersonalKind, Sensitive
from schemas.public import BELONGS, PublicRecord
from schemas.text import PageText, Word

A4 = Size(827, 1169)
_A4_DPI = 100
_SHEET = Box(0, 0, A4.width, A4.height)
_ROUNDS = 4
_LONGEST = 8
_SURE, _LETTERS = 0.85, 4
"""Confidence and letters of words that tell how dark a page's print is."""


@dataclass(frozen=True, slots=True)
class Hidden:
    """A page with what is hidden on it: the text that is left, and the rectangles."""

    page: CopyPage
    text: PageText
    boxes: tuple[Box, ...]


@dataclass(frozen=True, slots=True)
class Second:
    """A page as another engine read it, boxes on the page image, and what was found in that."""

    text: PageText
    items: tuple[Sensitive, ...] = ()


@dataclass(frozen=True, slots=True)
class Drafted:
    """What a copy consists of, by the document alone: pages, values that are gone, record."""

    hidden: tuple[Hidden, ...]
    texts: tuple[PageText, ...]
    values: tuple[str, ...]
    record: PublicRecord


def shows_words(page: CopyPage) -> bool:
    """Whether a copy shows anything of a page that could be read."""
    return page.opened and not (page.whole or page.blank)


def own_text(page: CopyPage) -> PageText:
    """A page's words as it was read; an empty A4 sheet where there are none."""
    path = page.task.unit.alto_page(page.task.page)
    return read_alto(path.read_bytes()) if path.exists() else PageText(A4, _A4_DPI)


def page_pixels(page: CopyPage, text: PageText) -> Pixels:
    """The page image, upright and straight, as its words describe it."""
    task = page.task
    whole = decode_page(task.path, task.kind, task.frame, task.settings)
    part = half_of(whole, task.half, task.cut).pixels
    return apply_transform(part, text.transform, text.size)


def _placed(items: Sequence[Sensitive], text: PageText) -> Iterator[Box]:
    """The boxes of all that was found on a page, and those of its words."""
    words = text.words
    for item in items:
        yield from item.boxes
        yield from (words[n].box for n in item.words if n < len(words))


def _signed(page: CopyPage, text: PageText) -> tuple[Box, ...]:
    """The ink of signatures; the page is opened only where one is expected."""
    expected = [item.boxes for item in page.items if item.kind is PersonalKind.SIGNATURE]
    return signature_ink(page_pixels(page, text), text, expected) if expected else ()


def print_alone(page: CopyPage, text: PageText) -> Pixels | None:
    """The page without the ink that is paler than its print; None where there is none."""
    sure = (w for w in text.words if w.confidence >= _SURE and len(w.text) >= _LETTERS)
    return darkest_ink(page_pixels(page, text), [word.box for word in sure], text.dpi)


def _beside(page: CopyPage, readings: Sequence[PageText], boxes: Sequence[Box]) -> tuple[Box, ...]:
    """Writing that no engine read, where it may go on with what has to go, or under a seal."""
    text = readings[0]
    if not text.words:
        return ()
    pixels = page_pixels(page, text)
    lost = lost_under_seals(pixels, print_alone(page, text), readings, boxes)
    return (*unread_ink(pixels, readings, boxes), *lost)


def unread(pages: Sequence[CopyPage], texts: Sequence[PageText]) -> Iterator[int]:
    """Places, from 1, of pages with unread writing: a whole line, or behind a personal datum's label."""
    for number, (page, text) in enumerate(zip(pages, texts, strict=True), 1):
        if shows_words(page) and unread_ink(page_pixels(page, text), (text,), ()):
            yield number


def _values(items: Sequence[Sensitive], text: PageText) -> Iterator[str]:
    """What has to be gone of a page's findings: as normalised, and as it was read."""
    words = text.words
    for item in items:
        yield item.value
        yield " ".join(words[n].text for n in item.words if n < len(words))


def _telling(words: Sequence[Word], gone: Gone) -> Iterator[Box]:
    """The shortest runs of words that still say something that has to be gone, misread or not."""
    for length in range(1, min(_LONGEST, len(words)) + 1):
        runs = [words[n : n + length] for n in range(len(words) - length + 1)]
        told = [
            run for run in runs if gone.in_text(" ".join(word.text for word in run), lenient=True)
        ]
        if told:
            yield from (word.box for run in told for word in run)
            return


def repeated(text: PageText, gone: Gone) -> tuple[Box, ...]:
    """Words of a page that say what has to be gone: within a line, else over a line's end."""
    if not gone.in_text(text.plain, lenient=True):
        return ()
    lines = [line.words for line in text.lines]
    found = tuple(
        box
        for words in lines
        if gone.in_text(" ".join(word.text for word in words), lenient=True)
        for box in _telling(words, gone)
    )
    if found:
        return found
    return tuple(box for one, two in pairwise(lines) for box in _telling((*one, *two), gone))


def _hidden(page: CopyPage, text: PageText, gone: Gone, seconds: Sequence[Second]) -> Hidden:
    """A page's findings covered, and whatever says the same elsewhere on it."""
    if page.whole and page.opened:
        return Hidden(page, PageText(A4, _A4_DPI), (_SHEET,))
    if page.blank:
        return Hidden(page, PageText(A4, _A4_DPI), ())
    if not page.opened:
        return Hidden(page, PageText(text.size, text.dpi), ())
    wanted = (*_placed(page.items, text), *_signed(page, text))
    if seconds:
        wanted = (*wanted, *(box for one in seconds for box in _placed(one.items, one.text)))
        readings = (text, *(one.text for one in seconds))
        wanted = (
            *wanted,
            *_beside(page, readings, hidden_boxes(wanted, text.dpi, text.size, text)),
        )
    boxes, left = tuple[Box, ...](), text
    for _ in range(_ROUNDS):
        boxes = hidden_boxes(wanted, text.dpi, text.size, text)
        left = redacted_text(text, boxes)
        others = (redacted_text(second.text, boxes) for second in seconds)
        more = tuple(box for one in (left, *others) for box in repeated(one, gone))
        if not more:
            break
        wanted = (*wanted, *more)
    return Hidden(page, left, boxes)


def _told(record: PublicRecord, gone: Gone) -> PublicRecord:
    """The record without the fields that say something that has to be gone."""
    fields = {name: value for name, value in record.fields.items() if not gone.in_text(value)}
    leaves = tuple(
        replace(page, leaf="" if gone.in_text(page.leaf) else page.leaf) for page in record.pages
    )
    named: dict[str, Any] = {name: "" for name in BELONGS if gone.in_text(getattr(record, name))}
    return replace(record, fields=fields, pages=leaves, **named)


def _all_values(
    task: CopyTask, texts: Sequence[PageText], seconds: Sequence[Sequence[Second]]
) -> tuple[str, ...]:
    firsts = (v for p, text in zip(task.pages, texts, strict=True) for v in _values(p.items, text))
    others = (v for page in seconds for one in page for v in _values(one.items, one.text))
    return tuple(dict.fromkeys(value for value in (*firsts, *others) if value))


def drafted(
    task: CopyTask, texts: tuple[PageText, ...], seconds: Sequence[Sequence[Second]]
) -> Drafted:
    """A document's copy as it has to be; `texts` and `seconds` are those of its pages, in order.

    A page may have been read again more than once, or not at all.
    """
    values = _all_values(task, texts, seconds)
    gone = gone_of(values)
    hidden = tuple(
        _hidden(page, text, gone, again)
        for page, text, again in zip(task.pages, texts, seconds, strict=True)
    )
    return Drafted(hidden, texts, values, _told(task.record, gone))


def _as_proposed(page: CopyPage, text: PageText, boxes: tuple[Box, ...]) -> Hidden:
    """A page as its copy hides it already; nothing that was found may lie beside the rectangles."""
    if not shows_words(page):
        return _hidden(page, text, gone_of(()), ())
    return Hidden(page, redacted_text(text, boxes), boxes)


def drafted_as(task: CopyTask, record: PublicRecord) -> Drafted:
    """The draft of a copy that stands, with the rectangles that its record tells."""
    texts = tuple(own_text(page) for page in task.pages)
    values = _all_values(task, texts, [()] * len(texts))
    told = {page.document_page: page.hidden for page in record.pages}
    hidden = tuple(
        _as_proposed(page, text, told.get(page.document_page, ()))
        for page, text in zip(task.pages, texts, strict=True)
    )
    return Drafted(hidden, texts, values, record)


def uncovered(draft: Drafted) -> Iterator[int]:
    """Places, from 1, of pages on which something that was found is not wholly under a rectangle."""
    for number, (hidden, text) in enumerate(zip(draft.hidden, draft.texts, strict=True), 1):
        if not shows_words(hidden.page):
            continue
        placed = (clipped(box, text.size) for box in _placed(hidden.page.items, text))
        if any(box and not _covered(box, hidden.boxes) for box in placed):
            yield number


def _covered(box: Box, by: Sequence[Box]) -> bool:
    return any(one.overlap(box) == box.area for one in by)

"""What a process of the pool does for a public copy: burn, write anew, prove.

A copy is made of the originals and the pages' words, never of the document's PDF. It has its record
last: one without a record is no copy.
"""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np

from flows.publication.tasks import CopyPage, CopyResult, CopyTask
from flows.stages.tasks import PDF_FLAVOUR
from pipeline.imaging.image import apply_transform
from pipeline.imaging.raster import Pixels
from pipeline.pdf.document import PdfFacts, check
from pipeline.pictures.rereading import line_reader
from pipeline.privacy.ink import signature_ink
from pipeline.privacy.redaction import (
    ProvedPage,
    PublicPage,
    burn,
    cleaned_picture,
    hidden_boxes,
    page_reader,
    prove,
    public_picture,
    redacted_text,
    to_prove,
    without_other_side,
    write_public_copy,
)
from pipeline.privacy.redaction.gone import Gone, gone_of
from scanners.pages.decode import decode_page
from scanners.pages.raster import half_of
from schemas.alto import read_alto, write_alto
from schemas.durable import make_folder, sync_folder, write_bytes_durably
from schemas.geometry import Affine, Box, Size
from schemas.hashing import hash_file
from schemas.privacy import PersonalKind
from schemas.public import BELONGS, PDF, RECORD, PublicRecord, copied_alto, read_copy
from schemas.records import Finding, encode
from schemas.settings import Settings
from schemas.text import Line, PageText, Reading

_PICTURES = ".pictures"
_ROUNDS = 3
_LONGEST = 6
_A4 = Size(827, 1169)
_A4_DPI = 100
_WHITE = 255
_SHEET = Box(0, 0, _A4.width, _A4.height)


@dataclass(frozen=True, slots=True)
class _Hidden:
    """A page with what is hidden on it: the text that is left, and the rectangles."""

    page: CopyPage
    text: PageText
    boxes: tuple[Box, ...]


def _plain(text: PageText) -> PageText:
    """A page's words without a trace of the original that they were read from."""
    reading = Reading(language=text.reading.language)
    return replace(text, transform=Affine(), source_size=text.size, part=None, reading=reading)


def _own_text(page: CopyPage) -> PageText:
    path = page.task.unit.alto_page(page.task.page)
    return read_alto(path.read_bytes()) if path.exists() else PageText(_A4, _A4_DPI)


def _boxes_of(page: CopyPage, text: PageText) -> tuple[Box, ...]:
    """The boxes of all that was found on a page, and those of its words."""
    words = text.words
    placed = (words[n].box for item in page.items for n in item.words if n < len(words))
    return (*(box for item in page.items for box in item.boxes), *placed)


def _signed(page: CopyPage, text: PageText) -> tuple[Box, ...]:
    """The ink of signatures; the page is opened only where one is expected."""
    expected = [item.boxes for item in page.items if item.kind is PersonalKind.SIGNATURE]
    return signature_ink(_pixels(page, text), text, expected) if expected else ()


def _values(page: CopyPage, text: PageText) -> Iterator[str]:
    """What has to be gone of a page's findings: as normalised, and as it was read."""
    words = text.words
    for item in page.items:
        yield item.value
        yield " ".join(words[n].text for n in item.words if n < len(words))


def _repeated(line: Line, gone: Gone) -> Iterator[Box]:
    """The shortest runs of a line's words that still say something that has to be gone."""
    if not gone.in_text(line.text):
        return
    words = line.words
    for length in range(1, min(_LONGEST, len(words)) + 1):
        runs = [words[n : n + length] for n in range(len(words) - length + 1)]
        told = [run for run in runs if gone.in_text(" ".join(word.text for word in run))]
        if told:
            yield from (word.box for run in told for word in run)
            return


def _hidden(page: CopyPage, text: PageText, gone: Gone) -> _Hidden:
    """A page's findings covered, and whatever says the same elsewhere on it."""
    if page.whole and page.opened:
        return _Hidden(page, PageText(_A4, _A4_DPI), (_SHEET,))
    if page.blank:
        return _Hidden(page, PageText(_A4, _A4_DPI), ())
    if not page.opened:
        return _Hidden(page, PageText(text.size, text.dpi), ())
    wanted, left = (*_boxes_of(page, text), *_signed(page, text)), text
    boxes: tuple[Box, ...] = ()
    for _ in range(_ROUNDS):
        boxes = hidden_boxes(wanted, text.dpi, text.size, text)
        left = redacted_text(text, boxes)
        more = tuple(box for line in left.lines for box in _repeated(line, gone))
        if not more:
            break
        wanted = (*wanted, *more)
    return _Hidden(page, left, boxes)


def _pixels(page: CopyPage, text: PageText) -> Pixels:
    """The page image, upright and straight, as its words describe it."""
    task = page.task
    whole = decode_page(task.path, task.kind, task.frame, task.settings)
    part = half_of(whole, task.half, task.cut).pixels
    return apply_transform(part, text.transform, text.size)


def _kept_picture(page: CopyPage) -> bytes | None:
    """The picture made when the page was read, where it is still there and may go out."""
    name = f"{page.task.page:04d}.{page.task.settings.pdf_profile}"
    path = page.task.unit.work / name
    return cleaned_picture(path.read_bytes()) if path.exists() else None


def _picture(hidden: _Hidden, text: PageText, settings: Settings, *, anonymised: bool) -> bytes:
    """The page as it goes out; where anything of the document is hidden, without its other side."""
    page = hidden.page
    if page.whole or page.blank:
        plain = np.full((_A4.height, _A4.width), 0 if page.whole else _WHITE, np.uint8)
        return public_picture(plain, hidden.text, hidden.boxes, settings)
    kept = None if anonymised else _kept_picture(page)
    if kept is not None:
        return kept
    pixels = _pixels(page, text)
    shown = without_other_side(pixels) if anonymised else pixels
    burnt = burn(shown, hidden.boxes, text.dpi)
    reread = line_reader(settings, page.task.language) if hidden.text.words else None
    return public_picture(burnt, hidden.text, hidden.boxes, settings, reread)


def _public_page(
    hidden: _Hidden, text: PageText, task: CopyTask, *, anonymised: bool
) -> PublicPage:
    """The page's picture and words as files of the copy."""
    number, left = hidden.page.document_page, _plain(hidden.text)
    if not hidden.page.opened:
        return PublicPage(None, left, number)
    path = task.target / _PICTURES / f"{number:04d}"
    write_bytes_durably(path, _picture(hidden, text, task.settings, anonymised=anonymised))
    if left.words:
        write_bytes_durably(copied_alto(task.target, number), write_alto(left, PDF, number))
    return PublicPage(path, left, number, hidden.boxes)


def _title(fields: dict[str, str], record: PublicRecord) -> str:
    named = (("", "type"), ("nr. ", "number"), ("din ", "date"))
    parts = [f"{before}{fields[name]}" for before, name in named if name in fields]
    return " ".join(parts) or record.document


def _told(record: PublicRecord, gone: Gone) -> PublicRecord:
    """The record without the fields that say something that has to be gone."""
    fields = {name: value for name, value in record.fields.items() if not gone.in_text(value)}
    leaves = tuple(
        replace(page, leaf="" if gone.in_text(page.leaf) else page.leaf) for page in record.pages
    )
    named: dict[str, Any] = {name: "" for name in BELONGS if gone.in_text(getattr(record, name))}
    return replace(record, fields=fields, pages=leaves, **named)


@dataclass(frozen=True, slots=True)
class _Drafted:
    """What a copy consists of, by the document alone: pages, values that are gone, record."""

    hidden: tuple[_Hidden, ...]
    texts: tuple[PageText, ...]
    values: tuple[str, ...]
    record: PublicRecord


def _drafted(task: CopyTask) -> _Drafted:
    texts = tuple(_own_text(page) for page in task.pages)
    pairs = tuple(zip(task.pages, texts, strict=True))
    values = tuple(dict.fromkeys(v for page, text in pairs for v in _values(page, text) if v))
    gone = gone_of(values)
    hidden = tuple(_hidden(page, text, gone) for page, text in pairs)
    return _Drafted(hidden, texts, values, _told(task.record, gone))


def _written(task: CopyTask, draft: _Drafted) -> PublicRecord:
    """The copy's PDF, ALTO and pictures; its record as it has to stand."""
    anonymised = any(hidden.boxes for hidden in draft.hidden)
    pages = tuple(
        _public_page(hidden, text, task, anonymised=anonymised)
        for hidden, text in zip(draft.hidden, draft.texts, strict=True)
    )
    record = draft.record
    facts = PdfFacts(
        title=_title(record.fields, record),
        created=datetime.fromisoformat(task.created),
        identifier=record.document,
        interface_language=task.settings.interface_language,
    )
    digest = write_public_copy(pages, task.target / PDF, facts)
    pictures = tuple(to_prove(page).picture for page in pages)
    copied = tuple(
        replace(page, picture=picture) for page, picture in zip(record.pages, pictures, strict=True)
    )
    shutil.rmtree(task.target / _PICTURES, ignore_errors=True)
    return replace(record, sha256=digest, flavour=PDF_FLAVOUR, pages=copied)


def _words_told(copy: Path, record: PublicRecord) -> Iterator[str]:
    """All that a copy tells beside its PDF."""
    yield from (*record.fields.values(), *(page.leaf for page in record.pages))
    yield from (getattr(record, name) for name in BELONGS)
    for page in record.pages:
        path = copied_alto(copy, page.document_page)
        if path.exists():
            yield read_alto(path.read_bytes()).plain


def _proof(task: CopyTask, draft: _Drafted, record: PublicRecord) -> Iterator[Finding]:
    """What speaks against publishing a copy; nothing where it is proved."""
    pages = tuple(
        ProvedPage(_plain(hidden.text), hidden.boxes, page.picture)
        for hidden, page in zip(draft.hidden, record.pages, strict=True)
    )
    reader = page_reader(task.settings, task.pages[0].task.language)
    yield from prove(task.target / PDF, pages, draft.values, reader)
    gone = gone_of(draft.values)
    if any(gone.in_text(text) for text in _words_told(task.target, record)):
        yield Finding("public-text", None, {"what": "ALTO"})
    for violation in check(task.target / PDF, PDF_FLAVOUR)[:1]:
        yield Finding("copy-failed", None, {"d": record.document, "why": violation})


def _drawn_up(task: CopyTask, draft: _Drafted) -> PublicRecord:
    make_folder(task.target)
    record = _written(task, draft)
    write_bytes_durably(task.target / RECORD, encode(record))
    sync_folder(task.target)
    return record


def draw_up(task: CopyTask) -> CopyResult:
    """Make a document's copy, to be looked at; nothing is proved yet."""
    return CopyResult(_drawn_up(task, _drafted(task)))


def make_copy(task: CopyTask) -> CopyResult:
    """Make a document's copy and prove it."""
    draft = _drafted(task)
    record = _drawn_up(task, draft)
    return CopyResult(record, tuple(_proof(task, draft, record)))


def prove_copy(task: CopyTask) -> CopyResult:
    """Prove a copy that stands, as it was proposed: PDF, words and record are looked at anew."""
    draft, record = _drafted(task), read_copy(task.target)
    pdf = task.target / PDF
    if record is None or not pdf.exists() or hash_file(pdf) != task.sha256:
        return CopyResult(task.record, (Finding("public-damaged", None, {"why": PDF}),))
    return CopyResult(record, tuple(_proof(task, draft, record)))

"""What a process of the pool does for a public copy: burn, write anew, prove.

A copy is made of the originals and the pages' words, never of the document's PDF. It has its record
last: one without a record is no copy.
"""

import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import numpy as np

from flows.publication.drafting import (
    A4,
    Drafted,
    Hidden,
    drafted,
    drafted_as,
    own_text,
    page_pixels,
    uncovered,
    unread,
)
from flows.publication.second_look import second_look, under_stamps
from flows.publication.tasks import CopyPage, CopyResult, CopyTask
from flows.stages.tasks import PDF_FLAVOUR
from pipeline.opis import title_of
from pipeline.pdf.document import PdfFacts, check
from pipeline.pictures.rereading import line_reader
from pipeline.privacy.redaction import (
    ProvedPage,
    PublicPage,
    burn,
    cleaned_picture,
    page_reader,
    prove,
    public_picture,
    to_prove,
    without_other_side,
    write_public_copy,
)
from pipeline.privacy.redaction.gone import gone_of
from schemas.alto import read_alto, write_alto
from schemas.durable import make_folder, sync_folder, write_bytes_durably
from schemas.geometry import Affine
from schemas.hashing import hash_file
from schemas.public import BELONGS, PDF, RECORD, PublicRecord, copied_alto, read_copy
from schemas.records import Finding, encode
from schemas.settings import Settings
from schemas.text import PageText, Reading

_PICTURES = ".pictures"
_WHITE = 255


def _plain(text: PageText) -> PageText:
    """A page's words without a trace of the original that they were read from."""
    reading = Reading(language=text.reading.language)
    return replace(text, transform=Affine(), source_size=text.size, part=None, reading=reading)


def _kept_picture(page: CopyPage) -> bytes | None:
    """The picture made when the page was read, where it is still there and may go out."""
    name = f"{page.task.page:04d}.{page.task.settings.pdf_profile}"
    path = page.task.unit.work / name
    return cleaned_picture(path.read_bytes()) if path.exists() else None


def _picture(hidden: Hidden, text: PageText, settings: Settings, *, anonymised: bool) -> bytes:
    """The page as it goes out; where anything of the document is hidden, without its other side."""
    page = hidden.page
    if page.whole or page.blank:
        plain = np.full((A4.height, A4.width), 0 if page.whole else _WHITE, np.uint8)
        return public_picture(plain, hidden.text, hidden.boxes, settings)
    kept = None if anonymised else _kept_picture(page)
    if kept is not None:
        return kept
    pixels = page_pixels(page, text)
    shown = without_other_side(pixels) if anonymised else pixels
    burnt = burn(shown, hidden.boxes, text.dpi)
    reread = line_reader(settings, page.task.language) if hidden.text.words else None
    return public_picture(burnt, hidden.text, hidden.boxes, settings, reread)


def _public_page(hidden: Hidden, text: PageText, task: CopyTask, *, anonymised: bool) -> PublicPage:
    """The page's picture and words as files of the copy."""
    number, left = hidden.page.document_page, _plain(hidden.text)
    if not hidden.page.opened:
        return PublicPage(None, left, number)
    path = task.target / _PICTURES / f"{number:04d}"
    write_bytes_durably(path, _picture(hidden, text, task.settings, anonymised=anonymised))
    if left.words:
        write_bytes_durably(copied_alto(task.target, number), write_alto(left, PDF, number))
    return PublicPage(path, left, number, hidden.boxes)


def _written(task: CopyTask, draft: Drafted) -> PublicRecord:
    """The copy's PDF, ALTO and pictures; its record as it has to stand."""
    anonymised = any(hidden.boxes for hidden in draft.hidden)
    pages = tuple(
        _public_page(hidden, text, task, anonymised=anonymised)
        for hidden, text in zip(draft.hidden, draft.texts, strict=True)
    )
    record = draft.record
    facts = PdfFacts(
        title=title_of(record.fields) or record.document,
        created=datetime.fromisoformat(task.created),
        identifier=record.document,
        interface_language=task.settings.interface_language,
    )
    digest = write_public_copy(pages, task.target / PDF, facts)
    pictures = tuple(to_prove(page).picture for page in pages)
    copied = tuple(
        replace(page, picture=picture, hidden=hidden.boxes)
        for page, picture, hidden in zip(record.pages, pictures, draft.hidden, strict=True)
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


def _proof(task: CopyTask, draft: Drafted, record: PublicRecord) -> Iterator[Finding]:
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


def _drawn_up(task: CopyTask, draft: Drafted) -> PublicRecord:
    make_folder(task.target)
    record = _written(task, draft)
    write_bytes_durably(task.target / RECORD, encode(record))
    sync_folder(task.target)
    return record


def _texts(task: CopyTask) -> tuple[PageText, ...]:
    return tuple(own_text(page) for page in task.pages)


def draw_up(task: CopyTask) -> CopyResult:
    """Make a document's copy, to be looked at; nothing is proved yet.

    Its pages are read again by another engine, and what is found then is hidden as well.
    """
    texts = _texts(task)
    return CopyResult(_drawn_up(task, drafted(task, texts, second_look(task, texts))))


def make_copy(task: CopyTask) -> CopyResult:
    """Make a copy of a document in which nothing was found, and prove it.

    Where somebody's number may stand that no engine read, a person has to look.
    """
    texts = _texts(task)
    draft = drafted(task, texts, [()] * len(texts))
    record = _drawn_up(task, draft)
    places = sorted({*unread(task.pages, texts), *under_stamps(task, texts)})
    doubtful = tuple(Finding("public-unread", number) for number in places)
    return CopyResult(record, (*doubtful, *_proof(task, draft, record)))


def prove_copy(task: CopyTask) -> CopyResult:
    """Prove a copy that stands, as it was proposed: PDF, words and record are looked at anew."""
    record = read_copy(task.target)
    pdf = task.target / PDF
    if record is None or not pdf.exists() or hash_file(pdf) != task.sha256:
        return CopyResult(task.record, (Finding("public-damaged", None, {"why": PDF}),))
    draft = drafted_as(task, record)
    beside = tuple(Finding("public-box", number) for number in uncovered(draft))
    return CopyResult(record, (*beside, *_proof(task, draft, record)))

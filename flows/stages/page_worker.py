"""What a process of the pool does with files and pages: look into one, read one.

Here the rooms meet for one page: scanners decode and find sheets, pipeline prepares and reads.
Everything returned is small; words and pictures are on disk, complete, before a task returns.
"""

from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import cv2
import msgspec

from flows.stages.tasks import PageResult, PageTask, StoredResult, result_path
from pipeline.imaging.raster import grey_of
from pipeline.page import PageOutcome, read_page
from pipeline.pdf.delivered.ownpage import is_own, own_page, own_picture, with_hidden
from pipeline.pictures.picture import Delivered, Picture, picture_of
from pipeline.pictures.rereading import line_reader
from scanners.pages.decode import PageImage, decode_page
from scanners.pages.pdf_text import own_text
from scanners.pages.probe import probe_file
from scanners.pages.raster import half_of
from scanners.pages.strips import own_strip
from scanners.sheets import read_sheet
from schemas.alto import read_alto, write_alto
from schemas.durable import write_bytes_durably
from schemas.errors import PageFailedError
from schemas.geometry import Size
from schemas.pdftext import OwnText, PageNature
from schemas.records import Finding, PageState
from schemas.settings import Settings
from schemas.sources import FileFacts, FileKind
from schemas.text import PageText

cv2.setNumThreads(1)


def _keep(task: PageTask, result: PageResult) -> PageResult:
    stored = StoredResult(task.inputs, task.parameters, result)
    write_bytes_durably(result_path(task), msgspec.json.encode(stored))
    return result


def _store(
    task: PageTask, text: PageText, picture: tuple[bytes, str], result: PageResult
) -> PageResult:
    """Picture first, then the result, the ALTO last: once it is there the page is finished."""
    data, kind = picture
    name = f"{task.page:04d}.{kind}" if data else ""
    if data:
        write_bytes_durably(task.unit.work / name, data)
    alto = write_alto(text, task.original, task.page)
    kept = _keep(task, replace(result, picture=name, alto_sha256=sha256(alto).hexdigest()))
    write_bytes_durably(task.unit.alto_page(task.page), alto)
    return kept


def _decoded(task: PageTask) -> PageImage:
    whole = decode_page(task.path, task.kind, task.frame, task.settings)
    return half_of(whole, task.half, task.cut)


def _outcome(task: PageTask, image: PageImage) -> tuple[PageOutcome, dict[str, str]]:
    sheet = read_sheet(grey_of(image.pixels), image.dpi)
    if sheet is not None:
        return _read(task, image, separator=True), dict(sheet.keys)
    if task.kind is FileKind.PDF and image.part is None:
        height, width = image.pixels.shape[:2]
        own = own_text(task.path, task.frame, Size(width, height))
        return _of_pdf(task, image, own), {}
    return _read(task, image), {}


def _read(task: PageTask, image: PageImage, *, separator: bool = False) -> PageOutcome:
    return read_page(
        image.pixels,
        image.dpi,
        task.settings,
        task.language,
        separator,
        jpeg=_stream(task, image),
        bitonal=image.bitonal,
    )


def _of_pdf(task: PageTask, image: PageImage, own: OwnText) -> PageOutcome:
    """A PDF's page by its own words where they can be believed, else as it is read."""
    if own.nature is PageNature.DIGITAL:
        outcome = own_page(
            image.pixels, image.dpi, own, task.settings, task.language, _reader(task, image)
        )
    else:
        outcome = _read(task, image)
    if own.nature is PageNature.HIDDEN:
        outcome = with_hidden(outcome, own, task.settings, task.language)
    if own.signed and task.frame == 0:
        outcome = replace(outcome, findings=(*outcome.findings, Finding("signed")))
    return outcome


def _reader(task: PageTask, image: PageImage) -> Callable[[], PageOutcome]:
    return lambda: _read(task, image)


def look_into(path: Path, kind: FileKind, settings: Settings, alone: bool) -> FileFacts:
    """Pages of a file; `alone` where it is a binder by itself."""
    return probe_file(path, kind, settings, alone=alone)


def read_one_page(task: PageTask) -> PageResult:
    """Decode, read and store one page; a page that cannot be opened comes back as failed."""
    try:
        image = _decoded(task)
    except PageFailedError as error:
        finding = Finding(error.code, task.page, error.detail)
        return _keep(task, PageResult(task.page, PageState.FAILED, findings=(finding,)))
    try:
        outcome, sheet = _outcome(task, image)
    except cv2.error as error:
        if "nsufficient memory" not in str(error):
            raise
        raise MemoryError from error
    findings = tuple(Finding(f.code, task.page, f.detail) for f in outcome.findings)
    confidence = round(outcome.text.confidence, 3) if outcome.text.words else None
    result = PageResult(
        task.page,
        outcome.state,
        confidence,
        findings=findings,
        sheet=sheet,
        quality=outcome.quality,
        original=task.original,
        frame=task.frame,
        half=task.half,
    )
    return _store(
        task, _of_part(outcome.text, image), (outcome.picture, outcome.picture_kind), result
    )


def _of_part(text: PageText, image: PageImage) -> PageText:
    """What was read of half a frame, with its place in the frame."""
    if image.part is None:
        return text
    return replace(text, part=image.part, source_size=image.frame)


def _stream(task: PageTask, image: PageImage) -> bytes | None:
    """The scanner's own stream of a page, where it is one that a PDF can show."""
    if image.part is not None:
        return None
    if image.bitonal and task.kind is FileKind.TIFF:
        return own_strip(task.path, task.frame, task.settings)
    return image.jpeg


def _picture(task: PageTask, image: PageImage, text: PageText) -> Picture:
    """A page's picture as reading makes it, from what its ALTO tells of the page image."""
    stream = _stream(task, image)
    delivered = Delivered(image.pixels, image.dpi, stream, image.bitonal)
    if is_own(text):
        return own_picture(delivered, text, task.settings)
    reread = line_reader(task.settings, text.reading.language) if text.words else None
    return picture_of(None, text, delivered, task.settings, reread)


def picture_only(task: PageTask, finding: Finding) -> PageResult:
    """The picture of a page whose reading failed, so that it can still be looked at."""
    image = _decoded(task)
    height, width = image.pixels.shape[:2]
    size = Size(width, height)
    text = _of_part(PageText(size, image.dpi, source_size=size), image)
    picture = _picture(task, image, text)
    result = PageResult(task.page, PageState.FAILED, findings=(finding,))
    return _store(task, text, (picture.data, picture.kind), result)


def picture_again(task: PageTask) -> str:
    """A page's picture made anew from its original and ALTO, without reading it again."""
    return picture_into(task, task.unit.work)


def picture_into(task: PageTask, folder: Path) -> str:
    """The same in another folder; the file's name in it."""
    text = read_alto(task.unit.alto_page(task.page).read_bytes())
    image = _decoded(task)
    picture = _picture(task, image, text)
    name = f"{task.page:04d}.{picture.kind}"
    write_bytes_durably(folder / name, picture.data)
    return name

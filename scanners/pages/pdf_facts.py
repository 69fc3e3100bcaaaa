"""What a PDF is before any page of it is drawn: its pages, its locks, its programs."""

import logging
import mmap
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pikepdf
import pypdfium2 as pdfium

from scanners.pages.pdf_page import LEAST_RENDER_DPI, POINTS, open_pdf
from scanners.pages.raster import MEGA
from schemas.errors import RefusedError
from schemas.settings import Settings

logging.getLogger("pikepdf").setLevel(logging.CRITICAL)

_ACTIVE = frozenset({"/JavaScript", "/Launch"})
_MOST_CHAINED = 50
_MOST_FORMS = 200
_DEFECTS = (pikepdf.PdfError, ValueError, TypeError, KeyError, AttributeError, RuntimeError)
_RAW_SIGNS = (b"/JavaScript", b"/Launch", b"/EmbeddedFile")
_A4_POINTS = (595.0, 842.0)


def _is_filled(tree: Any) -> bool:  # noqa: ANN401 any PDF object
    """Whether a name tree holds anything."""
    if not isinstance(tree, pikepdf.Dictionary):
        return False
    lists = (tree.get("/Names"), tree.get("/Kids"))
    return any(isinstance(part, pikepdf.Array) and len(part) for part in lists)


def _actions(action: Any) -> Iterator[str]:  # noqa: ANN401 any PDF object
    """The kinds of an action and of those that follow it."""
    waiting = [action]
    for _ in range(_MOST_CHAINED):
        if not waiting:
            return
        current = waiting.pop()
        if isinstance(current, pikepdf.Array):
            waiting += list(current)[:_MOST_CHAINED]
        elif isinstance(current, pikepdf.Dictionary):
            yield str(current.get("/S", ""))
            waiting.append(current.get("/Next"))


def _is_active(action: Any) -> bool:  # noqa: ANN401 any PDF object
    return not _ACTIVE.isdisjoint(_actions(action))


def _document_is_active(root: pikepdf.Object) -> bool:
    names = root.get("/Names")
    if isinstance(names, pikepdf.Dictionary):
        trees = (names.get("/JavaScript"), names.get("/EmbeddedFiles"))
        if any(_is_filled(tree) for tree in trees):
            return True
    more = root.get("/AA")
    on_events = tuple(more.values()) if isinstance(more, pikepdf.Dictionary) else ()
    return any(_is_active(action) for action in (root.get("/OpenAction"), *on_events))


def _note_is_active(note: Any) -> bool:  # noqa: ANN401 any PDF object
    """A file attached to a page; links and the scripts of form fields are ordinary."""
    is_note = isinstance(note, pikepdf.Dictionary)
    return is_note and str(note.get("/Subtype", "")) == "/FileAttachment"


def _page_is_active(page: pikepdf.Object) -> bool:
    notes = page.get("/Annots")
    return isinstance(notes, pikepdf.Array) and any(_note_is_active(note) for note in notes)


def _tolerant(check: Any, thing: Any) -> bool:  # noqa: ANN401 any PDF object
    """The check's answer; no where the object is too broken to act."""
    try:
        return bool(check(thing))
    except _DEFECTS:
        return False


def _images(page: pikepdf.Object) -> Iterator[tuple[int, int]]:
    """Sizes of the images that a page can show, those within its forms too."""
    waiting, seen = [page.get("/Resources")], 0
    while waiting and seen < _MOST_FORMS:
        resources = waiting.pop()
        objects = resources.get("/XObject") if isinstance(resources, pikepdf.Dictionary) else None
        if not isinstance(objects, pikepdf.Dictionary):
            continue
        for item in objects.values():
            seen += 1
            if not isinstance(item, pikepdf.Stream):
                continue
            if str(item.get("/Subtype", "")) == "/Image":
                yield int(item.get("/Width", 0)), int(item.get("/Height", 0))
            else:
                waiting.append(item.get("/Resources"))


def _largest_image(page: pikepdf.Object) -> int:
    try:
        return max((width * height for width, height in _images(page)), default=0)
    except _DEFECTS:
        return 0


def _points(page: pikepdf.Page) -> float:
    """The page's area in square points."""
    try:
        box = [float(value) for value in page.cropbox]
    except _DEFECTS:
        return _A4_POINTS[0] * _A4_POINTS[1]
    return abs(box[2] - box[0]) * abs(box[3] - box[1])


def _check_page(page: pikepdf.Page, name: str, settings: Settings) -> None:
    limit = settings.max_megapixels * MEGA
    image = _largest_image(page.obj)
    drawn = 0 if image else _points(page) * (LEAST_RENDER_DPI / POINTS) ** 2
    if image > limit or drawn > limit:
        raise RefusedError("too-many-pixels", name, n=settings.max_megapixels)
    if _tolerant(_page_is_active, page.obj):
        raise RefusedError("pdf-active", name)


def _by_qpdf(path: Path, settings: Settings) -> int:
    with pikepdf.open(path) as document:
        pages = len(document.pages)
        if pages > settings.max_pages:
            raise RefusedError("too-many-pages", path.name, n=settings.max_pages)
        if _tolerant(_document_is_active, document.Root):
            raise RefusedError("pdf-active", path.name)
        for page in document.pages:
            _check_page(page, path.name, settings)
    return pages


def _by_pdfium(path: Path, settings: Settings) -> int:
    """Pages of a PDF that qpdf cannot follow; 0 where pdfium cannot either."""
    try:
        with open_pdf(path) as document:
            pages = len(document)
    except pdfium.PdfiumError:
        return 0
    if pages > settings.max_pages:
        raise RefusedError("too-many-pages", path.name, n=settings.max_pages)
    _check_raw(path)
    return pages


def _check_raw(path: Path) -> None:
    """Where the structure cannot be followed: the names of what is active, anywhere."""
    with path.open("rb") as stream, mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) as data:
        if any(data.find(sign) >= 0 for sign in _RAW_SIGNS):
            raise RefusedError("pdf-active", path.name)


def probe_pdf(path: Path, settings: Settings) -> int:
    """The number of pages of a PDF, mended where that can be done.

    Raises RefusedError: pdf-password, pdf-damaged, pdf-active, too-many-pages, too-many-pixels.
    """
    code = "pdf-damaged"
    try:
        pages = _by_qpdf(path, settings)
    except pikepdf.PasswordError:
        code, pages = "pdf-password", 0
    except _DEFECTS:
        pages = 0
    pages = pages or _by_pdfium(path, settings)
    if not pages:
        raise RefusedError(code, path.name)
    return pages

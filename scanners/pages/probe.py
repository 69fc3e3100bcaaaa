"""A first look into a file: how many pages it has, or why it cannot be taken.

Runs in a process of its own with limits on memory and time; plain functions.
"""

import io
from pathlib import Path

from scanners.intake import open_source
from scanners.kinds import TiffFrame, tiff_frames
from scanners.pages.decode import decode_page, open_picture
from scanners.pages.pdf_facts import probe_pdf
from scanners.pages.raster import MEGA
from scanners.pages.spreads import find_cuts
from schemas.errors import PageFailedError, RefusedError
from schemas.settings import Settings
from schemas.sources import FileFacts, FileKind

_TRIED = 3
_TIFF_ENTRY_AT = 8
_DAMAGED = {FileKind.PDF: "pdf-damaged"}
_SHARED_CODES = frozenset({"too-many-pixels", "vanished", "special-file"})


def _check_pixels(width: int, height: int, name: str, settings: Settings) -> None:
    if width * height > settings.max_megapixels * MEGA:
        raise RefusedError("too-many-pixels", name, n=settings.max_megapixels)


def _check_pages(frames: int, name: str, settings: Settings) -> None:
    if frames > settings.max_pages:
        raise RefusedError("too-many-pages", name, n=settings.max_pages)


def _tiff(path: Path, settings: Settings) -> tuple[TiffFrame, ...]:
    with open_source(path) as raw, io.BufferedReader(raw) as stream:  # type: ignore[type-var]  # an unbuffered file is a raw stream
        frames = tiff_frames(stream, settings.max_pages + 1)
    _check_pages(len(frames), path.name, settings)
    for frame in frames:
        _check_pixels(frame.width, frame.height, path.name, settings)
    return frames


def _picture(path: Path, kind: FileKind, settings: Settings) -> None:
    """The header of a JPEG or PNG."""
    with open_source(path) as raw, io.BufferedReader(raw) as stream:  # type: ignore[type-var]  # an unbuffered file is a raw stream
        try:
            with open_picture(stream, kind) as picture:
                width, height = picture.size
        except Exception:  # noqa: BLE001 hostile bytes raise anything; decoding will tell what
            return
    _check_pixels(width, height, path.name, settings)


def _frames(path: Path, kind: FileKind, settings: Settings) -> int:
    if kind is FileKind.PDF:
        return probe_pdf(path, settings)
    if kind is FileKind.TIFF:
        return len(_tiff(path, settings))
    _picture(path, kind, settings)
    return 1


def _refusal(error: PageFailedError, path: Path, kind: FileKind) -> RefusedError:
    if error.code in _SHARED_CODES:
        return RefusedError(error.code, path.name, **error.detail)
    if error.code == "page-memory-limit":
        return RefusedError("memory-limit", path.name)
    if kind is not FileKind.PDF and error.detail.get("why") == "truncated":
        return RefusedError("truncated", path.name)
    return RefusedError(_DAMAGED.get(kind, "image-damaged-file"), path.name)


def _check_opens(path: Path, kind: FileKind, frames: int, settings: Settings) -> None:
    """Refuses a file of up to three pages of which none can be shown."""
    first: PageFailedError | None = None
    for frame in range(min(frames, _TRIED)):
        try:
            decode_page(path, kind, frame, settings)
        except PageFailedError as error:
            first = first or error
        else:
            return
    if first and frames <= _TRIED:
        raise _refusal(first, path, kind)


def probe_file(path: Path, kind: FileKind, settings: Settings, *, alone: bool = True) -> FileFacts:
    """The frames of a file, and which of them are spreads to be split, if that is set.

    Raises RefusedError.

    `alone`: the file is a binder by itself, so pages are tried too and a file of which nothing can
    be shown is refused. As one page among others (`alone=False`) a damaged image is taken as one
    page, whose decoding fails: a finding of its unit.
    """
    frames = _frames(path, kind, settings)
    if not frames and alone:
        short = path.lstat().st_size <= _TIFF_ENTRY_AT
        raise RefusedError("truncated" if short else "image-damaged-file", path.name)
    if alone:
        _check_opens(path, kind, frames, settings)
    cuts = find_cuts(path, kind, frames, settings) if settings.spreads == "split" else ()
    return FileFacts(max(frames, 1), cuts)

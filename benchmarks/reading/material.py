"""A set of pages as each variant takes it; making this is never counted."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pikepdf
from PIL import Image

from benchmarks.reading.pages import SetPage
from scanners.pages.decode import decode_page
from schemas.errors import PageFailedError
from schemas.settings import Settings
from schemas.sources import FileKind

Image.MAX_IMAGE_PIXELS = None


@dataclass(frozen=True, slots=True)
class PdfPages:
    """A PDF and the keys of its pages, in order."""

    path: Path
    keys: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Material:
    """The same pages in all forms.

    `sources`: what scan-batch gets, a binder folder of all images and each PDF or longer TIFF;
    `keys`: a page's key by its file's name there and its frame; `pdfs`: one PDF of all images,
    losslessly made, and the PDFs; `singles`: each page as one image file.
    """

    pages: tuple[SetPage, ...]
    sources: tuple[Path, ...]
    keys: dict[tuple[str, int], str]
    pdfs: tuple[PdfPages, ...]
    singles: dict[str, Path]
    notes: tuple[str, ...]


def _files(pages: Sequence[SetPage]) -> dict[Path, tuple[SetPage, ...]]:
    files = dict.fromkeys(page.path for page in pages)
    return {path: tuple(page for page in pages if page.path == path) for path in files}


def _sources(
    files: dict[Path, tuple[SetPage, ...]], work: Path
) -> tuple[tuple[Path, ...], dict[tuple[str, int], str]]:
    """Copies under names whose order is the set's."""
    keys: dict[tuple[str, int], str] = {}
    sources: dict[Path, None] = {}
    for number, (path, pages) in enumerate(files.items(), 1):
        apart = pages[0].kind is FileKind.PDF or len(pages) > 1
        folder = work / ("binders" if apart else "binder")
        folder.mkdir(exist_ok=True)
        copy = folder / f"{number:05d}{path.suffix.lower()}"
        shutil.copyfile(path, copy)
        sources[copy if apart else folder] = None
        keys |= {(copy.name, page.frame): page.key for page in pages}
    return tuple(sources), keys


def _img2pdf(image: Path, out: Path) -> bool:
    """Losslessly; an image without a resolution counts as 300 dpi."""
    with Image.open(image) as picture:
        told = picture.info.get("dpi")
    size = () if told and min(told) > 1 else ("--imgsize", "300dpix300dpi")
    command = (sys.executable, "-m", "img2pdf", "--rotation=ifvalid", *size, "-o", out, image)
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


def _image_pdf(image: Path, out: Path) -> bool:
    """What img2pdf does not take (transparency, 16 bits) goes through an RGB PNG."""
    try:
        if _img2pdf(image, out):
            return True
        plain = out.with_suffix(".png")
        with Image.open(image) as picture:
            picture.convert("RGB").save(plain, dpi=picture.info.get("dpi", (300, 300)))
        return _img2pdf(plain, out)
    except (OSError, SyntaxError, ValueError):
        return False


def _joined(files: dict[Path, tuple[SetPage, ...]], work: Path) -> tuple[PdfPages, list[str]]:
    """One PDF of all images; a file that cannot stand in it is left out and named."""
    keys: list[str] = []
    missing: list[str] = []
    parts = [work / f"{number:05d}.pdf" for number, _ in enumerate(files)]
    with pikepdf.new() as whole, ThreadPoolExecutor(os.cpu_count()) as pool:
        all_made = pool.map(_image_pdf, files, parts)
        for (path, pages), part, made in zip(files.items(), parts, all_made, strict=True):
            with pikepdf.open(part) if made else pikepdf.new() as opened:
                fits = len(opened.pages) == len(pages)
                whole.pages.extend(opened.pages if fits else ())
            keys += [page.key for page in pages] if fits else []
            missing += [] if fits else [f"not in the peers' PDF: {path.name}"]
        whole.save(work / "images.pdf")
    return PdfPages(work / "images.pdf", tuple(keys)), missing


def _pdfs(
    files: dict[Path, tuple[SetPage, ...]], work: Path
) -> tuple[tuple[PdfPages, ...], list[str]]:
    images = {path: own for path, own in files.items() if own[0].kind is not FileKind.PDF}
    delivered = tuple(
        PdfPages(path, tuple(page.key for page in own))
        for path, own in files.items()
        if path not in images
    )
    joined, missing = _joined(images, work) if images else (None, [])
    return ((joined, *delivered) if joined and joined.keys else delivered), missing


def _single(page: SetPage, settings: Settings, out: Path) -> Path | None:
    try:
        image = decode_page(page.path, page.kind, page.frame, settings)
    except PageFailedError:
        return None
    pixels = image.pixels if image.pixels.ndim == 2 else image.pixels[:, :, ::-1]
    Image.fromarray(pixels).save(out, dpi=(image.dpi, image.dpi), compress_level=1)
    return out


def _singles(
    files: dict[Path, tuple[SetPage, ...]], settings: Settings, work: Path
) -> Iterator[tuple[str, Path]]:
    """An image of one page as delivered; pages of PDFs and of longer TIFFs as PNG."""
    for path, pages in files.items():
        if len(pages) == 1 and pages[0].kind is not FileKind.PDF:
            yield pages[0].key, path
            continue
        for page in pages:
            made = _single(page, settings, work / f"{path.stem}-{page.frame:04d}.png")
            if made:
                yield page.key, made


def make_material(
    pages: Sequence[SetPage], settings: Settings, work: Path, peers: Sequence[str]
) -> Material:
    """All forms that the peers need, under `work`."""
    files = _files(pages)
    work.mkdir(parents=True, exist_ok=True)
    sources, keys = _sources(files, work)
    by_pdf = {"ocrmypdf", "paperless"} & set(peers)
    pdfs, missing = _pdfs(files, work) if by_pdf else ((), [])
    singles = dict(_singles(files, settings, work)) if "tesseract" in peers else {}
    return Material(tuple(pages), sources, keys, pdfs, singles, tuple(missing))

"""Writes pages as a scanner station does, one at a time: a folder of JPEGs, a TIFF or a PDF."""

import hashlib
import io
import random
from pathlib import Path
from typing import Final, Protocol

import cv2
import numpy as np
from PIL import Image, TiffImagePlugin

from examples.binders.ink import Pixels

NAMES: Final = ("{:04d}.jpg", "scan{}.jpg", "IMG_{:04d}.JPG", "pagina-{:03d}.jpeg")
HALF: Final = 127


class Writer(Protocol):
    """Takes pages in order; `add` tells the page's file (below binders/) and frame (from 0)."""

    def add(self, page: Pixels, dpi: int, *, sheet: bool, damage: str) -> tuple[str, int]:
        """Write one page."""
        ...

    def close(self) -> tuple[Path, ...]:
        """Finish, and tell the files."""
        ...


def writer(form: str, folder: Path, name: str, rng: random.Random) -> Writer:
    """The writer of a form: "folder", "tiff" or "pdf"."""
    if form == "folder":
        return FolderWriter(folder / name, rng)
    if form == "tiff":
        return TiffWriter(folder / f"{name}.tif", rng)
    return PdfWriter(folder / f"{name}.pdf", rng)


def _image(page: Pixels) -> Image.Image:
    return Image.fromarray(page if page.ndim == 2 else cv2.cvtColor(page, cv2.COLOR_BGR2RGB))


def jpeg(page: Pixels, dpi: int, quality: int) -> bytes:
    """A page as JPEG with its resolution."""
    file = io.BytesIO()
    _image(page).save(file, "JPEG", quality=quality, dpi=(dpi, dpi))
    return file.getvalue()


def digest(file: Path) -> str:
    """SHA-256 in hexadecimal."""
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


class FolderWriter:
    """One JPEG a page; a damaged one is cut short or has lost its head."""

    def __init__(self, folder: Path, rng: random.Random) -> None:
        folder.mkdir(parents=True)
        self.folder, self.rng = folder, rng
        self.pattern, self.quality = rng.choice(NAMES), rng.randint(85, 90)
        self.files: list[Path] = []

    def add(self, page: Pixels, dpi: int, *, sheet: bool, damage: str) -> tuple[str, int]:
        """Write one page."""
        file = self.folder / self.pattern.format(len(self.files) + 1)
        content = jpeg(page, dpi, 90 if sheet else self.quality)
        file.write_bytes(_spoil(content, damage))
        self.files.append(file)
        return f"{self.folder.name}/{file.name}", 0

    def close(self) -> tuple[Path, ...]:
        """Tell the files."""
        return tuple(self.files)


def _spoil(content: bytes, damage: str) -> bytes:
    if damage == "truncated":
        return content[: len(content) // 5]
    if damage == "corrupt":
        return bytes(2048) + content[2048:]
    return content


class TiffWriter:
    """A multi-page TIFF: all bitonal (G4), or grey as JPEG with the cover sheet as LZW."""

    def __init__(self, file: Path, rng: random.Random) -> None:
        file.parent.mkdir(parents=True, exist_ok=True)
        self.file, self.bitonal = file, rng.random() < 0.5
        self.tiff = TiffImagePlugin.AppendingTiffWriter(file, new=True)
        self.frames, self.quality = 0, rng.randint(85, 90)

    def add(self, page: Pixels, dpi: int, *, sheet: bool, damage: str) -> tuple[str, int]:
        """Write one page."""
        if self.bitonal:
            how: dict[str, object] = {"compression": "group4"}
            image = Image.fromarray(page > HALF if damage else _bitonal(page))
        else:
            how = {"compression": "jpeg", "quality": self.quality}
            how = {"compression": "tiff_lzw"} if sheet and self.frames == 0 else how
            image = _image(page)
        image.save(self.tiff, "TIFF", dpi=(dpi, dpi), **how)
        self.tiff.newFrame()
        self.frames += 1
        return self.file.name, self.frames - 1

    def close(self) -> tuple[Path, ...]:
        """Finish the file."""
        self.tiff.close()
        return (self.file,)


def _bitonal(page: Pixels) -> "np.ndarray[tuple[int, ...], np.dtype[np.bool_]]":
    """Black and white as a scanner thresholds: against the paper's tone round about."""
    grey = page if page.ndim == 2 else np.asarray(cv2.cvtColor(page, cv2.COLOR_BGR2GRAY), np.uint8)
    small = cv2.resize(grey, None, fx=0.125, fy=0.125, interpolation=cv2.INTER_AREA)
    around = cv2.medianBlur(cv2.dilate(small, np.ones((5, 5), np.uint8)), 21)
    limit = cv2.convertScaleAbs(around, alpha=0.7)
    full = cv2.resize(limit, (grey.shape[1], grey.shape[0]), interpolation=cv2.INTER_LINEAR)
    return np.asarray(grey > full)


class PdfWriter:
    """An image-only PDF 1.4, written object by object; JPEG streams stand in it untouched."""

    def __init__(self, file: Path, rng: random.Random) -> None:
        file.parent.mkdir(parents=True, exist_ok=True)
        self.file, self.stream = file, file.open("wb")
        self.quality = rng.randint(85, 90)
        self.offsets: dict[int, int] = {}
        self.pages: list[int] = []
        self.stream.write(b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n")

    def _object(self, number: int, head: str, stream: bytes | None = None) -> None:
        self.offsets[number] = self.stream.tell()
        self.stream.write(f"{number} 0 obj\n{head}\n".encode("ascii"))
        if stream is not None:
            self.stream.write(b"stream\n" + stream + b"\nendstream\n")
        self.stream.write(b"endobj\n")

    def add(self, page: Pixels, dpi: int, *, sheet: bool, damage: str) -> tuple[str, int]:
        """Write one page."""
        _ = damage
        content = jpeg(page, dpi, 90 if sheet else self.quality)
        first = 3 + 3 * len(self.pages)
        height, width = page.shape[:2]
        space = "/DeviceGray" if page.ndim == 2 else "/DeviceRGB"
        wide, high = (f"{length * 72 / dpi:.2f}" for length in (width, height))
        self._object(
            first,
            f"<</Type/XObject/Subtype/Image/Width {width}/Height {height}/ColorSpace{space}"
            f"/BitsPerComponent 8/Filter/DCTDecode/Length {len(content)}>>",
            content,
        )
        paint = f"q {wide} 0 0 {high} 0 0 cm /Im0 Do Q".encode("ascii")
        self._object(first + 1, f"<</Length {len(paint)}>>", paint)
        self._object(
            first + 2,
            f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 {wide} {high}]/Contents {first + 1} 0 R"
            f"/Resources<</XObject<</Im0 {first} 0 R>>>>>>",
        )
        self.pages.append(first + 2)
        return self.file.name, len(self.pages) - 1

    def close(self) -> tuple[Path, ...]:
        """Write the page tree, the catalogue and the cross-reference table."""
        kids = " ".join(f"{number} 0 R" for number in self.pages)
        self._object(1, "<</Type/Catalog/Pages 2 0 R>>")
        self._object(2, f"<</Type/Pages/Count {len(self.pages)}/Kids[{kids}]>>")
        start, count = self.stream.tell(), len(self.offsets) + 1
        rows = "".join(f"{self.offsets[number]:010d} 00000 n \n" for number in range(1, count))
        tail = f"trailer\n<</Size {count}/Root 1 0 R>>\nstartxref\n{start}\n%%EOF\n"
        self.stream.write(f"xref\n0 {count}\n0000000000 65535 f \n{rows}{tail}".encode("ascii"))
        self.stream.close()
        return (self.file,)

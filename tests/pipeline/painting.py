"""Pictures painted by pdfium at the page image's own resolution."""

import subprocess
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import cv2
import numpy as np
import pypdfium2

from pipeline.layers.types import Layered, pack
from pipeline.pdf.document import PdfFacts, PdfPage, write_document
from schemas.text import PageText

FACTS = PdfFacts("Hotărârea nr. 25/2016 <&>", datetime(2026, 3, 1, 12, tzinfo=UTC), "k7w2m9")


def poppler(picture: Layered) -> np.ndarray:
    """The same in grey by poppler, which lays turned images to a fraction of a pixel."""
    with TemporaryDirectory() as folder:
        target = _document(picture, Path(folder))
        command = ["pdftoppm", "-r", "72", "-gray", "-png", "-singlefile", target, target]
        subprocess.run(command, check=True)
        return cv2.imread(f"{target}.png", cv2.IMREAD_GRAYSCALE)


def stored_image(picture: Layered) -> np.ndarray:
    """The first image as poppler decodes it, pixel for pixel."""
    with TemporaryDirectory() as folder:
        target = _document(picture, Path(folder))
        subprocess.run(["pdfimages", "-png", target, target], check=True)
        return cv2.imread(f"{target}-000.png", cv2.IMREAD_GRAYSCALE)


def _document(picture: Layered, folder: Path) -> Path:
    path, target = folder / "p.access", folder / "p.pdf"
    path.write_bytes(pack(picture))
    write_document([PdfPage(path, PageText(picture.size, 72), 1)], target, FACTS)
    return target


def painted(picture: Layered, *, grey: bool = True) -> np.ndarray:
    """The picture as a PDF shows it, a pixel for each of the page image."""
    with TemporaryDirectory() as folder:
        document = pypdfium2.PdfDocument(_document(picture, Path(folder)))
        shown = np.array(document[0].render(scale=1, grayscale=grey).to_numpy()).squeeze()
        document.close()
        return shown

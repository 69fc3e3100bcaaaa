"""Tesseract as a program of its own: slower, but a crash or a hang costs one page attempt."""

from functools import cached_property
from pathlib import Path

import pytesseract
from PIL import Image

from pipeline.imaging.raster import Pixels
from pipeline.recognition import tessdata, tsv
from pipeline.recognition.confidence import calibrated
from pipeline.recognition.interface import Recognised
from schemas.errors import InputError, PageFailedError

_HEADER = "-c tessedit_do_invert=0"


class PytesseractEngine:
    """Calls the `tesseract` command for each page, with a time limit."""

    def __init__(self, place: Path, seconds: float) -> None:
        self._place = place
        self._seconds = seconds

    @cached_property
    def name(self) -> str:
        try:
            version = pytesseract.get_tesseract_version()
        except (pytesseract.TesseractNotFoundError, SystemExit) as error:
            raise InputError("engine-missing", "ron", why=error) from error
        return f"pytesseract {pytesseract.__version__} (tesseract {version})"

    def languages(self) -> tuple[str, ...]:
        return tessdata.languages(self._place)

    def knows(self, _language: str) -> None:
        """No word list to ask."""

    def read(self, reading: Pixels, dpi: int, language: str) -> Recognised:
        """The page's words; raises PageFailedError for a crash or a page that takes too long."""
        tessdata.require(self._place, language)
        config = f'--psm 3 --oem 1 --dpi {dpi} --tessdata-dir "{self._place}" {_HEADER}'
        try:
            text = pytesseract.image_to_data(
                Image.fromarray(reading), lang=language, config=config, timeout=self._seconds
            )
        except pytesseract.TesseractNotFoundError as error:
            raise InputError("engine-missing", language, why=error) from error
        except pytesseract.TesseractError as error:
            raise PageFailedError("unreadable", why=error) from error
        except RuntimeError as error:
            raise PageFailedError("page-time-limit", why=error) from error
        return Recognised(calibrated(tsv.blocks(text)))

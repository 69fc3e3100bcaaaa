"""Tesseract in this process: the model stays loaded, no picture is written."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import tesserocr

from pipeline.imaging.raster import Pixels
from pipeline.recognition import tessdata, tsv
from pipeline.recognition.confidence import calibrated
from pipeline.recognition.interface import Recognised
from schemas.errors import InputError, PageFailedError
from schemas.text import Block, Word

_LINE_DPI = 300
_VARIABLES = {"debug_file": "/dev/null", "tessedit_do_invert": "0"}


class TesserocrEngine:
    """One Tesseract a language, made on first use and kept."""

    def __init__(self, place: Path) -> None:
        self._place = place
        self._loaded: dict[str, tesserocr.PyTessBaseAPI] = {}

    @property
    def name(self) -> str:
        version = tesserocr.tesseract_version().split("\n", 1)[0]
        return f"tesserocr {tesserocr.__version__} ({version})"

    def languages(self) -> tuple[str, ...]:
        return tessdata.languages(self._place)

    def _api(self, language: str) -> tesserocr.PyTessBaseAPI:
        if language not in self._loaded:
            tessdata.require(self._place, language)
            self._loaded[language] = self._load(language)
        return self._loaded[language]

    def _load(self, language: str) -> tesserocr.PyTessBaseAPI:
        try:
            return tesserocr.PyTessBaseAPI(
                path=str(self._place),
                lang=language,
                psm=tesserocr.PSM.AUTO,
                oem=tesserocr.OEM.LSTM_ONLY,
                variables=_VARIABLES,
            )
        except RuntimeError as error:
            raise InputError("engine-missing", language, why=error) from error

    def _blocks(self, pixels: Pixels, dpi: int, language: str, mode: int) -> tuple[Block, ...]:
        api = self._api(language)
        height, width = pixels.shape
        data = np.ascontiguousarray(pixels).tobytes()
        try:
            api.SetPageSegMode(mode)
            api.SetImageBytes(data, width, height, 1, width)
            api.SetSourceResolution(dpi)
            return tsv.blocks(api.GetTSVText(0))
        except RuntimeError as error:
            raise PageFailedError("unreadable", why=error) from error
        finally:
            api.Clear()

    def knows(self, _language: str) -> None:
        """No word list to ask."""

    def read(self, reading: Pixels, dpi: int, language: str) -> Recognised:
        """The page's words; raises PageFailedError where Tesseract gives up."""
        return Recognised(calibrated(self.read_blocks(reading, dpi, language)))

    def read_blocks(self, reading: Pixels, dpi: int, language: str) -> tuple[Block, ...]:
        """The same with Tesseract's own confidences."""
        return self._blocks(reading, dpi, language, tesserocr.PSM.AUTO)

    def read_crops(self, crops: Sequence[Pixels], language: str) -> tuple[str, ...]:
        """The text of each line's crop."""
        read = (self.read_line(crop, _LINE_DPI, language) for crop in crops)
        return tuple(" ".join(word.text for word in words) for words in read)

    def read_line(self, crop: Pixels, dpi: int, language: str) -> tuple[Word, ...]:
        """The words of one line's crop (H×W), boxes in its pixels; empty where none is found."""
        blocks = self._blocks(crop, dpi, language, tesserocr.PSM.SINGLE_LINE)
        return tuple(word for block in blocks for line in block.lines for word in line.words)

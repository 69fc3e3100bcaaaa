"""Tesseract in this process: the model stays loaded, no picture is written."""

from pathlib import Path

import numpy as np
import tesserocr

from pipeline.raster import Pixels
from pipeline.recognition import tessdata, tsv
from schemas.errors import InputError, PageFailedError
from schemas.text import Block

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

    def read(self, reading: Pixels, dpi: int, language: str) -> tuple[Block, ...]:
        """Blocks of the page; raises PageFailedError where Tesseract gives up."""
        api = self._api(language)
        height, width = reading.shape
        data = np.ascontiguousarray(reading).tobytes()
        try:
            api.SetImageBytes(data, width, height, 1, width)
            api.SetSourceResolution(dpi)
            return tsv.blocks(api.GetTSVText(0))
        except RuntimeError as error:
            raise PageFailedError("unreadable", why=error) from error
        finally:
            api.Clear()

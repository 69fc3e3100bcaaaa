"""Our engine: Tesseract's network in ONNX Runtime, with lines, order and decoding of our own.

It knows when it does not know: a line that reads badly, ink that no line covers and a page whose
letters are not in lines are handed to Tesseract, and the likelier reading stays. What neither
reads is told as unread.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import onnxruntime

from pipeline.imaging.raster import Pixels
from pipeline.recognition import tessdata
from pipeline.recognition.confidence import calibrated
from pipeline.recognition.handing_on import (
    Sheet,
    doubtful_lines,
    left_over,
    upright_text,
)
from pipeline.recognition.interface import Recognised
from pipeline.recognition.layout import PageLayout, lay_out
from pipeline.recognition.lines import ReadLine, as_block, read_lines, texts_of
from pipeline.recognition.network.model import Model, load_model
from pipeline.recognition.tesserocr_engine import TesserocrEngine
from schemas.errors import InputError
from schemas.text import Block

VERSION = "1"
OWN_LANGUAGE = "ron"
OWN_WEIGHTS = Path(__file__).parent / "weights" / "ron-opis.traineddata"
_NOTHING = 0.005
_LEAST_COVERED = 0.7
_MANY_LETTERS = 150
_GAIN = 1.1


def _right(blocks: Sequence[Block]) -> float:
    """Letters that are probably right."""
    words = (word for block in blocks for line in block.lines for word in line.words)
    return sum(word.confidence * len(word.text) for word in words)


def _is_lost(layout: PageLayout) -> bool:
    """Whether much that looks like letters is in no line."""
    outside = (1 - layout.covered) * len(layout.letters)
    return layout.covered < _LEAST_COVERED and outside > _MANY_LETTERS


def _blocks(layout: PageLayout, lines: Sequence[ReadLine]) -> tuple[Block, ...]:
    """The lines that read, in the layout's blocks."""
    rest = iter(lines)
    blocks = (as_block([next(rest) for _ in block]) for block in layout.blocks)
    return tuple(block for block in blocks if block.lines)


def _in_order(blocks: tuple[Block, ...], more: tuple[Block, ...]) -> tuple[Block, ...]:
    """Blocks with others put before the first that begins below them."""
    ordered = list(blocks)
    for block in more:
        below = (n for n, other in enumerate(ordered) if other.box.y > block.box.y)
        ordered.insert(next(below, len(ordered)), block)
    return tuple(ordered)


class OpisEngine:
    """One model a language, made on first use and kept, with Tesseract beside it."""

    def __init__(self, place: Path, cache: Path, weights: str = "own") -> None:
        self._place = place
        self._cache = cache
        self._own = weights == "own"
        self._tesseract = TesserocrEngine(place)
        self._models: dict[str, Model | None] = {}

    @property
    def name(self) -> str:
        weights = "own" if self._own else "stock"
        return f"opis {VERSION} ({weights} weights, onnxruntime {onnxruntime.__version__})"

    def languages(self) -> tuple[str, ...]:
        return tessdata.languages(self._place)

    def model(self, language: str) -> Model | None:
        """The language's network; None for what only Tesseract itself can read.

        Raises InputError("engine-missing") where the language is not installed.
        """
        if language not in self._models:
            tessdata.require(self._place, language)
            self._models[language] = None if "+" in language else self._load(language)
        return self._models[language]

    def _weights(self, language: str) -> Path:
        """The file of a language's weights: ours for Romanian, else what is installed."""
        if language == OWN_LANGUAGE and self._own:
            return OWN_WEIGHTS
        return self._place / f"{language}.traineddata"

    def _load(self, language: str) -> Model | None:
        try:
            return load_model(self._weights(language), self._cache, int8=True)
        except InputError as error:
            if error.code == "model-unsupported":
                return None
            raise

    def knows(self, language: str) -> Callable[[str], bool] | None:
        """The model's own word list."""
        model = self.model(language)
        return model.dictionary.knows if model else None

    def read(self, reading: Pixels, dpi: int, language: str) -> Recognised:
        """The page's words; raises PageFailedError where Tesseract, asked for help, gives up."""
        model = self.model(language)
        if model is None:
            return replace(self._tesseract.read(reading, dpi, language), tried="tesseract")
        page = np.ascontiguousarray(reading)
        return self._read(Sheet(page, dpi, language, model, self._tesseract))

    def read_crops(self, crops: Sequence[Pixels], language: str) -> tuple[str, ...]:
        """The text of each line's crop (H×W, dark on white)."""
        model = self.model(language)
        if model is None:
            return self._tesseract.read_crops(crops, language)
        return texts_of(crops, model)

    def _read(self, sheet: Sheet) -> Recognised:
        layout = lay_out(sheet.reading, sheet.dpi)
        sheet = replace(sheet, letter=layout.letter_height)
        lines = read_lines(sheet.reading, layout.lines, sheet.model)
        lines, upright = upright_text(sheet, lines)
        lines, handed = doubtful_lines(sheet, lines)
        nothing = [n for n in lines if n.chance < _NOTHING and not n.elsewhere]
        kept = tuple(replace(n, words=()) if n.chance < _NOTHING else n for n in lines)
        more, unread = left_over(sheet, layout.left_over)
        blocks = _in_order(_blocks(layout, kept), (*upright, *more))
        tried = f"{handed} lines by tesseract" if handed else ""
        found = Recognised(blocks, (*(n.line.box for n in nothing), *unread), tried)
        return self._whole(sheet, found) if _is_lost(layout) else found

    def _whole(self, sheet: Sheet, found: Recognised) -> Recognised:
        """The page by Tesseract too, where much of its ink is in no line."""
        read = self._tesseract.read_blocks(sheet.reading, sheet.dpi, sheet.language)
        theirs = calibrated(read, sheet.model.dictionary.knows)
        tried = ", ".join(part for part in (found.tried, "page by tesseract") if part)
        if _right(theirs) > _GAIN * _right(found.blocks):
            return Recognised(theirs, found.unread, tried)
        return replace(found, tried=tried)

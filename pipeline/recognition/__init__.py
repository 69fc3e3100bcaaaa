"""Recognition engines behind one small interface."""

import os

# before either library loads: two OpenMP threads cost four to six times the CPU
os.environ["OMP_THREAD_LIMIT"] = "1"

from functools import cache
from pathlib import Path

from pipeline.recognition import tessdata
from pipeline.recognition.interface import Engine
from pipeline.recognition.opis_engine import OpisEngine
from pipeline.recognition.pytesseract_engine import PytesseractEngine
from pipeline.recognition.tesserocr_engine import TesserocrEngine
from schemas.errors import UsageError
from schemas.settings import Settings

__all__ = ["ENGINES", "Engine", "engine"]

ENGINES = ("opis", "tesserocr", "pytesseract")


def _cache(told: str) -> Path:
    """The folder of converted models."""
    usual = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(told) if told else Path(usual) / "opis" / "models"


@cache
def _made(name: str, told: Settings) -> Engine:
    folder = tessdata.folder(told.tessdata)
    if name == "opis":
        return OpisEngine(folder, _cache(told.model_cache), told.weights)
    if name == "tesserocr":
        return TesserocrEngine(folder)
    return PytesseractEngine(folder, told.page_seconds)


def engine(name: str, settings: Settings) -> Engine:
    """The engine of that name, one a process; raises UsageError for an unknown name."""
    if name not in ENGINES:
        raise UsageError("setting-invalid", "engine", value=name)
    only = ("tessdata", "model_cache", "weights", "page_seconds")
    told = Settings(**{option: getattr(settings, option) for option in only})
    return _made(name, told)

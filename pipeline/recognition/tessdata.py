"""Where Tesseract's trained data lies and which languages are there."""

import os
from pathlib import Path

from schemas.errors import InputError

_PLACES = ("/usr/share/tesseract-ocr", "/usr/share", "/usr/local/share", "/opt/homebrew/share")
_NOT_LANGUAGES = ("osd", "equ")


def _candidates(told: str) -> tuple[Path, ...]:
    if told:
        return (Path(told),)
    prefix = os.environ.get("TESSDATA_PREFIX")
    places = [Path(prefix), Path(prefix) / "tessdata"] if prefix else []
    debian = sorted(Path(_PLACES[0]).glob("*/tessdata"), reverse=True)
    return (*places, *debian, *(Path(place) / "tessdata" for place in _PLACES))


def folder(told: str) -> Path:
    """The folder of *.traineddata: `told`, or the first usual place that has any.

    Raises InputError("engine-missing") where there is none.
    """
    for place in _candidates(told):
        if any(place.glob("*.traineddata")):
            return place
    raise InputError("engine-missing", "ron", why=told or "tessdata")


def languages(place: Path) -> tuple[str, ...]:
    """Codes of the installed languages, sorted."""
    codes = (path.name.removesuffix(".traineddata") for path in place.glob("*.traineddata"))
    return tuple(sorted(code for code in codes if code not in _NOT_LANGUAGES))


def require(place: Path, language: str) -> None:
    """Raises InputError("engine-missing", CODE) unless each of "ron" or "ron+hun" is installed."""
    installed = languages(place)
    for code in language.split("+"):
        if code not in installed:
            raise InputError("engine-missing", code)

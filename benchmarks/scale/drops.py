"""Small binders for stations: few cheap pages, each with a word of its own."""

from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

_SYLLABLES = ("ba", "ce", "di", "fo", "gu", "la", "me", "ni", "po", "ru")
_SIZE, _DPI = (600, 400), 200


def word_of(number: int) -> str:
    """A word that stands for a number below 100,000, and for no other."""
    return "zor" + "".join(_SYLLABLES[int(digit)] for digit in f"{number:05d}")


def _page(path: Path, word: str, page: int) -> None:
    picture = Image.new("L", _SIZE, 255)
    font = ImageFont.load_default(40)
    text = f"Primaria municipiului\n{word} fila {page}"
    ImageDraw.Draw(picture).text((60, 120), text, 0, font=font)
    picture.save(path, dpi=(_DPI, _DPI))


def drop(inbox: Path, number: int, pages: int = 2) -> str:
    """A binder of so many pages, complete by its marker; returns its name."""
    name = f"d{number:03d}"
    folder = inbox / name
    folder.mkdir(parents=True)
    for page in range(1, pages + 1):
        _page(folder / f"{page:04d}.png", word_of(number), page)
    (inbox / f"{name}.ok").touch()
    return name

"""The type faces of the samples: Debian's, by family, each with ș and ț with the comma below."""

from functools import cache, lru_cache
from pathlib import Path
from typing import Final

from PIL import ImageFont

ROOTS: Final = (Path("/usr/share/fonts"), Path("/usr/local/share/fonts"))

# face: Debian package, regular, bold (file names without suffix)
FACES: Final = {
    "liberation-serif": ("fonts-liberation", "LiberationSerif-Regular", "LiberationSerif-Bold"),
    "liberation-sans": ("fonts-liberation", "LiberationSans-Regular", "LiberationSans-Bold"),
    "liberation-mono": ("fonts-liberation", "LiberationMono-Regular", "LiberationMono-Bold"),
    "dejavu-sans": ("fonts-dejavu-core", "DejaVuSans", "DejaVuSans-Bold"),
    "dejavu-serif": ("fonts-dejavu-core", "DejaVuSerif", "DejaVuSerif-Bold"),
    "dejavu-sans-condensed": (
        "fonts-dejavu-extra",
        "DejaVuSansCondensed",
        "DejaVuSansCondensed-Bold",
    ),
    "dejavu-serif-condensed": (
        "fonts-dejavu-extra",
        "DejaVuSerifCondensed",
        "DejaVuSerifCondensed-Bold",
    ),
    "freeserif": ("fonts-freefont-ttf", "FreeSerif", "FreeSerifBold"),
    "freesans": ("fonts-freefont-ttf", "FreeSans", "FreeSansBold"),
    "freemono": ("fonts-freefont-ttf", "FreeMono", "FreeMonoBold"),
    "nimbus-roman": ("fonts-urw-base35", "NimbusRoman-Regular", "NimbusRoman-Bold"),
    "nimbus-sans": ("fonts-urw-base35", "NimbusSans-Regular", "NimbusSans-Bold"),
    "nimbus-narrow": ("fonts-urw-base35", "NimbusSansNarrow-Regular", "NimbusSansNarrow-Bold"),
    "nimbus-mono": ("fonts-urw-base35", "NimbusMonoPS-Regular", "NimbusMonoPS-Bold"),
    "p052": ("fonts-urw-base35", "P052-Roman", "P052-Bold"),
    "c059": ("fonts-urw-base35", "C059-Roman", "C059-Bold"),
    "bookman": ("fonts-urw-base35", "URWBookman-Light", "URWBookman-Demi"),
    "gothic": ("fonts-urw-base35", "URWGothic-Book", "URWGothic-Demi"),
}
PACKAGES: Final = tuple(sorted({face[0] for face in FACES.values()}))
SUFFIXES: Final = (".otf", ".ttf")


class FaceMissingError(RuntimeError):
    """A face is not installed; the message names the Debian package that brings it."""


@cache
def _files() -> dict[str, Path]:
    found = (file for root in ROOTS for file in sorted(root.rglob("*")) if file.suffix in SUFFIXES)
    return {file.stem: file for file in found}


def face_file(face: str, *, bold: bool = False) -> Path:
    """The font file of a face of FACES; FaceMissingError where it is not installed."""
    package, regular, heavy = FACES[face]
    stem = heavy if bold else regular
    if stem not in _files():
        raise FaceMissingError(f"Font {stem} is missing: run  apt-get install {package}")
    return _files()[stem]


@lru_cache(maxsize=256)
def font(face: str, bold: bool, pixels: float) -> ImageFont.FreeTypeFont:
    """A face at a size in pixels per em, without shaping, so that widths are the same everywhere."""
    path = face_file(face, bold=bold)
    return ImageFont.truetype(path, pixels, layout_engine=ImageFont.Layout.BASIC)


@lru_cache(maxsize=200_000)
def width(face: str, bold: bool, pixels: float, text: str) -> float:
    """Advance width of `text` in pixels."""
    return font(face, bold, pixels).getlength(text)

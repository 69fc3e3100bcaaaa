"""Type faces of the training lines, by Debian package, and those kept for tests alone."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

from PIL import ImageFont

_ROOTS = (Path("/usr/share/fonts"), Path("/usr/share/texmf/fonts"))
_SUFFIXES = (".ttf", ".otf", ".woff")

TYPEWRITERS: Mapping[str, tuple[str, ...]] = {
    "fonts-gnutypewriter": ("GNUTypewriter",),
    "fonts-courier-prime": ("Courier Prime", "Courier Prime Bold"),
    "fonts-freefont-ttf": ("FreeMono", "FreeMonoBold"),
    "fonts-liberation": ("LiberationMono-Regular",),
    "fonts-cmu": ("cmuntt", "cmuntb", "cmunbtl"),
    "fonts-lmodern": ("lmmono10-regular", "lmmonolt10-bold", "lmmono8-regular"),
    "fonts-linuxlibertine": ("LinLibertine_M",),
    "fonts-tlwg-typewriter-otf": ("TlwgTypewriter", "TlwgTypewriter-Bold"),
    "npm @fontsource/special-elite": ("special-elite-latin-400-normal",),
}
PRINTED: Mapping[str, tuple[str, ...]] = {
    "fonts-liberation": (
        "LiberationSerif-Regular",
        "LiberationSerif-Bold",
        "LiberationSerif-Italic",
        "LiberationSans-Regular",
        "LiberationSans-Bold",
        "LiberationSans-Italic",
        "LiberationSansNarrow-Regular",
        "LiberationSansNarrow-Bold",
    ),
    "fonts-dejavu-core": (
        "DejaVuSerif",
        "DejaVuSerif-Bold",
        "DejaVuSans",
        "DejaVuSans-Bold",
    ),
    "fonts-dejavu-extra": (
        "DejaVuSansCondensed",
        "DejaVuSansCondensed-Bold",
    ),
    "fonts-freefont-ttf": (
        "FreeSerif",
        "FreeSerifBold",
        "FreeSans",
        "FreeSansBold",
    ),
    "fonts-croscore": (
        "Tinos-Regular",
        "Tinos-Bold",
        "Tinos-Italic",
        "Arimo-Regular",
        "Arimo-Bold",
        "Arimo-Italic",
        "Cousine-Regular",
    ),
    "fonts-crosextra-carlito": (
        "Carlito-Regular",
        "Carlito-Bold",
        "Carlito-Italic",
    ),
    "fonts-crosextra-caladea": (
        "Caladea-Regular",
        "Caladea-Bold",
        "Caladea-Italic",
    ),
    "fonts-urw-base35": (
        "NimbusRoman-Regular",
        "NimbusRoman-Bold",
        "NimbusSans-Regular",
        "NimbusSans-Bold",
        "NimbusSansNarrow-Regular",
        "URWBookman-Light",
        "URWBookman-Demi",
    ),
    "fonts-texgyre": (
        "texgyretermes-regular",
        "texgyretermes-bold",
        "texgyretermes-italic",
        "texgyreheros-regular",
        "texgyreheros-bold",
        "texgyreheroscn-regular",
        "texgyrebonum-regular",
        "texgyrebonum-bold",
    ),
    "fonts-linuxlibertine": (
        "LinLibertine_R",
        "LinLibertine_RB",
        "LinLibertine_RI",
    ),
    "fonts-lmodern": (
        "lmroman10-regular",
        "lmroman10-bold",
        "lmsans10-regular",
        "lmsans10-bold",
    ),
    "fonts-cmu": (
        "cmunrm",
        "cmunbx",
        "cmunti",
        "cmunorm",
    ),
    "fonts-oldstandard": (
        "OldStandard-Regular",
        "OldStandard-Bold",
        "OldStandard-Italic",
    ),
    "fonts-averia-gwf": (
        "AveriaGWF-Regular",
        "AveriaGWF-Bold",
    ),
    "fonts-ebgaramond": (
        "EBGaramond12-Regular",
        "EBGaramond12-Italic",
    ),
    "fonts-open-sans": (
        "OpenSans-Regular",
        "OpenSans-Bold",
    ),
    "fonts-lato": (
        "Lato-Regular",
        "Lato-Bold",
    ),
    "fonts-roboto-slab": ("RobotoSlab-Regular",),
    "fonts-quicksand": ("Quicksand-Regular", "Quicksand-Bold"),
    "fonts-comfortaa": ("Comfortaa-Regular",),
    "fonts-league-spartan": ("LeagueSpartan-Regular", "LeagueSpartan-Bold"),
}
# with their clones Cursor, Pagella, Schola and Adventor never seen in training
HELD_OUT_TYPEWRITERS: Mapping[str, tuple[str, ...]] = {
    "fonts-urw-base35": ("NimbusMonoPS-Regular", "NimbusMonoPS-Bold"),
}
HELD_OUT_PRINTED: Mapping[str, tuple[str, ...]] = {
    "fonts-urw-base35": ("P052-Roman", "P052-Bold", "C059-Roman", "C059-Bold", "URWGothic-Book"),
    "fonts-dejavu-extra": ("DejaVuSerifCondensed",),
}
_MARK_FACES = ("DejaVuSansMono", "DejaVuSerif")


class FaceMissingError(RuntimeError):
    """A face is not installed; the message names the package that brings it."""


def _stems(packages: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    return tuple(stem for stems in packages.values() for stem in stems)


@dataclass(frozen=True, slots=True)
class Faces:
    """Font files to set lines in, and those whose accents complete the others."""

    typewriters: tuple[Path, ...]
    printed: tuple[Path, ...]
    marks: tuple[Path, ...]


def _files(extra: Iterable[Path]) -> dict[str, Path]:
    roots = (*_ROOTS, *extra)
    files = (file for root in roots for file in sorted(root.rglob("*")))
    return {file.stem: file for file in files if file.suffix in _SUFFIXES}


def _chosen(files: Mapping[str, Path], packages: Mapping[str, tuple[str, ...]]) -> tuple[Path, ...]:
    for package, stems in packages.items():
        missing = [stem for stem in stems if stem not in files]
        if missing:
            raise FaceMissingError(f"Fonts {missing} are missing: install {package}")
    return tuple(files[stem] for stem in _stems(packages))


def training_faces(extra: Iterable[Path] = ()) -> Faces:
    """The faces of training; `extra` folders are searched too. FaceMissingError where one lacks."""
    files = _files(extra)
    marks = _chosen(files, {"fonts-dejavu-core": _MARK_FACES})
    return Faces(_chosen(files, TYPEWRITERS), _chosen(files, PRINTED), marks)


def held_out_faces() -> Faces:
    """Faces that training never sees."""
    files = _files(())
    marks = _chosen(files, {"fonts-dejavu-core": _MARK_FACES})
    return Faces(_chosen(files, HELD_OUT_TYPEWRITERS), _chosen(files, HELD_OUT_PRINTED), marks)


@lru_cache(maxsize=4096)
def font(file: Path, pixels: int) -> ImageFont.FreeTypeFont:
    """A face at a size in pixels per em."""
    return ImageFont.truetype(file, pixels, layout_engine=ImageFont.Layout.BASIC)


@cache
def has(file: Path, letter: str) -> bool:
    """Whether the face draws the letter itself."""
    made = font(file, 32)
    return bytes(made.getmask(letter)) != bytes(made.getmask("\U000f1234"))

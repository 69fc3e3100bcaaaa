"""The second chance of pages that no PDF/A can hold as they are: OCRmyPDF converts them.

It recognises nothing here: what pikepdf alone cannot make PDF/A, it hands to Ghostscript, which
writes the page anew with its text and vectors. It runs as a program of its own, on a copy.
"""

import os
import subprocess
import sys
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import groupby
from pathlib import Path
from tempfile import mkdtemp
from time import monotonic

import pikepdf
import pypdfium2 as pdfium

from pipeline.pdf.delivered.originals import Origin

_DEFECTS = (
    pikepdf.PdfError,
    pikepdf.PasswordError,
    pdfium.PdfiumError,
    ValueError,
    TypeError,
    LookupError,
    AttributeError,
    RuntimeError,
    OSError,
)
_SECONDS, _SECONDS_A_PAGE, _SECONDS_TO_END = 40.0, 0.5, 5.0
_OPTIONS = (
    "--mode=skip",
    "--ocr-engine=none",
    "--output-type=auto",
    "--optimize=0",
    "--color-conversion-strategy=RGB",  # the one profile of our files is sRGB
    "--continue-on-soft-render-error",  # what looks otherwise is found by its look
    "--jobs=1",
    "--quiet",
)
_COMMA_BELOW = str.maketrans("ŞşŢţ", "ȘșȚț")
_UNSEEN = frozenset({"Cc", "Cf", "Cn", "Zs", "Zl", "Zp", "Pd"})


def _parses(page: pikepdf.Page) -> bool:
    """OCRmyPDF gives up a whole file for one page whose content it cannot parse."""
    try:
        pikepdf.parse_content_stream(page)
    except _DEFECTS:
        return False
    return True


def _gather(path: Path, frames: Sequence[int], target: Path) -> tuple[int, ...]:
    """Some pages of an original by themselves, fields and notes painted into them; which."""
    with pikepdf.open(path) as source, pikepdf.new() as pdf:
        source.generate_appearance_streams()
        source.flatten_annotations("screen")
        taken = tuple(frame for frame in frames if _parses(source.pages[frame]))
        for frame in taken:
            pdf.pages.append(source.pages[frame])
        for page in pdf.pages:
            if "/Annots" in page.obj:
                del page.obj["/Annots"]
        pdf.save(target, deterministic_id=True)
    return taken


def _convert(source: Path, target: Path, seconds: float) -> bool:
    """Whether OCRmyPDF made `target` in time. When it is over, nothing it started is left.

    `timeout` ends the whole group, even where this process is gone by then.
    """
    program = ("timeout", "--signal=KILL", f"{seconds:.1f}", sys.executable, "-m", "ocrmypdf")
    folder = str(target.parent)
    try:
        done = subprocess.run(
            (*program, *_OPTIONS, str(source), str(target)),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            check=False,
            cwd=folder,
            env={**os.environ, "TMPDIR": folder},
            timeout=seconds + _SECONDS_TO_END,
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0 and target.is_file()


def _letters(text: str) -> str:
    """What stays the same of a text that is written anew: its letters, sorted.

    Spaces, hyphens, ligatures and the order of lines are what a reader makes of the places.
    """
    plain = unicodedata.normalize("NFKC", text).translate(_COMMA_BELOW)
    return "".join(sorted(c for c in plain if unicodedata.category(c) not in _UNSEEN))


def _texts(path: Path) -> tuple[str, ...]:
    with pdfium.PdfDocument(path) as document:
        return tuple(_letters(page.get_textpage().get_text_range()) for page in document)


def _same_text(source: Path, target: Path) -> Iterator[int]:
    """The pages (from 0) that say the same in both files."""
    ours, theirs = _texts(source), _texts(target)
    if len(ours) == len(theirs):
        yield from (at for at, text in enumerate(ours) if text == theirs[at])


def _mended(path: Path, frames: Sequence[int], room: Path, until: float) -> dict[int, Origin]:
    """Some pages of one original, by their frames there, as they were converted in time."""
    folder = Path(mkdtemp(prefix="mending-", dir=room))
    source, target = folder / "before.pdf", folder / "after.pdf"
    try:
        taken = _gather(path, frames, source)
        left = until - monotonic()
        if not taken or left <= 0 or not _convert(source, target, left):
            return {}
        return {taken[at]: Origin(target, at) for at in _same_text(source, target)}
    except _DEFECTS:
        return {}


def mend(origins: Mapping[int, Origin], room: Path) -> dict[int, Origin]:
    """Original pages as OCRmyPDF converts them, by their places; without those it could not.

    A page that would say anything else than its original is left out. The files made are in folders
    within `room`. Takes some seconds a file; the limits of this process are the program's too.
    """
    found: dict[int, Origin] = {}
    until = monotonic() + _SECONDS + _SECONDS_A_PAGE * len(origins)
    by_path = sorted(origins.items(), key=lambda item: (item[1].path, item[1].frame))
    for path, group in groupby(by_path, key=lambda item: item[1].path):
        places = dict(group)
        frames = tuple(sorted({origin.frame for origin in places.values()}))
        made = _mended(path, frames, room, until)
        for place, origin in places.items():
            if origin.frame in made:
                found[place] = replace(made[origin.frame], overlaid=origin.overlaid)
    return found

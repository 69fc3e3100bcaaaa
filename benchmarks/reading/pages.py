"""A folder of pages: what is in it, what is true of it, and each page's class."""

import csv
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from benchmarks.reading.scoring import ALL, without_conventions
from scanners.pages.probe import probe_file
from scanners.sources import sniff
from schemas.errors import OpisError
from schemas.settings import Settings
from schemas.sources import FileKind

CONVENTIONS: Mapping[str, Callable[[str], str]] = {
    "plain": lambda text: text,
    "tapuscorpus": without_conventions,
}
CLASSES = "classes.tsv"
_LANGUAGES = "gt_pages.tsv"
_WHOLE = (".gt.txt", ".gold.txt", ".txt")
_HEAD = 1024


@dataclass(frozen=True, slots=True)
class SetPage:
    """A page of a set; `key` is its file's name, with #1, #2 … where the file has several pages.

    `frame` counts from 0; `truth` is None where nobody knows what stands there.
    """

    key: str
    path: Path
    kind: FileKind
    frame: int
    group: str = ALL
    truth: str | None = None


def _kind(path: Path) -> FileKind | None:
    with path.open("rb") as stream:
        return sniff(stream.read(_HEAD))


def _frames(path: Path, kind: FileKind, settings: Settings) -> int:
    try:
        return probe_file(path, kind, settings, alone=False).frames
    except OpisError:
        return 1


def _beside(path: Path, ending: str) -> str | None:
    named = (path.with_name(name + ending) for name in (path.stem, path.name))
    found = next((file for file in named if file.is_file() and file != path), None)
    return found.read_text(encoding="utf-8-sig") if found else None


def page_truth(path: Path, frame: int, frames: int) -> str | None:
    """NAME.p2.gt.txt of the second page; or NAME.gt.txt, NAME.gold.txt, NAME.txt.

    Of a file of several pages such a text counts only with a form feed between the pages.
    """
    own = _beside(path, f".p{frame + 1}.gt.txt")
    if own is not None:
        return own
    whole = next((text for text in (_beside(path, ending) for ending in _WHOLE) if text), None)
    parts = [whole] if frames == 1 else (whole or "").removesuffix("\f").split("\f")
    return parts[frame] if len(parts) == frames else None


def _table(path: Path) -> dict[str, str]:
    with path.open(encoding="utf-8-sig", newline="") as stream:
        rows = tuple(csv.DictReader(stream, delimiter="\t", quoting=csv.QUOTE_NONE))
    told = ((row["file"], row.get("class") or row.get("lang")) for row in rows)
    return {Path(file).name: group for file, group in told if group}


def _classes(folder: Path, given: Path | None) -> dict[str, str]:
    """By file name, from columns `file` and `class` or `lang`."""
    places = (given,) if given else (folder / CLASSES, folder.parent / _LANGUAGES)
    return next((_table(place) for place in places if place.is_file()), {})


def _of_file(path: Path, groups: Mapping[str, str], settings: Settings) -> Iterator[SetPage]:
    kind = _kind(path)
    if kind is None:
        return
    frames = _frames(path, kind, settings)
    for frame in range(frames):
        key = path.name if frames == 1 else f"{path.name}#{frame + 1}"
        group = groups.get(key) or groups.get(path.name) or ALL
        yield SetPage(key, path, kind, frame, group, page_truth(path, frame, frames))


def find_pages(
    folder: Path, settings: Settings, classes: Path | None = None, conventions: str = "plain"
) -> tuple[SetPage, ...]:
    """The pages of all images and PDFs of a folder, by name; what is below it is not looked at.

    Classes come from `classes`, from classes.tsv, or (languages) from gt_pages.tsv beside the
    folder. `conventions` of the transcriptions, see CONVENTIONS, are taken out of the truth.
    """
    groups = _classes(folder, classes)
    strip = CONVENTIONS[conventions]
    files = sorted(path for path in folder.iterdir() if path.is_file() and path.name[0] != ".")
    pages = (page for path in files for page in _of_file(path, groups, settings))
    return tuple(
        SetPage(
            p.key, p.path, p.kind, p.frame, p.group, None if p.truth is None else strip(p.truth)
        )
        for p in pages
    )

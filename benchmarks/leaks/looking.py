"""Everything that is public of one document, searched for what was planted in it.

Nothing of the product's own proof is used: the file is opened with other means, its pages are drawn
and read again, and where a planted word lies on the picture is known from the truth.
"""

import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import pikepdf
import pypdfium2

from benchmarks.leaks.needles import Haystack, Needle, haystack, says
from benchmarks.leaks.papers import (
    Paper,
    PlantedPage,
    found_boxes,
    middle,
    needle_boxes,
)
from pipeline.imaging.raster import Pixels
from pipeline.privacy.redaction import Reader, page_reader
from schemas.alto import read_alto
from schemas.geometry import Box
from schemas.public import read_copy
from schemas.settings import Settings

_BLACK, _COVERED = 96, 0.9
_DPI = 72
_PRINTED = frozenset(b"\t\n\r" + bytes(range(32, 127)))
_LOOKED_AT, _PLAIN = 2000, 0.8
_STREAM = re.compile(rb"stream\r?\n(.*?)\r?\nendstream", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Leak:
    """A planted datum that outside readers can find: where, and in what."""

    label: str
    binder: str
    page: int
    path: str
    where: str
    value: str


@dataclass(frozen=True, slots=True)
class Looked:
    """What was seen of one document, public or not.

    `words`: plain words shown on public pages and those covered without need; `seen`: planted data
    of good pages by label with those of them that the program had found; `held`: good pages that
    nobody outside can see, of `good`.
    """

    leaks: tuple[Leak, ...]
    planted: dict[str, int]
    words: int
    over: int
    seen: dict[str, tuple[int, int]]
    good: int
    held: int


def _is_black(pixels: Pixels, box: Box) -> bool:
    part = pixels[max(0, box.y) : box.y + box.h, max(0, box.x) : box.x + box.w]
    return bool(part.size) and float(np.mean(part < _BLACK)) >= _COVERED


def _streams(data: bytes) -> Iterator[bytes]:
    """The file's bytes and what its streams unpack to, pictures apart, without a PDF reader."""
    yield _STREAM.sub(b" ", data)
    for found in _STREAM.finditer(data):
        try:
            unpacked = zlib.decompress(found[1])
        except zlib.error:
            unpacked = found[1]
        if sum(byte in _PRINTED for byte in unpacked[:_LOOKED_AT]) > _PLAIN * len(
            unpacked[:_LOOKED_AT]
        ):
            yield unpacked


def _strings(pdf: Path) -> str:
    """All strings and names of a PDF's objects, its metadata among them."""
    with pikepdf.open(pdf) as opened:
        told = [str(value) for value in opened.docinfo.values()]
        for thing in opened.objects:
            if isinstance(thing, pikepdf.Dictionary | pikepdf.Stream):
                told += [str(v) for v in thing.values() if isinstance(v, pikepdf.String)]
        metadata = opened.Root.get("/Metadata")
        if metadata is not None:
            told.append(metadata.read_bytes().decode("utf-8", "replace"))
    return "\n".join(told)


def _as_text(data: bytes) -> str:
    return data.decode("latin-1") + "\n" + data.decode("utf-16-be", "replace")


@dataclass(frozen=True, slots=True)
class _Shown:
    """A public page: its picture at the page image's size, and the texts that tell of it."""

    pixels: Pixels
    texts: dict[str, Haystack]


@cache
def _reader(settings: Settings) -> Reader:
    return page_reader(settings)


def _shown(
    paper: Paper, page: PlantedPage, pdf: pypdfium2.PdfDocument, settings: Settings
) -> _Shown:
    staff = read_alto(paper.unit.alto_page(page.page).read_bytes())
    sheet = pdf[page.document_page - 1]
    scale = staff.size.width / sheet.get_width()
    pixels = np.asarray(sheet.render(scale=scale, grayscale=True).to_numpy(), np.uint8)
    pixels = np.ascontiguousarray(pixels.reshape(pixels.shape[:2]))
    alto = paper.copy / "alto" / f"{page.document_page:04d}.xml"
    read = _reader(settings)(pixels, round(scale * _DPI)).plain
    texts = {
        "text layer": sheet.get_textpage().get_text_range(),
        "picture read again": read,
        "ALTO": read_alto(alto.read_bytes()).plain if alto.exists() else "",
        "ALTO file": alto.read_text(encoding="utf-8") if alto.exists() else "",
    }
    return _Shown(pixels, {name: haystack(text) for name, text in texts.items()})


def _whole_file(paper: Paper) -> dict[str, Haystack]:
    """What the copy tells beside its pages."""
    pdf = paper.copy / "document.pdf"
    packed = "\n".join(_as_text(data) for data in _streams(pdf.read_bytes()))
    record = (paper.copy / "record.json").read_text(encoding="utf-8")
    texts = {"PDF strings": _strings(pdf), "PDF bytes": packed, "record": record}
    return {name: haystack(text, drawing=text is packed) for name, text in texts.items()}


def _hidden_needles(paper: Paper) -> tuple[tuple[PlantedPage, Needle], ...]:
    """What was planted in a document, but for names that an official bears there too."""
    return tuple(
        (page, needle)
        for page in paper.pages
        for needle in page.needles
        if needle.value not in paper.officials
    )


def _leak(paper: Paper, page: int, needle: Needle, where: str, path: str) -> Leak:
    return Leak(needle.label, paper.unit.id, page, path, where, needle.value)


def _in_texts(paper: Paper, shown: dict[int, _Shown]) -> Iterator[Leak]:
    """Each value of the document in each text of the copy."""
    needles = {needle.variants: needle for _, needle in _hidden_needles(paper)}
    whole = _whole_file(paper)
    for needle in needles.values():
        for where, hay in whole.items():
            if says(needle, hay):
                yield _leak(paper, 0, needle, where, str(paper.copy))
        for number, page in shown.items():
            for where, hay in page.texts.items():
                if says(needle, hay):
                    yield _leak(paper, number, needle, where, str(paper.copy))


def _in_pictures(paper: Paper, shown: dict[int, _Shown]) -> Iterator[Leak]:
    """Planted words that the picture shows, wherever they lie, read or not."""
    for page in paper.pages:
        there = shown.get(page.page)
        if there is None:
            continue
        for number, needle in enumerate(page.needles):
            boxes = needle_boxes(page, number)
            bare = [box for box in boxes if not _is_black(there.pixels, box)]
            if bare and needle.value not in paper.officials:
                where = "picture" if len(bare) == len(boxes) else "picture, in part"
                yield _leak(paper, page.page, needle, where, str(paper.copy))


def _over(page: PlantedPage, shown: _Shown) -> tuple[int, int]:
    """Plain words of a page, and those of them that are covered."""
    plain = [word for word in page.words if not word.needles]
    return len(plain), sum(_is_black(shown.pixels, middle(word.box)) for word in plain)


def _seen(paper: Paper) -> dict[str, tuple[int, int]]:
    """Planted data on good pages by label, and how much of it the program had found."""
    counts: dict[str, tuple[int, int]] = {}
    for page in paper.pages:
        boxes = found_boxes(paper, page) if page.good else ()
        for number, needle in enumerate(page.needles if page.good else ()):
            wanted = needle_boxes(page, number)
            hit = all(any(one.overlap(box) for box in boxes) for one in wanted)
            before = counts.get(needle.label, (0, 0))
            counts[needle.label] = (before[0] + 1, before[1] + (hit and bool(wanted)))
    return counts


def _is_withheld(shown: _Shown, copy: Path, document_page: int) -> bool:
    """Whether all of a page is covered, or another stands for one that could not be opened."""
    record = read_copy(copy)
    page = record.page(document_page) if record else None
    return page is None or not page.picture or float(np.mean(shown.pixels < _BLACK)) > _COVERED


def look(paper: Paper, settings: Settings) -> Looked:
    """A document as it is public, if it is, against what was planted in it."""
    shown: dict[int, _Shown] = {}
    if paper.out:
        with pypdfium2.PdfDocument(paper.copy / "document.pdf") as pdf:
            shown = {p.page: _shown(paper, p, pdf, settings) for p in paper.pages if p.words}
    places = {page.page: page.document_page for page in paper.pages}
    there = {
        number: page
        for number, page in shown.items()
        if not _is_withheld(page, paper.copy, places[number])
    }
    counts = [_over(page, there[page.page]) for page in paper.pages if page.page in there]
    leaks = (*_in_texts(paper, shown), *_in_pictures(paper, there)) if paper.out else ()
    planted: dict[str, int] = {}
    for page in paper.pages:
        for needle in page.needles:
            planted[needle.label] = planted.get(needle.label, 0) + 1
    good = [page for page in paper.pages if page.good]
    return Looked(
        leaks=leaks,
        planted=planted,
        words=sum(words for words, _ in counts),
        over=sum(over for _, over in counts),
        seen=_seen(paper),
        good=len(good),
        held=sum(page.page not in there for page in good),
    )

"""Redacted documents of sample binders: read by the product, what is planted burnt by the truth."""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import groupby
from pathlib import Path

import cv2
import numpy as np

from examples.binders.truth import PageTruth, binder_names, truth_pages
from pipeline.imaging.raster import Pixels
from pipeline.page import read_page
from pipeline.pdf.document import PdfFacts
from pipeline.pictures.picture import Delivered, page_image
from pipeline.pictures.rereading import line_reader
from pipeline.privacy.redaction import (
    PublicPage,
    Reader,
    hidden_boxes,
    prove,
    public_picture,
    redacted_text,
    to_prove,
    touched_words,
    write_public_copy,
)
from schemas.geometry import Affine, Box, union
from schemas.settings import Settings
from schemas.text import PageText

LANGUAGE = "ron"
_FACTS = PdfFacts("document", datetime(2024, 1, 1, tzinfo=UTC), "benchmark")
_MARGIN = 3


@dataclass(frozen=True, slots=True)
class Planted:
    """A planted value with its boxes on the page image, one a line of the paper."""

    value: str
    boxes: tuple[Box, ...]


@dataclass(frozen=True, slots=True)
class ReadPage:
    """A page as read, its image, what is planted on it, and the CPU seconds of reading it."""

    number: int
    text: PageText
    pixels: Pixels
    planted: tuple[Planted, ...]
    seconds: float


def _places(page: PageTruth) -> list[tuple[int, int]]:
    places, at = [], 0
    for word in page.words:
        start = page.text.index(word.text, at)
        at = start + len(word.text)
        places.append((start, at))
    return places


def _planted(page: PageTruth, text: PageText) -> Iterator[Planted]:
    """What is private on a page, with a margin for what scanning did."""
    (a, b, c), (d, e, f) = page.transform
    onto = Affine(a, b, c, d, e, f).then(text.transform)
    places = _places(page)
    for entity in page.entities:
        if entity.official:
            continue
        lines: dict[int, list[Box]] = {}
        for word, (start, end) in zip(page.words, places, strict=True):
            if start < entity.end and entity.start < end:
                line = page.text.count("\n", 0, start)
                lines.setdefault(line, []).append(Box(*word.box))
        boxes = tuple(onto.box(union(words)) for words in lines.values())
        wider = (
            Box(b.x - _MARGIN, b.y - _MARGIN, b.w + 2 * _MARGIN, b.h + 2 * _MARGIN) for b in boxes
        )
        yield Planted(entity.value, tuple(wider))


def _read(folder: Path, page: PageTruth, settings: Settings) -> ReadPage:
    data = (folder / "binders" / page.file).read_bytes()
    pixels = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_UNCHANGED)
    image = np.asarray(pixels, np.uint8)
    start = time.process_time()
    text = read_page(image, page.dpi, settings, LANGUAGE, separator=False, jpeg=data).text
    seconds = time.process_time() - start
    upright = page_image(Delivered(image, page.dpi), text)
    return ReadPage(page.page, text, upright, tuple(_planted(page, text)), seconds)


def read_documents(folder: Path, settings: Settings) -> Iterator[tuple[ReadPage, ...]]:
    """The documents with something private in them, of binders that are folders of images."""
    for binder in binder_names(folder):
        pages = (page for page in truth_pages(folder, binder) if page.kind == "text")
        for _, group in groupby(pages, key=lambda page: page.document):
            whole = tuple(group)
            if any(not e.official for page in whole for e in page.entities):
                yield tuple(_read(folder, page, settings) for page in whole)


@dataclass(frozen=True, slots=True)
class Copied:
    """A public copy's pages, and how many words they had, had to lose, and lost."""

    path: Path
    pages: tuple[PublicPage, ...]
    words: int
    own: int
    lost: int


def copy_of(
    pages: Sequence[ReadPage], target: Path, settings: Settings, left_out: str | None = None
) -> Copied:
    """The public copy of a document; one value may be left out, as if nobody had found it."""
    made, words, own, lost = [], 0, 0, 0
    for page in pages:
        found = [b for one in page.planted if one.value != left_out for b in one.boxes]
        hidden = _hidden(page, left_out)
        text = redacted_text(page.text, hidden)
        words, own = words + len(page.text.words), own + len(touched_words(page.text, found))
        lost += len(touched_words(page.text, hidden))
        reread = line_reader(settings, LANGUAGE)
        picture = target.with_name(f"{page.number:04d}.picture")
        picture.write_bytes(public_picture(page.pixels, text, hidden, settings, reread))
        made.append(PublicPage(picture, text, page.number, hidden))
    write_public_copy(made, target, _FACTS)
    return Copied(target, tuple(made), words, own, lost)


def _hidden(page: ReadPage, left_out: str | None) -> tuple[Box, ...]:
    found = [box for one in page.planted if one.value != left_out for box in one.boxes]
    return hidden_boxes(found, page.text.dpi, page.text.size, page.text)


def uncovered(pages: Sequence[ReadPage]) -> str | None:
    """The first value of a document that no rectangle of another value has a part of."""
    for value in values_of(pages):
        alone = (
            not any(box.overlap(other) for other in _hidden(page, value))
            for page in pages
            for one in page.planted
            if one.value == value
            for box in one.boxes
        )
        if all(alone):
            return value
    return None


def values_of(pages: Sequence[ReadPage]) -> tuple[str, ...]:
    """Every planted value of a document, once."""
    return tuple(dict.fromkeys(one.value for page in pages for one in page.planted))


def proof_of(
    copied: Copied, values: Sequence[str], reader: Reader
) -> tuple[tuple[str, ...], float]:
    """The codes of what was found, and the CPU seconds it took."""
    wanted = tuple(to_prove(page) for page in copied.pages)
    start = time.process_time()
    found = prove(copied.path, wanted, values, reader)
    return tuple(finding.code for finding in found), time.process_time() - start

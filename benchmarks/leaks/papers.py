"""What is true of the archive's documents: the planted data and words, with places on page images."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from benchmarks.leaks.needles import Needle
from examples.binders.truth import (
    DocumentTruth,
    EntityTruth,
    PageTruth,
    binder_names,
    load_truth,
    truth_pages,
)
from schemas.alto import read_alto
from schemas.geometry import Affine, Box
from schemas.layout import UnitLayout
from schemas.privacy import PersonalData
from schemas.records import Document, Unit

GOOD = frozenset({"clean", "typewriter", "table", "stamp"})
"""Classes of pages without faults."""


@dataclass(frozen=True, slots=True)
class PlantedWord:
    """A word of a page image, and the data that it is part of (places in the page's `needles`)."""

    text: str
    box: Box
    needles: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class PlantedPage:
    """A page of a document as it was planted, in pixels of its page image."""

    page: int
    document_page: int
    good: bool
    text: bool
    needles: tuple[Needle, ...]
    words: tuple[PlantedWord, ...]


@dataclass(frozen=True, slots=True)
class Paper:
    """A document of the archive beside the document that was planted there."""

    unit: UnitLayout
    document: Document
    truth: DocumentTruth
    pages: tuple[PlantedPage, ...]
    found: PersonalData | None
    officials: frozenset[str]

    @property
    def copy(self) -> Path:
        return self.unit.public_copy(self.document.id)

    @property
    def out(self) -> bool:
        """Whether there is a public copy."""
        return (self.copy / "record.json").exists()


def _to_page(truth: PageTruth, layout: UnitLayout, page: int) -> Affine | None:
    """From the clean page's pixels to those of the page image; None where nothing was read."""
    path = layout.alto_page(page)
    if not path.exists():
        return None
    (a, b, c), (d, e, f) = truth.transform
    return Affine(a, b, c, d, e, f).then(read_alto(path.read_bytes()).transform)


def _touched(entity: EntityTruth, truth: PageTruth) -> Iterator[int]:
    """The words of a page that an entity is made of."""
    at = 0
    for number, word in enumerate(truth.words):
        if entity.start < at + len(word.text) and at < entity.end:
            yield number
        at += len(word.text) + 1


def _planted(truth: PageTruth, document_page: int, layout: UnitLayout) -> PlantedPage:
    private = [entity for entity in truth.entities if not entity.official]
    place = _to_page(truth, layout, truth.page)
    of_word: dict[int, list[int]] = {}
    for number, entity in enumerate(private):
        for word in _touched(entity, truth):
            of_word.setdefault(word, []).append(number)
    words = (
        PlantedWord(word.text, place.box(Box(*word.box)), tuple(of_word.get(n, ())))
        for n, word in enumerate(truth.words if place else ())
        if place
    )
    return PlantedPage(
        page=truth.page,
        document_page=document_page,
        good=truth.kind == "text" and truth.page_class in GOOD,
        text=truth.kind == "text",
        needles=tuple(Needle(e.label, e.value, e.text) for e in private),
        words=tuple(words),
    )


def _overlap(document: Document, truth: DocumentTruth) -> int:
    first = max(document.first_page, truth.first_page)
    return max(0, min(document.last_page, truth.last_page) - first + 1)


def papers_of(
    unit: Unit, layout: UnitLayout, place: Path, found: Mapping[str, PersonalData]
) -> Iterator[Paper]:
    """A unit's documents with what is true of them; each beside the one it shares most pages with."""
    binder = binder_names(place)[0]
    truth = load_truth(place, binder)
    pages = {page.page: page for page in truth_pages(place, binder)}
    for document in unit.documents:
        whose = max(truth.documents, key=lambda one: _overlap(document, one))
        own = unit.pages_of(document.id)
        yield Paper(
            unit=layout,
            document=document,
            truth=whose,
            pages=tuple(_planted(pages[p.page], p.document_page or 0, layout) for p in own),
            found=found.get(document.id),
            officials=_officials(pages[p.page] for p in own),
        )


def _officials(pages: Iterable[PageTruth]) -> frozenset[str]:
    """Values that stand on the pages as an official's or an institution's too."""
    return frozenset(e.value for page in pages for e in page.entities if e.official)


def found_boxes(paper: Paper, page: PlantedPage) -> tuple[Box, ...]:
    """The boxes of what the program found on a page."""
    items = paper.found.items if paper.found else ()
    return tuple(box for item in items if item.page == page.page for box in item.boxes)


def middle(box: Box) -> Box:
    """The inner part of a box, which small errors of place do not move off it."""
    w, h = max(1, round(box.w * 0.6)), max(1, round(box.h * 0.5))
    return Box(box.x + (box.w - w) // 2, box.y + (box.h - h) // 2, w, h)


def needle_boxes(page: PlantedPage, needle: int) -> tuple[Box, ...]:
    """The inner parts of the words of one planted datum, those that tell nothing left out."""
    datum = page.needles[needle]
    own = (word for word in page.words if needle in word.needles)
    return tuple(middle(word.box) for word in own if datum.tells(word.text))

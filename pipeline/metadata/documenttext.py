"""A document's pages as one text in which every word knows its place, and what was found in it."""

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pipeline.metadata.rules import Analysis
from pipeline.metadata.text.columns import understood_order
from pipeline.metadata.understanding import understand
from schemas.records import Entity
from schemas.text import PageText, Word

_FEW = 15  # words of a page that bears no document yet, such as a cover
PART = 30_000
"""Characters that are understood at once; the fields of the record are looked for in the first."""


@dataclass(frozen=True, slots=True)
class PlacedWord:
    """A word's place in the joined text, its page and its place in that page's words, both from 0."""

    start: int
    end: int
    page: int
    place: int
    word: Word


@dataclass(frozen=True, slots=True)
class DocumentText:
    """The joined text, its words in order, the entities in it, and the analysis of its first part.

    Entities' offsets are code points of `text`.
    """

    text: str
    words: tuple[PlacedWord, ...]
    entities: tuple[Entity, ...]
    first: Analysis

    def words_in(self, start: int, end: int) -> tuple[PlacedWord, ...]:
        """The words that a span touches."""
        begin = bisect_right(self.words, start, key=lambda word: word.end)
        return self.words[begin : bisect_left(self.words, end, key=lambda word: word.start)]


def joined(pages: Sequence[PageText]) -> tuple[str, tuple[PlacedWord, ...]]:
    """The pages' words as one text: lines by a line break, blocks and pages by an empty line.

    A head in two columns comes column by column.
    """
    pieces: list[str] = []
    placed: list[PlacedWord] = []
    at = 0
    for number, page in enumerate(pages):
        for line in understood_order(page):
            for index, word in enumerate(line.words):
                lead = " " if index else ""
                pieces.append(lead + word.text)
                at += len(lead)
                place = line.first + index
                placed.append(PlacedWord(at, at + len(word.text), number, place, word))
                at += len(word.text)
            pieces.append("\n\n" if line.ends else "\n")
            at += len(pieces[-1])
    return "".join(pieces), tuple(placed)


def parts(text: str) -> Iterator[tuple[int, str]]:
    """Long texts in parts that end at a line break, a blank or, failing both, anywhere."""
    start = 0
    while start < len(text):
        end = min(start + PART, len(text))
        if end < len(text):
            cut = max(text.rfind("\n", start, end), text.rfind(" ", start, end))
            end = cut + 1 if cut > start else end
        yield start, text[start:end]
        start = end


def _entities(read: Analysis, offset: int) -> Iterator[Entity]:
    for found in read.found:
        start, end = read.view.span(found.start, found.end)
        given = read.view.given[start:end]
        yield Entity(
            found.label, offset + start, offset + end, given, found.value, found.confidence
        )


def _first_page_end(words: Sequence[PlacedWord], length: int) -> int:
    """Where the first page with more than a few words ends."""
    pages = Counter(word.page for word in words)
    first = next((page for page, count in sorted(pages.items()) if count > _FEW), None)
    after = (word.start for word in words if first is not None and word.page > first)
    return next(after, length)


def read_document(pages: Sequence[PageText]) -> DocumentText:
    """One document's pages, in order, understood by rules and model."""
    text, words = joined(pages)
    head = _first_page_end(words, len(text))
    read = [
        (offset, understand(part, None if offset else head)) for offset, part in parts(text)
    ] or [(0, understand(""))]
    entities = tuple(entity for offset, one in read for entity in _entities(one, offset))
    return DocumentText(text, words, entities, read[0][1])

"""The fields of a document's pages, each with its place on the page."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.metadata.rules import analyse
from pipeline.metadata.spans import Found
from pipeline.metadata.view import View
from schemas.geometry import union
from schemas.records import FieldValue
from schemas.text import PageText, Word

PART = 30_000  # characters in which fields are looked for


@dataclass(frozen=True, slots=True)
class _Placed:
    """A word's place in the joined text, its page (from 0) and itself."""

    start: int
    end: int
    page: int
    word: Word


def _joined(pages: Sequence[PageText]) -> tuple[str, list[_Placed]]:
    """The pages' words as one text: lines by a line break, blocks and pages by an empty line."""
    pieces: list[str] = []
    placed: list[_Placed] = []
    at = 0
    for number, page in enumerate(pages):
        for block in page.blocks:
            for line in block.lines:
                for index, word in enumerate(line.words):
                    lead = " " if index else ""
                    pieces.append(lead + word.text)
                    at += len(lead)
                    placed.append(_Placed(at, at + len(word.text), number, word))
                    at += len(word.text)
                pieces.append("\n")
                at += 1
            pieces.append("\n")
            at += 1
    return "".join(pieces), placed


def _value(view: View, found: Found, placed: Sequence[_Placed], first_page: int) -> FieldValue:
    if found.start >= found.end:
        return FieldValue(found.value, confidence=found.confidence)
    start, end = view.span(found.start, found.end)
    words = [p for p in placed if p.start < end and start < p.end]
    if not words:
        return FieldValue(found.value, raw=view.given[start:end], confidence=found.confidence)
    page = words[0].page
    box = union(p.word.box for p in words if p.page == page)
    raw = re.sub(r"\s+", " ", view.given[start:end]).strip()
    sure = min(found.confidence, _read(words))
    return FieldValue(found.value, raw, first_page + page, box, "rule", round(sure, 3))


def _read(words: Sequence[_Placed]) -> float:
    """How sure the reading of these words was: a field is no surer than its words."""
    return sum(p.word.confidence for p in words) / len(words)


def describe(pages: Sequence[PageText], first_page: int) -> dict[str, FieldValue]:
    """The fields of one document, each with raw text, page in the unit and box on that page.

    `first_page` is the number in the unit of `pages[0]`. Besides the fields of `extract`:
    compartiment, nr_inreg, data_inreg. A field that was not found is left out; `type` is always
    there, without page and box where no title says it.
    """
    text, placed = _joined(pages)
    read = analyse(text[:PART])
    return {
        name: _value(read.view, found, placed, first_page) for name, found in read.fields.items()
    }

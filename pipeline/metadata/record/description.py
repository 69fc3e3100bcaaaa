"""The record of a document: its fields and what it mentions, each with its place on the page."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from statistics import fmean

from pipeline.metadata.documenttext import DocumentText
from pipeline.metadata.entities.mentions import find_mentions
from pipeline.metadata.lists import Lists
from pipeline.metadata.record.retention import find_retention
from pipeline.metadata.record.types import is_title
from pipeline.metadata.text.spans import Found
from pipeline.metadata.text.view import fold
from schemas.geometry import union
from schemas.records import FieldValue

NO_LISTS = Lists()
_SPACED = re.compile(r"\S(?: \S){3,}")
"""A title set with blanks between its letters, each of which reading takes for a word."""


@dataclass(frozen=True, slots=True)
class Description:
    """Fields by name, and mentions by kind: persons, organisations, places, acts, amounts, parcels."""

    fields: dict[str, FieldValue] = field(default_factory=dict)
    mentions: dict[str, tuple[FieldValue, ...]] = field(default_factory=dict)


def _placed(read: DocumentText, start: int, end: int, found: Found, first_page: int) -> FieldValue:
    """A value with the words of the text that `start` and `end` (code points of it) touch."""
    raw = re.sub(r"\s+", " ", read.text[start:end]).strip()
    words = read.words_in(start, end)
    if not words:
        return FieldValue(found.value, raw=raw, source=found.source, confidence=found.confidence)
    page = words[0].page
    box = union(p.word.box for p in words if p.page == page)
    certainty = sum(p.word.confidence for p in words) / len(words)
    sure = round(min(found.confidence, certainty), 3)
    return FieldValue(found.value, raw, first_page + page, box, found.source, sure)


def _field(read: DocumentText, found: Found, first_page: int) -> FieldValue:
    if found.start >= found.end:
        return FieldValue(found.value, source=found.source, confidence=found.confidence)
    start, end = read.first.view.span(found.start, found.end)
    placed = _placed(read, start, end, found, first_page)
    if found.label == "type" and _SPACED.fullmatch(placed.raw) and is_title(fold(placed.raw)):
        page = read.words_in(start, end)[0].page
        sure = fmean(word.word.confidence for word in read.words if word.page == page)
        return replace(placed, confidence=round(min(found.confidence, sure), 3))
    return placed


def _retained(fields: Mapping[str, Found], lists: Lists) -> dict[str, Found]:
    """The class of the filing plan, by type, department and subject."""
    kind, department, subject = (
        fields[name].value if name in fields else "" for name in ("type", "compartiment", "subject")
    )
    about = fold(f"{kind} {subject}").lower()
    return find_retention(lists.classes, kind, department, about)


def describe(read: DocumentText, first_page: int, lists: Lists = NO_LISTS) -> Description:
    """The record of one document: every value with raw text, page in the unit and box on that page.

    `first_page` is the number in the unit of the document's first page; `lists` the institution's
    filing plan and streets. A field that was not found is left out; `type` is always there, without
    page and box where no title says it. A value is no surer than the reading of its words, but for a
    title in spaced letters that are all a known one's, which is as sure as the page.
    """
    said = read.first.fields
    fields = {
        name: _field(read, found, first_page)
        for name, found in (said | _retained(said, lists)).items()
    }
    date = said["date"].value if "date" in said else ""
    mentions = {
        kind: tuple(_placed(read, one.start, one.end, one, first_page) for one in found)
        for kind, found in find_mentions(read, lists, date).items()
    }
    return Description(fields, mentions)

"""What is no text: room for signatures, and pages that show a portrait."""

import re
from collections.abc import Iterator, Sequence
from itertools import islice

from pipeline.privacy.finding.names.persons import Persons
from pipeline.privacy.finding.script import Script
from schemas.geometry import Box
from schemas.privacy import PersonalKind, Sensitive
from schemas.text import PageText

SIGNED_BY_CITIZENS = frozenset(("cerere", "petiție", "declarație fiscală"))
HIGH, WIDE = 5, 3  # of a word's height: room below a label, and to its sides
MOST = 100  # labels of a document
SHORT_ROW, SURE = 8, 0.6
_PORTRAIT = re.compile(
    r"I[D0]R[O0]U[A-Z<]{3}|P<R[O0]U|\bROUMANIE\b|CARTE D.?IDENTITE|IDENTITY CARD"
)
_SIGNATURE = "semnatur"


def _below(page: PageText, label: Box) -> Box | None:
    """The free room under a label, down to the next word that stands there."""
    h = max(8, label.h)
    left, right = max(0, label.x - WIDE * h), min(page.size.width, label.x + label.w + WIDE * h)
    top, bottom = label.y + label.h + 1, min(page.size.height, label.y + label.h + HIGH * h)
    for word in page.words:
        box = word.box
        if box.y >= top - h // 3 and box.x < right and left < box.x + box.w:
            bottom = min(bottom, box.y - 1)
    return Box(left, top, right - left, bottom - top) if bottom - top >= h else None


def _beside(page: PageText, label: Box) -> Box | None:
    """The free room to the right of a label, up to the next word of its line."""
    h = max(8, label.h)
    left, right = label.x + label.w + 2, page.size.width
    top, bottom = max(0, label.y - h), label.y + label.h
    for word in page.words:
        box = word.box
        if box.x >= left - 2 and box.y < bottom and top < box.y + box.h:
            right = min(right, box.x - 1) if box.y + box.h > label.y else right
            top = max(top, box.y + box.h + 1) if box.y + box.h <= label.y else top
    room = Box(left, top, right - left, bottom - top)
    return room if room.w >= 4 * h and room.h > 0 else None


def _label_rows(script: Script) -> Iterator[int]:
    for at, core in enumerate(script.cores):
        if core.startswith(_SIGNATURE) and len(script.line_of(at)) <= SHORT_ROW:
            yield at


def _signers(script: Script, persons: Persons, kind: str) -> Iterator[int]:
    """The last word of the name under a citizen's letter."""
    if kind in SIGNED_BY_CITIZENS and persons.private:
        last = persons.private[-1]
        if last.first > len(script) * 2 // 3:
            yield last.last


def signatures(
    script: Script, pages: Sequence[PageText], persons: Persons, kind: str, first_page: int
) -> Iterator[Sensitive]:
    """Room under and beside "Semnătura" and under the name that ends a citizen's letter."""
    if not persons.private:
        return
    labels = islice(_label_rows(script), MOST)
    for at in (*labels, *_signers(script, persons, kind)):
        page = pages[script.page(at)]
        rooms = (_below(page, script.box(at)), _beside(page, script.box(at)))
        boxes = tuple(room for room in rooms if room)
        if boxes:
            number = first_page + script.page(at)
            yield Sensitive(PersonalKind.SIGNATURE, number, (), boxes, "", SURE, ("rule",))


def portraits(pages: Sequence[PageText], first_page: int) -> Iterator[Sensitive]:
    """Pages that show a paper with a portrait, whole: by the words that only such papers have."""
    for number, page in enumerate(pages, first_page):
        if page.words and _PORTRAIT.search(page.plain.upper()):
            box = Box(0, 0, page.size.width, page.size.height)
            yield Sensitive(PersonalKind.PORTRAIT, number, (), (box,), "", SURE, ("rule",))

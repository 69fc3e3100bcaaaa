"""A unit's opis as people read it: one row a document."""

from collections.abc import Sequence
from textwrap import shorten

from pipeline.boundaries.segmentation import UNSURE
from pipeline.opis import Entry
from schemas.messages import label, say

_SUBJECT = 60
_DOUBTED = "?"
_GAP = "  "


def _heads(language: str) -> tuple[str, ...]:
    return (
        say("opis_number", language),
        say("opis_document", language),
        say("opis_leaves", language),
        say("opis_date", language),
        say("opis_subject", language),
    )


def _cells(entry: Entry, language: str) -> tuple[str, ...]:
    title = label("type", entry.type, language)
    numbered = f"{title} nr. {entry.act_number}" if entry.act_number else title
    doubted = _DOUBTED if _in_doubt(entry) else ""
    subject = shorten(entry.subject, _SUBJECT, placeholder=" …") if entry.subject else ""
    return f"{entry.number}{doubted}", numbered, entry.leaves, entry.date, subject


def table_lines(entries: Sequence[Entry], language: str) -> tuple[str, ...]:
    """Number, document, leaves, date, subject; a number with „?” where the beginning is doubtful."""
    if not entries:
        return ()
    rows = [_heads(language), *(_cells(entry, language) for entry in entries)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    told = [
        _GAP.join(f"{c:<{w}}" for c, w in zip(row, widths, strict=True)).rstrip() for row in rows
    ]
    note = (say("opis_doubted", language),) if any(_in_doubt(entry) for entry in entries) else ()
    return ("", *(f"  {line}" for line in told), *note, "")


def _in_doubt(entry: Entry) -> bool:
    return entry.boundary <= UNSURE[1]

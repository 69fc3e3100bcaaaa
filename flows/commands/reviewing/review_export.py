"""`opis review export`: what people corrected or confirmed, for training; a file for staff only."""

import os
from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO

import msgspec

from flows.answers import Answer
from flows.archive import need_archive
from flows.auditing import noted_alone
from flows.commands.person import person
from pipeline import units
from pipeline.reviewing.corrections import CORRECTION, placed
from schemas.alto import read_plain
from schemas.durable import write_durably
from schemas.errors import InputError
from schemas.layout import UnitLayout
from schemas.messages import plural, say
from schemas.records import Unit
from schemas.settings import Settings

_PRIVATE = 0o600
_LONGEST = 30_000


def _text(unit: Unit, document: str, layout: UnitLayout) -> str:
    """A document's words as `opis extract` takes them: its pages joined by an empty line."""
    paths = (layout.alto_page(page.page) for page in unit.pages_of(document))
    texts = (read_plain(path.read_bytes()) for path in paths if path.exists())
    return "\n\n".join(texts)[:_LONGEST]


def _row(event: Mapping[str, Any], unit: Unit, texts: Mapping[str, str]) -> dict[str, object]:
    document = str(event["document"])
    return {
        "unit": unit.id,
        "document": document,
        "field": event["field"],
        "read": event.get("read", ""),
        "value": event["value"],
        "raw": event.get("raw", ""),
        "of": event.get("of", ""),
        "source": event.get("source", ""),
        "when": event.get("when") or event.get("time", ""),
        "text": texts[document],
    }


def rows_of(layout: UnitLayout) -> Iterator[dict[str, object]]:
    """A unit's corrections that stand; raises InputError unit-missing or unit-damaged."""
    unit = units.read_record(layout)
    events = [e for e in placed(units.read_events(layout), unit.pages) if e["event"] == CORRECTION]
    named = dict.fromkeys(str(event["document"]) for event in events)
    texts = {document: _text(unit, document, layout) for document in named}
    for event in events:
        yield _row(event, unit, texts)


def _fill(rows: Iterable[Mapping[str, object]], stream: BinaryIO) -> None:
    """Nobody but its owner reads the file, from its first byte on."""
    os.fchmod(stream.fileno(), _PRIVATE)
    stream.writelines(msgspec.json.encode(row) + b"\n" for row in rows)


def export(settings: Settings, file: Path) -> Answer:
    """All corrections that stand, one JSON object a line, with what was read and the text it was in.

    Who corrected is not told. Raises InputError archive-missing, output-exists.
    """
    need_archive(settings)
    if file.exists():
        raise InputError("output-exists", str(file))
    rows: list[dict[str, object]] = []
    damaged: list[str] = []
    for layout in units.all_units(settings):
        try:
            rows += rows_of(layout)
        except (InputError, ValueError):
            damaged.append(layout.id)
    noted_alone(settings, person(None), "export", "corrections")
    write_durably(file, partial(_fill, rows))
    language = settings.interface_language
    told = say(
        "review_exported", language, items=plural("correction", len(rows), language), file=file
    )
    payload = {"file": str(file), "corrections": len(rows), "damaged": damaged}
    return Answer({**payload, "personal_data": True}, (told,))

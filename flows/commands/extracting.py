"""`opis extract`: what the understanding step makes of plain text."""

from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

import msgspec

from flows.answers import Answer
from pipeline.metadata.extraction import extract_record
from schemas.errors import InputError
from schemas.records import FieldValue


def extracted(text: str) -> dict[str, object]:
    """Fields and entities of one text, under the names of the command's JSON."""
    fields, entities, record = extract_record(text)
    return {
        **fields,
        "entities": [asdict(entity) for entity in entities],
        "fields": {name: _told(value) for name, value in record.fields.items()},
        "mentions": {
            kind: [_told(value) for value in values] for kind, values in record.mentions.items()
        },
    }


def _told(value: FieldValue) -> dict[str, object]:
    """A field of a text: it has no place on a page."""
    told = asdict(value)
    return {name: told[name] for name in ("value", "raw", "source", "confidence")}


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError("source-missing", str(path)) from error


def extract_file(path: Path) -> Answer:
    """One text file."""
    payload = extracted(_read(path))
    lines = tuple(
        f"{name:<10} {payload[name] or '–'}"
        for name in ("type", "number", "date", "issuer", "subject")
    )
    return Answer(payload, lines)


def extract_lines(path: Path) -> Iterator[str]:
    """One JSON object for each {"text"} line of a file, in its order."""
    for place, line in enumerate(_read(path).splitlines(), 1):
        try:
            text = msgspec.json.decode(line, type=dict[str, object])["text"]
        except (ValueError, KeyError) as error:
            raise InputError("jsonl-invalid", f"{path}:{place}") from error
        yield msgspec.json.encode(extracted(str(text))).decode()

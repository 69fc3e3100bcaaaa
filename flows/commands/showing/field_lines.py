"""A document's fields and mentions in `opis show`: as read, as corrected, by whom and when."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from flows.answers import printable
from pipeline.reviewing.corrections import CORRECTION, MENTIONS, about, as_read
from schemas.messages import label, say
from schemas.records import Document, FieldValue, Unit

_Event = Mapping[str, Any]


def _place(value: FieldValue) -> dict[str, object] | None:
    if value.page is None:
        return None
    return {"page": value.page, "box": value.box.as_list() if value.box else None}


def field_json(value: FieldValue, decided: _Event | None = None) -> dict[str, object]:
    """A field with value, raw text, place, source, confidence, what was read, who decided, when."""
    event = decided or {}
    return {
        "value": value.value,
        "raw": value.raw,
        "place": _place(value),
        "source": value.source,
        "confidence": value.confidence,
        "checked": value.checked,
        "read": as_read(value),
        "by": str(event.get("by", "")),
        "when": _when(event),
    }


def _when(event: _Event) -> str:
    return str(event.get("when") or event.get("time", ""))


def corrections_of(
    document: Document, unit: Unit, events: Sequence[_Event]
) -> dict[tuple[str, str], _Event]:
    """The correction that stands of each field (of each value of a mention), by name and value."""
    own = (e for e in about(document.id, events, unit.pages) if e["event"] == CORRECTION)
    return {(str(e["field"]), str(e["value"]) if e["field"] in MENTIONS else ""): e for e in own}


def fields_json(document: Document, unit: Unit, events: Sequence[_Event]) -> dict[str, object]:
    """Fields, mentions, and the fields of which a person said that the document has none."""
    made = corrections_of(document, unit, events)
    return {
        "fields": {
            name: field_json(value, made.get((name, ""))) for name, value in document.fields.items()
        },
        "mentions": {
            name: [field_json(value, made.get((name, value.value))) for value in group]
            for name, group in document.mentions.items()
        },
        "absent": {
            name: {"read": e.get("read", ""), "by": e.get("by", ""), "when": _when(e)}
            for (name, _), e in made.items()
            if _is_absent(name, e, document)
        },
    }


def _is_absent(name: str, event: _Event, document: Document) -> bool:
    return not event["value"] and name not in MENTIONS and name not in document.fields


def _decided(value: FieldValue, event: _Event, language: str) -> str:
    key = "show_confirmed" if value.value == as_read(value) else "show_corrected"
    read = printable(as_read(value)) or "–"
    return say(key, language, by=event.get("by", ""), when=_when(event), read=read)


def field_lines(
    document: Document, unit: Unit, events: Sequence[_Event], language: str
) -> Iterator[str]:
    """A line a field; under one that a person decided on, what was read, who and when."""
    made = corrections_of(document, unit, events)
    called = {name: label("field", name, language) for name in document.fields}
    width = max(map(len, called.values()), default=0)
    for name, value in document.fields.items():
        shown = {
            "value": label("problem", value.value, language) if name == "problem" else value.value,
            "source": label("source", value.source, language),
            "confidence": f"{value.confidence:.0%}",
        }
        yield say("show_field", language, name=called[name].ljust(width), **shown)
        event = made.get((name, ""))
        if event is not None:
            yield _decided(value, event, language)
    for (name, _), event in made.items():
        if _is_absent(name, event, document):
            told = {"by": event.get("by", ""), "when": _when(event)}
            field, read = label("field", name, language), event.get("read") or "–"
            yield say("show_absent", language, name=field, read=read, **told)

"""Fields and entities of a plain text."""

from collections.abc import Iterator

from pipeline.metadata.description import PART
from pipeline.metadata.fields import FIELDS
from pipeline.metadata.spacy_pipeline import analyse
from pipeline.metadata.spans import Found
from pipeline.metadata.view import View
from schemas.records import Entity


def _parts(text: str) -> Iterator[tuple[int, str]]:
    """Long texts in parts that end at a line break, a blank or, failing both, anywhere."""
    start = 0
    while start < len(text):
        end = min(start + PART, len(text))
        if end < len(text):
            cut = max(text.rfind("\n", start, end), text.rfind(" ", start, end))
            end = cut + 1 if cut > start else end
        yield start, text[start:end]
        start = end


def _entity(view: View, found: Found, offset: int) -> Entity:
    start, end = view.span(found.start, found.end)
    return Entity(
        found.label,
        offset + start,
        offset + end,
        view.given[start:end],
        found.value,
        found.confidence,
    )


def extract(text: str) -> tuple[dict[str, str | None], tuple[Entity, ...]]:
    """type, number, date (ISO 8601), issuer and subject of a plain text, and its entities.

    Fields not found are None; `type` may be "necunoscut". Offsets are code points of `text`, and
    an entity's text is exactly that slice. Texts of any length and content are taken.
    """
    fields: dict[str, str | None] = dict.fromkeys(FIELDS)
    fields["type"] = "necunoscut"
    entities: list[Entity] = []
    for offset, part in _parts(text):
        read = analyse(part)
        entities += [_entity(read.view, found, offset) for found in read.found]
        if offset == 0:
            fields |= {name: read.fields[name].value for name in FIELDS if name in read.fields}
    return fields, tuple(entities)

"""Fields and entities of a plain text."""

from pipeline.metadata.documenttext import DocumentText, parts
from pipeline.metadata.record.description import Description, describe
from pipeline.metadata.record.fields import FIELDS
from pipeline.metadata.spacy_pipeline import analyse
from pipeline.metadata.text.spans import Found
from pipeline.metadata.text.view import View
from schemas.records import Entity


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


def read_text(text: str) -> DocumentText:
    """A plain text understood as a document's pages are; its words have no places on a page."""
    read = [(offset, analyse(part)) for offset, part in parts(text)] or [(0, analyse(""))]
    entities = tuple(
        _entity(one.view, found, offset) for offset, one in read for found in one.found
    )
    return DocumentText(text, (), entities, read[0][1])


def named_fields(read: DocumentText) -> dict[str, str | None]:
    """The fields of FIELDS, None where not found; `type` may be "necunoscut"."""
    found = read.first.fields
    return {name: found[name].value if name in found else None for name in FIELDS}


def extract(text: str) -> tuple[dict[str, str | None], tuple[Entity, ...]]:
    """type, number, date (ISO 8601), issuer and subject of a plain text, and its entities.

    Fields not found are None; `type` may be "necunoscut". Offsets are code points of `text`, and
    an entity's text is exactly that slice. Texts of any length and content are taken.
    """
    read = read_text(text)
    return named_fields(read), read.entities


def extract_record(
    text: str,
) -> tuple[dict[str, str | None], tuple[Entity, ...], Description]:
    """What `extract` gives, and the whole record as documents have it, without places."""
    read = read_text(text)
    return named_fields(read), read.entities, describe(read, 1)

"""What the rules for fields look at, and what of it belongs to another paper."""

from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.metadata.record.types import TypeFound
from pipeline.metadata.text.lines import TextLine
from pipeline.metadata.text.spans import Found
from pipeline.metadata.text.view import View


@dataclass(frozen=True, slots=True)
class Context:
    """What the rules for fields look at."""

    view: View
    lines: tuple[TextLine, ...]
    kind: TypeFound
    dates: tuple[Found, ...]
    spans: tuple[Found, ...]
    cited: bytes


def cited_places(length: int, kind: TypeFound, spans: Sequence[Found]) -> bytes:
    """A mark for every character that belongs to a cited act, an identifier or a name."""
    marks = bytearray(length)
    for span in spans:
        own = span.label == "ACT_REF" and kind.start <= span.start <= kind.end
        if span.label not in {"NUM", "DATE", "ORG"} and not own:
            marks[span.start : span.end] = b"\1" * (span.end - span.start)
    return bytes(marks)


def is_cited(context: Context, start: int) -> bool:
    """Whether a place lies in an act cited after the title, or in an identifier."""
    return context.cited[start] != 0

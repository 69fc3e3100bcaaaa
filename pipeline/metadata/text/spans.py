"""What the rules find: spans of a view's text, and which of them stand when they overlap."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Found:
    """A span of a view's text: offsets in the view, `value` normalised, confidence 0-1.

    `source` is rule or model.
    """

    label: str
    start: int
    end: int
    value: str
    confidence: float
    source: str = "rule"

    def overlaps(self, start: int, end: int) -> bool:
        return self.start < end and start < self.end


IDENTIFIERS = (
    "IBAN",
    "EMAIL",
    "CNP",
    "PASSPORT",
    "ID_CARD",
    "CUI",
    "PHONE",
    "PLATE",
    "CADASTRAL",
)
NAMED = ("MONEY", "DATE", "ORG", "PLACE", "PERSON", "NUM")
RANK = {label: rank for rank, label in enumerate(IDENTIFIERS + NAMED)}


def _stand(spans: Iterable[Found], taken: bytearray) -> list[Found]:
    """The best of them that do not overlap; `taken` marks the characters they hold."""
    kept: list[Found] = []
    for span in sorted(
        spans, key=lambda s: (RANK.get(s.label, 0), -s.confidence, s.start - s.end, s.start)
    ):
        if not any(taken[span.start : span.end]):
            taken[span.start : span.end] = b"\1" * (span.end - span.start)
            kept.append(span)
    return kept


def resolve(spans: Sequence[Found]) -> tuple[Found, ...]:
    """The spans that stand, in reading order: identifiers first, then names, numbers last.

    A date or a name may stand inside a cited act; nothing else overlaps.
    """
    spans = [s for s in spans if s.start < s.end]
    length = max((s.end for s in spans), default=0)
    firm, acts = bytearray(length), bytearray(length)
    kept = _stand((s for s in spans if s.label not in NAMED and s.label != "ACT_REF"), firm)
    kept += _stand((s for s in spans if s.label == "ACT_REF"), acts)
    kept += _stand((s for s in spans if s.label in NAMED and not _held(s, acts)), firm)
    return tuple(sorted(kept, key=lambda s: (s.start, s.end, s.label)))


def _held(span: Found, acts: bytearray) -> bool:
    return span.label in {"NUM", "MONEY"} and any(acts[span.start : span.end])

"""What the finders find: stretches of a document's text."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import groupby

from schemas.privacy import PersonalKind

RULE, MODEL, GAZETTEER, SECOND = "rule", "model", "gazetteer", "second-reading"
TWO_WAYS = 0.95
"""What two methods find is at least so sure."""


@dataclass(frozen=True, slots=True)
class Span:
    """Offsets in the document's text, half open; `value` normalised; who found it."""

    kind: PersonalKind
    start: int
    end: int
    value: str
    confidence: float
    methods: tuple[str, ...] = (RULE,)

    def overlaps(self, start: int, end: int) -> bool:
        return self.start < end and start < self.end


def _joined(one: Span, other: Span) -> Span:
    methods = tuple(dict.fromkeys((*one.methods, *other.methods)))
    best = max(one, other, key=lambda span: (span.confidence, span.end - span.start))
    sure = max(best.confidence, TWO_WAYS) if len(methods) > 1 else best.confidence
    start, end = min(one.start, other.start), max(one.end, other.end)
    return replace(best, start=start, end=end, confidence=sure, methods=methods)


def merged(spans: Iterable[Span]) -> tuple[Span, ...]:
    """Spans of one kind that overlap made one, in reading order; other kinds may overlap."""
    ordered = sorted(spans, key=lambda span: (span.kind, span.start, span.end))
    kept: list[Span] = []
    for _, same in groupby(ordered, key=lambda span: span.kind):
        mark = len(kept)
        for span in same:
            if len(kept) > mark and kept[-1].overlaps(span.start, span.end):
                kept[-1] = _joined(kept[-1], span)
            else:
                kept.append(span)
    return tuple(sorted(kept, key=lambda span: (span.start, span.end)))

"""A second reading of what is doubtful: numbers that do not add up, and unread words beside cues."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace

from pipeline.metadata.documenttext import DocumentText, PlacedWord
from pipeline.privacy.finding.identifiers import accounts, personal_number
from pipeline.privacy.finding.spans import SECOND, Span
from schemas.geometry import Box, union
from schemas.privacy import PersonalKind
from schemas.records import Finding

Reread = Callable[[int, Box], str]
DOUBTFUL, MOST = 0.7, 12  # confidence of a span; regions of a document read again
UNCLEAR = "personal-unclear"


def _regions(words: Sequence[PlacedWord]) -> Iterator[tuple[int, Box]]:
    """Page (from 0) and box of each line's stretch."""
    for page in sorted({word.page for word in words}):
        own = [word.word.box for word in words if word.page == page]
        lines: list[list[Box]] = []
        for box in own:
            if lines and box.x > lines[-1][-1].x:
                lines[-1].append(box)
            else:
                lines.append([box])
        yield from ((page, union(line)) for line in lines)


def _again(span: Span, text: str) -> Span:
    if span.kind is PersonalKind.CNP:
        return personal_number.read_again(span, text)
    for found in accounts.find(text):
        if found.kind is PersonalKind.IBAN and found.confidence > span.confidence:
            methods = (*span.methods, SECOND)
            return replace(span, value=found.value, confidence=found.confidence, methods=methods)
    return span


def read_again(
    read: DocumentText, spans: Iterable[Span], reread: Reread | None
) -> tuple[tuple[Span, ...], tuple[Span, ...]]:
    """All spans, doubtful numbers with what a second reading told; and those still in doubt."""
    better: list[Span] = []
    doubtful: list[Span] = []
    tries = MOST
    for given in spans:
        span = given
        unsure = span.kind in {PersonalKind.CNP, PersonalKind.IBAN} and span.confidence <= DOUBTFUL
        if unsure and reread is not None and tries:
            regions = _regions(read.words_in(span.start, span.end))
            text = " ".join(reread(page, box) for page, box in regions)
            span, tries = _again(span, text), tries - 1
        if unsure and span.confidence < DOUBTFUL:
            doubtful.append(span)
        better.append(span)
    return tuple(better), tuple(doubtful)


def doubts(read: DocumentText, spans: Iterable[Span], first_page: int) -> Iterator[Finding]:
    """A finding for each page on which a number stays in doubt."""
    pages = {word.page for span in spans for word in read.words_in(span.start, span.end)[:1]}
    for page in sorted(pages):
        yield Finding(UNCLEAR, first_page + page, {"n": str(first_page + page)})

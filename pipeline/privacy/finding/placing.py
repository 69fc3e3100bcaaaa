"""From stretches of text to words and boxes on the pages."""

from collections.abc import Iterable, Iterator
from itertools import groupby

from pipeline.metadata.documenttext import DocumentText, PlacedWord
from pipeline.privacy.finding.spans import Span
from schemas.geometry import Box, union
from schemas.privacy import Sensitive


def _boxes(words: list[PlacedWord], text: str) -> tuple[Box, ...]:
    """One box a printed line."""
    boxes: list[Box] = []
    line: list[Box] = []
    last = words[0].end
    for word in words:
        if "\n" in text[last : word.start] and line:
            boxes.append(union(line))
            line = []
        line.append(word.word.box)
        last = word.end
    return (*boxes, union(line))


def _items(read: DocumentText, span: Span, first_page: int) -> Iterator[Sensitive]:
    words = read.words_in(span.start, span.end)
    for page, group in groupby(words, key=lambda word: word.page):
        same = list(group)
        yield Sensitive(
            span.kind,
            first_page + page,
            tuple(word.place for word in same),
            _boxes(same, read.text),
            span.value,
            round(span.confidence, 3),
            span.methods,
        )


def placed(read: DocumentText, spans: Iterable[Span], first_page: int) -> tuple[Sensitive, ...]:
    """Each span as what it is on its page; over a page's end, as one of each page."""
    return tuple(item for span in spans for item in _items(read, span, first_page))

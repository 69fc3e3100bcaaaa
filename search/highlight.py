"""Which printed words of a page answer a query: their boxes and the text around them."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from rapidfuzz.distance import OSA

from schemas.geometry import Box
from schemas.text import PageText
from search.analysis import PageWord, Token, page_words, word_tokens
from search.query import Clause, Query, QueryWord

_SNIPPET_LENGTH = 160
_BEFORE = 0.35


@dataclass(frozen=True, slots=True)
class Found:
    """A token of the page: `word` is its place among the page's searched words."""

    word: int
    token: Token


@dataclass(frozen=True, slots=True)
class Highlight:
    """What answers on a page: a box for each printed word, in reading order, and a snippet.

    In the snippet what answers stands in «»; "…" tells where the page's text goes on.
    """

    boxes: tuple[Box, ...]
    snippet: str


def _sequence(words: Sequence[PageWord]) -> tuple[Found, ...]:
    return tuple(
        Found(n, token) for n, word in enumerate(words) for token in word_tokens(word.text)
    )


def _runs(clause: Clause, page: Sequence[Found]) -> Iterator[Sequence[Found]]:
    length = len(clause.words)
    first = clause.words[0]
    for start, found in enumerate(page[: len(page) - length + 1]):
        if not first.answers(found.token):
            continue
        run = page[start : start + length]
        if all(word.answers(f.token) for word, f in zip(clause.words, run, strict=True)):
            yield run


def _near(word: QueryWord, page: Sequence[Found]) -> Iterator[Sequence[Found]]:
    for found in page:
        if OSA.distance(word.fold, found.token.fold, score_cutoff=1) <= 1:
            yield (found,)


def _answers(query: Query, page: Sequence[Found]) -> list[Found]:
    """Tokens that answer; a word that is nowhere on the page is sought with one wrong letter."""
    every: set[Found] = set()
    for clause in query.clauses:
        runs = list(_runs(clause, page))
        if not runs and len(clause.words) == 1 and clause.words[0].tolerant:
            runs = list(_near(clause.words[0], page))
        every.update(found for run in runs for found in run)
    return sorted(every, key=lambda found: (found.word, found.token.start))


def _best_start(places: Sequence[int], length: int) -> int:
    """The first place of the stretch of that length that holds most places."""
    return max(places, key=lambda start: (sum(start <= p < start + length for p in places), -start))


def _offsets(words: Sequence[PageWord]) -> tuple[int, ...]:
    places, at = [], 0
    for word in words:
        places.append(at)
        at += len(word.text) + 1
    return tuple(places)


def _spans(answers: Iterable[Found], offsets: Sequence[int], text: str) -> list[tuple[int, int]]:
    """Places in the page's text that answer; words side by side are one place."""
    joined: list[tuple[int, int]] = []
    for found in answers:
        start = offsets[found.word] + found.token.start
        end = offsets[found.word] + found.token.end
        if joined and not any(map(str.isalnum, text[joined[-1][1] : start])):
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((start, end))
    return joined


def _marked(text: str, start: int, end: int, spans: Sequence[tuple[int, int]]) -> str:
    pieces, at = [], start
    for first, last in spans:
        if start <= first and last <= end:
            pieces += [text[at:first], "«", text[first:last], "»"]
            at = last
    pieces.append(text[at:end])
    return "".join(pieces)


def _snippet(words: Sequence[PageWord], answers: Sequence[Found]) -> str:
    text = " ".join(word.text for word in words)
    offsets = _offsets(words)
    spans = _spans(answers, offsets, text)
    best = _best_start([first for first, _ in spans], _SNIPPET_LENGTH) if spans else 0
    wanted = max(0, best - int(_SNIPPET_LENGTH * _BEFORE)) if spans else 0
    begins = [place for place in offsets if place >= wanted] or [0]
    start = min(begins[0], best)
    ends = [p + len(w.text) for p, w in zip(offsets, words, strict=True)]
    fitting = [end for end in ends if start < end <= start + _SNIPPET_LENGTH]
    reach = next((last for first, last in spans if first == best), 0)
    end = max([*fitting, reach])
    body = _marked(text, start, end, spans)
    return f"{'…' if start else ''}{body}{'…' if end < len(text) else ''}"


def _words(page: PageText) -> tuple[PageWord, ...]:
    return page_words([[w.text for w in line.words] for line in b.lines] for b in page.blocks)


def _parts(words: Sequence[PageWord], answers: Iterable[Found]) -> tuple[int, ...]:
    return tuple(dict.fromkeys(part for found in answers for part in words[found.word].parts))


def answering_words(page: PageText, query: Query) -> frozenset[int]:
    """Which of the page's printed words answer, counted from 0 in reading order."""
    words = _words(page)
    return frozenset(_parts(words, _answers(query, _sequence(words))))


def highlight(page: PageText, query: Query) -> Highlight:
    """Boxes and snippet of one page for a query; no boxes where nothing answers."""
    words = _words(page)
    answers = _answers(query, _sequence(words))
    printed = page.words
    boxes = tuple(printed[part].box for part in _parts(words, answers))
    return Highlight(boxes, _snippet(words, answers))

"""Which printed words of a page answer a query: their boxes and the text around them."""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import chain, groupby, product

from rapidfuzz.distance import OSA

from schemas.geometry import Box
from schemas.text import PageText
from search.analysis import PageWord, Token, page_words, word_tokens
from search.asking.facts import Fact, facts
from search.asking.marks import LONG_STEM, joined, look, odd
from search.query import Clause, Query, QueryWord, Term
from search.romanian import first_letters, strip_marks

_SNIPPET_LENGTH = 160
_BEFORE = 0.35
_ANY: frozenset[str] = frozenset()
Told = tuple[Fact, int, int]


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


@lru_cache(maxsize=5_000)
def _first(letter: str) -> str:
    return strip_marks(letter)[:1]


@lru_cache(maxsize=100)
def _unlike(length: int) -> tuple[Token, ...]:
    """A word that nothing can answer."""
    return (Token("", "", 0, length),)


def _sequence(words: Sequence[PageWord], letters: frozenset[str]) -> tuple[Found, ...]:
    """A page's tokens; words that begin with none of the letters are not looked at closer."""

    def told(word: str) -> tuple[Token, ...]:
        if letters and _first(word[0]) not in letters and word.isalpha():
            return _unlike(len(word))
        return word_tokens(word)

    return tuple(Found(n, token) for n, word in enumerate(words) for token in told(word.text))


def _letters(query: Query) -> frozenset[str]:
    """The letters with which what answers a query can begin."""
    terms = (term for c in (*query.clauses, *query.optional) for term in c.terms)
    found: set[str] = set()
    for term in terms:
        found.add(term.plain[:1])
        for word in term.words:
            found.update((word.fold[:1], *chain.from_iterable(map(first_letters, word.keys))))
    return frozenset(found)


def _runs(term: Term, page: Sequence[Found]) -> Iterator[Sequence[Found]]:
    length = len(term.words)
    for start, found in enumerate(page[: len(page) - length + 1] if length else ()):
        if not term.words[0].answers(found.token):
            continue
        run = page[start : start + length]
        if all(word.answers(f.token) for word, f in zip(term.words, run, strict=True)):
            yield run


def _joined(term: Term, page: Sequence[Found]) -> Iterator[Sequence[Found]]:
    """A hyphenated word where it is printed as one, and the other way round."""
    if term.plain:
        yield from ((found,) for found in page if found.token.fold == term.plain)
    if term.fact.startswith("-"):
        for _, parts in groupby(page, key=lambda found: found.word):
            run = tuple(parts)
            if len(run) > 1 and joined([found.token.fold for found in run]) == term.fact:
                yield run


def _meant(term: Term, page: Sequence[Found], told: Sequence[Told]) -> Iterator[Sequence[Found]]:
    """Dates, acts and numbers that mean the term, however they are printed."""
    for fact, first, last in told:
        if term.fact == fact.term or term.fact in fact.also:
            yield page[first:last]


def _within(one: str, other: str, most: int) -> bool:
    return OSA.distance(one, other, score_cutoff=most) <= most


def _misread(word: QueryWord, token: Token) -> bool:
    """Whether a word that is not Romanian looks like the word, or like it in another form."""
    if _within(look(word.fold), look(token.fold), word.forgiven):
        return True
    stems = product(word.keys, token.keys) if word.forgiven else ()
    return any(_within(look(one), look(other), int(len(one) >= LONG_STEM)) for one, other in stems)


def _mistyped(word: QueryWord, token: Token) -> bool:
    if not word.forgiven:
        return False
    long = len(word.keys[0]) >= LONG_STEM
    return _within(word.fold, token.fold, word.forgiven) or (
        long and _within(word.keys[0], token.key, 1)
    )


def _near(word: QueryWord, page: Sequence[Found]) -> Sequence[Sequence[Found]]:
    """What the word may have been misread as; where there is none, what may be typed wrongly."""
    doubtful = (found for found in page if _doubtful(found.token))
    misread = [(found,) for found in doubtful if _misread(word, found.token)]
    return misread or [(found,) for found in page if _mistyped(word, found.token)]


def _doubtful(token: Token) -> bool:
    return odd(token.fold, token.keys) or not (token.fold.isalpha() or token.fold.isdigit())


class _Page:
    """A page's words, and what they mean when a query asks for it."""

    def __init__(self, words: Sequence[PageWord], letters: frozenset[str] = _ANY) -> None:
        self.words = words
        self._letters = letters

    @cached_property
    def found(self) -> tuple[Found, ...]:
        """Every token."""
        return _sequence(self.words, _ANY)

    @cached_property
    def likely(self) -> tuple[Found, ...]:
        """Every token, known closer where it may answer as it stands."""
        return _sequence(self.words, self._letters)

    @cached_property
    def told(self) -> tuple[Told, ...]:
        """Facts with the first and the next but last of their tokens."""
        offsets = _offsets(self.words)
        starts = [offsets[found.word] + found.token.start for found in self.likely]
        text = " ".join(word.text for word in self.words)
        return tuple(
            (fact, bisect_left(starts, fact.start), bisect_left(starts, fact.end))
            for fact in facts(text)
        )

    def answering(self, clause: Clause) -> Iterator[Sequence[Found]]:
        """What answers a clause as it was typed."""
        for term in clause.terms:
            yield from _runs(term, self.likely)
            yield from _joined(term, self.likely)
            if term.fact and not term.fact.startswith("-"):
                yield from _meant(term, self.likely, self.told)

    def near(self, clause: Clause) -> Iterator[Sequence[Found]]:
        """What is forgiven for a clause that nothing answers."""
        for term in () if clause.strict else clause.terms:
            for word in () if term.quoted else term.words:
                if not word.prefix:
                    exact = tuple(_runs(Term((word,)), self.likely))
                    yield from exact or _near(word, self.found)


def _answers(query: Query, words: Sequence[PageWord]) -> list[Found]:
    """Tokens that answer; a word that is nowhere on the page is sought with wrong letters."""
    page = _Page(words, _letters(query))
    every: set[Found] = set()
    for clause in (*query.clauses, *query.optional):
        runs = list(page.answering(clause)) or list(page.near(clause))
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
    return frozenset(_parts(words, _answers(query, words)))


def highlight(page: PageText, query: Query) -> Highlight:
    """Boxes and snippet of one page for a query; no boxes where nothing answers."""
    words = _words(page)
    answers = _answers(query, words)
    printed = page.words
    boxes = tuple(printed[part].box for part in _parts(words, answers))
    return Highlight(boxes, _snippet(words, answers))


def likely_words(page: PageText, word: QueryWord) -> tuple[str, ...] | None:
    """Words of a page, as printed, that a word typed wrongly may stand for; None where it is right."""
    told = _Page(_words(page))
    if any(word.answers(found.token) for found in told.found):
        return None
    near = [found for run in _near(word, told.found) for found in run]
    return tuple(
        told.words[found.word].text[found.token.start : found.token.end]
        for found in near
        if not odd(found.token.fold, found.token.keys)
    )

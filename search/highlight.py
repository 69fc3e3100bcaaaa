"""Which printed words of a page answer a query: their boxes and the text around them."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import accumulate, chain, groupby, product, repeat
from operator import add
from typing import NamedTuple

from rapidfuzz.distance import OSA

from schemas.geometry import Box
from schemas.printed import PrintedPage
from schemas.text import PageText
from search.analysis import Token, WholeWords, whole_words, word_tokens
from search.asking.facts import Fact, facts
from search.asking.marks import LONG_STEM, joined, look, odd
from search.query import Clause, Query, QueryWord, Term
from search.romanian import first_letters, strip_marks

_SNIPPET_LENGTH = 160
_BEFORE = 0.35
Words = PageText | PrintedPage


class Found(NamedTuple):
    """A token of the page: `word` is its place among the page's searched words, `at` among its tokens."""

    at: int
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


def _sought(word: QueryWord) -> Iterator[str]:
    """The letters with which what answers a word as it was typed can begin."""
    yield word.fold[:1]
    yield from chain.from_iterable(map(first_letters, word.keys))


def _letters(query: Query) -> frozenset[str]:
    """The letters with which what answers a query as it was typed can begin."""
    terms = [term for c in (*query.clauses, *query.optional) for term in c.terms]
    every = chain.from_iterable(_sought(word) for term in terms for word in term.words)
    return frozenset((*every, *(term.plain[:1] for term in terms)))


def _within(one: str, other: str, most: int) -> bool:
    return abs(len(one) - len(other)) <= most >= OSA.distance(one, other, score_cutoff=most)


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


@lru_cache(maxsize=100_000)
def _doubtful(word: str) -> tuple[Token, ...]:
    """The tokens of a printed word that may be misread."""
    return tuple(
        token
        for token in word_tokens(word)
        if odd(token.fold, token.keys) or not (token.fold.isalpha() or token.fold.isdigit())
    )


class _Page:
    """A page's words, and what of them answers; `letters` are those with which that can begin."""

    def __init__(self, words: WholeWords, letters: frozenset[str]) -> None:
        self.words = words
        self._letters = letters
        self._exact: dict[QueryWord, tuple[Found, ...]] = {}

    @cached_property
    def text(self) -> str:
        return " ".join(self.words.texts)

    @cached_property
    def offsets(self) -> tuple[int, ...]:
        """Where each word begins in the text."""
        lengths = map(add, map(len, self.words.texts), repeat(1))
        return tuple(accumulate(lengths, initial=0))[:-1]

    @cached_property
    def every(self) -> tuple[Found, ...]:
        """Every token."""
        tokens = (
            (n, token) for n, word in enumerate(self.words.texts) for token in word_tokens(word)
        )
        return tuple(Found(at, n, token) for at, (n, token) in enumerate(tokens))

    @cached_property
    def likely(self) -> tuple[Found, ...]:
        """The tokens that may answer as they stand: a word of letters is one, by its first letter."""
        texts, letters = self.words.texts, self._letters
        initials = {letter for letter in {word[:1] for word in texts} if _first(letter) in letters}
        looked_at = [n for n, w in enumerate(texts) if w[:1] in initials or not w.isalpha()]
        found: list[Found] = []
        at = last = -1
        for n in looked_at:
            at += n - last
            tokens = word_tokens(texts[n])
            found += [Found(at + m, n, token) for m, token in enumerate(tokens)]
            at += len(tokens) - 1
            last = n
        return tuple(found)

    @cached_property
    def _by_place(self) -> Mapping[int, Found]:
        return {found.at: found for found in self.likely}

    @cached_property
    def _hyphened(self) -> tuple[tuple[str, Sequence[Found]], ...]:
        """Printed words of several tokens, with what they are as one."""
        runs = (tuple(run) for _, run in groupby(self.likely, key=lambda found: found.word))
        return tuple(
            (joined([found.token.fold for found in run]), run) for run in runs if len(run) > 1
        )

    @cached_property
    def _facts(self) -> tuple[Fact, ...]:
        return facts(self.text)

    def exact(self, word: QueryWord) -> tuple[Found, ...]:
        """What answers a word as it was typed."""
        known = self._exact.get(word)
        if known is None:
            known = tuple(found for found in self.likely if word.answers(found.token))
            self._exact[word] = known
        return known

    def _runs(self, term: Term) -> Iterator[Sequence[Found]]:
        """Words that follow one another as the term's do."""
        if not term.words:
            return
        first, *others = term.words
        if not others:
            yield from ((found,) for found in self.exact(first))
            return
        for found in self.exact(first):
            following = (self._by_place.get(found.at + n) for n in range(1, len(term.words)))
            run = [found, *filter(None, following)]
            pairs = zip(others, run[1:], strict=False)
            if len(run) == len(term.words) and all(w.answers(f.token) for w, f in pairs):
                yield run

    def _joined(self, term: Term) -> Iterator[Sequence[Found]]:
        """A hyphenated word where it is printed as one, and the other way round."""
        if term.plain:
            yield from ((found,) for found in self.likely if found.token.fold == term.plain)
        if term.fact.startswith("-"):
            yield from (run for whole, run in self._hyphened if whole == term.fact)

    def _meant(self, term: Term) -> Iterator[Sequence[Found]]:
        """Dates, acts and numbers that mean the term, however they are printed."""
        for fact in self._facts:
            if term.fact == fact.term or term.fact in fact.also:
                yield tuple(self._between(fact.start, fact.end))

    def _between(self, start: int, end: int) -> Iterator[Found]:
        """The tokens of a stretch of the text."""
        first = max(0, bisect_right(self.offsets, start) - 1)
        for n in range(first, bisect_left(self.offsets, end)):
            for token in word_tokens(self.words.texts[n]):
                if start <= self.offsets[n] + token.start < end:
                    yield Found(0, n, token)

    def answering(self, clause: Clause) -> Iterator[Sequence[Found]]:
        """What answers a clause as it was typed."""
        for term in clause.terms:
            yield from self._runs(term)
            yield from self._joined(term)
            if term.fact and not term.fact.startswith("-"):
                yield from self._meant(term)

    def forgiven(self, clause: Clause) -> Iterator[Sequence[Found]]:
        """What is forgiven for a clause that nothing answers."""
        for term in () if clause.strict else clause.terms:
            for word in () if term.quoted else term.words:
                if not word.prefix:
                    yield self.exact(word) or self.near(word)

    @cached_property
    def _doubtful(self) -> tuple[Found, ...]:
        told = enumerate(map(_doubtful, self.words.texts))
        return tuple(Found(0, n, token) for n, tokens in told for token in tokens)

    def near(self, word: QueryWord) -> tuple[Found, ...]:
        """What the word may have been misread as; where there is none, what may be typed wrongly."""
        misread = tuple(found for found in self._doubtful if _misread(word, found.token))
        return misread or tuple(found for found in self.every if _mistyped(word, found.token))


def _answers(query: Query, page: _Page) -> list[Found]:
    """Tokens that answer; a word that is nowhere on the page is sought with wrong letters."""
    every: dict[tuple[int, int], Found] = {}
    for clause in (*query.clauses, *query.optional):
        runs = list(page.answering(clause)) or list(page.forgiven(clause))
        every.update(((one.word, one.token.start), one) for run in runs for one in run)
    return [every[place] for place in sorted(every)]


def _best_start(places: Sequence[int], length: int) -> int:
    """The first place of the stretch of that length that holds most places, which are in order."""
    ends = (bisect_left(places, start + length) - n for n, start in enumerate(places))
    _, first = max((held, -n) for n, held in enumerate(ends))
    return places[-first]


def _spans(answers: Iterable[Found], page: _Page) -> list[tuple[int, int]]:
    """Places in the page's text that answer; words side by side are one place."""
    joined: list[tuple[int, int]] = []
    for found in answers:
        offset = page.offsets[found.word]
        start, end = offset + found.token.start, offset + found.token.end
        if joined and not any(map(str.isalnum, page.text[joined[-1][1] : start])):
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


def _snippet(page: _Page, answers: Sequence[Found]) -> str:
    text, offsets = page.text, page.offsets
    spans = _spans(answers, page)
    best = _best_start([first for first, _ in spans], _SNIPPET_LENGTH) if spans else 0
    wanted = bisect_left(offsets, best - int(_SNIPPET_LENGTH * _BEFORE)) if spans else 0
    start = min(offsets[wanted], best) if wanted < len(offsets) else 0
    first, last = bisect_left(offsets, start), bisect_right(offsets, start + _SNIPPET_LENGTH)
    near = range(max(0, first - 1), last)
    ends = (offsets[n] + len(page.words.texts[n]) for n in near)
    fitting = [end for end in ends if start < end <= start + _SNIPPET_LENGTH]
    reach = next((last for first, last in spans if first == best), 0)
    end = max([*fitting, reach])
    body = _marked(text, start, end, spans)
    return f"{'…' if start else ''}{body}{'…' if end < len(text) else ''}"


def _words(page: Words) -> WholeWords:
    if isinstance(page, PrintedPage):
        return whole_words(page.blocks)
    return whole_words([[w.text for w in line.words] for line in b.lines] for b in page.blocks)


def _boxes(page: Words, parts: Iterable[int]) -> tuple[Box, ...]:
    if isinstance(page, PrintedPage):
        return tuple(map(page.box, parts))
    printed = page.words
    return tuple(printed[part].box for part in parts)


def _parts(words: WholeWords, answers: Iterable[Found]) -> tuple[int, ...]:
    return tuple(dict.fromkeys(part for found in answers for part in words.parts(found.word)))


def answering_words(page: Words, query: Query) -> frozenset[int]:
    """Which of the page's printed words answer, counted from 0 in reading order."""
    told = _Page(_words(page), _letters(query))
    return frozenset(_parts(told.words, _answers(query, told)))


def highlight(page: Words, query: Query) -> Highlight:
    """Boxes and snippet of one page for a query; no boxes where nothing answers."""
    told = _Page(_words(page), _letters(query))
    answers = _answers(query, told)
    return Highlight(_boxes(page, _parts(told.words, answers)), _snippet(told, answers))


@dataclass(frozen=True, slots=True)
class Match:
    """Words side by side on one line that answer: where they stand, and what stands around them.

    `first` and `last` count the page's printed words from 0; `box` is in pixels of the page image.
    """

    first: int
    last: int
    box: Box
    exact: str
    prefix: str
    suffix: str


def matches(page: PrintedPage, query: Query, around: int = 5) -> tuple[Match, ...]:
    """What answers on a page, in reading order, with so many words around it."""
    lines = [line for block in page.blocks for line in block]
    words = list(chain.from_iterable(lines))
    of_line = list(chain.from_iterable(repeat(n, len(line)) for n, line in enumerate(lines)))
    runs: list[list[int]] = []
    for place in sorted(answering_words(page, query)):
        if runs and runs[-1][-1] == place - 1 and of_line[place - 1] == of_line[place]:
            runs[-1].append(place)
        else:
            runs.append([place])
    return tuple(_match(page, words, run[0], run[-1], around) for run in runs)


def _match(page: PrintedPage, words: Sequence[str], first: int, last: int, around: int) -> Match:
    before = words[max(0, first - around) : first]
    after = words[last + 1 : last + 1 + around]
    boxes = [page.box(place) for place in range(first, last + 1)]
    left, top = min(box.x for box in boxes), min(box.y for box in boxes)
    right, bottom = max(box.x + box.w for box in boxes), max(box.y + box.h for box in boxes)
    return Match(
        first,
        last,
        Box(left, top, right - left, bottom - top),
        " ".join(words[first : last + 1]),
        "".join(f"{word} " for word in before),
        "".join(f" {word}" for word in after),
    )


def likely_words(page: Words, word: QueryWord) -> tuple[str, ...] | None:
    """Words of a page, as printed, that a word typed wrongly may stand for; None where it is right."""
    told = _Page(_words(page), frozenset(_sought(word)))
    if told.exact(word):
        return None
    return tuple(
        told.words.texts[found.word][found.token.start : found.token.end]
        for found in told.near(word)
        if not odd(found.token.fold, found.token.keys)
    )

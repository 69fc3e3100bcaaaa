"""What people ask: searches of each kind, made of words that stand on the pages."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from benchmarks.finding.pages import Corpus, misread, page_text
from schemas.access import WHOLE_ARCHIVE
from schemas.printed import printed_page
from search.asking.suggesting import suggestions
from search.backend import Backend
from search.highlight import highlight
from search.index.answers import RawAnswer
from search.index.fields import FACETS
from search.query import parse

_LONG = 5
_FREQUENT = 40
"""So many of the most frequent words are nothing that people ask for alone."""


@dataclass(frozen=True, slots=True)
class Question:
    """A search: what is typed, or the beginning of a word for suggestions."""

    text: str
    filters: Mapping[str, str]


def _content(corpus: Corpus, page: int) -> list[str]:
    frequent = set(corpus.words[:_FREQUENT])
    known = set(corpus.words)
    words = corpus.text(page).split()
    return [word for word in words if word in known and word not in frequent and len(word) > 2]


def _pairs(corpus: Corpus, chance: np.random.Generator) -> str:
    words = _content(corpus, int(chance.integers(0, corpus.pages)))
    return " ".join(str(word) for word in chance.choice(words, 2, replace=False))


def _phrase(corpus: Corpus, chance: np.random.Generator) -> str:
    words = corpus.text(int(chance.integers(0, corpus.pages))).split("\n")[3].split()
    start = int(chance.integers(0, len(words) - 3))
    return '"' + " ".join(words[start : start + 3]) + '"'


def _long_word(corpus: Corpus, chance: np.random.Generator) -> str:
    words = _content(corpus, int(chance.integers(0, corpus.pages)))
    return str(chance.choice([word for word in words if len(word) > _LONG] or words))


def _wrong(corpus: Corpus, chance: np.random.Generator) -> str:
    while True:
        word = misread(_long_word(corpus, chance), chance)
        if word.isalpha():
            return word


def _beginning(corpus: Corpus, chance: np.random.Generator) -> str:
    return _long_word(corpus, chance)[: int(chance.integers(3, 6))] + "*"


def _typed(corpus: Corpus, chance: np.random.Generator) -> str:
    return _long_word(corpus, chance)[: int(chance.integers(2, 6))]


MAKERS: Mapping[str, Callable[[Corpus, np.random.Generator], str]] = {
    "match": _pairs,
    "match_highlight": _pairs,
    "word": _long_word,
    "phrase": _phrase,
    "fuzzy": _wrong,
    "facets": _pairs,
    "grouped": _pairs,
    "sorted": _pairs,
    "filtered": _pairs,
    "prefix": _beginning,
    "suggest": _typed,
    "portal": _pairs,
}
"""Kinds of searches, with how each is made up. `portal` is what a search of the portal takes: facets and highlighted hits."""

HIGHLIGHTED = frozenset({"match_highlight", "portal"})


def questions(corpus: Corpus, kind: str, number: int) -> list[Question]:
    """So many searches of a kind, always the same."""
    chance = np.random.default_rng((corpus.seed, 3, sorted(MAKERS).index(kind)))
    made = (MAKERS[kind](corpus, chance) for _ in range(number))
    filters = {"year": "1998", "type": "cerere"} if kind == "filtered" else {}
    return [Question(text, filters) for text in made]


def texts_of(corpus: Corpus, answer: RawAnswer) -> list[str]:
    """The texts of an answer's pages."""
    return [corpus.text(int(hit.unit[3:]) * 200 + hit.page - 1) for hit in answer.hits]


def answered(backend: Backend, kind: str, question: Question) -> RawAnswer | None:
    """One search of a kind; None for suggestions."""
    if kind == "suggest":
        suggestions(backend, question.text, WHOLE_ARCHIVE)
        return None
    group = "document" if kind == "grouped" else ""
    sort = "date" if kind == "sorted" else "relevance"
    facets = FACETS if kind in {"facets", "grouped", "filtered", "portal"} else ()
    return backend.search(
        parse(question.text), question.filters, group=group, sort=sort, facets=facets
    )


def highlighted(question: Question, texts: list[str]) -> Callable[[], int]:
    """The highlighting of given pages, which reading their ALTO would have come before."""
    pages = [printed_page(page_text(text)) for text in texts]
    query = parse(question.text)
    return lambda: sum(len(highlight(page, query).boxes) for page in pages)

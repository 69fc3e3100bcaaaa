"""What a page tells beside its words, so that it is found however it was read or written.

Terms without a place, by set: `look` holds the shapes of words that are not Romanian, names or misread
ones, and of their stems behind "~": letters that are read for one another are one letter in a shape
(rn and m, cl and d, e and c, O and 0), and what a space was read in or lost in is mended;
`fact` dates, acts and numbers by what they mean (facts.py) and hyphenated words as one; `title` the
keys of a document's first words, and what its record says of it.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from schemas.hits import IndexedPage
from search.analysis import word_tokens
from search.asking.facts import Fact, facts
from search.asking.lexicon import known

_TITLE_WORDS = 60
_FEWEST_LETTERS = 2
_LONG_PART = 4
_LONGEST_VALUE = 300
LONG_STEM = 5
"""Stems of so many letters are found with one letter wrong."""
_PAIRS = (
    *(("rn", "m"), ("nn", "m"), ("cl", "d"), ("vv", "w"), ("ii", "u")),
    *(("ri", "n"), ("fi", "h")),
)
_TO_FIGURES = str.maketrans("oilsb", "01158")
_SHAPES = str.maketrans("lj1eo0ruvfb6q958z", "iiicccnnnthhggsh2")

Sets = dict[str, tuple[str, ...]]


@lru_cache(maxsize=100_000)
def look(fold: str) -> str:
    """A folded word's shape: letters that are read for one another made the same."""
    figures = sum(map(str.isdigit, fold))
    if figures and figures * 2 >= len(fold):
        return fold.translate(_TO_FIGURES)
    for pair, one in _PAIRS:
        fold = fold.replace(pair, one)
    return fold.translate(_SHAPES)


def stem_look(key: str) -> str:
    """The shape by which a misread word is found in another form."""
    return f"~{look(key)}"


def joined(folds: Sequence[str]) -> str:
    """The term of a hyphenated word as one: e-mail, prim-ministru."""
    return f"-{''.join(folds)}"


def odd(fold: str, keys: Sequence[str]) -> bool:
    """Whether a word may be misread: it is not Romanian, and not a number."""
    return sum(map(str.isalpha, fold)) >= _FEWEST_LETTERS and not known(fold, keys)


@dataclass(frozen=True, slots=True)
class _Marked:
    """A printed word: set and term of each mark, its folds, and which of them may be misread."""

    marks: tuple[tuple[str, str], ...]
    folds: tuple[str, ...]
    doubtful: tuple[str, ...]
    keys: tuple[str, ...]


@lru_cache(maxsize=200_000)
def _of_word(word: str) -> _Marked:
    found = word_tokens(word)
    return _Marked(
        tuple(_marks(word)),
        tuple(token.fold for token in found),
        tuple(token.fold for token in found if odd(token.fold, token.keys)),
        tuple(key for token in found for key in token.keys),
    )


def _marks(word: str) -> Iterator[tuple[str, str]]:
    """Set and term of a printed word."""
    found = word_tokens(word)
    for token in found:
        if odd(token.fold, token.keys):
            yield "look", look(token.fold)
            yield from (("look", stem_look(key)) for key in token.keys)
        elif token.fold != (other := look(token.fold)) and not token.fold.isalpha():
            yield "look", other
    if len(found) > 1 and all(token.fold.isalpha() for token in found):
        between = (word[a.end : b.start] for a, b in pairwise(found))
        if all(gap in {"-", "\u2010", "\u2011"} for gap in between):
            yield "fact", joined([token.fold for token in found])


def _worth_keeping(fact: Fact, text: str) -> bool:
    """A number without signs is found by the word that it is."""
    return not fact.plain or text[fact.start : fact.end] != fact.plain


@lru_cache(maxsize=50_000)
def _parts(fold: str) -> tuple[str, ...]:
    """The two Romanian words that a word is read of, where no space was seen between them."""
    if len(fold) < 2 * _LONG_PART or not fold.isalpha():
        return ()
    cuts = range(_LONG_PART, len(fold) - _LONG_PART + 1)
    both = [(fold[:n], fold[n:]) for n in cuts if known(fold[:n]) and known(fold[n:])]
    return max(both, key=lambda pair: min(map(len, pair)), default=())


def _mended(folds: Sequence[str], doubtful: Collection[str]) -> Iterator[str]:
    """Words in whose midst a space was read, and words between which none was."""
    for one, other in pairwise(folds):
        if one in doubtful or other in doubtful:
            whole = one + other
            if len(whole) >= _LONG_PART and known(whole) and whole.isalpha():
                yield look(whole)
    for fold in doubtful:
        yield from map(look, _parts(fold))


def _facts(text: str) -> Iterator[str]:
    for fact in facts(text):
        if _worth_keeping(fact, text):
            yield fact.term
            yield from fact.also


def _title(page: IndexedPage, words: Sequence[str]) -> Iterator[str]:
    """Keys of the first words of a document's first page, and its own number and date."""
    if page.document_page != 1:
        return
    told = f"{page.type[:_LONGEST_VALUE]} {page.issuer[:_LONGEST_VALUE]}"
    first = " ".join(words[:_TITLE_WORDS])
    for word in (*told.split(), *words[:_TITLE_WORDS]):
        yield from _of_word(word).keys
    yield from _facts(first)
    year = (page.date or page.year)[:4]
    number = page.number[:_LONGEST_VALUE]
    numbers = number if "/" in number else f"{number}/{year}"
    yield from _facts(f"{numbers} {page.date}")


def sets_of(page: IndexedPage, words: Sequence[str]) -> Sets:
    """The terms of each set of a page; `words` are its printed words, broken ones made whole."""
    found: dict[str, set[str]] = {name: set() for name in ("look", "fact", "title")}
    marked = {word: _of_word(word) for word in dict.fromkeys(words)}
    doubtful: set[str] = set()
    for one in marked.values():
        doubtful.update(one.doubtful)
        for name, term in one.marks:
            found[name].add(term)
    if doubtful:
        folds = [fold for word in words for fold in marked[word].folds]
        found["look"].update(_mended(folds, doubtful))
    found["fact"].update(_facts(" ".join(words)))
    found["title"].update(_title(page, words))
    return {name: tuple(sorted(terms)) for name, terms in found.items() if terms}

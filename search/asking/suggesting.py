"""What to type next, and what was probably meant; both of words that the caller may read."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Protocol

from rapidfuzz.distance import OSA

from schemas.access import Grant, Scope
from schemas.printed import PrintedPage
from search.analysis import tokens
from search.asking.marks import odd
from search.asking.terms import Query, QueryWord
from search.highlight import likely_words

_LAST_WORD = re.compile(r"[^\W\d_]+$")
_FEWEST_LETTERS = 2
_LONGEST = 200
_LOOKED_AT = 50
_KNOWN_BY = 2
_BEGINNING = 2


class Vocabulary(Protocol):
    """The words of an index that a caller may read; both backends are one."""

    def terms(
        self, prefix: str, role: str = ..., limit: int = ..., *, grants: tuple[Grant, ...] = ...
    ) -> tuple[tuple[str, int], ...]: ...


def suggestions(
    vocabulary: Vocabulary, typed: str, scope: Scope, limit: int = 8
) -> tuple[str, ...]:
    """The typed text with its last word finished, likeliest first; each is a whole query.

    Nothing behind a space, for a single letter, or for more than 200 letters. What is probably
    misread, not Romanian and on one page alone, is not suggested.
    """
    last = _LAST_WORD.search(typed)
    if last is None or len(typed) > _LONGEST or typed[: last.start()].endswith(":"):
        return ()
    found = tokens(last.group())
    if len(found) != 1 or len(found[0].fold) < _FEWEST_LETTERS:
        return ()
    words = _words(vocabulary, found[0].fold, scope)
    return tuple(dict.fromkeys(f"{typed[: last.start()]}{word}" for word, _ in words))[:limit]


def _words(vocabulary: Vocabulary, beginning: str, scope: Scope) -> list[tuple[str, int]]:
    """Printed words that begin so, one spelling each, most pages first."""
    best: dict[str, tuple[str, int]] = {}
    told = vocabulary.terms(beginning, scope.index, _LOOKED_AT, grants=scope.grants)
    for word, pages in told:
        token = tokens(word)[0]
        if pages >= _KNOWN_BY or not odd(token.fold, token.keys):
            best.setdefault(token.fold, (word, pages))
    return list(best.values())


def did_you_mean(
    typed: str, query: Query, pages: Sequence[PrintedPage], vocabulary: Vocabulary, scope: Scope
) -> str:
    """The typed text with its wrong words mended; empty where nothing is to be mended.

    `pages` are the words of the best hits as the caller may see them: a word that is on none of
    them is taken for the one near it that is there, or, without hits, in the vocabulary.
    """
    wrong = (word for word in query.words if word.forgiven and not word.prefix)
    mended = typed
    for word in sorted(wrong, key=lambda word: -word.start):
        meant = _on_pages(word, pages) if pages else _in_vocabulary(word, vocabulary, scope)
        if meant and tokens(meant)[0].fold != word.fold:
            mended = f"{mended[: word.start]}{meant}{mended[word.end :]}"
    return mended if mended != typed else ""


def _on_pages(word: QueryWord, pages: Iterable[PrintedPage]) -> str:
    counted: Counter[str] = Counter()
    for page in pages:
        likely = likely_words(page, word)
        if likely is None:
            return ""
        counted.update(spelled.lower() for spelled in likely)
    return _nearest(word, counted.items())


def _in_vocabulary(word: QueryWord, vocabulary: Vocabulary, scope: Scope) -> str:
    words = _words(vocabulary, word.fold[:_BEGINNING], scope)
    return "" if any(tokens(w)[0].fold == word.fold for w, _ in words) else _nearest(word, words)


def _nearest(word: QueryWord, counted: Iterable[tuple[str, int]]) -> str:
    """The word with the fewest wrong letters, then the most frequent one."""
    near = (
        (OSA.distance(word.fold, tokens(spelled)[0].fold), -count, spelled)
        for spelled, count in counted
    )
    best = min((one for one in near if one[0] <= word.forgiven), default=None)
    return best[2] if best else ""

"""A page as both backends store it."""

import gc
import unicodedata
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b
from itertools import chain
from operator import itemgetter

from schemas.hits import IndexedPage
from search.analysis import Token, text_words, tokens, word_tokens
from search.asking.marks import sets_of
from search.index.answers import NO_VALUE, facet_term
from search.index.fields import FACETS, FILTERS, GIVEN, LONGEST_VALUE, comparable

UNDATED = 99_999_999
_SHELF_SIGNS = "-0123456789abcdefghijklmnopqrstuvwxyz"
_SHELF_LENGTH = 8
_SHELF_PAGES = 1 << 20
_UNTITLED = {"title": ("-",)}
"""Every page has this field: the engines score a field alike only where all pages have it."""
PRINTED = "\x1f"
"""Parts the fold of a word to suggest from the word as printed."""
_SHORTEST_WORD, _LONGEST_WORD = 3, 40
_MARKS = str.maketrans("şţ", "șț", "\u00ad")


@dataclass(frozen=True, slots=True)
class StoredPage:
    """A page as both backends take it.

    `values` are given back as they came, `filters` are compared, `facets` counted; `folds` and
    `keys` stand at the same positions, `words` are its printed words for suggestions,
    `sets` further terms without a place. `shelf`
    orders pages by unit and page, `day_up` and `day_down` by date, undated ones last.
    """

    unit: str
    page: int
    document_page: int
    shelf: int
    day_up: int
    day_down: int
    values: dict[str, str]
    filters: dict[str, tuple[str, ...]]
    facets: dict[str, tuple[str, ...]]
    folds: tuple[str, ...]
    keys: tuple[tuple[str, ...], ...]
    words: tuple[str, ...]
    sets: dict[str, tuple[str, ...]]


def shelf_of(unit: str, page: int) -> int:
    """A number below 2**63 that orders pages by unit (its last eight signs) and page."""
    tail = 0
    for sign in unit[-_SHELF_LENGTH:].rjust(_SHELF_LENGTH, "\0"):
        tail = tail * (len(_SHELF_SIGNS) + 1) + _SHELF_SIGNS.find(sign) + 1
    return tail * _SHELF_PAGES + min(page, _SHELF_PAGES - 1)


def group_number(ident: str) -> int:
    """A number below 2**56 that stands for a document or a unit."""
    return int.from_bytes(blake2b(ident.encode("utf-8", "surrogatepass"), digest_size=7).digest())


def _day(date: str) -> int:
    """20160729 of an ISO 8601 date, 20160000 of a year alone; 0 where there is none."""
    figures = date[:10].replace("-", "")
    return int(figures.ljust(8, "0")) if figures.isascii() and figures.isdigit() else 0


def page_tokens(text: str) -> tuple[Token, ...]:
    """Tokens of a page's plain text, words broken at line ends made whole."""
    return tuple(token for word in text_words(text) for token in word_tokens(word))


def spelled(fold: str, printed: str) -> str:
    """A word for suggestions, sought by its fold and shown as printed."""
    return f"{fold}{PRINTED}{printed}"


@lru_cache(maxsize=200_000)
def _told(word: str) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...], tuple[str, ...]]:
    """Folds and keys of the tokens of a printed word, and its spellings to suggest; remembered."""
    found = tokens(word)
    spellings = (_spelling(word[token.start : token.end], token.fold) for token in found)
    return (
        tuple(token.fold for token in found),
        tuple(token.keys for token in found),
        tuple(filter(None, spellings)),
    )


def _spelling(printed: str, fold: str) -> str:
    """The word as it is suggested; empty for what is no word to suggest."""
    if not (_SHORTEST_WORD <= len(fold) <= _LONGEST_WORD) or not fold.isalpha():
        return ""
    return spelled(fold, unicodedata.normalize("NFC", printed.lower()).translate(_MARKS))


def _values(page: IndexedPage) -> Iterator[tuple[str, tuple[str, ...]]]:
    for name in (*FILTERS, "leaf"):
        given = page.places if name == "place" else (getattr(page, name),)
        cut = (str(value)[:LONGEST_VALUE].strip() for value in given)
        yield name, tuple(value.replace("\t", " ") for value in cut if value)


def _facet_terms(name: str, values: tuple[str, ...]) -> tuple[str, ...]:
    terms = {comparable(name, value): value for value in reversed(values)}
    return tuple(facet_term(*pair) for pair in terms.items() if pair[0]) or (NO_VALUE,)


def _each(words: Sequence[str]) -> tuple[Iterator[str], Iterator[tuple[str, ...]], Iterator[str]]:
    """Folds and keys of a page's words, in order; spellings of each different one."""
    known = {word: _told(word) for word in dict.fromkeys(words)}
    told = [known[word] for word in words]
    folds, keys = (chain.from_iterable(map(itemgetter(n), told)) for n in range(2))
    return folds, keys, chain.from_iterable(one[2] for one in known.values())


@contextmanager
def uncollected() -> Iterator[None]:
    """For the time of indexing many pages, no search for circular garbage.

    Pages leave none, and each search would walk all the words that are remembered.
    """
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()


def stored_page(page: IndexedPage) -> StoredPage:
    """What is written of one page."""
    values = dict(_values(page))
    compared = {
        name: tuple(dict.fromkeys(filter(None, (comparable(name, v) for v in values[name]))))
        for name in FILTERS
    }
    printed = text_words(page.text)
    folds, keys, spellings = _each(printed)
    day = _day(page.date)
    return StoredPage(
        unit=page.unit,
        page=page.page,
        document_page=page.document_page,
        shelf=shelf_of(page.unit, page.page),
        day_up=day or UNDATED,
        day_down=UNDATED - day,
        values={name: values[name][0] for name in GIVEN if values[name]},
        filters={name: every for name, every in compared.items() if every},
        facets={name: _facet_terms(name, values[name]) for name in FACETS},
        folds=tuple(folds),
        keys=tuple(keys),
        words=tuple(dict.fromkeys(spellings)),
        sets={**_UNTITLED, **sets_of(page, printed)},
    )

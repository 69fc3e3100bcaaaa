"""Text as both indices take it: the same tokens, made here, for pages and for queries."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from search.romanian import keys, modern, strip_marks

LONGEST_TOKEN = 60
# Initials with dots are one word: H.C.L., S.R.L.
_WORD = re.compile(
    r"(?<!\w)(?:[^\W\d_]\.){2,}(?:[^\W\d_](?!\w))?(?!\w)"
    "|[^\\W_](?:[^\\W_]|[\u0300-\u036f\u00ad])*"
)
_CEDILLA = str.maketrans("şţŞŢ", "șțȘȚ")
_HYPHENS = "-\u00ad\u2010\u2011¬"
_BREAK = re.compile(rf"[^\W\d_][{_HYPHENS}]$")
_BROKEN_LINE = re.compile(rf"[{_HYPHENS}][^\S\n]*\n")
_CLITICS = re.compile("[slmincvdp]|nu|ne|te|le|va|se|ce|de|mi|ti|si|ma|cu|(?:prin|din|in)tr")


@dataclass(frozen=True, slots=True)
class Token:
    """A word of a text, `text[start:end]`.

    `fold` is lower case without diacritics in today's spelling; `key` is the same for every inflected form; `also`
    holds further keys of a form that may belong to two words. Two tokens answer each other when
    their folds are equal or a key is shared.
    """

    fold: str
    key: str
    start: int
    end: int
    also: tuple[str, ...] = ()

    @property
    def keys(self) -> tuple[str, ...]:
        return (self.key, *self.also)


def _letters(word: str) -> str:
    kept = word if word.isalnum() else "".join(filter(str.isalnum, word))
    return kept[:LONGEST_TOKEN]


@lru_cache(maxsize=200_000)
def _analysed(word: str) -> tuple[str, tuple[str, ...]]:
    clean = unicodedata.normalize("NFC", word.replace("\u00ad", "")).translate(_CEDILLA)
    fold = _letters(modern(clean))
    plain = tuple(map(_letters, keys(clean.replace(".", ""))))
    return fold, tuple(key or fold for key in plain)


def tokens(text: str) -> tuple[Token, ...]:
    """The words and numbers of a text, in order; offsets are code points of the text as given."""
    return tuple(_tokens(text))


def _tokens(text: str) -> Iterator[Token]:
    for found in _WORD.finditer(text):
        fold, every = _analysed(found.group())
        if fold:
            yield Token(fold, every[0], found.start(), found.end(), every[1:])


@lru_cache(maxsize=100_000)
def word_tokens(word: str) -> tuple[Token, ...]:
    """`tokens` of one printed word, remembered."""
    return tuple(_tokens(word))


def normal(text: str) -> str:
    """A field's value as filters compare it: folded words joined by a space."""
    return " ".join(token.fold for token in _tokens(text))


@dataclass(frozen=True, slots=True)
class PageWord:
    """A word of a page as it is searched: `parts` are its places among the page's printed words.

    A word broken at a line's end has two parts.
    """

    text: str
    parts: tuple[int, ...]


def _breaks(word: str, following: str) -> bool:
    """Whether a hyphen at a line's end breaks the word that goes on in the next line."""
    if not _BREAK.search(word) or not following[:1].islower():
        return False
    return not _CLITICS.fullmatch(strip_marks(word.rstrip(_HYPHENS)))


def _block_words(lines: Sequence[Sequence[str]], place: int) -> Iterator[PageWord]:
    broken: PageWord | None = None
    for number, line in enumerate(lines):
        following = lines[number + 1][0] if number + 1 < len(lines) else ""
        for index, printed in enumerate(line):
            word = PageWord(printed, (place,))
            place += 1
            if broken:
                word = PageWord(
                    broken.text.rstrip(_HYPHENS) + printed, (*broken.parts, *word.parts)
                )
                broken = None
            if index == len(line) - 1 and _breaks(word.text, following):
                broken = word
            else:
                yield word


def page_words(blocks: Iterable[Sequence[Sequence[str]]]) -> tuple[PageWord, ...]:
    """Words of a page's blocks of lines of printed words; words broken at line ends are joined."""
    found: list[PageWord] = []
    place = 0
    for block in blocks:
        lines = tuple(line for line in block if line)
        found.extend(_block_words(lines, place))
        place += sum(map(len, lines))
    return tuple(found)


def text_words(text: str) -> tuple[str, ...]:
    """Words of plain text as `page_words` makes them; an empty line parts blocks."""
    if not _BROKEN_LINE.search(text):
        return tuple(text.split())
    blocks = ([line.split() for line in block.split("\n")] for block in text.split("\n\n"))
    return tuple(word.text for word in page_words(blocks))


def join_hyphens(lines: Sequence[str]) -> str:
    """Lines as one text; a word broken by a hyphen at a line's end is whole again."""
    return " ".join(word.text for word in page_words([[line.split() for line in lines]]))

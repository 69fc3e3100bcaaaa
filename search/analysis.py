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
_LAST_SIGNS = frozenset(f"{_HYPHENS}\n")
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
class WholeWords:
    """The words of a page as they are searched; words broken at line ends are joined.

    Word n is made of the printed words from `starts[n]` to before `starts[n + 1]`.
    """

    texts: tuple[str, ...]
    starts: tuple[int, ...]

    def parts(self, word: int) -> range:
        """The places of a word among the page's printed words."""
        return range(self.starts[word], self.starts[word + 1])


def _breaks(word: str, following: str) -> bool:
    """Whether a hyphen at a line's end breaks the word that goes on in the next line."""
    if word[-1:] not in _LAST_SIGNS or not following[:1].islower() or not _BREAK.search(word):
        return False
    return not _CLITICS.fullmatch(strip_marks(word.rstrip(_HYPHENS)))


def whole_words(blocks: Iterable[Sequence[Sequence[str]]]) -> WholeWords:
    """The words of a page's blocks of lines of printed words."""
    texts: list[str] = []
    starts: list[int] = []
    place = 0
    for block in blocks:
        lines = [line for line in block if line]
        broken = False
        for number, line in enumerate(lines, 1):
            if broken:
                texts[-1] = texts[-1].rstrip(_HYPHENS) + line[0]
            texts.extend(line[broken:])
            starts.extend(range(place + broken, place + len(line)))
            place += len(line)
            broken = _breaks(texts[-1], lines[number][0] if number < len(lines) else "")
    return WholeWords(tuple(texts), (*starts, place))


def text_words(text: str) -> tuple[str, ...]:
    """Words of plain text as `whole_words` makes them; an empty line parts blocks."""
    if not _BROKEN_LINE.search(text):
        return tuple(text.split())
    blocks = ([line.split() for line in block.split("\n")] for block in text.split("\n\n"))
    return whole_words(blocks).texts


def join_hyphens(lines: Sequence[str]) -> str:
    """Lines as one text; a word broken by a hyphen at a line's end is whole again."""
    return " ".join(whole_words([[line.split() for line in lines]]).texts)

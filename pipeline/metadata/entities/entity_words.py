"""A text's words as the entity model sees them: where they stand, and numbers for their features.

The text comes folded, and all that is made of a word's letters is made of small ones: neither
diacritics nor capitals change it. Capitals speak through the shape alone.
"""

import re
import zlib
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

WORD = re.compile(r"\d+(?:[.,]\d+)*(?![^\W_])|(?:[^\W\d_]\.){2,}|[^\W_]+|\S")
LONGEST = 30  # letters of a word that the model looks at
WORDS, GRAMS, SHAPES = 1 << 13, 1 << 15, 1 << 8  # rows of the tables
_DIGIT = re.compile(r"\d")
_PAIRS = re.compile("rn|ri|vv|cl|li|ii")
_ALIKE = {"rn": "m", "ri": "n", "vv": "w", "cl": "d", "li": "h", "ii": "u"}
_ONE = str.maketrans("0o1l|!tj5s8b6ce9gqyvuhr2zfdnmw", "ooiiiiiissbbccccgggvvnnnziddmm")
_RUN = 4  # signs of one kind that a shape keeps of a row


def word_places(text: str) -> list[tuple[int, int]]:
    """Start and end of every word, number and sign; blanks and line ends are between them."""
    return [match.span() for match in WORD.finditer(text)]


def _number(text: str) -> int:
    return zlib.crc32(text.encode("utf-8", "replace"))


def _skeleton(small: str) -> str:
    """Letters that scanners take for one another made one."""
    return _PAIRS.sub(lambda match: _ALIKE[match[0]], small).translate(_ONE)


def _kind(sign: str) -> str:
    if sign.isalpha():
        return "X" if sign.isupper() else "x"
    return "d" if sign.isdigit() else sign


def shape_of(word: str) -> str:
    """Capitals X, small letters x, digits d, other signs as they are; at most four in a row."""
    shape = ""
    for sign in map(_kind, word):
        if not shape.endswith(sign * _RUN):
            shape += sign
    return shape


@dataclass(frozen=True, slots=True)
class WordNumbers:
    """Rows of a word in the tables of words, of parts of words and of shapes, and its hash."""

    word: int
    grams: tuple[int, ...]
    shape: int
    whole: int


@lru_cache(maxsize=20_000)
def word_numbers(word: str) -> WordNumbers:
    """The numbers of a word; they depend on nothing but its letters."""
    word = word[:LONGEST]
    small = _DIGIT.sub("0", word.lower())
    edged = f"<{small}>"
    parts = {edged[at : at + size] for size in (3, 4) for at in range(len(edged) - size + 1)}
    grams = sorted({_number(part) % GRAMS for part in (*parts, f"={_skeleton(small)}")})
    whole = _number(small)
    return WordNumbers(whole % WORDS, tuple(grams), _number(shape_of(word)) % SHAPES, whole)


@dataclass(frozen=True, slots=True)
class Lexicon:
    """What is known of words beforehand: hashes in rising order, and a class (1-255) for each."""

    hashes: NDArray[np.uint32]
    classes: NDArray[np.uint8]

    def classes_of(self, hashes: NDArray[np.uint32]) -> NDArray[np.int64]:
        """The class of each hash; 0 where nothing is known."""
        places = np.minimum(np.searchsorted(self.hashes, hashes), len(self.hashes) - 1)
        known = self.hashes[places] == hashes
        return np.where(known, self.classes[places], 0).astype(np.int64)

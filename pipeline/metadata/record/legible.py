"""Whether the words of a value were read right, as far as the language can tell."""

import re
from collections.abc import Iterator
from functools import lru_cache
from string import ascii_lowercase

import numpy as np

from pipeline.metadata.entities.entity_model import entity_model
from pipeline.metadata.entities.entity_words import word_numbers
from pipeline.metadata.text.view import fold
from pipeline.metadata.text.vocabulary import INSTITUTION_WORDS

SHORTEST, LEAST_NAME = 4, 6
"""Letters of a word that is looked up, and of one with a capital that is compared with others."""
ORDINARY = (1, 2)
"""Classes of words that are written with a small letter, or mostly so."""
INSTITUTIONS = frozenset(INSTITUTION_WORDS) | {
    "protectia",
    "protectiei",
    "copilului",
    "inspectoratul",
}
_LISTS = 5
_ENDINGS = ("ului", "elor", "ilor", "ul", "ei", "le", "a")
_WORD = re.compile(r"[A-Za-z0-9]+")
_MIXED = re.compile(r"[a-z]\d|\d[a-z]|[a-z][A-Z]|[A-Z]{2}[a-z]+[A-Z]")


def _written(words: tuple[str, ...]) -> np.ndarray[tuple[int, ...], np.dtype[np.int64]]:
    """How each small word is written: 0 unknown, 1 and 2 small, more with a capital."""
    hashes = np.array([word_numbers(word).whole for word in words], dtype=np.uint32)
    return entity_model().lexicon.classes_of(hashes) // _LISTS


@lru_cache(maxsize=16_384)
def is_known(small: str) -> bool:
    """Whether a folded small word, or what it is an inflection of, is in the lexicon."""
    stems = (small.removesuffix(end) for end in _ENDINGS)
    forms = (small, *(stem for stem in stems if stem != small and len(stem) >= SHORTEST))
    return bool(_written(forms).any())


def _slips(small: str) -> Iterator[str]:
    """All words that one letter misread, lost or doubled makes of a word."""
    for at in range(len(small)):
        yield small[:at] + small[at + 1 :]
        yield from (small[:at] + letter + small[at + 1 :] for letter in ascii_lowercase)
    for at in range(len(small) + 1):
        yield from (small[:at] + letter + small[at:] for letter in ascii_lowercase)


@lru_cache(maxsize=4096)
def _is_slip(small: str) -> bool:
    """Whether a word is one letter away from an ordinary word, or from an institution's."""
    near = tuple(_slips(small))
    return not INSTITUTIONS.isdisjoint(near) or bool(np.isin(_written(near), ORDINARY).any())


def is_legible(value: str) -> bool:
    """Whether no word of a value is strange; one with a capital may be a name no list has.

    Such a word is strange only where it is one letter away from an ordinary word.
    """
    for word in _WORD.findall(fold(value)):
        small = word.lower()
        if _MIXED.search(word):
            return False
        if len(small) < SHORTEST or not small.isalpha() or is_known(small):
            continue
        if word[0].islower() or (len(small) >= LEAST_NAME and _is_slip(small)):
            return False
    return True

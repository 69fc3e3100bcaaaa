"""Planted values as they could be found again, by rules of their own: not those of the product."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz
from rapidfuzz.distance import Levenshtein

_TOKEN = re.compile(r"[^\W_]+")
_LOOKALIKE = str.maketrans("oqdilsbzg", "000115829")
_STREET = re.compile(
    r"(?:str|strada|bd|b-dul|bulevardul|calea|aleea)\.?\s+(.+?)\s+nr\.?\s*(\d+)", re.IGNORECASE
)
_LONG, _LEAST_FUZZY = 9, 9
_NEAR = 4


def folded(text: str) -> str:
    """Small letters without marks."""
    apart = unicodedata.normalize("NFKD", text.casefold())
    return "".join(c for c in apart if not unicodedata.combining(c))


def tokens(text: str) -> list[str]:
    """Runs of letters and digits."""
    return _TOKEN.findall(folded(text))


@dataclass(frozen=True, slots=True)
class Haystack:
    """A text made ready: its tokens, all in one piece, and with look-alikes as digits.

    `drawing`: it is full of a drawing's own numbers, which side by side make every short number.
    """

    tokens: tuple[str, ...]
    whole: str
    digits: str
    drawing: bool = False


def haystack(text: str, *, drawing: bool = False) -> Haystack:
    """A text in which values are looked for."""
    every = tuple(tokens(text))
    whole = "".join(every)
    return Haystack(every, whole, whole.translate(_LOOKALIKE), drawing)


@dataclass(frozen=True, slots=True)
class Needle:
    """A planted value: its label, how it is normalised, how it stands on the page."""

    label: str
    value: str
    text: str

    @property
    def everywhere(self) -> bool:
        """Whether it is so much its own that it may stand in no public document at all."""
        return self.label in {"CNP", "IBAN", "EMAIL", "PHONE"}

    def tells(self, word: str) -> bool:
        """Whether a word of the value tells something of it: of an address street and number."""
        if self.label == "ID_CARD":
            return any(c.isdigit() for c in word)
        found = _STREET.search(self.value) if self.label == "ADDRESS" else None
        if found is None:
            return bool(tokens(word))
        return not {*tokens(found[1]), found[2]}.isdisjoint(tokens(word))

    @property
    def variants(self) -> tuple[str, ...]:
        """The spellings that are sought, each in one piece."""
        return tuple(dict.fromkeys(_variants(self)))


def _variants(needle: Needle) -> Iterator[str]:
    yield "".join(tokens(needle.value))
    if needle.label != "ID_CARD":
        yield "".join(tokens(needle.text))
    if needle.label == "PERSON":
        yield "".join(reversed(tokens(needle.value)))
    if needle.label == "ID_CARD":
        yield "".join(c for c in needle.value if c.isdigit())
    if needle.label == "EMAIL":
        yield "".join(tokens(needle.value.split("@")[0]))


def _run(hay: Haystack, words: Sequence[str]) -> bool:
    """Whether the words stand side by side, each with one letter otherwise at most."""
    every, count = hay.tokens, len(words)
    return any(
        all(_alike(a, b) for a, b in zip(words, every[n : n + count], strict=True))
        for n in range(len(every) - count + 1)
    )


def _alike(one: str, other: str) -> bool:
    if one == other:
        return True
    return (
        min(len(one), len(other)) > _NEAR and Levenshtein.distance(one, other, score_cutoff=1) <= 1
    )


def _address(needle: Needle, hay: Haystack) -> bool:
    found = _STREET.search(needle.value) or _STREET.search(needle.text.replace("\n", " "))
    if not found:
        return len(needle.variants[0]) >= _LONG and needle.variants[0] in hay.whole
    street, number = tokens(found[1]), found[2]
    for at in range(len(hay.tokens) - len(street)):
        if hay.tokens[at : at + len(street)] == tuple(street):
            after = hay.tokens[at + len(street) : at + len(street) + _NEAR]
            if number in after:
                return True
    return False


def says(needle: Needle, hay: Haystack) -> bool:
    """Whether a text tells the value in any spelling, look-alikes and one wrong sign included."""
    if needle.label == "PERSON":
        words = tokens(needle.value)
        return _run(hay, words) or _run(hay, words[::-1])
    if needle.label == "ADDRESS":
        return _address(needle, hay)
    return any(_has(variant, hay) for variant in needle.variants)


def _has(variant: str, hay: Haystack) -> bool:
    alike = variant.translate(_LOOKALIKE)
    if hay.drawing and len(alike) < _LEAST_FUZZY:
        return any(alike in token.translate(_LOOKALIKE) for token in hay.tokens)
    if variant in hay.whole or alike in hay.digits:
        return True
    if len(alike) < _LEAST_FUZZY or len(hay.digits) < len(alike):
        return False
    least = 100 * (1 - 1 / len(alike)) - 0.01
    return fuzz.partial_ratio(alike, hay.digits, score_cutoff=least) >= least

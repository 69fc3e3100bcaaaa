"""What scanning, typing and printing do to a sentence; the entities go along."""

import random
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from pipeline.metadata.text.view import fold
from pipeline.training.entities_data import Sentence, Span, named

CONFUSIONS: Final = tuple(
    (one, other)
    for pair in (
        "l 1", "l I", "I 1", "i l", "i 1", "i j", "t l", "f t", "O 0", "o 0", "o c", "c e", "e o",
        "a o", "a e", "s 5", "S 5", "B 8", "b 6", "g 9", "g q", "u n", "n u", "h b", "v y", "Z 2",
        "rn m", "ri n", "m rn", "cl d", "d cl", "vv w", "li h", "n ri", "ti h", "in m", "u ii",
        ". ,", ", .", "G C", "D O", "E F", "P F", "r t", "N M", "H N",
    )
    for one, other in (tuple(pair.split()), tuple(reversed(pair.split())))
)  # fmt: skip
LETTERS: Final = "abcdefghijklmnopqrstuvwxyz"
_LOOKS: Final[dict[str, tuple[str, ...]]] = {
    key: tuple(other for one, other in CONFUSIONS if one == key) for key, _ in CONFUSIONS
}


def _slip(text: str, at: int, rng: random.Random) -> tuple[int, str]:
    """How many letters from `at` are read as what."""
    pair, letter = text[at : at + 2], text[at]
    if pair in _LOOKS and rng.random() < 0.5:
        return 2, rng.choice(_LOOKS[pair])
    if letter in _LOOKS and rng.random() < 0.6:
        return 1, rng.choice(_LOOKS[letter])
    kind = rng.random()
    if kind < 0.55:
        other = rng.choice(LETTERS)
        return 1, other.upper() if letter.isupper() else other
    if kind < 0.8:
        return 1, ""
    return 1, letter + rng.choice(LETTERS)


def misread(text: str, rate: float, rng: random.Random) -> tuple[str, list[int]]:
    """A text of which a share of the letters is misread, and where each old offset has gone."""
    pieces: list[str] = []
    places: list[int] = []
    at = length = 0
    while at < len(text):
        count, new = 1, text[at]
        if not text[at].isspace() and rng.random() < rate:
            count, new = _slip(text, at, rng)
        places += [length] * min(count, len(text) - at)
        pieces.append(new)
        length += len(new)
        at += count
    return "".join(pieces), [*places, length]


def moved(entities: Sequence[Span], places: Sequence[int]) -> tuple[Span, ...]:
    """Entities at their new places; those of which nothing is left are left out."""
    spans = ((places[start], places[end], label) for start, end, label in entities)
    return tuple(span for span in spans if span[0] < span[1])


def in_capitals(text: str) -> str:
    """Every letter a capital; those whose capital is longer stay."""
    return "".join(c.upper() if len(c.upper()) == 1 else c for c in text)


def without_diacritics(text: str) -> str:
    """Every letter without its marks; the text stays as long as it was."""
    bases = (unicodedata.normalize("NFD", sign)[0] for sign in text)
    return "".join(b if b.isalpha() else s for b, s in zip(bases, text, strict=True))


@dataclass(frozen=True, slots=True)
class Wear:
    """What is done to a sentence to test it: marks off, capitals, a share of letters misread."""

    plain: bool = False
    capitals: bool = False
    noise: float = 0.0


def altered(sentence: Sentence, wear: Wear, rng: random.Random) -> Sentence:
    """The sentence in its named view, made worse."""
    text, entities = sentence.text, named(sentence.text, sentence.entities)
    text = without_diacritics(text) if wear.plain else text
    text = in_capitals(text) if wear.capitals else text
    if wear.noise:
        text, places = misread(text, wear.noise, rng)
        entities = moved(entities, places)
    return Sentence(text, entities, sentence.source)


def worn(sentence: Sentence, rng: random.Random, capitals: float, noisy: float) -> Sentence:
    """A sentence to learn on: without marks, perhaps in capitals, perhaps misread here and there."""
    text, entities = fold(sentence.text), sentence.entities
    if rng.random() < capitals:
        text = in_capitals(text)
    if rng.random() < noisy:
        text, places = misread(text, rng.uniform(0.01, 0.06), rng)
        entities = moved(entities, places)
    return Sentence(text, entities, sentence.source)

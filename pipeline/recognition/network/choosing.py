"""Which of a word's likeliest readings to take: the dictionary helps, numbers are left alone."""

from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.recognition.network.dictionary import Dictionary

_DISTRUST = 2
_SENTENCE_ENDS = '.!?:;„“”"«»-–—'
_SHORT = 3
_LOOK_ALIKES = {"0": "Oo", "1": "lI|i", "5": "S", "8": "B"}


@dataclass(frozen=True, slots=True)
class Candidate:
    """A reading, perhaps of several words with spaces between them."""

    text: str
    log_probability: float
    labels: tuple[int, ...]


def _digits(text: str) -> str:
    return "".join(character for character in text if character.isdigit())


def _letters_only_slip(best: str, other: str) -> bool:
    """Whether `other` is a word in which `best` shows a look-alike digit, as c0nsiliul does."""
    if len(best) != len(other) or sum(c.isalpha() for c in best) < 3 * len(_digits(best)):
        return False
    pairs = [(a, b) for a, b in zip(best, other, strict=True) if a != b]
    return all(b in _LOOK_ALIKES.get(a, "") for a, b in pairs)


def keeps_numbers(best: str, other: str) -> bool:
    """Whether `other` may stand for `best`: not where a digit would become another thing."""
    digits = _digits(best)
    if not digits or digits == _digits(other):
        return True
    if len(best) == len(other):
        same = all(a == b for a, b in zip(best, other, strict=True) if a.isdigit())
        return same or _letters_only_slip(best, other)
    return False


def _unknown(text: str, dictionary: Dictionary) -> float:
    """The share of its characters that stand in words unknown to the dictionary."""
    words = text.split()
    unknown = sum(len(word) for word in words if not dictionary.knows(word))
    return unknown / max(1, sum(map(len, words)))


def knows_all(text: str, dictionary: Dictionary) -> bool:
    """Whether the dictionary knows every word of the text."""
    return all(dictionary.knows(word) for word in text.split())


def choose(path: Candidate, others: Sequence[Candidate], dictionary: Dictionary) -> Candidate:
    """`path`, the network's best path, or one of the others that the dictionary speaks for.

    Between words that it does not know, or knows alike, the best path errs less than the beam.
    """
    unknown = _unknown(path.text, dictionary)
    best, best_score = path, path.log_probability * (1 + _DISTRUST * unknown)
    for other in others:
        share = _unknown(other.text, dictionary)
        if share >= unknown or not other.text.strip() or not keeps_numbers(path.text, other.text):
            continue
        score = other.log_probability * (1 + _DISTRUST * share)
        if score > best_score:
            best, best_score = other, score
    return best


def begins_small(word: str, before: str, dictionary: Dictionary) -> bool:
    """Whether a short word inside a sentence that begins with I is one with l (Ia, Iui).

    In many types the two letters look alike, and the network is often in doubt between them.
    """
    if not before or before[-1] in _SENTENCE_ENDS or not 1 < len(word) <= _SHORT:
        return False
    return word[0] == "I" and word[1:].islower() and dictionary.knows(f"l{word[1:]}")

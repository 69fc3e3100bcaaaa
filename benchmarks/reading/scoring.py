"""Errors of a read text against the truth, and their sums by class of page."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from rapidfuzz.distance import Levenshtein

from benchmarks.reading.line_set import line_set_edits

ALL = "all"
_HANDWRITTEN_WORD = "~~~"
_UNDERLINED = re.compile(r"(?<!\S)_")
_SUPERSCRIPT = re.compile(r"(?<=\w)\^")


def normal(text: str) -> str:
    """NFC, each run of white space one space, none at the ends; nothing else is folded."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def without_conventions(text: str) -> str:
    """A truth without Tapuscorpus' marks: ~~~ handwritten word, _underlined, x^er superscript."""
    plain = _SUPERSCRIPT.sub("", _UNDERLINED.sub("", text.replace(_HANDWRITTEN_WORD, " ")))
    return "\n".join(line for line in plain.splitlines() if line.strip())


@dataclass(frozen=True, slots=True)
class Errors:
    """Edits (insertions, deletions, substitutions; a mean over rounds has parts) and truth length."""

    edits: float = 0.0
    length: int = 0

    def __add__(self, other: "Errors") -> "Errors":
        return Errors(self.edits + other.edits, self.length + other.length)

    @property
    def rate(self) -> float:
        """Edits for each unit of truth; above 1 where more is invented than was there."""
        return self.edits / self.length if self.length else float(self.edits > 0)


def _errors(truth: Sequence[str], read: Sequence[str]) -> Errors:
    return Errors(Levenshtein.distance(truth, read), len(truth))


def character_errors(truth: str, read: str | None) -> Errors:
    """Levenshtein over characters of both normalised; None (a page left out) has rate 1."""
    return _errors(normal(truth), normal(read or ""))


def word_errors(truth: str, read: str | None) -> Errors:
    """Levenshtein over words of both normalised."""
    return _errors(normal(truth).split(), normal(read or "").split())


def _lines(text: str) -> list[str]:
    return [line for line in map(normal, text.splitlines()) if line]


def line_set_errors(truth: str, read: str | None) -> Errors:
    """Character errors that do not mind the order of lines, for tables and columns."""
    lines = _lines(truth)
    return Errors(line_set_edits(lines, _lines(read or "")), sum(map(len, lines)))


SCORES: Mapping[str, Callable[[str, str | None], Errors]] = {
    "cer": character_errors,
    "wer": word_errors,
    "line_set": line_set_errors,
}


def mean_errors(rounds: Iterable[Errors]) -> Errors:
    """One page's errors over several rounds."""
    every = tuple(rounds)
    return Errors(sum(e.edits for e in every) / len(every), every[0].length)


def by_class(
    errors: Mapping[str, Errors], groups: Mapping[str, str]
) -> dict[str, tuple[Errors, ...]]:
    """Pages' errors by class, and of all pages as "all"."""
    names = dict.fromkeys([*sorted({groups[key] for key in errors}), ALL] if errors else ())
    return {
        name: tuple(e for key, e in errors.items() if name in {ALL, groups[key]}) for name in names
    }


def pooled(errors: Iterable[Errors]) -> float:
    """Edits of all pages for each character of all: a long page counts for more than a short one."""
    return sum(errors, Errors()).rate


def middle(errors: Iterable[Errors]) -> float:
    """Median of the pages' own rates."""
    return median(e.rate for e in errors)

"""Errors whatever the order of lines: lines, or parts of them, are paired with their likest.

After the Flexible Character Accuracy of Clausner, Pletschacher and Antonacopoulos (Pattern
Recognition Letters, 2020), best pairs first.
"""

import heapq
from dataclasses import dataclass, field

from rapidfuzz import process
from rapidfuzz.distance import Levenshtein
from rapidfuzz.fuzz import partial_ratio, partial_ratio_alignment

_LIKE = 60.0
TRUTH, READ = 0, 1


def _whole_words(text: str, start: int, end: int) -> tuple[int, int]:
    """The same part of a text, grown to the ends of the words that it cuts."""
    left = text.rfind(" ", 0, start + 1) + 1
    right = text.find(" ", max(end - 1, left))
    return left, right if right >= 0 else len(text)


def _lay(longer: str, shorter: str) -> tuple[int, list[str]]:
    """A line on the part of a longer one that fits best: the edits, and the words left over."""
    laid = partial_ratio_alignment(shorter, longer)
    if laid is None:
        return len(longer), []
    start, end = _whole_words(longer, laid.dest_start, laid.dest_end)
    rest = (longer[:start].strip(), longer[end:].strip())
    return Levenshtein.distance(shorter, longer[start:end]), [part for part in rest if part]


@dataclass(frozen=True, slots=True)
class _Pairing:
    """Lines still to be paired on either side, by number, and pairs that are alike, best first."""

    sides: tuple[dict[int, str], dict[int, str]] = field(default_factory=lambda: ({}, {}))
    pairs: list[tuple[float, int, int, int]] = field(default_factory=list)

    def add(self, side: int, number: int, line: str) -> None:
        others = self.sides[1 - side]
        scores = process.cdist([line], list(others.values()), scorer=partial_ratio)[0]
        for (other, text), score in zip(others.items(), scores, strict=True):
            if score >= _LIKE:
                shared = float(score) * min(len(line), len(text))
                truth, read = (number, other) if side == TRUTH else (other, number)
                heapq.heappush(self.pairs, (-shared, abs(len(line) - len(text)), truth, read))
        self.sides[side][number] = line

    def best(self) -> tuple[str, str] | None:
        """The best pair whose lines are both still there, taken out."""
        while self.pairs:
            _, _, truth, read = heapq.heappop(self.pairs)
            if truth in self.sides[TRUTH] and read in self.sides[READ]:
                return self.sides[TRUTH].pop(truth), self.sides[READ].pop(read)
        return None

    def left(self) -> int:
        """Letters of lines that found none; what was read instead of something is one error."""
        return max(sum(map(len, side.values())) for side in self.sides)


def line_set_edits(truth: list[str], read: list[str]) -> int:
    """Edits between two sets of lines without order; a row read cell by cell is whole too."""
    pairing = _Pairing()
    numbers = iter(range(sum(map(len, truth)) + sum(map(len, read)) + 1))
    for side, lines in ((TRUTH, truth), (READ, read)):
        for line in lines:
            pairing.add(side, next(numbers), line)
    edits = 0
    while pair := pairing.best():
        side = TRUTH if len(pair[TRUTH]) > len(pair[READ]) else READ
        wrong, rest = _lay(pair[side], pair[1 - side])
        edits += wrong
        for part in rest:
            pairing.add(side, next(numbers), part)
    return edits + pairing.left()

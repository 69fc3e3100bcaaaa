"""Stretches of a view that read on: line ends inside a paragraph are blanks, others are ends."""

import re
from collections.abc import Iterator
from itertools import islice

from pipeline.metadata.entities.entity_words import WORD

_BLOCK = re.compile(r"[^\n]+(?:\n[^\n]+)*")
_READS_ON = re.compile(
    r"(?i:\b(?:a|al|ale|ai|cel|cea|cu|de|din|domnul|domnului|doamna|doamnei|in|la|lui|nr\.|pe"
    r"|pentru|prin|privind|si|sub|str\.|strada))\s*$"
)
_SENTENCE = re.compile(r"(?<=[.!?;])\s+(?=[A-Z])")
FULL, SHORTEST = 0.6, 30  # of the block's longest line; letters of a line that can be full
LONGEST = 120  # words of a stretch


def _breaks(block: str) -> Iterator[int]:
    """Places of the line ends that end something."""
    longest = max(map(len, block.split("\n")))
    for match in re.finditer("\n", block):
        line = block[block.rfind("\n", 0, match.start()) + 1 : match.start()].rstrip()
        after = block[match.end() : match.end() + 40].lstrip()
        full = len(line) >= max(SHORTEST, FULL * longest)
        on = full or after[:1].islower() or _READS_ON.search(line[-12:]) is not None
        if not on or (line.endswith((".", ":", ";")) and not line[-4:-1].istitle()):
            yield match.start()


def _cut(text: str, start: int) -> Iterator[tuple[int, str]]:
    """A long stretch in parts of LONGEST words at most, at the ends of sentences where it can."""
    at = 0
    while True:
        words = [match.end() for match in islice(WORD.finditer(text, at), LONGEST + 1)]
        if len(words) <= LONGEST:
            yield start + at, text[at:]
            return
        ends = [match.end() for match in _SENTENCE.finditer(text, at, words[-2])]
        end = ends[-1] if ends else words[-2]
        yield start + at, text[at:end]
        at = end


def segments(text: str) -> Iterator[tuple[int, str]]:
    """Start and words of every stretch of a view's text, each as long as what it stands for."""
    for block in _BLOCK.finditer(text):
        last = 0
        for place in (*_breaks(block[0]), len(block[0])):
            yield from _cut(block[0][last:place].replace("\n", " "), block.start() + last)
            last = place

"""Where on a page a person means: words as they are written on it, or a box given by numbers."""

import re
import unicodedata
from collections.abc import Iterator, Sequence

from schemas.errors import UsageError
from schemas.geometry import Box, union
from schemas.text import PageText, Word

_BOX = re.compile(r"\s*(\d{1,6})\s*,\s*(\d{1,6})\s*,\s*(\d{1,6})\s*,\s*(\d{1,6})\s*")


def parse_box(text: str) -> Box:
    """`x,y,w,h` in pixels of the page image; raises UsageError box-wrong."""
    found = _BOX.fullmatch(text)
    if found is None or not int(found[3]) or not int(found[4]):
        raise UsageError("box-wrong", text)
    return Box(*map(int, found.groups()))


def _folded(text: str) -> str:
    """Letters and digits alone, without marks and case."""
    letters = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in letters if letter.isalnum())


def _boxes(words: Sequence[tuple[int, Word]]) -> tuple[Box, ...]:
    """One box a line."""
    lines = dict.fromkeys(line for line, _ in words)
    return tuple(union(word.box for at, word in words if at == line) for line in lines)


def boxes_of_text(page: PageText, text: str) -> Iterator[tuple[Box, ...]]:
    """Each place at which the words stand one after the other, as boxes, one a line.

    Case, diacritics and punctuation do not matter; how the words are parted neither.
    """
    placed = [(number, word) for number, line in enumerate(page.lines) for word in line.words]
    folded = [_folded(word.text) for _, word in placed]
    wanted = _folded(text)
    start = 0
    while wanted and start < len(placed):
        end, joined = start, ""
        while end < len(placed) and len(joined) < len(wanted):
            joined, end = joined + folded[end], end + 1
        if folded[start] and joined == wanted:
            yield _boxes(placed[start:end])
            start = end
        else:
            start += 1

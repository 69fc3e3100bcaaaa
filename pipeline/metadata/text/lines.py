"""The printed lines of a view, as places in it."""

import re
from dataclasses import dataclass

from pipeline.metadata.text.view import View

_LINE = re.compile(r"[^\n]+")


@dataclass(frozen=True, slots=True)
class TextLine:
    """A line that is not empty: its place in the view without outer blanks, folded."""

    start: int
    end: int
    text: str

    @property
    def capitals(self) -> float:
        """The share of its letters that are capitals."""
        letters = [c for c in self.text if c.isalpha()]
        return sum(c.isupper() for c in letters) / len(letters) if letters else 0.0


def text_lines(view: View, limit: int = 400) -> tuple[TextLine, ...]:
    """The first `limit` lines that hold anything."""
    lines: list[TextLine] = []
    for match in _LINE.finditer(view.text):
        if len(lines) >= limit:
            break
        text = match[0].strip()
        if text:
            start = match.start() + len(match[0]) - len(match[0].lstrip())
            lines.append(TextLine(start, start + len(text), text))
    return tuple(lines)

"""The sample pages as a perfect reading would give them: words with places, without any picture."""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from examples.binders import fonts
from examples.binders.compose import BinderPlan, Options, PagePlan, compose
from examples.binders.ink import page_size
from examples.binders.typeset import SetWord
from schemas.geometry import Box, Size
from schemas.records import PageState
from schemas.text import Block, Line, PageText, Word

Misread = Callable[[str], str]
"""What reading makes of a word; empty where it is lost."""
HIGH: Final = frozenset("bdfhklt0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZĂÂÎȘȚ/()|")
DEEP: Final = frozenset("gjpqyșțȘȚ,;()|")
STATES: Final = {
    "text": PageState.RECOGNISED,
    "blank": PageState.BLANK,
    "separator": PageState.SEPARATOR,
    "unreadable": PageState.FAILED,
}


@dataclass(frozen=True, slots=True)
class SeenPage:
    """A page as it was read, None where there is nothing to read; `begins`: a document does."""

    state: PageState
    text: PageText | None
    begins: bool
    template: str


def _box(word: SetWord, scale: float, dx: float, dy: float) -> Box:
    """The ink of a word, drawn at another scale and place."""
    wide = fonts.width(word.face, word.bold, word.pixels, word.text)
    up = 0.7 if HIGH & set(word.text) else 0.5
    down = 0.21 if DEEP & set(word.text) else 0.0
    left, top = word.x * scale + dx, (word.y - up * word.pixels) * scale + dy
    return Box(
        round(left), round(top), round(wide * scale), round((up + down) * word.pixels * scale)
    )


def _words(line: tuple[SetWord, ...], place: tuple[float, float, float], misread: Misread) -> Line:
    read = ((misread(word.text), _box(word, *place)) for word in line)
    return Line(tuple(Word(text, box, 0.95) for text, box in read if text))


def _text(page: PagePlan, dpi: int, misread: Misread, rng: random.Random) -> PageText:
    """The page's words where its faults put them, give or take a thousandth."""
    scale = page.faults.scale * rng.uniform(0.998, 1.002)
    dx, dy = (shift * dpi / 25.4 for shift in page.faults.shift)
    lines = (_words(line, (scale, dx, dy), misread) for line in page.sheet.lines if line)
    kept = sorted((line for line in lines if line.words), key=lambda line: line.box.y)
    blocks = (Block(tuple(kept)),) if kept else ()
    return PageText(_size(dpi), dpi, blocks)


def _size(dpi: int) -> Size:
    return Size(*page_size(dpi))


def seen_pages(plan: BinderPlan, dpi: int, misread: Misread, seed: str) -> Iterator[SeenPage]:
    """Every page of a planned binder, read; the same seed gives the same places."""
    rng = random.Random(seed)
    before = None
    for page in plan.pages:
        begins = page.document is not None and page.document != before
        before = page.document or before
        text = _text(page, dpi, misread, rng) if page.kind == "text" else None
        template = plan.documents[page.document - 1].template if page.document else ""
        yield SeenPage(STATES[page.kind], text, begins, template)


def seen_binder(index: int, options: Options, misread: Misread) -> tuple[SeenPage, ...]:
    """Binder `index` of a run of the generator, as it would be read."""
    plan = compose(index, options)
    return tuple(seen_pages(plan, options.dpi, misread, f"{options.seed}:{index}:seen"))

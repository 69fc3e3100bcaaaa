"""From the pages of a binder to how sure it is that a document begins at each."""

from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.boundaries.model import Model, in_sequence, read_model
from pipeline.boundaries.pages import BLANK, UNREADABLE, PageFacts, page_facts
from pipeline.boundaries.pairs import binder_of, features, place_of
from schemas.alto import read_alto
from schemas.layout import UnitLayout
from schemas.records import PageState
from schemas.text import PageText


@dataclass(frozen=True, slots=True)
class Told:
    """What a unit's pages tell, page by page.

    `sure` is how sure it is (0 to 1) that a document begins there, `numbers` the page numbers
    printed on them, 0 where there is none.
    """

    sure: tuple[float, ...] = ()
    numbers: tuple[int, ...] = ()


def facts_of(state: PageState, text: PageText | None) -> PageFacts:
    """The facts of a page in a state; `text` is None where nothing could be read."""
    if state is PageState.RECOGNISED and text is not None:
        return page_facts(text)
    return UNREADABLE if state is PageState.FAILED else BLANK


def beginnings(
    pages: Sequence[PageFacts],
    fixed: Sequence[bool | None] = (),
    model: Model | None = None,
) -> tuple[float, ...]:
    """How sure it is, 0 to 1, that a document begins at each page.

    `fixed` is what sheets and people say of pages, None where they do not. A blank page belongs to
    the document before it.
    """
    model = model or read_model()
    known = fixed or (None,) * len(pages)
    told = [n for n, page in enumerate(pages) if not page.blank or known[n]]
    binder = binder_of(pages)
    chances = [model.chance(features(place_of(binder, n))) for n in told]
    sure = dict(zip(told, in_sequence(model, chances, [known[n] for n in told]), strict=True))
    return tuple(sure.get(n, 0.0) for n in range(len(pages)))


def guess_beginnings(
    unit: UnitLayout, states: Sequence[PageState], fixed: Sequence[bool | None]
) -> Told:
    """The same of a unit's pages, from the texts on disk: a task of the pool.

    Separator sheets count as blank; a text that is not there as not readable.
    """
    pages = tuple(_on_disk(unit, n, s) for n, s in enumerate(states, 1))
    return Told(beginnings(pages, fixed), tuple(page.number for page in pages))


def _on_disk(unit: UnitLayout, page: int, state: PageState) -> PageFacts:
    path = unit.alto_page(page)
    if state is not PageState.RECOGNISED:
        return facts_of(state, None)
    try:
        return facts_of(state, read_alto(path.read_bytes()))
    except (OSError, ValueError):
        return UNREADABLE

"""Where the documents of a unit begin: what is known of its pages, and what these tell themselves."""

from collections.abc import Sequence
from dataclasses import dataclass

from flows.pool import LimitError
from flows.run import Run
from flows.stages.taking_in import TakenIn
from flows.stages.tasks import PageResult
from pipeline import units
from pipeline.segmentation import (
    Known,
    boundary_of,
    doubts,
    guessed_documents,
    has_separators,
    recorded_parts,
    split_documents,
)
from schemas.records import Finding, PageState

GUESS = "pipeline.boundaries.guessing:guess_beginnings"
BOUNDARIES_VERSION = "1"
"""Raised when the same pages would be parted otherwise than before."""
_SECONDS_A_PAGE = 0.2


@dataclass(frozen=True, slots=True)
class Parted:
    """First page, last page and certainty of each document, and what people should look at.

    `whole`: nothing was left out for want of time or memory.
    """

    documents: tuple[tuple[int, int, float], ...]
    doubts: tuple[Finding, ...]
    whole: bool = True


def known_of(taken: TakenIn, pages: Sequence[PageResult], *, remember: bool) -> Known:
    """What is known before the pages are looked at; of the record only if it is to be remembered."""
    states = tuple(page.state for page in pages)
    scans = [(slot.source, slot.frame, slot.half.value) for slot in taken.order]
    record = units.read_record(taken.unit) if remember and taken.unit.record.exists() else None
    return Known(
        states,
        tuple(slot.begins for slot in taken.order),
        recorded_parts(record, scans) if record else (None,) * len(pages),
        has_separators(states, [bool(page.sheet) for page in pages]),
    )


def _sure(taken: TakenIn, known: Known, run: Run) -> tuple[float, ...]:
    """How sure it is that a document begins at each page, by a process of the pool."""
    if sum(state is not PageState.SEPARATOR for state in known.states) < 2:  # noqa: PLR2004 one page is one document
        return ()
    seconds = run.settings.page_seconds + _SECONDS_A_PAGE * len(known.states)
    args = (taken.unit, known.states, known.fixed)
    sure: tuple[float, ...] = run.pool.start(GUESS, *args, seconds=seconds).result()
    return sure


def part(taken: TakenIn, pages: Sequence[PageResult], run: Run, *, remember: bool) -> Parted:
    """The unit's documents; what sheets, people and the record say stands before what pages tell."""
    known = known_of(taken, pages, remember=remember)
    sure: tuple[float, ...] = ()
    told: tuple[Finding, ...] = ()
    try:
        sure = _sure(taken, known, run) if run.settings.boundaries == "guess" else ()
    except LimitError as error:
        told = (Finding("boundaries-not-sought", detail={"why": error.limit}),)
    places = split_documents(known.states, known.begins, guessed_documents(known, sure))
    documents = tuple((*place, boundary_of(known, sure, place[0])) for place in places)
    return Parted(documents, (*told, *doubts(known, sure, places)), not told)

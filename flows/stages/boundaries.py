"""Where the documents of a unit begin: what is known of its pages, and what these tell themselves."""

from collections.abc import Sequence
from dataclasses import dataclass

from flows.pool import LimitError
from flows.run import Run
from flows.stages.taking_in import TakenIn
from flows.stages.tasks import PageResult
from pipeline import units
from pipeline.boundaries.guessing import Told
from pipeline.boundaries.ordering import misplaced
from pipeline.boundaries.segmentation import (
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
BOUNDARIES_VERSION = "2"
"""Raised when the same pages would be parted otherwise than before."""
ORDER = "page-order"
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


def _told(taken: TakenIn, known: Known, run: Run) -> Told:
    """What the pages tell of beginnings and of their order, by a process of the pool."""
    if sum(state is not PageState.SEPARATOR for state in known.states) < 2:  # noqa: PLR2004 one page is one document
        return Told()
    seconds = run.settings.page_seconds + _SECONDS_A_PAGE * len(known.states)
    args = (taken.unit, known.states, known.fixed)
    told: Told = run.pool.start(GUESS, *args, seconds=seconds).result()
    return told


def part(taken: TakenIn, pages: Sequence[PageResult], run: Run, *, remember: bool) -> Parted:
    """The unit's documents; what sheets, people and the record say stands before what pages tell."""
    known = known_of(taken, pages, remember=remember)
    told = Told()
    limits: tuple[Finding, ...] = ()
    try:
        told = _told(taken, known, run)
    except LimitError as error:
        limits = (Finding("boundaries-not-sought", detail={"why": error.limit}),)
    sure = told.sure if run.settings.boundaries == "guess" else ()
    places = split_documents(known.states, known.begins, guessed_documents(known, sure))
    documents = tuple((*place, boundary_of(known, sure, place[0])) for place in places)
    order = (Finding(ORDER, page) for page in misplaced(told.numbers, places))
    return Parted(documents, (*limits, *doubts(known, sure, places), *order), not limits)

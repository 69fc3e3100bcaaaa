"""A binder's pages become documents: where sheets, people and the pages themselves say so."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest

from schemas.records import Finding, PageState, Unit

DOUBTFUL = "boundary-doubtful"
BEGINS = 0.5
"""From so sure on a document begins where neither sheet nor person says anything."""
UNSURE = (0.3, 0.8)
"""Between these a person has to look."""
VERY_SURE = 0.9
"""So sure a page must be to be told of in a binder that has separator sheets."""
_MOST = 0.99  # a guess is a guess
Scan = tuple[str, int, str]
"""File, frame and half that a page shows."""


def split_documents(
    states: Sequence[PageState],
    begins: Sequence[bool | None] = (),
    guessed: Sequence[bool] = (),
) -> tuple[tuple[int, int], ...]:
    """First and last page (from 1) of each document; separators belong to none.

    `begins` are people's words on each page: that a document begins there, or that none does;
    `guessed` is what the pages themselves tell, where neither sheet nor person says anything.
    Blank pages before the first written one are that one's.
    """
    documents: list[tuple[int, int]] = []
    parted, written = True, False
    for number, (state, said, guess) in enumerate(zip_longest(states, begins, guessed), 1):
        if state is PageState.SEPARATOR:
            parted = True
            continue
        told = parted or bool(guess and written)
        if not documents or (told if said is None else said):
            documents.append((number, number))
            written = False
        documents[-1] = (documents[-1][0], number)
        parted = False
        written = written or state is not PageState.BLANK
    return tuple(documents)


def parted_by_sheets(states: Sequence[PageState]) -> tuple[bool, ...]:
    """Whether a document begins at each page because it is the first behind a sheet, or of all."""
    parted, told = True, []
    for state in states:
        sheet = state is PageState.SEPARATOR
        told.append(parted and not sheet)
        parted = sheet
    return tuple(told)


def has_separators(states: Sequence[PageState], covers: Sequence[bool] = ()) -> bool:
    """Whether separator sheets stand between pages; cover sheets (`covers`) do not count."""
    inside = [n for n, state in enumerate(states) if state is not PageState.SEPARATOR]
    between = list(zip_longest(states, covers))[min(inside, default=0) : max(inside, default=0)]
    return any(state is PageState.SEPARATOR and not cover for state, cover in between)


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a binder's pages before they are looked at, page by page.

    `begins` are people's words; `recorded` tells whether the record parts a page from the one
    before it, None where it does not know both; `sheets`: separator sheets part the documents.
    """

    states: tuple[PageState, ...]
    begins: tuple[bool | None, ...]
    recorded: tuple[bool | None, ...]
    sheets: bool

    @property
    def fixed(self) -> tuple[bool | None, ...]:
        """What sheets and people say of each page."""
        parted = parted_by_sheets(self.states)
        return tuple(
            True if sheet and said is None else said
            for sheet, said in zip(parted, self.begins, strict=True)
        )


def recorded_parts(unit: Unit, scans: Sequence[Scan]) -> tuple[bool | None, ...]:
    """For each scan of an order whether the record has it in another document than the one before.

    None where the record does not have both in documents.
    """
    known = {(p.source, p.frame, p.half.value): p.document for p in unit.pages if p.document}
    last: str | None = None
    told: list[bool | None] = []
    for scan in scans:
        document = known.get(scan)
        told.append(document != last if document and last else None)
        last = document
    return tuple(told)


def guessed_documents(known: Known, sure: Sequence[float]) -> tuple[bool, ...]:
    """Where documents begin though neither sheet nor person says so; `sure` may be empty.

    What is on record stays; separator sheets, where a binder has them, part all its other pages.
    """
    guess = not known.sheets and bool(sure)
    return tuple(
        (guess and sure[at] >= BEGINS) if recorded is None else recorded
        for at, recorded in enumerate(known.recorded)
    )


def boundary_of(known: Known, sure: Sequence[float], page: int) -> float:
    """How sure it is that a document begins at `page` (from 1), one that is said to."""
    settled = page == 1 or not sure or known.fixed[page - 1] is not None
    return 1.0 if settled else min(_MOST, round(sure[page - 1], 3))


def doubts(
    known: Known, sure: Sequence[float], documents: Sequence[tuple[int, int]]
) -> Iterator[Finding]:
    """A finding for each page of which a person should say whether a document begins there."""
    firsts = {first for first, _ in documents}
    open_ = [state in {PageState.RECOGNISED, PageState.FAILED} for state in known.states]
    for page, chance in enumerate(sure, 1):
        settled = page == 1 or known.fixed[page - 1] is not None or not open_[page - 1]
        begins = page in firsts
        told = known.sheets and not begins
        if not settled and (chance >= VERY_SURE if told else _is_doubtful(chance, begins)):
            yield Finding(DOUBTFUL, page, {"p": str(round(100 * chance))})


def _is_doubtful(chance: float, begins: bool) -> bool:
    """Neither sure, or sure of the contrary of what stands."""
    low, high = UNSURE
    return chance <= high if begins else chance >= low

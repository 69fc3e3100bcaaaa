"""What is public of a unit, brought in step with its record, its events and the table of rules.

First what may no longer be public goes: from the public index, then from disk. Then what the rules
call public is copied, proved and published. Events say what stands; copies and index follow them,
so that whatever stops the program, the next one to work on the unit finishes.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from flows.auditing import noted
from flows.publication.cases import Case, copy_path
from flows.publication.copying import outcome, start_copy
from flows.publication.feed import note_public
from flows.publication.files import (
    copies_in,
    proposed_copy,
    put_public,
    remove_copy,
    remove_gone,
)
from flows.run import Run
from flows.stages.indexing import index_public
from pipeline import units
from pipeline.ledger import Ledger
from pipeline.privacy.access.states import (
    PROGRAM,
    PUBLICATION,
    State,
    publication,
    publications,
)
from schemas.layout import UnitLayout
from schemas.public import read_copy
from schemas.records import Finding, Regime, Unit

WAITING = "waiting_release"


@dataclass(frozen=True, slots=True)
class Settled:
    """How a unit's documents stand (by state), and why copies of some could not be published."""

    counts: dict[str, int]
    findings: tuple[Finding, ...] = ()


def stands(case: Case) -> bool:
    """Whether what was published or proposed of a document is still what it is now."""
    same = case.standing.basis == case.basis
    return same and not case.barred and case.document.access.regime is not Regime.RESTRICTED


def is_public(case: Case) -> bool:
    """Whether a copy of the document may be public as things are."""
    return case.standing.state is State.PUBLISHED and stands(case)


def goes_by_itself(case: Case) -> bool:
    """Whether the program publishes the document without a person; not what it failed with as it is."""
    access, standing = case.document.access, case.standing
    lapsed = standing.state is State.LAPSED and standing.basis != case.basis
    free = (lapsed or standing.state is State.NONE) and not case.barred
    return free and access.regime is Regime.PUBLIC and not access.waits


def awaits_people(case: Case) -> bool:
    """Whether a person could propose the document now."""
    access, state = case.document.access, case.standing.state
    if access.regime is Regime.RESTRICTED or is_public(case) or goes_by_itself(case):
        return False
    return state in {State.NONE, State.LAPSED, State.PUBLISHED}


def _lapse(case: Case, layout: UnitLayout) -> Case:
    """The event that what stood of a document stands no more."""
    told = publication(case.document.id, State.LAPSED, PROGRAM, case.scans)
    units.append_event(layout, told)
    return replace(case, standing=replace(case.standing, state=State.LAPSED, basis="", sha256=""))


def _has_copy(case: Case, layout: UnitLayout) -> bool:
    """Whether the copy that was published stands, or can be put in its place."""
    document = case.document.id
    there = (copy_path(layout, case), proposed_copy(layout, document))
    copies = (read_copy(folder) for folder in there)
    return any(copy and copy.sha256 == case.standing.sha256 for copy in copies)


def take_back(cases: Sequence[Case], layout: UnitLayout, run: Run) -> tuple[Case, ...]:
    """Nothing of the unit stays public, or proposed, that changed or was withdrawn."""
    remove_gone(layout)
    now = []
    for case in cases:
        stale = case.standing.state in {State.PUBLISHED, State.PROPOSED} and not stands(case)
        lost = is_public(case) and not _has_copy(case, layout)
        if stale or lost:
            run.gone.set()
        now.append(_lapse(case, layout) if stale or lost else case)
    _remove_others(layout, now, run)
    return tuple(now)


def _remove_others(layout: UnitLayout, cases: Iterable[Case], run: Run) -> None:
    """Copies that no event stands for: out of the index first, then from disk."""
    public = {case.document.id: case.standing.sha256 for case in cases if is_public(case)}
    proposed = {case.document.id for case in cases if case.standing.state is State.PROPOSED}
    wrong = [
        layout.public_copy(document)
        for document in copies_in(layout.public)
        if (copy := read_copy(layout.public_copy(document))) is None
        or public.get(document) != copy.sha256
    ]
    if wrong:
        run.gone.set()
        index_public(layout, run, apart=frozenset(path.name for path in wrong))
    folder = layout.public.with_name("proposed")
    over = [folder / d for d in copies_in(folder) if d not in {*proposed, *public}]
    for path in (*wrong, *over):
        remove_copy(path)


def publish_alone(
    cases: Sequence[Case], unit: Unit, layout: UnitLayout, run: Run
) -> tuple[tuple[Case, ...], tuple[Finding, ...]]:
    """Copies of what the rules call public, made and proved side by side, each then published."""
    started = {
        case.document.id: start_copy(unit, layout, case, run)
        for case in cases
        if goes_by_itself(case)
    }
    findings: list[Finding] = []
    now: list[Case] = []
    for case in cases:
        task = started.get(case.document.id)
        if task is None:
            now.append(case)
            continue
        result = outcome(task, unit, case)
        if result.findings:
            findings += result.findings
            now.append(failed(case, result.findings[0].code, layout))
        else:
            noted(run.ledger, run.settings, PROGRAM, "release", case.document.id)
            now.append(record_published(case, result.record.sha256, PROGRAM, layout))
    return tuple(now), tuple(findings)


def failed(case: Case, why: str, layout: UnitLayout) -> Case:
    """The event that a copy did not pass; it goes, and people have to look at the document."""
    document = case.document.id
    told = {"basis": case.basis, "note": why}
    units.append_event(layout, publication(document, State.LAPSED, PROGRAM, case.scans, **told))
    remove_copy(proposed_copy(layout, document))
    return replace(case, standing=replace(case.standing, state=State.LAPSED, basis=case.basis))


def record_published(case: Case, sha256: str, by: str, layout: UnitLayout) -> Case:
    """The event that a proved copy is public."""
    document = case.document.id
    told = publication(document, State.PUBLISHED, by, case.scans, basis=case.basis, sha256=sha256)
    units.append_event(layout, told)
    standing = replace(case.standing, state=State.PUBLISHED, by=by, basis=case.basis, sha256=sha256)
    return replace(case, standing=standing)


def put_in_place(cases: Iterable[Case], layout: UnitLayout, run: Run) -> None:
    """Copies that events call public stand in their place, and the public index holds them all.

    Somebody may withdraw a document meanwhile: then it goes again.
    """
    for case in cases:
        document = case.document.id
        there = read_copy(copy_path(layout, case))
        if is_public(case) and (there is None or there.sha256 != case.standing.sha256):
            put_public(layout, document)
    if copies_in(layout.public) or run.index.count("public", unit=layout.id):
        index_public(layout, run)
    leave_withdrawn(layout, run)
    note_public(layout, run.ledger)


def leave_withdrawn(layout: UnitLayout, run: Run) -> None:
    """Nothing that a person withdrew stays, whoever put it there meanwhile."""
    there = publications(units.read_events(layout)).documents
    wrong = [
        document
        for document in copies_in(layout.public)
        if document in there and there[document].state is not State.PUBLISHED
    ]
    if wrong:
        index_public(layout, run, apart=frozenset(wrong))
        for document in wrong:
            remove_copy(layout.public_copy(document))


def in_step(cases: Sequence[Case], layout: UnitLayout) -> bool:
    """Whether all that is public of a unit is as its record, its events and the table have it."""
    stale = {State.PUBLISHED, State.PROPOSED}
    if any(
        goes_by_itself(one) or (one.standing.state in stale and not stands(one)) for one in cases
    ):
        return False
    wanted = {one.document.id: one.standing.sha256 for one in cases if is_public(one)}
    copies = ((d, read_copy(layout.public_copy(d))) for d in copies_in(layout.public))
    return wanted == {document: copy.sha256 if copy else None for document, copy in copies}


def counts_of(cases: Iterable[Case]) -> dict[str, int]:
    """Documents by what was last said of their copies, and those that wait for people."""
    every = tuple(cases)
    states = Counter(case.standing.state.value for case in every if case.standing.state)
    waiting = sum(awaits_people(case) for case in every) + states[State.PROPOSED.value]
    return {**states, WAITING: waiting}


def tell_counts(layout: UnitLayout, cases: Iterable[Case], ledger: Ledger) -> None:
    """Have the ledger know how far a unit's publication has come."""
    counts = counts_of(cases)
    ledger.record_step(layout.id, 0, PUBLICATION, inputs="", parameters="", result={**counts})

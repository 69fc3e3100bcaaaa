"""Binders and units are not the same: what their cover sheets say is carried out.

A binder with several covers becomes several units; a binder whose cover names a unit that is there
already goes on with it. Both are changes that people can undo, and are done once: what was sorted
before is left as people have it now. The paper decides only where binder.json says nothing else.
"""

from collections.abc import Sequence
from dataclasses import replace

import msgspec

from flows.changes.rearranging import Cover, append_to_same, find_same, split_at_covers
from flows.run import Run
from flows.sheets.covers import PARTS, find_covers, own_cover, units_behind
from flows.sheets.inventory import seen_of
from flows.stages.tasks import PageResult
from flows.work import BatchOutcome, BinderOutcome
from pipeline import units
from pipeline.changes import REARRANGED
from pipeline.ledger import PAGE_STAGE, by_reference
from schemas.errors import InputError
from schemas.inventory import UnitName
from schemas.messages import say
from schemas.records import Unit

BY = "opis"
"""Who carries out what the sheets say, as events tell it."""


def sort_by_covers(outcome: BatchOutcome, run: Run) -> BatchOutcome:
    """The batch with its binders sorted into units; units split off come without sources.

    A unit that cannot be held or changed now stays as it is, with the finding that says so.
    """
    parts = (part for binder in outcome.binders for part in _sorted(binder, run))
    return replace(outcome, binders=tuple(parts))


def _sorted(binder: BinderOutcome, run: Run) -> tuple[BinderOutcome, ...]:
    unit = binder.unit
    if unit is None or binder.problems:
        return (binder,)
    pages = _pages(unit, run)
    if not any(page.sheet for page in pages) or _sorted_before(unit, run):
        return (binder,)
    covers = find_covers(pages, lambda reference: by_reference(run.ledger, reference))
    try:
        first, *behind = _split(binder, unit, units_behind(unit.identity, pages, covers), run)
        own = _joined(first, run) if own_cover(pages, covers) else first
        return (own, *(_joined(part, run) for part in behind))
    except InputError:
        return (binder,)


def _pages(unit: Unit, run: Run) -> tuple[PageResult, ...]:
    """The unit's pages as they were read; none where the ledger does not know them all."""
    steps = run.ledger.steps(unit.id, PAGE_STAGE)
    try:
        pages = tuple(msgspec.convert(steps[p.page].result, PageResult) for p in unit.pages)
    except (KeyError, msgspec.ValidationError):
        return ()
    return pages


def _sorted_before(unit: Unit, run: Run) -> bool:
    """Whether its pages were sorted before, by the sheets or by people, whose word stands."""
    events = units.read_events(run.settings.layout.unit(unit.id))
    return any(event.get("event") == REARRANGED for event in events)


def _split(
    binder: BinderOutcome, unit: Unit, behind: Sequence[tuple[int, UnitName]], run: Run
) -> tuple[BinderOutcome, ...]:
    """The binder's own unit, then those that begin behind it."""
    if not behind:
        return (binder,)
    covers = tuple(Cover(page, _told(name)) for page, name in behind)
    note = say("sorted_split", run.settings.interface_language)
    done = split_at_covers(run, unit.id, covers, BY, note)
    first = _as_now(binder, done.results[unit.id])
    return (first, *(done.results[new.id] for new in done.change.created))


def _told(name: UnitName) -> dict[str, str]:
    return {part: value for part in PARTS if (value := getattr(name, part))}


def _as_now(binder: BinderOutcome, now: BinderOutcome) -> BinderOutcome:
    """A binder's outcome, its unit as a change left it."""
    unit = now.unit
    sources = tuple(
        replace(source, unit=unit.id) if source.unit and unit else source
        for source in binder.sources
    )
    return replace(
        binder,
        sources=sources,
        unit=unit,
        counts=now.counts,
        indexed=now.indexed,
        problems=now.problems,
    )


def _joined(part: BinderOutcome, run: Run) -> BinderOutcome:
    """A binder that holds more of a unit joins it, unless that one has all its leaves already."""
    if part.unit is None or part.problems:
        return part
    same = find_same(part.unit.id, run)
    if same is None or _is_whole(same, run):
        return part
    note = say("sorted_joined", run.settings.interface_language)
    done = append_to_same(run, part.unit.id, BY, note)
    return _as_now(part, done.results[same]) if done and same in done.results else part


def _is_whole(ident: str, run: Run) -> bool:
    """Whether a unit has as many leaves as are certified: more of it would be the same again."""
    seen = seen_of(run.settings.layout.unit(ident))
    return seen.certified is not None and seen.leaves >= seen.certified

"""`opis review list`: what waits for a person in the whole archive, worst first, a page at a time.

The ledger knows of each unit how much waits and how bad the worst is: units are looked into in that
order, and only until the page is full.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from flows.answers import Answer
from flows.archive import need_archive
from flows.commands.reviewing.review_rows import by_unit, row
from flows.stages.publishing import tell_waiting
from pipeline.ledger import Ledger, Step, UnitRow, open_ledger
from pipeline.reviewing.review import (
    RESCAN,
    REVIEW,
    Waiting,
    counts_of,
    in_order,
    rules_at,
    waiting_in,
    worst_of,
)
from pipeline.reviewing.waiting import KINDS
from schemas.errors import InputError, UsageError
from schemas.messages import label, number, plural, say
from schemas.settings import Settings

_Rank = tuple[tuple[int, float], str]
_FIRST = (0, 0.0)


@dataclass(frozen=True, slots=True)
class Asked:
    """Which items: of one unit, of one kind, and which part of them (`page` from 1)."""

    unit: str | None
    kind: str | None
    limit: int
    page: int

    @property
    def last(self) -> int:
        return self.limit * self.page


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A unit that holds items: the rank of its worst, and its counts where the ledger knows them."""

    unit: str
    worst: tuple[int, float]
    counts: Mapping[str, int] | None

    @property
    def rank(self) -> _Rank:
        return self.worst, self.unit


def _candidate(row_: UnitRow, step: Step | None, rules: str, kind: str | None) -> _Candidate:
    if step is None or step.parameters != rules:
        return _Candidate(row_.id, _FIRST, None)
    return _Candidate(row_.id, worst_of(step.inputs, kind), step.result)


def _candidates(ledger: Ledger, settings: Settings, asked: Asked) -> Iterator[_Candidate]:
    """Units in which something waits, or may wait: those of which the ledger knows nothing first."""
    if asked.unit is not None:
        ledger.unit(asked.unit)
    steps = {step.unit: step for step in ledger.whole_steps(REVIEW)}
    rules = rules_at(settings.review_confidence)
    for row_ in ledger.units():
        if asked.unit in {None, row_.id} and settings.layout.unit(row_.id).record.exists():
            candidate = _candidate(row_, steps.get(row_.id), rules, asked.kind)
            if candidate.counts is None or candidate.counts.get("waiting"):
                yield candidate


@dataclass(frozen=True, slots=True)
class _Queue:
    """The items asked for, how many of each kind wait in all, and units that cannot be read."""

    items: tuple[Waiting, ...]
    counts: Mapping[str, int]
    damaged: tuple[str, ...]


def _is_full(found: list[Waiting], asked: Asked, following: _Rank) -> bool:
    """Whether nothing of the units that follow can come before the last item asked for."""
    if len(found) < asked.last:
        return False
    last = in_order(found)[asked.last - 1]
    place = (last.unit.id, last.page.page)
    worst = min(item.rank for item in found if (item.unit.id, item.page.page) == place)
    return (worst, last.unit.id) < following


def _items(candidate: _Candidate, ledger: Ledger, settings: Settings) -> tuple[Waiting, ...]:
    """A unit's items; the ledger is told of them where it did not know."""
    layout, bar = settings.layout.unit(candidate.unit), settings.review_confidence
    items = waiting_in(layout, bar)
    if candidate.counts is None:
        tell_waiting(layout, ledger, bar)
    return items


def _look(asked: Asked, ledger: Ledger, settings: Settings) -> _Queue:
    found: list[Waiting] = []
    counts: Counter[str] = Counter()
    damaged: list[str] = []
    full = False
    candidates = sorted(_candidates(ledger, settings, asked), key=lambda one: one.rank)
    for candidate in candidates:
        known = candidate.counts
        full = full or (known is not None and _is_full(found, asked, candidate.rank))
        if known is not None and (full or not known.get(asked.kind or "waiting")):
            counts.update(known)
            continue
        try:
            items = _items(candidate, ledger, settings)
        except InputError:
            damaged.append(candidate.unit)
            continue
        counts.update(counts_of(items))
        found += (item for item in items if asked.kind in {None, item.kind})
    first = asked.last - asked.limit
    return _Queue(in_order(found)[first : asked.last], counts, tuple(damaged))


def _sum_line(queue: _Queue, asked: Asked, total: int, language: str) -> Iterator[str]:
    kinds = [
        f"{number(queue.counts[kind])} {label('review', kind, language)}"
        for kind in KINDS
        if queue.counts.get(kind)
    ]
    shown = plural("item", queue.counts.get("waiting", 0), language)
    yield say("review_total", language, items=shown, kinds=" · ".join(kinds) or "–")
    if total > asked.last:
        yield say("review_more", language, page=asked.page + 1)


def waiting_list(
    settings: Settings, unit: str | None, kind: str | None, limit: int, page: int
) -> Answer:
    """What waits for a person, worst first; items of one page together.

    Raises InputError unit-missing, UsageError review-kind.
    """
    need_archive(settings)
    if kind not in {None, *KINDS}:
        raise UsageError("review-kind", str(kind), known=", ".join(KINDS))
    asked, language = Asked(unit, kind, limit, page), settings.interface_language
    with open_ledger(settings, create=False) as ledger:
        queue = _look(asked, ledger, settings)
    total = queue.counts.get(kind or "waiting", 0)
    counts = {name: queue.counts[name] for name in KINDS if queue.counts.get(name)}
    payload = {
        "waiting": [row(item, language) for item in queue.items],
        RESCAN: queue.counts.get(RESCAN, 0),
        "total": total,
        "counts": counts,
        "page": page,
        "limit": limit,
        "damaged": list(queue.damaged),
    }
    lines = (*by_unit(queue.items, language), *_sum_line(queue, asked, total, language))
    return Answer(payload, lines)

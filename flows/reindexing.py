"""An index filled anew while others go on publishing: none of their pages is missing in the end.

Whoever publishes tells the ledger before the index is written, and again once the unit stands
(flows/stages/indexing.py). What was told after the filling began is indexed again after the switch.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from time import sleep

from flows.stages.indexing import PUBLIC, STAFF, indexed_pages, public_pages
from pipeline import units
from pipeline.ledger import INDEX_STAGE, Ledger
from schemas.errors import InputError
from schemas.hits import IndexedPage
from schemas.records import UnitState
from schemas.settings import Settings
from search.backend import Backend

_PAUSE_SECONDS = 0.4


@dataclass(frozen=True, slots=True)
class Reindexing:
    """One reindex: where it reads, what it fills, and the units that it found damaged."""

    settings: Settings
    ledger: Ledger
    index: Backend
    damaged: dict[str, InputError] = field(default_factory=dict)

    def run(self) -> tuple[int, tuple[InputError, ...]]:
        """Fill and switch; the pages that the index then holds, and what is wrong with units.

        The public index is made anew from the public copies alone.
        """
        before = frozenset(self._told().values())
        self.index.rebuild(self._published())
        self.index.rebuild(self._public(), role=PUBLIC)
        workers = {lease.unit: lease.token for lease in self.ledger.leases()}
        left = {turn.unit for turn in self.ledger.left_turns()}
        for unit, (seq, open_) in self._told().items():
            if open_ or (seq, open_) not in before or unit in left:
                self._again(unit, workers.get(unit))
        return self.index.count(), tuple(self.damaged.values())

    def _told(self) -> dict[str, tuple[int, bool]]:
        """Each unit's step of the index: its number, and whether it still goes on."""
        steps = self.ledger.whole_steps(INDEX_STAGE)
        return {step.unit: (step.seq, step.result.get("indexed") is None) for step in steps}

    def _published(self) -> Iterator[IndexedPage]:
        for row in self.ledger.units(UnitState.PUBLISHED):
            yield from self._pages(row.id)

    def _public(self) -> Iterator[IndexedPage]:
        for row in self.ledger.units(UnitState.PUBLISHED):
            yield from self._copied(row.id)

    def _copied(self, unit: str) -> tuple[IndexedPage, ...]:
        """Pages of a unit's public copies; none where one of them is damaged, which is noted."""
        try:
            return public_pages(self.settings.layout.unit(unit), self.settings)
        except (OSError, ValueError) as error:
            self.damaged[unit] = InputError("unit-damaged", unit, why=error)
        return ()

    def _pages(self, unit: str) -> tuple[IndexedPage, ...]:
        """A unit's pages; none where its files are damaged, which is noted."""
        layout = self.settings.layout.unit(unit)
        try:
            return indexed_pages(units.read_record(layout), layout, self.settings)
        except InputError as error:
            self.damaged[unit] = error
        except (OSError, ValueError, KeyError) as error:
            self.damaged[unit] = InputError("unit-damaged", unit, why=error)
        return ()

    def _again(self, unit: str, token: int | None) -> None:
        """A unit's pages as they are now; who worked on it when the index was switched may end first.

        Whoever began after that writes the new index by himself.
        """
        while True:
            try:
                with self.ledger.unit_lock(unit):
                    return self._replace(unit)
            except InputError as error:
                if error.code != "unit-busy":
                    raise
            held = {lease.unit: lease.token for lease in self.ledger.leases()}
            if unit in held and held[unit] != token:
                return None
            sleep(_PAUSE_SECONDS)

    def _replace(self, unit: str) -> None:
        """Put a published unit's pages into the index; take those of any other out."""
        self.damaged.pop(unit, None)
        left = self.ledger.left_turns(unit)
        turns = tuple(self.ledger.begin_turn(unit, role) for role in (STAFF, PUBLIC))
        if self.ledger.unit(unit).state == UnitState.PUBLISHED:
            self.index.replace_unit(unit, self._pages(unit))
            self.index.replace_unit(unit, self._copied(unit), role=PUBLIC)
        else:
            self.index.remove_unit(unit)
            self.index.remove_unit(unit, role=PUBLIC)
        self.index.commit()
        ended = tuple(self.ledger.end_turn(turn) for turn in turns)
        if all(ended):
            self.ledger.mended(left)

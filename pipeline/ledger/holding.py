"""A ledger in use, as far as units are held: one worker at a time writes a unit."""

from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from time import monotonic, sleep
from types import TracebackType
from typing import Self

from sqlalchemy import Connection, Engine

from pipeline.ledger.engine import BUSY_SECONDS, transaction
from pipeline.ledger.leases import (
    Keeper,
    Lease,
    Observer,
    read_leases,
    shut_out,
    take,
    terms_of,
)
from pipeline.units import fenced_by
from schemas.durable import make_folder
from schemas.errors import InputError
from schemas.settings import Settings

_LOOK_SECONDS = 2.0
_LOOKS = 10


class LeasedUnits:
    """Transactions, and the leases under which units are written.

    A server that is being started again is waited for; then ServiceError ledger-unreachable.
    """

    def __init__(self, engine: Engine, settings: Settings) -> None:
        self._engine = engine
        self._layout = settings.layout
        self._terms = terms_of(settings, engine)
        self._observer = Observer(self._terms)
        self._keeper = Keeper(engine, self._terms)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        self._engine.dispose()

    def reading(self) -> AbstractContextManager[Connection]:
        """A transaction that only reads."""
        return transaction(self._engine, write=False, patience=BUSY_SECONDS)

    def writing(self) -> AbstractContextManager[Connection]:
        """A transaction that writes; on SQLite it is alone from its start."""
        return transaction(self._engine, write=True, patience=BUSY_SECONDS)

    @contextmanager
    def unit_lock(self, ident: str) -> Iterator[Lease]:
        """Nobody else writes the unit meanwhile: its lease, renewed as long as the block lasts.

        Raises InputError unit-busy while another's lease is alive, unit-missing. Should another
        take the unit over, every write of ours to it raises lease-lost from then on.
        """
        with self.writing() as connection:
            lease = take(connection, ident, self._terms, self._observer)
        layout = self._layout.unit(ident)
        with self._keeper.keep(lease), fenced_by(layout, lambda: self._fence(lease)):
            make_folder(layout.root)
            yield lease

    @contextmanager
    def _fence(self, lease: Lease) -> Iterator[None]:
        """Nobody takes the unit over meanwhile; raises InputError lease-lost where one did."""
        try:
            with self.writing() as connection:
                self._keeper.check(connection, lease)
                yield
        except InputError as error:
            if error.code == "lease-lost":
                raise InputError("lease-lost", lease.unit) from error
            raise

    def has_lost(self, ident: str) -> bool:
        """Whether another took over the unit that we hold."""
        lease = self._keeper.held(ident)
        with self.reading() as connection:
            there = {other.token for other in read_leases(connection, ident)}
        return lease is not None and lease.token not in there

    def leases(self) -> tuple[Lease, ...]:
        """Who works on which unit, in the order in which they began."""
        with self.reading() as connection:
            return read_leases(connection)

    def is_worked_on(self, ident: str) -> bool:
        """Whether a unit has a lease that is not known to be over."""
        with self.reading() as connection:
            found = read_leases(connection, ident)
        return any(not self._observer.is_gone(lease) for lease in found)

    def need_idle(self) -> None:
        """Raise InputError unit-busy where somebody is at work on a unit."""
        gone = {lease.token for lease in self._gone(2 * self._terms.seconds)}
        busy = tuple(lease for lease in self.leases() if lease.token not in gone)
        if busy:
            raise InputError("unit-busy", busy[0].unit)

    def stay_idle(self, connection: Connection) -> None:
        """Nobody gets a lease until the transaction ends; what `need_idle` saw may be over by then.

        Raises InputError unit-busy where somebody has one whose holder was not seen to be gone.
        """
        shut_out(connection)
        busy = (lease for lease in read_leases(connection) if not self._observer.is_gone(lease))
        for lease in busy:
            raise InputError("unit-busy", lease.unit)

    def _gone(self, patience: float) -> tuple[Lease, ...]:
        """Leases that may be taken over, looked at until each was renewed or is over."""
        end, first = monotonic() + patience, {lease.token: lease.beat for lease in self.leases()}
        while True:
            leases = self.leases()
            gone = tuple(lease for lease in leases if self._observer.is_gone(lease))
            over = {lease.token for lease in gone}
            open_ = any(
                first.get(lease.token, -1) == lease.beat and lease.token not in over
                for lease in leases
            )
            if not open_ or monotonic() >= end:
                return gone
            sleep(min(_LOOK_SECONDS, *(lease.seconds / _LOOKS for lease in leases)))

    def _may_write(self, connection: Connection, idents: Iterable[str]) -> None:
        """Raise InputError lease-lost or unit-busy where another is at work on one of the units."""
        for ident in sorted(set(idents)):
            mine = self._keeper.held(ident)
            if mine is not None:
                self._keeper.check(connection, mine)
            elif any(not self._observer.is_gone(o) for o in read_leases(connection, ident)):
                raise InputError("unit-busy", ident)

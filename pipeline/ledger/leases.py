"""Leases: one worker a unit, known by a number that only grows.

A lease is alive as long as its beat goes on. Whether it does is judged by who looks, with the
looker's own monotonic clock: the clocks of two machines are never compared.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Event, Lock, Thread
from time import monotonic
from uuid import uuid4

from sqlalchemy import Connection, Engine, RowMapping, delete, insert, select, text
from sqlalchemy import update as change
from sqlalchemy.exc import SQLAlchemyError

from pipeline.ledger import tables
from pipeline.ledger.engine import transaction
from pipeline.ledger.workers import boot_of, has_ended, machine_id, process_id
from schemas.errors import InputError, OpisError
from schemas.settings import Settings

_TABLE = tables.leases
_LOOKS = 3
"""So often at least has a lease to be looked at while it expires, or the looker itself slept."""


@dataclass(frozen=True, slots=True)
class Lease:
    """Who works on a unit: `token` grows with every lease, `beat` with every renewal.

    It expires when its beat stood still for `seconds` of an observer's clock.
    """

    unit: str
    token: int
    holder: str
    machine: str
    process: str
    beat: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Terms:
    """How this program holds leases; `one_machine` where only this machine can use the ledger."""

    holder: str
    machine: str
    process: str
    seconds: float
    renewal: float
    one_machine: bool


def terms_of(settings: Settings, engine: Engine) -> Terms:
    """The terms of a ledger that is opened now."""
    machine, process = machine_id(settings.machine), process_id()
    return Terms(
        holder=f"{machine}/{process}/{uuid4().hex}",
        machine=machine,
        process=process,
        seconds=settings.lease_seconds,
        renewal=min(settings.lease_renewal_seconds, settings.lease_seconds / _LOOKS),
        one_machine=engine.dialect.name == "sqlite",
    )


def _lease(row: RowMapping) -> Lease:
    return Lease(**{name: row[name] for name in Lease.__slots__})


def read_leases(connection: Connection, unit: str = "") -> tuple[Lease, ...]:
    """All leases in the order in which they were taken, or that of one unit."""
    query = select(_TABLE).order_by(_TABLE.c.token)
    if unit:
        query = query.where(_TABLE.c.unit == unit)
    return tuple(_lease(row) for row in connection.execute(query).mappings())


def shut_out(connection: Connection) -> None:
    """Nobody gets a lease until the transaction ends: who wants one asks for its unit first.

    On SQLite a writing transaction is alone already.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(text(f"LOCK TABLE {tables.units.name} IN EXCLUSIVE MODE"))


@dataclass(frozen=True, slots=True)
class _Sighting:
    """A beat as this program saw it: at first and at last, on its own monotonic clock."""

    beat: tuple[int, int]
    first: float
    last: float


class Observer:
    """Judges by looking again whether the workers of others are gone."""

    def __init__(self, terms: Terms, clock: Callable[[], float] = monotonic) -> None:
        self._terms = terms
        self._clock = clock
        self._seen: dict[str, _Sighting] = {}
        self._guard = Lock()

    def is_gone(self, lease: Lease) -> bool:
        """Whether a lease may be taken over: its process is dead, or its beat stood still."""
        return self._is_dead(lease) or self._stood_still(lease)

    def _is_dead(self, lease: Lease) -> bool:
        """Known at once of processes of this machine, and of those before it was started."""
        if lease.machine == self._terms.machine:
            return has_ended(lease.process)
        return self._terms.one_machine and boot_of(lease.machine) != boot_of(self._terms.machine)

    def _stood_still(self, lease: Lease) -> bool:
        beat, now = (lease.token, lease.beat), self._clock()
        with self._guard:
            seen = self._seen.get(lease.unit)
            slept = seen is not None and now - seen.last > lease.seconds / _LOOKS
            first = now if seen is None or slept or seen.beat != beat else seen.first
            self._seen[lease.unit] = _Sighting(beat, first, now)
        return now - first >= lease.seconds


def take(connection: Connection, unit: str, terms: Terms, observer: Observer) -> Lease:
    """The unit's lease, newly numbered, in a writing transaction.

    Raises InputError unit-busy while another's is alive, unit-missing.
    """
    owner = select(tables.units.c.id).where(tables.units.c.id == unit)
    if connection.execute(owner.with_for_update(key_share=True)).one_or_none() is None:
        raise InputError("unit-missing", unit)
    for lease in read_leases(connection, unit):
        mine = (_TABLE.c.unit == unit) & (_TABLE.c.token == lease.token)
        locked = select(_TABLE.c.token).where(mine).with_for_update(skip_locked=True)
        if not observer.is_gone(lease) or connection.execute(locked).one_or_none() is None:
            raise InputError("unit-busy", unit)
        connection.execute(delete(_TABLE).where(mine))
    values = {
        "unit": unit,
        "holder": terms.holder,
        "machine": terms.machine,
        "process": terms.process,
        "beat": 0,
        "seconds": terms.seconds,
    }
    key = connection.execute(insert(_TABLE).values(values)).inserted_primary_key
    return Lease(token=int(key[0]) if key else 0, **values)  # type: ignore[arg-type]  # values are the fields' own


class Keeper:
    """The leases that one ledger in use holds, renewed by a thread as long as there are any."""

    def __init__(self, engine: Engine, terms: Terms) -> None:
        self._engine = engine
        self._terms = terms
        self._held: dict[str, Lease] = {}
        self._guard = Lock()
        self._end = Event()
        self._thread: Thread | None = None

    def held(self, unit: str) -> Lease | None:
        """Our lease of a unit, lost ones too as long as we are at work on it."""
        with self._guard:
            return self._held.get(unit)

    def check(self, connection: Connection, lease: Lease) -> None:
        """Raise InputError lease-lost unless the lease is ours; it stays so in this transaction."""
        mine = (_TABLE.c.token == lease.token) & (_TABLE.c.holder == lease.holder)
        row = select(_TABLE.c.token).where(mine, _TABLE.c.unit == lease.unit)
        if connection.execute(row.with_for_update(read=True)).one_or_none() is None:
            raise InputError("lease-lost", lease.unit)

    @contextmanager
    def keep(self, lease: Lease) -> Iterator[None]:
        """Renew a lease just taken; give it back at the end."""
        with self._guard:
            self._held[lease.unit] = lease
            if self._thread is None:
                self._end = Event()
                self._thread = Thread(target=self._renew_all, args=(self._end,), daemon=True)
                self._thread.start()
        try:
            yield
        finally:
            self._give_back(lease)

    def _give_back(self, lease: Lease) -> None:
        with self._guard:
            self._held.pop(lease.unit, None)
            if not self._held:
                self._end.set()
                self._thread = None
        gone = delete(_TABLE).where(_TABLE.c.token == lease.token, _TABLE.c.holder == lease.holder)
        try:
            with transaction(self._engine, write=True) as connection:
                connection.execute(gone)
        except OpisError:
            return

    def _renew_all(self, end: Event) -> None:
        while not end.wait(self._terms.renewal):
            try:
                self._renew()
            except (OpisError, SQLAlchemyError):  # the next renewal may go better
                continue

    def _renew(self) -> None:
        """One more beat of each of our leases that nobody took over."""
        with self._guard:
            held = {lease.token for lease in self._held.values()}
        mine = (_TABLE.c.holder == self._terms.holder) & _TABLE.c.token.in_(held)
        with transaction(self._engine, write=True) as connection:
            connection.execute(change(_TABLE).where(mine).values(beat=_TABLE.c.beat + 1))

"""The feed of public documents that came, changed and went, in the order of the database.

Each document has one row, its newest change; a later one takes a higher `seq`, so that whoever
reads on from a cursor meets every document's last state. Writers wait for each other: a `seq` is
seen only when all lower ones are.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, Row, delete, func, insert, or_, select
from sqlalchemy import update as change

from pipeline.ledger import Ledger
from pipeline.ledger.engine import one_writer
from pipeline.portal.tables import change_feed, changes
from pipeline.units import now
from schemas.errors import InputError, UsageError
from schemas.portal import Change, ChangeKind, ChangePage, PublicVersion, Stamped

MOST_CHANGES = 1_000
_CHUNK = 500
_PUBLIC = changes.c.kind != ChangeKind.WITHDRAWN.value
Look = Callable[[], Mapping[str, PublicVersion]]


@dataclass(frozen=True, slots=True)
class _Known:
    """What the feed says of a document."""

    unit: str
    kind: ChangeKind
    version: str


class Feed:
    """The feed of an archive; calls raise what the ledger raises."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    def page(self, cursor: str = "", limit: int = 100) -> ChangePage:
        """The changes after a cursor, from the first without one.

        Raises UsageError cursor-invalid and limit-invalid, InputError cursor-gone for one of
        another feed (the ledger was made anew).
        """
        if not 1 <= limit <= MOST_CHANGES:
            raise UsageError("limit-invalid", str(limit))
        with self._ledger.reading() as connection:
            feed = str(connection.scalar(select(change_feed.c.id)))
            last = connection.scalar(select(func.max(changes.c.seq))) or 0
            after = _place(cursor, feed, last)
            query = select(changes).where(changes.c.seq > after).order_by(changes.c.seq)
            rows = connection.execute(query.limit(limit + 1)).all()
        told = tuple(_change(row) for row in rows[:limit])
        place = told[-1].seq if told else after
        return ChangePage(told, f"{feed}.{place}", len(rows) > limit)

    def published(self, documents: Iterable[str]) -> dict[str, str]:
        """When each of these documents that is public was noted so (ISO 8601)."""
        wanted, found = sorted(set(documents)), dict[str, str]()
        with self._ledger.reading() as connection:
            for start in range(0, len(wanted), _CHUNK):
                some = changes.c.document.in_(wanted[start : start + _CHUNK])
                query = select(changes.c.document, changes.c.noted).where(some, _PUBLIC)
                found |= {row.document: row.noted for row in connection.execute(query)}
        return found

    def newest(self, limit: int) -> dict[str, str]:
        """The documents published last, the last first, with when they were noted."""
        query = select(changes.c.document, changes.c.noted).where(_PUBLIC)
        query = query.order_by(changes.c.seq.desc()).limit(limit)
        with self._ledger.reading() as connection:
            return {row.document: row.noted for row in connection.execute(query)}

    def stamped(
        self,
        cursor: str,
        limit: int,
        *,
        since: str = "",
        until: str = "",
        withdrawn_alone: bool = False,
    ) -> tuple[Stamped, ...]:
        """The changes after a cursor that were noted between two times, both included.

        Times are ISO 8601 in UTC to the second, as they are noted; empty: no bound. Raises
        UsageError cursor-invalid, InputError cursor-gone.
        """
        with self._ledger.reading() as connection:
            feed = str(connection.scalar(select(change_feed.c.id)))
            last = connection.scalar(select(func.max(changes.c.seq))) or 0
            query = select(changes).where(changes.c.seq > _place(cursor, feed, last))
            query = query.where(changes.c.noted >= since) if since else query
            query = query.where(changes.c.noted <= until) if until else query
            query = query.where(~_PUBLIC) if withdrawn_alone else query
            rows = connection.execute(query.order_by(changes.c.seq).limit(limit)).all()
        return tuple(_stamped(row, feed) for row in rows)

    def stamp_of(self, document: str) -> Stamped | None:
        """The newest change of a document; None for one that never was public."""
        query = select(changes).where(changes.c.document == document)
        with self._ledger.reading() as connection:
            row = connection.execute(query).first()
            return _stamped(row, str(connection.scalar(select(change_feed.c.id)))) if row else None

    def earliest(self) -> str:
        """The time of the oldest change (ISO 8601, UTC); empty where there is none."""
        with self._ledger.reading() as connection:
            return connection.scalar(select(func.min(changes.c.noted))) or ""

    def note(self, unit: str, look: Look) -> int:
        """Bring the feed in step with the documents of a unit that are public; returns changes.

        `look` is called once no other writes the feed, so that the last to write is the last to
        have looked.
        """
        with self._ledger.writing() as connection:
            one_writer(connection, "changes")
            public = look()
            known = _known(connection, unit, public)
            told = _differences(unit, public, known)
            _store(connection, unit, told)
            _move(connection, unit, {d for d in public if d in known} - set(told), known)
        return len(told)

    def differences(self, unit: str, public: Mapping[str, PublicVersion]) -> tuple[str, ...]:
        """The documents of a unit of which the feed says otherwise than these copies."""
        with self._ledger.reading() as connection:
            known = _known(connection, unit, public)
        return tuple(sorted(_differences(unit, public, known)))

    def units(self) -> tuple[str, ...]:
        """The units of which the feed calls a document public."""
        query = select(changes.c.unit).where(_PUBLIC).distinct().order_by(changes.c.unit)
        with self._ledger.reading() as connection:
            return tuple(connection.scalars(query))


def _place(cursor: str, feed: str, last: int) -> int:
    if not cursor:
        return 0
    name, dot, number = cursor.partition(".")
    if not (dot and name.isalnum() and name.isascii() and number.isascii() and number.isdigit()):
        raise UsageError("cursor-invalid")
    place = int(number[:18])
    if name != feed or place > last:
        raise InputError("cursor-gone")
    return place


def _change(row: Row[tuple[object, ...]]) -> Change:
    kind = ChangeKind(row.kind)
    if kind is ChangeKind.WITHDRAWN:
        return Change(row.seq, row.document, kind)
    return Change(row.seq, row.document, kind, row.sha256, row.noted)


def _stamped(row: Row[tuple[object, ...]], feed: str) -> Stamped:
    withdrawn = row.kind == ChangeKind.WITHDRAWN.value
    return Stamped(row.document, row.unit, withdrawn, row.noted, f"{feed}.{row.seq}")


def _known(
    connection: Connection, unit: str, public: Mapping[str, PublicVersion]
) -> dict[str, _Known]:
    """What the feed says of the unit's documents, and of these wherever they were."""
    told: dict[str, _Known] = {}
    wanted = sorted(public)
    for start in range(0, max(len(wanted), 1), _CHUNK):
        mine = or_(changes.c.unit == unit, changes.c.document.in_(wanted[start : start + _CHUNK]))
        for row in connection.execute(select(changes).where(mine)):
            told[row.document] = _Known(row.unit, ChangeKind(row.kind), row.version)
    return told


def _differences(
    unit: str, public: Mapping[str, PublicVersion], known: Mapping[str, _Known]
) -> dict[str, tuple[ChangeKind, PublicVersion]]:
    """What the feed has to say anew, by document."""
    told: dict[str, tuple[ChangeKind, PublicVersion]] = {}
    for document, version in public.items():
        before = known.get(document)
        if before is None or before.kind is ChangeKind.WITHDRAWN:
            told[document] = (ChangeKind.NEW, version)
        elif before.version != version.version:
            told[document] = (ChangeKind.CHANGED, version)
    for document, before in known.items():
        gone = before.unit == unit and document not in public
        if gone and before.kind is not ChangeKind.WITHDRAWN:
            told[document] = (ChangeKind.WITHDRAWN, PublicVersion("", ""))
    return told


def _store(
    connection: Connection, unit: str, told: Mapping[str, tuple[ChangeKind, PublicVersion]]
) -> None:
    """New rows in the place of old ones, each with a higher `seq`."""
    when = now()
    for document in sorted(told):
        kind, version = told[document]
        connection.execute(delete(changes).where(changes.c.document == document))
        values = {"document": document, "unit": unit, "kind": kind.value, "noted": when}
        row = {**values, "sha256": version.sha256, "version": version.version}
        connection.execute(insert(changes).values(row))


def _move(connection: Connection, unit: str, same: set[str], known: Mapping[str, _Known]) -> None:
    """Documents that came from another unit as they were: no change to anybody outside."""
    for document in sorted(d for d in same if known[d].unit != unit):
        query = change(changes).where(changes.c.document == document).values(unit=unit)
        connection.execute(query)

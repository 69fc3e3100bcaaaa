"""An append-only chain of entries: each holds the digest of the one before, numbered without gaps.

No entry holds a name, a word of a document or of a query: actors are pseudonyms, subjects ids.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import astuple, dataclass
from hashlib import sha256

from sqlalchemy import Connection, RowMapping, delete, func, insert, select

from pipeline.accounts.tables import audit
from pipeline.ledger.engine import one_writer
from pipeline.units import now

GENESIS = "0" * 64
"""What stands before the first entry."""
INVALID = "invalid"
_ID = r"[A-Za-z0-9][A-Za-z0-9._:/-]{0,119}"
_SUBJECT = re.compile(rf"{_ID}(?:,{_ID}){{0,99}}")
"""An id; of what was shown together, up to a hundred of them."""
_ACTION = re.compile(r"[a-z][a-z.-]{1,39}")
_PURPOSE = re.compile(r"[a-z]{2,20}( [0-9]{1,9}/[0-9]{4})?")
_BATCH = 1000


@dataclass(frozen=True, slots=True)
class Entry:
    """Entry `seq` (from 1) of the chain; `previous` is the digest of the one before."""

    seq: int
    time: str
    actor: str
    role: str
    action: str
    subject: str
    purpose: str
    previous: str

    @property
    def digest(self) -> str:
        """SHA-256 of all of it, as a JSON array."""
        text = json.dumps(astuple(self), ensure_ascii=False, separators=(",", ":"))
        return sha256(text.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Stored:
    """An entry as it stands in the database, with the digest that was written beside it."""

    entry: Entry
    digest: str


def _stored(row: RowMapping) -> Stored:
    columns = {name: row[name] for name in Entry.__slots__}
    return Stored(Entry(**columns), row["digest"])


def head(connection: Connection) -> Stored | None:
    """The newest entry."""
    query = select(audit).order_by(audit.c.seq.desc()).limit(1)
    row = connection.execute(query).mappings().first()
    return None if row is None else _stored(row)


def _clean(pattern: re.Pattern[str], text: str) -> str:
    return text if not text or pattern.fullmatch(text) else INVALID


def append(
    connection: Connection, actor: str, role: str, action: str, subject: str, purpose: str = ""
) -> Stored:
    """One more entry, at the end; writers wait for each other, whatever process they are.

    `subject` is an id, or several with commas between. A subject, an action or a purpose of another shape than theirs is stored as `invalid`, so that
    no free text gets in.
    """
    one_writer(connection, "audit")
    last = head(connection)
    seq, previous = (last.entry.seq + 1, last.digest) if last else (1, GENESIS)
    told = (_clean(_ACTION, action), _clean(_SUBJECT, subject), _clean(_PURPOSE, purpose))
    entry = Entry(seq, now(), actor, role, *told, previous)
    values = {name: getattr(entry, name) for name in Entry.__slots__}
    connection.execute(insert(audit).values(**values, digest=entry.digest))
    return Stored(entry, entry.digest)


def entries(connection: Connection, after: int = 0) -> Iterator[Stored]:
    """Every entry after a number, in order; a thousand at a time in memory."""
    while True:
        query = select(audit).where(audit.c.seq > after).order_by(audit.c.seq).limit(_BATCH)
        rows = connection.execute(query).mappings().all()
        yield from map(_stored, rows)
        if len(rows) < _BATCH:
            return
        after = rows[-1]["seq"]


def newest(
    connection: Connection, limit: int, *, actor: str = "", action: str = "", subject: str = ""
) -> tuple[Stored, ...]:
    """The newest entries that match, newest first; `subject` is how one of an entry's ids begins."""
    query = select(audit).order_by(audit.c.seq.desc()).limit(limit)
    for column, value in ((audit.c.actor, actor), (audit.c.action, action)):
        query = query.where(column == value) if value else query
    if subject:
        one = audit.c.subject.startswith(subject, autoescape=True)
        query = query.where(one | audit.c.subject.contains(f",{subject}", autoescape=True))
    return tuple(map(_stored, connection.execute(query).mappings()))


def length(connection: Connection) -> int:
    """How many entries the database holds."""
    return int(connection.scalar(select(func.count()).select_from(audit)) or 0)


def last_before(connection: Connection, time: str, limit: int) -> Stored | None:
    """The newest of the entries older than a time (ISO 8601) whose number is not over the limit."""
    query = select(audit).where(audit.c.time < time, audit.c.seq <= limit)
    row = connection.execute(query.order_by(audit.c.seq.desc()).limit(1)).mappings().first()
    return None if row is None else _stored(row)


def drop_until(connection: Connection, seq: int) -> int:
    """Remove the entries up to a number; only what retention tells to may call this."""
    return int(connection.execute(delete(audit).where(audit.c.seq <= seq)).rowcount)

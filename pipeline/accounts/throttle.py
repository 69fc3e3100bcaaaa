"""Wrong passwords make the next attempt wait: never for good, and the same for unknown names.

Three counts, each by a hash: a name from one address (5 tries, then 2 s, 4 s … 15 min), an address
(30 tries, then the same), and a name from everywhere (50 tries, then 30 s at most, so that nobody
can keep its owner out). A count that was left alone for an hour begins anew.
"""

from dataclasses import dataclass
from hashlib import sha256

from sqlalchemy import Connection, delete, insert, select, update

from pipeline.accounts.tables import attempts
from schemas.errors import AccessError

_FORGOTTEN_SECONDS = 3600
_MOST_DOUBLINGS = 12


@dataclass(frozen=True, slots=True)
class _Rule:
    free: int
    longest: int

    def wait(self, failures: int) -> int:
        """Seconds until the next attempt."""
        over = failures - self.free
        return 0 if over < 0 else min(2 ** min(over + 1, _MOST_DOUBLINGS), self.longest)


_PAIR, _ADDRESS, _NAME = _Rule(5, 900), _Rule(30, 900), _Rule(50, 30)


def _keys(name: str, address: str) -> tuple[tuple[str, _Rule], ...]:
    told = ((f"pair {name} {address}", _PAIR), (f"address {address}", _ADDRESS))
    named = (*told, (f"name {name}", _NAME))
    return tuple((sha256(text.encode()).hexdigest(), rule) for text, rule in named)


def reserve(connection: Connection, name: str, address: str, now: int) -> None:
    """Count an attempt as a wrong one before it is looked at, so that many at once are counted.

    Raises AccessError too-many-attempts with the seconds to wait, and then counts nothing.
    """
    keys = _keys(name, address)
    hashes = tuple(key for key, _ in keys)
    rows = connection.execute(select(attempts).where(attempts.c.key.in_(hashes))).all()
    last = max((row.until for row in rows), default=0)
    if last > now:
        raise AccessError("too-many-attempts", n=last - now)
    connection.execute(delete(attempts).where(attempts.c.until < now - _FORGOTTEN_SECONDS))
    failed = {row.key: row.failures for row in rows if row.until >= now - _FORGOTTEN_SECONDS}
    connection.execute(delete(attempts).where(attempts.c.key.in_(hashes)))
    for key, rule in keys:
        count = failed.get(key, 0) + 1
        values = {"key": key, "failures": count, "until": now + rule.wait(count)}
        connection.execute(insert(attempts).values(values))


def forgive(connection: Connection, name: str, address: str) -> None:
    """It was the right password: that name begins anew at that address, and one less elsewhere."""
    (pair, _), *others = _keys(name, address)
    connection.execute(delete(attempts).where(attempts.c.key == pair))
    for key, _ in others:
        fewer = update(attempts).where(attempts.c.key == key, attempts.c.failures > 0)
        connection.execute(fewer.values(failures=attempts.c.failures - 1))

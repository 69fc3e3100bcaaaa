"""Wrong passwords make the next attempt wait: never for good, and the same for unknown names.

Each count by a hash. At a device from which the name's owner signed in before, that device alone counts
(5 tries, then 2 s, 4 s … 15 min), so that nobody else can make him wait there. Elsewhere three counts: a
name from one address (the same), an address (30 tries, then the same), and a name from everywhere (50
tries, then 30 s at most), which does not hold for addresses from which the owner signed in during the last
thirty days. A count that was left alone for an hour begins anew.
"""

from dataclasses import dataclass
from hashlib import sha256

from sqlalchemy import Connection, delete, insert, select, update

from pipeline.accounts.tables import attempts
from schemas.errors import AccessError

_FORGOTTEN_SECONDS = 3600
_KNOWN_SECONDS = 30 * 86_400
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
_Counted = tuple[tuple[str, _Rule], ...]


@dataclass(frozen=True, slots=True)
class Attempt:
    """Somebody's try to sign in; `device` is of those from which the name's owner signed in before."""

    name: str
    address: str
    device: str = ""

    def counted(self) -> _Counted:
        """What a wrong password counts for."""
        if self.device:
            return ((_hash(f"device {self.name} {self.device}"), _PAIR),)
        pair, address = f"pair {self.name} {self.address}", f"address {self.address}"
        return ((_hash(pair), _PAIR), (_hash(address), _ADDRESS), (self.everywhere, _NAME))

    @property
    def everywhere(self) -> str:
        """The count of the name, wherever it is tried."""
        return _hash(f"name {self.name}")

    @property
    def known(self) -> str:
        """What is kept of an address from which the name's owner signed in."""
        return _hash(f"known {self.name} {self.address}")


def _hash(text: str) -> str:
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def reserve(connection: Connection, attempt: Attempt, now: int) -> None:
    """Count an attempt as a wrong one before it is looked at, so that many at once are counted.

    Raises AccessError too-many-attempts with the seconds to wait, and then counts nothing.
    """
    counted = _counted(connection, attempt, now)
    hashes = tuple(key for key, _ in counted)
    rows = connection.execute(select(attempts).where(attempts.c.key.in_(hashes))).all()
    last = max((row.until for row in rows), default=0)
    if last > now:
        raise AccessError("too-many-attempts", n=last - now)
    connection.execute(delete(attempts).where(attempts.c.until < now - _FORGOTTEN_SECONDS))
    failed = {row.key: row.failures for row in rows if row.until >= now - _FORGOTTEN_SECONDS}
    connection.execute(delete(attempts).where(attempts.c.key.in_(hashes)))
    for key, rule in counted:
        count = failed.get(key, 0) + 1
        values = {"key": key, "failures": count, "until": now + rule.wait(count)}
        connection.execute(insert(attempts).values(values))


def _counted(connection: Connection, attempt: Attempt, now: int) -> _Counted:
    known = select(attempts.c.until).where(attempts.c.key == attempt.known)
    if (connection.scalar(known) or 0) <= now:
        return attempt.counted()
    return tuple(one for one in attempt.counted() if one[0] != attempt.everywhere)


def forgive(connection: Connection, attempt: Attempt, now: int) -> None:
    """It was the right password: that name begins anew there, one less counts elsewhere.

    The address is one of the owner's from now on.
    """
    (own, _), *others = attempt.counted()
    known = _counted(connection, attempt, now)
    connection.execute(delete(attempts).where(attempts.c.key.in_((own, attempt.known))))
    for key in {key for key, _ in others} & {key for key, _ in known}:
        fewer = update(attempts).where(attempts.c.key == key, attempts.c.failures > 0)
        connection.execute(fewer.values(failures=attempts.c.failures - 1))
    values = {"key": attempt.known, "failures": 0, "until": now + _KNOWN_SECONDS}
    connection.execute(insert(attempts).values(values))

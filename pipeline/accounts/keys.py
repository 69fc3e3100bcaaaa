"""Keys of machines: shown once, kept hashed, bounded to a role and to what they may do.

A key is `opis_ID_SECRET`: the id finds it, 256 random bits prove it.
"""

import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime

import msgspec
from sqlalchemy import Connection, RowMapping, insert, select, update

from pipeline.accounts.people import Bounds, bounds_of
from pipeline.accounts.sessions import digest
from pipeline.accounts.tables import api_keys
from pipeline.units import ALPHABET, now
from schemas.access import Caller, Role
from schemas.errors import InputError, UsageError

PREFIX = "opis_"
_OF_MACHINES = frozenset({Role.PORTAL, Role.STATION})
_DAY = 86_400


@dataclass(frozen=True, slots=True)
class Key:
    """A key without its secret; `ends` in seconds since 1970 (0: without end)."""

    id: str
    name: str
    role: Role
    bounds: Bounds
    scopes: tuple[str, ...]
    created: str
    ends: int
    revoked: str
    used: str

    @property
    def caller(self) -> Caller:
        b = self.bounds
        bounds = (b.institutions, b.departments, b.stations)
        return Caller(self.role, f"key:{self.id}", *bounds, "", self.scopes)


def _key(row: RowMapping) -> Key:
    scopes = msgspec.json.decode(row["scopes"], type=tuple[str, ...])
    told = {name: row[name] for name in ("id", "name", "created", "ends", "revoked", "used")}
    return Key(role=Role(row["role"]), bounds=bounds_of(row), scopes=scopes, **told)


def all_keys(connection: Connection) -> tuple[Key, ...]:
    """Every key, revoked ones too, in the order in which they were made."""
    rows = connection.execute(select(api_keys).order_by(api_keys.c.seq)).mappings()
    return tuple(map(_key, rows))


def key_named(connection: Connection, ident: str) -> Key:
    """Raises InputError key-missing."""
    row = connection.execute(select(api_keys).where(api_keys.c.id == ident)).mappings().first()
    if row is None:
        raise InputError("key-missing", ident)
    return _key(row)


def add_key(
    connection: Connection,
    name: str,
    role: Role,
    bounds: Bounds,
    scopes: tuple[str, ...] = (),
    ends: int = 0,
) -> tuple[Key, str]:
    """A new key and the whole of it, to be shown once; raises UsageError for roles of people."""
    if role not in _OF_MACHINES:
        raise UsageError("role-not-of-machines", role.value)
    if role is Role.STATION and len(bounds.stations) != 1:
        raise UsageError("operator-unbounded")
    ident = "".join(secrets.choice(ALPHABET) for _ in range(8))
    secret = secrets.token_urlsafe(32)
    values = {
        "id": ident,
        "name": name.strip(),
        "digest": digest(secret),
        "role": role.value,
        "scopes": msgspec.json.encode(scopes).decode(),
        "created": now(),
        "ends": ends,
        "revoked": "",
        "used": "",
    }
    connection.execute(insert(api_keys).values(**values, **bounds.columns()))
    return key_named(connection, ident), f"{PREFIX}{ident}_{secret}"


def _created(key: Key) -> int:
    return round(datetime.fromisoformat(key.created).timestamp())


def rotate_key(
    connection: Connection, ident: str, overlap_days: float, at: int
) -> tuple[Key, Key, str]:
    """The old key, which ends after the overlap, the new one, and the whole of that, once.

    Raises InputError key-missing, key-over.
    """
    old = key_named(connection, ident)
    if old.revoked or 0 < old.ends <= at:
        raise InputError("key-over", ident)
    length = old.ends - _created(old) if old.ends else 0
    new, whole = add_key(
        connection, old.name, old.role, old.bounds, old.scopes, at + length if length > 0 else 0
    )
    last = at + round(overlap_days * _DAY)
    ends = min(old.ends, last) if old.ends else last
    connection.execute(update(api_keys).where(api_keys.c.id == ident).values(ends=ends))
    return key_named(connection, ident), new, whole


def revoke_key(connection: Connection, ident: str) -> Key:
    """The key is worth nothing from now on; raises InputError key-missing."""
    key = key_named(connection, ident)
    if not key.revoked:
        mine = update(api_keys).where(api_keys.c.id == ident)
        connection.execute(mine.values(revoked=now()))
    return key_named(connection, ident)


def find_key(connection: Connection, whole: str, at: int) -> tuple[Caller, bool] | None:
    """Who shows the key, and whether today's use is still to be written down; None: worth nothing."""
    ident, _, secret = whole.removeprefix(PREFIX).partition("_")
    query = select(api_keys).where(api_keys.c.id == ident)
    row = connection.execute(query).mappings().first()
    if row is None or not hmac.compare_digest(row["digest"], digest(secret)):
        return None
    key = _key(row)
    if key.revoked or 0 < key.ends <= at:
        return None
    return key.caller, key.used != now()[:10]


def used(connection: Connection, caller: Caller) -> None:
    """The key was used today."""
    mine = api_keys.c.id == caller.name.removeprefix("key:")
    connection.execute(update(api_keys).where(mine).values(used=now()[:10]))

"""Local accounts: who there is, with which role, bounded to what."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

import msgspec
from sqlalchemy import Connection, RowMapping, delete, func, insert, select, update

from pipeline.accounts.passwords import hashed, need_good
from pipeline.accounts.tables import accounts, sessions
from pipeline.ledger.engine import one_writer
from pipeline.units import now
from schemas.access import Caller, Role
from schemas.errors import InputError, UsageError

_NAME = re.compile(r"[a-z0-9][a-z0-9._@-]{0,62}[a-z0-9]")
_NOT_OF_PEOPLE = frozenset({Role.ANONYMOUS, Role.PORTAL, Role.STATION})


@dataclass(frozen=True, slots=True)
class Bounds:
    """What a role is bounded to; empty is not bounded (a clerk without them reaches nothing)."""

    institutions: tuple[str, ...] = ()
    departments: tuple[str, ...] = ()
    stations: tuple[str, ...] = ()

    def columns(self) -> dict[str, str]:
        names = ("institutions", "departments", "stations")
        return {name: msgspec.json.encode(getattr(self, name)).decode() for name in names}


@dataclass(frozen=True, slots=True)
class Account:
    """A person's account; `seq` is what the audit chain knows him by."""

    seq: int
    name: str
    role: Role
    bounds: Bounds
    active: bool
    created: str
    changed: str

    @property
    def caller(self) -> Caller:
        b = self.bounds
        return Caller(self.role, self.name, b.institutions, b.departments, b.stations)


def bounds_of(row: RowMapping) -> Bounds:
    """The bounds that a row holds."""
    lists = (row["institutions"], row["departments"], row["stations"])
    return Bounds(*(msgspec.json.decode(text, type=tuple[str, ...]) for text in lists))


def account_of(row: RowMapping) -> Account:
    """The account that a row holds."""
    active, role = bool(row["active"]), Role(row["role"])
    times = row["created"], row["changed"]
    return Account(row["seq"], row["name"], role, bounds_of(row), active, *times)


def plain_name(name: str) -> str:
    """A name as it is stored: letter case and spaces around it do not matter."""
    return name.strip().casefold()


def need_role(role: Role, bounds: Bounds) -> None:
    """Raise UsageError role-not-of-people, clerk-unbounded, operator-unbounded."""
    if role in _NOT_OF_PEOPLE:
        raise UsageError("role-not-of-people", role.value)
    if role is Role.CLERK and not (len(bounds.institutions) == 1 and bounds.departments):
        raise UsageError("clerk-unbounded")
    if role is Role.OPERATOR and not bounds.stations:
        raise UsageError("operator-unbounded")


def all_accounts(connection: Connection) -> tuple[Account, ...]:
    """Every account, in the order in which they were made."""
    rows = connection.execute(select(accounts).order_by(accounts.c.seq)).mappings()
    return tuple(map(account_of, rows))


def account_named(connection: Connection, name: str) -> Account:
    """Raises InputError account-missing."""
    query = select(accounts).where(accounts.c.name == plain_name(name))
    row = connection.execute(query).mappings().first()
    if row is None:
        raise InputError("account-missing", name)
    return account_of(row)


def add_account(
    connection: Connection, name: str, role: Role, bounds: Bounds, password: str
) -> Account:
    """A new account; raises InputError account-exists, account-name, password-weak; UsageError."""
    plain = plain_name(name)
    if not _NAME.fullmatch(plain):
        raise InputError("account-name", name)
    need_role(role, bounds)
    need_good(password, plain)
    one_writer(connection, "accounts")
    taken = select(func.count()).select_from(accounts).where(accounts.c.name == plain)
    if connection.scalar(taken):
        raise InputError("account-exists", plain)
    values = {"name": plain, "password": hashed(password), "role": role.value, "active": 1}
    times = {"created": now(), "changed": now()}
    connection.execute(insert(accounts).values(**values, **bounds.columns(), **times))
    return account_named(connection, plain)


def has_admin(connection: Connection) -> bool:
    """Whether there is an administrator who can sign in."""
    admin = (accounts.c.role == Role.ADMIN.value) & (accounts.c.active == 1)
    return bool(connection.scalar(select(func.count()).select_from(accounts).where(admin)))


def _need_another_admin(connection: Connection, account: Account) -> None:
    others = select(func.count()).select_from(accounts)
    others = others.where(accounts.c.role == Role.ADMIN.value, accounts.c.active == 1)
    matters = account.role is Role.ADMIN and account.active
    if matters and not connection.scalar(others.where(accounts.c.seq != account.seq)):
        raise InputError("admin-last", account.name)


def change_account(
    connection: Connection,
    name: str,
    *,
    role: Role | None = None,
    bounds: Bounds | None = None,
    active: bool | None = None,
    password: str = "",
) -> Account:
    """What is given is changed; whoever is signed in under the name has to sign in again.

    Raises InputError account-missing, admin-last, password-weak; UsageError.
    """
    one_writer(connection, "accounts")
    before = account_named(connection, name)
    after = replace(
        before,
        role=role or before.role,
        bounds=bounds or before.bounds,
        active=before.active if active is None else active,
    )
    need_role(after.role, after.bounds)
    if not (after.role is Role.ADMIN and after.active):
        _need_another_admin(connection, before)
    values: dict[str, object] = {"role": after.role.value, "active": int(after.active)}
    if password:
        need_good(password, before.name)
        values["password"] = hashed(password)
    values |= {**after.bounds.columns(), "changed": now()}
    connection.execute(update(accounts).where(accounts.c.seq == before.seq).values(values))
    connection.execute(delete(sessions).where(sessions.c.account == before.seq))
    return account_named(connection, name)


def remove_account(connection: Connection, name: str) -> Account:
    """The account and its sessions are gone; raises InputError account-missing, admin-last."""
    one_writer(connection, "accounts")
    account = account_named(connection, name)
    _need_another_admin(connection, account)
    connection.execute(delete(sessions).where(sessions.c.account == account.seq))
    connection.execute(delete(accounts).where(accounts.c.seq == account.seq))
    return account


def names_of(numbers: Sequence[int], connection: Connection) -> dict[int, str]:
    """The names behind numbers of accounts that are still there."""
    query = select(accounts.c.seq, accounts.c.name).where(accounts.c.seq.in_(numbers))
    return {row.seq: row.name for row in connection.execute(query)}

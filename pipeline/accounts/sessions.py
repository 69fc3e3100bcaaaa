"""Who is signed in: random tokens, of which the database holds only the hash."""

import secrets
from dataclasses import dataclass, replace
from hashlib import sha256

import msgspec
from sqlalchemy import Connection, RowMapping, delete, insert, select, update

from pipeline.accounts.people import Account, account_of
from pipeline.accounts.tables import accounts, sessions, sign_ins
from schemas.access import Begun, Caller
from schemas.settings import Settings

_SEEN_SECONDS = 30
"""How finely the database knows when somebody was last seen."""
_SIGN_IN_SECONDS = 600


@dataclass(frozen=True, slots=True)
class Terms:
    """How long sessions last, in seconds."""

    longest: int
    idle: int
    purpose: int


def terms_of(settings: Settings) -> Terms:
    """The settings, in seconds."""
    return Terms(
        round(settings.session_hours * 3600),
        round(settings.session_idle_minutes * 60),
        round(settings.purpose_minutes * 60),
    )


def digest(secret: str) -> str:
    """What is stored of a random secret: SHA-256, in hexadecimal digits."""
    return sha256(secret.encode()).hexdigest()


def _open(
    connection: Connection, values: dict[str, object], terms: Terms, now: int, token: str
) -> str:
    token = token or secrets.token_urlsafe(32)
    row = {"digest": digest(token), "started": now, "seen": now, "ends": now + terms.longest}
    connection.execute(insert(sessions).values(**row, **values, purpose="", purpose_ends=0))
    return token


def open_session(
    connection: Connection, account: Account, terms: Terms, now: int, token: str = ""
) -> str:
    """A new session of an account: its token, the one that is given or a new one, told once."""
    connection.execute(delete(sessions).where(sessions.c.ends < now))
    return _open(connection, {"account": account.seq, "caller": ""}, terms, now, token)


def open_known(
    connection: Connection, caller: Caller, terms: Terms, now: int, token: str = ""
) -> str:
    """A new session of somebody whom an identity provider vouches for."""
    told = msgspec.json.encode(replace(caller, purpose="")).decode()
    return _open(connection, {"account": None, "caller": told}, terms, now, token)


def _caller(row: RowMapping, now: int) -> Caller:
    if row["account"] is None:
        caller = msgspec.json.decode(row["caller"], type=Caller)
    else:
        caller = account_of(row).caller
    return replace(caller, purpose=row["purpose"] if row["purpose_ends"] > now else "")


def find_session(
    connection: Connection, token: str, terms: Terms, now: int
) -> tuple[Caller, bool] | None:
    """Who holds the token, and whether it is time to write down that he was seen.

    None for tokens that are unknown or over, and for accounts that were closed.
    """
    mine = sessions.c.digest == digest(token)
    joined = sessions.outerjoin(accounts, sessions.c.account == accounts.c.seq)
    columns = (c for c in accounts.c)
    query = select(sessions, *columns).select_from(joined).where(mine)
    row = connection.execute(query).mappings().first()
    if row is None or row["ends"] <= now or row["seen"] + terms.idle <= now:
        return None
    if row["account"] is not None and not row["active"]:
        return None
    return _caller(row, now), now - row["seen"] >= _SEEN_SECONDS


def seen(connection: Connection, token: str, now: int) -> None:
    """The holder was here just now."""
    mine = sessions.c.digest == digest(token)
    connection.execute(update(sessions).where(mine).values(seen=now))


def tell_purpose(connection: Connection, token: str, purpose: str, terms: Terms, now: int) -> None:
    """Why the holder looks at restricted records, for a while."""
    values = {"purpose": purpose, "purpose_ends": now + terms.purpose}
    mine = sessions.c.digest == digest(token)
    connection.execute(update(sessions).where(mine).values(values))


def close_session(connection: Connection, token: str) -> None:
    """The token is worth nothing from now on."""
    connection.execute(delete(sessions).where(sessions.c.digest == digest(token)))


def begin(connection: Connection, state: str, begun: Begun, now: int) -> None:
    """Remember a sign-in that is to come back from the identity provider with this state."""
    connection.execute(delete(sign_ins).where(sign_ins.c.ends < now))
    values = {"state": digest(state), "ends": now + _SIGN_IN_SECONDS}
    told = {"nonce": begun.nonce, "verifier": begun.verifier, "back": begun.back}
    connection.execute(insert(sign_ins).values(**values, **told))


def finish(connection: Connection, state: str, now: int) -> Begun | None:
    """The sign-in that was begun with this state: once, and not too late."""
    mine = sign_ins.c.state == digest(state)
    row = connection.execute(select(sign_ins).where(mine)).mappings().first()
    taken = connection.execute(delete(sign_ins).where(mine)).rowcount == 1
    if row is None or not taken or row["ends"] < now:
        return None
    return Begun(row["nonce"], row["verifier"], row["back"])

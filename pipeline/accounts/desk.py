"""Accounts in use by a server: signing in and out, and who shows a token or a key."""

from time import time

from sqlalchemy import Connection, select, update

from pipeline.accounts import keys, people, sessions, throttle
from pipeline.accounts.passwords import LONGEST, hashed, is_outdated, matches
from pipeline.accounts.tables import accounts
from pipeline.audit.noting import Noting
from pipeline.ledger import Ledger
from schemas.access import ANONYMOUS, Begun, Caller, Session
from schemas.errors import AccessError
from schemas.settings import Settings

LOGIN, REFUSED, LOGOUT = "login", "login-refused", "logout"


class AccountDesk:
    """What an application asks about its callers; every call is a transaction of its own."""

    def __init__(self, ledger: Ledger, settings: Settings, audit: Noting) -> None:
        self._ledger = ledger
        self._terms = sessions.terms_of(settings)
        self._audit = audit
        self._elsewhere = bool(settings.oidc_issuer)

    def is_open(self) -> bool:
        """Whether anybody administers: an account of ours, or the identity provider's people.

        Without, all that is for staff is closed.
        """
        if self._elsewhere:
            return True
        with self._ledger.reading() as connection:
            return people.has_admin(connection)

    def sign_in(self, name: str, password: str, address: str) -> Session:
        """A session for the right password.

        Raises AccessError credentials-invalid (alike for wrong and unknown, in the same time) and
        too-many-attempts (alike, too).
        """
        plain, now = people.plain_name(name)[:LONGEST], int(time())
        with self._ledger.writing() as connection:
            throttle.reserve(connection, plain, address, now)
            seq, stored, active = _password_of(connection, plain)
        if not (matches(stored, password[: LONGEST + 1]) and active):
            self._audit.note(ANONYMOUS, REFUSED, f"account-{seq}" if seq else "unknown")
            raise AccessError("credentials-invalid")
        with self._ledger.writing() as connection:
            throttle.forgive(connection, plain, address)
            _renew(connection, plain, stored, password)
            account = people.account_named(connection, plain)
            token = sessions.open_session(connection, account, self._terms, now)
        self._audit.note(account.caller, LOGIN, "password")
        return Session(token, account.caller, now + self._terms.longest)

    def sign_in_known(self, caller: Caller) -> Session:
        """A session for somebody whom an identity provider vouches for."""
        now = int(time())
        with self._ledger.writing() as connection:
            token = sessions.open_known(connection, caller, self._terms, now)
        self._audit.note(caller, LOGIN, "oidc")
        return Session(token, caller, now + self._terms.longest)

    def of_session(self, token: str) -> Caller | None:
        """Who holds a token; None where it is worth nothing."""
        now = int(time())
        with self._ledger.reading() as connection:
            found = sessions.find_session(connection, token, self._terms, now)
        if found is None:
            return None
        caller, stale = found
        if stale:
            with self._ledger.writing() as connection:
                sessions.seen(connection, token, now)
        return caller

    def of_key(self, key: str) -> Caller | None:
        """Who shows a key; None where it is worth nothing."""
        with self._ledger.reading() as connection:
            found = keys.find_key(connection, key, int(time()))
        if found is None:
            return None
        caller, stale = found
        if stale:
            with self._ledger.writing() as connection:
                keys.used(connection, caller)
        return caller

    def tell_purpose(self, token: str, purpose: str) -> None:
        """Why the holder of a token looks at restricted records, from now on and for a while."""
        with self._ledger.writing() as connection:
            sessions.tell_purpose(connection, token, purpose, self._terms, int(time()))
        caller = self.of_session(token)
        if caller is not None:
            self._audit.note(caller, "purpose", "session", purpose)

    def sign_out(self, token: str) -> None:
        """The token is worth nothing from now on."""
        caller = self.of_session(token)
        with self._ledger.writing() as connection:
            sessions.close_session(connection, token)
        if caller is not None:
            self._audit.note(caller, LOGOUT, "session")

    def begin(self, state: str, begun: Begun) -> None:
        """Remember a sign-in that went to the identity provider."""
        with self._ledger.writing() as connection:
            sessions.begin(connection, state, begun, int(time()))

    def finish(self, state: str) -> Begun | None:
        """The sign-in that came back: once, and not too late."""
        with self._ledger.writing() as connection:
            return sessions.finish(connection, state, int(time()))


def _password_of(connection: Connection, name: str) -> tuple[int, str, bool]:
    columns = (accounts.c.seq, accounts.c.password, accounts.c.active)
    row = connection.execute(select(*columns).where(accounts.c.name == name)).first()
    return (row.seq, row.password, bool(row.active)) if row else (0, "", False)


def _renew(connection: Connection, name: str, stored: str, password: str) -> None:
    if is_outdated(stored):
        mine = update(accounts).where(accounts.c.name == name)
        connection.execute(mine.values(password=hashed(password)))

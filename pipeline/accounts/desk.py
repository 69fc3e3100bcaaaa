"""Accounts in use by a server: signing in and out, and who shows a token or a key."""

from time import time

from sqlalchemy import Connection, select, update

from pipeline.accounts import keys, people, sessions, throttle
from pipeline.accounts.marks import Marks
from pipeline.accounts.passwords import LONGEST, hashed, is_outdated, matches
from pipeline.accounts.tables import accounts
from pipeline.audit.noting import Noting
from pipeline.ledger import Ledger
from schemas.access import ANONYMOUS, Begun, Caller, Session
from schemas.errors import AccessError
from schemas.settings import Settings

LOGIN, REFUSED, LOGOUT = "login", "login-refused", "logout"


class AccountDesk:
    """What an application asks about its callers; every call is a transaction of its own.

    What is done and its entry in the audit chain are one transaction: neither is there without the other.
    """

    def __init__(self, ledger: Ledger, settings: Settings, audit: Noting) -> None:
        self._ledger = ledger
        self._terms = sessions.terms_of(settings)
        self._audit = audit
        self._marks = Marks(settings)
        self._elsewhere = bool(settings.oidc_issuer)

    def is_open(self) -> bool:
        """Whether anybody administers: an account of ours, or the identity provider's people.

        Without, all that is for staff is closed.
        """
        if self._elsewhere:
            return True
        with self._ledger.reading() as connection:
            return people.has_admin(connection)

    def is_ours(self, token: str) -> bool:
        """Whether a session's token is one that we gave out, perhaps long since; asks no database."""
        return self._marks.is_token(token)

    def device_seen(self, told: str) -> str:
        """A short name of a device that shows that somebody signed in there; asks no database."""
        return self._marks.device_seen(told, int(time()))

    def sign_in(self, name: str, password: str, address: str, device: str = "") -> Session:
        """A session for the right password; `device` is what the browser got at an earlier one.

        Raises AccessError credentials-invalid (alike for wrong and unknown, in the same time) and
        too-many-attempts (alike, too).
        """
        plain, now = people.plain_name(name)[:LONGEST], int(time())
        with self._ledger.writing() as connection:
            seq, stored, active = _password_of(connection, plain)
            known = self._marks.device_of(device, plain, stored, now)
            attempt = throttle.Attempt(plain, address, known)
            throttle.reserve(connection, attempt, now)
        if not (matches(stored, password[: LONGEST + 1], known=bool(known)) and active):
            self._audit.note(ANONYMOUS, REFUSED, f"account-{seq}" if seq else "unknown")
            raise AccessError("credentials-invalid")
        with self._ledger.writing() as connection:
            throttle.forgive(connection, attempt, now)
            _renew(connection, plain, stored, password)
            account = people.account_named(connection, plain)
            token = sessions.open_session(
                connection, account, self._terms, now, self._marks.token()
            )
            self._audit.note_in(connection, account.caller, LOGIN, "password")
            kept = self._marks.device(device, plain, _password_of(connection, plain)[1], now)
        return Session(token, account.caller, now + self._terms.longest, kept)

    def sign_in_known(self, caller: Caller) -> Session:
        """A session for somebody whom an identity provider vouches for."""
        now = int(time())
        with self._ledger.writing() as connection:
            token = sessions.open_known(connection, caller, self._terms, now, self._marks.token())
            self._audit.note_in(connection, caller, LOGIN, "oidc")
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
        now = int(time())
        with self._ledger.writing() as connection:
            found = sessions.find_session(connection, token, self._terms, now)
            if found is not None:
                sessions.tell_purpose(connection, token, purpose, self._terms, now)
                self._audit.note_in(connection, found[0], "purpose", "session", purpose)

    def sign_out(self, token: str) -> None:
        """The token is worth nothing from now on."""
        with self._ledger.writing() as connection:
            found = sessions.find_session(connection, token, self._terms, int(time()))
            sessions.close_session(connection, token)
            if found is not None:
                self._audit.note_in(connection, found[0], LOGOUT, "session")

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

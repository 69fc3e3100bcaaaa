"""Noting: who a caller is to the chain, and the entry itself."""

import hmac
from collections.abc import Callable
from hashlib import sha256

from sqlalchemy import Connection, select

from pipeline.accounts.people import plain_name
from pipeline.accounts.tables import accounts
from pipeline.audit.chain import Stored, append
from pipeline.audit.signing import pseudonym_secret
from pipeline.ledger import Ledger
from schemas.access import Caller
from schemas.settings import Settings

Noted = Callable[[Connection, str], None]
"""Notes an act on a subject in the act's own transaction."""
COMMAND = "command"
"""The role of whoever gives a command on the machine itself."""
_DIGITS = 12


class Pseudonyms:
    """Names as the chain holds them: an account's number, a key's id, else a keyed digest."""

    def __init__(self, settings: Settings) -> None:
        self._secret = pseudonym_secret(settings.audit_key_file)

    def of(self, connection: Connection, name: str) -> str:
        """`account-3`, `key-k7w2m9qx`, `person-1f0c…`; `-` for nobody."""
        if not name:
            return "-"
        if name.startswith("key:"):
            return f"key-{name.removeprefix('key:')}"
        query = select(accounts.c.seq).where(accounts.c.name == plain_name(name))
        number = connection.scalar(query)
        if number is not None:
            return f"account-{number}"
        told = hmac.new(self._secret, plain_name(name).encode(), sha256).hexdigest()
        return f"person-{told[:_DIGITS]}"


class Noting:
    """The audit of an application or of a command; threads may share it."""

    def __init__(self, ledger: Ledger, settings: Settings) -> None:
        self._ledger = ledger
        self._pseudonyms = Pseudonyms(settings)

    def note(self, caller: Caller, action: str, subject: str, purpose: str = "") -> None:
        """Store what the caller did, for good, before this returns."""
        with self._ledger.writing() as connection:
            self.note_in(connection, caller, action, subject, purpose)

    def note_in(
        self, connection: Connection, caller: Caller, action: str, subject: str, purpose: str = ""
    ) -> None:
        """The same in the transaction of what is done: both are stored, or neither."""
        self._note(connection, caller.name, caller.role.value, action, subject, purpose)

    def within(self, caller: Caller, action: str) -> Noted:
        """What notes, in the transaction of an act, to whom or what the caller did it."""
        return lambda connection, subject: self.note_in(connection, caller, action, subject)

    def within_command(self, by: str, action: str) -> Noted:
        """The same for an act by a command."""
        return lambda connection, subject: self.note_command_in(connection, by, action, subject)

    def note_command(self, by: str, action: str, subject: str) -> None:
        """Store what a person did by a command."""
        with self._ledger.writing() as connection:
            self.note_command_in(connection, by, action, subject)

    def note_command_in(self, connection: Connection, by: str, action: str, subject: str) -> None:
        """The same in the transaction of what is done: both are stored, or neither."""
        self._note(connection, by, COMMAND, action, subject, "")

    def actor(self, name: str) -> str:
        """How the chain calls a person."""
        with self._ledger.reading() as connection:
            return self._pseudonyms.of(connection, name)

    def _note(
        self,
        connection: Connection,
        name: str,
        role: str,
        action: str,
        subject: str,
        purpose: str,
    ) -> Stored:
        actor = self._pseudonyms.of(connection, name)
        return append(connection, actor, role, action, subject, purpose)

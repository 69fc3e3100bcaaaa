"""What is noted of views and acts; the chain itself is kept by whoever serves the application."""

from collections.abc import Callable
from typing import Any, Protocol

from fastapi import Request

from schemas.access import Caller

Noted = Callable[[Any, str], None]
"""Notes an act on a subject, given the transaction in which it is done: both are stored, or neither."""


class Audit(Protocol):
    """Notes what somebody did.

    `subject` is an id (document, page, account …), never a word of a document or of a query;
    `purpose` is a code of `rights.PURPOSES`, optionally followed by a registry number.
    """

    def note(self, caller: Caller, action: str, subject: str, purpose: str = "") -> None:
        """Store it for good before the answer leaves."""

    def within(self, caller: Caller, action: str) -> Noted:
        """What stores it with the act itself, for stores that take it."""


class NoAudit:
    """Notes nothing: the default of an application without a ledger."""

    def note(self, caller: Caller, action: str, subject: str, purpose: str = "") -> None:
        """Do nothing."""

    def within(self, caller: Caller, action: str) -> Noted:  # noqa: ARG002 nobody asks who
        """Do nothing, either."""
        return lambda _transaction, _subject: None


NO_AUDIT = NoAudit()


def audit_of(request: Request) -> Audit:
    """The application's audit; a FastAPI dependency."""
    audit: Audit = getattr(request.app.state, "audit", NO_AUDIT)
    return audit

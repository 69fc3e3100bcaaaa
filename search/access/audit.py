"""What is noted of views and acts; the chain itself is kept by whoever serves the application."""

from typing import Protocol

from fastapi import Request

from schemas.access import Caller


class Audit(Protocol):
    """Notes what somebody did.

    `subject` is an id (document, page, account …), never a word of a document or of a query;
    `purpose` is a code of `rights.PURPOSES`, optionally followed by a registry number.
    """

    def note(self, caller: Caller, action: str, subject: str, purpose: str = "") -> None:
        """Store it for good before the answer leaves."""


class NoAudit:
    """Notes nothing: the default of an application without a ledger."""

    def note(self, caller: Caller, action: str, subject: str, purpose: str = "") -> None:
        """Do nothing."""


NO_AUDIT = NoAudit()


def audit_of(request: Request) -> Audit:
    """The application's audit; a FastAPI dependency."""
    audit: Audit = getattr(request.app.state, "audit", NO_AUDIT)
    return audit

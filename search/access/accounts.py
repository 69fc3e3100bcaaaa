"""What the application asks of whoever keeps accounts, sessions and keys."""

from typing import Protocol

from schemas.access import Begun, Caller, Session


class Accounts(Protocol):
    """Kept by flows in the ledger's database; calls may raise the ledger's errors."""

    def is_open(self) -> bool:
        """Whether there is an administrator; without one all that is for staff is closed."""

    def is_ours(self, token: str) -> bool:
        """Whether a session's token was given out here, perhaps long since; at once, from memory."""

    def device_seen(self, told: str) -> str:
        """A short name of a device where somebody signed in before, empty for others; at once."""

    def sign_in(self, name: str, password: str, address: str, device: str = "") -> Session:
        """`device` is what the browser was given at an earlier one.

        Raises AccessError credentials-invalid, too-many-attempts.
        """

    def sign_in_known(self, caller: Caller) -> Session:
        """A session for somebody whom an identity provider vouches for."""

    def of_session(self, token: str) -> Caller | None:
        """Who holds a token; None where it is worth nothing."""

    def of_key(self, key: str) -> Caller | None:
        """Who shows a key; None where it is worth nothing."""

    def tell_purpose(self, token: str, purpose: str) -> None:
        """Why the holder looks at restricted records, for a while."""

    def sign_out(self, token: str) -> None:
        """The token is worth nothing from now on."""

    def begin(self, state: str, begun: Begun) -> None:
        """Remember a sign-in that went to the identity provider."""

    def finish(self, state: str) -> Begun | None:
        """The sign-in that came back: once, and not too late."""


class SignIns(Protocol):
    """The institution's identity provider, as the pages ask it; raises ServiceError, AccessError."""

    def start(self, redirect: str, back: str) -> tuple[str, str, Begun]:
        """Where to send a person, the state that must come back, and what to remember with it."""

    def finish(self, code: str, redirect: str, begun: Begun, issuer: str = "") -> Caller:
        """Who came back with a code."""

    def of_bearer(self, token: str) -> Caller:
        """Who an access token tells of."""

"""Who sends a request: by a key, a bearer token, a session's token or its cookie; else nobody."""

from collections.abc import Callable
from dataclasses import replace

from fastapi import Request

from schemas.access import ANONYMOUS, Caller
from schemas.errors import AccessError
from search.access.accounts import Accounts
from search.access.cookies import COOKIE, need_own_write
from search.access.purposes import parse_purpose
from search.access.rights import is_staff

KEY_PREFIX = "opis_"
PURPOSE_HEADER, KEY_HEADER = "Opis-Purpose", "X-API-Key"
_DOTS_OF_A_JWT = 2
_LONGEST = 8192
TokenReader = Callable[[str], Caller]
"""From a signed token to the caller it tells of; raises AccessError credentials-invalid."""


def no_tokens(_token: str) -> Caller:
    """No identity provider is set: every signed token is refused."""
    raise AccessError("credentials-invalid")


def session_token(request: Request) -> str:
    """The token of the session in which a request is sent, by cookie or as a bearer; empty: none."""
    bearer = _bearer(request)
    if bearer and not _is_key(bearer) and bearer.count(".") != _DOTS_OF_A_JWT:
        return bearer
    return "" if bearer else request.cookies.get(COOKIE, "")


def credential_of(request: Request) -> str:
    """What a request shows to be known by, key, token or session's cookie; empty: nothing."""
    return _bearer(request) or request.cookies.get(COOKIE, "")


def _bearer(request: Request) -> str:
    scheme, _, value = request.headers.get("Authorization", "").partition(" ")
    told = value.strip() if scheme.casefold() == "bearer" else ""
    return told or request.headers.get(KEY_HEADER, "")


def _is_key(value: str) -> bool:
    return value.startswith(KEY_PREFIX)


class Identifier:
    """From a request to its caller; a wrong or expired key or token raises credentials-invalid.

    A cookie that is worth nothing any more makes its holder anonymous: public pages stay readable.
    While there is no administrator nobody is known.
    """

    def __init__(
        self, accounts: Accounts, read_token: TokenReader = no_tokens, site_url: str = ""
    ) -> None:
        self._accounts = accounts
        self._read_token = read_token
        self._site_url = site_url

    def __call__(self, request: Request) -> Caller:
        caller = self._known(request)
        purpose = request.headers.get(PURPOSE_HEADER, "")
        if purpose and is_staff(caller):
            return replace(caller, purpose=parse_purpose(purpose))
        return caller

    def _known(self, request: Request) -> Caller:
        bearer = _bearer(request)
        if bearer:
            return self._shown(bearer)
        token = request.cookies.get(COOKIE, "")
        if not token or len(token) > _LONGEST:
            return ANONYMOUS
        caller = self._accounts.of_session(token) if self._accounts.is_open() else None
        if caller is None:
            return ANONYMOUS
        need_own_write(request, token, self._site_url)
        return caller

    def _shown(self, bearer: str) -> Caller:
        caller: Caller | None = None
        if len(bearer) <= _LONGEST and self._accounts.is_open():
            if _is_key(bearer):
                caller = self._accounts.of_key(bearer)
            elif bearer.count(".") == _DOTS_OF_A_JWT:
                caller = self._read_token(bearer)
            else:
                caller = self._accounts.of_session(bearer)
        if caller is None:
            raise AccessError("credentials-invalid")
        return caller

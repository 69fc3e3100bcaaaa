"""Signing in at the provider (authorization code with PKCE) and its bearer tokens.

Issuer, audience and the one algorithm are pinned by the settings; nothing in a token chooses them.
"""

import os
import secrets
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from hashlib import sha256
from hmac import compare_digest
from http import HTTPStatus
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import jwt

from schemas.access import Begun, Caller
from schemas.errors import AccessError, InputError, ServiceError, UsageError
from schemas.settings import Settings
from search.access.oidc.claims import caller_from, claim_table
from search.access.oidc.fetching import Published, asked

SECRET_VARIABLE = "OPIS_OIDC_CLIENT_SECRET"  # noqa: S105 the variable's name
_ALGORITHMS = frozenset({"RS256", "RS384", "RS512", "PS256", "ES256", "ES384", "EdDSA"})
_LEEWAY_SECONDS = 30
_REQUIRED = ["exp", "iat", "iss", "aud", "sub"]
_SCOPE = "openid profile"


def _client_secret(settings: Settings) -> str:
    """From the environment or a file, nowhere else; empty for a public client."""
    if not settings.oidc_secret_file:
        return os.environ.get(SECRET_VARIABLE, "")
    path = Path(settings.oidc_secret_file)
    try:
        return path.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise InputError("settings-unreadable", path.name, why=type(error).__name__) from error


def _challenge(verifier: str) -> str:
    return urlsafe_b64encode(sha256(verifier.encode()).digest()).rstrip(b"=").decode()


class Provider:
    """The institution's identity provider; raises UsageError setting-invalid at once.

    Its calls raise ServiceError oidc-unreachable where it does not answer as it should.
    """

    def __init__(self, settings: Settings, pause: float | None = None) -> None:
        if settings.oidc_algorithm not in _ALGORITHMS:
            raise UsageError("setting-invalid", "oidc_algorithm", value=settings.oidc_algorithm)
        self._settings = settings
        self._algorithm = settings.oidc_algorithm
        self._table = claim_table(settings)
        self._secret = _client_secret(settings)
        pauses = {} if pause is None else {"pause": pause}
        self._published = Published(settings.oidc_issuer, self._algorithm, **pauses)

    def close(self) -> None:
        """Give its connections back."""
        self._published.client.close()

    def start(self, redirect: str, back: str) -> tuple[str, str, Begun]:
        """Where to send the person, the state that must come back, and what to remember with it."""
        state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
        asking = {
            "response_type": "code",
            "client_id": self._settings.oidc_client_id,
            "redirect_uri": redirect,
            "scope": _SCOPE,
            "state": state,
            "nonce": nonce,
            "code_challenge": _challenge(verifier),
            "code_challenge_method": "S256",
        }
        address = self._published.address("authorization_endpoint")
        joint = "&" if "?" in address else "?"
        return f"{address}{joint}{urlencode(asking)}", state, Begun(nonce, verifier, back)

    def finish(self, code: str, redirect: str, begun: Begun, issuer: str = "") -> Caller:
        """Who came back with a code; raises AccessError credentials-invalid, role-refused.

        `issuer` is what the answer says of its sender, where it says it (RFC 9207).
        """
        if issuer and issuer != self._published.issuer:
            raise AccessError("credentials-invalid")
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": redirect,
            "code_verifier": begun.verifier,
        }
        claims = self._claims(self._exchanged(form), self._settings.oidc_client_id)
        if not compare_digest(str(claims.get("nonce", "")), begun.nonce):
            raise AccessError("credentials-invalid")
        azp = claims.get("azp", self._settings.oidc_client_id)
        if azp != self._settings.oidc_client_id:
            raise AccessError("credentials-invalid")
        return caller_from(claims, self._table)

    def of_bearer(self, token: str) -> Caller:
        """Who an access token tells of; raises AccessError credentials-invalid, role-refused.

        An ID token is none, even where its audience would fit.
        """
        if not self._settings.oidc_audience:
            raise AccessError("credentials-invalid")
        claims = self._claims(token, self._settings.oidc_audience)
        if claims.get("typ") == "ID" or "nonce" in claims:
            raise AccessError("credentials-invalid")
        return caller_from(claims, self._table)

    def _exchanged(self, form: Mapping[str, str]) -> str:
        """The ID token for a code; raises AccessError credentials-invalid for one that is none."""
        try:
            return self._asked_for(form)
        except ServiceError as error:
            if error.detail.get("why") == str(HTTPStatus.BAD_REQUEST.value):
                raise AccessError("credentials-invalid") from error
            raise

    def _asked_for(self, form: Mapping[str, str]) -> str:
        client = self._published.client
        address = self._published.address("token_endpoint")
        ident = self._settings.oidc_client_id
        if self._secret:
            pair = (quote(ident, safe=""), quote(self._secret, safe=""))
            told = asked(lambda: client.post(address, data=dict(form), auth=pair))
        else:
            told = asked(lambda: client.post(address, data={**form, "client_id": ident}))
        return str(told.get("id_token", ""))

    def _claims(self, token: str, audience: str) -> Mapping[str, Any]:
        """A verified token's claims; a token chooses its key by its id, nothing else."""
        try:
            header = jwt.get_unverified_header(token)
            if header.get("alg") != self._algorithm:
                raise AccessError("credentials-invalid")
            key = self._published.key(header.get("kid"))
            if key is None:
                raise AccessError("credentials-invalid")
            claims: Mapping[str, Any] = jwt.decode(
                token,
                key,
                algorithms=[self._algorithm],
                audience=audience,
                issuer=self._published.issuer,
                leeway=_LEEWAY_SECONDS,
                options={"require": _REQUIRED},
            )
        except jwt.InvalidTokenError as error:
            raise AccessError("credentials-invalid") from error
        return claims

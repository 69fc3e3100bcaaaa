"""What the provider publishes of itself: its addresses and its keys, fetched seldom and bounded."""

from collections.abc import Callable, Mapping
from ipaddress import ip_address
from threading import Lock
from time import monotonic
from typing import Any
from urllib.parse import urlsplit

import httpx
import jwt

from schemas.errors import ServiceError, UsageError

_SECONDS = 5.0
_LARGEST = 256 * 1024
_PAUSE_SECONDS = 60.0
"""Between two fetches of the keys, whatever tokens come in."""
_AWAY_SECONDS = 5.0
"""After the provider did not answer, until it is asked for its addresses again."""
_DISCOVERY = "/.well-known/openid-configuration"
_MOST_KEYS = 50


def need_safe(url: str) -> str:
    """The URL; raises UsageError setting-invalid unless it is https, or on this very machine."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    try:
        local = ip_address(host).is_loopback
    except ValueError:
        local = host == "localhost"
    if parts.scheme != "https" and not (parts.scheme == "http" and local):
        raise UsageError("setting-invalid", "oidc_issuer", value="…")
    return url


def _json(response: httpx.Response) -> Mapping[str, Any]:
    if response.status_code != httpx.codes.OK or len(response.content) > _LARGEST:
        raise ServiceError("oidc-unreachable", why=str(response.status_code))
    try:
        told = response.json()
    except ValueError as error:
        raise ServiceError("oidc-unreachable", why="JSON") from error
    if not isinstance(told, dict):
        raise ServiceError("oidc-unreachable", why="JSON")
    return told


def asked(call: Callable[[], httpx.Response]) -> Mapping[str, Any]:
    """The JSON object that a call to the provider answers; raises ServiceError oidc-unreachable."""
    try:
        return _json(call())
    except httpx.HTTPError as error:
        raise ServiceError("oidc-unreachable", why=type(error).__name__) from error


class Published:
    """The provider's addresses and keys; threads may share it."""

    def __init__(self, issuer: str, algorithm: str, pause: float = _PAUSE_SECONDS) -> None:
        self.issuer = need_safe(issuer)
        self.client = httpx.Client(timeout=_SECONDS, follow_redirects=False)
        self._algorithm = algorithm
        self._pause = pause
        self._lock = Lock()
        self._known: Mapping[str, Any] = {}
        self._keys: dict[str, jwt.PyJWK] = {}
        self._fetched = -pause
        self._away = -_AWAY_SECONDS

    def addresses(self) -> Mapping[str, Any]:
        """The discovery document of exactly this issuer."""
        if self._known:
            return self._known
        with self._lock:
            if not self._known:
                if monotonic() - self._away < min(_AWAY_SECONDS, self._pause):
                    raise ServiceError("oidc-unreachable", why="…")
                self._known = self._discovered()
            return self._known

    def _discovered(self) -> Mapping[str, Any]:
        url = self.issuer.rstrip("/") + _DISCOVERY
        try:
            told = asked(lambda: self.client.get(url))
        except ServiceError:
            self._away = monotonic()
            raise
        if told.get("issuer") != self.issuer:
            self._away = monotonic()
            raise ServiceError("oidc-unreachable", why="issuer")
        return told

    def address(self, name: str) -> str:
        """One of its addresses; raises ServiceError oidc-unreachable where it has none."""
        told = str(self.addresses().get(name, ""))
        if not told:
            raise ServiceError("oidc-unreachable", why=name)
        return need_safe(told)

    def key(self, ident: str | None) -> jwt.PyJWK | None:
        """The key of that id, fetched anew when it is unknown, once a minute at most.

        Without an id the only key there is.
        """
        address = self.address("jwks_uri")
        if found := self._find(ident):
            return found
        with self._lock:
            found = self._find(ident)
            if found is None and monotonic() - self._fetched >= self._pause:
                self._fetched = monotonic()
                self._keys = self._read(asked(lambda: self.client.get(address)))
                found = self._find(ident)
            return found

    def _find(self, ident: str | None) -> jwt.PyJWK | None:
        keys = self._keys
        if ident is None:
            return next(iter(keys.values())) if len(keys) == 1 else None
        return keys.get(ident)

    def _read(self, told: Mapping[str, Any]) -> dict[str, jwt.PyJWK]:
        keys: dict[str, jwt.PyJWK] = {}
        for entry in list(told.get("keys", ()))[:_MOST_KEYS]:
            if not isinstance(entry, dict) or entry.get("use", "sig") != "sig":
                continue
            if entry.get("alg", self._algorithm) != self._algorithm:
                continue
            try:
                keys[str(entry.get("kid", ""))] = jwt.PyJWK(entry, self._algorithm)
            except (jwt.InvalidKeyError, jwt.PyJWKError, ValueError, TypeError):
                continue
        return keys

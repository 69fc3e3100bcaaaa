"""Headers of every answer: what a browser may do with it, and by which name it is spoken of."""

import re
from collections.abc import Sequence
from secrets import token_hex

from schemas.settings import Settings

SECURITY = {
    "Content-Security-Policy": (
        "default-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}
HSTS = ("Strict-Transport-Security", "max-age=31536000")
"""Told where the call came by https."""
REQUEST_ID = "X-Request-ID"
EXPOSED = (
    *("Accept-Ranges", "Content-Range", "Content-Disposition", "Content-Language"),
    *("ETag", "Link", "Location", "Retry-After", REQUEST_ID),
    *("RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset", "Deprecation", "Sunset"),
)
"""Headers of answers that scripts of listed origins may read."""
_GIVEN = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{7,63}")


def request_id(given: str, *, believed: bool) -> str:
    """The name that a trusted proxy gave the call, else a new one."""
    return given if believed and _GIVEN.fullmatch(given) else token_hex(8)


def listed_origins(settings: Settings) -> tuple[str, ...]:
    """Whose scripts may read the API."""
    told = (origin.strip().rstrip("/") for origin in settings.cors_origins.split(","))
    return tuple(filter(None, told))


def cors_headers(origins: Sequence[str], origin: str) -> dict[str, str]:
    """What lets a script of a listed origin read an answer, refusals too."""
    if origin not in origins:
        return {}
    return {
        "Access-Control-Allow-Origin": origin,
        "Access-Control-Expose-Headers": ", ".join(EXPOSED),
    }

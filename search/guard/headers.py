"""Headers of every answer: what a browser may do with it, and by which name it is spoken of."""

import re
from secrets import token_hex

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
_GIVEN = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{7,63}")


def request_id(given: str, *, believed: bool) -> str:
    """The name that a trusted proxy gave the call, else a new one."""
    return given if believed and _GIVEN.fullmatch(given) else token_hex(8)

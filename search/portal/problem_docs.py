"""The problems that endpoints answer with, for the API's description."""

from typing import Any

_TOLD = {
    400: "A parameter cannot be understood.",
    401: "Signing in is needed.",
    403: "The caller's role may not do this.",
    404: "There is nothing here that the caller may see.",
    409: "The state does not allow this.",
    410: "The cursor is of a feed that was begun anew.",
    413: "The body is too large.",
    422: "The body cannot be understood.",
    429: "Too many calls; Retry-After tells when to come again.",
    503: "The archive does not answer now.",
}
_SCHEMA = {
    "type": "object",
    "required": ["type", "title", "status", "detail", "instance", "code"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "instance": {"type": "string"},
        "code": {"type": "string"},
    },
}


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Problem details (RFC 9457) by status."""
    content = {"application/problem+json": {"schema": _SCHEMA}}
    return {status: {"description": _TOLD[status], "content": content} for status in statuses}

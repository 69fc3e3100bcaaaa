"""Answers that need not be sent again: ETag and Last-Modified."""

from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from hashlib import sha256

from fastapi import Request, Response

_ANY = "*"


def cached(
    request: Request,
    body: bytes,
    media_type: str,
    modified: datetime | None = None,
    *,
    vary: str = "",
    lasting: bytes | None = None,
) -> Response:
    """The answer, or 304 where the caller has it; If-None-Match goes before If-Modified-Since.

    `vary` names the headers of a call that the answer depends on; `lasting` is the body without
    what no two answers have in common, whose tag is then a weak one.
    """
    tag = f'"{sha256(body if lasting is None else lasting).hexdigest()[:32]}"'
    told = tag if lasting is None else f"W/{tag}"
    headers = {"ETag": told, "Cache-Control": "public, no-cache"}
    if vary:
        headers["Vary"] = vary
    if modified is not None:
        headers["Last-Modified"] = format_datetime(modified.astimezone(UTC), usegmt=True)
    if _has(request, tag, modified):
        return Response(status_code=304, headers=headers)
    return Response(body, headers=headers, media_type=media_type)


def _has(request: Request, tag: str, modified: datetime | None) -> bool:
    asked = request.headers.get("if-none-match")
    if asked is not None:
        known = {part.strip().removeprefix("W/") for part in asked.split(",")}
        return bool(known & {tag, _ANY})
    since = _time(request.headers.get("if-modified-since", ""))
    return modified is not None and since is not None and modified.replace(microsecond=0) <= since


def _time(text: str) -> datetime | None:
    try:
        found = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)

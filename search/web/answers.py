"""Answers with an entity tag and with how far they may be kept: one place for all endpoints."""

import re
from collections.abc import Mapping
from hashlib import sha256
from typing import Any

import msgspec
from fastapi import Request, Response

from search.web.addresses import PUBLIC_API
from search.web.asking import Asking

_TAG = re.compile(r'(?:W/)?("[^"]*")')
_VARY = "Authorization, Cookie, X-API-Key, Opis-Purpose"
_JSON = "application/json"


def keeping(asking: Asking, *, guarded: bool = False) -> dict[str, str]:
    """How far an answer may be kept: a public one by anybody who asks again each time.

    Staff's by their own browser alone, and what is `guarded` by nobody.
    """
    if asking.prefix == PUBLIC_API:
        return {"Cache-Control": "public, no-cache"}
    if not asking.view.private:
        return {"Cache-Control": "public, no-cache", "Vary": _VARY}
    return {"Cache-Control": f"private, {'no-store' if guarded else 'no-cache'}", "Vary": _VARY}


def is_known(request: Request, tag: str) -> bool:
    """Whether the caller already has what bears this (quoted) tag: If-None-Match, compared weakly."""
    asked = request.headers.get("if-none-match", "")
    return asked.strip() == "*" or tag in _TAG.findall(asked)


def tagged(
    asking: Asking,
    body: bytes,
    media_type: str,
    *,
    tag: str = "",
    guarded: bool = False,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """The body under its entity tag, or 304 where the caller has it."""
    quoted = f'"{tag or sha256(body).hexdigest()[:32]}"'
    told = {**keeping(asking, guarded=guarded), "ETag": quoted, **(headers or {})}
    if is_known(asking.request, quoted):
        return Response(status_code=304, headers=told)
    return Response(body, media_type=media_type, headers=told)


def as_json(
    asking: Asking,
    value: Any,  # noqa: ANN401 whatever the endpoint's model describes
    *,
    media_type: str = _JSON,
    guarded: bool = False,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """The value as JSON, tagged."""
    body = msgspec.json.encode(value)
    return tagged(asking, body, media_type, guarded=guarded, headers=headers)

"""The session's cookie, and the proof that a write comes from our own pages."""

import hmac
from hashlib import sha256
from urllib.parse import urlsplit

from fastapi import Request, Response

from schemas.errors import AccessError

COOKIE = "__Host-opis"
"""The prefix makes browsers insist on Secure, on Path=/ and on this very host."""
DEVICE, _DEVICE_SECONDS = "__Host-opis-device", 90 * 86_400
"""Shows that somebody signed in here before, so that nobody elsewhere makes him wait; it opens nothing."""
CSRF_HEADER, CSRF_FIELD = "X-CSRF-Token", "csrf"
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_FORMS = ("application/x-www-form-urlencoded", "multipart/form-data", "text/plain")


def csrf_of(token: str) -> str:
    """What a form carries so that only our pages can send it; it tells nothing of the token."""
    return hmac.new(token.encode(), b"opis form", sha256).hexdigest()


def set_session(response: Response, token: str, seconds: int) -> None:
    """Hand the token to the browser, out of the reach of scripts and of other sites' forms."""
    response.set_cookie(
        COOKIE, token, max_age=seconds, path="/", secure=True, httponly=True, samesite="lax"
    )


def set_device(response: Response, told: str) -> None:
    """Hand the browser what it shows at the next sign-in; nothing where there is nothing."""
    if told:
        response.set_cookie(
            DEVICE,
            told,
            max_age=_DEVICE_SECONDS,
            path="/",
            secure=True,
            httponly=True,
            samesite="strict",
        )


def drop_session(response: Response) -> None:
    """Tell the browser to forget the token."""
    response.delete_cookie(COOKIE, path="/", secure=True, httponly=True, samesite="lax")


def is_same_site(request: Request, site_url: str = "") -> bool:
    """Whether a browser that tells where a request comes from tells our own pages.

    `site_url` is our address where it differs from what requests are sent to (behind a gateway).
    Programs that tell nothing pass.
    """
    told = request.headers.get("Sec-Fetch-Site", "")
    if told:
        return told in {"same-origin", "none"}
    origin = request.headers.get("Origin", "")
    if not origin:
        return True
    own = _host(site_url) if site_url else request.headers.get("Host", "")
    return _host(origin) == own.casefold() != ""


def _host(address: str) -> str:
    """Host and port of an address in lower case; empty for what is none."""
    try:
        return urlsplit(address).netloc.casefold()
    except ValueError:
        return ""


def need_own_form(token: str, sent: str) -> None:
    """Raise AccessError form-expired unless a form was made for this session."""
    if not hmac.compare_digest(csrf_of(token).encode(), sent.encode()):
        raise AccessError("form-expired")


def need_own_write(request: Request, token: str, site_url: str = "") -> None:
    """The same for a write by the session's cookie.

    Whoever reads a form compares its field by `need_own_form`; all else carries the header.
    """
    if request.method in SAFE:
        return
    if not is_same_site(request, site_url):
        raise AccessError("form-expired")
    kind = request.headers.get("Content-Type", "").partition(";")[0].strip().casefold()
    if request.url.path.startswith("/api/") or kind not in _FORMS:
        need_own_form(token, request.headers.get(CSRF_HEADER, ""))

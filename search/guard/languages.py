"""The language of sentences: of the API's answers by Accept-Language, of pages as a person chose.

Pages are Romanian until somebody follows the link to the English ones (`?lang=en`), whatever his
browser asks for; a cookie remembers it.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from urllib.parse import parse_qsl, quote, urlencode

from starlette.requests import Request

from schemas.messages import LANGUAGES

PARAMETER, COOKIE = "lang", "opis-lang"
_YEAR = 365 * 24 * 3600
_MOST = 20


@dataclass(frozen=True, slots=True)
class Spoken:
    """The language of a page, and the addresses of the same page in each language."""

    language: str = LANGUAGES[0]
    addresses: tuple[tuple[str, str], ...] = ()


_spoken: ContextVar[Spoken] = ContextVar("spoken", default=Spoken())  # noqa: B039 it cannot be changed


def spoken() -> Spoken:
    """The language of the page that is being made, wherever it is made."""
    return _spoken.get()


@contextmanager
def speaking(request: Request) -> Iterator[Spoken]:
    """The language of a call's page, as its address or the cookie says."""
    token = _spoken.set(_of_page(request))
    try:
        yield _spoken.get()
    finally:
        _spoken.reset(token)


@contextmanager
def speaking_alone(language: str) -> Iterator[None]:
    """One language for what is made meanwhile, whatever the call asks for."""
    token = _spoken.set(Spoken(language))
    try:
        yield
    finally:
        _spoken.reset(token)


def remembering(request: Request) -> dict[str, str]:
    """The header that makes a browser remember the language of an address that names one."""
    told = request.query_params.get(PARAMETER, "")
    if told not in LANGUAGES:
        return {}
    secure = "; Secure" if request.url.scheme == "https" else ""
    return {
        "Set-Cookie": f"{COOKIE}={told}; Path=/; Max-Age={_YEAR}; HttpOnly; SameSite=Lax{secure}"
    }


def _of_page(request: Request) -> Spoken:
    asked = request.query_params.get(PARAMETER, ""), request.cookies.get(COOKIE, "")
    language = next((one for one in asked if one in LANGUAGES), LANGUAGES[0])
    kept = [
        pair
        for pair in parse_qsl(request.url.query, keep_blank_values=True, errors="replace")
        if pair[0] != PARAMETER
    ]
    path = quote(request.url.path, errors="replace")
    addresses = tuple(
        (one, f"{path}?{urlencode([*kept, (PARAMETER, one)], errors='replace')}")
        for one in LANGUAGES
    )
    return Spoken(language, addresses)


def language_of(request: Request) -> str:
    """Romanian or English; where neither is asked for, the setting."""
    asked = request.headers.get("accept-language", "")
    return best_language(asked, request.app.state.settings.interface_language)


def best_language(asked: str, otherwise: str) -> str:
    """The language of LANGUAGES that a header Accept-Language ranks highest."""
    ranked = [_ranked(part) for part in asked.split(",")[:_MOST]]
    known = [(weight, name) for weight, name in ranked if name in LANGUAGES and weight > 0]
    if not known:
        return otherwise
    return max(known, key=lambda pair: pair[0])[1]


def _ranked(part: str) -> tuple[float, str]:
    name, _, weight = part.strip().partition(";")
    short = name.strip().split("-")[0].lower()
    return _weight(weight), short


def _weight(text: str) -> float:
    name, _, value = text.strip().partition("=")
    if name.strip() != "q":
        return 1.0
    try:
        return min(max(float(value), 0.0), 1.0)
    except ValueError:
        return 0.0

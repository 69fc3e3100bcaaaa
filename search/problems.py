"""Errors as answers: problem details (RFC 9457) for programs, a page with a sentence for people."""

from collections.abc import Mapping
from http import HTTPStatus
from urllib.parse import urlencode

from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, RedirectResponse
from starlette.exceptions import HTTPException

from schemas.errors import AccessError, OpisError, PageFailedError, RefusedError, UsageError
from schemas.messages import reason, say
from search.guard.languages import language_of, spoken

REQUEST = {"page": "/cerere", "api": "/api/v1/requests"}
"""Where a request under Law 544/2001 is filed: offered alike by every search and every 404."""
_RETRY_SECONDS = "60"
STATUSES = {
    "unit-missing": HTTPStatus.NOT_FOUND,
    "page-missing": HTTPStatus.NOT_FOUND,
    "request-unknown": HTTPStatus.NOT_FOUND,
    "saved-unknown": HTTPStatus.NOT_FOUND,
    "cursor-gone": HTTPStatus.GONE,
    "request-answered": HTTPStatus.CONFLICT,
    "request-extended": HTTPStatus.CONFLICT,
    "saved-full": HTTPStatus.CONFLICT,
    "request-outcome": HTTPStatus.UNPROCESSABLE_ENTITY,
    "request-empty": HTTPStatus.UNPROCESSABLE_ENTITY,
    "iiif-beyond-level": HTTPStatus.NOT_IMPLEMENTED,
    "body-too-large": HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    "address-too-long": HTTPStatus.REQUEST_URI_TOO_LONG,
    "too-many-calls": HTTPStatus.TOO_MANY_REQUESTS,
    "too-many-attempts": HTTPStatus.TOO_MANY_REQUESTS,
    "sign-in-needed": HTTPStatus.UNAUTHORIZED,
    "credentials-invalid": HTTPStatus.UNAUTHORIZED,
}
"""Codes of errors with a status of their own."""
_TIMED = frozenset({"too-many-calls", "too-many-attempts", "busy"})
"""Errors whose detail `n` is the seconds after which to come again."""
_LEADS = {"sign-in-needed": "/personal/intrare", "purpose-needed": "/personal/scop"}
"""Pages for people that ask for what is missing."""


def _status(error: OpisError) -> int:
    if error.code in STATUSES:
        return STATUSES[error.code]
    if isinstance(error, UsageError):
        return HTTPStatus.BAD_REQUEST
    if isinstance(error, AccessError):
        return HTTPStatus.FORBIDDEN
    if isinstance(error, (PageFailedError, RefusedError)):
        return HTTPStatus.NOT_FOUND
    return HTTPStatus.SERVICE_UNAVAILABLE


def _headers_of(status: int, given: Mapping[str, str]) -> dict[str, str]:
    own = {"Cache-Control": "no-store", "Vary": "Accept-Language"}
    if status == HTTPStatus.SERVICE_UNAVAILABLE:
        own["Retry-After"] = _RETRY_SECONDS
    if status == HTTPStatus.UNAUTHORIZED:
        own["WWW-Authenticate"] = 'Bearer realm="opis"'
    return own | dict(given)


def _language(request: Request) -> str:
    """Pages for people are in the language that they chose, whatever a browser asks for."""
    of_api = request.url.path.startswith("/api/")
    return language_of(request) if of_api else spoken().language


def problem(
    request: Request,
    status: int,
    code: str,
    sentence: str,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """The answer for an error: problem details under /api/, a page for people elsewhere."""
    kept = _headers_of(status, headers or {})
    if not request.url.path.startswith("/api/"):
        words = "" if status == HTTPStatus.NOT_FOUND else sentence
        page: Response = request.app.state.site.failure(status, kept, words)
        return page
    told: dict[str, object] = {
        "type": f"urn:opis:problem:{code}",
        "title": HTTPStatus(status).phrase,
        "status": int(status),
        "detail": sentence,
        "instance": request.url.path,
        "code": code,
    }
    if status == HTTPStatus.NOT_FOUND:
        told["request"] = REQUEST
    kept["Content-Language"] = language_of(request)
    return JSONResponse(told, status, kept, media_type="application/problem+json")


def of_error(
    request: Request, error: OpisError, headers: Mapping[str, str] | None = None
) -> Response:
    """The answer for an error of ours."""
    why = reason(error.code, _language(request), **{"f": error.file, **error.detail})
    if error.code in _LEADS and not request.url.path.startswith("/api/"):
        return _led(request, _LEADS[error.code])
    given = {"Retry-After": error.detail["n"]} if error.code in _TIMED else {}
    sentence = f"{why.cause} {why.remedy}"
    return problem(request, _status(error), error.code, sentence, given | dict(headers or {}))


def _led(request: Request, page: str) -> Response:
    """A person is sent to the page that asks for what is missing, and comes back from there."""
    query = f"?{request.url.query}" if request.url.query else ""
    back = urlencode({"inapoi": f"{request.url.path}{query}"})
    return RedirectResponse(f"{page}?{back}", HTTPStatus.SEE_OTHER, {"Cache-Control": "no-store"})


def on_opis_error(request: Request, error: Exception) -> Response:
    """An error of ours, by its code."""
    if not isinstance(error, OpisError):
        return on_defect(request, error)
    return of_error(request, error)


def on_invalid(request: Request, error: Exception) -> Response:
    """A parameter (400) or a body (422) that is unknown, missing or out of bounds.

    Told are names, never values.
    """
    places = error.errors() if isinstance(error, RequestValidationError) else []
    names = sorted({_name(place["loc"]) for place in places} - {""})
    sentence = say("parameters_invalid", _language(request), names=", ".join(names))
    in_body = any(place["loc"][:1] == ("body",) for place in places)
    status = HTTPStatus.UNPROCESSABLE_ENTITY if in_body else HTTPStatus.BAD_REQUEST
    return problem(request, status, "parameters-invalid", sentence)


def _name(loc: tuple[str | int, ...]) -> str:
    """The declared name of what is wrong; for a name of the caller's own, what it stands in."""
    last = str(loc[-1]) if loc else ""
    return last if last.isascii() and last.isidentifier() else str(loc[0]) if loc else ""


def on_http_error(request: Request, error: Exception) -> Response:
    """An address or a method that does not exist."""
    status = error.status_code if isinstance(error, HTTPException) else HTTPStatus.NOT_FOUND
    given = (error.headers if isinstance(error, HTTPException) else None) or {}
    language = _language(request)
    if status == HTTPStatus.METHOD_NOT_ALLOWED:
        why = reason("method-unknown", language)
        return problem(request, status, "method-unknown", f"{why.cause} {why.remedy}", given)
    if status == HTTPStatus.BAD_REQUEST:
        sentence = say("parameters_invalid", language, names="body")
        return problem(request, status, "parameters-invalid", sentence, given)
    return problem(request, status, "address-unknown", say("not_found", language), given)


def on_defect(request: Request, _error: Exception) -> Response:
    """A defect of ours: a sentence, nothing of what happened inside."""
    sentence = say("search_down", _language(request))
    return problem(request, HTTPStatus.INTERNAL_SERVER_ERROR, "defect", sentence)

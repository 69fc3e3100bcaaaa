"""Errors as answers: problem details (RFC 9457) for programs, a page with a sentence for people."""

from http import HTTPStatus

from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from schemas.errors import OpisError, PageFailedError, RefusedError, UsageError
from schemas.messages import reason, say
from schemas.settings import Settings

_MISSING = frozenset({"unit-missing", "page-missing"})
_RETRY_SECONDS = "60"


def _status(error: OpisError) -> int:
    if isinstance(error, UsageError):
        return HTTPStatus.BAD_REQUEST
    if error.code in _MISSING or isinstance(error, (PageFailedError, RefusedError)):
        return HTTPStatus.NOT_FOUND
    return HTTPStatus.SERVICE_UNAVAILABLE


def _answer(request: Request, status: int, code: str, sentence: str) -> Response:
    headers = {"Retry-After": _RETRY_SECONDS} if status == HTTPStatus.SERVICE_UNAVAILABLE else {}
    if not request.url.path.startswith("/api/"):
        page: Response = request.app.state.site.failure(status, headers)
        return page
    problem = {
        "type": f"urn:opis:problem:{code}",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": sentence,
        "instance": request.url.path,
        "code": code,
    }
    return JSONResponse(problem, status, headers, media_type="application/problem+json")


def _language(request: Request) -> str:
    settings: Settings = request.app.state.settings
    return settings.interface_language


def on_opis_error(request: Request, error: Exception) -> Response:
    """An error of ours, by its code."""
    if not isinstance(error, OpisError):
        return on_defect(request, error)
    why = reason(error.code, _language(request), **{"f": error.file, **error.detail})
    return _answer(request, _status(error), error.code, f"{why.cause} {why.remedy}")


def on_invalid(request: Request, error: Exception) -> Response:
    """A parameter that is unknown, missing or out of bounds: its name, never its value."""
    places = error.errors() if isinstance(error, RequestValidationError) else []
    names = sorted({str(place["loc"][-1]) for place in places})
    sentence = say("parameters_invalid", _language(request), names=", ".join(names))
    return _answer(request, HTTPStatus.BAD_REQUEST, "parameters-invalid", sentence)


def on_http_error(request: Request, error: Exception) -> Response:
    """An address or a method that does not exist."""
    status = error.status_code if isinstance(error, HTTPException) else HTTPStatus.NOT_FOUND
    return _answer(request, status, "address-unknown", say("not_found", _language(request)))


def on_defect(request: Request, _error: Exception) -> Response:
    """A defect of ours: a sentence, nothing of what happened inside."""
    sentence = say("search_down", _language(request))
    return _answer(request, HTTPStatus.INTERNAL_SERVER_ERROR, "defect", sentence)

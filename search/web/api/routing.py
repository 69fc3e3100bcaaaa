"""How an endpoint is told of: its answers and errors, its examples, GET alone."""

from collections.abc import Callable, Sequence
from typing import Any

from fastapi import APIRouter, FastAPI, Response
from fastapi.responses import JSONResponse

from search.web.addresses import PUBLIC_API
from search.web.api.models import Problem

_SENTENCES = {
    400: "A parameter cannot be understood.",
    401: "The key, session or token is not valid.",
    403: "Staff: the record takes a purpose (`purpose-needed`).",
    404: "There is no such thing, or it is not for this caller; the two are not told apart.",
    429: "Too many calls; `Retry-After` tells when to come back.",
    501: "A form of the IIIF Image API beyond level 1.",
    503: "The index does not answer now; `Retry-After` tells when to come back.",
}
RECORD = (400, 401, 403, 404, 429, 503)
SEARCH = (400, 401, 429, 503)
_BINARY = {"type": "string", "format": "binary"}
_UNCHANGED = {"description": "What the caller has under this entity tag still holds."}
_SCHEMES = {
    "key": {
        "type": "apiKey",
        "in": "header",
        "name": "X-API-Key",
        "description": "A portal's key.",
    },
    "token": {"type": "http", "scheme": "bearer", "description": "A session, key or OIDC token."},
}
Answers = dict[int | str, dict[str, Any]]


def problems(*statuses: int) -> Answers:
    """The descriptions of these errors, as problem details."""
    schema = {"schema": {"$ref": "#/components/schemas/Problem"}}
    return {
        status: {
            "model": Problem,
            "description": _SENTENCES[status],
            "content": {"application/problem+json": schema},
        }
        for status in statuses
    }


def told(media_type: str, sentence: str, schema: dict[str, Any] | None = None) -> dict[str, Any]:
    """The description of an answer that is not our own JSON."""
    return {"description": sentence, "content": {media_type: {"schema": schema or _BINARY}}}


def shown(sentence: str, example: dict[str, Any]) -> dict[str, Any]:
    """The description of a JSON answer, with an example."""
    return {"description": sentence, "content": {"application/json": {"example": example}}}


def add(
    router: APIRouter,
    path: str,
    endpoint: Callable[..., Any],
    summary: str,
    *,
    model: Any = None,  # noqa: ANN401 a model or a union of models
    answers: Answers | None = None,
    errors: Sequence[int] = RECORD,
    tag: str = "records",
    status: int = 200,
) -> None:
    """A GET endpoint with its answers and errors."""
    public = router.prefix == PUBLIC_API
    kept = [error for error in errors if not (public and error == 403)]  # noqa: PLR2004 no purpose there
    unchanged: Answers = {304: _UNCHANGED} if status == 200 else {}  # noqa: PLR2004 nothing to keep
    router.add_api_route(
        path,
        endpoint,
        response_model=model,
        response_class=JSONResponse if model else Response,
        summary=summary,
        status_code=status,
        operation_id=f"{endpoint.__name__}{'_public' if public else ''}",
        tags=[tag],
        responses={**unchanged, **problems(*kept), **(answers or {})},
    )


def describe(app: FastAPI) -> None:
    """The application's OpenAPI as it is: without the errors that FastAPI supposes, with the keys."""
    made = app.openapi

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            schema = made()
            for path in schema["paths"].values():
                for operation in path.values():
                    _forget_supposed(operation)
            components = schema.setdefault("components", {})
            components.setdefault("securitySchemes", {}).update(_SCHEMES)
            schema["security"] = [{}, *({name: []} for name in _SCHEMES)]
        return app.openapi_schema or made()

    app.openapi = openapi  # type: ignore[method-assign]  # FastAPI's documented way


def _forget_supposed(operation: dict[str, Any]) -> None:
    """Take out the 422 that no endpoint said itself: what is invalid is 400 here."""
    supposed = operation["responses"].get("422", {})
    if "HTTPValidationError" in str(supposed.get("content", {})):
        del operation["responses"]["422"]

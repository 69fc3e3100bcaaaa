"""GET /api/v1/changes: what a mirror of the public documents needs, and no more."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from schemas.portal import Change, ChangeKind
from search.portal.etags import cached
from search.portal.models import ChangeModel, ChangesModel
from search.portal.problem_docs import problems
from search.portal.stores import Changes, Stores, there

_RECORD = "/api/v1/public/documents/{}"
_MOST = 1_000


class ChangesService:
    """The feed, for everybody."""

    def __init__(self, stores: Stores) -> None:
        self._changes: Changes | None = stores.changes

    def feed(
        self,
        request: Request,
        cursor: Annotated[
            str, Query(max_length=60, description="Of the last answer; empty: from the first.")
        ] = "",
        limit: Annotated[int, Query(ge=1, le=_MOST)] = 100,
    ) -> Response:
        """New, changed and withdrawn public documents after a cursor, each document's newest change."""
        page = there(self._changes).page(cursor, limit)
        told = ChangesModel(
            changes=[_told(change) for change in page.changes], cursor=page.cursor, more=page.more
        )
        body = told.model_dump_json(exclude_none=True).encode()
        return cached(request, body, "application/json")

    def router(self) -> APIRouter:
        """The feed under its two addresses."""
        router = APIRouter(responses=problems(400, 401, 403, 410, 429, 503))
        for address in ("/api/v1/changes", "/api/v1/public/changes"):
            router.add_api_route(
                address,
                self.feed,
                responses={200: {"model": ChangesModel}, 304: {"description": "Not changed."}},
                response_class=Response,
                summary="Changes of public documents",
                tags=["portal"],
            )
        return router


def _told(change: Change) -> ChangeModel:
    told: dict[str, str] = {"change": change.kind.value, "document": change.document}
    if change.kind is not ChangeKind.WITHDRAWN:
        told |= {"sha256": change.sha256, "noted": change.noted}
        told["record"] = _RECORD.format(change.document)
    return ChangeModel.model_validate(told)

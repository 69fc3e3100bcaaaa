"""Searches that staff keep: each account its own."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Response

from schemas.access import Caller
from schemas.errors import InputError
from schemas.portal import SavedSearch
from search.access.callers import caller_of, need
from search.access.rights import SEARCH, is_staff
from search.portal.models import SavedListModel, SavedModel, SearchToSave
from search.portal.problem_docs import problems
from search.portal.stores import Stores, there

_API = "/api/v1/saved-searches"
Who = Annotated[Caller, Depends(caller_of)]


class SavedService:
    """The endpoints of /api/v1/saved-searches."""

    def __init__(self, stores: Stores) -> None:
        self._saved = stores.saved

    def list(self, caller: Who, response: Response) -> SavedListModel:
        """The caller's searches, in the order in which they were kept."""
        _need_account(caller)
        response.headers["Cache-Control"] = "no-store"
        found = there(self._saved).of(caller.name)
        return SavedListModel(searches=[_told(one) for one in found])

    def add(self, asked: SearchToSave, caller: Who) -> SavedModel:
        """Keep a search under a name."""
        _need_account(caller)
        kept = there(self._saved).add(caller.name, asked.name, asked.query, dict(asked.filters))
        return _told(kept)

    def remove(self, ident: Annotated[str, Path(max_length=40)], caller: Who) -> Response:
        """Forget a search of the caller's."""
        _need_account(caller)
        if "\0" in ident or not there(self._saved).remove(caller.name, ident):
            raise InputError("saved-unknown")
        return Response(status_code=204)

    def router(self) -> APIRouter:
        """The endpoints under their addresses."""
        documented = problems(401, 403, 429, 503)
        router = APIRouter(prefix=_API, tags=["searches kept"], responses=documented)
        router.add_api_route("", self.list, summary="Searches kept")
        router.add_api_route(
            "",
            self.add,
            methods=["POST"],
            status_code=201,
            summary="Keep a search",
            responses=problems(409, 422),
        )
        router.add_api_route(
            "/{ident}",
            self.remove,
            methods=["DELETE"],
            status_code=204,
            response_class=Response,
            summary="Forget a search",
            responses=problems(400, 404),
        )
        return router


def _need_account(caller: Caller) -> None:
    """Whoever reads the staff index keeps searches, whatever regimes are open to him."""
    if not is_staff(caller):
        need(caller, SEARCH)


def _told(saved: SavedSearch) -> SavedModel:
    return SavedModel(
        id=saved.id,
        name=saved.name,
        query=saved.query,
        filters=saved.filters,
        created=saved.created,
    )

"""The search API (/api/v1) and the plain pages for people, as one FastAPI application."""

from fastapi import Depends, FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from schemas.errors import OpisError
from search.access.gate import gate
from search.access.joining import join_access
from search.portal.joining import join_portal
from search.problems import on_defect, on_http_error, on_invalid, on_opis_error
from search.web.api.routes import records_router
from search.web.api.routing import describe
from search.web.parts import Parts
from search.web.site.pages import Site
from search.web.views.holdings import Holdings

_DESCRIPTION = """Search in a digitised municipal archive, with hits marked on the page images.

What a caller sees depends on who it is: without a key, or with the portal's, public copies alone;
staff see the records within their reach. `/api/v1/public/…` is the public view for everybody.
Hidden and missing are the same 404. A page's id is `DOCUMENT.N`, N counted in the document from 1.
Boxes are pixels of the upright, deskewed page image, origin top left."""


def create_app(parts: Parts) -> FastAPI:
    """The application over the archive's index; raises the errors of `open_backend`."""
    app = FastAPI(
        title="Opis",
        version="1",
        summary="A municipal archive, searchable to the word on the page.",
        description=_DESCRIPTION,
        docs_url=None,
        redoc_url=None,
        dependencies=[Depends(gate)],
    )
    app.state.settings = parts.settings
    app.state.holdings = holdings = Holdings(parts)
    app.state.site = site = Site(parts.settings)
    app.include_router(records_router())
    app.include_router(site.router())
    join_access(app, parts)
    join_portal(app, parts.settings, holdings.backend, parts.stores)
    describe(app)
    app.add_exception_handler(RequestValidationError, on_invalid)
    app.add_exception_handler(HTTPException, on_http_error)
    app.add_exception_handler(OpisError, on_opis_error)
    app.add_exception_handler(Exception, on_defect)
    return app

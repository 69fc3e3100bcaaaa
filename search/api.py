"""The search API (/api/v1) and the plain pages for people, as one FastAPI application.

For staff: whoever reaches the application sees the whole archive, so it is served on loopback
(`opis serve`). What the portal may show to everybody is under /api/v1/public (public_api.py).
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, FastAPI, Header, Query, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import FileResponse
from starlette.exceptions import HTTPException

from schemas.errors import InputError, OpisError
from schemas.records import Document, FieldValue, Page, Unit
from schemas.settings import Settings
from search.api_models import DocumentRecord, Problem, SearchParameters, SearchResult
from search.backend import Backend, open_backend
from search.documents import Documents
from search.finding import answer_as_json, find
from search.problems import on_defect, on_http_error, on_invalid, on_opis_error
from search.public_api import PublicRenderer, PublicService
from search.site import Site

API = "/api/v1"
_HEADERS = {
    "Content-Security-Policy": "default-src 'self'; frame-ancestors 'none'; base-uri 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
}
_PROBLEMS: dict[int | str, dict[str, Any]] = {
    status: {"model": Problem, "description": text, "content": {"application/problem+json": {}}}
    for status, text in (
        (400, "A parameter cannot be understood."),
        (404, "There is no such document or page."),
        (503, "The index does not answer now."),
    )
}
_DESCRIPTION = """Search in a digitised municipal archive, with hits marked on the page images.

A page's id is `DOCUMENT.N`, N counted in the document from 1. Boxes are pixels of the upright,
deskewed page image, origin top left. For staff only, but for `/public`: public copies alone."""


@dataclass(frozen=True, slots=True)
class PagePicture:
    """A page image ready to send; `etag` changes when its bytes would."""

    data: bytes
    media_type: str
    etag: str


PageRenderer = Callable[[str, str], PagePicture]


class Service:
    """The endpoints of /api/v1."""

    def __init__(self, settings: Settings, backend: Backend, page_picture: PageRenderer) -> None:
        self.settings = settings
        self.backend = backend
        self.documents = Documents(settings, backend)
        self._page_picture = page_picture

    def search(self, asked: Annotated[SearchParameters, Query()]) -> dict[str, Any]:
        """Pages that answer, however they are spelled, with boxes on the page image."""
        answer = find(
            self.settings,
            self.backend,
            asked.q,
            role=asked.role,
            filters=asked.filters,
            limit=asked.limit,
            page=asked.page,
        )
        return answer_as_json(answer)

    def document(self, document: str) -> dict[str, Any]:
        """A document's record: its fields with their places, its pages, its unit."""
        return _record(*self.documents.document(document))

    def pdf(self, document: str) -> FileResponse:
        """The document's PDF/A; ranges are served."""
        unit, found = self.documents.document(document)
        layout = self.settings.layout.unit(unit.id)
        path = layout.root / found.pdf if found.pdf else layout.pdf_document(found.number)
        if not path.is_file() or not path.resolve().is_relative_to(layout.root.resolve()):
            raise InputError("unit-missing", document)
        return FileResponse(
            path,
            media_type="application/pdf",
            filename=f"{found.id}.pdf",
            content_disposition_type="inline",
        )

    def image(
        self,
        page: str,
        highlight: Annotated[str, Query(description="Words to mark, as in a search.")] = "",
        if_none_match: Annotated[str, Header(include_in_schema=False)] = "",
    ) -> Response:
        """The upright, deskewed page image, with the words that answer marked."""
        picture = self._page_picture(self.documents.page(page).id, highlight)
        headers = {"ETag": f'"{picture.etag}"', "Cache-Control": "private, no-cache"}
        if headers["ETag"] in if_none_match:
            return Response(status_code=304, headers=headers)
        return Response(picture.data, media_type=picture.media_type, headers=headers)

    def router(self) -> APIRouter:
        """The endpoints under their addresses."""
        router = APIRouter(prefix=API, responses=_PROBLEMS)
        router.add_api_route(
            "/search", self.search, response_model=SearchResult, summary="Search pages"
        )
        router.add_api_route(
            "/documents/{document}",
            self.document,
            response_model=DocumentRecord,
            summary="A document's record",
        )
        router.add_api_route(
            "/documents/{document}/pdf",
            self.pdf,
            response_class=FileResponse,
            summary="A document's PDF/A",
        )
        router.add_api_route(
            "/pages/{page}/image",
            self.image,
            response_class=Response,
            responses={200: {"content": {"image/jpeg": {}}, "description": "The page image."}},
            summary="A page image with marks",
        )
        return router


def _field(value: FieldValue) -> dict[str, Any]:
    return {
        "value": value.value,
        "raw": value.raw,
        "page": value.page,
        "box": value.box.as_list() if value.box else None,
        "source": value.source,
        "confidence": value.confidence,
        "checked": value.checked,
    }


def _page(document: Document, page: Page) -> dict[str, Any]:
    ident = f"{document.id}.{page.document_page}"
    return {
        "id": ident,
        "page": page.page,
        "document_page": page.document_page,
        "leaf": page.leaf,
        "state": page.state.value,
        "confidence": page.confidence,
        "image": f"{API}/pages/{ident}/image",
    }


def _record(unit: Unit, document: Document) -> dict[str, Any]:
    return {
        "id": document.id,
        "unit": unit.id,
        "number": document.number,
        "fond": unit.identity.fond,
        "cota": unit.identity.cota,
        "fields": {name: _field(value) for name, value in document.fields.items()},
        "pages": [_page(document, page) for page in unit.pages_of(document.id)],
        "pdf": f"{API}/documents/{document.id}/pdf",
        "pdf_sha256": document.pdf_sha256,
        "flavour": document.flavour,
    }


async def _with_headers(
    request: Request, call_next: Callable[[Request], Awaitable[Response]]
) -> Response:
    response = await call_next(request)
    for name, value in _HEADERS.items():
        response.headers.setdefault(name, value)
    return response


def create_app(
    settings: Settings, page_picture: PageRenderer, public_picture: PublicRenderer | None = None
) -> FastAPI:
    """The application over the archive's index; `page_picture(page_id, highlight)` draws a page.

    `public_picture` does so from a public copy. It raises the errors of `open_backend`; both
    renderers may raise any OpisError.
    """
    app = FastAPI(
        title="Opis",
        version="1",
        summary="A municipal archive, searchable to the word on the page.",
        description=_DESCRIPTION,
        docs_url=None,
        redoc_url=None,
    )
    service = Service(settings, open_backend(settings), page_picture)
    site = Site(settings, service.backend, service.documents)
    app.include_router(service.router())
    public = PublicService(settings, service.backend, public_picture)
    app.include_router(public.router(_PROBLEMS))
    app.include_router(site.router())
    app.state.settings, app.state.site = settings, site
    app.middleware("http")(_with_headers)
    app.add_exception_handler(RequestValidationError, on_invalid)
    app.add_exception_handler(HTTPException, on_http_error)
    app.add_exception_handler(OpisError, on_opis_error)
    app.add_exception_handler(Exception, on_defect)
    return app

"""What outside callers reach (/api/v1/public): proved public copies and nothing else.

Hidden, withdrawn and unknown documents are the same 404. Whoever puts the portal before this
application lets these addresses through and no others.
"""

from collections.abc import Callable
from typing import Annotated, Any, Protocol

from fastapi import APIRouter, Header, Query, Response
from fastapi.responses import FileResponse

from schemas.records import Regime
from schemas.settings import Settings
from search.api_models import PublicDocument, PublicSearchParameters, SearchResult
from search.backend import Backend
from search.copies import Copies, FoundCopy
from search.finding import PUBLIC, answer_as_json, find

PUBLIC_API = "/api/v1/public"


class Picture(Protocol):
    """A page image ready to send."""

    @property
    def data(self) -> bytes: ...

    @property
    def media_type(self) -> str: ...

    @property
    def etag(self) -> str: ...


PublicRenderer = Callable[[str, str], Picture]


class PublicService:
    """The endpoints of /api/v1/public."""

    def __init__(
        self, settings: Settings, backend: Backend, page_picture: PublicRenderer | None
    ) -> None:
        self._settings = settings
        self._backend = backend
        self._copies = Copies(settings, backend)
        self._page_picture = page_picture

    def search(self, asked: Annotated[PublicSearchParameters, Query()]) -> dict[str, Any]:
        """Pages of public copies that answer."""
        answer = find(
            self._settings,
            self._backend,
            asked.q,
            role=PUBLIC,
            filters=asked.filters,
            limit=asked.limit,
            page=asked.page,
        )
        return answer_as_json(answer)

    def document(self, document: str) -> dict[str, Any]:
        """What is public of a document."""
        return _as_json(self._copies.document(document))

    def pdf(self, document: str) -> FileResponse:
        """The public copy, PDF/A; ranges are served."""
        found = self._copies.document(document)
        return FileResponse(
            found.pdf,
            media_type="application/pdf",
            filename=f"{found.record.document}.pdf",
            content_disposition_type="inline",
        )

    def image(
        self,
        page: str,
        highlight: Annotated[str, Query(description="Words to mark, as in a search.")] = "",
        if_none_match: Annotated[str, Header(include_in_schema=False)] = "",
    ) -> Response:
        """A page of the public copy, with the words that answer marked."""
        found, place = self._copies.page(page)
        ident = f"{found.record.document}.{place.document_page}"
        if self._page_picture is None:
            return Response(status_code=404)
        picture = self._page_picture(ident, highlight)
        headers = {"ETag": f'"{picture.etag}"', "Cache-Control": "public, no-cache"}
        if headers["ETag"] in if_none_match:
            return Response(status_code=304, headers=headers)
        return Response(picture.data, media_type=picture.media_type, headers=headers)

    def router(self, problems: dict[int | str, dict[str, Any]]) -> APIRouter:
        """The endpoints under their addresses."""
        router = APIRouter(prefix=PUBLIC_API, responses=problems)
        add = router.add_api_route
        add("/search", self.search, response_model=SearchResult, summary="Search public copies")
        add(
            "/documents/{document}",
            self.document,
            response_model=PublicDocument,
            summary="What is public of a document",
        )
        add(
            "/documents/{document}/pdf",
            self.pdf,
            response_class=FileResponse,
            summary="A document's public copy",
        )
        add(
            "/pages/{page}/image",
            self.image,
            response_class=Response,
            responses={200: {"content": {"image/jpeg": {}}, "description": "The page image."}},
            summary="A page of a public copy with marks",
        )
        return router


def _as_json(found: FoundCopy) -> dict[str, Any]:
    record = found.record
    return {
        "id": record.document,
        "anonymised": record.regime is Regime.ANONYMISED,
        "fond": record.fond,
        "fields": record.fields,
        "pages": [
            {
                "id": f"{record.document}.{page.document_page}",
                "document_page": page.document_page,
                "leaf": page.leaf,
                "image": f"{PUBLIC_API}/pages/{record.document}.{page.document_page}/image",
            }
            for page in record.pages
        ],
        "pdf": f"{PUBLIC_API}/documents/{record.document}/pdf",
        "pdf_sha256": record.sha256,
        "flavour": record.flavour,
    }

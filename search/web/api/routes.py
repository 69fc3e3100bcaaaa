"""All endpoints of records under their addresses: once as the caller sees, once as everybody does."""

from fastapi import APIRouter, Depends

from search.web.addresses import API, PUBLIC_API
from search.web.api import documents, examples, pages, searching
from search.web.api.models import (
    DocumentRecord,
    PageRecord,
    PublicDocument,
    PublicUnit,
    SearchResult,
    SimilarDocuments,
    Suggestions,
    UnitRecord,
)
from search.web.api.routing import RECORD, SEARCH, Answers, add, shown, told
from search.web.asking import everybody
from search.web.iiif import contents, images, manifests

_JPEG = told("image/jpeg", "The page image.")
_ANY = {"type": "object"}
_FILE: Answers = {
    200: told("application/pdf", "The file."),
    206: told("application/pdf", "The ranges asked for."),
    416: {"description": "No such range."},
}


def _example(sentence: str, example: dict[str, object]) -> Answers:
    return {200: shown(sentence, example)}


def _add_searching(router: APIRouter) -> None:
    add(
        router, "/search", searching.search, "Search pages", model=SearchResult, errors=SEARCH,
        answers=_example("Pages that answer.", examples.SEARCH), tag="search",
    )  # fmt: skip
    add(
        router, "/suggest", searching.suggest, "Finish a query", model=Suggestions, errors=SEARCH,
        answers=_example("Ways to go on.", examples.SUGGESTIONS), tag="search",
    )  # fmt: skip


def _add_records(router: APIRouter, *, public: bool) -> None:
    document = PublicDocument if public else DocumentRecord | PublicDocument
    unit = PublicUnit if public else UnitRecord | PublicUnit
    add(
        router, "/documents/{document}", documents.document, "A document", model=document,
        answers=_example("The document.", examples.DOCUMENT),
    )  # fmt: skip
    add(router, "/documents/{document}/pdf", documents.pdf, "A document's PDF/A", answers=_FILE)
    add(
        router, "/documents/{document}/similar", searching.similar_documents, "Similar documents",
        model=SimilarDocuments, answers=_example("Documents.", examples.SIMILAR),
    )  # fmt: skip
    add(
        router, "/units/{unit}", documents.unit, "A unit and its documents", model=unit,
        answers=_example("The unit.", examples.UNIT),
    )  # fmt: skip


def _add_pages(router: APIRouter) -> None:
    add(
        router, "/pages/{page}", pages.page, "A page", model=PageRecord,
        answers=_example("The page.", examples.PAGE),
    )  # fmt: skip
    add(
        router, "/pages/{page}/image", pages.image, "A page image with marks", answers={200: _JPEG}
    )  # fmt: skip
    text = told("text/html", "The page's text.", {"type": "string"})
    text["content"]["text/plain"] = {"schema": {"type": "string"}}
    add(router, "/pages/{page}/text", pages.text, "A page's text", answers={200: text})


def _add_iiif(router: APIRouter) -> None:
    manifest = told(manifests.LINKED_DATA, "A IIIF Presentation 3.0 manifest.", _ANY)
    for path, endpoint, name in (
        ("/documents/{document}/manifest", manifests.document_manifest, "A document's manifest"),
        ("/units/{unit}/manifest", manifests.unit_manifest, "A unit's manifest"),
    ):
        add(router, path, endpoint, name, answers={200: manifest}, tag="iiif")
    words = told(contents.LINKED_DATA, "Annotations: IIIF Content Search 2.0.", _ANY)
    for path, endpoint, name in (
        ("/documents/{document}/search", contents.search_document, "Search within a document"),
        ("/units/{unit}/search", contents.search_unit, "Search within a unit"),
    ):
        add(
            router, path, endpoint, name, answers={200: words}, errors=(*SEARCH, 404), tag="iiif"
        )  # fmt: skip
    info = told("application/json", "What the image service can do.", _ANY)
    info["content"][images.LINKED_DATA] = {"schema": _ANY}
    there: Answers = {303: {"description": "To `info.json`."}}
    add(
        router, "/iiif/{page}", images.image_service, "The image service", answers=there,
        tag="iiif", status=303,
    )  # fmt: skip
    add(
        router, "/iiif/{page}/info.json", images.image_information,
        "The image service's description", answers={200: info}, tag="iiif",
    )  # fmt: skip
    add(
        router, "/iiif/{page}/{region}/{size}/{rotation}/{quality}.{format}", images.image_region,
        "A region of a page image", answers={200: _JPEG}, errors=(*RECORD, 501), tag="iiif",
    )  # fmt: skip


def records_router() -> APIRouter:
    """/api/v1 as each caller sees it, and /api/v1/public as everybody does."""
    both = APIRouter()
    for prefix, public in ((PUBLIC_API, True), (API, False)):
        router = APIRouter(prefix=prefix, dependencies=[Depends(everybody)] if public else [])
        _add_searching(router)
        _add_records(router, public=public)
        _add_pages(router)
        _add_iiif(router)
        both.include_router(router)
    return both

"""IIIF Presentation 3.0 manifests: a document, or a unit with a range for each document.

https://iiif.io/api/presentation/3.0/
"""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from fastapi import Response

from schemas.messages import say
from search.web.addresses import origin
from search.web.answers import as_json
from search.web.api.documents import DocumentId, UnitId
from search.web.asking import Asking, Asks
from search.web.iiif.contents import search_service
from search.web.iiif.images import service_id
from search.web.views.seen import SeenDocument, SeenPage, SeenUnit
from search.web.views.sizes import PageSize
from search.web.views.wording import LANGUAGE, day, leaf, name_of

CONTEXT = "http://iiif.io/api/presentation/3/context.json"
LINKED_DATA = f'application/ld+json;profile="{CONTEXT}"'
_A4 = PageSize(2480, 3508)
_Placed = tuple[SeenDocument, SeenPage]


def document_manifest(asking: Asks, document: DocumentId) -> Response:
    """A document as a IIIF manifest: a canvas for each page."""
    seen = asking.view.document(document)
    told = {
        **_head(asking, f"documents/{seen.id}", name_of(seen)),
        **_listed("metadata", _facts(seen)),
        "homepage": [_homepage(asking, seen)],
        "seeAlso": [_data(f"{asking.base}/documents/{seen.id}")],
        "rendering": [_pdf(asking, seen)],
        "partOf": [{"id": f"{asking.base}/units/{seen.unit}/manifest", "type": "Manifest"}],
        **_listed("service", _services(asking, f"documents/{seen.id}", copy=seen.copy)),
        "items": _canvases(asking, [(seen, page) for page in seen.pages], leaves=True),
    }
    return _answer(asking, told, guarded=seen.guarded)


def unit_manifest(asking: Asks, unit: UnitId) -> Response:
    """A unit as a IIIF manifest: a canvas for each page, a range for each document.

    Of what is public neither leaves nor numbers in the unit are told.
    """
    seen = asking.view.unit(unit)
    shown = [one for one in seen.documents if one.open]
    told = {
        **_head(asking, f"units/{seen.id}", _unit_name(seen)),
        "seeAlso": [_data(f"{asking.base}/units/{seen.id}")],
        **_listed("service", _services(asking, f"units/{seen.id}", copy=seen.copy)),
        "items": _canvases(
            asking, [(one, page) for one in shown for page in one.pages], leaves=not seen.copy
        ),
        **_listed("structures", [_range(asking, one) for one in shown]),
    }
    return _answer(asking, told, guarded=any(one.guarded for one in seen.documents))


def _answer(asking: Asking, told: dict[str, Any], *, guarded: bool) -> Response:
    return as_json(asking, told, media_type=LINKED_DATA, guarded=guarded)


def _said(text: str, language: str = LANGUAGE) -> dict[str, list[str]]:
    return {language: [text]}


def _listed(name: str, values: Sequence[Any]) -> dict[str, Any]:
    """The property, left out where it would be an empty list."""
    return {name: list(values)} if values else {}


def _services(asking: Asking, path: str, *, copy: bool) -> list[dict[str, str]]:
    """Search within, of what is public alone."""
    return [search_service(asking, path)] if copy else []


def _fact(key: str, value: str) -> dict[str, Any]:
    return {"label": _said(say(f"fact_{key}", LANGUAGE)), "value": _said(value, "none")}


def _facts(seen: SeenDocument) -> list[dict[str, Any]]:
    known = {**seen.known, "fond": seen.fond, "cota": seen.cota}
    known["date"] = day(known.get("date", ""))
    names = ("type", "number", "date", "issuer", "fond", "cota")
    return [_fact(name, known[name]) for name in names if known.get(name)]


def _head(asking: Asking, path: str, name: str) -> dict[str, Any]:
    return {
        "@context": CONTEXT,
        "id": f"{asking.base}/{path}/manifest",
        "type": "Manifest",
        "label": _said(name),
        "requiredStatement": _fact("institution", asking.holdings.settings.institution),
    }


def _unit_name(seen: SeenUnit) -> str:
    named = (
        say("unit_cota", LANGUAGE, cota=seen.cota)
        if seen.cota
        else say("unit_n", LANGUAGE, unit=seen.id)
    )
    return " · ".join(part for part in (named, seen.fond) if part)


def _homepage(asking: Asking, seen: SeenDocument) -> dict[str, Any]:
    first = seen.pages[0].document_page if seen.pages else 1
    return {
        "id": f"{origin(asking.request)}/d/{seen.id}/p/{first}",
        "type": "Text",
        "label": _said(name_of(seen)),
        "format": "text/html",
    }


def _data(address: str) -> dict[str, Any]:
    return {"id": address, "type": "Dataset", "format": "application/json"}


def _pdf(asking: Asking, seen: SeenDocument) -> dict[str, Any]:
    return {
        "id": f"{asking.base}/documents/{seen.id}/pdf",
        "type": "Text",
        "label": _said("PDF/A", "none"),
        "format": "application/pdf",
    }


def _canvas_id(asking: Asking, document: SeenDocument, page: SeenPage) -> str:
    return f"{asking.base}/pages/{document.page_id(page)}/canvas"


def _range(asking: Asking, document: SeenDocument) -> dict[str, Any]:
    return {
        "id": f"{asking.base}/documents/{document.id}/range",
        "type": "Range",
        "label": _said(name_of(document)),
        "items": [
            {"id": _canvas_id(asking, document, page), "type": "Canvas"} for page in document.pages
        ],
    }


def _canvases(asking: Asking, placed: Sequence[_Placed], *, leaves: bool) -> list[dict[str, Any]]:
    """A canvas for each page; one whose size is not known is as large as most of the others."""
    sizes = [asking.holdings.size(document, page) for document, page in placed]
    known = Counter(size for size in sizes if size)
    usual = known.most_common(1)[0][0] if known else _A4
    return [
        _canvas(asking, document, page, size or usual, leaves=leaves)
        for (document, page), size in zip(placed, sizes, strict=True)
    ]


def _canvas(
    asking: Asking, document: SeenDocument, page: SeenPage, size: PageSize, *, leaves: bool
) -> dict[str, Any]:
    place = _canvas_id(asking, document, page)
    named = say("leaf_n", LANGUAGE, leaf=leaf(page.leaf)) if leaves and page.leaf else ""
    sides = {"width": size.width, "height": size.height}
    text = {
        "id": f"{asking.base}/pages/{document.page_id(page)}/text",
        "type": "Text",
        "label": _said(say("page_text", LANGUAGE)),
        "format": "text/html",
        "language": [LANGUAGE],
    }
    return {
        "id": place,
        "type": "Canvas",
        "label": _said(named or say("page_n", LANGUAGE, n=page.document_page)),
        **sides,
        "rendering": [text],
        "items": [
            {
                "id": f"{place}/painting",
                "type": "AnnotationPage",
                "items": [_painting(asking, document.page_id(page), place, sides)],
            }
        ],
    }


def _painting(asking: Asking, page: str, canvas: str, sides: dict[str, int]) -> dict[str, Any]:
    service = service_id(asking, page)
    return {
        "id": f"{canvas}/painting/1",
        "type": "Annotation",
        "motivation": "painting",
        "target": canvas,
        "body": {
            "id": f"{service}/full/max/0/default.jpg",
            "type": "Image",
            "format": "image/jpeg",
            **sides,
            "service": [{"id": service, "type": "ImageService3", "profile": "level1"}],
        },
    }

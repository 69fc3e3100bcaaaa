"""Documents and units: what is on record, or what of it is public; their files."""

from typing import Annotated, Any

from fastapi import Path, Response
from fastapi.responses import FileResponse

from schemas.errors import InputError
from schemas.records import FieldValue, Identity, Regime
from search.web.answers import as_json, is_known, keeping
from search.web.asking import Asking, Asks
from search.web.views.seen import SeenDocument, SeenPage, SeenUnit

DocumentId = Annotated[
    str, Path(description="A document's id, as hits tell it.", examples=["k7w2m9"])
]
UnitId = Annotated[str, Path(description="A unit's id, as hits tell it.", examples=["ua-000412"])]


def document(asking: Asks, document: DocumentId) -> Response:
    """A document: to staff its record (fields with their places, pages), else what is public of it."""
    seen = asking.view.document(document)
    told = _public(asking, seen) if seen.copy else _record(asking, seen)
    return as_json(asking, told, guarded=seen.guarded)


def pdf(asking: Asks, document: DocumentId) -> Response:
    """The document's PDF/A, or its public copy's; ranges are served."""
    seen = asking.view.document(document)
    root = asking.holdings.settings.layout.unit(seen.unit).root.resolve()
    if not seen.pdf.is_file() or not seen.pdf.resolve().is_relative_to(root):
        raise InputError("unit-missing", document)
    status = seen.pdf.stat()
    tag = f'"{seen.pdf_sha256[:32]}-{status.st_size:x}-{status.st_mtime_ns:x}"'
    headers = {**keeping(asking, guarded=seen.guarded), "ETag": tag}
    if is_known(asking.request, tag):
        return Response(status_code=304, headers=headers)
    return FileResponse(
        seen.pdf,
        media_type="application/pdf",
        filename=f"{seen.id}.pdf",
        headers=headers,
        stat_result=status,
        content_disposition_type="inline",
    )


def unit(asking: Asks, unit: UnitId) -> Response:
    """A unit: to staff its identity and list of documents, else its public documents by date."""
    seen = asking.view.unit(unit)
    guarded = any(one.guarded for one in seen.documents)
    told = _public_unit(asking, seen) if seen.copy else _unit(asking, seen)
    return as_json(asking, told, guarded=guarded)


def _at(asking: Asking, kind: str, ident: str, part: str = "") -> str:
    return f"{asking.prefix}/{kind}/{ident}{'/' if part else ''}{part}"


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


def _page(asking: Asking, seen: SeenDocument, page: SeenPage) -> dict[str, Any]:
    ident = seen.page_id(page)
    told = {
        "id": ident,
        "document_page": page.document_page,
        "leaf": page.leaf,
        "image": _at(asking, "pages", ident, "image"),
    }
    if seen.copy:
        return told
    return {**told, "page": page.page, "state": page.state, "confidence": page.confidence}


def _common(asking: Asking, seen: SeenDocument) -> dict[str, Any]:
    return {
        "id": seen.id,
        "unit": seen.unit,
        "fond": seen.fond,
        "pages": [_page(asking, seen, page) for page in seen.pages],
        "pdf": _at(asking, "documents", seen.id, "pdf"),
        "pdf_sha256": seen.pdf_sha256,
        "flavour": seen.flavour,
        "manifest": _at(asking, "documents", seen.id, "manifest"),
    }


def _public(asking: Asking, seen: SeenDocument) -> dict[str, Any]:
    anonymised = seen.regime is Regime.ANONYMISED
    return {**_common(asking, seen), "anonymised": anonymised, "fields": dict(seen.known)}


def _record(asking: Asking, seen: SeenDocument) -> dict[str, Any]:
    return {
        **_common(asking, seen),
        "number": seen.number,
        "regime": seen.regime.value,
        "cota": seen.cota,
        "fields": {name: _field(value) for name, value in seen.fields.items()},
    }


def _public_unit(asking: Asking, seen: SeenUnit) -> dict[str, Any]:
    return {
        "id": seen.id,
        "fond": seen.fond,
        "cota": seen.cota,
        "documents": [
            {
                "id": one.id,
                **{name: one.known.get(name, "") for name in ("type", "number", "date", "issuer")},
                "anonymised": one.regime is Regime.ANONYMISED,
                "address": _at(asking, "documents", one.id),
            }
            for one in seen.documents
        ],
        "manifest": _at(asking, "units", seen.id, "manifest"),
    }


def _listed(asking: Asking, one: SeenDocument) -> dict[str, Any]:
    leaves = [page.leaf for page in one.pages]
    return {
        "id": one.id,
        "number": one.number,
        "regime": one.regime.value,
        **{name: one.known.get(name, "") for name in ("type", "date", "issuer")},
        "registered": one.known.get("number", ""),
        "first_leaf": leaves[0] if leaves else "",
        "last_leaf": leaves[-1] if leaves else "",
        "pages": len(one.pages),
        "purpose_needed": not one.open,
        "address": _at(asking, "documents", one.id),
    }


def _unit(asking: Asking, seen: SeenUnit) -> dict[str, Any]:
    identity: Identity = seen.identity
    return {
        "id": seen.id,
        "name": seen.name,
        "fond": seen.fond,
        "cota": seen.cota,
        "institution": identity.creator or asking.holdings.settings.institution,
        "department": identity.compartiment,
        "inventory": identity.inventar,
        "year": identity.an,
        "certified_leaves": identity.file_certificate,
        "documents": [_listed(asking, one) for one in seen.documents],
        "manifest": _at(asking, "units", seen.id, "manifest"),
    }

"""Answers as the OpenAPI description shows them."""

from typing import Any

from search.problems import REQUEST
from search.web.addresses import API

_TITLE = {
    "type": "hotărâre",
    "number": "25",
    "date": "2016-07-29",
    "issuer": "Consiliul Local",
}
HIT: dict[str, Any] = {
    "unit": "ua-k7w2m9qx3d",
    "document": "rms3m4yb",
    "page": 27,
    "document_page": 3,
    "leaf": "14v",
    "snippet": "…modernizarea «iluminatului» «public» pe strada Crinului…",
    "boxes": [[798, 2079, 186, 39], [1002, 2079, 120, 39]],
    "width": 2480,
    "height": 3508,
    **_TITLE,
    "score": 12.4071,
    "fond": "Primăria",
    "cota": "345/2016",
    "leaf_cited": "fila 14 verso",
    "institution": "Primăria",
    "department": "Urbanism",
    "regime": "public",
    "pages_in_group": 0,
}
SEARCH: dict[str, Any] = {
    "total": 52,
    "groups": 0,
    "hits": [HIT],
    "facets": {"year": {"2016": 40, "2015": 12}, "type": {"hotărâre": 52}},
    "facets_rest": {"year": {"none": 0, "other": 0}, "type": {"none": 0, "other": 0}},
    "suggestion": "",
    "notices": [],
    "request": REQUEST,
    "next_cursor": "Mi4wYzFkMmUzZjRhNWI",
}
SUGGESTIONS: dict[str, Any] = {"suggestions": [{"text": "iluminat"}, {"text": "iluminatul"}]}
DOCUMENT: dict[str, Any] = {
    "id": "rms3m4yb",
    "unit": "ua-k7w2m9qx3d",
    "anonymised": False,
    "fond": "Primăria",
    "fields": _TITLE,
    "pages": [
        {
            "id": "rms3m4yb.1",
            "document_page": 1,
            "leaf": "13v",
            "image": f"{API}/pages/rms3m4yb.1/image",
        }
    ],
    "pdf": f"{API}/documents/rms3m4yb/pdf",
    "pdf_sha256": "5f2c9d0c5a0e4d1b8f6f3f1a6f0f0a8e4f3b2c1d0e9f8a7b6c5d4e3f2a1b0c9d",
    "flavour": "2u",
    "manifest": f"{API}/documents/rms3m4yb/manifest",
}
SIMILAR: dict[str, Any] = {
    "documents": [
        {
            "id": "x4b7qk2m",
            "unit": "ua-k7w2m9qx3d",
            **_TITLE,
            "address": f"{API}/documents/x4b7qk2m",
        }
    ]
}
UNIT: dict[str, Any] = {
    "id": "ua-k7w2m9qx3d",
    "fond": "Primăria",
    "cota": "345/2016",
    "documents": [
        {
            "id": "rms3m4yb",
            **_TITLE,
            "anonymised": False,
            "address": f"{API}/documents/rms3m4yb",
        }
    ],
    "manifest": f"{API}/units/ua-k7w2m9qx3d/manifest",
}
PAGE: dict[str, Any] = {
    "id": "rms3m4yb.3",
    "document": "rms3m4yb",
    "document_page": 3,
    "leaf": "14v",
    "width": 2480,
    "height": 3508,
    "image": f"{API}/pages/rms3m4yb.3/image",
    "text": f"{API}/pages/rms3m4yb.3/text",
    "iiif": f"https://arhiva.example{API}/iiif/rms3m4yb.3",
}

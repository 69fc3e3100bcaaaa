"""Manifests by the rules of IIIF Presentation 3.0, as its own library reads them."""

import pytest
from iiif_prezi3 import Manifest

from tests.search.caller_samples import ARCHIVIST, WITH_PURPOSE
from tests.search.web.web_samples import HEIGHT, PUBLIC, REDACTED, SECRET, UNIT, WIDTH

ADDRESSES = (f"documents/{PUBLIC}", f"documents/{REDACTED}", f"units/{UNIT}")


def idents(value):
    """Every id that is told, with its type."""
    if isinstance(value, dict):
        if "id" in value:
            yield value["id"], value["type"]
        for inner in value.values():
            yield from idents(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from idents(inner)


@pytest.mark.parametrize("address", ADDRESSES)
@pytest.mark.parametrize("prefix", ["/api/v1", "/api/v1/public"])
def test_a_manifest_is_valid_and_its_addresses_answer(site, prefix, address):
    answer = site.client.get(f"{prefix}/{address}/manifest")
    told = answer.json()
    assert answer.headers["content-type"].startswith("application/ld+json;profile=")
    Manifest(**told)
    assert told["id"] == f"http://testserver{prefix}/{address}/manifest"
    served = {
        ident
        for ident, kind in idents(told)
        if kind in {"Manifest", "Image", "Text", "Dataset", "ImageService3"}
    }
    assert len(served) >= 5
    for ident in served:
        assert site.client.get(ident).status_code == 200, ident


def test_a_document_has_a_canvas_for_each_page(site):
    told = site.client.get(f"/api/v1/documents/{PUBLIC}/manifest").json()
    assert told["label"] == {"ro": ["Hotărâre nr. 25 din 29.07.2016"]}
    assert [(c["width"], c["height"]) for c in told["items"]] == [(WIDTH, HEIGHT)] * 2
    assert [c["label"]["ro"][0] for c in told["items"]] == ["fila 1 verso", "fila 2 recto"]


def test_a_units_ranges_are_its_documents(site):
    outside = site.client.get(f"/api/v1/units/{UNIT}/manifest").json()
    site.noted(WITH_PURPOSE)
    inside = site.client.get(f"/api/v1/units/{UNIT}/manifest").json()
    Manifest(**inside)
    assert [len(r["items"]) for r in outside["structures"]] == [1, 2]
    assert [len(r["items"]) for r in inside["structures"]] == [1, 2, 1]
    assert len(inside["items"]) == 4


def test_a_units_manifest_leaves_out_what_takes_a_purpose(site):
    site.noted(ARCHIVIST)
    told = site.client.get(f"/api/v1/units/{UNIT}/manifest")
    assert SECRET not in told.text

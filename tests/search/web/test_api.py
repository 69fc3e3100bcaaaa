"""The portal's API over a small archive: what it answers, and that nothing typed breaks it."""

import json
from hashlib import sha256

import pytest
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from schemas.errors import PageFailedError
from schemas.hits import IndexedPage
from search.web.application import create_app
from search.web.parts import PagePicture, Parts
from tests.search.caller_samples import WITH_PURPOSE, acting_as
from tests.search.index_samples import A, B, C, sample, unit_on_disk, word_box

KEYS = [
    *("unit", "document", "page", "document_page", "leaf", "snippet", "boxes", "width", "height"),
    *("type", "number", "date", "issuer", "score", "fond", "cota", "leaf_cited", "institution"),
    *("department", "regime", "pages_in_group"),
]
BROKEN = f"{B}-d1.2"


def picture(page_id: str, highlight: str) -> PagePicture:
    """Bytes that tell what was asked for; one page cannot be opened."""
    if page_id == BROKEN:
        raise PageFailedError("image-damaged", n=2)
    data = f"{page_id} {highlight}".encode()
    return PagePicture(data, "image/jpeg", sha256(data).hexdigest())


def staff(archive):
    app = create_app(Parts(archive.settings, picture))
    acting_as(app, WITH_PURPOSE)
    return TestClient(app, raise_server_exceptions=False)


@pytest.fixture(scope="module")
def client(kept_archive):
    return staff(kept_archive)


@pytest.fixture
def own(embedded):
    """An archive that a test may change."""
    embedded.fill(*sample())
    return staff(embedded)


def problem(answer, status, code):
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    body = answer.json()
    assert (body["status"], body["code"]) == (status, code)
    assert len(body["detail"]) > 20
    return body


def test_a_search_gives_the_keys_of_the_contract(client):
    body = client.get("/api/v1/search", params={"q": "iluminat public", "limit": 1}).json()
    hit = body["hits"][0]

    assert set(body) == {
        *("total", "groups", "hits", "facets", "facets_rest"),
        *("suggestion", "notices", "request", "next_cursor"),
    }
    assert list(hit) == KEYS
    assert body["total"] == 2
    assert body["facets"]["fond"] == {"Primăria": 1, "Urbanism": 1}


def test_a_hit_is_marked_on_the_page_image(client):
    body = client.get("/api/v1/search", params={"q": "25/2016 ILUMINATULUI"}).json()
    hit = body["hits"][0]

    assert (hit["unit"], hit["page"], hit["document"]) == (A, 1, f"{A}-d1")
    assert hit["boxes"] == [word_box(0, 4).as_list(), word_box(0, 6).as_list()]
    assert (hit["width"], hit["height"]) == (2480, 3508)
    assert hit["snippet"] == (
        "Hotărârea Consiliului Local nr. «25/2016» privind «iluminatul» public"
    )


def test_filters_and_result_pages(client):
    first = client.get("/api/v1/search", params={"fond": "urbanism", "limit": 2}).json()
    second = client.get("/api/v1/search", params={"fond": "urbanism", "limit": 2, "page": 2}).json()

    assert first["total"] == second["total"] == 3
    assert [h["unit"] for h in first["hits"] + second["hits"]] == [B, B, C]


def test_the_public_index_is_empty(client):
    body = client.get("/api/v1/public/search", params={"q": "strada"}).json()

    assert (body["total"], body["hits"]) == (0, [])
    assert not any(body["facets"].values())


@pytest.mark.parametrize(
    "parameters",
    [{"limit": "0"}, {"limit": "101"}, {"page": "0"}, {"limit": "zece"}, {"role": "staff"},
     {"colour": "red"}, {"page": "9" * 400}],
)  # fmt: skip
def test_a_parameter_out_of_bounds_is_named(client, parameters):
    body = problem(client.get("/api/v1/search", params=parameters), 400, "parameters-invalid")

    assert next(iter(parameters)) in body["detail"]


def test_a_document_tells_its_fields_and_pages(client):
    body = client.get(f"/api/v1/documents/{A}-d1").json()

    assert (body["unit"], body["number"], body["fond"], body["cota"]) == (
        A,
        1,
        "Primăria",
        "345/2016",
    )
    assert body["fields"]["type"]["value"] == "hotărâre"
    assert body["fields"]["type"]["box"] == word_box(0, 0).as_list()
    assert [page["state"] for page in body["pages"]] == ["recognised"] * 3 + ["blank"]
    assert client.get(body["pages"][3]["image"]).content == f"{A}-d1.4 ".encode()


def test_a_document_without_any_recognised_page_is_found(own, embedded):
    other = [IndexedPage("ua-dddd0004", "only-blank", 1, 1, "1r", "", fond="Nou")]
    unit_on_disk(embedded.settings.layout, other)

    assert own.get("/api/v1/documents/only-blank").json()["unit"] == "ua-dddd0004"
    assert own.get("/api/v1/pages/only-blank.2/image").status_code == 200


def test_a_pdf_is_served_in_ranges(client):
    whole = client.get(f"/api/v1/documents/{B}-d1/pdf")
    part = client.get(f"/api/v1/documents/{B}-d1/pdf", headers={"Range": "bytes=0-3"})

    assert (whole.content, whole.headers["content-type"]) == (b"%PDF-1.7 sample", "application/pdf")
    assert (part.status_code, part.content) == (206, b"%PDF")


def test_a_page_image_carries_the_query_and_a_tag(client):
    address = f"/api/v1/pages/{A}-d1.1/image"
    answer = client.get(address, params={"highlight": "iluminat"})
    again = client.get(
        address, params={"highlight": "iluminat"}, headers={"If-None-Match": answer.headers["etag"]}
    )

    assert answer.content == f"{A}-d1.1 iluminat".encode()
    assert answer.headers["content-type"] == "image/jpeg"
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize(
    ("address", "code"),
    [
        ("/documents/none-such", "unit-missing"),
        ("/documents/none-such/pdf", "unit-missing"),
        ("/documents/..%2F..%2Fetc", "address-unknown"),
        ("/documents/%00", "unit-missing"),
        (f"/pages/{A}-d1.9/image", "page-missing"),
        (f"/pages/{A}-d1.0/image", "page-missing"),
        (f"/pages/{A}-d1/image", "page-missing"),
        ("/pages/none.1/image", "page-missing"),
        (f"/pages/{BROKEN}/image", "image-damaged"),
        ("/nothing", "address-unknown"),
    ],
)
def test_what_is_not_there_is_a_problem_with_a_sentence(client, address, code):
    problem(client.get(f"/api/v1{address}"), 404, code)


def test_a_damaged_index_is_a_service_that_is_away(own, embedded):
    current = embedded.settings.layout.index / "staff" / "current"
    folder = current.parent / current.read_text()
    (folder / "meta.json").write_text("{")

    body = problem(own.get("/api/v1/search?q=strada"), 503, "index-damaged")
    assert str(embedded.settings.archive) not in json.dumps(body)
    assert own.get("/cautare?q=strada").status_code == 503


def test_the_description_is_openapi_3_1_and_tells_of_every_field(client):
    api = client.get("/openapi.json").json()
    operations = [operation for path in api["paths"].values() for operation in path.values()]

    assert api["openapi"].startswith("3.1")
    records = (
        *("search", "suggest", "documents/{document}", "documents/{document}/pdf"),
        *("documents/{document}/similar", "documents/{document}/manifest", "units/{unit}"),
        *("units/{unit}/manifest", "pages/{page}", "pages/{page}/image", "pages/{page}/text"),
        *("iiif/{page}", "iiif/{page}/info.json"),
        "iiif/{page}/{region}/{size}/{rotation}/{quality}.{format}",
    )
    for prefix in ("/api/v1", "/api/v1/public"):
        assert {f"{prefix}/{path}" for path in records} <= set(api["paths"])
    assert all(operation["summary"] and operation["description"] for operation in operations)
    parameters = api["paths"]["/api/v1/search"]["get"]["parameters"]
    assert {p["name"] for p in parameters} >= {"q", "sort", "group", "cursor", "place", "limit"}
    for path in records:
        for prefix in ("/api/v1", "/api/v1/public"):
            operation = api["paths"][f"{prefix}/{path}"]["get"]
            assert all(p.get("description") for p in operation.get("parameters", []))
            answers = operation["responses"]
            assert all(answer["description"] for answer in answers.values())
            assert "422" not in answers
            told = answers.get("200", {}).get("content", {}).get("application/json", {})
            assert "example" in told or told.get("schema") in (None, {"type": "object"}), path


def test_every_answer_forbids_foreign_content(client):
    for address in ("/", "/api/v1/search", "/openapi.json", "/nothing", "/static/opis.css"):
        headers = client.get(address).headers
        assert headers["content-security-policy"].startswith("default-src 'self'")
        assert headers["x-content-type-options"] == "nosniff"


@settings(
    deadline=None, max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(text=st.text(max_size=80), name=st.sampled_from(["q", "type", "unit", "year", "limit"]))
def test_nothing_typed_is_an_error_of_the_server(client, text, name):
    for address in ("/api/v1/search", "/cautare"):
        answer = client.get(address, params={name: text.encode("utf-8", "replace").decode()})
        assert answer.status_code in {200, 400}


@pytest.mark.parametrize(
    "query", ["q=%ff%fe", "q=%00", "q=" + "%22" * 50, "q=" + "a" * 5000, "q=*&q=?", "q=a%20OR%20b"]
)
def test_nothing_sent_raw_is_an_error_of_the_server(client, query):
    assert client.get(f"/api/v1/search?{query}").status_code == 200
    assert client.get(f"/cautare?{query}").status_code == 200
    assert client.get(f"/d/{A}-d1/p/1?{query}").status_code == 200
    assert client.get(f"/api/v1/pages/{A}-d1.1/image?highlight={query}").status_code == 200

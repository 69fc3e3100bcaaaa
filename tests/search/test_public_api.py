"""What a caller from outside gets: public copies' own words and files, and one and the same 404."""

import json
from hashlib import sha256

import pytest
from fastapi.testclient import TestClient

from schemas.alto import write_alto
from schemas.hits import IndexedPage
from schemas.public import ALTO, PDF, RECORD, CopiedPage, PublicRecord
from schemas.records import Regime, encode
from search.api import PagePicture, create_app
from search.finding import find
from tests.search.index_samples import B, sample, unit_on_disk, words_of

PUBLIC = "/api/v1/public"
SECRET = f"{B}-d1"
COPY = "kopie123"


def picture(page_id: str, highlight: str) -> PagePicture:
    data = f"{page_id} {highlight}".encode()
    return PagePicture(data, "image/jpeg", sha256(data).hexdigest())


@pytest.fixture
def client(embedded):
    layout = embedded.settings.layout.unit(B)
    for pages in sample():
        unit_on_disk(embedded.settings.layout, pages)
    embedded.fill(*sample())
    copy = layout.public_copy(COPY)
    (copy / ALTO).mkdir(parents=True)
    words = write_alto(words_of("iluminatul public al comunei"), PDF, 1)
    (copy / ALTO / "0001.xml").write_bytes(words)
    (copy / PDF).write_bytes(b"%PDF-1.7 copy")
    told = {"type": "hotărâre", "number": "25"}
    record = PublicRecord(
        COPY, B, Regime.ANONYMISED, "b", "h", "2u", (CopiedPage(1, 3, "3"),), told, "Primăria"
    )
    (copy / RECORD).write_bytes(encode(record))
    page = IndexedPage(B, COPY, 3, 1, "3", "iluminatul public al comunei", "hotărâre", "25")
    backend = embedded.open(write=True)
    backend.replace_unit(B, (page,), role="public")
    backend.commit()
    app = create_app(embedded.settings, picture, picture)
    return TestClient(app, raise_server_exceptions=False)


def test_snippets_are_the_copys_own(client):
    body = client.get(f"{PUBLIC}/search", params={"q": "iluminat"}).json()
    assert (body["total"], body["hits"][0]["document"]) == (1, COPY)
    assert body["hits"][0]["snippet"] == "«iluminatul» public al comunei"
    staff = client.get("/api/v1/search", params={"q": "iluminat", "role": "public"}).json()
    assert staff == body


def test_a_hit_without_its_copy_is_none(client, embedded):
    (embedded.settings.layout.unit(B).public_copy(COPY) / ALTO / "0001.xml").unlink()
    answer = find(embedded.settings, embedded.open(), "iluminat", role="public")
    assert answer.hits == ()


def test_record_file_and_picture_of_the_copy(client):
    record = client.get(f"{PUBLIC}/documents/{COPY}").json()
    assert record["anonymised"]
    assert record["fields"] == {"type": "hotărâre", "number": "25"}
    assert client.get(record["pdf"]).content == b"%PDF-1.7 copy"
    shown = client.get(record["pages"][0]["image"], params={"highlight": "x"})
    assert shown.content == f"{COPY}.1 x".encode()


@pytest.mark.parametrize("path", ["documents/{}", "documents/{}/pdf", "pages/{}.1/image"])
def test_hidden_and_unknown_are_the_same_to_the_byte(client, path):
    hidden = client.get(f"{PUBLIC}/{path.format(SECRET)}")
    unknown = client.get(f"{PUBLIC}/{path.format('x' * len(SECRET))}")
    assert hidden.status_code == unknown.status_code == 404
    told = [json.loads(a.text.replace(SECRET, "x" * len(SECRET))) for a in (hidden, unknown)]
    assert told[0] == told[1]
    assert client.get(f"/api/v1/{path.format(SECRET)}").status_code == 200


def test_the_role_cannot_be_chosen_from_outside(client):
    asked = {"q": "iluminat", "role": "staff"}
    assert client.get(f"{PUBLIC}/search", params=asked).status_code == 400

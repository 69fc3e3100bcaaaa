"""Who sees what of documents, pages and units; what is noted; that hidden and missing are alike."""

import re
from dataclasses import replace
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from schemas.access import ANONYMOUS, PUBLIC_SCOPE, Caller, Role
from schemas.public import ALTO, RECORD
from search.finding import find
from tests.search.caller_samples import ARCHIVIST, WITH_PURPOSE
from tests.search.web.web_samples import (
    ELSEWHERE,
    OTHER,
    PUBLIC,
    REDACTED,
    SECRET,
    UNIT,
    archive_in,
    fill,
    served,
)

TAXES = Caller(Role.CLERK, "functionar", ("Primăria",), ("Taxe",))
PORTAL = Caller(Role.PORTAL, "svu")
PARTS = ("", "/pdf", "/manifest", "/similar")
PAGE_PARTS = ("", "/image", "/text")


def addresses(document):
    yield from (f"/documents/{document}{part}" for part in PARTS)
    yield from (f"/pages/{document}.1{part}" for part in PAGE_PARTS)
    yield f"/iiif/{document}.1"
    yield f"/iiif/{document}.1/info.json"
    yield f"/iiif/{document}.1/full/max/0/default.jpg"


def alike(answer, ident):
    """Everything that is told, the id that was asked for taken out."""
    headers = {k: v for k, v in answer.headers.items() if k not in {"date", "x-request-id"}}
    kept = {k: v for k, v in headers.items() if not k.startswith("ratelimit-")}
    return answer.status_code, answer.text.replace(ident or "-", "ID"), kept


@pytest.mark.parametrize("prefix", ["/api/v1", "/api/v1/public"])
@pytest.mark.parametrize("caller", [None, PORTAL])
def test_hidden_and_missing_are_the_same_answer(site, prefix, caller):
    if caller:
        site.noted(caller)
    missing = "n" * len(SECRET)
    for hidden, unknown in zip(addresses(SECRET), addresses(missing), strict=True):
        one, other = site.client.get(prefix + hidden), site.client.get(prefix + unknown)
        assert one.status_code == 404, hidden
        assert alike(one, SECRET) == alike(other, missing), hidden
    for hidden, unknown in ((f"/units/{OTHER}", f"/units/{'x' * len(OTHER)}"),):
        one, other = site.client.get(prefix + hidden), site.client.get(prefix + unknown)
        assert one.status_code == 404
        assert alike(one, OTHER) == alike(other, "x" * len(OTHER))


@pytest.mark.parametrize("page", ["/d/{}/p/1", "/d/{}/p/1/text"])
def test_pages_of_hidden_and_missing_documents_are_the_same(site, page):
    one = site.client.get(page.format(SECRET))
    other = site.client.get(page.format("n" * len(SECRET)))
    assert one.status_code == 404
    assert alike(one, SECRET) == alike(other, "n" * len(SECRET))


@pytest.mark.parametrize("caller", [None, PORTAL, TAXES, ARCHIVIST])
def test_public_copies_are_everybodys(site, caller):
    if caller:
        site.noted(caller)
    for document in (PUBLIC, REDACTED):
        for address in addresses(document):
            answer = site.client.get(f"/api/v1/public{address}", follow_redirects=False)
            assert answer.status_code in {200, 303}, address
            assert answer.headers["cache-control"] == "public, no-cache"
    told = site.client.get(f"/api/v1/public/documents/{REDACTED}").json()
    assert told["anonymised"]
    assert "regime" not in told


def test_the_public_space_is_the_same_for_staff(site):
    paths = ("/search?q=parcare", f"/documents/{REDACTED}", f"/pages/{REDACTED}.1/text")
    before = [site.client.get(f"/api/v1/public{path}") for path in paths]
    site.noted(WITH_PURPOSE)
    after = [site.client.get(f"/api/v1/public{path}") for path in paths]
    assert [alike(a, "") for a in before] == [alike(a, "") for a in after]
    assert "Ionescu" not in "".join(answer.text for answer in after)


def test_an_anonymised_document_is_its_copy_outside_and_its_record_inside(site):
    outside = site.client.get(f"/api/v1/pages/{REDACTED}.1/text").text
    noted = site.noted(ARCHIVIST)
    inside = site.client.get(f"/api/v1/pages/{REDACTED}.1/text").text
    assert "[date acoperite]" in outside
    assert "Ionescu" not in outside
    assert "Ionescu" in inside
    assert noted.rows == [("archivist", "arhivar", "view", f"{REDACTED}.1", "")]


def test_a_public_record_is_seen_without_a_note(site):
    noted = site.noted(ARCHIVIST)
    told = site.client.get(f"/api/v1/documents/{PUBLIC}").json()
    assert (told["regime"], told["number"]) == ("public", 2)
    assert noted.rows == []


@pytest.mark.parametrize("address", list(addresses(SECRET)))
def test_a_restricted_record_takes_a_purpose_and_is_noted(site, address):
    noted = site.noted(ARCHIVIST)
    refused = site.client.get(f"/api/v1{address}", follow_redirects=False)
    assert (refused.status_code, refused.json()["code"]) == (403, "purpose-needed")
    assert noted.rows == []
    noted = site.noted(WITH_PURPOSE)
    answer = site.client.get(f"/api/v1{address}", follow_redirects=False)
    assert answer.status_code in {200, 303}
    assert answer.headers["cache-control"] == "private, no-store"
    ((role, name, action, subject, purpose),) = noted.rows
    assert (role, name, action, purpose) == ("archivist", "arhivar", "view", "archive")
    assert subject in {SECRET, f"{SECRET}.1"}


def test_one_look_at_a_picture_is_one_view(site):
    noted = site.noted(WITH_PURPOSE)
    site.client.get(f"/d/{SECRET}/p/1")
    site.client.get(f"/api/v1/pages/{SECRET}.1/image")
    for part in ("0,0,300,300", "300,0,300,300", "0,300,300,300"):
        site.client.get(f"/api/v1/iiif/{SECRET}.1/{part}/max/0/default.jpg")
    assert [row[3] for row in noted.rows] == [f"{SECRET}.1"]
    noted = site.noted(replace(WITH_PURPOSE, purpose="court 4817/2026"))
    site.client.get(f"/api/v1/pages/{SECRET}.1/image")
    assert len(noted.rows) == 1


def test_beyond_their_reach_staff_see_what_everybody_sees(site):
    site.noted(TAXES)
    assert site.client.get(f"/api/v1/documents/{SECRET}").status_code == 404
    assert site.client.get(f"/d/{SECRET}/p/1").status_code == 404
    told = site.client.get(f"/api/v1/documents/{REDACTED}").json()
    assert told["anonymised"]
    assert "Ionescu" not in site.client.get(f"/d/{REDACTED}/p/1").text
    refused = site.client.get(f"/api/v1/documents/{ELSEWHERE}")
    assert refused.json()["code"] == "purpose-needed"


def test_a_unit_shows_everybody_its_public_documents_and_no_gap(site):
    told = site.client.get(f"/api/v1/units/{UNIT}").json()
    assert [one["id"] for one in told["documents"]] == [REDACTED, PUBLIC]
    assert set(told) == {"id", "fond", "cota", "documents", "manifest"}
    assert not {"first_leaf", "pages", "leaf"} & set(told["documents"][0])
    assert told["documents"][0]["number"] == ""
    page = site.client.get(f"/u/{UNIT}").text
    assert "Hotărâre nr. 25" in page
    assert not re.search("fila|anchetă|Nr\\.</th>", page)
    manifest = site.client.get(f"/api/v1/units/{UNIT}/manifest").text
    assert SECRET not in manifest
    assert "fila" not in manifest


def test_a_unit_shows_staff_its_list(site):
    noted = site.noted(ARCHIVIST)
    told = site.client.get(f"/api/v1/units/{UNIT}").json()
    assert [one["number"] for one in told["documents"]] == [1, 2, 3]
    assert [one["purpose_needed"] for one in told["documents"]] == [True, False, False]
    assert told["documents"][0]["type"] == ""
    assert [row[3] for row in noted.rows] == [UNIT]
    assert "fila" not in site.client.get(f"/u/{UNIT}").text.split("<table>")[0]


def test_a_clerk_sees_no_document_of_another_department_in_a_list(site):
    site.noted(TAXES)
    assert [d["id"] for d in site.client.get(f"/api/v1/units/{OTHER}").json()["documents"]] == [
        ELSEWHERE
    ]
    assert "purpose_needed" not in site.client.get(f"/api/v1/units/{UNIT}").text


def test_searches_reach_what_the_caller_may_see(site):
    asked = {"q": "iluminat"}
    outside = site.client.get("/api/v1/search", params=asked).json()
    site.noted(TAXES)
    clerk = site.client.get("/api/v1/search", params=asked).json()
    noted = site.noted(ARCHIVIST)
    inside = site.client.get("/api/v1/search", params=asked).json()
    assert [hit["document"] for hit in outside["hits"]] == [PUBLIC]
    assert clerk["hits"] == []
    assert {hit["document"] for hit in inside["hits"]} == {PUBLIC, SECRET}
    secret = next(hit for hit in inside["hits"] if hit["document"] == SECRET)
    assert (secret["snippet"], secret["boxes"]) == ("", [])
    assert noted.rows == []
    noted = site.noted(WITH_PURPOSE)
    told = site.client.get("/api/v1/search", params=asked).json()["hits"]
    assert "iluminatul" in next(hit for hit in told if hit["document"] == SECRET)["snippet"]
    assert [row[2:] for row in noted.rows] == [("search", f"{SECRET}.1", "archive")]


def test_an_answer_that_shows_words_of_several_records_is_one_entry(site):
    noted = site.noted(WITH_PURPOSE)
    for address in (
        "/api/v1/search?fond=Primăria",
        "/cautare?fond=Primăria",
        "/api/v1/public/search?fond=Primăria",
    ):
        site.client.get(address)
    listed, grouped = (row for row in noted.rows)
    assert listed[2:] == grouped[2:]
    assert set(listed[3].split(",")) == {f"{SECRET}.1", f"{REDACTED}.1", f"{ELSEWHERE}.1"}
    noted = site.noted(ARCHIVIST)
    site.client.get("/api/v1/search?fond=Primăria")
    assert [row[2:] for row in noted.rows] == [("search", f"{REDACTED}.1", "")]


def test_what_waits_for_publication_is_noted_as_not_public(site):
    copy = site.archive.settings.layout.unit(UNIT).public_copy(PUBLIC)
    record = (copy / RECORD).read_bytes()
    (copy / RECORD).unlink()
    noted = site.noted(ARCHIVIST)
    site.client.get("/api/v1/search?q=crinului")
    (copy / RECORD).write_bytes(record)
    site.client.get("/api/v1/search?q=crinului")
    assert [row[3] for row in noted.rows] == [f"{PUBLIC}.2"]


def test_suggestions_and_likeness_are_of_what_the_caller_may_find(site):
    def told(q):
        return [s["text"] for s in site.client.get(f"/api/v1/suggest?q={q}").json()["suggestions"]]

    assert "popescu" not in told("pope")
    assert any("parcare" in text for text in told("parc"))
    site.noted(ARCHIVIST)
    assert any("popescu" in text for text in told("pope"))


@settings(deadline=None, max_examples=40, suppress_health_check=list(HealthCheck))
@given(ident=st.text(min_size=1, max_size=30), query=st.text(max_size=30))
def test_no_address_is_an_error_of_the_server(site, ident, query):
    named = quote(ident.encode("utf-8", "replace"), safe="")
    asked = {"q": query.encode("utf-8", "replace").decode()}
    for caller in (ANONYMOUS, WITH_PURPOSE):
        site.noted(caller)
        for address in (f"/u/{named}", f"/d/{named}/p/1", f"/d/{PUBLIC}/p/{named}/text"):
            assert site.client.get(address, params=asked).status_code in {200, 404}, address


def test_a_hit_without_its_copy_is_none(tmp_path):
    with archive_in(tmp_path) as archive:
        fill(archive)
        (archive.settings.layout.unit(UNIT).public_copy(REDACTED) / ALTO / "0001.xml").unlink()
        answer = find(archive.settings, archive.open(), "parcare", scope=PUBLIC_SCOPE)
        assert answer.hits == ()


def test_a_copy_that_was_withdrawn_is_as_one_that_never_was(tmp_path):
    with archive_in(tmp_path) as archive:
        site = served(archive)
        address = f"/api/v1/pages/{PUBLIC}.1/image"
        assert site.client.get(address).status_code == 200
        backend = archive.open(write=True)
        backend.replace_unit(UNIT, (), role="public")
        backend.commit()
        assert site.client.get(address).status_code == 404
        assert site.client.get(f"/d/{PUBLIC}/p/1").status_code == 404


def test_the_role_cannot_be_chosen_from_outside(site):
    for prefix in ("/api/v1", "/api/v1/public"):
        asked = {"q": "iluminat", "role": "staff"}
        assert site.client.get(f"{prefix}/search", params=asked).status_code == 400

"""Entity tags, ranges, caching and cursors of all that the API gives."""

import pytest

from schemas.access import Caller, Role
from search.web.answers import is_known
from tests.search.caller_samples import WITH_PURPOSE
from tests.search.web.web_samples import PDF_BYTES, PUBLIC, SECRET, UNIT

ALL = {"fond": "Primăria"}
TAGGED = (
    "/api/v1/search?q=iluminat",
    f"/api/v1/documents/{PUBLIC}",
    f"/api/v1/documents/{PUBLIC}/pdf",
    f"/api/v1/documents/{PUBLIC}/manifest",
    f"/api/v1/documents/{PUBLIC}/similar",
    f"/api/v1/units/{UNIT}",
    f"/api/v1/units/{UNIT}/manifest",
    f"/api/v1/pages/{PUBLIC}.1",
    f"/api/v1/pages/{PUBLIC}.1/image",
    f"/api/v1/pages/{PUBLIC}.1/text",
    f"/api/v1/pages/{PUBLIC}.1/text?format=plain",
    f"/api/v1/iiif/{PUBLIC}.1/info.json",
    f"/api/v1/iiif/{PUBLIC}.1/square/50,/0/default.jpg",
    f"/api/v1/public/documents/{PUBLIC}",
    "/api/v1/suggest?q=ilum",
    "/",
    f"/d/{PUBLIC}/p/1",
    f"/u/{UNIT}",
)


@pytest.mark.parametrize("address", TAGGED)
def test_what_is_known_by_its_tag_is_not_sent_again(site, address):
    first = site.client.get(address)
    tag = first.headers["etag"]
    for sent in (tag, f'"other", {tag}', f"W/{tag}", "*"):
        again = site.client.get(address, headers={"If-None-Match": sent})
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["etag"] == tag
        assert again.headers["cache-control"] == first.headers["cache-control"]
    assert site.client.get(address, headers={"If-None-Match": '"other"'}).status_code == 200


@pytest.mark.parametrize("address", TAGGED)
def test_who_may_keep_an_answer_is_told(site, address):
    outside = site.client.get(address).headers
    site.noted(WITH_PURPOSE)
    inside = site.client.get(address).headers
    assert outside["cache-control"] == "public, no-cache"
    if "/public/" in address:
        assert inside["cache-control"] == "public, no-cache"
        assert "Cookie" not in outside.get("vary", "")
    else:
        assert inside["cache-control"].startswith("private, ")
        assert {"Authorization", "Cookie", "X-API-Key"} <= set(outside["vary"].split(", "))


def test_tags_tell_what_differs(site):
    address = f"/api/v1/pages/{PUBLIC}.1/image"
    plain, marked = (site.client.get(address + query) for query in ("", "?highlight=iluminat"))
    assert plain.headers["etag"] != marked.headers["etag"]
    one = site.client.get(f"/api/v1/documents/{PUBLIC}").headers["etag"]
    site.noted(Caller(Role.JURIST, "jurist"))
    assert site.client.get(f"/api/v1/documents/{PUBLIC}").headers["etag"] != one


@pytest.mark.parametrize(
    ("sent", "status", "content"),
    [
        ("bytes=0-7", 206, PDF_BYTES[:8]),
        ("bytes=-4", 206, PDF_BYTES[-4:]),
        (f"bytes={len(PDF_BYTES) - 2}-", 206, PDF_BYTES[-2:]),
        (f"bytes={len(PDF_BYTES) + 5}-", 416, b""),
    ],
)
def test_parts_of_a_file_are_served(site, sent, status, content):
    answer = site.client.get(f"/api/v1/documents/{PUBLIC}/pdf", headers={"Range": sent})
    assert (answer.status_code, answer.content) == (status, content)
    assert "content-range" in answer.headers


def test_a_part_of_a_file_that_changed_is_the_whole_file(site):
    address = f"/api/v1/documents/{PUBLIC}/pdf"
    tag = site.client.get(address).headers["etag"]
    kept, changed = (
        site.client.get(address, headers={"Range": "bytes=0-3", "If-Range": sent})
        for sent in (tag, '"other"')
    )
    assert (kept.status_code, changed.status_code) == (206, 200)
    assert changed.content == PDF_BYTES


def test_a_head_is_a_get_without_its_body(site):
    for address in (f"/api/v1/documents/{PUBLIC}/pdf", f"/api/v1/pages/{PUBLIC}.1/image"):
        whole, head = site.client.get(address), site.client.head(address)
        assert (head.status_code, head.content) == (200, b"")
        assert head.headers["content-length"] == str(len(whole.content))


def test_a_cursor_leads_through_all_hits_once(site):
    site.noted(WITH_PURPOSE)
    seen, cursor = [], ""
    for _ in range(10):
        asked = {**ALL, "limit": 2, "sort": "place", "cursor": cursor}
        told = site.client.get("/api/v1/search", params=asked).json()
        seen += [(hit["document"], hit["page"]) for hit in told["hits"]]
        cursor = told["next_cursor"]
        if not cursor:
            break
    whole = site.client.get("/api/v1/search", params={**ALL, "sort": "place", "limit": 100}).json()
    assert seen == [(hit["document"], hit["page"]) for hit in whole["hits"]]
    assert len(seen) == len(set(seen)) == whole["total"] == 5


def test_a_cursor_of_groups_counts_groups(site):
    asked = {**ALL, "limit": 1, "group": "document"}
    first = site.client.get("/api/v1/search", params=asked).json()
    asked["cursor"] = first["next_cursor"]
    second = site.client.get("/api/v1/search", params=asked).json()
    assert (first["groups"], first["total"]) == (2, 3)
    assert first["hits"][0]["document"] != second["hits"][0]["document"]
    assert second["next_cursor"] == ""


@pytest.mark.parametrize("cursor", ["x", "MQ", "Mi5hYmNkZWYwMTIzNDU", "ăî", "A" * 100, "MS4="])
def test_a_cursor_of_something_else_is_refused(site, cursor):
    answer = site.client.get("/api/v1/search", params={"q": "iluminat", "cursor": cursor})
    assert (answer.status_code, answer.json()["code"]) == (400, "cursor-invalid")


def test_a_cursor_belongs_to_its_search_and_its_index(site):
    asked = {**ALL, "limit": 1}
    cursor = site.client.get("/api/v1/search", params=asked).json()["next_cursor"]
    other = site.client.get("/api/v1/search", params={"limit": 2, "cursor": cursor})
    site.noted(WITH_PURPOSE)
    inside = site.client.get("/api/v1/search", params={**asked, "cursor": cursor})
    assert other.json()["code"] == inside.json()["code"] == "cursor-invalid"


def test_a_page_tells_where_its_parts_are(site):
    site.noted(WITH_PURPOSE)
    told = site.client.get(f"/api/v1/pages/{SECRET}.1").json()
    assert (told["document"], told["document_page"], told["width"]) == (SECRET, 1, 620)
    for part in (told["image"], told["text"], told["iiif"]):
        assert site.client.get(part).status_code == 200


def test_text_is_html_with_headings_and_marks(site):
    html = site.client.get(f"/api/v1/pages/{PUBLIC}.1/text?highlight=iluminat").text
    plain = site.client.get(f"/api/v1/pages/{PUBLIC}.1/text?format=plain").text
    assert '<html lang="ro">' in html
    assert "<mark>iluminatul</mark>" in html
    assert plain.startswith("HOTĂRÂRE")


class _Asked:
    def __init__(self, sent):
        self.headers = {"if-none-match": sent}


def test_tags_are_compared_whole():
    assert not is_known(_Asked('"abcd"'), '"abc"')
    assert not is_known(_Asked(""), '"abc"')
    assert is_known(_Asked('"x", W/"abc"'), '"abc"')

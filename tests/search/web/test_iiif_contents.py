"""Searching within a document or unit by IIIF Content Search 2.0: words with their places on canvases."""

from urllib.parse import parse_qs, urlsplit

import pytest
from iiif_prezi3 import AnnotationPage, Manifest

from schemas.printed import printed_page
from search.highlight import matches
from search.query import parse
from search.web.iiif import contents
from tests.search.caller_samples import WITH_PURPOSE
from tests.search.index_samples import word_box, words_of
from tests.search.web.web_samples import ELSEWHERE, OTHER, PUBLIC, REDACTED, SECRET, UNIT

BASE = "http://testserver/api/v1"
CONTEXT = "http://iiif.io/api/search/2/context.json"


def asked(site, address, q="", **more):
    answer = site.client.get(address, params={"q": q, **more})
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == f'application/ld+json;profile="{CONTEXT}"'
    told = answer.json()
    assert (told["@context"], told["type"]) == (CONTEXT, "AnnotationPage")
    AnnotationPage(**told)
    return told


def targets(told):
    return [one["target"] for one in told["items"]]


def spot(line, first, last=None):
    a, b = word_box(line, first), word_box(line, first if last is None else last)
    return f"#xywh={a.x},{a.y},{b.x + b.w - a.x},{a.h}"


@pytest.mark.parametrize("prefix", ["/api/v1", "/api/v1/public"])
@pytest.mark.parametrize("path", [f"documents/{PUBLIC}", f"units/{UNIT}"])
def test_a_manifest_names_the_service_whose_targets_are_its_canvases(site, prefix, path):
    manifest = site.client.get(f"{prefix}/{path}/manifest").json()
    Manifest(**manifest)
    (service,) = manifest["service"]
    assert service == {"id": f"http://testserver{prefix}/{path}/search", "type": "SearchService2"}
    told = asked(site, service["id"], "iluminat public crinului")
    assert targets(told) == []
    told = asked(site, service["id"], "iluminatul SAU crinului")
    canvases = {one["id"]: one for one in manifest["items"]}
    assert {one.partition("#")[0] for one in targets(told)} <= set(canvases)
    assert len({one.partition("#")[0] for one in targets(told)}) == 2
    for one in targets(told):
        canvas, _, fragment = one.partition("#xywh=")
        x, y, w, h = map(int, fragment.split(","))
        assert min(x, y) >= 0 < min(w, h)
        assert canvas in canvases


def test_words_side_by_side_are_one_match_with_what_stands_around(site):
    told = asked(site, f"/api/v1/documents/{PUBLIC}/search", "iluminat public")
    canvas = f"{BASE}/pages/{PUBLIC}.1/canvas"
    assert targets(told) == [canvas + spot(1, 1, 2)]
    (item,) = told["items"]
    assert (item["body"]["value"], item["motivation"]) == ("iluminatul public", "supplementing")
    (around,) = told["annotations"][0]["items"]
    assert (around["motivation"], around["target"]["source"]) == ("contextualizing", item["id"])
    assert around["target"]["selector"] == [
        {
            "type": "TextQuoteSelector",
            "prefix": "HOTĂRÂRE privind ",
            "exact": "iluminatul public",
            "suffix": " al comunei",
        }
    ]
    assert parse_qs(urlsplit(told["id"]).query) == {"q": ["iluminat public"]}


def test_what_is_told_are_the_copys_words(site):
    address = f"/api/v1/units/{UNIT}/search"
    assert len(targets(asked(site, address, "parcare"))) == 1
    for hidden in ("Ionescu", "Popescu", "anchetă"):
        assert asked(site, address, hidden)["items"] == []
    assert "annotations" not in asked(site, address, "Ionescu")


def test_nothing_but_public_copies_answers_whoever_asks(site):
    for caller in (None, WITH_PURPOSE):
        if caller:
            site.noted(caller)
        told = []
        for ident in (SECRET, ELSEWHERE, "nimic123", "x%00", "../x"):
            for prefix in ("/api/v1", "/api/v1/public"):
                answer = site.client.get(f"{prefix}/documents/{ident}/search", params={"q": "a"})
                assert answer.status_code == 404
                told.append(answer.json()["code"])
        assert set(told) <= {"unit-missing", "address-unknown"}
        for ident in (OTHER, "ua-nimic999"):
            answer = site.client.get(f"/api/v1/units/{ident}/search?q=impozit")
            assert (answer.status_code, answer.json()["code"]) == (404, "unit-missing")
    inside = site.client.get(f"/api/v1/units/{UNIT}/search?q=Popescu").json()
    assert inside["items"] == []
    assert "service" not in site.client.get(f"/api/v1/documents/{SECRET}/manifest").json()
    assert "service" not in site.client.get(f"/api/v1/units/{UNIT}/manifest").json()


def test_long_answers_come_in_pages(site, monkeypatch):
    monkeypatch.setattr(contents, "_PAGES", 1)
    address, found = f"/api/v1/units/{UNIT}/search", []
    first = asked(site, address, "crinului SAU iluminatul SAU parcare")
    assert first["partOf"]["first"]["id"] == first["id"]
    told = first
    while told:
        found += [one.partition("/canvas")[0].rpartition("/")[2] for one in targets(told)]
        following = told.get("next")
        told = site.client.get(following["id"]).json() if following else None
        if told:
            assert told["id"] == following["id"]
            assert "prev" in told
    assert found == [f"{PUBLIC}.1", f"{PUBLIC}.2", f"{REDACTED}.1"]


def test_of_one_page_so_much_is_told_and_no_more(site, monkeypatch):
    address = f"/api/v1/documents/{PUBLIC}/search"
    assert len(asked(site, address, "strada SAU repară")["items"]) == 2
    monkeypatch.setattr(contents, "_MOST_OF_A_PAGE", 1)
    assert len(asked(site, address, "strada SAU repară")["items"]) == 1


def test_parameters_of_the_specification(site):
    address = f"/api/v1/documents/{PUBLIC}/search"
    for motivation, count in (
        ("supplementing", 1),
        ("painting non-painting", 1),
        ("painting", 0),
        ("commenting tagging", 0),
    ):
        told = asked(site, address, "iluminatul", motivation=motivation)
        assert len(told["items"]) == count, motivation
    told = asked(
        site, address, "iluminatul", user="x", date="2020-01-01T00:00:00Z/2021-01-01T00:00:00Z"
    )
    assert told["ignored"] == ["date", "user"]
    assert len(told["items"]) == 1
    assert asked(site, address)["items"] == asked(site, address, "  ")["items"] == []
    for page in ("0", "-1", "501", "x"):
        assert site.client.get(address, params={"q": "a", "page": page}).status_code == 400


@pytest.mark.parametrize(
    "q", ["((", '"', "\x00", "a" * 900, "tip:", "*", "unit:x SAU iluminatul", "\U0001f600", "a*", "-strada"]
)  # fmt: skip
def test_whatever_is_typed_is_answered(site, q):
    told = asked(site, f"/api/v1/units/{UNIT}/search", q)
    assert {one.partition("/canvas")[0].rpartition("/")[2] for one in targets(told)} <= {
        f"{PUBLIC}.1",
        f"{PUBLIC}.2",
        f"{REDACTED}.1",
    }


def test_a_known_answer_is_not_sent_again(site):
    address = f"/api/v1/public/documents/{PUBLIC}/search?q=iluminatul"
    answer = site.client.get(address)
    assert answer.headers["Cache-Control"] == "public, no-cache"
    again = site.client.get(address, headers={"If-None-Match": answer.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_words_of_two_lines_are_two_matches():
    page = printed_page(words_of("despre iluminatul\npublic al comunei"))
    found = matches(page, parse('"iluminatul public"'), 1)
    assert [(one.exact, one.prefix, one.suffix) for one in found] == [
        ("iluminatul", "despre ", " public"),
        ("public", "iluminatul ", " al"),
    ]
    assert [one.box for one in found] == [word_box(0, 1), word_box(1, 0)]
    assert matches(page, parse("nimic")) == ()

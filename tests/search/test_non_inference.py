"""Nobody outside can tell an archive with hidden documents from one without them."""

from itertools import product
from secrets import token_hex

import pytest
from lxml import html

from pipeline.ledger import open_ledger
from search.access.gate import PUBLIC, RECORD, endpoints
from search.backend import open_backend
from search.query import parse
from tests.search.portal_samples import client_of
from tests.search.two_archives import (
    CLOSED,
    COPIED,
    GONE,
    HIDDEN_DOCUMENT,
    MIXED,
    OPEN,
    PUBLIC_DOCUMENT,
    WITHDRAWN,
    WORDS,
    application,
    two_archives,
    undated,
)

pytestmark = pytest.mark.slow
APART = {"x-request-id", "date"}
DOCUMENTS = (PUBLIC_DOCUMENT, COPIED, WITHDRAWN, HIDDEN_DOCUMENT, "docprop5", "nimic123")
UNITS = (OPEN, MIXED, GONE, CLOSED, "ua-nimic999")
QUERIES = (
    *WORDS,
    "ascunsu", "Vasilesku", "tainik", "asc*", "ilumin", "strada crinului", '"strada crinului"',
    "+ascunsul strada", "strada -ascunsul", "type:decizie", "fond:ascuns", "an:1951", "1951",
    "4 martie 1951", "parcarea", "", "((", '"', "tip:", "a" * 300,
)  # fmt: skip
FILTERS = (
    {}, {"type": "decizie tainică"}, {"fond": "Fond ascuns"}, {"year": "1951"}, {"unit": CLOSED},
    {"document": HIDDEN_DOCUMENT}, {"document": WITHDRAWN}, {"regime": "restricted"},
    {"sort": "date"}, {"sort": "-date"}, {"group": "unit"}, {"group": "document"},
    {"limit": "1"}, {"limit": "0"}, {"cursor": "x"}, {"role": "staff"}, {"page": "2"},
)  # fmt: skip
STATIONS = ("/api/v1/stations", "/api/v1/stations/S1", "/personal/statii", "/personal/audit")
CLOSED_TO_ALL = (
    *("/api/v1/requests", "/api/v1/requests/C-2026-00001", "/api/v1/saved-searches", "/metrics"),
    *("/api/v1/accounts", "/api/v1/audit", "/api/v1/units", "/api/v1/documents", "/api/v1/me"),
)


@pytest.fixture(
    scope="module",
    params=["embedded", pytest.param("elasticsearch", marks=pytest.mark.services)],
)
def both(request, tmp_path_factory):
    """A client of each archive: without and with hidden documents; with each backend."""
    place = tmp_path_factory.mktemp("two")
    if request.param == "elasticsearch":
        url = request.getfixturevalue("elasticsearch_url")
        two = two_archives(place, url, f"opis-two-{token_hex(4)}")
    else:
        two = two_archives(place)
    local = {"metrics": "local"}
    with open_ledger(two.absent) as a, open_ledger(two.present) as b:
        applications = application(two.absent, a, **local), application(two.present, b, **local)
        yield tuple(client_of(one) for one in applications), two


def told(answer):
    headers = [(k, v) for k, v in answer.headers.multi_items() if k not in APART]
    return answer.status_code, sorted(headers), undated(answer)


def assert_same(both, method, url, **more):
    clients, _ = both
    absent, present = (client.request(method, url, **more) for client in clients)
    assert told(absent) == told(present), (method, url, more)
    assert absent.status_code != 500, (method, url, more)
    return present


def step(both, remote):
    """Over Elasticsearch, which is slower, one in so many is compared."""
    return remote if both[1].remote else 1


def addresses():
    """Every declared address that anybody may ask, with every id that there is or is not."""
    for endpoint in endpoints().values():
        if endpoint.method == "GET" and endpoint.kind in {PUBLIC, RECORD}:
            wanted = {
                "{document}": DOCUMENTS,
                "{unit}": UNITS,
                "{page}": [f"{d}.{n}" for d in DOCUMENTS for n in (1, 2)],
                "{n}": ("1", "2"),
                "{region}": ("full", "0,0,10,10"),
                "{size}": ("max", "1,"),
                "{rotation}": ("0",),
                "{quality}": ("default",),
                "{format}": ("jpg",),
                "{number}": ("C-2026-00001",),
            }
            names = [name for name in wanted if name in endpoint.path]
            for values in product(*(wanted[name] for name in names)):
                path = endpoint.path
                for name, value in zip(names, values, strict=True):
                    path = path.replace(name, value)
                yield path


def test_the_hidden_documents_are_there(both):
    """Without this nothing else here would mean anything."""
    _, two = both
    for settings, hits in ((two.absent, 0), (two.present, 3)):
        backend = open_backend(settings)
        assert backend.search(parse("ascunsul"), {}).total == hits
        backend.close()


def test_every_address_with_every_id(both):
    seen = list(addresses())
    assert len(seen) > 150
    seen = seen[:: step(both, 5)]
    statuses = {assert_same(both, "GET", path).status_code for path in seen}
    assert {200, 404} <= statuses


@pytest.mark.parametrize(("address", "each"), [("/api/v1/search", 1), ("/api/v1/public/search", 4)])
def test_every_search(both, address, each):
    every = [*product(QUERIES, FILTERS[::each])]
    for query, given in every[:: step(both, 11)]:
        assert_same(both, "GET", address, params={"q": query, **given})
    for word in WORDS[: -1 : step(both, 4)]:
        for language in ("ro", "en"):
            headers = {"Accept-Language": language}
            assert_same(both, "GET", address, params={"q": word}, headers=headers)


def test_suggestions_pages_and_feeds(both):
    for query in QUERIES[:: step(both, 5)]:
        for address in ("/api/v1/suggest", "/api/v1/public/suggest"):
            for n in (2, 4, len(query)):
                assert_same(both, "GET", address, params={"q": query[:n]})
        for parameters in ({}, {"fond": "Fond ascuns"}, {"tip": "decizie tainică"}, {"an": "1951"}):
            asked = {"q": query, **parameters}
            assert_same(both, "GET", "/cautare.atom", params=asked)
            page = assert_same(both, "GET", "/cautare", params=asked)
            if query == "iluminatul" and not parameters:
                assert html.fromstring(page.text).xpath("//mark")


def test_files_with_ranges_and_tags(both):
    for document, path in product(
        DOCUMENTS, ("/api/v1/documents/{}/pdf", "/api/v1/public/documents/{}/pdf")
    ):
        url = path.format(document)
        for value in ("bytes=0-3", "bytes=-4", "bytes=5-", "bytes=900-", "x"):
            assert_same(both, "GET", url, headers={"Range": value})
        tag = assert_same(both, "GET", url).headers.get("etag", '"x"')
        assert_same(both, "GET", url, headers={"If-None-Match": tag})
        assert_same(both, "GET", url, headers={"If-Range": tag, "Range": "bytes=0-2"})
        assert_same(both, "GET", f"/d/{document}/p/1", params={"q": "ascunsul"})


def test_other_methods(both):
    paths = [*sorted(set(addresses()))[::7], "/api/v1/requests", "/cerere", "/nimic"]
    methods = ("HEAD", "OPTIONS", "POST", "PUT", "DELETE", "PATCH")
    for path, method in [*product(paths, methods)][:: step(both, 7)]:
        if (method, path) not in {("POST", "/api/v1/requests"), ("POST", "/cerere")}:
            assert_same(both, method, path)


def test_changes(both):
    first = assert_same(both, "GET", "/api/v1/changes", params={"limit": 2}).json()
    rest = assert_same(both, "GET", "/api/v1/changes", params={"cursor": first["cursor"]}).json()
    documents = [change["document"] for change in first["changes"] + rest["changes"]]
    assert documents == [PUBLIC_DOCUMENT, COPIED, WITHDRAWN]
    for cursor in ("x", "0.1", first["cursor"] + "9"):
        assert_same(both, "GET", "/api/v1/changes", params={"cursor": cursor})


def test_harvesting(both):
    listed = {"metadataPrefix": "oai_dc"}
    calls = [{"verb": verb, **listed} for verb in ("ListRecords", "ListIdentifiers")]
    calls += [{**calls[0], "set": name} for name in ("primaria", "fond-ascuns", "nimic")]
    calls += [{**calls[0], "from": "1951-01-01", "until": "2031-01-01"}, {**calls[0], "from": "x"}]
    for document in DOCUMENTS:
        one = {"identifier": f"urn:opis:document:{document}"}
        calls += [{"verb": "GetRecord", **listed, **one}, {"verb": "ListMetadataFormats", **one}]
    calls += [{"verb": verb} for verb in ("Identify", "ListSets", "ListMetadataFormats", "x")]
    for call in calls:
        answer = assert_same(both, "GET", "/oai", params=call)
        assert_same(both, "POST", "/oai", data=call)
        tag = answer.headers["etag"]
        assert_same(both, "GET", "/oai", params=call, headers={"If-None-Match": tag})
    found = assert_same(both, "GET", "/oai", params=calls[0]).text
    assert [name in found for name in DOCUMENTS] == [True, True, True, False, False, False]
    assert 'status="deleted"' in found


def test_searching_within(both):
    places = [*product(("documents",), DOCUMENTS), *product(("units",), UNITS)]
    every = [*product(("/api/v1", "/api/v1/public"), places, QUERIES[::3])]
    for prefix, (kind, ident), query in every[:: step(both, 5)]:
        assert_same(both, "GET", f"{prefix}/{kind}/{ident}/search", params={"q": query})
    found = assert_same(both, "GET", f"/api/v1/units/{MIXED}/search", params={"q": "parcarea"})
    assert [one["body"]["value"] for one in found.json()["items"]] == ["parcarea"]
    hidden = assert_same(both, "GET", f"/api/v1/units/{MIXED}/search", params={"q": "Vasilescu"})
    assert hidden.json()["items"] == []


def test_what_is_closed_to_everybody(both):
    for path in (*STATIONS, *CLOSED_TO_ALL, "/openapi.json", "/api/v1/ready", "/cerere/stare"):
        headers = {"X-Forwarded-For": "1.1.1.1"}
        assert_same(both, "GET", path, headers=headers)


def test_a_request_about_a_hidden_document_is_filed_as_about_any(both):
    clients, _ = both
    for document in DOCUMENTS:
        body = {
            "text": f"Cer {document} ascunsul",
            "name": "Ana Pop",
            "contact": "ana@exemplu.ro",
            "document": document,
        }
        answers = [client.post("/api/v1/requests", json=body) for client in clients]
        receipts = [answer.json() for answer in answers]
        if answers[0].status_code != 429:
            for receipt in receipts:
                assert len(receipt.pop("secret")) == 24
        assert receipts[0] == receipts[1]
        forms = [client.get("/cerere", params={"document": document}) for client in clients]
        assert told(forms[0]) == told(forms[1])

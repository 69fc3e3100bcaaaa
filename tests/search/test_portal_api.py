"""Changes, requests, searches kept, feeds, health: as the portal, citizens and staff call them."""

import re
import shutil
from datetime import date

import pytest
from lxml import etree

from flows.publication.feed import note_hidden, note_public
from pipeline.ledger import open_ledger
from pipeline.portal.requests import RequestBook
from schemas.access import Caller, Role
from schemas.errors import ServiceError
from schemas.settings import Settings
from search.backend import open_backend
from search.portal.stores import Stores
from search.web.application import create_app
from search.web.parts import Parts
from tests.search.caller_samples import ARCHIVIST, acting_as
from tests.search.portal_samples import ASKED, client_of, copy_on_disk, portal_app

UNIT = "ua-aaaa0001"
CLERK = Caller(Role.CLERK, "ion", ("Primăria",), ("Urbanism",))
ATOM = {"a": "http://www.w3.org/2005/Atom"}
API = "/api/v1"


@pytest.fixture(scope="module")
def template(tmp_path_factory):
    """An archive with two public documents in one unit, to be copied."""
    settings = Settings(archive=tmp_path_factory.mktemp("portal") / "archive")
    unit = settings.layout.unit(UNIT)
    pages = (
        *copy_on_disk(unit, "docaaaa1", "iluminatul public pe Strada Crinului"),
        *copy_on_disk(unit, "docbbbb2", "parcare pe Strada Crinului", type="", date="2017-01-05"),
    )
    backend = open_backend(settings, write=True)
    backend.replace_unit(UNIT, pages, role="public")
    backend.commit()
    backend.close()
    with open_ledger(settings) as ledger:
        note_public(unit, ledger)
    return settings.archive


@pytest.fixture
def settings(template, tmp_path):
    return Settings(archive=shutil.copytree(template, tmp_path / "archive"))


@pytest.fixture
def ledger(settings):
    with open_ledger(settings) as opened:
        yield opened


@pytest.fixture
def app(settings, ledger):
    return portal_app(settings, ledger, open_backend(settings))


@pytest.fixture
def client(app):
    return client_of(app)


def test_a_mirror_follows_the_changes(client, ledger):
    first = client.get(f"{API}/changes", params={"limit": 1}).json()
    assert first["more"]
    assert first["changes"][0].keys() == {"change", "document", "sha256", "noted", "record"}
    rest = client.get(f"{API}/changes", params={"cursor": first["cursor"]})
    (second,) = rest.json()["changes"]
    assert client.get(second["record"]).json()["pdf_sha256"] == second["sha256"] == "docbbbb2"
    again = client.get(rest.url, headers={"If-None-Match": rest.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    note_hidden(UNIT, ledger)
    after = client.get(f"{API}/changes", params={"cursor": rest.json()["cursor"]}).json()
    assert after["changes"] == [
        {"change": "withdrawn", "document": "docaaaa1"},
        {"change": "withdrawn", "document": "docbbbb2"},
    ]
    assert client.get(f"{API}/public/changes").json()["changes"] == after["changes"]


def test_a_cursor_that_is_none_and_one_that_is_gone(client):
    wrong = client.get(f"{API}/changes", params={"cursor": "x"})
    gone = client.get(f"{API}/changes", params={"cursor": "0123456789ab.1"})
    assert [(r.status_code, r.json()["code"]) for r in (wrong, gone)] == [
        (400, "cursor-invalid"),
        (410, "cursor-gone"),
    ]


def test_a_request_is_filed_followed_and_answered(client, app):
    filed = client.post(f"{API}/requests", json=ASKED)
    assert filed.status_code == 201
    told = filed.json()
    assert filed.headers["Location"] == told["status"] == f"{API}/requests/{told['number']}"
    secret = {"Request-Secret": told["secret"]}
    state = client.get(told["status"], headers=secret).json()
    assert (state["state"], state["due"]) == ("registered", told["due"])
    assert ASKED["contact"] not in str(state)

    noted = acting_as(app, ARCHIVIST)
    (listed,) = client.get(f"{API}/requests").json()["requests"]
    assert listed["asked"] == {**ASKED, "document": ""}
    assert client.post(f"{told['status']}/assignment", json={"to": "ion"}).status_code == 200
    answer = {"outcome": "given", "text": "Iată hotărârea."}
    assert client.post(f"{told['status']}/answer", json=answer).json()["state"] == "answered"
    twice = client.post(f"{told['status']}/answer", json=answer)
    assert (twice.status_code, twice.json()["code"]) == (409, "request-answered")
    assert [row[2] for row in noted.rows] == [
        "request-list",
        "request-assign",
        "request-answer",
    ]
    assert all(ASKED["name"] not in str(row) for row in noted.rows)


def test_only_who_answers_sees_who_asks(client, app):
    number = client.post(f"{API}/requests", json=ASKED).json()["number"]
    address = f"{API}/requests/{number}"
    acting_as(app, CLERK)
    for body in (client.get(f"{API}/requests"), client.get(address)):
        assert body.status_code == 200
        assert not any(value in body.text for value in ASKED.values())
    assert client.post(f"{address}/extension").status_code == 403
    assert client.post(f"{address}/assignment", json={"to": "ion"}).status_code == 403
    acting_as(app, ARCHIVIST)
    client.post(f"{address}/assignment", json={"to": "ion"})
    acting_as(app, CLERK)
    assert client.get(address).json()["asked"]["name"] == ASKED["name"]
    assert client.post(f"{address}/extension").json()["extended"]


def test_other_roles_see_no_request(client, app):
    number = client.post(f"{API}/requests", json=ASKED).json()["number"]
    for role in (Role.AUDITOR, Role.MANAGEMENT, Role.STATION, Role.PORTAL):
        acting_as(app, Caller(role, "x"))
        assert client.get(f"{API}/requests").status_code == 403
        assert client.get(f"{API}/requests/{number}").status_code == 404


def test_a_wrong_secret_is_as_an_unknown_number(client):
    told = client.post(f"{API}/requests", json=ASKED).json()
    wrong = client.get(told["status"], headers={"Request-Secret": "x"})
    unknown = client.get(f"{API}/requests/C-1999-00001", headers={"Request-Secret": "x"})
    assert wrong.status_code == unknown.status_code == 404
    assert wrong.text.replace(told["number"], "?") == unknown.text.replace("C-1999-00001", "?")


def test_a_request_that_cannot_be_is_422_and_its_words_come_not_back(client):
    for body in (
        {},
        {**ASKED, "text": "scurt"},
        {**ASKED, "name": "\x00\x01\x02"},
        {**ASKED, "text": "a" * 5000},
        {**ASKED, "Ana Pop": 1},
        [],
        None,
    ):
        answer = client.post(f"{API}/requests", json=body)
        assert (answer.status_code, answer.json()["code"]) == (422, "parameters-invalid")
        assert "scurt" not in answer.text
        assert "Ana Pop" not in answer.text


def test_requests_of_one_address_are_limited(client):
    codes = [client.post(f"{API}/requests", json=ASKED).status_code for _ in range(7)]
    assert codes == [201] * 6 + [429]
    assert client.post("/cerere", data=ASKED).status_code == 429
    assert client.get(f"{API}/search", params={"q": "iluminat"}).status_code == 200


def test_the_form_works_without_script_and_keeps_what_was_written(client, ledger):
    page = client.get("/cerere", params={"document": '/d/docaaaa1"><script>'})
    assert "<script" not in page.text
    wrong = client.post("/cerere", data={**ASKED, "contact": ""})
    assert wrong.status_code == 422
    assert ASKED["text"] in wrong.text
    assert '<a href="#contact">' in wrong.text
    filed = client.post("/cerere", data=ASKED)
    assert filed.status_code == 201
    number = re.search(r"C-\d{4}-\d{5}", filed.text).group()
    secret = re.search(r"<code>([a-z0-9-]+)</code>", filed.text).group(1)
    book = RequestBook(ledger)
    assert date.fromisoformat(book.one(number).due).strftime("%d.%m.%Y") in filed.text
    shown = client.post("/cerere/stare", data={"number": number.lower(), "secret": secret})
    assert (shown.status_code, "înregistrată" in shown.text) == (200, True)
    assert client.post("/cerere/stare", data={"number": number, "secret": "x"}).status_code == 404


def test_whatever_is_sent_to_the_form_is_answered(client):
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    for body in (b"\xff\xfe", b"&" * 5000, b"text=%ff%fe&name", b""):
        assert client.post("/cerere", content=body, headers=headers).status_code == 422
        assert client.post("/cerere/stare", content=body, headers=headers).status_code == 404


def test_staff_keep_searches_each_their_own(client, app):
    wanted = {"name": "strada mea", "query": "crinului", "filters": {"type": "hotărâre"}}
    assert client.get(f"{API}/saved-searches").status_code == 401
    acting_as(app, CLERK)
    kept = client.post(f"{API}/saved-searches", json=wanted)
    assert kept.status_code == 201
    assert client.get(f"{API}/saved-searches").json()["searches"] == [kept.json()]
    address = f"{API}/saved-searches/{kept.json()['id']}"
    acting_as(app, ARCHIVIST)
    assert client.get(f"{API}/saved-searches").json() == {"searches": []}
    assert client.delete(address).status_code == 404
    acting_as(app, CLERK)
    assert client.delete(address).status_code == 204
    assert client.delete(address).status_code == 404


def entries(answer):
    feed = etree.fromstring(answer.content)
    return feed, feed.xpath("a:entry/a:id/text()", namespaces=ATOM)


def test_a_search_as_a_feed(client, ledger):
    answer = client.get("/cautare.atom", params={"q": "strada crinului"})
    assert answer.headers["content-type"] == "application/atom+xml; charset=utf-8"
    feed, ids = entries(answer)
    assert sorted(ids) == ["urn:opis:document:docaaaa1", "urn:opis:document:docbbbb2"]
    (updated,) = feed.xpath("a:updated/text()", namespaces=ATOM)
    assert updated == max(feed.xpath("a:entry/a:updated/text()", namespaces=ATOM))
    again = client.get(answer.url, headers={"If-None-Match": answer.headers["ETag"]})
    since = client.get(answer.url, headers={"If-Modified-Since": answer.headers["Last-Modified"]})
    assert again.status_code == since.status_code == 304
    assert entries(client.get("/cautare.atom?q=crinului&tip=hotarare"))[1] == [
        "urn:opis:document:docaaaa1"
    ]
    assert entries(client.get("/cautare.atom"))[1] == [
        "urn:opis:document:docbbbb2",
        "urn:opis:document:docaaaa1",
    ]
    note_hidden(UNIT, ledger)
    assert entries(client.get(answer.url))[1] == entries(client.get("/cautare.atom"))[1] == []


def test_a_feed_holds_whatever_is_asked(client):
    for q in ("\x00\x08<&>\ufffe", '"', "a" * 900, "(", "\U0001f600"):
        assert client.get("/cautare.atom", params={"q": q}).status_code in {200, 400}


def test_alive_and_ready(client, settings):
    assert client.get(f"{API}/health").json() == {"status": "ok"}
    ready = client.get(f"{API}/ready").json()
    assert ready == {"status": "ready", "parts": {"index": True, "ledger": True, "disk": True}}

    def unreachable() -> bool:
        raise ServiceError("ledger-unreachable", "db.example/opis")

    probes = {"ledger": unreachable, "disk": lambda: False, "index": lambda: True}
    down = client_of(create_app(Parts(settings, stores=Stores(probes=probes))))
    told = down.get(f"{API}/ready", headers={"Accept-Language": "en"})
    assert (told.status_code, told.json()["code"]) == (503, "not-ready")
    assert "disk, ledger" in told.json()["detail"]
    assert "db.example" not in told.text
    assert down.get(f"{API}/health").status_code == 200


def test_figures_have_no_id_and_no_query_and_are_for_this_machine(client, app):
    client.get(f"{API}/search", params={"q": "crinului"})
    client.get("/d/docaaaa1/p/1", params={"q": "crinului"})
    client.get("/d/ascuns99/p/1")
    client.get("/nimic-din-astea")
    told = client.get("/metrics")
    assert told.status_code == 200
    assert 'route="/d/{document}/p/{n}"' in told.text
    for word in ("crinului", "docaaaa1", "ascuns99", "nimic-din", "127.0.0.1"):
        assert word not in told.text
    assert client.get("/metrics", headers={"X-Forwarded-For": "127.0.0.1"}).status_code == 404
    acting_as(app, Caller(Role.ADMIN, "root"))
    assert client.get("/metrics", headers={"X-Forwarded-For": "1.1.1.1"}).status_code == 200

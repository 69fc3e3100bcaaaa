"""Signing in by form and by JSON, with real accounts: cookies, forged writes, bounded keys, four institutions."""

import re
from contextlib import suppress
from dataclasses import replace
from time import time

import pytest
from fastapi.testclient import TestClient

from flows.portal import stores_of
from pipeline.accounts.desk import AccountDesk
from pipeline.accounts.keys import add_key
from pipeline.accounts.people import Bounds, add_account, change_account
from pipeline.accounts.throttle import Attempt, reserve
from pipeline.audit import chain
from pipeline.audit.noting import Noting
from pipeline.ledger import open_ledger
from schemas.access import Caller, Role
from schemas.errors import AccessError
from schemas.hits import IndexedPage
from search.access.cookies import COOKIE, DEVICE, csrf_of
from search.access.signing.pages import back_to
from search.web.application import create_app
from search.web.parts import Parts
from tests.search.web.web_samples import PUBLIC, SECRET, archive_in, drawn, fill

pytestmark = pytest.mark.slow
PASSWORD = "iluminat-public-25"
SITE = "https://arhiva.example.ro"
FORM = {"nume": "ioana", "parola": PASSWORD, "inapoi": "/cautare?q=x"}
INSTITUTIONS = ("Primăria", "Direcția de taxe", "Asistența socială", "Poliția locală")


def pages_of(institution: str, place: int):
    for n, regime in enumerate(("public", "anonymised", "restricted"), 1):
        department = "Registratură" if regime == "public" else "Control"
        yield IndexedPage(
            f"ua-inst000{place}", f"inst{place}doc{n}", n, 1, "1r", f"Dosarul comun numărul {n}",
            type="cerere", institution=institution, department=department, regime=regime,
        )  # fmt: skip


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    with (
        archive_in(tmp_path_factory.mktemp("signing")) as archive,
        open_ledger(archive.settings) as ledger,
    ):
        fill(archive)
        backend = archive.open(write=True)
        for n, institution in enumerate(INSTITUTIONS):
            backend.replace_unit(f"ua-inst000{n}", tuple(pages_of(institution, n)))
        backend.commit()
        with ledger.writing() as connection:
            add_account(connection, "sef", Role.ADMIN, Bounds(), PASSWORD)
            add_account(connection, "ioana", Role.ARCHIVIST, Bounds(), PASSWORD)
        noting = Noting(ledger, archive.settings)
        desk = AccountDesk(ledger, archive.settings, noting)
        stores = stores_of(archive.settings, ledger, backend)
        parts = Parts(
            archive.settings, drawn, drawn, backend, stores=stores, accounts=desk, audit=noting
        )
        yield ledger, desk, create_app(parts)


@pytest.fixture
def web(place):
    return TestClient(place[2], base_url=SITE, follow_redirects=False)


def signed_in(web) -> str:
    answer = web.post("/personal/intrare", data=FORM, headers={"Origin": SITE})
    assert (answer.status_code, answer.headers["location"]) == (303, "/cautare?q=x")
    kept = answer.headers["set-cookie"]
    assert kept.startswith(f"{COOKIE}=")
    for word in ("HttpOnly", "Secure", "SameSite=lax", "Path=/"):
        assert word in kept
    assert "Domain" not in kept
    return web.cookies[COOKIE]


def test_a_person_signs_in_and_out_by_forms(web):
    assert 'name="parola"' in web.get("/personal/intrare").text
    token = signed_in(web)
    shown = web.get("/personal/intrare").text
    assert "ioana" in shown
    assert token not in shown
    assert web.get("/api/v1/me").json()["role"] == "archivist"
    assert web.post("/personal/iesire", data={"csrf": "x"}).status_code == 403
    out = web.post("/personal/iesire", data={"csrf": csrf_of(token)})
    assert (out.status_code, out.headers["location"]) == (303, "/")
    again = web.get("/api/v1/me", headers={"Cookie": f"{COOKIE}={token}"})
    assert again.status_code == 401


def test_wrong_and_unknown_look_the_same(web):
    texts = []
    for name in ("ioana", "nimeni"):
        answer = web.post("/personal/intrare", data={**FORM, "nume": name, "parola": "greșită!!!"})
        assert answer.status_code == 401
        assert "set-cookie" not in answer.headers
        assert "greșită" not in answer.text
        texts.append(re.sub(name, "X", answer.text))
        told = web.post("/api/v1/session", json={"name": name, "password": "greșită!!!"})
        texts.append(told.text)
    assert texts[:2] == texts[2:]


def test_many_wrong_passwords_wait_and_the_wait_is_told(place):
    web = TestClient(place[2], base_url=SITE, client=("10.9.8.7", 1))
    told = [web.post("/api/v1/session", json={"name": "x" * 9, "password": "y"}) for _ in range(8)]
    codes = [one.status_code for one in told]
    assert codes[:5] == [401] * 5
    assert 429 in codes
    assert int(told[codes.index(429)].headers["retry-after"]) > 0


def test_nobody_elsewhere_keeps_an_owner_from_her_device(place):
    ledger, _, app = place
    with ledger.writing() as connection:
        add_account(connection, "elena", Role.ARCHIVIST, Bounds(), PASSWORD)
    form = {**FORM, "nume": "elena"}
    own = TestClient(app, base_url=SITE, follow_redirects=False, client=("10.9.9.1", 1))
    first = own.post("/personal/intrare", data=form, headers={"Origin": SITE})
    kept = next(one for one in first.headers.get_list("set-cookie") if one.startswith(DEVICE))
    for word in ("HttpOnly", "Secure", "SameSite=strict", "Path=/", "Max-Age=7776000"):
        assert word in kept
    with ledger.writing() as connection:
        for n in range(60):
            with suppress(AccessError):
                reserve(connection, Attempt("elena", f"10.8.{n}.1"), int(time()))
            with suppress(AccessError):
                reserve(connection, Attempt("elena", "10.9.9.1"), int(time()))
    told = {"name": "elena", "password": PASSWORD}
    stranger = TestClient(app, base_url=SITE, client=("10.9.9.2", 1))
    neighbour = TestClient(app, base_url=SITE, client=("10.9.9.1", 1))
    assert stranger.post("/api/v1/session", json=told).status_code == 429
    assert neighbour.post("/api/v1/session", json=told).status_code == 429
    del own.cookies[COOKIE]
    opened = own.post("/api/v1/session", json=told)
    assert opened.status_code == 201
    del own.cookies[COOKIE]
    other = {**told, "name": "ioana", "password": "greșită!!!"}
    assert own.post("/api/v1/session", json=other).status_code == 401
    with ledger.writing() as connection:
        change_account(connection, "elena", password="alta-parola-2026")
    assert own.post("/api/v1/session", json=told).status_code == 429


def test_forms_of_other_sites_are_refused(web):
    for headers in ({"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}):
        answer = web.post("/personal/intrare", data=FORM, headers=headers)
        assert (answer.status_code, COOKIE in web.cookies) == (403, False)
    token = signed_in(web)
    csrf = {"X-CSRF-Token": csrf_of(token)}
    body = {"purpose": "court"}
    for headers in ({}, {"X-CSRF-Token": "x"}, {**csrf, "Origin": "https://evil.example"}):
        answer = web.put("/api/v1/session/purpose", json=body, headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (403, "form-expired")
    assert web.put("/api/v1/session/purpose", json=body, headers=csrf).status_code == 200


def test_a_restricted_record_asks_for_the_purpose_and_opens_then(web):
    token = signed_in(web)
    page = f"/d/{SECRET}/p/1"
    asked = web.get(page)
    assert asked.headers["location"] == f"/personal/scop?inapoi=%2Fd%2F{SECRET}%2Fp%2F1"
    assert "Scopul consultării" in web.get(asked.headers["location"]).text
    form = {"csrf": csrf_of(token), "scop": "court", "dosar": "Popescu", "inapoi": page}
    assert web.post("/personal/scop", data=form).status_code == 400
    back = web.post("/personal/scop", data={**form, "dosar": "4817/2026"})
    assert (back.status_code, back.headers["location"]) == (303, page)
    assert web.get(page).status_code == 200


@pytest.mark.parametrize(
    ("told", "back"),
    [
        ("/cautare?q=x", "/cautare?q=x"), ("//evil.example", "/"), ("/\\evil.example", "/"),
        ("https://evil.example/", "/"), ("/a\nb", "/"), ("/personal/intrare", "/"), ("", "/"),
        ("javascript:alert(1)", "/"), ("/\t/evil.example", "/"),
    ],
)  # fmt: skip
def test_going_back_stays_on_this_site(told, back):
    assert back_to(told) == back


def test_a_session_for_programs(web):
    told = web.post("/api/v1/session", json={"name": "ioana", "password": PASSWORD}).json()
    plain = TestClient(web.app, base_url=SITE)
    headers = {"Authorization": f"Bearer {told['token']}"}
    me = plain.get("/api/v1/me", headers=headers).json()
    assert (me["name"], me["role"], me["csrf"]) == ("ioana", "archivist", "")
    assert plain.get(f"/api/v1/documents/{SECRET}", headers=headers).status_code == 403
    open_ = {**headers, "Opis-Purpose": "court 4817/2026"}
    assert plain.get(f"/api/v1/documents/{SECRET}", headers=open_).status_code == 200
    wrong = {**headers, "Opis-Purpose": "curiozitate"}
    assert plain.get(f"/api/v1/documents/{SECRET}", headers=wrong).status_code == 400
    assert plain.delete("/api/v1/session", headers=headers).status_code == 204
    assert plain.get("/api/v1/search", headers=headers).status_code == 401


def test_a_portal_key_sees_what_everybody_sees_and_no_more_than_its_scopes(place, web):
    with place[0].writing() as connection:
        whole = add_key(connection, "SVU", Role.PORTAL, Bounds(), ("search",))[1]
    for headers in ({"Authorization": f"Bearer {whole}"}, {"X-API-Key": whole}):
        found = web.get("/api/v1/search", params={"q": "dosarul"}, headers=headers)
        assert found.json() == web.get("/api/v1/search", params={"q": "dosarul"}).json()
        assert web.get(f"/api/v1/documents/{PUBLIC}", headers=headers).status_code == 403
    for wrong in (whole[:-1], "opis_x_y", "x", "a.b.c"):
        headers = {"Authorization": f"Bearer {wrong}"}
        assert web.get("/api/v1/search", headers=headers).status_code == 401


def found(place, web, caller: Caller) -> set[str]:
    headers = {"Authorization": f"Bearer {place[1].sign_in_known(caller).token}"}
    told = web.get("/api/v1/search", params={"q": "dosarul", "limit": 50}, headers=headers).json()
    assert told["total"] == len(told["hits"]) == sum(told["facets"].get("type", {}).values())
    return {hit["document"] for hit in told["hits"]}


def test_four_institutions_are_searched_together_by_who_may(place, web):
    everything = {f"inst{place}doc{n}" for place in range(4) for n in (1, 2, 3)}
    for role in (Role.ARCHIVIST, Role.JURIST, Role.AUDITOR, Role.ADMIN):
        assert found(place, web, Caller(role, "x")) == everything
        one = Caller(role, "x", (INSTITUTIONS[2],))
        assert found(place, web, one) == {f"inst2doc{n}" for n in (1, 2, 3)}
        two = replace(one, institutions=("DIRECTIA DE TAXE", "politia locală"))
        assert found(place, web, two) == {f"inst{p}doc{n}" for p in (1, 3) for n in (1, 2, 3)}
    clerk = Caller(Role.CLERK, "x", (INSTITUTIONS[1],), ("Control",))
    assert found(place, web, clerk) == {"inst1doc2", "inst1doc3"}
    assert found(place, web, replace(clerk, departments=("Control", "Registratură"))) == {
        f"inst1doc{n}" for n in (1, 2, 3)
    }
    unbounded = (
        replace(clerk, departments=()), replace(clerk, institutions=()),
        replace(clerk, institutions=INSTITUTIONS[:2]),
    )  # fmt: skip
    for wrong in unbounded:
        assert found(place, web, wrong) == set()
    for role in (Role.MANAGEMENT, Role.OPERATOR, Role.PORTAL):
        assert found(place, web, Caller(role, "x")) == set()


def test_nobody_is_known_while_there_is_no_administrator(tmp_path):
    with archive_in(tmp_path) as archive, open_ledger(archive.settings) as ledger:
        fill(archive)
        noting = Noting(ledger, archive.settings)
        desk = AccountDesk(ledger, archive.settings, noting)
        app = create_app(Parts(archive.settings, drawn, drawn, accounts=desk, audit=noting))
        with ledger.writing() as connection:
            add_account(connection, "ioana", Role.ARCHIVIST, Bounds(), PASSWORD)
        web = TestClient(app, base_url=SITE, follow_redirects=False)
        body = {"name": "ioana", "password": PASSWORD}
        assert web.post("/api/v1/session", json=body).status_code == 401
        assert "opis serve --init" in web.get("/personal/intrare").text
        assert web.get(f"/api/v1/documents/{SECRET}").status_code == 404
        assert web.get(f"/api/v1/documents/{PUBLIC}").status_code == 200
        assert web.get("/api/v1/requests").status_code == 401


def test_what_was_done_is_in_the_chain_without_names(place):
    with place[0].reading() as connection:
        rows = [one.entry for one in chain.entries(connection)]
    assert {"login", "login-refused", "logout", "purpose", "view"} <= {one.action for one in rows}
    assert not re.search("ioana|sef|greșit|dosarul|Popescu", str(rows))

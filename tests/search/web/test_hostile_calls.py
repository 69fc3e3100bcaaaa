"""What a caller tries who wants in: each was an error of the server or told too much once."""

from datetime import UTC, datetime

import pytest
from starlette.requests import Request

from schemas.access import ANONYMOUS
from schemas.errors import ServiceError
from search.finding import find
from search.portal.etags import cached
from tests.search.caller_samples import ARCHIVIST, WITH_PURPOSE
from tests.search.index_samples import A, page, store
from tests.search.web.web_samples import SECRET

AWAY = "/personal/intrare"


class Failing:
    """An audit that cannot write."""

    def note(self, caller, action, subject, purpose="") -> None:
        raise ServiceError("ledger-unreachable")


@pytest.mark.parametrize(
    "address",
    [
        f"/d/{SECRET}/p/1",
        f"/api/v1/pages/{SECRET}.1/image",
        f"/api/v1/iiif/{SECRET}.1/info.json",
        f"/api/v1/iiif/{SECRET}.1/full/max/0/default.jpg",
        "/api/v1/search?q=iluminat",
    ],
)
def test_a_view_that_cannot_be_noted_is_refused_each_time(site, address):
    site.noted(WITH_PURPOSE)
    site.app.state.audit = Failing()
    assert [site.client.get(address).status_code for _ in range(3)] == [503] * 3


def test_what_may_have_been_meant_is_not_read_off_a_record_that_takes_a_purpose(embedded):
    secret = page(A, 1, "Anchetă despre casete și iluminat", regime="restricted")
    others = [page(A, n, "casele pe stradă", regime="public") for n in (2, 3)]
    backend = embedded.fill([secret, *others])
    store(embedded.settings.layout, [secret, *others])

    def found(*wordless):
        return find(embedded.settings, backend, "ancheta casexe", wordless=frozenset(wordless))

    shown, hidden = found("anonymised"), found("restricted")
    assert shown.suggestion == "ancheta casete"
    assert "casete" in shown.hits[0].snippet
    assert hidden.suggestion == "ancheta casele"
    assert (hidden.hits[0].snippet, hidden.hits[0].boxes) == ("", ())
    assert (hidden.total, hidden.facets) == (shown.total, shown.facets)


@pytest.mark.parametrize("path", ["/api/v1/search?q=a", "/api/v1/suggest?q=pope", "/cautare?q=a"])
def test_no_browser_keeps_what_staff_searched(site, path):
    site.noted(ARCHIVIST)
    assert site.client.get(path).headers["cache-control"] == "private, no-store"
    site.noted(ANONYMOUS)
    assert site.client.get(path).headers["cache-control"] == "public, no-cache"


@pytest.mark.parametrize("back", ["//[", "http://[", "//evil.example", "/\\evil", "/a\n", "[", ""])
def test_no_address_to_go_back_to_leads_elsewhere_or_breaks(site, back):
    told = site.client.get(AWAY, params={"inapoi": back})
    assert told.status_code == 200
    assert 'name="inapoi" value="/"' in told.text or 'name="inapoi"' not in told.text
    sent = site.client.post(AWAY, data={"nume": "a", "parola": "b", "inapoi": back})
    assert sent.status_code == 401


@pytest.mark.parametrize("origin", ["http://[", "http://x]", "null", "http://evil.example", "x"])
def test_origins_that_are_none_of_ours_are_refused(site, origin):
    given = {"name": "a", "password": "b"}
    answer = site.client.post("/api/v1/session", json=given, headers={"Origin": origin})
    assert (answer.status_code, answer.json()["code"]) == (403, "form-expired")


@pytest.mark.parametrize("when", ["Mon, 01 Jan 2020 00:00:00 +" + "9" * 20, "x", "1 Jan 99999999"])
def test_no_date_of_a_call_is_an_error(when):
    scope = {"type": "http", "headers": [(b"if-modified-since", when.encode())]}
    answer = cached(Request(scope), b"x", "text/plain", datetime(2026, 1, 1, tzinfo=UTC))
    assert answer.status_code == 200


def test_a_body_that_is_too_deep_is_told_as_a_body(site):
    headers = {"Content-Type": "application/json"}
    answer = site.client.post("/api/v1/requests", content="[" * 60_000, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (400, "parameters-invalid")

"""Within a version of the API things are only added; what ends says so, and lasts a year."""

import copy
from datetime import date

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from search.guard.endings import ENDINGS, Ending, ending_headers
from search.guard.guard import Guard
from search.guard.limits import Budgets
from search.guard.metrics import Metrics
from search.web.application import create_app
from search.web.parts import Parts
from tests.search.web.api_contract import breaks, contract, kept

V1 = Ending("/api/v1/", date(2030, 1, 1), date(2031, 1, 1))
SEARCH, HIT = "GET /api/v1/search", "FoundHit"


@pytest.fixture(scope="module")
def told(kept_archive):
    return contract(create_app(Parts(kept_archive.settings)).openapi())


def test_whoever_relies_on_v1_misses_nothing(told):
    assert len(kept()["operations"]) > 25
    assert list(breaks(kept(), told)) == []


def changed(told, change):
    other = copy.deepcopy(told)
    change(other)
    return list(breaks(told, other))


@pytest.mark.parametrize(
    "change",
    [
        lambda api: api["operations"].pop(SEARCH),
        lambda api: api["operations"][SEARCH].update(name="find"),
        lambda api: api["operations"][SEARCH]["parameters"].pop("query q"),
        lambda api: api["operations"][SEARCH]["parameters"]["query q"].update(required=True),
        lambda api: api["operations"][SEARCH]["parameters"]["query limit"].update(maximum=50),
        lambda api: api["operations"][SEARCH]["parameters"]["query limit"].update(type="string"),
        lambda api: api["operations"][SEARCH]["parameters"].update({"query x": {"required": True}}),
        lambda api: api["operations"][SEARCH]["answers"].pop("429"),
        lambda api: api["operations"][SEARCH]["answers"]["200"].pop("application/json"),
        lambda api: api["objects"].pop(HIT),
        lambda api: api["objects"][HIT]["members"].pop("snippet"),
        lambda api: api["objects"][HIT]["members"].update(page={"type": "string"}),
        lambda api: api["objects"][HIT].update(required=[]),
    ],
)
def test_what_breaks_callers_is_seen(told, change):
    assert changed(told, change)


def test_what_is_added_breaks_nobody(told):
    def add(api):
        api["operations"]["GET /api/v1/new"] = api["operations"][SEARCH]
        api["operations"][SEARCH]["parameters"]["query more"] = {"required": False}
        api["operations"][SEARCH]["parameters"]["query limit"]["maximum"] = 500
        api["operations"][SEARCH]["answers"]["418"] = {}
        api["objects"][HIT]["members"]["more"] = {"type": "string"}

    assert changed(told, add) == []


def guarded(settings, endings):
    app = FastAPI()
    app.add_api_route("/api/v1/there", lambda: "v1")
    app.add_api_route("/api/v2/there", lambda: "v2")
    guard = {"settings": settings, "budgets": Budgets(settings), "metrics": Metrics(settings)}
    app.add_middleware(Guard, **guard, endings=endings)
    return TestClient(app)


def test_answers_of_what_ends_say_when_beside_what_takes_its_place(kept_archive):
    client = guarded(kept_archive.settings, (V1,))

    for path, status in (("/api/v1/there", 200), ("/api/v1/nothing", 404)):
        answer = client.get(path)
        assert answer.status_code == status
        assert answer.headers["Deprecation"] == "@1893456000"
        assert answer.headers["Sunset"] == "Wed, 01 Jan 2031 00:00:00 GMT"
    answer = client.get("/api/v2/there")
    assert answer.json() == "v2"
    assert not {"deprecation", "sunset"} & set(answer.headers)


def test_what_ends_lasts_a_year_at_least():
    with pytest.raises(ValueError, match="/api/v1/"):
        Ending("/api/v1/", date(2030, 1, 1), date(2030, 12, 31))


def test_nothing_of_v1_ends_now():
    assert ending_headers("/api/v1/search", ENDINGS) == {}

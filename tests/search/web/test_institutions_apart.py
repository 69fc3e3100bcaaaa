"""Staff of one institution cannot tell an archive that three others share from one that is theirs alone."""

from dataclasses import replace
from itertools import product

import pytest

from flows.stages.indexing import indexed_pages
from schemas.access import Caller, Role
from schemas.records import Regime
from search.web.application import create_app
from search.web.parts import Parts
from tests.search.caller_samples import acting_as
from tests.search.portal_samples import client_of
from tests.search.web.web_samples import ELSEWHERE, PUBLIC, SECRET, TEXTS, UNITS, archive_in, drawn
from tests.search.web.web_samples import _store as store

pytestmark = pytest.mark.slow
OURS, THEIRS = "Primăria", ("Direcția de taxe", "Asistența socială", "Poliția locală")
OWN, PLACES = UNITS[0], range(3)
CALLERS = {
    "clerk": Caller(Role.CLERK, "f", (OURS,), ("Urbanism",), purpose="archive"),
    "jurist": Caller(Role.JURIST, "j", (OURS,), purpose="archive"),
    "archivist": Caller(Role.ARCHIVIST, "a", (OURS,), purpose="archive"),
    "auditor": Caller(Role.AUDITOR, "v", (OURS,), purpose="control"),
    "operator": Caller(Role.OPERATOR, "o", (OURS,), (), ("s1",)),
    "management": Caller(Role.MANAGEMENT, "m", (OURS,)),
}
QUERIES = ("", "iluminat", "crinului", "impozit", "tainicul", "tain*", "Popescu", "impozt", "fond:primaria", "an:2018",
           "institutie:taxe", "+tainicul iluminat")  # fmt: skip
FILTERS = (
    {}, {"institution": THEIRS[0]}, {"department": "Taxe"}, {"year": "2018"}, {"regime": "restricted"},
    {"group": "unit"}, {"unit": "ua-theirs00"}, {"document": "theirs0doc"},
)  # fmt: skip
RECORDS = ("documents/{d}", "documents/{d}/pdf", "documents/{d}/similar", "documents/{d}/manifest", "units/{u}",
           "units/{u}/manifest", "pages/{d}.1", "pages/{d}.1/image", "pages/{d}.1/text", "iiif/{d}.1/info.json")  # fmt: skip


def theirs(place):
    """A unit of another institution: one document, restricted, of our department's name and with our words."""
    name = f"theirs{place}doc"
    document = replace(
        UNITS[1].documents[0],
        id=name,
        access=replace(UNITS[1].documents[0].access, regime=(*Regime,)[place % 3]),
    )
    pages = tuple(replace(one, document=name) for one in UNITS[1].pages)
    identity = replace(UNITS[1].identity, creator=THEIRS[place], compartiment="Urbanism")
    return replace(
        UNITS[1], id=f"ua-theirs0{place}", identity=identity, documents=(document,), pages=pages
    )


def put(archive, unit):
    store(unit, archive.settings)
    backend = archive.open(write=True)
    backend.replace_unit(
        unit.id, indexed_pages(unit, archive.settings.layout.unit(unit.id), archive.settings)
    )
    backend.commit()


@pytest.fixture(scope="module")
def both(tmp_path_factory):
    own = replace(OWN, identity=replace(OWN.identity, creator=OURS))
    for place in PLACES:
        TEXTS[f"theirs{place}doc"] = (
            f"Impozit tainicul {place} iluminat pe strada Crinului, Popescu",
        )
    with (
        archive_in(tmp_path_factory.mktemp("alone")) as alone,
        archive_in(tmp_path_factory.mktemp("four")) as four,
    ):
        for archive in (alone, four):
            put(archive, own)
        for place in PLACES:
            put(four, theirs(place))
        yield tuple(create_app(Parts(one.settings, drawn, drawn)) for one in (alone, four))
    for place in PLACES:
        del TEXTS[f"theirs{place}doc"]


def told(answer):
    apart = {"x-request-id", "date", "etag", "content-length"}
    headers = sorted((k, v) for k, v in answer.headers.multi_items() if k not in apart)
    if answer.headers["content-type"] != "application/json":
        return answer.status_code, headers, answer.content
    body = answer.json()
    for hit in body.get("hits", ()) if isinstance(body, dict) else ():
        hit.pop("score")  # moves with how frequent a word is among all
    return answer.status_code, headers, body


def asked(both, caller, path, **given):
    answers = []
    for app in both:
        acting_as(app, caller)
        answers.append(told(client_of(app).get(f"/api/v1/{path}", params=given)))
    assert answers[0] == answers[1], (path, given)
    return answers[1]


@pytest.mark.parametrize("role", CALLERS)
def test_searches_tell_nothing_of_other_institutions(both, role):
    for query, given in product(QUERIES, FILTERS):
        asked(both, CALLERS[role], "search", q=query, sort="place", **given)
    for start in ("tain", "impo", "popes", "il"):
        asked(both, CALLERS[role], "suggest", q=start)


@pytest.mark.parametrize("role", CALLERS)
def test_records_of_other_institutions_are_as_those_that_never_were(both, role):
    for path, place in product(RECORDS, PLACES):
        address = path.format(d=f"theirs{place}doc", u=f"ua-theirs0{place}")
        assert asked(both, CALLERS[role], address)[0] == 404


def test_what_is_theirs_is_there(both):
    """Without this nothing else here would mean anything; who is not bounded sees all of it."""
    acting_as(both[1], Caller(Role.ARCHIVIST, "a", purpose="archive"))
    client = client_of(both[1])
    found = client.get("/api/v1/search", params={"q": "tainicul"}).json()
    assert found["total"] == 3
    for place in PLACES:
        assert client.get(f"/api/v1/documents/theirs{place}doc").status_code == 200
    assert asked(both, CALLERS["archivist"], f"documents/{SECRET}")[0] == 200
    assert asked(both, CALLERS["operator"], f"documents/{PUBLIC}")[0] == 404
    assert asked(both, CALLERS["archivist"], f"documents/{ELSEWHERE}")[0] == 404

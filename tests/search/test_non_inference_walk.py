"""A walk by chance over whatever can be sent: archives with and without hidden documents answer alike, and what
is hidden is answered as what never was. Seeded: a failure comes again."""

import random
from urllib.parse import quote

import pytest

from pipeline.ledger import open_ledger
from search.access.gate import PUBLIC, RECORD, endpoints
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
CALLS, PAIRS = 1_000, 250
HIDDEN = (HIDDEN_DOCUMENT, CLOSED, "docprop5")
DOCUMENTS = (PUBLIC_DOCUMENT, COPIED, WITHDRAWN, HIDDEN_DOCUMENT, "docprop5", "nimic")
UNITS = (OPEN, MIXED, GONE, CLOSED)
PIECES = (
    *WORDS, "strada", "crinului", "hotărîre", "an:1951", "fond:ascuns", "tip:decizie", "25/2016", "SAU", "+", "-",
    '"', "(", ")", "*", "~2", ":", "nr.", "\u0000", "\ud83d\ude00", "ş", "asc*", "regim:restricted", "\u202e", "%", "a" * 60,
    "cota:345/2016", f"document:{HIDDEN_DOCUMENT}", f"unitate:{CLOSED}", "1850101221144", "4.03.1951",
)  # fmt: skip
NAMES = ("q", "limit", "page", "cursor", "sort", "group", "type", "year", "fond", "regime", "unit", "document", "highlight",
         "format", "an", "tip", "lang", "potrivire", "place", "problem", "number", "role", "verb", "metadataPrefix",
         "identifier", "set", "from", "resumptionToken")  # fmt: skip
VALUES = ("", "0", "1", "2", "-1", "99999999999", "date", "-date", "document", "unit", "restricted", "staff", "1951", "x",
          "plain", "en", HIDDEN_DOCUMENT, CLOSED, "Fond ascuns", "decizie tainică", "9f3a.1", "1e9",
          "ListRecords", "ListSets", "oai_dc", "fond-ascuns", f"urn:opis:document:{HIDDEN_DOCUMENT}")  # fmt: skip
HEADERS = {
    "Range": ("bytes=0-3", "bytes=-1", "bytes=5-2", "bytes=0-0,4-5", "bytes=9999999-", "lines=1", "bytes="),
    "If-None-Match": ("*", '"x"', 'W/"x"', "x", '"' * 40),
    "If-Modified-Since": ("Thu, 01 Jan 1970 00:00:00 GMT", "Fri, 31 Dec 9999 23:59:59 GMT", "yesterday"),
    "If-Range": ('"x"', "Fri, 31 Dec 9999 23:59:59 GMT"),
    "Accept-Language": ("ro", "en;q=0.5, ro", "*", "zz, ", "en;q=x"),
    "Accept": ("application/json", "text/html", "*/*;q=0"),
    "Origin": ("https://evil.example", "null"),
    "Opis-Purpose": ("court 1/2026", "x"),
    "X-Forwarded-For": ("10.0.0.1", "x, y"),
    "Request-Secret": ("k7w2-m9qx", ""),
    "Cookie": ("__Host-opis=x", "opis-lang=en", "__Host-opis-device=x.y.z.w", "=;=;"),
    "X-HTTP-Method-Override": ("DELETE",),
}  # fmt: skip
METHODS = ("GET",) * 8 + ("HEAD", "OPTIONS", "PUT", "DELETE")
REGIONS = (
    "full",
    "square",
    "0,0,10,10",
    "9,9,0,1",
    "pct:1,1,1,1",
    "-1,0,1,1",
    "٣,0,9,9",
    "0,0,999999999,1",
)
SIZES = ("max", "1,", ",1", "5,5", "^max", "!9,9", "0,0", "999999999,", "pct:50", ",")


@pytest.fixture(scope="module")
def both(tmp_path_factory):
    two = two_archives(tmp_path_factory.mktemp("walk"))
    with open_ledger(two.absent) as a, open_ledger(two.present) as b:
        yield client_of(application(two.absent, a)), client_of(application(two.present, b))


@pytest.fixture(scope="module")
def paths():
    kinds = {PUBLIC, RECORD}
    rows = (one for one in endpoints().values() if one.method == "GET" and one.kind in kinds)
    return [*sorted({one.path for one in rows}), "/d/{document}/p/{n}/nimic", "/personal/x"]


def told(answer, ident="", other=""):
    """All of an answer but what every call has of its own; one id written as another."""
    headers = [
        (k, v.replace(ident, other)) for k, v in answer.headers.multi_items() if k not in APART
    ]
    body = undated(answer)
    body = body.replace(ident.encode(), other.encode()) if ident else body
    return answer.status_code, sorted(headers), body


def filled(chance, path, document, unit):
    """A declared address with an id, and whatever else it takes."""
    values = {
        "{document}": document,
        "{unit}": unit,
        "{page}": f"{document}.{chance.choice(('1', '1', '2', '01', '1.1', 'x'))}",
        "{n}": chance.choice(("1", "2", "0", "x")),
        "{region}": chance.choice(REGIONS),
        "{size}": chance.choice(SIZES),
        "{rotation}": chance.choice(("0", "90", "!0", "x", "0.0")),
        "{quality}": chance.choice(("default", "gray", "x")),
        "{format}": chance.choice(("jpg", "png", "x")),
        "{number}": chance.choice(("C-2026-00001", "x", "..")),
    }
    for name, value in values.items():
        path = path.replace(name, quote(value, safe=",:^!%"))
    return path


def call(chance):
    """Method, parameters and headers."""
    query = " ".join(chance.choices(PIECES, k=chance.randint(0, 6)))
    given = {chance.choice(NAMES): chance.choice(VALUES) for _ in range(chance.randint(0, 3))}
    parameters = {"q": query, **given} if chance.random() < 0.7 else given
    headers = {
        name: chance.choice(HEADERS[name])
        for name in chance.sample(sorted(HEADERS), chance.choice((0, 0, 1, 2)))
    }
    parameters = {k: v.encode("utf-8", "replace").decode() for k, v in parameters.items()}
    return chance.choice(METHODS), parameters, {k: v.encode() for k, v in headers.items()}


def test_whatever_is_sent_both_archives_answer_alike(both, paths):
    chance, seen = random.Random(20261122), set()
    for _ in range(CALLS):
        path = filled(chance, chance.choice(paths), chance.choice(DOCUMENTS), chance.choice(UNITS))
        method, parameters, headers = call(chance)
        absent, present = (
            one.request(method, path, params=parameters, headers=headers, follow_redirects=False)
            for one in both
        )
        assert told(absent) == told(present), (method, path, parameters, headers)
        assert present.status_code < 500 or present.status_code == 501, (path, parameters, headers)
        seen.add(present.status_code)
    assert {200, 303, 304, 400, 404, 405} <= seen


def test_what_is_hidden_is_answered_as_what_never_was(both, paths):
    chance = random.Random(7)
    _, present = both
    for _ in range(PAIRS):
        path, hidden = chance.choice(paths), chance.choice(HIDDEN)
        never = "".join(chance.choices("abcdefghjkmnpqrstuvwxyz23456789", k=len(hidden)))
        state = chance.getrandbits(64)
        answers = []
        for ident in (hidden, never):
            same = random.Random(state)
            address = filled(same, path, ident, ident)
            method, parameters, headers = call(same)
            parameters = {k: v for k, v in parameters.items() if hidden not in v}
            answer = present.request(
                method, address, params=parameters, headers=headers, follow_redirects=False
            )
            answers.append(told(answer, ident, "X"))
        assert answers[0] == answers[1], (path, hidden)

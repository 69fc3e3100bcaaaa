"""OAI-PMH 2.0 at /oai: what is public is harvested by a client of others, and nothing beside it."""

import shutil
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from lxml import etree
from sickle import Sickle, oaiexceptions

from flows.publication.feed import note_hidden, note_public
from pipeline.ledger import open_ledger
from pipeline.portal import changes
from schemas.public import RECORD, read_copy
from schemas.records import encode
from schemas.settings import Settings
from search.backend import open_backend
from search.portal.oai import harvest
from search.portal.oai.harvest import spec_of
from search.portal.oai.protocol import Selection, token_of
from tests.flows.api_server import running
from tests.search.index_samples import page, unit_on_disk
from tests.search.portal_samples import client_of, copy_on_disk, portal_app

OAI = "{http://www.openarchives.org/OAI/2.0/}"
URN = "urn:opis:document:"
SCHEMA = etree.RelaxNG(etree.parse(Path(__file__).with_name("oai_pmh.rng")))
UNITS = {"ua-aaaa0001": "Primăria", "ua-bbbb0002": "Taxe & <impozite>, 1/2", "ua-cccc0003": ""}
HIDDEN, SECRET = "ua-dddd0004", "ua-dddd0004-d1"
TIMES = ("2026-01-05T10:00:00+00:00", "2026-01-06T10:00:00+00:00", "2026-01-07T23:59:59+00:00")


def copies(settings, unit, fond):
    """Three public documents of a unit, on disk; what the public index takes of them."""
    layout = settings.layout.unit(unit)
    for n in range(3):
        document = f"{unit[-8:]}{n}"
        (found,) = copy_on_disk(layout, document, f"hotărâre despre strada {n}", number=str(n))
        folder = layout.public_copy(document)
        told = replace(read_copy(folder), fond=fond)
        (folder / RECORD).write_bytes(encode(told))
        yield replace(found, fond=fond, regime="public")


@pytest.fixture(scope="module")
def template(tmp_path_factory):
    """Nine public documents in three fonds, published on three days, and a hidden one."""
    settings = Settings(archive=tmp_path_factory.mktemp("oai") / "archive")
    backend = open_backend(settings, write=True)
    clock = pytest.MonkeyPatch()
    with open_ledger(settings) as ledger:
        for (unit, fond), time in zip(UNITS.items(), TIMES, strict=True):
            backend.replace_unit(unit, list(copies(settings, unit, fond)), role="public")
            backend.commit()
            clock.setattr(changes, "now", lambda time=time: time)
            note_public(settings.layout.unit(unit), ledger)
    clock.undo()
    secret = [page(HIDDEN, 1, "tainic", fond="Fond ascuns", regime="restricted")]
    unit_on_disk(settings.layout, secret)
    backend.replace_unit(HIDDEN, secret)
    backend.commit()
    backend.close()
    return settings.archive


@pytest.fixture
def settings(template, tmp_path):
    archive = shutil.copytree(template, tmp_path / "archive")
    return Settings(archive=archive, anonymous_calls=1e6, institution="Primăria Exemplu")


@pytest.fixture
def ledger(settings):
    with open_ledger(settings) as opened:
        yield opened


@pytest.fixture
def client(settings, ledger):
    return client_of(portal_app(settings, ledger, open_backend(settings)))


@pytest.fixture
def few(monkeypatch):
    """Four records an answer, three changes read ahead."""
    monkeypatch.setattr(harvest, "AT_ONCE", 4)
    monkeypatch.setattr(harvest, "_AHEAD", 3)


def asked(client, *, by="GET", **given):
    """The answer to a call, whose structure is the protocol's."""
    given = {"from" if name == "since" else name: value for name, value in given.items()}
    more = {"params": given} if by == "GET" else {"data": given}
    answer = client.request(by, "/oai", **more)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/xml; charset=utf-8")
    root = etree.fromstring(answer.content)
    assert SCHEMA.validate(root), SCHEMA.error_log
    return root


def error(client, **given):
    found = asked(client, **given).findall(f"{OAI}error")
    return [one.get("code") for one in found]


def named(root):
    return [one.text.removeprefix(URN) for one in root.iter(f"{OAI}identifier")]


def every(unit):
    return [f"{unit[-8:]}{n}" for n in range(3)]


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_harvester_of_others_keeps_a_mirror_through_publication_and_withdrawal(
    settings, ledger, few, method
):
    first, second, third = UNITS
    app = portal_app(settings, ledger, open_backend(settings))
    with running(app) as address:
        sickle = Sickle(f"{address}/oai", http_method=method, timeout=30)
        who = sickle.Identify()
        assert (who.repositoryName, who.deletedRecord) == ("Primăria Exemplu", "transient")
        assert (who.baseURL, who.earliestDatestamp) == (f"{address}/oai", "2026-01-05T10:00:00Z")
        assert [one.metadataPrefix for one in sickle.ListMetadataFormats()] == ["oai_dc"]

        records = list(sickle.ListRecords(metadataPrefix="oai_dc"))
        mirror = {one.header.identifier: one.metadata for one in records}
        assert [one.removeprefix(URN) for one in mirror] == [
            name for unit in UNITS for name in every(unit)
        ]
        told = mirror[f"{URN}{every(second)[1]}"]
        assert told["title"] == ["Hotărâre nr. 1 din 29.07.2016"]
        assert told["source"] == [UNITS[second]]
        assert (told["date"], told["creator"]) == (["2016-07-29"], ["Consiliul Local"])
        newest = max(one.header.datestamp for one in records)

        note_hidden(first, ledger)
        backend = open_backend(settings, write=True)
        backend.remove_unit(first, role="public")
        backend.commit()
        backend.close()
        later = list(sickle.ListRecords(metadataPrefix="oai_dc", **{"from": newest}))
        gone = [one.header.identifier.removeprefix(URN) for one in later if one.deleted]
        assert gone == every(first)
        assert [one.header.identifier for one in later if not one.deleted] == [
            f"{URN}{name}" for name in every(third)
        ]
        again = sickle.GetRecord(identifier=f"{URN}{gone[0]}", metadataPrefix="oai_dc")
        assert again.deleted

        headers = list(sickle.ListIdentifiers(metadataPrefix="oai_dc"))
        assert Counter(one.deleted for one in headers) == {False: 6, True: 3}
        with pytest.raises(oaiexceptions.IdDoesNotExist):
            sickle.GetRecord(identifier=f"{URN}{SECRET}", metadataPrefix="oai_dc")


def test_lists_come_in_parts_whose_tokens_are_all_that_is_kept(client, few):
    found, sizes, given = [], [], {"metadataPrefix": "oai_dc"}
    while given:
        root = asked(client, verb="ListRecords", **given)
        found += named(root)
        sizes.append(len(named(root)))
        token = root.findtext(f".//{OAI}resumptionToken")
        given = {"resumptionToken": token} if token else {}
    assert sizes == [4, 4, 1]
    assert token == ""
    assert found == [name for unit in UNITS for name in every(unit)]


def test_what_is_withdrawn_between_two_parts_is_told_at_the_end(client, settings, ledger, few):
    first, second, _ = UNITS
    root = asked(client, verb="ListIdentifiers", metadataPrefix="oai_dc")
    note_hidden(first, ledger)
    found = []
    while token := root.findtext(f".//{OAI}resumptionToken"):
        root = asked(client, verb="ListIdentifiers", resumptionToken=token)
        found += [
            (one.findtext(f"{OAI}identifier").removeprefix(URN), one.get("status"))
            for one in root.iter(f"{OAI}header")
        ]
    assert found[-3:] == [(name, "deleted") for name in every(first)]
    assert (every(second)[2], None) in found


@pytest.mark.parametrize(
    ("bounds", "units"),
    [
        ({"since": "2026-01-06"}, (1, 2)),
        ({"until": "2026-01-06"}, (0, 1)),
        ({"since": "2026-01-06", "until": "2026-01-06"}, (1,)),
        ({"since": "2026-01-06T10:00:00Z"}, (1, 2)),
        ({"since": "2026-01-06T10:00:01Z"}, (2,)),
        ({"until": "2026-01-06T09:59:59Z"}, (0,)),
        ({"until": "2026-01-07"}, (0, 1, 2)),
    ],
)
def test_bounds_are_days_or_seconds_and_belong_to_the_list(client, bounds, units):
    root = asked(client, verb="ListIdentifiers", metadataPrefix="oai_dc", **bounds)
    assert named(root) == [name for n in units for name in every(list(UNITS)[n])]


def test_a_fonds_is_a_set_and_every_set_tells_of_withdrawals(client, settings, ledger, few):
    first, second, third = UNITS
    root = asked(client, verb="ListSets")
    specs = {one.findtext(f"{OAI}setName"): one.findtext(f"{OAI}setSpec") for one in root[2]}
    assert specs == {name: spec_of(name) for name in UNITS.values() if name}
    listed = {"verb": "ListRecords", "metadataPrefix": "oai_dc"}
    for unit, name in ((first, UNITS[first]), (second, UNITS[second])):
        assert named(asked(client, **listed, set=specs[name])) == every(unit)
    assert error(client, **listed, set="Fond-ascuns") == ["noRecordsMatch"]
    assert error(client, **listed, set=spec_of("Fond ascuns")) == ["noRecordsMatch"]
    note_hidden(third, ledger)
    root = asked(client, **listed, set=specs[UNITS[first]])
    root = asked(
        client, verb="ListRecords", resumptionToken=root.findtext(f".//{OAI}resumptionToken")
    )
    assert named(root) == every(third)[1:]
    assert named(asked(client, **listed, set="nimic")) == every(third)


def test_an_archive_without_anything_public_has_no_sets_and_no_records(tmp_path):
    settings = Settings(archive=tmp_path / "archive")
    open_backend(settings, write=True).close()
    with open_ledger(settings) as ledger:
        client = client_of(portal_app(settings, ledger, open_backend(settings)))
        assert error(client, verb="ListSets") == ["noSetHierarchy"]
        assert error(client, verb="ListRecords", metadataPrefix="oai_dc") == ["noRecordsMatch"]
        assert asked(client, verb="Identify").findtext(f".//{OAI}earliestDatestamp")


LISTED = {"verb": "ListRecords", "metadataPrefix": "oai_dc"}


@pytest.mark.parametrize(
    ("code", "given"),
    [
        ("badVerb", {}),
        ("badVerb", {"verb": "listRecords"}),
        ("badVerb", {"verb": ["Identify", "Identify"]}),
        ("badArgument", {"verb": "Identify", "x": "1"}),
        ("badArgument", {"verb": "ListRecords"}),
        ("badArgument", {"verb": "GetRecord", "metadataPrefix": "oai_dc"}),
        ("badArgument", {**LISTED, "metadataPrefix": ["oai_dc", "oai_dc"]}),
        ("badArgument", {**LISTED, "metadataPrefix": "oai dc"}),
        ("badArgument", {**LISTED, "since": "2026-02-30"}),
        ("badArgument", {**LISTED, "since": "2026-01-05T10:00:00"}),
        ("badArgument", {**LISTED, "since": "0000-00-00"}),
        ("badArgument", {**LISTED, "since": "2026-01-05", "until": "2026-01-06T00:00:00Z"}),
        ("badArgument", {**LISTED, "since": "2026-01-06", "until": "2026-01-05"}),
        ("badArgument", {**LISTED, "until": "٢٠٢٦-01-05"}),
        ("badArgument", {**LISTED, "set": "a:"}),
        ("badArgument", {**LISTED, "set": ""}),
        ("badArgument", {**LISTED, "resumptionToken": "x"}),
        ("badArgument", {"verb": "Identify", "resumptionToken": "x"}),
        ("badResumptionToken", {"verb": "ListRecords", "resumptionToken": "x"}),
        ("badResumptionToken", {"verb": "ListRecords", "resumptionToken": ""}),
        ("badResumptionToken", {"verb": "ListRecords", "resumptionToken": "ă\x00" * 50}),
        ("badResumptionToken", {"verb": "ListSets", "resumptionToken": "x"}),
        ("cannotDisseminateFormat", {**LISTED, "metadataPrefix": "marc21"}),
        ("cannotDisseminateFormat", {"verb": "GetRecord", "metadataPrefix": "x", "identifier": "y"}),
        ("idDoesNotExist", {"verb": "GetRecord", "metadataPrefix": "oai_dc", "identifier": "<\x01>"}),
        ("idDoesNotExist", {"verb": "ListMetadataFormats", "identifier": f"{URN}{SECRET}"}),
        ("noRecordsMatch", {**LISTED, "since": "2031-01-01"}),
        ("noRecordsMatch", {**LISTED, "until": "1999-12-31"}),
        ("noRecordsMatch", {**LISTED, "set": "~zz"}),
        ("noRecordsMatch", {**LISTED, "set": "~ff~fe"}),
    ],
)  # fmt: skip
def test_errors_are_the_protocols(client, code, given):
    assert error(client, **given) == [code]
    assert error(client, by="POST", **given) == [code]


def test_a_token_is_good_for_its_list_alone(client, few):
    root = asked(client, verb="ListIdentifiers", metadataPrefix="oai_dc")
    token = root.findtext(f".//{OAI}resumptionToken")
    other = "B" if token[0] == "A" else "A"
    for wrong in (token[:-2], other + token[1:], token[::-1]):
        assert error(client, verb="ListIdentifiers", resumptionToken=wrong) == [
            "badResumptionToken"
        ]
    assert error(client, verb="ListRecords", resumptionToken=token) == ["badResumptionToken"]
    for made in (
        Selection("ListRecords", cursor="0123456789ab.1"),
        Selection("ListRecords", cursor="x"),
        Selection("ListRecords"),
        Selection("ListRecords", since="x", cursor="x"),
    ):
        given = {"verb": "ListRecords", "resumptionToken": token_of(made)}
        assert error(client, **given) == ["badResumptionToken"]


def test_hidden_and_missing_are_the_same_answer(client):
    told = [
        client.get(
            "/oai", params={"verb": "GetRecord", "metadataPrefix": "oai_dc", "identifier": one}
        )
        for one in (f"{URN}{SECRET}", f"{URN}{'x' * len(SECRET)}")
    ]
    roots = [etree.fromstring(one.content) for one in told]
    for root in roots:
        root[0].text = root[1].attrib["identifier"] = ""
    assert etree.tostring(roots[0]) == etree.tostring(roots[1])
    assert "ascuns" not in client.get("/oai?verb=ListSets").text


def test_an_answer_that_is_known_is_not_sent_again(client, ledger):
    address = "/oai?verb=ListIdentifiers&metadataPrefix=oai_dc"
    answer = client.get(address)
    tag = answer.headers["ETag"]
    assert (tag[:2], answer.headers["Cache-Control"]) == ("W/", "public, no-cache")
    same = client.get(address, headers={"If-None-Match": tag})
    assert (same.status_code, same.content) == (304, b"")
    note_hidden(next(iter(UNITS)), ledger)
    assert client.get(address, headers={"If-None-Match": tag}).status_code == 200
    assert client.post("/oai", data={"verb": "Identify"}).headers["Cache-Control"] == "no-store"


def test_harvested_words_are_romanian_whatever_a_reader_chose(client):
    asked_for = {"verb": "ListRecords", "metadataPrefix": "oai_dc"}
    plain = etree.fromstring(client.get("/oai", params=asked_for).content)[2]
    cookie = {"Cookie": "opis-lang=en", "Accept-Language": "en"}
    english = etree.fromstring(client.get("/oai", params=asked_for, headers=cookie).content)[2]
    assert etree.tostring(plain) == etree.tostring(english)


@pytest.mark.parametrize(
    ("site", "chosen", "told"),
    [
        ("", "arhiva@primarie.ro", "arhiva@primarie.ro"),
        ("https://arhiva.primarie.ro:8443", "", "postmaster@arhiva.primarie.ro"),
        ("http://localhost", "", "postmaster@localhost.invalid"),
    ],
)
def test_somebody_can_be_written_to(settings, ledger, site, chosen, told):
    given = replace(settings, site_url=site, oai_email=chosen)
    client = client_of(portal_app(given, ledger, open_backend(given)))
    root = asked(client, verb="Identify")
    assert root.findtext(f".//{OAI}adminEmail") == told


@pytest.mark.parametrize(
    "fond", ["Primăria", "Taxe & <impozite>, 1/2", "Кметство", "№ 7", "a" * 40]
)
def test_set_names_are_the_protocols_and_lead_back(fond):
    spec = spec_of(fond)
    assert harvest._SPEC.fullmatch(spec)
    assert spec_of(harvest._fond_of(spec)) == spec

"""From scan to public copy and back: by the program, by two people, and never past a withdrawal."""

import json
import re
import shutil
from xml.sax.saxutils import escape

import pikepdf
import pytest

from examples.binders import generate
from flows.progress import Silent
from flows.publication import desk
from flows.run import open_run
from pipeline.ledger import open_ledger
from pipeline.portal.changes import Feed
from pipeline.privacy.access.states import PUBLICATION, State, publications
from pipeline.units import read_events, read_record
from schemas.alto import read_alto
from schemas.errors import InputError
from schemas.geometry import Box
from schemas.layout import UnitLayout
from schemas.portal import ChangeKind
from schemas.public import read_copy
from schemas.records import Regime
from schemas.settings import Settings
from search.backend import open_backend
from search.query import Query
from tests.flows.opis_command import Place, copied, tree

pytestmark = pytest.mark.slow
TABLE = "regim.toml"
SEED = 44  # an order that is public, a request, a permit


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A binder of seven pages, taken in; to be left as it is."""
    place = Place(tmp_path_factory.mktemp("publication"), {"OPIS_WORKERS": "2"})
    generate(place.root, 1, 7, SEED, dpi=200, faults="light", form="tiff", templates="dev")
    done = place.run("scan-batch", "binders", "--json")
    assert done.code == 0, (done.out, done.err)
    return place


@pytest.fixture
def own(made, tmp_path):
    """A copy of the archive, to be changed."""
    return copied(made, tmp_path)


def act(place, name, *given):
    """A person's act, in this process: its state, or why it was refused."""
    with open_run(Settings(archive=place.archive, workers=1), Silent()) as run:
        try:
            acted = getattr(desk, name)(*given, run)
        except InputError as error:
            return error.code
        return acted.findings or acted.state


def layouts(place: Place) -> list[UnitLayout]:
    return [UnitLayout(path) for path in place.units]


def documents(place: Place) -> list[tuple[UnitLayout, object]]:
    return [(unit, one) for unit in layouts(place) for one in read_record(unit).documents]


def copies(place: Place) -> dict[str, object]:
    """The public copies on disk by document, each whole."""
    folders = place.archive.glob("units/*/*/representations/public/*")
    found = {folder.name: read_copy(folder) for folder in folders}
    assert all(found.values())
    return found


def indexed(place: Place) -> set[str]:
    """The documents that the public index holds."""
    backend = open_backend(Settings(archive=place.archive))
    found = (
        backend.search(Query(), {"unit": unit.id}, "public", limit=99) for unit in layouts(place)
    )
    return {hit.document for answer in found for hit in answer.hits}


def mirrored(place: Place) -> set[str]:
    """The documents that a portal keeps that reads the feed of changes from its beginning."""
    with open_ledger(Settings(archive=place.archive)) as ledger:
        told = Feed(ledger).page(limit=1000).changes
    return {change.document for change in told if change.kind is not ChangeKind.WITHDRAWN}


def one_to_propose(place: Place) -> tuple[UnitLayout, str]:
    """A short document that people may let out."""
    waiting = [
        (one.last_page - one.first_page, unit, one.id)
        for unit, one in documents(place)
        if one.access.regime is Regime.ANONYMISED
    ]
    _, unit, document = min(waiting, key=lambda row: row[0])
    return unit, document


def test_what_the_rules_call_public_is_public_by_itself(made):
    place = made
    free = {
        one.id
        for _, one in documents(place)
        if one.access.regime is Regime.PUBLIC and not one.access.waits
    }
    assert free
    assert set(copies(place)) == free
    assert indexed(place) == mirrored(place) == free
    for unit, one in documents(place):
        told = publications(read_events(unit)).of(one.id)
        assert (told.state is State.PUBLISHED) == (one.id in free)
    done = place.run("verify", "--json")
    assert (done.code, done.json["failed"]) == (0, [])
    waiting = place.run("status", "--json").json["publication"]
    assert waiting["published"] == len(free)
    assert waiting["waiting_release"] > 0


def test_two_people_release_one_takes_back_and_no_run_brings_it_again(own):
    place = own
    unit, document = one_to_propose(place)
    before = set(copies(place))
    assert act(place, "release", document, "ion") == "publication-not-proposed"
    assert act(place, "propose", document, "ana") is State.PROPOSED
    assert act(place, "propose", document, "dan") == "publication-proposed"
    assert set(copies(place)) == before
    assert place.run("verify").code == 0
    same = place.run("review", "release", document, "--by", "Ana ", "--json")
    assert (same.code, same.json["error"]["code"]) == (4, "publication-same-person")

    released = place.run("review", "release", document, "--by", "ion")
    assert (released.code, released.out.strip()) == (
        0,
        "Publicat. Verificarea automată nu a găsit date personale.",
    )
    copy = copies(place)[document]
    found = json.loads((unit.metadata / "personal.json").read_bytes())[document]
    with pikepdf.open(unit.public_copy(document) / "document.pdf") as pdf:
        assert len(pdf.pages) == len(copy.pages)
    public = tree(unit.public_copy(document))
    values = [item["value"] for item in found["items"] if len(item["value"]) > 6]
    assert all(value.encode() not in data for value in values for data in public.values())
    shown = place.run("show", document, "--json").json
    assert [event["state"] for event in shown["publication"]["events"]] == ["proposed", "published"]

    index = tree(place.archive / "index" / "public")
    assert place.run("reindex").code == 0
    assert document in indexed(place) & mirrored(place)
    assert index.keys() != tree(place.archive / "index" / "public").keys()

    taken = place.run("withdraw", document, "--reason", "cerere", "--by", "dan", "--json")
    assert (taken.code, taken.json["state"]) == (0, "withdrawn")
    assert set(copies(place)) == before
    assert document not in indexed(place) | mirrored(place)
    assert place.run("verify").code == 0
    assert place.run("review", "regime").code == 0
    assert set(copies(place)) == before
    assert act(place, "propose", document, "ana") is State.PROPOSED
    assert act(place, "refuse", document, "ion", "neclar") is State.REFUSED
    assert not (unit.root / "representations" / "proposed").exists()
    events = [e for e in read_events(unit) if e.get("event") == PUBLICATION]
    assert all(e["by"] for e in events)


def garbled(unit: UnitLayout, document: str) -> list[tuple[int, Box]]:
    """Has the first reading misread a person's name all over a document; where it stands."""
    path = unit.metadata / "personal.json"
    told = json.loads(path.read_bytes())
    items = told[document]["items"]
    name = next(
        item["value"].split()
        for item in items
        if item["kind"] == "PERSON" and all(len(word) > 4 for word in item["value"].split())
    )
    away = [
        i for i in items if i["kind"] in {"PERSON", "EMAIL"} and set(name) & set(i["value"].split())
    ]
    told[document]["items"] = [item for item in items if item not in away]
    path.write_text(json.dumps(told), encoding="utf-8")
    places = []
    for item in away:
        alto = unit.alto_page(item["page"])
        words = read_alto(alto.read_bytes()).words
        for place in item["words"]:
            text = escape(words[place].text, {'"': "&quot;"})
            alto.write_bytes(
                alto.read_bytes().replace(f'CONTENT="{text}"'.encode(), b'CONTENT="xqzwk"')
            )
            places.append((item["page"], words[place].box))
    return places


def test_a_name_that_the_first_reading_lost_is_hidden_by_the_second(own):
    unit, document = one_to_propose(own)
    places = garbled(unit, document)
    assert places
    assert act(own, "propose", document, "ana") is State.PROPOSED
    assert act(own, "release", document, "ion") is State.PUBLISHED
    hidden = {page.page: page.hidden for page in copies(own)[document].pages}
    for page, box in places:
        assert sum(box.overlap(one) for one in hidden[page]) >= box.area, (page, box)


def sealed(unit: UnitLayout, document: str) -> None:
    """Has the reading miss what stands behind "telefon", as under a seal."""
    first = next(one for one in read_record(unit).documents if one.id == document).first_page
    alto = unit.alto_page(first)
    line = max(read_alto(alto.read_bytes()).lines, key=lambda line: len(line.words))
    label, *away = line.words[-3:]
    data = alto.read_text(encoding="utf-8")
    for word, text in ((label, "telefon"), *((word, "") for word in away)):
        place = f'HPOS="{word.box.x}" VPOS="{word.box.y}"'
        told = next(tag for tag in re.findall(r"<String[^>]*/>", data) if place in tag)
        data = data.replace(
            told, re.sub(r' CONTENT="[^"]*"', f' CONTENT="{text}"', told) if text else ""
        )
    alto.write_text(data, encoding="utf-8")


def test_an_act_with_unread_writing_behind_a_label_waits_for_people(own):
    document = min(copies(own))
    unit = next(u for u, one in documents(own) if one.id == document)
    sealed(unit, document)
    decided = own.run("review", "regime")
    assert (decided.code, "sub o ștampilă" in decided.out) == (3, True)
    assert document not in copies(own)
    events = [e for e in read_events(unit) if e.get("event") == PUBLICATION]
    assert events[-1]["state"] == "lapsed"
    assert act(own, "propose", document, "ana") is State.PROPOSED
    assert act(own, "release", document, "ion") is State.PUBLISHED


def test_a_withdrawn_act_of_the_program_stays_away_and_a_broken_table_lets_nothing_out(own):
    place = own
    document = min(copies(place))
    unit = next(u for u, one in documents(place) if one.id == document)
    shutil.copytree(unit.public_copy(document), place.root / "kept")
    assert act(place, "withdraw", document, "dan", "greșeală") is State.WITHDRAWN
    shutil.copytree(place.root / "kept", unit.public_copy(document))
    assert place.run("review", "regime").code == 0
    assert document not in copies(place)

    (place.archive / TABLE).write_text("[praguri]\npagina = 3\n", encoding="utf-8")
    wrong = place.run("review", "regime", "--json")
    assert (wrong.code, wrong.json["error"]["code"]) == (4, "regim-invalid")
    assert "rândul 1" in wrong.json["error"]["reason"]


def test_what_was_killed_between_event_and_copy_is_put_in_place(own):
    place = own
    document = min(copies(place))
    unit = next(u for u, one in documents(place) if one.id == document)
    waiting = unit.public.with_name("proposed")
    waiting.mkdir()
    unit.public_copy(document).rename(waiting / document)
    shutil.copytree(waiting / document, waiting / "strange1")
    assert place.run("review", "regime").code == 0
    assert document in copies(place)
    assert not waiting.exists()
    assert place.run("verify").code == 0
    shutil.rmtree(unit.public_copy(document))
    assert place.run("review", "regime").code == 0
    assert document in copies(place)
    assert place.run("verify").code == 0
    assert document in indexed(place)
    assert indexed(place) == mirrored(place)
    pdf = unit.public_copy(document) / "document.pdf"
    pdf.write_bytes(pdf.read_bytes() + b" ")
    altered = place.run("verify", "--json")
    assert altered.code == 3
    name = f"representations/public/{document}/document.pdf"
    assert name in {failure["file"] for failure in altered.json["failed"]}

"""Pages that come after an unconfirmed delivery join its unit; a name used twice is told apart."""

import json
from hashlib import sha256

import pytest
from PIL import Image, ImageDraw, ImageFont

from tests.flows.opis_command import Place

pytestmark = pytest.mark.slow
QUICK = {
    "OPIS_STABILITY_SECONDS": "0.3",
    "OPIS_RESCAN_SECONDS": "0.2",
}
WORDS = ("unu", "doi", "trei", "patru", "cinci", "sase", "sapte", "opt", "noua", "zece")


@pytest.fixture
def station(tmp_path):
    (tmp_path / "archive/stations/S2/inbox").mkdir(parents=True)
    return Place(tmp_path, QUICK)


def inbox(place):
    return place.archive / "stations/S2/inbox"


def page(path, word, text="Primaria municipiului"):
    """A small page with words of its own."""
    picture = Image.new("L", (600, 400), 255)
    font = ImageFont.load_default(40)
    ImageDraw.Draw(picture).text((60, 120), f"{text}\n{word} {word}", 0, font=font)
    path.parent.mkdir(exist_ok=True)
    picture.save(path, dpi=(200, 200))


def pages(place, first, last, name="dosar-7"):
    for number in range(first, last + 1):
        page(inbox(place) / name / f"p{number}.png", WORDS[number - 1])


def watch(place, **more):
    done = place.run("watch", "--once", "--json", **more)
    assert "Traceback" not in done.err, done.err
    events = [json.loads(line) for line in done.out.splitlines()]
    return done.code, [(e["event"], e["file"]) for e in events]


def receipt(place, name="dosar-7"):
    folder = place.archive / "stations/S2/receipts"
    text = (folder / f"{name}.txt").read_bytes().decode("utf-8-sig")
    return json.loads((folder / f"{name}.json").read_bytes()), text


def record(place):
    (unit,) = place.units
    return json.loads((unit / "metadata/record.json").read_bytes())


def delivered(unit):
    names = {o["name"]: o["delivered"] for o in unit["originals"]}
    return [names[p["source"]] for p in unit["pages"]]


def test_late_pages_join_in_order_none_lost_none_doubled(station):
    pages(station, 1, 4)
    assert watch(station)[0] in {0, 3}
    first, text = receipt(station)
    assert (first["confirmed"], first["pages"]["scanned"]) == (False, 4)
    assert "fără confirmare" in text
    # the station goes on: a page in between, two more, one that it wrote before, the rest
    pages(station, 6, 8)
    page(inbox(station) / "dosar-7/p2.png", WORDS[1])
    watch(station)
    joined, text = receipt(station)
    assert (joined["unit"], joined["joined"]) == (first["unit"], 3)
    assert "ADĂUGATE  3 pagini" in text
    pages(station, 9, 10)
    pages(station, 5, 5)
    watch(station)
    last, _ = receipt(station)
    assert last["unit"] == first["unit"]
    assert last["pages"]["scanned"] == 10
    assert len(last["files"]) == 10
    unit = record(station)
    assert delivered(unit) == [f"p{n}.png" for n in range(1, 11)]
    assert len(unit["originals"]) == 10
    assert list((station.archive / "stations/S2/claimed").iterdir()) == []
    assert station.run("verify", "--json").json["failed"] == []
    for word in ("unu", "cinci", "zece"):
        assert station.run("search", word, "--json").json["total"] == 1, word
    # the whole folder again is known, page by page
    pages(station, 1, 10)
    watch(station)
    again, _ = receipt(station)
    assert (again["unit"], again["code"]) == (first["unit"], "duplicate")
    assert len(station.units) == 1


def test_a_manifest_that_comes_late_closes_the_delivery(station):
    pages(station, 1, 2)
    watch(station)
    first, _ = receipt(station)
    told = [{"name": f["name"], "bytes": f["bytes"], "sha256": f["sha256"]} for f in first["files"]]
    pages(station, 3, 3)
    third = (inbox(station) / "dosar-7/p3.png").read_bytes()
    told.append({"name": "p3.png", "sha256": sha256(third).hexdigest()})
    said = json.dumps({"files": told})
    (inbox(station) / "dosar-7/batch.json").write_text(said, encoding="utf-8")
    watch(station)
    done, _ = receipt(station)
    assert (done["unit"], done["confirmed"], done["pages"]["scanned"]) == (first["unit"], True, 3)
    # now the delivery is whole: more of that name is another thing
    pages(station, 4, 4)
    code, events = watch(station)
    assert (code, events[-1]) == (3, ("refused", "dosar-7"))
    refused, text = receipt(station)
    assert refused["code"] == "same-name-other-bytes"
    assert "schimbați numele" in text.replace("\r\n          ", " ")
    assert len(station.units) == 1


def test_after_the_time_for_late_pages_the_name_is_taken(station):
    pages(station, 1, 1)
    watch(station)
    pages(station, 2, 2)
    assert watch(station, OPIS_LATE_MINUTES="0")[0] == 3
    assert receipt(station)[0]["code"] == "same-name-other-bytes"
    ident = station.run("status", "--json").json["quarantined"][0]["id"]
    sent = station.run("review", "requeue", ident, "--json").json
    assert (sent["station"], sent["file"]) == ("S2", "dosar-7")
    assert (inbox(station) / "dosar-7/p2.png").exists()
    assert station.run("status", "--json").json["quarantined"] == []
    watch(station)
    joined, _ = receipt(station)
    assert (joined["state"], joined["pages"]["scanned"]) == ("done", 2)


@pytest.mark.parametrize("kind", ["other pages", "the same names", "a file"])
def test_what_was_refused_for_its_name_and_sent_back_is_taken(station, kind):
    """Long after: pages that the unit lacks join it, all else is a unit of its own."""
    late = {"OPIS_LATE_MINUTES": "0"}
    drop = "a.png" if kind == "a file" else "dosar-7"
    inner = {"other pages": ("p1.png", "p2.png"), "the same names": ("p1.png", "p1.png")}
    for number, name in enumerate(inner.get(kind, ("", ""))):
        page(inbox(station) / drop / name, WORDS[number])
        code, _ = watch(station, **late)
    assert (code, receipt(station, drop)[0]["code"]) == (3, "same-name-other-bytes")
    (ident,) = {entry["id"] for entry in station.run("status", "--json").json["quarantined"]}
    assert station.run("review", "requeue", ident, "--json").json["file"] == drop
    assert watch(station, **late)[0] == 0
    told, _ = receipt(station, drop)
    joined = kind == "other pages"
    assert (told["state"], told["pages"]["scanned"]) == ("done", 2 if joined else 1)
    assert len(station.units) == (1 if joined else 2)
    assert list(inbox(station).iterdir()) == []
    assert station.run("verify", "--json").json["failed"] == []


def test_another_cota_is_another_unit_and_a_station_may_use_names_again(station):
    for number, cota in ((1, "1/2016"), (2, "2/2016")):
        pages(station, number, number)
        identity = json.dumps({"cota": cota})
        (inbox(station) / "dosar-7/binder.json").write_text(identity, encoding="utf-8")
        watch(station)
    assert len(station.units) == 2
    assert "cota 2/2016" in receipt(station)[1]
    (station.archive / "stations/S2/station.toml").write_text('same_name = "new"')
    page(inbox(station) / "a.png", "trei")
    (inbox(station) / "a.ok").touch()
    watch(station)
    page(inbox(station) / "a.png", "patru")
    (inbox(station) / "a.ok").touch()
    watch(station)
    assert len(station.units) == 4


def test_a_half_written_page_gets_its_whole_scan(station):
    pages(station, 1, 3)
    whole = (inbox(station) / "dosar-7/p2.png").read_bytes()
    (inbox(station) / "dosar-7/p2.png").write_bytes(whole[: len(whole) // 2])
    code, _ = watch(station)
    assert code == 3
    assert receipt(station)[0]["pages"]["failed"] == 1
    (inbox(station) / "dosar-7").mkdir()
    (inbox(station) / "dosar-7/p2.png").write_bytes(whole)
    watch(station)
    done, _ = receipt(station)
    assert done["pages"]["failed"] == 0
    assert done["pages"]["scanned"] == 3
    assert station.run("search", "doi", "--json").json["total"] == 1

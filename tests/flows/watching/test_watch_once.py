"""`opis watch --once`: drops of every kind are claimed, worked on and answered; none is lost."""

import json
import shutil
from hashlib import sha256
from threading import Event, Thread

import pytest

from tests.flows.opis_command import Place, alto_files, kill, killed_at_last, wait_until

pytestmark = pytest.mark.slow
QUICK = {
    "OPIS_STABILITY_SECONDS": "0.3",
    "OPIS_RESCAN_SECONDS": "0.2",
    "OPIS_MAX_FILE_MB": "8",
}


@pytest.fixture
def station(small_place):
    """A place with station S2, quick to decide."""
    (small_place.archive / "stations/S2/inbox").mkdir(parents=True)
    return Place(small_place.root, QUICK)


def inbox(place):
    return place.archive / "stations/S2/inbox"


def watch(place, **more):
    """Exit code and events of one pass."""
    done = place.run("watch", "--once", "--json", **more)
    assert "Traceback" not in done.err
    events = [json.loads(line) for line in done.out.splitlines()]
    for event in events:
        assert event.keys() == {"event", "station", "file", "unit"}, event
    return done.code, [(event["event"], event["file"]) for event in events]


def receipt(place, name):
    folder = place.archive / "stations/S2/receipts"
    text = (folder / f"{name}.txt").read_bytes()
    assert text.startswith(b"\xef\xbb\xbf")
    assert b"\r\n" in text
    assert text.count(b"\n") == text.count(b"\r\n")
    return json.loads((folder / f"{name}.json").read_bytes()), text.decode("utf-8-sig")


def assert_nothing_claimed(place):
    assert list((place.archive / "stations/S2/claimed").iterdir()) == []


def test_with_manifest_with_marker_and_with_neither(station):
    binder, other = station.root / "small/tiff.tif", station.root / "small/pdf.pdf"
    digest = sha256(binder.read_bytes()).hexdigest()
    said = {"files": [{"name": "a.tif", "bytes": binder.stat().st_size, "sha256": digest}]}
    (inbox(station) / "a.batch.json").write_text(json.dumps(said), encoding="utf-8")
    shutil.copy(binder, inbox(station) / "a.tif")
    shutil.copy(other, inbox(station) / "b.pdf")
    (inbox(station) / "b.ok").touch()
    shutil.copy(binder, inbox(station) / "c.tif")
    code, events = watch(station)
    assert code == 0
    assert [e for e in events if e[1] == "a.tif"] == [("taken", "a.tif"), ("done", "a.tif")]
    assert [e for e in events if e[1] == "b.pdf"] == [("taken", "b.pdf"), ("done", "b.pdf")]
    assert [e for e in events if e[1] == "c.tif"][-2:] == [("taken", "c.tif"), ("done", "c.tif")]
    assert_nothing_claimed(station)
    assert list(inbox(station).iterdir()) == []
    first, text = receipt(station, "a.tif")
    assert (first["state"], first["confirmed"], first["station"]) == ("done", True, "S2")
    assert first["files"][0]["sha256"] == digest
    assert first["pages"]["scanned"] == 5
    assert {item["code"] for item in first["rescan"]} == {"low-resolution"}  # 150 dpi
    assert "Păstrați biblioraftul la stație: rescanați fila" in text
    same, text = receipt(station, "c.tif")
    assert (same["state"], same["unit"], same["code"]) == ("done", first["unit"], "duplicate")
    assert "fără confirmare" in text
    assert len(station.units) == 2
    assert watch(station) == (0, [])


def test_a_drop_that_is_still_copied_waits_and_is_taken_later(station):
    data = (station.root / "small/tiff.tif").read_bytes()
    growing = inbox(station) / "lent.tif"
    enough = Event()

    def copy_slowly():
        with growing.open("wb") as stream:
            for start in range(0, len(data), 4096):
                stream.write(data[start : start + 4096])
                stream.flush()
                if enough.wait(0.05):
                    return

    writer = Thread(target=copy_slowly)
    writer.start()
    try:
        code, events = watch(station)
    finally:
        enough.set()
        writer.join()
    assert (code, events) == (0, [("waiting", "lent.tif")])
    assert receipt(station, "lent.tif")[0]["code"] == "still-changing"
    assert growing.exists()
    growing.write_bytes(data)
    code, events = watch(station)
    assert code == 0
    assert events[-1] == ("done", "lent.tif")
    assert receipt(station, "lent.tif")[0]["state"] == "done"
    assert_nothing_claimed(station)


def test_a_manifest_whose_files_are_missing_waits(station):
    said = {"files": [{"name": "IMG_1.JPG"}, {"name": "IMG_2.JPG"}]}
    drop = inbox(station) / "raft"
    drop.mkdir()
    (drop / "batch.json").write_text(json.dumps(said), encoding="utf-8")
    code, events = watch(station)
    assert (code, events) == (0, [("waiting", "raft")])
    waiting, text = receipt(station, "raft")
    assert (waiting["state"], waiting["code"]) == ("waiting", "manifest-waiting")
    assert "IMG_1.JPG" in text
    assert drop.exists()


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        ("rau.pdf", b"%PDF-1.4 stricat", "pdf-damaged"),
        ("gol.tif", b"", "empty-file"),
        ("mare.pdf", b"%PDF-1.7\n" + bytes(9 << 20), "too-large"),
    ],
)
def test_a_bad_drop_is_refused_and_kept(station, name, data, code):
    (inbox(station) / name).write_bytes(data)
    left, events = watch(station)
    assert left == 3
    assert events[-1] == ("refused", name)
    told, text = receipt(station, name)
    assert (told["state"], told["code"]) == ("refused", code)
    assert told["reason"]
    assert told["remedy"]
    assert "Păstrați biblioraftul la stație" in text
    assert_nothing_claimed(station)
    assert list(inbox(station).iterdir()) == []
    kept = (station.archive / "stations/S2/quarantine").rglob("*")
    assert data in [path.read_bytes() for path in kept if path.is_file()]
    assert station.run("status", "--json").json["quarantined"][0]["code"] == code


def test_files_that_nobody_spoke_of_are_kept_too(station):
    """A half-copied page beside whole ones is not deleted with the claim."""
    drop = inbox(station) / "raft"
    drop.mkdir()
    shutil.copy(station.root / "small/tiff.tif", drop / "p.tif")
    (drop / "p2.jpg.part").write_bytes(b"jumatate de pagina")
    (inbox(station) / "raft.ok").touch()
    watch(station)
    assert_nothing_claimed(station)
    kept = (station.archive / "stations/S2/quarantine").rglob("*")
    assert b"jumatate de pagina" in [path.read_bytes() for path in kept if path.is_file()]


@pytest.mark.parametrize("pages", [0, 2])
def test_killed_in_the_middle_it_is_completed_once(station, pages):
    shutil.copy(station.root / "small/tiff.tif", inbox(station) / "a.tif")
    (inbox(station) / "a.ok").touch()
    claimed = station.archive / "stations/S2/claimed"
    with killed_at_last(station.start("watch", "--once", "--json")) as process:
        assert wait_until(
            lambda: any(claimed.glob("*/a.tif")) and len(alto_files(station)) >= pages, process
        )
        kill(process)
    assert any(claimed.iterdir())
    code, events = watch(station)
    assert (code, events) == (0, [("taken", "a.tif"), ("done", "a.tif")])
    assert_nothing_claimed(station)
    assert len(station.units) == 1
    done, _ = receipt(station, "a.tif")
    assert (done["state"], done["pages"]["scanned"]) == ("done", 5)
    verified = station.run("verify", "--json")
    assert (verified.code, verified.json["failed"]) == (0, [])
    assert watch(station) == (0, [])


def test_people_read_sentences(station):
    (inbox(station) / "gol.tif").touch()
    done = station.run("watch", "--once")
    assert done.code == 3
    assert "refuzat" in done.out
    assert "gol.tif" in done.out

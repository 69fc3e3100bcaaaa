"""Hostile names, what is no file, full and read-only disks: each drop has a defined end."""

import json
import os
import stat
import subprocess
from hashlib import sha256

import pytest

from tests.flows.opis_command import killed_at_last, wait_until
from tests.flows.watching_samples import page, receipt, station_of, station_place, watch

pytestmark = pytest.mark.slow
ROOT_ONLY = pytest.mark.skipif(os.geteuid() != 0, reason="mounting needs root")


@pytest.fixture
def place(tmp_path):
    return station_place(tmp_path)


def put(place, name, data):
    (station_of(place) / "inbox" / os.fsdecode(name)).write_bytes(data)


def receipts(place):
    folder = station_of(place) / "receipts"
    return {one["drop"]: one for one in (json.loads(p.read_bytes()) for p in folder.glob("*.json"))}


def kept(place):
    folder = station_of(place) / "quarantine"
    return {
        sha256(p.read_bytes()).hexdigest()
        for p in folder.rglob("*")
        if p.is_file() and not p.is_symlink()
    }


def test_hostile_names_and_what_is_no_file(place, tmp_path):
    inbox = station_of(place) / "inbox"
    data = page(tmp_path / "x/page.png", "nume").read_bytes()
    odd = {
        b"linie\nnoua.png": "unsafe-name",
        b"clopot\x07.png": "unsafe-name",
        b"octet\xff.png": "unsafe-name",
        b"-rf.png": "",
        b"...png": None,
        b"A.png": "",
        b"a.png": "",
        "ș".encode() * 110 + b".png": "",
        "ș".encode() * 125 + b".png": "unsafe-name",
    }
    for number, name in enumerate(odd):
        put(place, name, data + bytes([number]))
    os.mkfifo(inbox / "teava.png")
    os.mknod(inbox / "priza.png", stat.S_IFSOCK | 0o600)
    secret = tmp_path / "secret.txt"
    secret.write_text("parola")
    (inbox / "legatura.png").symlink_to(secret)
    (inbox / "dosar").symlink_to(tmp_path)
    (inbox / "intreg").mkdir()
    (inbox / "intreg/p1.png").write_bytes(data + b"p1")
    (inbox / "intreg/p2.png").symlink_to(secret)
    code, _, _ = watch(place)
    assert code == 3
    told = receipts(place)
    for name, wanted in odd.items():
        shown = name.decode("utf-8", "surrogateescape")
        shown = shown.replace("\n", "\\x0a").replace("\x07", "\\x07").replace("\udcff", "\\xff")
        if wanted is None:
            assert shown not in told  # it begins with a dot
        else:
            assert (told[shown]["state"], told[shown]["code"]) == (
                "refused" if wanted else "done",
                wanted,
            ), shown
    for name in ("teava.png", "priza.png", "legatura.png", "dosar"):
        assert (told[name]["state"], told[name]["code"]) == ("refused", "special-file")
    assert (told["intreg"]["state"], told["intreg"]["code"]) == ("done", "special-file")
    assert [path.name for path in inbox.iterdir()] == ["...png"]
    assert secret.read_text() == "parola"
    assert sha256(b"parola").hexdigest() not in kept(place)
    for number in (0, 1, 2, 8):
        assert sha256(data + bytes([number])).hexdigest() in kept(place)
    assert list((station_of(place) / "claimed").iterdir()) == []
    assert len(place.units) == 5
    assert place.run("status", "--json").json["reconciled"]
    assert watch(place)[1] == []


def test_duplicates_same_name_and_same_bytes(place):
    inbox = station_of(place) / "inbox"
    page(inbox / "a.png", "unu")
    first = (inbox / "a.png").read_bytes()
    watch(place)
    unit = receipt(place, "a.png")["unit"]
    (inbox / "a.png").write_bytes(first)  # the same again
    (inbox / "b.png").write_bytes(first)  # the same under another name
    assert watch(place)[0] == 0
    for name in ("a.png", "b.png"):
        told = receipt(place, name)
        assert (told["state"], told["unit"], told["code"]) == ("done", unit, "duplicate")
    page(inbox / "a.png", "doi")
    other = (inbox / "a.png").read_bytes()
    assert watch(place)[0] == 3
    told = receipt(place, "a.png")
    assert (told["state"], told["code"]) == ("refused", "same-name-other-bytes")
    assert sha256(other).hexdigest() in kept(place)
    assert len(place.units) == 1


def test_a_refused_folder_goes_back_whole_with_what_stood_beside_it(place):
    inbox = station_of(place) / "inbox"
    for number in (1, 2):
        page(inbox / f"raft/p{number}.png", str(number))
    files = [{"name": f"p{n}.png", "sha256": "0" * 64} for n in (1, 2)]
    (inbox / "raft.batch.json").write_text(json.dumps({"files": files}))
    (inbox / "raft.binder.json").write_text(json.dumps({"cota": "7/1990"}))
    before = {p.name: p.read_bytes() for p in (inbox / "raft").iterdir()}
    assert watch(place)[0] == 3
    assert receipt(place, "raft")["code"] == "checksum-mismatch"
    assert list(inbox.iterdir()) == []
    first, second = (q["id"] for q in place.run("status", "--json").json["quarantined"])
    (inbox / "raft").mkdir()
    taken = place.run("review", "requeue", first, "--json")
    assert (taken.code, taken.json["error"]["code"]) == (4, "requeue-taken")
    (inbox / "raft").rmdir()
    assert place.run("review", "requeue", first, "--json").json["removed"] == sorted(
        (first, second)
    )
    assert {p.name for p in inbox.iterdir()} == {"raft", "raft.batch.json", "raft.binder.json"}
    assert {p.name: p.read_bytes() for p in (inbox / "raft").iterdir()} == before
    assert list((station_of(place) / "quarantine").iterdir()) == []
    gone = place.run("review", "requeue", second, "--json")
    assert (gone.code, gone.json["error"]["code"]) == (4, "quarantine-missing")
    (inbox / "raft.batch.json").unlink()
    watch(place)
    told = receipt(place, "raft")
    assert (told["state"], told["pages"]["scanned"], told["cota"]) == ("done", 2, "7/1990")


def test_taking_in_stops_before_the_disk_is_full_and_goes_on_by_itself(place):
    inbox = station_of(place) / "inbox"
    page(inbox / "a.png", "unu")
    (inbox / "a.ok").touch()
    code, events, _ = watch(place, OPIS_FREE_MB=str(1 << 40))
    assert (code, events) == (3, [("waiting", "a.png"), ("warning", "disk-low")])
    told = receipt(place, "a.png")
    assert (told["state"], told["code"]) == ("waiting", "disk-low")
    assert "se reia singură" in told["remedy"]
    assert (inbox / "a.png").exists()
    status = place.run("status", "--json", OPIS_FREE_MB=str(1 << 40)).json
    assert [w["code"] for w in status["warnings"]] == ["disk-low"]
    code, events, _ = watch(place)
    assert code == 0
    assert set(events) == {("taken", "a.png"), ("done", "a.png"), ("cleared", "disk-low")}
    assert place.run("status", "--json").json["warnings"] == []


def mounted(*arguments):
    done = subprocess.run(["mount", *arguments], capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.skip(f"cannot mount here: {done.stderr}")


@ROOT_ONLY
def test_a_station_that_cannot_be_written_strands_no_other_and_nothing_is_lost(place, tmp_path):
    page(station_of(place) / "inbox/bun.png", "bun")
    (station_of(place) / "inbox/bun.ok").touch()
    share = place.archive / "stations/S1"
    page(tmp_path / "share.png", "citit")
    for name in ("inbox", "claimed", "receipts", "quarantine"):
        (share / name).mkdir(parents=True)
    mounted("-t", "tmpfs", "-o", "size=1m", "tmpfs", str(share))
    try:
        for name in ("inbox", "claimed", "receipts", "quarantine"):
            (share / name).mkdir()
        page(share / "inbox/citit.png", "citit")
        (share / "inbox/citit.ok").touch()
        mounted("-o", "remount,ro", str(share))
        code, events, _ = watch(place)
        assert code == 3
        assert ("done", "bun.png") in events
        assert ("warning", "station-read-only") in events
        (told,) = place.run("status", "--json").json["warnings"]
        assert (told["station"], told["code"]) == ("S1", "station-read-only")
        assert "nu poate fi scris" in told["reason"]
        assert (share / "inbox/citit.png").exists()
        mounted("-o", "remount,rw", str(share))
        events = watch(place)[1]
        assert ("done", "citit.png") in events
        assert ("cleared", "station-read-only") in events
    finally:
        subprocess.run(["umount", str(share)], check=True)
    assert len(place.units) == 2


@ROOT_ONLY
def test_a_full_disk_in_the_middle_is_told_and_the_drop_is_finished_later(tmp_path):
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted("-t", "tmpfs", "-o", "size=3m", "tmpfs", str(disk))
    try:
        place = station_place(tmp_path, OPIS_ARCHIVE=str(disk / "archive"), OPIS_FREE_MB="0")
        stations = place.archive / "stations"
        place.environment["OPIS_STATIONS"] = str(stations)
        page(station_of(place) / "inbox/a.png", "plin")
        (station_of(place) / "inbox/a.ok").touch()
        filler = disk / "filler"
        with killed_at_last(place.start("watch", "--json")) as process:
            filler.write_bytes(bytes((2 << 20) + 600_000))
            assert wait_until(
                lambda: (
                    (station_of(place) / "receipts/a.png.json").exists()
                    and receipt(place, "a.png").get("code") in {"disk-full", "disk-low"}
                ),
                process,
            )
            filler.unlink()
            assert wait_until(lambda: receipt(place, "a.png")["state"] == "done", process)
        assert len(list((disk / "archive/units").glob("*/*"))) == 1
    finally:
        subprocess.run(["umount", "-l", str(disk)], check=True)


def test_a_drop_that_vanishes_after_its_claim_is_refused_as_that(place):
    page(station_of(place) / "inbox/a/p.png", "unu")
    folder = station_of(place) / "claimed/a"
    folder.mkdir(parents=True)
    (station_of(place) / "inbox/a").rename(folder / "a")
    (folder / "a/p.png").unlink()
    code, events, _ = watch(place)
    assert (code, events) == (3, [("taken", "a"), ("refused", "a")])
    assert receipt(place, "a")["code"] in {"vanished", "nothing-found"}


def test_a_receipt_follows_its_unit(place):
    page(station_of(place) / "inbox/a.png", "unu")
    (station_of(place) / "inbox/a.ok").touch()
    watch(place)
    first = receipt(place, "a.png")
    assert first["rescan"] == []
    marked = place.run("review", "rescan-mark", first["unit"], "1", "--note", "strâmbă", "--json")
    watch(place)
    told = receipt(place, "a.png")
    assert [item["image"] for item in told["rescan"]] == [1]
    assert {k: told[k] for k in ("unit", "confirmed", "received")} == {
        k: first[k] for k in ("unit", "confirmed", "received")
    }
    text = (station_of(place) / "receipts/a.png.txt").read_bytes().decode("utf-8-sig")
    assert text.endswith("Păstrați biblioraftul la stație: rescanați fila 1.\r\n")
    place.run("review", "accept", marked.json["id"])
    watch(place)
    assert receipt(place, "a.png")["rescan"] == []
    text = (station_of(place) / "receipts/a.png.txt").read_bytes().decode("utf-8-sig")
    assert text.endswith("Puteți pune biblioraftul la loc.\r\n") or "fără confirmare" in text


@pytest.mark.parametrize("alone", [True, False])
def test_trouble_with_a_service_keeps_the_claim_and_is_tried_again(place, alone):
    page(station_of(place) / "inbox/a.png", "unu")
    (station_of(place) / "inbox/a.ok").touch()
    if alone:
        code, events, _ = watch(place, OPIS_LEDGER_URL="postgresql://127.0.0.1:1/nimic")
    else:
        code, events, _ = watch(place, OPIS_ELASTICSEARCH_URL="http://127.0.0.1:1")
    assert code == 5
    assert events[-1] == ("waiting", "a.png")
    told = receipt(place, "a.png")
    service = "ledger" if alone else "elasticsearch"
    assert (told["state"], told["code"]) == ("waiting", f"{service}-unreachable")
    assert any((station_of(place) / "claimed").glob("*/a.png"))
    assert watch(place)[1][-1] == ("done", "a.png")
    assert receipt(place, "a.png")["confirmed"]

import json
import os
import threading
from hashlib import sha256

import pytest

from scanners.stations import (
    DropMemory,
    claim,
    claimed_drops,
    observe,
    prepare_station,
    ready_drops,
    station_layouts,
)
from schemas.errors import InputError
from schemas.settings import Settings


@pytest.fixture
def options(tmp_path):
    return Settings(archive=tmp_path, stability_seconds=30.0)


@pytest.fixture
def station(options):
    return prepare_station(options, "S2")


class Watch:
    """Looks at an inbox again and again, as the watch does."""

    def __init__(self, station, options):
        self.station, self.options, self.memory = station, options, DropMemory()

    def look(self, now):
        self.memory = observe(self.station, now, self.memory)
        drops = ready_drops(self.station, self.options, now, self.memory)
        return {d.name: (d.state, d.code, d.missing, d.confirmed) for d in drops}


@pytest.fixture
def watch(station, options):
    return Watch(station, options)


STILL = ("waiting", "still-changing", (), False)


def test_a_drop_without_a_manifest_waits_until_nothing_changes(station, watch):
    drop = station.inbox / "raft-1"
    drop.mkdir()
    (drop / "1.tif").write_bytes(b"a")
    assert watch.look(0)["raft-1"] == STILL
    assert watch.look(29)["raft-1"] == STILL
    (drop / "2.tif").write_bytes(b"b")
    assert watch.look(31)["raft-1"] == STILL
    assert watch.look(60)["raft-1"] == STILL
    assert watch.look(61)["raft-1"] == ("ready", "", (), False)


def test_one_look_is_never_enough_however_old_the_files(station, watch):
    (station.inbox / "a.pdf").write_bytes(b"%PDF")
    os.utime(station.inbox / "a.pdf", (0, 0))
    assert watch.look(1e9)["a.pdf"] == STILL
    assert watch.look(1e9 + 30)["a.pdf"][0] == "ready"


def test_a_change_between_the_look_and_the_question_counts(station, options):
    (station.inbox / "a.pdf").write_bytes(b"%PDF")
    memory = observe(station, 100, observe(station, 0, DropMemory()))
    (station.inbox / "a.pdf").write_bytes(b"%PDF-1.4")
    assert ready_drops(station, options, 100, memory)[0].state == "waiting"


def manifest(*files):
    return json.dumps({"files": [{"name": n, **said} for n, said in files]})


def test_a_manifest_makes_a_drop_ready_at_once(station, watch):
    drop = station.inbox / "raft"
    drop.mkdir()
    said = [("1.tif", {"bytes": 3}), ("s/2.tif", {"sha256": sha256(b"two").hexdigest()})]
    (drop / "batch.json").write_text(manifest(*said))
    (drop / "1.tif").write_bytes(b"on")
    assert watch.look(0)["raft"] == ("waiting", "manifest-waiting", ("s/2.tif",), False)
    (drop / "s").mkdir()
    (drop / "s" / "2.tif").write_bytes(b"tw")
    assert watch.look(1)["raft"] == STILL
    (drop / "1.tif").write_bytes(b"one")
    (drop / "s" / "2.tif").write_bytes(b"two")
    assert watch.look(2)["raft"] == ("ready", "", (), True)


def test_a_manifest_that_lacks_files_waits_for_ever(station, watch):
    (station.inbox / "a.pdf").write_bytes(b"%PDF")
    (station.inbox / "a.batch.json").write_text(manifest(("a.pdf", {}), ("b.pdf", {})))
    watch.look(0)
    assert watch.look(1e6)["a.pdf"] == ("waiting", "manifest-waiting", ("b.pdf",), False)


def test_an_untrue_manifest_is_ready_when_stable_for_the_refusal_to_tell(station, watch):
    (station.inbox / "a.pdf").write_bytes(b"%PDF")
    (station.inbox / "a.pdf.batch.json").write_text(manifest(("a.pdf", {"bytes": 99})))
    assert watch.look(0)["a.pdf"] == STILL
    assert watch.look(40)["a.pdf"] == ("ready", "", (), False)


def test_a_manifest_before_its_file_announces_a_drop(station, watch):
    (station.inbox / "a.batch.json").write_text(manifest(("a.pdf", {"bytes": 4})))
    assert watch.look(0) == {"a": ("waiting", "manifest-waiting", ("a.pdf",), False)}
    (station.inbox / "a.pdf").write_bytes(b"%PDF")
    assert watch.look(1) == {"a.pdf": ("ready", "", (), True)}


@pytest.mark.parametrize("marker", ["raft.ok", "raft/raft.ok"])
def test_a_marker_makes_a_drop_ready(station, watch, marker):
    (station.inbox / "raft").mkdir()
    assert watch.look(0)["raft"] == STILL
    (station.inbox / marker).write_bytes(b"")
    assert watch.look(1)["raft"] == ("ready", "", (), True)


def test_hidden_and_unfinished_names_are_never_looked_at(station, watch):
    (station.inbox / ".a.pdf").write_bytes(b"x")
    (station.inbox / "a.pdf.part").write_bytes(b"x")
    (station.inbox / "lone.binder.json").write_bytes(b"{}")
    assert watch.look(0) == {}


def ready(station, options, name):
    memory = observe(station, 100, observe(station, 0, DropMemory()))
    drops = {d.name: d for d in ready_drops(station, options, 100, memory)}
    return drops[name]


def test_a_claim_takes_the_drop_and_what_stands_beside_it(station, options):
    for name in ("a.pdf", "a.binder.json", "a.pdf.ok", "b.pdf", "b.binder.json"):
        (station.inbox / name).write_text("{}")
    taken = claim(ready(station, options, "a.pdf"), station)
    assert taken.name == "a.pdf"
    assert {p.name for p in taken.parent.iterdir()} == {"a.pdf", "a.binder.json", "a.pdf.ok"}
    assert {p.name for p in station.inbox.iterdir()} == {"b.pdf", "b.binder.json"}
    assert [(c.name, c.path) for c in claimed_drops(station)] == [("a.pdf", taken)]


def test_the_same_name_dropped_twice_never_covers_the_first(station, options):
    paths = []
    for content in ("one", "two"):
        (station.inbox / "a.pdf").write_text(content)
        paths.append(claim(ready(station, options, "a.pdf"), station))
    assert [p.read_text() for p in paths] == ["one", "two"]


def test_of_many_claimers_one_wins(station, options):
    for round_number in range(20):
        (station.inbox / "raft").mkdir()
        (station.inbox / "raft.ok").write_bytes(b"")
        drop = ready(station, options, "raft")
        barrier, won = threading.Barrier(4), []

        def run(drop=drop, barrier=barrier, won=won):
            barrier.wait()
            won.append(claim(drop, station))

        threads = [threading.Thread(target=run) for _ in range(4)]
        [t.start() for t in threads]
        [t.join() for t in threads]
        assert sum(path is not None for path in won) == 1
        assert len(list(station.claimed.iterdir())) == round_number + 1


def test_a_run_killed_between_drop_and_sidecar_is_made_good(station, options):
    (station.inbox / "a.binder.json").write_text("{}")
    folder = station.claimed / "abc"
    folder.mkdir()
    (station.claimed / "empty").mkdir()
    (station.inbox / "a.pdf").write_text("x")
    (station.inbox / "a.pdf").rename(folder / "a.pdf")
    assert [c.name for c in claimed_drops(station)] == ["a.pdf"]
    assert (folder / "a.binder.json").exists()
    assert not (station.claimed / "empty").exists()


def test_stations_are_folders_with_safe_names(options, station):
    root = options.stations_folder
    for name in ("S10", "S1", ".hidden", "a b"):
        (root / name).mkdir()
    (root / "file").write_bytes(b"")
    (root / "link").symlink_to(root / "S1")
    assert [s.name for s in station_layouts(options)] == ["S1", "S2", "S10"]


@pytest.mark.parametrize("name", ["..", "a/b", ".x", "a b", "ș"])
def test_a_station_with_another_name_is_refused(options, name):
    with pytest.raises(InputError):
        prepare_station(options, name)

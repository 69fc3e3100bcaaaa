import json
import os
import time
from hashlib import sha256

import pytest
from PIL import Image

from scanners.delivery.drops import DropMemory, observe, ready_drops, with_proved
from scanners.delivery.stations import (
    StationRules,
    prepare_station,
    station_layouts,
    station_rules,
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

    def look(self, now, **more):
        self.memory = observe(self.station, now, self.memory)
        rules = station_rules(self.station, self.options)
        drops = ready_drops(self.station, rules, now, self.memory, **more)
        self.memory = with_proved(self.memory, drops)
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
    assert watch.look(62)["raft-1"] == ("ready", "", (), False)


def test_one_look_is_never_enough_however_old_the_files(station, watch):
    (station.inbox / "a.pdf").write_bytes(b"%PDF %%EOF")
    os.utime(station.inbox / "a.pdf", (0, 0))
    assert watch.look(1e9)["a.pdf"] == STILL
    assert watch.look(1e9 + 30)["a.pdf"][0] == "ready"


def test_a_change_between_the_look_and_the_question_counts(station, options):
    (station.inbox / "a.pdf").write_bytes(b"%PDF")
    memory = observe(station, 100, observe(station, 0, DropMemory()))
    (station.inbox / "a.pdf").write_bytes(b"%PDF-1.4")
    rules = station_rules(station, options)
    assert ready_drops(station, rules, 100, memory)[0].state == "waiting"


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
    assert watch.look(40)["a.pdf"] == STILL  # nor is the file whole
    assert watch.look(120)["a.pdf"] == ("ready", "", (), False)


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


WHOLE = {".jpg": "JPEG", ".png": "PNG", ".tif": "TIFF", ".pdf": "PDF"}


@pytest.mark.parametrize("suffix", WHOLE)
def test_what_has_no_end_yet_is_not_taken_after_one_window(station, watch, suffix):
    path = station.inbox / f"a{suffix}"
    Image.effect_noise((300, 300), 90).save(path, format=WHOLE[suffix])
    data = path.read_bytes()
    path.write_bytes(data[: len(data) // 2])
    watch.look(0)
    assert watch.look(31)[path.name] == STILL
    assert watch.look(59)[path.name] == STILL
    assert watch.look(120)[path.name][0] == "ready"  # the refusal is to tell why
    path.write_bytes(data)
    watch.look(200)
    assert watch.look(231)[path.name] == ("ready", "", (), False)


def test_a_tiff_whose_next_page_is_not_there_yet_is_not_whole(station, watch):
    path = station.inbox / "a.tif"
    pages = [Image.effect_noise((200, 200), 90) for _ in range(3)]
    pages[0].save(path, format="TIFF", save_all=True, append_images=pages[1:])
    data = path.read_bytes()
    path.write_bytes(data[: len(data) * 2 // 3 + 400])
    watch.look(0)
    assert watch.look(31)["a.tif"] == STILL


def test_a_station_that_renames_is_believed_at_once(station, watch):
    (station.root / "station.toml").write_text('delivery = "rename"')
    (station.inbox / ".a.pdf").write_bytes(b"%PDF")
    (station.inbox / "b.pdf.part").write_bytes(b"%PDF")
    assert watch.look(0) == {}
    (station.inbox / ".a.pdf").rename(station.inbox / "a.pdf")
    (station.inbox / "b.pdf.part").rename(station.inbox / "b.pdf")
    ready = ("ready", "", (), True)
    assert watch.look(1) == {"a.pdf": ready, "b.pdf": ready}


def test_a_station_has_its_own_window(station, watch):
    (station.root / "station.toml").write_text("stability_seconds = 2")
    (station.inbox / "a.pdf").write_bytes(b"%PDF %%EOF")
    watch.look(0)
    assert watch.look(2)["a.pdf"][0] == "ready"


@pytest.mark.parametrize(
    "told",
    [
        'delivery = "x"',
        "stability_seconds = -1",
        "stability_seconds = true",
        "a = 1",
        "{",
        "\udc80",
    ],
)
def test_rules_that_cannot_be_used_are_told_and_the_defaults_hold(station, options, told):
    (station.root / "station.toml").write_bytes(told.encode("utf-8", "surrogateescape"))
    rules = station_rules(station, options)
    assert rules.problem
    assert rules == StationRules(30.0, problem=rules.problem)


def test_pages_of_an_earlier_delivery_count_for_a_later_manifest(station, watch):
    drop = station.inbox / "dosar-7"
    drop.mkdir()
    (drop / "2.tif").write_bytes(b"two")
    first, second = sha256(b"one").hexdigest(), sha256(b"two").hexdigest()
    said = manifest(("1.tif", {"sha256": first}), ("2.tif", {"sha256": second}))
    (drop / "batch.json").write_text(said)
    missing = ("waiting", "manifest-waiting", ("1.tif",), False)
    assert watch.look(0) == {"dosar-7": missing}
    assert watch.look(1, earlier=lambda _: {"1.tif": second}) == {"dosar-7": missing}
    found = watch.look(2, earlier=lambda _: {"1.tif": first})
    assert found == {"dosar-7": ("ready", "", (), True)}


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


def test_a_marker_that_is_older_than_the_files_speaks_of_an_earlier_drop(station, watch):
    (station.inbox / "raft-1.ok").touch()
    time.sleep(0.02)
    (station.inbox / "raft-1").mkdir()
    (station.inbox / "raft-1/1.tif").write_bytes(b"a")
    assert watch.look(0)["raft-1"] == STILL
    (station.inbox / "raft-1.ok").touch()
    assert watch.look(1)["raft-1"] == ("ready", "", (), True)


def test_a_manifest_that_comes_after_all_was_taken_announces_nothing(station, watch):
    text = b"%PDF %%EOF"
    there = {"a.pdf": sha256(text).hexdigest()}
    (station.inbox / "raft-1.batch.json").write_text(
        manifest(("a.pdf", {"sha256": there["a.pdf"]}))
    )
    (station.inbox / "b.batch.json").write_text(manifest(("b.pdf", {})))
    assert set(watch.look(0)) == {"raft-1", "b"}
    delivered = {"raft-1": there, "b.pdf": {"b.pdf": "0" * 64}}
    assert watch.look(1, delivered=lambda drop: delivered.get(drop, {})) == {}
    other = {"raft-1": {"a.pdf": "1" * 64}}
    assert set(watch.look(2, delivered=lambda drop: other.get(drop, {}))) == {"raft-1", "b"}

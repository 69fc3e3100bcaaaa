"""Drops that were refused and sent back: none is deleted with another, none takes another's name."""

import pytest

from scanners.delivery.claims import claim, release
from scanners.delivery.drops import Drop
from scanners.delivery.stations import prepare_station
from scanners.quarantine import entries, keep_whole, put_aside, send_back
from schemas.errors import InputError
from schemas.settings import Settings
from schemas.sources import Refusal

ME = "me"


@pytest.fixture
def station(tmp_path):
    return prepare_station(Settings(archive=tmp_path), "S2")


def refuse_whole(station, name, files):
    """A drop refused as a whole, as the watch does it; the id of its entry."""
    for inner, data in files.items():
        path = station.inbox / name / inner
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    taken = claim(Drop(name, station.inbox / name, "ready"), station, ME)
    entry = put_aside(Refusal(name, "ambiguous-folder", {}, taken.path), station)
    keep_whole(station, (entry.id,), taken.folder)
    release(taken)
    return entry.id


def bytes_below(folder):
    return sorted(path.read_bytes() for path in folder.rglob("*.tif"))


def test_a_second_refused_drop_of_a_name_is_not_deleted_with_the_first(station):
    first = refuse_whole(station, "b1", {"a.tif": b"one", "sub/x": b""})
    assert refuse_whole(station, "b1", {"a.tif": b"two", "sub/x": b""}) == first
    assert send_back(station, first) == ("b1", ())
    assert bytes_below(station.inbox) == [b"two"]
    assert bytes_below(station.quarantine) == [b"one"]
    with pytest.raises(InputError, match="requeue-taken"):
        send_back(station, first)
    (station.inbox / "b1").rename(station.inbox / "b2")
    assert send_back(station, first) == ("b1", (first,))
    assert bytes_below(station.inbox) == [b"one", b"two"]
    assert entries(station) == ()


def test_the_same_drop_refused_again_is_kept_once(station):
    first = refuse_whole(station, "b1", {"a.tif": b"one", "sub/x": b""})
    refuse_whole(station, "b1", {"a.tif": b"one", "sub/x": b""})
    assert list(station.claimed.iterdir()) == []
    assert bytes_below(station.quarantine) == [b"one"]
    assert send_back(station, first) == ("b1", (first,))
    assert bytes_below(station.root) == [b"one"]


@pytest.mark.parametrize("name", ["depunere", "drop", "reason.json", "motiv.txt"])
def test_a_file_may_be_called_as_what_quarantine_holds(station, name):
    (station.inbox / name).write_bytes(b"words")
    taken = claim(Drop(name, station.inbox / name, "ready"), station, ME)
    entry = put_aside(Refusal(name, "unsupported-type", {}, taken.path), station)
    keep_whole(station, (entry.id,), taken.folder)
    assert (station.quarantine / entry.id / entry.stored).read_bytes() == b"words"
    assert send_back(station, entry.id) == (name, (entry.id,))
    assert (station.inbox / name).read_bytes() == b"words"


def test_what_stands_beside_a_drop_sent_back_takes_no_newer_ones_place(station):
    (station.inbox / "b1").mkdir()
    (station.inbox / "b1/a.tif").write_bytes(b"one")
    (station.inbox / "b1.batch.json").write_text("old")
    taken = claim(Drop("b1", station.inbox / "b1", "ready"), station, ME)
    entry = put_aside(Refusal("b1", "ambiguous-folder", {}, taken.path), station)
    keep_whole(station, (entry.id,), taken.folder)
    (station.inbox / "b1.batch.json").write_text("new")
    with pytest.raises(InputError, match="requeue-taken"):
        send_back(station, entry.id)
    assert (station.inbox / "b1.batch.json").read_text() == "new"
    assert not (station.inbox / "b1").exists()


def test_two_stations_never_share_the_id_of_an_entry(station, tmp_path):
    other = prepare_station(Settings(archive=tmp_path), "S3")
    files = {"a.tif": b"one", "sub/x": b""}
    assert refuse_whole(station, "b1", files) != refuse_whole(other, "b1", files)


@pytest.mark.parametrize("file", ["a.pdf", "b1/a.tif"])
def test_a_file_sent_back_leaves_nothing_behind_where_its_name_is_taken(station, tmp_path, file):
    source = tmp_path / "source"
    source.write_bytes(b"words")
    entry = put_aside(Refusal(file, "unsupported-type", {}, source), station)
    (station.inbox / file.split("/")[0]).write_text("a newer one")
    with pytest.raises(InputError, match="requeue-taken"):
        send_back(station, entry.id)
    assert [p.read_text() for p in station.inbox.iterdir()] == ["a newer one"]

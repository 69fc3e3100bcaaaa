import fcntl
import json
import os
from hashlib import sha256
from threading import Timer

import pytest

from scanners.quarantine import entries, put_aside, remove_unfinished
from schemas.errors import InputError
from schemas.layout import StationLayout
from schemas.messages import reason
from schemas.sources import Refusal


@pytest.fixture
def station(tmp_path):
    return StationLayout(tmp_path / "stations" / "S2")


@pytest.fixture
def refusal(tmp_path):
    path = tmp_path / "biblioraft ș.pdf"
    path.write_bytes(b"%PDF-bad")
    return Refusal("raft/biblioraft ș.pdf", "pdf-damaged", {}, path)


def test_bytes_reason_and_sentence_lie_together(station, refusal):
    entry = put_aside(refusal, station)
    folder = station.quarantine / entry.id
    assert (folder / entry.stored).read_bytes() == b"%PDF-bad"
    assert entry.stored == "biblioraft-s.pdf"
    assert entry.sha256 == sha256(b"%PDF-bad").hexdigest()
    assert json.loads((folder / "reason.json").read_text())["code"] == "pdf-damaged"
    assert "deteriorată" in (folder / "motiv.txt").read_text(encoding="utf-8-sig")
    assert refusal.path.exists()
    assert entries(station) == (entry,)


def test_the_same_again_is_not_doubled_but_another_reason_is(station, refusal):
    first = put_aside(refusal, station)
    assert put_aside(refusal, station) == first
    other = put_aside(Refusal(refusal.file, "truncated", {}, refusal.path), station)
    refusal.path.write_bytes(b"%PDF-other")
    changed = put_aside(refusal, station)
    assert len({first.id, other.id, changed.id}) == 3
    assert len(entries(station)) == 3


def test_moved_files_are_gone_once_the_entry_stands(station, refusal):
    entry = put_aside(refusal, station, move=True)
    assert not refusal.path.exists()
    assert (station.quarantine / entry.id / entry.stored).read_bytes() == b"%PDF-bad"


def test_a_killed_run_leaves_no_entry_and_the_next_one_completes_it(station, refusal):
    entry = put_aside(refusal, station)
    (station.quarantine / entry.id / "reason.json").unlink()
    assert entries(station) == ()
    assert put_aside(refusal, station, move=True).id == entry.id
    (station.quarantine / "0123").mkdir()
    assert remove_unfinished(station) == 1
    assert [e.id for e in entries(station)] == [entry.id]


@pytest.mark.parametrize("complete", [True, False])
def test_what_a_killed_run_left_half_written_goes(station, refusal, complete):
    entry = put_aside(refusal, station)
    folder = station.quarantine / entry.id
    if not complete:
        (folder / "reason.json").unlink()
    (folder / ".787e9aebd34d.part").write_bytes(b"%PDF")
    assert put_aside(refusal, station).id == entry.id
    assert not list(folder.glob(".*"))


def test_recorded_without_bytes(station, tmp_path, refusal):
    (tmp_path / "link").symlink_to(refusal.path)
    (tmp_path / "folder").mkdir()
    for told in (
        Refusal("link", "special-file", {}, tmp_path / "link"),
        Refusal("folder", "nothing-found", {"f": "folder"}, tmp_path / "folder"),
        Refusal("big.tif", "too-large", {"n": "4096"}, refusal.path),
        Refusal("gone.tif", "vanished", {}, tmp_path / "gone"),
        Refusal("nowhere", "manifest-waiting", {"n": "2", "list": "a, b"}),
    ):
        entry = put_aside(told, station, move=True)
        assert (entry.stored, entry.sha256) == ("", "")
        assert "?" not in entry.reason + entry.remedy
        assert put_aside(told, station).id == entry.id
    assert refusal.path.exists()
    assert len(entries(station)) == 5


def test_a_file_named_like_our_own_cannot_replace_the_reason(station, tmp_path):
    (tmp_path / "reason.json").write_bytes(b"mine")
    entry = put_aside(
        Refusal("reason.json", "unsupported-type", {}, tmp_path / "reason.json"), station
    )
    assert entry.stored == "reason-2.json"
    assert entries(station) == (entry,)


def test_an_entry_that_another_keeps_is_waited_for_and_then_named(station, refusal, monkeypatch):
    entry = put_aside(refusal, station)
    monkeypatch.setattr("scanners.quarantine._LOCK_SECONDS", 0.2)
    handle = os.open(station.quarantine / entry.id, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        with pytest.raises(InputError) as caught:
            put_aside(refusal, station, move=True)
        assert (caught.value.code, caught.value.file) == ("quarantine-busy", refusal.file)
        assert refusal.path.exists()
        monkeypatch.setattr("scanners.quarantine._LOCK_SECONDS", 60.0)
        Timer(0.2, fcntl.flock, (handle, fcntl.LOCK_UN)).start()
        assert put_aside(refusal, station) == entry
    finally:
        os.close(handle)
    told = reason("quarantine-busy", "ro", f=refusal.file)
    assert refusal.file in told.cause
    assert told.remedy

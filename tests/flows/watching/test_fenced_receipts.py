"""A watcher that stood still while another took its drop over never has the last word in a receipt."""

import os
import signal

import pytest

from flows.watching.following import Follower
from flows.watching.looking import Eyes
from flows.watching.telling import Watch
from flows.work import work_batch
from pipeline.ledger import open_ledger
from pipeline.units import write_record
from scanners.delivery import versions
from scanners.delivery.claims import claim
from scanners.delivery.drops import Drop
from scanners.delivery.holders import new_holder
from scanners.delivery.receipts import (
    Receipt,
    read_receipt,
    receipt_number,
    remove_receipt,
    replace_receipt,
    write_receipt,
)
from scanners.delivery.stations import prepare_station
from schemas.records import PageState
from schemas.settings import Settings
from tests.flows.opis_command import ended, killed_at_last, wait_until
from tests.flows.stopping_command import start, stopped
from tests.flows.watching_samples import page, receipt, station_of, station_place, watch
from tests.pipeline.unit_samples import make_unit

WRITE = "scanners.delivery.receipts:write_bytes_durably"
POINTS = {
    "before the text of the first": f"stop:{WRITE}:1",
    "before the last is asked for": "stop:scanners.delivery.receipts:store:2",
}
TOLD = ("state", "code", "unit", "pages", "files", "received", "confirmed")


@pytest.mark.slow
@pytest.mark.parametrize("where", ["--elsewhere", "here"])
@pytest.mark.parametrize("point", POINTS)
def test_a_watcher_that_stood_still_leaves_the_newer_receipt(tmp_path, point, where):
    place = station_place(tmp_path, OPIS_HOLDER_SECONDS="1")
    page(station_of(place) / "inbox/a.png", "unu")
    (station_of(place) / "inbox/a.ok").touch()
    points = (*(["--elsewhere"] if where != "here" else ()), POINTS[point])
    with killed_at_last(start(place, points, "watch", "--once", "--json")) as frozen:
        assert wait_until(lambda: stopped(frozen), frozen)
        with killed_at_last(place.start("watch")) as other:
            assert wait_until(lambda: not any((station_of(place) / "claimed").iterdir()), other)
            told = receipt(place, "a.png")
            assert told["state"] == "done"
            os.kill(frozen.pid, signal.SIGCONT)
            assert ended(frozen).code in {0, 3}
    now = receipt(place, "a.png")
    assert {name: now[name] for name in TOLD} == {name: told[name] for name in TOLD}
    text = (station_of(place) / "receipts/a.png.txt").read_text(encoding="utf-8-sig")
    assert text.splitlines()[1].startswith("STARE     ÎNCHEIAT")
    assert len(place.units) == 1


@pytest.fixture
def settings(tmp_path):
    return Settings(archive=tmp_path, free_mb=1, free_share=0.0, stability_seconds=0.0)


@pytest.fixture
def station(settings):
    return prepare_station(settings, "S2")


@pytest.fixture
def watching(settings):
    return Watch(settings, lambda _: None, work_batch, new_holder())


def test_what_was_found_out_before_another_wrote_is_not_written(station):
    write_receipt(station, "raft", Receipt("taken"))
    before = receipt_number(station, "raft")
    write_receipt(station, "raft", Receipt("done", unit="ua-x"))
    assert not replace_receipt(station, "raft", Receipt("waiting"), after=before)
    assert not remove_receipt(station, "raft", before)
    assert read_receipt(station, "raft").state == "done"
    write_receipt(station, "raft", Receipt("refused"))
    assert not replace_receipt(station, "raft", Receipt("waiting"), after=before)
    told = read_receipt(station, "raft")
    assert (told.state, told.sequence) == ("refused", 3)
    assert sorted(p.name for p in (station.root / versions.VERSIONS).iterdir()) == [
        "raft.000000003"
    ]


def test_a_receipt_from_before_there_were_versions_is_followed_by_newer_ones(station):
    (station.receipts / "raft.json").write_bytes(b'{"state": "done", "unit": "ua-x"}')
    assert receipt_number(station, "raft") == 0
    write_receipt(station, "raft", Receipt("refused"))
    assert read_receipt(station, "raft").sequence == 1


def test_numbers_go_on_where_the_versions_were_lost_or_never_finished(station):
    write_receipt(station, "raft", Receipt("taken"))
    (station.root / versions.VERSIONS / "raft.000000001").unlink()
    write_receipt(station, "raft", Receipt("done"))
    assert read_receipt(station, "raft").sequence == 2
    (station.root / versions.VERSIONS / "raft.000000003").touch()
    write_receipt(station, "raft", Receipt("refused"))
    assert (read_receipt(station, "raft").state, receipt_number(station, "raft")) == ("refused", 4)


def test_what_a_writer_covered_who_then_died_the_keeper_puts_back(station, settings, watching):
    open_ledger(settings).close()
    write_receipt(station, "raft", Receipt("taken"))
    old = {p.name: p.read_bytes() for p in station.receipts.iterdir()}
    write_receipt(station, "raft", Receipt("refused"))
    follower = Follower(watching)
    assert follower.refresh() == 0
    new = {p.name: p.read_bytes() for p in station.receipts.iterdir()}
    for names in (("raft.json", "raft.txt"), ("raft.txt",)):
        for name in names:
            (station.receipts / name).unlink()
            (station.receipts / name).write_bytes(old[name])
        assert follower.refresh() == 1
        assert {p.name: p.read_bytes() for p in station.receipts.iterdir()} == new
        assert follower.refresh() == 0
    (station.receipts / "raft.json").write_bytes(old["raft.json"])
    assert Follower(watching).refresh() == 1


def test_a_receipt_that_somebody_deleted_stays_away(station, settings, watching):
    open_ledger(settings).close()
    write_receipt(station, "raft", Receipt("refused"))
    for path in station.receipts.iterdir():
        path.unlink()
    assert Follower(watching).refresh() == 0
    assert list(station.receipts.iterdir()) == []


def test_of_two_keepers_the_one_who_looked_first_does_not_write_last(
    station, settings, watching, monkeypatch
):
    with open_ledger(settings) as ledger:
        unit = ledger.claim_unit("k", "raft", "S2", "raft")[0].id
        write_record(make_unit([[PageState.RECOGNISED]], unit), settings.layout.unit(unit))
        ledger.set_unit_state(unit, "published", 1, when="2030-01-01T00:00:00+00:00")
    write_receipt(station, "raft", Receipt("done", unit=unit))
    newer = Receipt("done", unit=unit, code="newer", updated="2030-01-02T00:00:00+00:00")

    def overtaken(receipt, *_):
        write_receipt(station, "raft", newer)
        return receipt

    with monkeypatch.context() as patch:
        patch.setattr("flows.watching.following.as_it_is_now", overtaken)
        assert Follower(watching).refresh() == 0
    assert read_receipt(station, "raft").code == "newer"
    assert read_receipt(station, "raft").sequence == 2


def test_a_look_of_long_ago_covers_no_receipt_of_what_was_taken_since(station, watching):
    eyes = Eyes(watching)
    (station.inbox / "raft.batch.json").write_text('{"files": [{"name": "1.tif"}]}')
    (station.inbox / "raft").mkdir()
    seen = eyes._look_at(station)
    (drop,) = seen.drops
    held = claim(Drop("raft", station.inbox / "raft", "ready"), station, new_holder())
    assert held is not None
    write_receipt(station, "raft", Receipt("done", unit="ua-x"))
    assert versions.newest_number(station, "raft") == 1
    for path in (*held.folder.iterdir(), held.folder):
        path.rmdir() if path.is_dir() else path.unlink()
    eyes._received["S2", "raft"] = ""
    eyes._write_waiting(seen, drop, drop.code)
    assert read_receipt(station, "raft").state == "done"


def test_one_pass_leaves_one_version_a_receipt(tmp_path):
    place = station_place(tmp_path)
    (station_of(place) / "inbox/a.pdf").write_bytes(b"not a PDF")
    watch(place)
    kept = station_of(place) / versions.VERSIONS
    assert [p.name.rpartition(".")[0] for p in kept.iterdir()] == ["a.pdf"]

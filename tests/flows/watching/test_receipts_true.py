"""Receipts say what is so: of drops that wait, of drops taken away, of units long after."""

import json

import pytest

from flows.watching.following import Follower
from flows.watching.looking import Eyes
from flows.watching.telling import Watch
from flows.work import work_batch
from pipeline.ledger import Ledger, open_ledger
from pipeline.reviewing.review import REVIEW
from pipeline.units import write_record
from scanners.delivery.holders import new_holder
from scanners.delivery.receipts import Receipt, ReceiptFile, read_receipt, write_receipt
from scanners.delivery.stations import prepare_station
from schemas.records import PageState
from schemas.settings import Settings
from tests.pipeline.unit_samples import make_unit


@pytest.fixture
def settings(tmp_path):
    return Settings(archive=tmp_path, free_mb=1, free_share=0.0, stability_seconds=0.0)


@pytest.fixture
def station(settings):
    return prepare_station(settings, "S2")


@pytest.fixture
def told():
    return []


@pytest.fixture
def watching(settings, told):
    def tell(event):
        told.append((event["event"], event["file"]))

    return Watch(settings, tell, work_batch, new_holder())


def manifest(*names):
    return json.dumps({"files": [{"name": name} for name in names]})


def test_the_receipt_of_what_lacks_names_what_lacks_now(station, watching):
    eyes = Eyes(watching)
    drop = station.inbox / "raft"
    drop.mkdir()
    (drop / "batch.json").write_text(manifest("1.tif", "2.tif"))
    eyes.look()
    assert "1.tif, 2.tif" in read_receipt(station, "raft").remedy
    (drop / "1.tif").write_bytes(b"x")
    eyes.look()
    assert "1.tif" not in read_receipt(station, "raft").remedy
    assert "2.tif" in read_receipt(station, "raft").remedy


def test_a_drop_taken_out_of_the_inbox_waits_no_longer(station, watching, told, tmp_path):
    eyes = Eyes(watching)
    (station.inbox / "raft").mkdir()
    (station.inbox / "raft/batch.json").write_text(manifest("1.tif", "2.tif"))
    eyes.look()
    (station.inbox / "raft/1.tif").write_bytes(b"x")
    eyes.look()
    (station.inbox / "raft").rename(tmp_path / "raft")
    eyes.look()
    gone = read_receipt(station, "raft")
    assert (gone.state, gone.code) == ("refused", "withdrawn")
    assert "raft" in gone.reason
    assert told == [("waiting", "raft"), ("refused", "raft")]
    (tmp_path / "raft").rename(station.inbox / "raft")
    eyes.look()
    assert read_receipt(station, "raft").state == "waiting"


def test_of_what_only_a_manifest_announced_no_receipt_stays(station, watching):
    eyes = Eyes(watching)
    (station.inbox / "raft.batch.json").write_text(manifest("raft.pdf"))
    eyes.look()
    assert read_receipt(station, "raft").state == "waiting"
    (station.inbox / "raft.pdf").write_bytes(b"%PDF")  # its receipt has the name of the file
    eyes.look()
    assert list(station.receipts.glob("raft.[jt]*")) == []


def test_a_drop_that_another_claimed_meanwhile_is_not_said_to_be_gone(station, watching):
    eyes = Eyes(watching)
    (station.inbox / "raft").mkdir()
    (station.inbox / "raft/batch.json").write_text(manifest("1.tif"))
    eyes.look()
    (station.claimed / "raft").mkdir()
    (station.claimed / "raft" / f".held-{new_holder()}").touch()
    (station.inbox / "raft").rename(station.claimed / "raft/raft")
    eyes.look()
    assert read_receipt(station, "raft").state == "waiting"


def test_a_manifest_that_comes_late_makes_no_finished_drop_wait(station, watching):
    files = (ReceiptFile("1.tif", 1, "a" * 64),)
    write_receipt(station, "raft", Receipt("done", unit="ua-x", files=files, received="2020-01-01"))
    (station.inbox / "raft.batch.json").write_text(manifest("1.tif"))
    Eyes(watching).look()
    assert read_receipt(station, "raft").state == "done"


class Counting(Ledger):
    """A ledger that counts how often all units are asked for."""

    asked = 0

    def results(self, stage):
        Counting.asked += 1
        return super().results(stage)


@pytest.fixture
def units(settings, station):
    """Five finished drops, with their units in archive and ledger."""
    made = []
    with open_ledger(settings) as ledger:
        for number in range(5):
            row, _ = ledger.claim_unit(f"{number:064}", f"raft-{number}", "S2", "raft")
            unit = make_unit([[PageState.RECOGNISED]], row.id)
            write_record(unit, settings.layout.unit(row.id))
            ledger.set_unit_state(row.id, "published", 1)
            told = Receipt("done", unit=row.id, updated="2040-01-01T00:00:00+00:00")
            write_receipt(station, f"raft-{number}", told)
            made.append(row.id)
    return tuple(made)


def test_the_ledger_is_asked_once_for_all_receipts(watching, units, monkeypatch):
    monkeypatch.setattr("pipeline.ledger.opening.Ledger", Counting)
    Counting.asked = 0
    assert Follower(watching).refresh() == 0
    assert Counting.asked == 1


def test_receipts_follow_their_units_whatever_the_clock_says(settings, station, watching, units):
    follower = Follower(watching)
    assert follower.refresh() == 0  # written, by a clock that was wrong, in 2040
    with open_ledger(settings) as ledger:
        ledger.set_unit_state(units[2], "published", 7, when="2019-05-05T00:00:00+00:00")
    assert follower.refresh() == 1
    assert read_receipt(station, "raft-2").pages.scanned == 7
    assert follower.refresh() == 0


def test_a_receipt_of_a_lost_unit_stops_no_other(settings, station, watching, units):
    write_receipt(station, "a", Receipt("done", unit="ua-nowhere234"))
    write_receipt(station, "b", Receipt("refused"))
    (station.receipts / "c.json").write_text("{")
    with open_ledger(settings) as ledger:
        ledger.record_step(units[4], 0, REVIEW, "", "", {"rescan": 1})
    assert Follower(watching).refresh() == 1
    assert read_receipt(station, "a").unit == "ua-nowhere234"

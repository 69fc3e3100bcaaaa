"""What is left of a drop that was taken: written to afterwards, or never to be read."""

import fcntl
import os
import signal
from contextlib import contextmanager
from dataclasses import replace

import pytest

from flows.progress import Silent
from flows.run import open_run
from flows.watching.taking import take
from flows.watching.telling import Watch
from flows.work import work_batch
from scanners.delivery.claims import Told, claim
from scanners.delivery.drops import Drop
from scanners.delivery.holders import new_holder
from scanners.delivery.receipts import read_receipt
from scanners.delivery.stations import prepare_station
from scanners.quarantine import entries, send_back
from schemas.settings import Settings
from tests.flows.watching_samples import page

pytestmark = pytest.mark.slow
REMEDY = "Păstrați biblioraftul la stație: o parte a depunerii a fost refuzată."


@pytest.fixture
def settings(tmp_path):
    return Settings(archive=tmp_path / "archive", workers=1, free_mb=1, free_share=0.0)


@pytest.fixture
def station(settings):
    return prepare_station(settings, "S2")


@contextmanager
def unreadable(path):
    """A file that nobody can open meanwhile, whoever asks: one with a lease on it."""
    before = signal.signal(signal.SIGIO, signal.SIG_IGN)
    handle = os.open(path, os.O_RDWR)
    fcntl.fcntl(handle, fcntl.F_SETLEASE, fcntl.F_WRLCK)
    try:
        yield
    finally:
        os.close(handle)
        signal.signal(signal.SIGIO, before)


def taken(station, settings, work=work_batch):
    """Take the drop `raft` and work on it: whether something was not taken, its receipt, its text."""
    watching = Watch(settings, lambda event: None, work, new_holder())
    drop = Drop("raft", station.inbox / "raft", "ready", confirmed=True)
    with open_run(settings, Silent()) as run:
        held = claim(drop, station, watching.holder, Told(True, "2026-11-22T10:00:00+02:00"))
        rest = take(held, watching, run)
    text = (station.receipts / "raft.txt").read_text(encoding="utf-8-sig")
    return rest, read_receipt(station, "raft"), text


def test_a_page_that_cannot_be_read_is_not_deleted_with_the_drop_that_was_taken(station, settings):
    for number in (1, 2):
        page(station.inbox / f"raft/p{number}.png", str(number))
    second = (station.inbox / "raft/p2.png").read_bytes()
    with unreadable(station.inbox / "raft/p2.png"):
        rest, told, text = taken(station, settings)
    assert rest
    assert (told.state, told.code, told.pages.scanned) == ("done", "source-missing", 1)
    assert text.splitlines()[-1] == REMEDY
    (entry,) = entries(station)
    assert (entry.code, entry.file) == ("source-missing", "raft/p2.png")
    assert list(station.claimed.iterdir()) == []
    assert send_back(station, entry.id) == ("raft", (entry.id,))
    assert {p.name for p in (station.inbox / "raft").iterdir()} == {"p2.png", ".requeued"}
    assert (station.inbox / "raft/p2.png").read_bytes() == second
    _, again, _ = taken(station, settings)
    assert (again.state, again.unit, again.pages.scanned) == ("done", told.unit, 2)


def test_what_is_written_after_the_reading_is_kept_and_told(station, settings):
    page(station.inbox / "raft/p1.png", "unu")
    first = (station.inbox / "raft/p1.png").read_bytes()

    def work(plan, run):
        done = work_batch(plan, run)
        with (station.claimed / "raft/raft/p1.png").open("ab") as stream:
            stream.write(b"more")
        return done

    rest, told, text = taken(station, settings, work)
    assert rest
    assert (told.state, told.code) == ("done", "changed")
    assert "p1.png" in told.reason
    assert text.splitlines()[-1] == REMEDY
    (entry,) = entries(station)
    kept = station.quarantine / entry.id / entry.stored
    assert (entry.file, kept.read_bytes()) == ("raft/p1.png", first + b"more")


def test_a_file_too_large_lies_with_its_reason(station, settings):
    page(station.inbox / "raft/p1.png", "unu")
    large = b"%PDF-1.4" + bytes((1 << 20) + 1)
    (station.inbox / "raft/p2.png").write_bytes(
        (station.inbox / "raft/p1.png").read_bytes() + large
    )
    small = replace(settings, max_file_mb=1)
    rest, told, _ = taken(station, small)
    assert rest
    assert (told.state, told.code, told.pages.scanned) == ("done", "too-large", 1)
    (entry,) = entries(station)
    assert entry.code == "too-large"
    assert send_back(station, entry.id)[0] == "raft"
    assert (station.inbox / "raft/p2.png").stat().st_size > 1 << 20

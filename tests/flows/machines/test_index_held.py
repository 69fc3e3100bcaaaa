"""A program that stands still (a real SIGSTOP) with the index open is waited for a while, and told."""

import os
import signal

import pytest

from pipeline.ledger import open_ledger
from schemas.settings import load_settings
from tests.flows.opis_command import (
    Place,
    assert_all_gone,
    ended,
    killed_at_last,
    wait_until,
)
from tests.flows.stopping_command import start, stopped
from tests.flows.watching_samples import QUICK as WATCHED

pytestmark = pytest.mark.slow
QUICK = {
    "OPIS_LEASE_SECONDS": "6",
    "OPIS_LEASE_RENEWAL_SECONDS": "1",
    "OPIS_INDEX_WAIT_SECONDS": "2",
}
WITH_THE_INDEX_OPEN = "stop:search.embedded:_Session.commit:1"
FIRST, SECOND = "small/tiff.tif", "small/pdf.pdf"


@pytest.fixture
def frozen(small_place):
    """A reindex that has the index open, and stands still."""
    made = small_place.run("scan-batch", FIRST, "--json")
    assert made.code == 0, made.err
    with killed_at_last(start(small_place, (WITH_THE_INDEX_OPEN,), "reindex", "--json")) as process:
        assert wait_until(lambda: stopped(process), process)
        yield process


def pages(place: Place) -> int:
    found = place.run("search", "de", "--json")
    assert found.code == 0, found.err
    return found.json["total"]


def left(place: Place) -> set[str]:
    """Units that are still to be indexed, as the ledger knows."""
    with open_ledger(load_settings({"archive": place.archive}, {})) as ledger:
        return {turn.unit for turn in ledger.left_turns()}


def given_up(place: Place, *command: str) -> str:
    """A batch that waited in vain; the unit it left."""
    done = place.run(*command, **QUICK)
    assert done.code == 3, (done.out, done.err)
    (one,) = done.json["unreconciled"]
    assert one["problems"] == ["index-held"]
    assert "kill -CONT" in one["remedy"]
    assert one["unit"] in one["reason"]
    return one["unit"]


def test_who_holds_it_is_told_and_the_unit_is_left_for_any_later_run(small_place, frozen):
    before = pages(small_place)
    waiting = small_place.run("scan-batch", SECOND, **QUICK)
    assert waiting.code == 3, (waiting.out, waiting.err)
    (unit,) = left(small_place)
    told = [line for line in waiting.err.splitlines() if "aștept indexul" in line]
    assert told
    assert all(line.startswith(f"{unit}: ") for line in told)
    assert all(f"pid {frozen.pid}" in line for line in told)
    assert all("reindex" in line for line in told)
    assert f"pid {frozen.pid}" in waiting.out
    assert unit in waiting.out
    assert pages(small_place) == before

    os.killpg(frozen.pid, signal.SIGKILL)
    assert_all_gone(frozen.pid)
    later = small_place.run("scan-batch", FIRST, "--json", **QUICK)
    assert later.code == 0, later.err
    assert left(small_place) == set()
    assert pages(small_place) > before
    verified = small_place.run("verify", "--json").json
    assert (verified["units"], verified["failed"]) == (2, [])


def test_what_was_left_is_indexed_once_the_holder_went_on(small_place, frozen):
    unit = given_up(small_place, "scan-batch", SECOND, "--json")
    again = small_place.run("scan-batch", FIRST, "--json", **QUICK)
    assert again.code == 0, again.err
    assert left(small_place) == {unit}
    watched = small_place.run("watch", "--once", "--json", **WATCHED, **QUICK)
    assert watched.code == 4, (watched.out, watched.err)
    assert unit in watched.err
    assert "kill -CONT" in watched.err

    os.killpg(frozen.pid, signal.SIGCONT)
    assert ended(frozen).code == 0
    assert small_place.run("watch", "--once", **WATCHED, **QUICK).code == 0
    assert left(small_place) == set()
    state = small_place.run("status", "--unit", unit, "--json")
    assert state.code == 0, state.err
    assert small_place.run("verify", "--json").json["failed"] == []
    assert small_place.run("status", "--json").json["reconciled"] is True


def test_a_drop_stays_claimed_and_its_receipt_says_why(small_place, frozen):
    inbox = small_place.archive / "stations" / "S1" / "inbox"
    inbox.mkdir(parents=True)
    (small_place.root / SECOND).rename(inbox / "pdf.pdf")
    (inbox / "pdf.pdf.ok").touch()
    done = small_place.run("watch", "--once", "--json", **WATCHED, **QUICK)
    assert done.code == 4, (done.out, done.err)
    receipt = (inbox.parent / "receipts" / "pdf.pdf.txt").read_text(encoding="utf-8-sig")
    assert "kill -CONT" in " ".join(receipt.split())

    os.killpg(frozen.pid, signal.SIGCONT)
    assert ended(frozen).code == 0
    assert small_place.run("watch", "--once", "--json", **WATCHED, **QUICK).code == 0
    receipt = (inbox.parent / "receipts" / "pdf.pdf.txt").read_text(encoding="utf-8-sig")
    assert "kill -CONT" not in receipt
    assert left(small_place) == set()

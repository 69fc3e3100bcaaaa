"""Two programs on one archive at once."""

import pytest

from tests.flows.opis_command import alto_files, ended, killed_at_last, wait_until

pytestmark = pytest.mark.slow


def test_two_batches_of_the_same_binders_leave_one_copy(small_place):
    first = small_place.start("scan-batch", "small", "--json")
    second = small_place.start("scan-batch", "small", "--json")
    with killed_at_last(first), killed_at_last(second):
        done = [ended(first), ended(second)]
    for one in done:
        assert one.code == 0, one.err
        assert one.json["pages"]["scanned"] == 10
        assert one.json["indexed"] == one.json["pages"]["recognised"]
    assert done[0].json["batch"] != done[1].json["batch"]
    assert sorted(done[0].json["units"]) == sorted(done[1].json["units"])
    read = sum(one.json["work"]["pages_recognised"] for one in done)
    assert read == done[0].json["pages"]["recognised"]
    assert len(small_place.units) == 2
    verified = small_place.run("verify", "--json")
    assert (verified.code, verified.json["failed"]) == (0, [])
    assert small_place.run("status", "--json").json["pages"] == done[0].json["pages"]


def test_search_and_status_while_a_batch_works(small_place):
    assert small_place.run("scan-batch", "small/tiff.tif", "--json").code == 0
    with killed_at_last(small_place.start("scan-batch", "small", "--json")) as process:
        assert wait_until(lambda: len(alto_files(small_place)) > 5, process)
        found = small_place.run("search", "de", "--json")
        status = small_place.run("status", "--json")
        assert process.poll() is None
        done = ended(process)
    assert found.code == 0
    assert found.json["total"] >= 1
    assert status.code == 0
    assert status.json["units"] == 2
    assert status.json["published"] == 1
    assert done.code == 0


def test_two_watchers_of_the_same_stations(small_place):
    inbox = small_place.archive / "stations" / "S1" / "inbox"
    inbox.mkdir(parents=True)
    with killed_at_last(small_place.start("watch", "--json")) as first:
        lock = small_place.archive / "stations" / ".lock"
        assert wait_until(lambda: lock.exists() and (inbox.parent / "claimed").exists(), first)
        second = small_place.run("watch", "--once", "--json")
    assert second.code == 4
    assert second.json["error"]["code"] == "station-busy"

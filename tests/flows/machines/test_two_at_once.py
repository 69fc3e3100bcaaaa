"""Two programs on one archive at once."""

import os
import signal

import pytest

from pipeline.ledger import open_ledger
from pipeline.units import remove_manifest
from schemas.settings import load_settings
from search.backend import open_backend
from tests.flows.opis_command import alto_files, ended, freeze, killed_at_last, wait_until

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


def test_what_only_reads_while_a_batch_works(small_place):
    """The batch is stopped for a moment, so that it surely is at work meanwhile."""
    (unit,) = small_place.run("scan-batch", "small/tiff.tif", "--json").json["units"]
    readers = (
        ("search", "de"),
        ("verify",),
        ("show", unit),
        ("status",),
        ("review", "list"),
        ("report",),
    )
    with killed_at_last(small_place.start("scan-batch", "small", "--json")) as process:
        assert wait_until(lambda: len(alto_files(small_place)) > 5, process)
        freeze(process, small_place)
        done = {words[0]: small_place.run(*words, "--json") for words in readers}
        os.killpg(process.pid, signal.SIGCONT)
        batch = ended(process)
    assert {name: one.code for name, one in done.items()} == dict.fromkeys(done, 0)
    assert (done["verify"].json["failed"], done["verify"].json["units"]) == ([], 1)
    assert done["show"].json["unit"] == unit
    assert (done["status"].json["published"], done["status"].json["working"]) == (1, 1)
    assert batch.code == 0, batch.err
    assert batch.json["indexed"] == batch.json["pages"]["recognised"]


def test_a_unit_opened_again_while_it_is_verified_is_no_failure(small_place):
    """Its manifest is gone and its worker alive; once the worker is dead that is told."""
    (ident,) = small_place.run("scan-batch", "small/tiff.tif", "--json").json["units"]
    settings = load_settings({"archive": small_place.archive}, {})
    layout = settings.layout.unit(ident)
    with open_ledger(settings) as ledger:
        with ledger.unit_lock(ident):
            remove_manifest(layout)
            during = small_place.run("verify", ident, "--json")
        after = small_place.run("verify", ident, "--json")
    assert (during.code, during.json["failed"]) == (0, [])
    assert after.code == 3
    assert {failure["unit"] for failure in after.json["failed"]} == {ident}


@pytest.mark.parametrize("started", ["reindex", "scan-batch"])
def test_a_batch_during_a_reindex_and_a_reindex_during_a_batch(small_place, started):
    assert small_place.run("scan-batch", "small/tiff.tif", "--json").code == 0
    commands = {"reindex": ("reindex",), "scan-batch": ("scan-batch", "small")}
    other = next(name for name in commands if name != started)
    with killed_at_last(small_place.start(*commands[started], "--json")) as process:
        if started == "scan-batch":
            assert wait_until(lambda: len(alto_files(small_place)) > 8, process)
        second = small_place.run(*commands[other], "--json")
        first = ended(process)
    assert (first.code, second.code) == (0, 0), first.err + second.err
    batch = first if started == "scan-batch" else second
    settings = load_settings({"archive": small_place.archive}, {})
    assert open_backend(settings).count() == batch.json["pages"]["recognised"]
    verified = small_place.run("verify", "--json")
    assert (verified.code, verified.json["failed"], verified.json["units"]) == (0, [], 2)


def test_the_ledger_is_not_rebuilt_under_who_works(small_place):
    (unit,) = small_place.run("scan-batch", "small/tiff.tif", "--json").json["units"]
    settings = load_settings({"archive": small_place.archive, "lease_renewal_seconds": 1}, {})
    with open_ledger(settings) as ledger, ledger.unit_lock(unit):
        rebuilt = small_place.run("ledger", "rebuild", "--json")
    assert (rebuilt.code, rebuilt.json["error"]["code"]) == (4, "unit-busy")
    again = small_place.run("ledger", "rebuild", "--json")
    assert (again.code, again.json["units"]) == (0, [unit])


def test_two_watchers_of_the_same_stations(small_place):
    """What becomes of a watcher that is killed: test_watchers_together."""
    inbox = small_place.archive / "stations" / "S1" / "inbox"
    inbox.mkdir(parents=True)
    with killed_at_last(small_place.start("watch", "--json")) as first:
        alive = small_place.archive / "stations" / ".watchers"
        assert wait_until(lambda: alive.exists() and any(alive.iterdir()), first)
        second = small_place.run("watch", "--once", "--json")
        assert first.poll() is None
    assert (second.code, second.out) == (0, "")

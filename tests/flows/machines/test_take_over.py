"""A worker that died or froze: its unit is finished by others, and it does no more harm itself."""

import os
import signal

import pytest

from flows.progress import Silent
from flows.run import open_run
from flows.work import take_up
from pipeline.ledger import open_ledger
from schemas.errors import InputError
from schemas.records import PageState, UnitState, decode_unit
from schemas.settings import Settings, load_settings
from tests.flows.opis_command import (
    Place,
    alto_files,
    ended,
    freeze,
    kill,
    killed_at_last,
    tree,
    wait_until,
)

pytestmark = pytest.mark.slow
QUICK = {"OPIS_LEASE_SECONDS": "6", "OPIS_LEASE_RENEWAL_SECONDS": "1"}


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.services)])
def place(request, small_place):
    if request.param == "sqlite":
        return small_place
    url = request.getfixturevalue("postgres_database")
    return Place(small_place.root, {**small_place.environment, "OPIS_LEDGER_URL": url})


def settings_of(place: Place) -> Settings:
    given = {"archive": place.archive, "lease_seconds": 6.0, "workers": 1}
    return load_settings({**given, "ledger_url": place.environment.get("OPIS_LEDGER_URL")}, {})


def recognised_before(place: Place, finished: set[str]) -> int:
    """How many of the pages that were finished at a moment were such as are read."""
    return sum(
        page.state is PageState.RECOGNISED and f"{unit.name}/{page.page:04d}.xml" in finished
        for unit in place.units
        for page in decode_unit((unit / "metadata/record.json").read_bytes()).pages
    )


def finished_pages(place: Place) -> set[str]:
    return {f"{path.parents[3].name}/{path.name}" for path in alto_files(place)}


def assert_whole(place: Place, units: int, pages: int) -> None:
    assert len(place.units) == units
    verified = place.run("verify", "--json")
    assert (verified.code, verified.json["failed"], verified.json["units"]) == (0, [], units)
    told = place.run("status", "--json").json
    assert (told["published"], told["working"], told["reconciled"]) == (units, 0, True)
    assert told["pages"]["scanned"] == pages


def test_a_frozen_worker_is_replaced_and_does_no_harm_when_it_wakes(place):
    command = ("scan-batch", "small/tiff.tif", "--json")
    frozen = place.start(*command, **QUICK, OPIS_MACHINE="one")
    with killed_at_last(frozen):
        assert wait_until(lambda: len(alto_files(place)) >= 2, frozen)
        freeze(frozen, place)
        there = finished_pages(place)
        second = place.run(*command, **QUICK, OPIS_MACHINE="two")
        assert second.code == 0, second.err
        finished = tree(place.archive / "units")
        os.killpg(frozen.pid, signal.SIGCONT)
        first = ended(frozen)
    assert first.code == 0, first.err
    assert "Traceback" not in first.err
    assert first.json["pages"] == second.json["pages"]
    spared = recognised_before(place, there)
    assert second.json["work"]["pages_recognised"] == second.json["indexed"] - spared
    left = {
        name: data for name, data in tree(place.archive / "units").items() if ".work" not in name
    }
    assert left == finished
    assert_whole(place, 1, 5)


@pytest.mark.parametrize("machine", ["the same", "another"])
def test_a_killed_worker_s_unit_is_finished_page_by_page(place, machine):
    with killed_at_last(place.start("scan-batch", "small/tiff.tif", **QUICK)) as process:
        assert wait_until(lambda: len(alto_files(place)) >= 2, process)
        kill(process)
    there = finished_pages(place)
    name = {"OPIS_MACHINE": "two"} if machine == "another" else {}
    done = place.run("scan-batch", "small", "--json", **QUICK, **name)
    assert done.code == 0, done.err
    spared = recognised_before(place, there)
    assert done.json["work"]["pages_recognised"] == done.json["indexed"] - spared
    assert_whole(place, 2, 10)


def test_what_expired_is_found_and_taken_up_without_its_source(place):
    with killed_at_last(place.start("scan-batch", "small/tiff.tif", **QUICK)) as process:
        assert wait_until(lambda: len(alto_files(place)) >= 2, process)
        kill(process)
    (place.root / "small" / "tiff.tif").unlink()
    settings = settings_of(place)
    with open_run(settings, Silent()) as run:
        (row,) = run.ledger.expired(patience=60)
        assert run.ledger.unfinished() == (row,)
        outcome = take_up(row.id, run)
        assert outcome.trouble is None
        assert outcome.problems == ()
        assert (outcome.counts.scanned, outcome.counts.failed) == (5, 0)
        assert run.ledger.unit(row.id).state == UnitState.PUBLISHED
        assert run.ledger.expired() == run.ledger.unfinished() == ()
        assert take_up(row.id, run).recognised_now == 0
    assert_whole(place, 1, 5)


def test_a_unit_whose_originals_were_not_all_kept_needs_its_source(tmp_path):
    settings = Settings(archive=tmp_path / "archive", workers=1)
    with open_run(settings, Silent()) as run:
        unit = run.ledger.claim_unit("k", "n", "s", "f")[0]
        with pytest.raises(InputError) as caught:
            take_up(unit.id, run)
    assert (caught.value.code, caught.value.file) == ("unit-unread", unit.id)


def test_workers_of_two_machines_share_the_same_binders(place):
    first = place.start("scan-batch", "small", "--json", **QUICK, OPIS_MACHINE="one")
    second = place.start("scan-batch", "small", "--json", **QUICK, OPIS_MACHINE="two")
    with killed_at_last(first), killed_at_last(second):
        done = [ended(first), ended(second)]
    assert [one.code for one in done] == [0, 0], [one.err for one in done]
    read = sum(one.json["work"]["pages_recognised"] for one in done)
    assert read == done[0].json["pages"]["recognised"]
    assert_whole(place, 2, 10)
    with open_ledger(settings_of(place)) as ledger:
        assert ledger.leases() == ()

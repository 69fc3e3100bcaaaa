"""What a killed watcher left is finished by functions that know of no Prefect."""

import pytest

from flows.machines.reaping import dead_claims, finish_claims, finish_units
from flows.progress import Silent
from schemas.settings import load_settings
from tests.flows.opis_command import alto_files, kill, killed_at_last, wait_until
from tests.flows.watching_samples import page, receipt, station_of, station_place

pytestmark = pytest.mark.slow
PAGES = 6


def test_a_killed_watcher_s_unit_and_claim_are_finished(tmp_path):
    place = station_place(tmp_path, OPIS_LEASE_SECONDS="5", OPIS_LEASE_RENEWAL_SECONDS="1")
    inbox = station_of(place) / "inbox"
    for number in range(PAGES):
        page(inbox / "d" / f"{number}.png", f"cuvant{number}")
    (inbox / "d.ok").touch()
    with killed_at_last(place.start("watch")) as process:
        assert wait_until(lambda: alto_files(place), process)
        kill(process)
    read = {path: path.stat().st_mtime_ns for path in alto_files(place)}
    assert len(read) < PAGES
    settings = load_settings({"archive": place.archive}, place.env())
    (finished,) = finish_units(settings, Silent())
    assert (finished.counts.scanned, finished.problems, finished.trouble) == (PAGES, (), None)
    assert {path: path.stat().st_mtime_ns for path in read} == read
    assert len(dead_claims(settings)) == 1
    assert finish_claims(settings, lambda _: None) == 1
    assert receipt(place, "d")["state"] == "done"
    assert not any((station_of(place) / "claimed").iterdir())
    assert len(place.units) == 1
    assert finish_units(settings, Silent()) == ()
    assert finish_claims(settings, lambda _: None) == 0

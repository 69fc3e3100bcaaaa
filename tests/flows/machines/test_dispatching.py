"""Looking for others: what is complete is told by its urgency, and nothing is taken."""

import pytest

from flows.machines.dispatching import ready_drops_seen
from schemas.settings import Settings
from tests.flows.watching_samples import page

QUICK = {"rescan_seconds": 0.1, "free_mb": 1, "free_share": 0.0, "working_hours": ""}


@pytest.mark.parametrize(
    ("stations", "ready"),
    [
        ({}, set()),
        ({"S1": ""}, {False}),
        ({"S1": "urgent = true"}, {True}),
        ({"S1": "urgent = true", "S2": 'delivery = "settle"'}, {True, False}),
        ({"S1": 'urgent = "da"'}, {False}),
        ({"S1": "urgent = [1]"}, {False}),
    ],
)
def test_complete_drops_are_told_and_left(tmp_path, stations, ready):
    settings = Settings(archive=tmp_path / "archive", **QUICK)
    for name, rules in stations.items():
        station = settings.stations_folder / name
        station.mkdir(parents=True)
        (station / "station.toml").write_text(rules)
        page(station / "inbox" / "a.png", "unu")
        (station / "inbox" / "a.ok").touch()
    looks = list(ready_drops_seen(settings, lambda _: None, seconds=0))
    assert looks == [frozenset(ready)]
    for name in stations:
        assert (settings.stations_folder / name / "inbox" / "a.png").exists()
        assert not any((settings.stations_folder / name / "claimed").iterdir())


def test_what_is_still_being_written_is_not_told(tmp_path):
    settings = Settings(archive=tmp_path / "archive", **QUICK)
    (settings.stations_folder / "S1").mkdir(parents=True)
    page(settings.stations_folder / "S1" / "inbox" / "a.png", "unu")
    assert list(ready_drops_seen(settings, lambda _: None, seconds=0)) == [frozenset()]

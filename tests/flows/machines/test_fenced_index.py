"""A worker that stood still for longer than its lease never has the last word in the index."""

import os
import signal

import pytest

from pipeline.ledger import open_ledger
from schemas.settings import load_settings
from tests.flows.opis_command import Place, copied, ended, killed_at_last, wait_until
from tests.flows.stopping_command import start, stopped
from tests.flows.watching_samples import QUICK as WATCHED

pytestmark = pytest.mark.slow
QUICK = {"OPIS_LEASE_SECONDS": "6", "OPIS_LEASE_RENEWAL_SECONDS": "1"}
BEFORE_THE_WRITE = "stop:flows.stages.indexing:_written:1"
AFTER_THE_WRITE = "kill:pipeline.ledger.turns:TurnedUnits.end_turn:1"
COMMANDS = {
    "scan-batch": ("scan-batch", "small/tiff.tif", "--json"),
    "watch": ("watch", "--once", "--json"),
    "review": ("review", "assign", "{unit}", "--volum", "2", "--json"),
    "reindex": ("reindex", "--json"),
}


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.services)])
def place(request, small_place):
    if request.param == "sqlite":
        return small_place
    url = request.getfixturevalue("postgres_database")
    return Place(small_place.root, {**small_place.environment, "OPIS_LEDGER_URL": url})


def cotas(place: Place) -> set[str]:
    """The cotas under which the index knows its pages."""
    found = place.run("search", "de", "--json")
    assert found.code == 0, found.err
    return {hit["cota"] for hit in found.json["hits"]}


def overtaken(place: Place, frozen) -> str:
    """Another machine finishes the unit of a frozen one, and a person gives it another cota."""
    assert wait_until(lambda: stopped(frozen), frozen)
    done = place.run(*COMMANDS["scan-batch"], **QUICK, OPIS_MACHINE="two")
    assert done.code == 0, done.err
    (unit,) = done.json["units"]
    assigned = place.run("review", "assign", unit, "--cota", "77/2001", "--json", **QUICK)
    assert assigned.code == 0, assigned.err
    return unit


def test_who_stood_still_puts_right_what_he_wrote(place):
    with killed_at_last(
        start(place, (BEFORE_THE_WRITE,), *COMMANDS["scan-batch"], **QUICK, OPIS_MACHINE="one")
    ) as frozen:
        overtaken(place, frozen)
        os.kill(frozen.pid, signal.SIGCONT)
        first = ended(frozen)
    assert first.code == 0, first.err
    assert cotas(place) == {"77/2001"}
    assert place.run("verify", "--json").json["failed"] == []


def test_of_one_who_died_after_that_the_next_command_does(small_place, tmp_path):
    place = small_place
    points = (BEFORE_THE_WRITE, AFTER_THE_WRITE)
    with killed_at_last(
        start(place, points, *COMMANDS["scan-batch"], **QUICK, OPIS_MACHINE="one")
    ) as frozen:
        unit = overtaken(place, frozen)
        os.kill(frozen.pid, signal.SIGCONT)
        assert ended(frozen).code == -signal.SIGKILL
    assert cotas(place) != {"77/2001"}
    for name, words in COMMANDS.items():
        (tmp_path / name).mkdir()
        (tmp_path / name / "small").symlink_to(place.root / "small")
        other = copied(place, tmp_path / name)
        command = [word.format(unit=unit) for word in words]
        done = other.run(*command, **{**WATCHED, **QUICK}, OPIS_MACHINE="one")
        assert done.code == 0, (name, done.err)
        assert cotas(other) == {"77/2001"}, name
        with open_ledger(load_settings({"archive": other.archive}, {})) as ledger:
            assert ledger.left_turns() == (), name
    assert other.run("verify", "--json").json["failed"] == []

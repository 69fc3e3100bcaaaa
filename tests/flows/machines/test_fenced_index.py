"""A worker that stood still for longer than its lease never has the last word in the index."""

import os
import signal
from contextlib import closing
from dataclasses import replace

import pytest

from flows.stages.indexing import indexed_pages
from pipeline import units
from pipeline.ledger import open_ledger
from schemas.settings import load_settings
from search.backend import open_backend
from tests.flows.opis_command import Place, copied, ended, killed_at_last, wait_until
from tests.flows.stopping_command import start, stopped
from tests.flows.watching_samples import QUICK as WATCHED

pytestmark = pytest.mark.slow
QUICK = {"OPIS_LEASE_SECONDS": "6", "OPIS_LEASE_RENEWAL_SECONDS": "1"}
BEFORE_THE_WRITE = "stop:flows.stages.indexing:_written:1"
AT_THE_WRITE = "stop:search.elastic:ElasticBackend.replace_unit:1"
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


@pytest.fixture
def elastic_place(small_place, elasticsearch_url, elasticsearch_prefix):
    more = {
        "OPIS_ELASTICSEARCH_URL": elasticsearch_url,
        "OPIS_ELASTICSEARCH_PREFIX": elasticsearch_prefix,
    }
    return Place(small_place.root, {**small_place.environment, **more})


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


def older_written(place: Place, unit: str) -> None:
    """The index holds older pages of a unit, as one that takes each write at once can after that."""
    settings = load_settings({"archive": place.archive}, {})
    layout = settings.layout.unit(unit)
    pages = indexed_pages(units.read_record(layout), layout, settings)
    with closing(open_backend(settings, write=True)) as backend:
        backend.replace_unit(unit, [replace(page, cota="older") for page in pages])
        backend.commit()


@pytest.mark.services
@pytest.mark.parametrize("written", [False, True])
def test_elasticsearch_holds_older_pages_only_of_who_stood_still_at_the_very_write(
    elastic_place, written
):
    place, at = elastic_place, AT_THE_WRITE if written else BEFORE_THE_WRITE
    with killed_at_last(
        start(place, (at, AFTER_THE_WRITE), *COMMANDS["scan-batch"], **QUICK, OPIS_MACHINE="one")
    ) as frozen:
        overtaken(place, frozen)
        os.kill(frozen.pid, signal.SIGCONT)
        assert ended(frozen).code == -signal.SIGKILL
    assert (cotas(place) != {"77/2001"}) is written
    assert place.run(*COMMANDS["scan-batch"], **QUICK, OPIS_MACHINE="one").code == 0
    assert cotas(place) == {"77/2001"}


def test_who_stood_still_writes_nothing_older(place):
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
    assert cotas(place) == {"77/2001"}
    older_written(place, unit)
    assert cotas(place) == {"older"}
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

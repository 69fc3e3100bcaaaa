"""An index filled anew while others publish holds all that is published in the end."""

import fcntl
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from threading import Event, Lock

import pytest

from flows.commands.finding import search
from flows.commands.keeping import reindex
from flows.commands.status import status
from flows.progress import Silent
from flows.reindexing import Reindexing
from flows.run import Run, open_run
from flows.stages.indexing import index_unit, indexed_pages
from pipeline.ledger import INDEX_STAGE, Ledger, open_ledger
from pipeline.units import read_record
from schemas.errors import InputError
from schemas.records import PageState
from schemas.settings import Settings
from search.backend import Backend, open_backend
from search.index.version import VERSION
from tests.flows.opis_command import wait_until
from tests.pipeline.unit_samples import make_unit, publish, recognised

RUNS = [[PageState.RECOGNISED, PageState.BLANK], [PageState.RECOGNISED]]


@pytest.fixture
def settings(tmp_path) -> Settings:
    return Settings(archive=tmp_path / "archive")


def claimed(ledger: Ledger, settings: Settings, key: str) -> str:
    row, _ = ledger.claim_unit(key, key, "s", "f")
    publish(settings, replace(make_unit(RUNS, row.id), content_key=key))
    return row.id


def told(ledger: Ledger, unit: str, indexed: int | None) -> None:
    ledger.record_step(unit, 0, INDEX_STAGE, "in", "embedded", {"indexed": indexed})


def indexed(ledger: Ledger, settings: Settings, index: Backend, unit: str) -> None:
    """What publishing does up to where the unit's state is set."""
    layout = settings.layout.unit(unit)
    told(ledger, unit, None)
    index.replace_unit(unit, indexed_pages(read_record(layout), layout, settings))
    index.commit()


def stands(ledger: Ledger, unit: str, state: str = "published") -> None:
    ledger.set_unit_state(unit, state)
    told(ledger, unit, 2)


def switched(settings: Settings) -> str:
    return (settings.layout.index / "staff" / "current").read_text()


@pytest.mark.parametrize(("state", "found"), [("published", 2), ("unreconciled", 0)])
def test_a_unit_being_published_while_the_index_is_switched_is_as_it_ends(settings, state, found):
    with open_ledger(settings) as ledger, closing(open_backend(settings, write=True)) as index:
        first, second = (claimed(ledger, settings, key) for key in ("one", "two"))
        indexed(ledger, settings, index, first)
        stands(ledger, first)
        before = switched(settings)
        with ThreadPoolExecutor(1) as threads, open_ledger(settings) as worker:
            with worker.unit_lock(second):
                indexed(worker, settings, index, second)
                going = threads.submit(Reindexing(settings, ledger, index).run)
                assert wait_until(lambda: switched(settings) != before or going.done())
                assert not going.done()
                stands(worker, second, state)
            pages, damaged = going.result(60)
        assert damaged == ()
        assert pages == 2 + found
        assert index.count(unit=second) == found


def test_who_publishes_waits_for_a_reindex_longer_than_the_index_does(settings, monkeypatch):
    monkeypatch.setattr("search.generations.WAIT_SECONDS", 0.05)
    tries = []
    with open_ledger(settings) as ledger, closing(open_backend(settings, write=True)) as index:
        unit = claimed(ledger, settings, "one")
        layout = settings.layout.unit(unit)
        run = Run(settings, ledger, None, index, Silent(), Event(), Lock())
        monkeypatch.setattr(type(run), "check", lambda _: tries.append(1))
        with (settings.layout.index / "staff" / "lock").open("ab") as stream:
            fcntl.flock(stream, fcntl.LOCK_EX)
            with ThreadPoolExecutor(1) as threads:
                going = threads.submit(index_unit, read_record(layout), layout, run)
                assert wait_until(lambda: len(tries) >= 3 or going.done())
                assert not going.done()
                fcntl.flock(stream, fcntl.LOCK_UN)
                assert going.result(60) == 2
        assert index.count(unit=unit) == 2


def test_what_was_published_before_is_not_indexed_twice_over(settings):
    with open_ledger(settings) as ledger, closing(open_backend(settings, write=True)) as index:
        units = [claimed(ledger, settings, key) for key in ("one", "two")]
        for unit in units:
            indexed(ledger, settings, index, unit)
            stands(ledger, unit)
        with open_ledger(settings) as worker, worker.unit_lock(units[0]):
            pages, _ = Reindexing(settings, ledger, index).run()
    assert pages == 2 * recognised(make_unit(RUNS))


@pytest.mark.parametrize("file", ["metadata/record.json", "representations/rep1/alto/0001.xml"])
def test_a_damaged_unit_is_left_out_and_named(settings, file):
    with open_ledger(settings) as ledger, closing(open_backend(settings, write=True)) as index:
        units = [claimed(ledger, settings, key) for key in ("one", "two")]
        for unit in units:
            ledger.set_unit_state(unit, "published")
        (settings.layout.unit(units[0]).root / file).write_bytes(b"{")
        pages, damaged = Reindexing(settings, ledger, index).run()
        assert [(error.code, error.file) for error in damaged] == [("unit-damaged", units[0])]
        assert pages == index.count(unit=units[1]) == 2


def test_an_index_of_an_older_version_is_named_by_every_command_and_made_anew(settings):
    with open_ledger(settings) as ledger, closing(open_backend(settings, write=True)) as index:
        unit = claimed(ledger, settings, "one")
        indexed(ledger, settings, index, unit)
        stands(ledger, unit)
    staff = settings.layout.index / "staff"
    (staff / switched(settings) / VERSION).unlink()
    asked = ("", "staff", (f"unit={unit}",), 10, 1)

    with pytest.raises(InputError, match="index-outdated"):
        search(settings, *asked)
    with pytest.raises(InputError, match="index-outdated"), open_run(settings, Silent()):
        pass
    warned = [warning["code"] for warning in status(settings, None).payload["warnings"]]
    assert "index-outdated" in warned
    answer = reindex(settings, None)
    assert (answer.exit_code, answer.payload["indexed"]) == (0, 2)
    assert search(settings, *asked).payload["total"] == 2

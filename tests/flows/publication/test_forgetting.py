"""What is public no more is forgotten by the public index: by a withdrawal itself, by what else takes copies back."""

import shutil

import pytest

from flows.progress import Silent
from flows.publication import forgetting
from flows.publication.forgetting import forget, forgetting_run
from flows.run import open_run
from flows.stages.indexing import PUBLIC, index_public
from schemas.settings import Settings
from search.query import parse
from tests.search.portal_samples import copy_on_disk

UNITS = tuple(f"ua-unit{n:04d}" for n in range(10))
GONE = UNITS[4]
TEXTS = {
    unit: f"Strada Crinului {unit[-4:]} {'iluminat ' * (n % 3)}" for n, unit in enumerate(UNITS)
}


def published(run, units):
    for unit in units:
        run.ledger.claim_unit(f"key-{unit}", unit, "local", "s", unit)
        copy_on_disk(run.settings.layout.unit(unit), f"doc{unit[-4:]}", TEXTS[unit])
        index_public(run.settings.layout.unit(unit), run)


def answer(run):
    found = run.index.search(parse("crinului iluminat"), {}, PUBLIC, limit=50)
    return [(hit.unit, hit.score) for hit in found.hits]


@pytest.fixture(scope="module")
def never(tmp_path_factory):
    settings = Settings(archive=tmp_path_factory.mktemp("never") / "archive")
    with open_run(settings, Silent()) as run:
        published(run, [unit for unit in UNITS if unit != GONE])
        return answer(run)


@pytest.fixture
def settings(tmp_path):
    settings = Settings(archive=tmp_path / "archive")
    with open_run(settings, Silent()) as run:
        published(run, UNITS)
    return settings


def taken_back(run):
    layout = run.settings.layout.unit(GONE)
    shutil.rmtree(layout.public)
    index_public(layout, run)


def test_a_run_that_takes_something_back_leaves_an_index_that_never_had_it(settings, never):
    with forgetting_run(settings, Silent()) as run:
        taken_back(run)
        assert answer(run) != never
        run.gone.set()
    with forgetting_run(settings, Silent()) as run:
        assert answer(run) == never
        assert forget(run)


def test_a_run_that_takes_nothing_back_writes_nothing_anew(settings, never):
    with forgetting_run(settings, Silent()) as run:
        taken_back(run)
    with open_run(settings, Silent()) as run:
        assert answer(run) != never


def test_what_takes_too_long_is_left_to_a_reindex(settings, never, monkeypatch):
    monkeypatch.setattr(forgetting, "_MOST_PAGES", 3)
    with open_run(settings, Silent()) as run:
        taken_back(run)
        assert not forget(run)
        assert answer(run) != never

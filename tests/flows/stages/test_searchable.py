"""How long papers take to be found is kept with the step of the index, and told in the status."""

import os
import time
from contextlib import closing
from dataclasses import replace
from threading import Event, Lock

import pytest

from flows.commands.status import status
from flows.progress import Silent
from flows.run import Run
from flows.stages.indexing import index_regimes, index_unit, tell_indexed, unindex_unit
from flows.stages.searchable import searchable_payload, told_before
from pipeline.ledger import INDEX_STAGE, open_ledger
from pipeline.units import append_event, read_record
from schemas.records import Access, PageState, Regime
from schemas.settings import Settings
from search.backend import open_backend
from search.query import parse
from tests.pipeline.unit_samples import make_unit, publish

RUNS = [[PageState.RECOGNISED, PageState.BLANK], [PageState.RECOGNISED]]


@pytest.fixture
def settings(tmp_path) -> Settings:
    return Settings(archive=tmp_path / "archive")


@pytest.fixture
def run(settings):
    with open_ledger(settings) as ledger, closing(open_backend(settings, write=True)) as index:
        yield Run(settings, ledger, None, index, Silent(), Event(), Lock())


def unit_in(run: Run, key: str = "one"):
    row, _ = run.ledger.claim_unit(key, key, "s", "f")
    unit = replace(make_unit(RUNS, row.id), content_key=key, received=row.created)
    publish(run.settings, unit)
    return unit, run.settings.layout.unit(row.id)


def kept(run: Run, unit):
    return told_before(run.ledger, unit.id)


def read_ago(layout, unit, seconds: float) -> None:
    then = time.time() - seconds
    for page in unit.pages:
        if page.state is PageState.RECOGNISED:
            os.utime(layout.alto_page(page.page), (then, then))


def test_seconds_count_from_the_reading_of_the_last_page(run):
    unit, layout = unit_in(run)
    read_ago(layout, unit, 40)
    last = layout.alto_page(1)
    then = time.time() - 7
    os.utime(last, (then, then))
    index_unit(read_record(layout), layout, run)
    told = kept(run, unit)

    assert 7 <= told.after_reading < 40
    assert told.after_claim >= 0
    tell_indexed(unit, 2, run)
    assert kept(run, unit) == told
    assert run.ledger.steps(unit.id, INDEX_STAGE)[0].result["indexed"] == 2


def test_a_unit_keeps_the_times_of_when_it_was_first_found(run):
    unit, layout = unit_in(run)
    read_ago(layout, unit, 30)
    index_unit(unit, layout, run)
    first = kept(run, unit)
    index_unit(unit, layout, run)
    assert kept(run, unit) == first
    unindex_unit(unit, run)
    assert kept(run, unit) == first
    read_ago(layout, unit, 2)
    index_unit(unit, layout, run)

    assert kept(run, unit) == first
    assert first.after_reading >= 30


def test_a_unit_published_before_times_were_kept_has_none(run):
    unit, layout = unit_in(run)
    append_event(layout, {"event": "published", "record": "x"})
    index_unit(unit, layout, run)

    assert kept(run, unit) is None
    assert searchable_payload(run.ledger)["units"] == 0


def test_the_status_tells_the_usual_and_the_late(run, settings):
    for seconds in (4, 8, 90):
        unit, layout = unit_in(run, str(seconds))
        read_ago(layout, unit, seconds)
        index_unit(unit, layout, run)
        tell_indexed(unit, 2, run)
    answer = status(settings, None)
    told = answer.payload["searchable"]

    assert told["units"] == 3
    assert 8 <= told["after_reading_seconds"]["median"] < 90 <= told["after_reading_seconds"]["p95"]
    assert any("de la citire până la căutare" in line for line in answer.lines)


def test_the_index_follows_a_document_into_another_regime(run):
    unit, layout = unit_in(run)
    index_unit(unit, layout, run)
    first, *others = unit.documents
    opened = replace(first, access=Access(Regime.PUBLIC, waits=False))
    after = replace(unit, documents=(opened, *others))
    index_regimes(unit, unit, layout, run)
    assert run.ledger.steps(unit.id, INDEX_STAGE)[0].result["indexed"] is None

    index_regimes(unit, after, layout, run)
    found = run.index.search(parse(""), {"regime": "public"}).hits
    assert {hit.document for hit in found} == {first.id}
    assert run.ledger.steps(unit.id, INDEX_STAGE)[0].result["indexed"] == 2

"""The ledger made again from the units is the ledger that was lost."""

import json
import shutil
from dataclasses import replace
from random import Random

import pytest
from sqlalchemy import delete, select

from pipeline.ledger import Ledger, keep_in_unit, open_ledger, rebuild, tables
from pipeline.ledger.engine import ledger_url, make_engine
from pipeline.ledger.leases import take
from pipeline.reviewing.review import REVIEW, told_of
from pipeline.units import MANIFEST, remove_manifest, write_findings, write_manifest
from schemas.durable import write_bytes_durably
from schemas.errors import InputError
from schemas.records import Finding, PageState, UnitState, encode
from schemas.settings import Settings
from schemas.sources import Quarantined
from tests.pipeline.unit_samples import IN_DOCUMENTS, make_unit, publish

pytestmark = pytest.mark.slow

RUNS = [[PageState.RECOGNISED, PageState.BLANK], [PageState.FAILED, PageState.RECOGNISED]]


def quarantined(settings: Settings, ident: str) -> Quarantined:
    entry = Quarantined(ident, f"{ident}.pdf", "pdf-damaged", "r", "m", "s1", "2026", "ab", "x")
    path = settings.station_layout("s1").quarantine / ident / "reason.json"
    write_bytes_durably(path, encode(entry))
    return entry


def fill(settings: Settings, units: int = 3) -> None:
    with open_ledger(settings) as ledger:
        for n in range(units):
            row, _ = ledger.claim_unit(f"key {n}", f"Dosar {n}", "s1", f"{n}.pdf")
            shape = replace(make_unit(RUNS * (n + 1), row.id), name=f"Dosar {n}", station="s1")
            received = f"2026-11-0{n + 1}T08:00:00+00:00"
            unit = publish(settings, replace(shape, content_key=f"key {n}", received=received))
            for page in unit.pages:
                result = {"state": str(page.state)}
                ledger.record_step(row.id, page.page, "page", "in", "par", result)
            ledger.set_unit_state(row.id, "published", scanned=len(unit.pages))
        ledger.add_quarantined(quarantined(settings, "q1"))


def state(settings: Settings) -> tuple:
    with open_ledger(settings) as ledger:
        units = [
            (u.id, u.content_key, u.name, u.station, u.state, u.scanned) for u in ledger.units()
        ]
        pages = [
            {page: step.state for page, step in ledger.steps(unit[0], "page").items()}
            for unit in units
        ]
        return units, pages, ledger.counts(), ledger.quarantined()


def lose(settings: Settings) -> None:
    """The whole ledger is gone, its tables too."""
    if settings.ledger_url:
        engine = make_engine(ledger_url(settings))
        with engine.begin() as connection:
            connection.exec_driver_sql("DROP SCHEMA public CASCADE")
            connection.exec_driver_sql("CREATE SCHEMA public")
        engine.dispose()
    for name in ("ledger.db", "ledger.db-wal", "ledger.db-shm"):
        (settings.archive / name).unlink(missing_ok=True)


@pytest.fixture
def settings(tmp_path) -> Settings:
    return Settings(archive=tmp_path / "archive")


def test_a_lost_ledger_comes_back_the_same(ledger_settings):
    fill(ledger_settings)
    before = state(ledger_settings)
    lose(ledger_settings)
    result = rebuild(ledger_settings)
    assert state(ledger_settings) == before
    assert result.adopted == result.units == tuple(unit[0] for unit in before[0])
    assert (result.damaged, result.doubled, result.dropped, result.aside) == ((), (), (), "")


TABLES = {
    "units": [c for c in tables.units.c if c.name != "seq"],
    "steps": [c for c in tables.steps.c if c.name != "seq"],
    "quarantine": [c for c in tables.quarantine.c if c.name != "seq"],
}


def dump(settings: Settings) -> dict[str, list]:
    """Every row that a rebuild makes, but for the numbers that the database gave it."""
    with open_ledger(settings) as ledger, ledger.reading() as connection:
        found = {name: connection.execute(select(*columns)) for name, columns in TABLES.items()}
        order = [row.id for row in ledger.units()]
        return {"order": order} | {name: sorted(map(repr, rows)) for name, rows in found.items()}


def forget_all(settings: Settings) -> None:
    with open_ledger(settings) as ledger, ledger.writing() as connection:
        for table in (tables.quarantine, tables.units):
            connection.execute(delete(table))


def publish_at_random(ledger: Ledger, settings: Settings, ident: str, draw: Random) -> None:
    """A unit as publishing leaves it: every stage's steps, some pages of each state."""
    runs = [draw.choices(IN_DOCUMENTS, k=draw.randint(1, 4)) for _ in range(draw.randint(1, 3))]
    row, layout = ledger.unit(ident), settings.layout.unit(ident)
    shape = replace(make_unit(runs, ident), name=row.name, station=row.station)
    received = f"{draw.randint(1990, 2040)}-01-01T00:00:00+00:00"
    unit = publish(settings, replace(shape, content_key=row.content_key, received=received))
    ledger.record_step(ident, 0, "take-in", row.content_key, "par", {"originals": []})
    ledger.record_step(ident, 0, "split", str(draw.random()), "par", {"documents": runs})
    ledger.forget_unit_steps(ident, ("page", "document"))
    for page in unit.pages:
        result = {"state": str(page.state), "confidence": draw.random(), "words": "șț"}
        ledger.record_step(ident, page.page, "page", f"{draw.random()}", "par", result)
    for document in unit.documents:
        ledger.record_step(ident, document.number, "document", "in", "par", {"sha256": "ab"})
    told = told_of(layout)
    ledger.record_step(ident, 0, REVIEW, told.worst, told.rules, {**told.counts})
    good = draw.random() < 0.7
    state, when = UnitState.PUBLISHED if good else UnitState.UNRECONCILED, str(draw.random())
    ledger.set_unit_state(ident, row.state, scanned=unit.scanned)
    keep_in_unit(ledger, layout, state, when)
    write_findings(() if good else (Finding("not-reconciled"),), layout)
    if good:
        write_manifest(layout)
    else:
        remove_manifest(layout)
    ledger.set_unit_state(ident, state, when=when)


@pytest.mark.parametrize("seed", range(3))
def test_a_rebuild_makes_the_same_rows_whatever_was_done(ledger_settings, seed):
    """Units published, published again with other pages, files put aside and sent back."""
    draw = Random(seed)
    with open_ledger(ledger_settings) as ledger:
        idents = [
            ledger.claim_unit(f"key {n}", f"Dosar {n}", f"s{n % 2}", f"/în/{n}.pdf")[0].id
            for n in range(4)
        ]
        for ident in (*idents, *draw.choices(idents, k=4)):
            publish_at_random(ledger, ledger_settings, ident, draw)
        for number in range(3):
            ledger.add_quarantined(quarantined(ledger_settings, f"q{draw.randint(0, 9)}{number}"))
        gone = draw.choice(ledger.quarantined())
        ledger.remove_quarantined(gone.station, gone.id)
    shutil.rmtree(ledger_settings.station_layout("s1").quarantine / gone.id)
    before = dump(ledger_settings)
    rebuild(ledger_settings)
    assert dump(ledger_settings) == before
    forget_all(ledger_settings)
    result = rebuild(ledger_settings)
    assert result.adopted == tuple(idents)
    assert dump(ledger_settings) == before


def test_a_rebuild_waits_for_nobody_who_is_at_work(ledger_settings):
    fill(ledger_settings, units=1)
    quick = replace(ledger_settings, lease_seconds=0.3)
    with open_ledger(quick) as ledger:
        (unit,) = ledger.units()
        with ledger.unit_lock(unit.id), pytest.raises(InputError) as caught:
            rebuild(replace(quick, machine="another"))
        assert (caught.value.code, caught.value.file) == ("unit-busy", unit.id)
        with ledger.writing() as connection:
            take(connection, unit.id, ledger._terms, ledger._observer)
        assert rebuild(replace(quick, machine="another")).units == (unit.id,)


def test_what_no_unit_holds_is_copied_from_a_damaged_ledger(settings):
    fill(settings, units=9)
    with open_ledger(settings) as ledger:
        batches = [ledger.start_batch() for _ in range(3)]
        ledger.add_batch_source(batches[1], "a.pdf", "taken", "ua-1")
        ledger.end_batch(batches[1])
        kept, sources = ledger.batches(), ledger.batch_sources(batches[1])
        with ledger.writing() as connection:
            connection.exec_driver_sql("PRAGMA writable_schema = ON")
            connection.exec_driver_sql(
                "UPDATE sqlite_master SET rootpage = 1 WHERE name = 'steps_by_state'"
            )
    assert rebuild(settings).aside
    with open_ledger(settings) as ledger:
        assert ledger.batches() == kept
        assert ledger.batch_sources(batches[1]) == sources
        assert ledger.start_batch().endswith("-0004")
        assert len(ledger.units()) == 9


def test_a_damaged_ledger_is_put_aside(settings):
    fill(settings)
    before = state(settings)
    damaged = b"SQLite format 3\0" * 500
    settings.layout.ledger.write_bytes(damaged)
    result = rebuild(settings)
    assert state(settings) == before
    assert settings.archive.joinpath("ledger.db.damaged-1").read_bytes() == damaged
    assert result.aside.endswith("ledger.db.damaged-1")


def test_damage_inside_a_ledger_that_opens_is_found(settings):
    fill(settings, units=9)
    before = state(settings)
    data = bytearray(settings.layout.ledger.read_bytes())
    data[8192:] = bytes(byte ^ 0x5A for byte in data[8192:])
    settings.layout.ledger.write_bytes(data)
    assert rebuild(settings).aside
    assert state(settings) == before


def test_a_rebuild_of_a_sound_ledger_changes_nothing(ledger_settings):
    fill(ledger_settings)
    before = state(ledger_settings)
    with open_ledger(ledger_settings) as ledger:
        batch = ledger.start_batch()
        working = ledger.claim_unit("not yet on disk", "n", "s1", "f")[0]
        ledger.record_step(working.id, 1, "page", "in", "par", {"state": "blank"})
        ledger_settings.layout.unit(working.id).root.mkdir(parents=True)
    result = rebuild(ledger_settings)
    assert (result.adopted, result.kept, result.aside) == ((), (working.id,), "")
    with open_ledger(ledger_settings) as ledger:
        assert ledger.is_done(before[0][0][0], 1, "page", "in", "par")
        assert ledger.is_done(working.id, 1, "page", "in", "par")
        assert [row.id for row in ledger.batches()] == [batch]
        ledger.forget_unit(working.id)
    assert state(ledger_settings) == before


def test_units_that_the_ledger_lost_are_adopted_and_not_doubled(ledger_settings):
    fill(ledger_settings)
    before = state(ledger_settings)
    ident = before[0][1][0]
    with open_ledger(ledger_settings) as ledger:
        ledger.forget_unit(ident)
        assert ledger.claim_unit("key 1", "Dosar 1", "s1", "again.pdf")[1]
        ledger.claim_unit("never came", "n", "s1", "f")
    result = rebuild(ledger_settings)
    assert result.adopted == (ident,)
    assert len(result.dropped) == 2
    after = state(ledger_settings)
    assert sorted(after[0]) == sorted(before[0])
    assert after[2:] == before[2:]
    with open_ledger(ledger_settings) as ledger:
        assert not ledger.claim_unit("key 1", "Dosar 1", "s1", "third.pdf")[1]


def test_page_steps_follow_the_record_and_the_alto(ledger_settings):
    fill(ledger_settings, units=1)
    with open_ledger(ledger_settings) as ledger:
        (unit,) = ledger.units()
        ledger.record_step(unit.id, 1, "page", "in", "par", {"state": "failed"})
        ledger.record_step(unit.id, 99, "page", "in", "par", {"state": "blank"})
        ledger.record_step(unit.id, 0, "pdf", "in", "par", {})
    ledger_settings.layout.unit(unit.id).alto_page(2).unlink()
    rebuild(ledger_settings)
    with open_ledger(ledger_settings) as ledger:
        pages = ledger.steps(unit.id, "page")
        assert {page: step.state for page, step in pages.items()} == {
            1: "recognised",
            3: "separator",
            4: "failed",
            5: "recognised",
        }
        assert not pages[1].matches("in", "par")
        assert pages[3].matches("in", "par")
        assert ledger.is_done(unit.id, 0, "pdf", "in", "par")


def test_units_that_were_not_published_are_not(ledger_settings):
    fill(ledger_settings, units=2)
    with open_ledger(ledger_settings) as ledger:
        one, two = (unit.id for unit in ledger.units())
    for ident in (one, two):
        (ledger_settings.layout.unit(ident).metadata / MANIFEST).unlink()
    write_findings((Finding("not-reconciled"),), ledger_settings.layout.unit(two))
    lose(ledger_settings)
    rebuild(ledger_settings)
    with open_ledger(ledger_settings) as ledger:
        assert {unit.id: unit.state for unit in ledger.units()} == {
            one: "working",
            two: "unreconciled",
        }


def test_a_damaged_record_is_named_and_the_rest_goes_on(ledger_settings):
    fill(ledger_settings)
    with open_ledger(ledger_settings) as ledger:
        ids = [unit.id for unit in ledger.units()]
    ledger_settings.layout.unit(ids[1]).record.write_bytes(b"{")
    result = rebuild(ledger_settings)
    assert result.damaged == (ids[1],)
    assert result.kept == (ids[1],)
    assert result.units == (ids[0], ids[2])
    with open_ledger(ledger_settings) as ledger:
        assert [unit.id for unit in ledger.units()] == ids
    lose(ledger_settings)
    with pytest.raises(InputError):
        open_ledger(ledger_settings)
    assert rebuild(ledger_settings).units == (ids[0], ids[2])


def test_two_units_of_one_content_are_told(ledger_settings):
    fill(ledger_settings, units=1)
    twin = publish(ledger_settings, replace(make_unit(RUNS, "ua-twin222222"), content_key="key 0"))
    result = rebuild(ledger_settings)
    assert result.doubled == (twin.id,)
    assert twin.id not in result.units


def test_a_reason_that_cannot_be_read_stops_nothing(ledger_settings):
    fill(ledger_settings)
    folder = ledger_settings.station_layout("s1").quarantine
    write_bytes_durably(folder / "q2" / "reason.json", json.dumps({"x": 1}).encode())
    second = quarantined(ledger_settings, "q3")
    assert rebuild(ledger_settings).quarantined == 2
    with open_ledger(ledger_settings) as ledger:
        assert ledger.quarantined()[1] == second

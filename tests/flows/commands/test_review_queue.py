"""The queue of the whole archive: worst first over all units, a page at a time, no more read than needed."""

from dataclasses import replace
from random import Random

import pytest

from flows.commands.reviewing.review_queue import waiting_list
from flows.stages.publishing import tell_waiting
from pipeline.ledger import open_ledger
from pipeline.reviewing.review import in_order, waiting_in
from pipeline.reviewing.waiting import KINDS
from pipeline.units import write_findings, write_record
from schemas.records import FieldValue, Finding, PageState
from schemas.settings import Settings
from tests.pipeline.unit_samples import make_unit

R, F = PageState.RECOGNISED, PageState.FAILED
UNITS = 9


def write_at_random(settings, ident, draw):
    """A unit with a failed page here and there, doubtful fields and boundaries."""
    runs = [draw.choices((R, R, R, F), k=draw.randint(1, 3)) for _ in range(draw.randint(1, 3))]
    unit = make_unit(runs, ident)
    documents = tuple(
        replace(d, fields={"type": FieldValue("cerere", confidence=draw.choice((0.3, 0.7, 0.95)))})
        for d in unit.documents
    )
    layout = settings.layout.unit(ident)
    write_record(replace(unit, documents=documents), layout)
    doubt = Finding("boundary-doubtful", len(unit.pages), {"p": str(draw.randint(30, 80))})
    write_findings((doubt,) if draw.random() < 0.5 else (), layout)
    return layout


@pytest.fixture
def archive(tmp_path):
    """Units of which the ledger knows what waits, and all their items."""
    settings, draw = Settings(archive=tmp_path), Random(5)
    with open_ledger(settings) as ledger:
        idents = [
            ledger.claim_unit(f"key {n}", f"Dosar {n}", "local", f"/{n}.pdf")[0].id
            for n in range(UNITS)
        ]
        layouts = [write_at_random(settings, ident, draw) for ident in idents]
        for layout in layouts:
            tell_waiting(layout, ledger, settings.review_confidence)
    return settings, in_order(item for layout in layouts for item in waiting_in(layout))


def listed(settings, unit=None, kind=None, limit=1000, page=1):
    return waiting_list(settings, unit, kind, limit, page).payload


@pytest.mark.parametrize("limit", [1, 7])
@pytest.mark.parametrize("kind", [None, "field"])
def test_the_pages_one_after_the_other_are_the_whole_queue(archive, limit, kind):
    settings, items = archive
    wanted = [item.id for item in in_order(i for i in items if kind in {None, i.kind})]
    assert len(wanted) > 3
    told, page = [], 1
    while some := listed(settings, kind=kind, limit=limit, page=page)["waiting"]:
        told += [row["id"] for row in some]
        page += 1
    assert told == wanted


def test_counts_are_of_everything_however_little_is_shown(archive):
    settings, items = archive
    answer = listed(settings, limit=1)
    assert answer["total"] == len(items)
    assert answer["counts"] == {
        kind: count for kind in KINDS if (count := sum(item.kind == kind for item in items))
    }
    of_one = listed(settings, unit=items[0].unit.id)
    assert {row["unit"] for row in of_one["waiting"]} == {items[0].unit.id}
    assert of_one["total"] == len(of_one["waiting"])


def test_units_that_cannot_be_among_the_worst_are_not_opened(archive):
    settings, items = archive
    last = next(i.unit.id for i in reversed(items) if i.unit.id != items[0].unit.id)
    assert last not in {item.unit.id for item in items[:2]}
    settings.layout.unit(last).record.write_bytes(b"{")
    assert [row["id"] for row in listed(settings, limit=2)["waiting"]] == [i.id for i in items[:2]]
    assert listed(settings, limit=2)["damaged"] == []
    assert listed(settings)["damaged"] == [last]


def test_another_bar_finds_other_fields_and_the_ledger_learns_it(archive):
    settings, items = archive
    lower = replace(settings, review_confidence=0.5)
    few = listed(lower)
    assert {row["id"] for row in few["waiting"]} < {item.id for item in items}
    with open_ledger(lower) as ledger:
        known = ledger.results("review")
    assert sum(counts["waiting"] for counts in known.values()) == few["total"]
    assert listed(settings)["total"] == len(items)

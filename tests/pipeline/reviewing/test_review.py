"""What waits for a person, and decisions that stand until they are undone or the scan is replaced."""

import json
from dataclasses import replace

import pytest

from pipeline.arrangement import with_inserted, with_replaced
from pipeline.reviewing.review import (
    ACCEPTED,
    MARKED,
    UNDONE,
    counts_of,
    decide,
    item_id,
    page_numbered,
    rescan_codes,
    unit_of,
    waiting_in,
)
from pipeline.units import read_events, write_findings, write_record
from schemas.errors import InputError
from schemas.quality import Quality
from schemas.records import Finding, Original, PageState, decode_unit, encode
from schemas.settings import Settings
from tests.pipeline.unit_samples import make_unit, publish

R, F = PageState.RECOGNISED, PageState.FAILED
NEW = Original("nou.jpg", "nou.jpg", 10, "sha", "jpeg", 1)


@pytest.fixture
def settings(tmp_path):
    return Settings(archive=tmp_path)


@pytest.fixture
def unit(settings):
    return publish(settings, make_unit([[R, R, R], [F, R]]))


@pytest.fixture
def layout(settings, unit):
    layout = settings.layout.unit(unit.id)
    findings = (
        Finding("blurred", 2),
        Finding("handwriting", 3),
        Finding("too-many-pixels", 5),
        Finding("pdfa-invalid", detail={"d": "1", "why": "x"}),
    )
    write_findings(findings, layout)
    return layout


def of_pages(layout):
    """What waits of pages; what is doubtful in documents is another test's."""
    return tuple(item for item in waiting_in(layout) if item.kind in {"rescan", "check"})


def pages(layout):
    return [(item.page.page, item.codes) for item in of_pages(layout)]


FIRST = [(2, ("blurred",)), (5, ("too-many-pixels",))]


def test_what_scanning_again_would_mend_waits_and_notes_do_not(layout):
    assert pages(layout) == FIRST
    assert counts_of(of_pages(layout)) == {"waiting": 2, "rescan": 2}
    assert {"blurred", "faint", "clipped", "badly-read", "image-damaged"} <= rescan_codes()
    assert not rescan_codes() & {"handwriting", "unread-ink", "pdfa-invalid", "not-reconciled"}


def test_what_a_cover_sheet_says_waits_to_be_checked_and_is_no_rescan(unit, layout):
    write_findings((Finding("cover-sheet", 1, {"a": "12", "b": "13", "field": "cota"}),), layout)
    first, last = of_pages(layout)
    assert (first.page.page, first.kind, first.field) == (1, "check", "identity")
    assert (last.page.page, last.kind) == (5, "rescan")
    assert counts_of((first, last)) == {"waiting": 2, "rescan": 1, "check": 1}
    decide(layout, first.id, ACCEPTED, "maria")
    assert of_pages(layout) == (last,)


def test_accepted_pages_do_not_wait_until_that_is_undone(unit, layout):
    ident = item_id(unit.id, unit.pages[1])
    decide(layout, ident, ACCEPTED, "maria", "mai bine nu se poate")
    assert pages(layout) == FIRST[1:]
    decide(layout, ident, ACCEPTED, "maria", "mai bine nu se poate")
    decide(layout, ident, UNDONE, "ion")
    assert pages(layout) == FIRST
    told = [(e["decision"], e["by"], e.get("note", "")) for e in read_events(layout)]
    assert told == [("accepted", "maria", "mai bine nu se poate"), ("undone", "ion", "")]
    assert all(e["time"] for e in read_events(layout))


def test_a_person_may_mark_any_page(unit, layout):
    ident = item_id(unit.id, unit.pages[0])
    decide(layout, ident, MARKED, "maria", "un colț îndoit")
    assert pages(layout) == [(1, ("rescan-marked",)), *FIRST]
    assert next(iter(of_pages(layout))).note == "un colț îndoit"
    decide(layout, ident, UNDONE, "maria")
    assert pages(layout) == FIRST


def test_the_last_decision_counts_and_is_the_first_undone(unit, layout):
    ident = item_id(unit.id, unit.pages[1])
    decide(layout, ident, ACCEPTED, "maria")
    decide(layout, ident, MARKED, "ion")
    assert pages(layout) == FIRST
    decide(layout, ident, UNDONE, "ion")
    assert pages(layout) == FIRST[1:]
    decide(layout, ident, UNDONE, "ion")
    assert pages(layout) == FIRST
    with pytest.raises(InputError, match="review-nothing-to-undo"):
        decide(layout, ident, UNDONE, "ion")


def test_decisions_move_with_their_scan_and_end_with_it(unit, layout):
    ident = item_id(unit.id, unit.pages[1])
    decide(layout, ident, ACCEPTED, "maria")
    moved = with_inserted(unit, 0, (NEW,))
    write_record(moved, layout)
    write_findings((Finding("blurred", 3),), layout)
    assert item_id(unit.id, moved.pages[2]) == ident
    assert 3 not in {page for page, _ in pages(layout)}
    again = with_replaced(unit, 2, NEW, "t")
    again = replace(again, pages=tuple(replace(p, state=R) for p in again.pages))
    write_record(again, layout)
    write_findings((Finding("faint", 2),), layout)
    assert pages(layout) == [(2, ("faint",))]
    with pytest.raises(InputError, match="review-missing"):
        decide(layout, ident, ACCEPTED, "maria")


def test_ids_are_each_page_s_own_and_name_their_unit(unit):
    idents = {item_id(unit.id, page) for page in unit.pages}
    assert len(idents) == len(unit.pages)
    assert {unit_of(ident) for ident in idents} == {unit.id}


@pytest.mark.parametrize("ident", ["", "ua-abc", "ua-abc.", ".abcdefgh", "ua-abc.scurt", "../../x"])
def test_what_is_no_id_is_refused(ident):
    with pytest.raises(InputError, match="review-missing"):
        unit_of(ident)


@pytest.mark.parametrize("number", [0, -1, 7])
def test_pages_that_are_not_there_are_refused(unit, number):
    with pytest.raises(InputError, match="page-missing"):
        page_numbered(unit, number)


def test_records_of_before_pages_had_quality_and_history_still_load(unit):
    told = json.loads(encode(unit))
    for one in told["pages"]:
        del one["quality"], one["replaced"]
    old = decode_unit(json.dumps(told).encode())
    assert old == unit
    assert old.scanned == len(old.pages)
    rich = replace(unit.pages[0], quality=Quality(9.5, 0.8, cut=("left",), confidence=0.9))
    full = replace(unit, pages=(rich, *unit.pages[1:]))
    assert decode_unit(encode(full)) == full

"""What is doubtful in documents: found once, settled by a decision, in the order of the queue."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.arrangement import with_inserted
from pipeline.reviewing.corrections import (
    REMOVED,
    correction,
    doubt_settled,
    personal_decision,
    undoing,
)
from pipeline.reviewing.doubts import look
from pipeline.reviewing.review import counts_of, in_order, waiting_of, worst_of, worst_told
from pipeline.reviewing.targets import find_target
from pipeline.reviewing.waiting import BLOCKS, KINDS, PRIVACY, READING, STRUCTURE, around
from schemas.errors import InputError
from schemas.geometry import Box
from schemas.privacy import PersonalData, PersonalKind, Sensitive
from schemas.records import Access, FieldValue, Finding, Original, PageState, Regime
from tests.pipeline.unit_samples import make_unit

R, B = PageState.RECOGNISED, PageState.BLANK
SHAPE = make_unit([[R, R], [R, R], [B], [R]])
UNDECIDED = Access()
OPEN = Access(Regime.ANONYMISED, "regula", waits=True)
SURE = {
    "type": FieldValue("hotărâre", "HOTĂRÂRE", 1, Box(9, 9, 90, 20), confidence=0.95),
    "number": FieldValue("25", "25", 1, Box(200, 9, 40, 20), confidence=0.95),
    "date": FieldValue("2016-07-29", confidence=0.95),
}


def unit_with(fields=SURE, access=UNDECIDED):
    """The shape with these fields in its first document, sure ones of no act in the others."""
    quiet = {"type": FieldValue("cerere", confidence=0.95)}
    first, *others = SHAPE.documents
    documents = (
        replace(first, fields=dict(fields), access=access),
        *(replace(one, fields=quiet) for one in others),
    )
    return replace(SHAPE, documents=documents)


def waiting(unit, events=(), personal=None, findings=()):
    return tuple(waiting_of(unit, findings, events, personal or {}))


def told(items):
    return [(item.kind, item.field, item.codes) for item in items]


def test_what_is_sure_or_blank_does_not_wait():
    unit = unit_with()
    assert waiting(unit) == ()
    unknown = {"type": FieldValue("necunoscut", confidence=0.2)}
    blank = replace(unit.documents[2], fields=unknown)
    assert waiting(replace(unit, documents=(*unit.documents[:2], blank, unit.documents[3]))) == ()


def test_a_field_below_the_bar_waits_with_its_place_until_somebody_decides():
    number = FieldValue("4317", "4817", 2, Box(10, 20, 60, 30), confidence=0.61)
    unit = unit_with({**SURE, "number": number})
    (item,) = waiting(unit)
    assert (item.kind, item.field, item.value, item.confidence) == ("field", "number", "4317", 0.61)
    assert (item.page.page, item.box, item.document) == (2, number.box, unit.documents[0].id)
    assert item.findings[0].detail == {"field": "number", "c": "61", "bar": "80"}
    event = correction(unit.documents[0], unit.pages, "number", "4817", "ana")
    assert waiting(unit, (event,)) == ()
    assert waiting(unit, (event, undoing(event, "ana"))) == (item,)
    assert tuple(waiting_of(unit, (), (), {}, bar=0.6)) == ()


def test_an_act_without_number_or_date_and_an_unknown_type_wait():
    unit = unit_with({"type": SURE["type"]})
    assert told(waiting(unit)) == [
        ("field", "number", ("field-missing",)),
        ("field", "date", ("field-missing",)),
    ]
    gone = correction(unit.documents[0], unit.pages, "number", "", "ana")
    assert told(waiting(unit, (gone,))) == [("field", "date", ("field-missing",))]
    unknown = unit_with({"type": FieldValue("necunoscut", confidence=0.99)})
    assert told(waiting(unknown)) == [("field", "type", ("type-unknown",))]


def test_a_boundary_waits_until_a_person_said_or_decided():
    unit = unit_with()
    doubt = (Finding("boundary-doubtful", 5, {"p": "70"}),)
    (item,) = waiting(unit, findings=doubt)
    assert (item.kind, item.value, item.page.page) == ("boundary", "continues", 5)
    assert item.confidence == pytest.approx(0.3)
    decided = {"event": "review", "item": item.id, "decision": "accepted", "by": "ana"}
    assert waiting(unit, (decided,), findings=doubt) == ()
    said = tuple(replace(p, begins=p.page == 5) if p.page == 5 else p for p in unit.pages)
    assert waiting(replace(unit, pages=said), findings=doubt) == ()


DATUM = Sensitive(PersonalKind.PERSON, 1, (4,), (Box(1, 2, 30, 9),), "pop ion", 0.5, ("model",))
TWICE = replace(DATUM, value="pop ana", methods=("model", "rule"))
LIKELY = replace(DATUM, value="dan", confidence=0.9)


def test_personal_data_wait_where_one_method_alone_is_unsure_and_the_document_may_go_out():
    found = PersonalData((DATUM, TWICE, LIKELY), doubts=(Finding("personal-unsure", 2),))
    unit = unit_with(access=OPEN)
    personal = {unit.documents[0].id: found}
    items = waiting(unit, personal=personal)
    assert [(i.kind, i.field, i.page.page) for i in items] == [
        ("personal", "doubt", 2),
        ("personal", "PERSON", 1),
    ]
    assert all("pop" not in str((i.value, i.findings)) for i in items)
    removed = personal_decision(REMOVED, DATUM, unit.pages[0], "ana")
    settled = doubt_settled("personal-unsure", unit.pages[1], "ana")
    left = waiting(unit, (removed, settled), personal)
    assert told(left) == [("release", "release", ("release-waits",))]
    closed = unit_with(access=Access(Regime.RESTRICTED, "regula"))
    assert waiting(closed, personal={closed.documents[0].id: found}) == ()


@pytest.mark.parametrize(
    ("state", "codes"),
    [
        ("proposed", ["release-proposed"]),
        ("refused", ["release-waits"]),
        ("published", []),
        ("withdrawn", []),
    ],
)
def test_a_document_waits_for_release_until_it_is_out(state, codes):
    unit = unit_with(access=OPEN)
    event = {"event": "publication", "document": unit.documents[0].id, "state": state, "scans": []}
    assert [code for item in waiting(unit, (event,)) for code in item.codes] == codes


def every_kind():
    """One item of each kind in one unit, and what it takes."""
    fields = {**SURE, "issuer": FieldValue("X", page=2, confidence=0.4)}
    unit = unit_with(fields, access=OPEN)
    other = replace(unit.documents[1], access=OPEN)
    unit = replace(unit, documents=(unit.documents[0], other, *unit.documents[2:]))
    findings = (
        Finding("boundary-doubtful", 5, {"p": "60"}),
        Finding("blurred", 8),
        Finding("cover-sheet", 4, {"a": "1", "b": "2", "field": "cota"}),
    )
    return unit, findings, {unit.documents[0].id: PersonalData((DATUM,))}


def test_the_queue_is_in_the_order_that_was_agreed_and_pages_stay_together():
    unit, findings, personal = every_kind()
    items = in_order(waiting_of(unit, findings, (), personal))
    assert {item.kind for item in items} == set(KINDS)
    tiers = [(item.page.page, item.tier) for item in items]
    assert tiers == [
        (4, BLOCKS),
        (4, BLOCKS),
        (1, PRIVACY),
        (5, STRUCTURE),
        (8, READING),
        (2, READING),
    ]
    counts = counts_of(items)
    assert counts.pop("waiting") == sum(counts.values()) == len(items)
    told = worst_told(items)
    assert worst_of("") < worst_of(told) == items[0].rank
    for kind in KINDS:
        assert worst_of(told, kind) == min(item.rank for item in items if item.kind == kind)


def test_ids_are_each_item_s_own_and_find_what_they_name():
    unit, findings, personal = every_kind()
    items = tuple(waiting_of(unit, findings, (), personal))
    assert len({item.id for item in items}) == len(items)
    looked = look(unit, (), personal, 0.8)
    for item in items:
        target = find_target(looked, item.id)
        assert target.page.page == item.page.page or item.kind == "field"
        assert target.field == item.field or item.kind == "check"
        assert (target.document.id if target.document else None) == item.document
    with pytest.raises(InputError, match="review-missing"):
        find_target(looked, f"{unit.id}.aaaaaaaa")


def lasting(items):
    """The ids of what lies on a scan of before; a document's own stand for the page it begins at."""
    apart = {"field", "release"}
    return {i.id for i in items if i.kind not in apart and i.page.source != "nou.jpg"}


@given(st.integers(0, 7))
def test_ids_stay_when_pages_get_other_numbers(after):
    unit, findings, personal = every_kind()
    moved = with_inserted(unit, after, (Original("nou.jpg", "nou.jpg", 1, "s", "jpeg", 1),))
    numbers = {p.source + str(p.frame): p.page for p in moved.pages}
    now = {p.page: numbers[p.source + str(p.frame)] for p in unit.pages}
    shifted = tuple(replace(f, page=now[f.page]) for f in findings)
    data = {d: PersonalData((replace(DATUM, page=now[1]),)) for d in personal}
    before = lasting(waiting_of(unit, findings, (), personal))
    assert lasting(waiting_of(moved, shifted, (), data)) == before


@given(
    st.builds(
        Box, st.integers(0, 5000), st.integers(0, 5000), st.integers(1, 900), st.integers(1, 90)
    )
)
def test_a_crop_holds_its_box_and_begins_on_the_page(box):
    wide = around(box)
    assert wide.x >= 0
    assert wide.y >= 0
    assert wide.overlap(box) == box.area

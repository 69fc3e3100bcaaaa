"""Corrections: laid over the reading, never instead of it, whatever order, number or unit comes."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.arrangement import with_inserted
from pipeline.metadata.record.problems import CATEGORIES
from pipeline.metadata.record.types import OTHER, TITLES, UNKNOWN
from pipeline.reviewing.corrections import (
    ADDED,
    CONFIRMED,
    REGISTRY,
    REMOVED,
    about,
    as_read,
    carried_corrections,
    corrected,
    correction,
    doubt_settled,
    personal_decision,
    placed,
    settled,
    standing,
    undoing,
)
from pipeline.reviewing.fieldrules import PROBLEMS, TYPES, right_value
from pipeline.transfer import with_documents
from schemas.errors import InputError
from schemas.geometry import Affine, Box, Size
from schemas.privacy import PersonalData, PersonalKind, Sensitive
from schemas.records import Document, FieldValue, Finding, Original, Page, PageState
from schemas.text import Block, Line, PageText, Word
from tests.pipeline.unit_samples import make_unit

R = PageState.RECOGNISED
UNIT = make_unit([[R, R, R], [R, R], [R]])
FIRST, SECOND, LAST = UNIT.documents
NEW = Original("nou.jpg", "nou.jpg", 10, "sha", "jpeg", 1)
NAMES = ("type", "number", "date", "issuer")
VALUES = ("", "1", "2", "hotărâre")


def said(document, field, value, **more):
    return correction(document, UNIT.pages, field, value, "ana", **more)


@st.composite
def histories(draw):
    """Corrections of three documents, some taken back, each undo behind what it undoes."""
    events = []
    for _ in range(draw(st.integers(0, 8))):
        made = [e for e in events if e["event"] == "correction"]
        if made and draw(st.booleans()):
            events.append(undoing(draw(st.sampled_from(made)), "ion"))
        else:
            document = draw(st.sampled_from(UNIT.documents))
            source = draw(st.sampled_from(("archivist", "registry")))
            name, value = draw(st.sampled_from(NAMES)), draw(st.sampled_from(VALUES))
            events.append(said(document, name, value, source=source))
    return tuple(events)


def expected(document, events):
    """The value of each field by the plainest rule: the archivist's last word, else the registry's."""
    gone = {e["correction"] for e in events if e["event"] != "correction"}
    values = {name: value.value for name, value in document.fields.items()}
    for source in ("registry", "archivist"):
        for event in events:
            mine = event.get("document") == document.id and event.get("source") == source
            if mine and event["correction"] not in gone:
                values[event["field"]] = event["value"]
    return {name: value for name, value in values.items() if value}


@given(histories())
def test_the_last_word_counts_and_the_reading_stays(events):
    for document in UNIT.documents:
        laid = corrected(document, placed(events, UNIT.pages))
        assert {name: value.value for name, value in laid.fields.items()} == expected(
            document, events
        )
        for name, value in laid.fields.items():
            assert as_read(value) == as_read(document.fields.get(name))
            assert value.checked == any(
                (e["document"], e["field"]) == (document.id, name) for e in standing(events)
            )


@given(histories())
def test_laying_the_same_over_again_changes_nothing(events):
    here = placed(events, UNIT.pages)
    for document in UNIT.documents:
        once = corrected(document, here)
        assert corrected(once, here) == once


@given(histories(), st.integers(0, 6))
def test_corrections_follow_their_scan_through_other_numbers_and_ids(events, after):
    moved = with_inserted(UNIT, after, (NEW,))
    renamed = {d.id: f"new-{d.number}" for d in moved.documents}
    pages = tuple(replace(p, document=renamed.get(p.document)) for p in moved.pages)
    for document in moved.documents:
        before = corrected(UNIT.document_of(document.id), placed(events, UNIT.pages))
        if UNIT.pages_of(document.id)[0].source != moved.pages_of(document.id)[0].source:
            continue  # a leaf stands before its first page now: a new id tells nothing of it
        fresh = replace(document, id=renamed[document.id])
        assert corrected(fresh, placed(events, pages)).fields == before.fields


@given(histories())
def test_undoing_everything_leaves_the_reading(events):
    back = tuple(undoing(event, "ion") for event in standing(events))
    assert standing((*events, *back)) == ()
    for document in UNIT.documents:
        assert corrected(document, (*events, *back)) == document


def test_a_document_that_became_part_of_another_takes_no_corrections_along():
    events = (said(SECOND, "number", "77"), said(FIRST, "number", "5"))
    labels = {page.page: FIRST.id for page in UNIT.pages_of(SECOND.id)}
    joined = with_documents(UNIT, labels)
    laid = corrected(joined.documents[0], placed(events, joined.pages))
    assert laid.fields["number"].value == "5"
    assert all(e["document"] == FIRST.id for e in placed(events, joined.pages))


def test_corrected_confirmed_and_taken_away_are_told_apart():
    right = corrected(FIRST, (said(FIRST, "type", "hotărâre"),)).fields["type"]
    assert (right.source, right.checked, right.confidence, right.read) == ("rule", True, 0.9, "")
    wrong = corrected(FIRST, (said(FIRST, "type", "cerere", raw="CERERE"),)).fields["type"]
    assert (wrong.value, wrong.read, wrong.raw) == ("cerere", "hotărâre", "CERERE")
    assert (wrong.source, wrong.checked, wrong.confidence) == ("archivist", True, 1.0)
    assert "type" not in corrected(FIRST, (said(FIRST, "type", ""),)).fields
    assert said(FIRST, "type", "cerere")["read"] == "hotărâre"


def test_a_registry_never_outranks_the_archivist():
    first = said(FIRST, "number", "7")
    events = (first, said(FIRST, "number", "8", source=REGISTRY))
    assert corrected(FIRST, events).fields["number"].value == "7"
    events = (*events, undoing(first, "ana"))
    assert corrected(FIRST, events).fields["number"].value == "8"


def test_mentions_are_replaced_added_and_taken_away():
    names = tuple(FieldValue(name, confidence=0.5) for name in ("Popesu Ion", "Dan Ana"))
    document = replace(FIRST, mentions={"persons": names})
    events = (
        said(document, "persons", "Popescu Ion", of="Popesu Ion"),
        said(document, "persons", "", of="Dan Ana"),
        said(document, "persons", "Pop Vlad"),
    )
    told = corrected(document, events).mentions["persons"]
    assert [(one.value, one.read) for one in told] == [
        ("Popescu Ion", "Popesu Ion"),
        ("Pop Vlad", ""),
    ]
    assert corrected(corrected(document, events), events).mentions["persons"] == told
    assert (
        corrected(document, (*events, undoing(events[1], "ana"))).mentions["persons"][1] == names[1]
    )


def page_at(number):
    return UNIT.pages[number - 1]


PLACE = Box(10, 10, 100, 20)


def datum(page=1, kind=PersonalKind.CNP, value="1840512123451", box=PLACE):
    return Sensitive(kind, page, (3,), (box,), value, 0.5, ("rule",))


ITEMS = (datum(), datum(2), datum(1, PersonalKind.SIGNATURE, "", Box(400, 900, 200, 80)))


@st.composite
def decided(draw):
    events = []
    for _ in range(draw(st.integers(0, 6))):
        if events and draw(st.booleans()):
            events.append(undoing(draw(st.sampled_from(events)), "ion"))
        else:
            item = draw(st.sampled_from(ITEMS))
            decision = draw(st.sampled_from((CONFIRMED, REMOVED)))
            events.append(personal_decision(decision, item, page_at(item.page), "ana"))
    return tuple(events)


@given(decided())
def test_personal_data_are_as_people_said_last(events):
    found = PersonalData(ITEMS)
    laid = settled(found, about(FIRST.id, events, UNIT.pages))
    gone = {e["correction"] for e in events if e["event"] == "correction-undone"}
    stand = [e for e in events if e["event"] == "personal" and e["correction"] not in gone]
    for item in ITEMS:
        mine = [e for e in stand if (e["page"], e["what"]) == (item.page, item.kind)]
        left = [one for one in laid.items if (one.page, one.kind) == (item.page, item.kind)]
        assert bool(left) == all(e["decision"] != REMOVED for e in mine)
        if left:
            assert ("person" in left[0].methods) == bool(mine)
    assert settled(laid, about(FIRST.id, events, UNIT.pages)) == laid


def test_decisions_on_data_follow_their_scan_and_hold_no_value():
    event = personal_decision(REMOVED, ITEMS[0], page_at(1), "ana")
    assert ITEMS[0].value not in str(event)
    moved = with_inserted(UNIT, 0, (NEW,))
    again = PersonalData((datum(2), datum(3)))
    assert settled(again, about(FIRST.id, (event,), moved.pages)).items == (datum(3),)
    assert about(SECOND.id, (event,), moved.pages) == ()


def test_a_signature_is_known_again_by_its_place():
    event = personal_decision(REMOVED, ITEMS[2], page_at(1), "ana")
    near = replace(ITEMS[2], boxes=(Box(410, 905, 200, 80),))
    far = replace(ITEMS[2], boxes=(Box(900, 905, 200, 80),))
    events = about(FIRST.id, (event,), UNIT.pages)
    assert settled(PersonalData((near, far)), events).items == (far,)


TEXT = PageText(
    Size(1000, 1400),
    200,
    (
        Block(
            (
                Line(
                    (
                        Word("Ion", Box(100, 100, 60, 30), 0.9),
                        Word("plata", Box(500, 100, 90, 30), 0.9),
                    )
                ),
            )
        ),
    ),
)


def test_what_a_person_added_has_the_words_under_it_wherever_the_page_lies_now():
    item = Sensitive(PersonalKind.PERSON, 1, (), (Box(95, 95, 70, 40),), "", 1.0, ())
    event = personal_decision(ADDED, item, page_at(1), "ana", transform=Affine().as_text())
    events = about(FIRST.id, (event,), UNIT.pages)
    (there,) = settled(PersonalData(), events, {1: TEXT}).items
    assert (there.words, there.value, there.methods) == ((0,), "Ion", ("person",))
    turned = replace(TEXT, transform=Affine(c=300, f=200), blocks=())
    (moved,) = settled(PersonalData(), events, {1: turned}).items
    assert moved.boxes == (Box(395, 295, 70, 40),)
    assert settled(PersonalData(), (*events, undoing(event, "ana")), {1: TEXT}).items == ()


def test_a_doubt_is_settled_on_its_page_alone():
    doubts = (Finding("personal-unsure", 1), Finding("personal-unsure", 2))
    events = (doubt_settled("personal-unsure", page_at(1), "ana"),)
    assert settled(PersonalData(doubts=doubts), events).doubts == doubts[1:]


def test_corrections_go_with_their_pages_into_another_unit_and_back():
    there = Page(1, R, "copie.tif", 0, "docnou", 1)
    events = (said(FIRST, "number", "5"), said(SECOND, "number", "6"))
    came = tuple(carried_corrections(events, (), ((UNIT.pages[0], there),)))
    document = Document("docnou", 1, 1, 1)
    assert corrected(document, placed(came, (there,))).fields["number"].value == "5"
    assert len(came) == 1
    undone = (*came, undoing(came[0], "ana"))
    back = tuple(carried_corrections(undone, events, ((there, UNIT.pages[0]),)))
    assert corrected(FIRST, placed((*events, *back), UNIT.pages)) == FIRST
    assert tuple(carried_corrections(events, came, ((UNIT.pages[0], there),))) == ()


@pytest.mark.parametrize(
    ("field", "given_", "right"),
    [
        ("date", "2016-07-29", "2016-07-29"),
        ("date", " 29.07.2016 ", "2016-07-29"),
        ("date", "2016", "2016"),
        ("type", "HOTARARE", "hotărâre"),
        ("type", "proces-verbal", "proces-verbal"),
        ("number", "4817/b", "4817/B"),
        ("nr_inreg", "12 345", "12 345"),
        ("issuer", "Consiliul  Local\tBucureşti", "Consiliul Local București"),
        ("else", "orice", "orice"),
        ("problem", "Spatii verzi", "green_spaces"),
        ("problem", "noise", "noise"),
    ],
)
def test_values_are_written_as_the_record_has_them(field, given_, right):
    assert right_value(field, given_) == right


@pytest.mark.parametrize(
    ("field", "given_", "code"),
    [
        ("date", "31.02.2016", "correction-date"),
        ("date", "mâine", "correction-date"),
        ("date", "0012-01-01", "correction-date"),
        ("type", "necunoscut", "correction-type"),
        ("type", "roman polițist", "correction-type"),
        ("number", "fără", "correction-number"),
        ("subject", "", "correction-text"),
        ("problem", "ozeneuri", "correction-problem"),
        ("subject", "x" * 501, "correction-text"),
        ("subject", "a\x1bb", "correction-text"),
    ],
)
def test_what_no_field_can_hold_is_refused(field, given_, code):
    with pytest.raises(InputError) as caught:
        right_value(field, given_)
    assert caught.value.code == code


@given(st.sampled_from(("date", "type", "number", "subject")), st.text(max_size=40))
def test_any_text_is_either_refused_or_stays_as_it_is(field, text):
    try:
        value = right_value(field, text)
    except InputError:
        return
    assert right_value(field, value) == value
    assert value.isprintable()


def test_every_type_and_problem_that_is_read_may_be_written():
    assert set(CATEGORIES) == set(PROBLEMS)
    assert set(TITLES) - {""} | {OTHER, UNKNOWN} == set(TYPES)

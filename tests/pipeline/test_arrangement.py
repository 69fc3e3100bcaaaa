"""Whatever is replaced and inserted, every frame has one place and documents keep their ids."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.arrangement import (
    delivered_order,
    order_of,
    with_inserted,
    with_pages,
    with_replaced,
)
from pipeline.reconcile import reconcile
from schemas.records import Original, PageState, Scan, decode_unit, encode
from tests.pipeline.unit_samples import alto_pages, make_unit, pdf_pages, recognised, states

R, B = PageState.RECOGNISED, PageState.BLANK
CHANGES = st.lists(
    st.tuples(st.sampled_from(["replace", "insert"]), st.integers(0, 10**6), st.integers(1, 3)),
    max_size=6,
)


def original(number: int, frames: int = 1) -> Original:
    return Original(f"nou-{number}.jpg", f"Nou {number}.jpg", 10, f"sha {number}", "jpeg", frames)


def changed(unit, changes):
    for number, (kind, where, frames) in enumerate(changes):
        if kind == "replace":
            page = where % len(unit.pages) + 1
            unit = with_replaced(unit, page, original(number), f"t{number}")
        else:
            unit = with_inserted(unit, where % (len(unit.pages) + 1), [original(number, frames)])
    return unit


def as_read(unit):
    """Every provisional page read."""
    pages = tuple(
        replace(p, state=R) if p.state is PageState.FAILED and p.document else p for p in unit.pages
    )
    return replace(unit, pages=pages)


@given(states(), CHANGES)
def test_a_changed_unit_adds_up_page_by_page(runs, changes):
    before = make_unit(runs)
    unit = as_read(changed(before, changes))
    inserted = sum(frames for kind, _, frames in changes if kind == "insert")
    assert unit.scanned == len(unit.pages) == len(before.pages) + inserted
    assert [page.page for page in unit.pages] == list(range(1, len(unit.pages) + 1))
    lost = [page for page in unit.pages if page.state is PageState.FAILED]
    proof = reconcile(unit, unit.scanned, alto_pages(unit), pdf_pages(unit), recognised(unit))
    codes = {problem.code for problem in proof.problems}
    # a separator that a scan took the place of is in no document until it is read
    assert codes <= ({"page-without-document"} if lost else set())


@given(states(), CHANGES)
def test_documents_keep_their_ids_and_pages_their_document(runs, changes):
    before = make_unit(runs)
    unit = changed(before, changes)
    assert [d.id for d in unit.documents] == [d.id for d in before.documents]
    whose = {(p.source, p.frame): p.document for p in before.pages}
    for page in unit.pages:
        for place in ((page.source, page.frame), *((s.source, s.frame) for s in page.replaced)):
            assert whose.get(place, page.document) == page.document


@given(states(), CHANGES)
def test_nothing_delivered_is_forgotten(runs, changes):
    before = make_unit(runs)
    unit = changed(before, changes)
    told = [(p.source, p.frame) for p in unit.pages]
    told += [(s.source, s.frame) for p in unit.pages for s in p.replaced]
    frames = [(o.name, frame) for o in unit.originals for frame in range(o.frames)]
    assert sorted(told) == sorted(frames)
    assert unit.originals[: len(before.originals)] == before.originals


@given(states(), CHANGES)
def test_the_record_tells_the_order_again(runs, changes):
    unit = changed(make_unit(runs), changes)
    assert order_of(decode_unit(encode(unit))) == order_of(unit)


def test_an_earlier_scan_may_come_back():
    unit = make_unit([[R, R]])
    one, two = original(1), original(2)
    unit = with_replaced(unit, 2, one, "t1")
    unit = with_replaced(unit, 2, two, "t2")
    unit = with_replaced(unit, 2, one, "t3")
    page = unit.pages[1]
    assert (page.source, page.frame) == (one.name, 0)
    assert page.replaced == (Scan("0001.tif", 1, "t1"), Scan(two.name, 0, "t3"))
    assert unit.scanned == 2


@pytest.mark.parametrize(
    ("after", "document", "place"), [(0, 0, 1), (2, 0, 3), (3, 1, 1), (4, 1, 2)]
)
def test_an_inserted_page_joins_the_document_where_it_lies(after, document, place):
    unit = make_unit([[R, B], [R]])
    unit = with_inserted(unit, after, [original(1)])
    page = unit.pages[after]
    assert (page.page, page.document_page) == (after + 1, place)
    assert page.document == unit.documents[document].id


def test_a_unit_that_is_not_read_yet_is_in_the_order_of_delivery():
    unit = replace(make_unit([[R, B]]), pages=(), documents=())
    assert order_of(unit) == delivered_order(unit.originals)
    assert [slot.frame for slot in order_of(unit)] == [0, 1]


def guessed_unit():
    """A unit without sheets: three documents, where nobody said that they begin."""
    unit = make_unit([[R, R], [R], [R, B]])
    kept = [page for page in unit.pages if page.document]
    for number, page in enumerate(kept):
        kept[number] = replace(page, page=number + 1, frame=number)
    originals = (replace(unit.originals[0], frames=len(kept)),)
    documents = with_pages(replace(unit, pages=tuple(kept)), kept).documents
    return replace(unit, pages=tuple(kept), documents=documents, originals=originals)


def joined(unit, number, before):
    """The document of page `number` in the one of page `before`."""
    own, other = unit.pages[number - 1].document, unit.pages[before - 1].document
    pages = (replace(p, document=other if p.document == own else p.document) for p in unit.pages)
    return with_pages(unit, tuple(pages))


def test_a_guess_that_stands_stays_a_guess():
    unit = with_inserted(guessed_unit(), 1, [original(1)])
    assert [page.begins for page in unit.pages] == [None] * 6
    assert [d.first_page for d in unit.documents] == [1, 4, 5]


def test_a_guess_that_a_person_takes_back_leaves_a_mark():
    unit = guessed_unit()
    once = joined(unit, 3, 2)
    assert [page.begins for page in once.pages] == [None, None, False, None, None]
    assert [d.first_page for d in once.documents] == [1, 4]
    again = with_inserted(once, 0, [original(1)])
    assert [page.begins for page in again.pages] == [None, None, None, False, None, None]
    split = with_pages(
        once, tuple(replace(p, document=unit.pages[p.page - 1].document) for p in once.pages)
    )
    assert split.pages == unit.pages


def test_where_a_person_begins_a_document_there_is_a_mark():
    unit = guessed_unit()
    pages = (*unit.pages[:1], replace(unit.pages[1], document="nou00001"), *unit.pages[2:])
    assert [page.begins for page in with_pages(unit, pages).pages] == [None, True, None, None, None]

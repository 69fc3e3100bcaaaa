"""Wherever pages go, each is in one unit, each unit adds up, and going back makes it as it was."""

from collections import Counter
from dataclasses import replace
from itertools import count

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.boundaries.segmentation import split_documents
from pipeline.reconcile import accounted, reconcile
from pipeline.transfer import (
    Move,
    astray,
    away,
    moves_to,
    transfer,
    whereabouts,
    with_documents,
)
from scanners.names import safe_name
from schemas.records import Cut, Elsewhere, Half, PageState, Scan, decode_unit, encode
from tests.pipeline.unit_samples import alto_pages, make_unit, pdf_pages, recognised, states

R, B = PageState.RECOGNISED, PageState.BLANK
NAMES = ("ua-aaaaaaaaaa", "ua-bbbbbbbbbb", "ua-cccccccccc")
MOVES = st.lists(
    st.tuples(
        st.integers(0, 2),
        st.integers(1, 2),
        st.sets(st.integers(0, 40), min_size=1, max_size=8),
        st.integers(0, 40),
    ),
    max_size=5,
)


def sample(runs, ident):
    """A unit whose original has bytes of its own and, for all, the same name."""
    unit = make_unit(runs, ident)
    originals = tuple(replace(o, sha256=f"sha of {ident}") for o in unit.originals)
    return replace(unit, originals=originals)


def new_ids():
    numbers = count()
    return lambda: f"nou{next(numbers):05d}"


def as_separated(unit):
    """Documents as the unit's states and marks give them."""
    pages = [(page.state, page.begins) for page in unit.pages]
    return split_documents([state for state, _ in pages], [begins for _, begins in pages])


def assert_sound(unit):
    assert accounted(unit)
    proof = reconcile(unit, unit.scanned, alto_pages(unit), pdf_pages(unit), recognised(unit))
    assert proof.ok, proof.problems
    assert as_separated(unit) == tuple((d.first_page, d.last_page) for d in unit.documents)
    assert decode_unit(encode(unit)) == unit


def scans(unit):
    hashes = {original.name: original.sha256 for original in unit.originals}
    return [(hashes[page.source], page.frame, page.half) for page in unit.pages]


def files(unit):
    """A copy that is no longer needed and comes again may have another name and place."""
    kept = [original for original in unit.originals if not original.of]
    copies = Counter((o.sha256, o.delivered) for o in unit.originals if o.of)
    return kept, copies


def moved(units, moves):
    """The units after the moves, each move with the units before it."""
    fresh, history = new_ids(), []
    for giver, step, wanted, where in moves:
        a, b = units[giver], units[(giver + step) % 3]
        numbers = sorted({n % len(a.pages) + 1 for n in wanted}) if a.pages else []
        if not numbers:
            continue
        told = moves_to(a, numbers, b, where % (len(b.pages) + 1) + 1, fresh)
        done = transfer(a, b, told, safe_name)
        history.append((a, b, told))
        units = [{a.id: done.giver, b.id: done.receiver}.get(u.id, u) for u in units]
    return units, history


@settings(max_examples=40, deadline=None)
@given(st.tuples(states(), states(), states()), MOVES)
def test_every_page_is_in_one_unit_and_each_unit_adds_up(runs, moves):
    before = [sample(run, ident) for run, ident in zip(runs, NAMES, strict=True)]
    after, _ = moved(before, moves)
    told = Counter(scan for unit in before for scan in scans(unit))
    assert Counter(scan for unit in after for scan in scans(unit)) == told
    for unit, first in zip(after, before, strict=True):
        assert_sound(unit)
        assert unit.originals[:1] == first.originals
        assert not list(astray(unit, whereabouts(after)))
    ids = [document.id for unit in after for document in unit.documents]
    assert len(ids) == len(set(ids))


@settings(max_examples=40, deadline=None)
@given(st.tuples(states(), states(), states()), MOVES)
def test_pages_in_a_unit_that_is_gone_are_missed(runs, moves):
    """As many as it had of the others, which these say are elsewhere; no page of those they show."""
    before = [sample(run, ident) for run, ident in zip(runs, NAMES, strict=True)]
    after, _ = moved(before, moves)
    for gone in after:
        rest = [unit for unit in after if unit is not gone]
        missed = [
            (some.source, n)
            for unit in rest
            if unit.elsewhere
            for some in astray(unit, whereabouts(rest))
            for n in range(some.first, some.last + 1)
        ]
        borrowed = {o.name for o in gone.originals if o.of}
        assert bool(missed) == any(page.source in borrowed for page in gone.pages)


@settings(max_examples=40, deadline=None)
@given(st.tuples(states(), states(), states()), MOVES)
def test_what_goes_back_leaves_both_units_as_they_were(runs, moves):
    units = [sample(run, ident) for run, ident in zip(runs, NAMES, strict=True)]
    after, history = moved(units, moves)
    for giver, receiver, told in reversed(history):
        now = {unit.id: unit for unit in after}
        back = tuple(Move(move.to, move.page, giver.pages[move.page - 1].document) for move in told)
        done = transfer(now[receiver.id], now[giver.id], back, safe_name)
        assert [(p.document, p.begins) for p in done.receiver.pages] == [
            (p.document, p.begins) for p in giver.pages
        ]
        assert scans(done.receiver) == scans(giver)
        assert scans(done.giver) == scans(receiver)
        assert files(done.receiver) == files(giver)
        assert files(done.giver) == files(receiver)
        assert done.receiver.scanned == giver.scanned
        after = [{giver.id: done.receiver, receiver.id: done.giver}.get(u.id, u) for u in after]


def pair():
    return sample([[R, R, R], [R, B]], NAMES[0]), sample([[R, R], [R]], NAMES[1])


def test_a_document_that_moves_whole_keeps_its_id_and_a_part_gets_a_new_one():
    giver, receiver = pair()
    first, second = (document.id for document in giver.documents)
    whole = transfer(giver, receiver, moves_to(giver, [5, 6], receiver, 5, new_ids()), safe_name)
    assert [d.id for d in whole.receiver.documents][-1] == second
    assert [d.id for d in whole.giver.documents] == [first]
    part = transfer(giver, receiver, moves_to(giver, [2, 3], receiver, 5, new_ids()), safe_name)
    assert [d.id for d in part.giver.documents] == [first, second]
    assert [d.id for d in part.receiver.documents][-1] == "nou00000"


def test_pages_in_the_middle_of_a_document_join_it():
    giver, receiver = pair()
    home = receiver.documents[0].id
    done = transfer(giver, receiver, moves_to(giver, [3, 4, 5], receiver, 2, new_ids()), safe_name)
    assert [page.document for page in done.receiver.pages[:5]] == [home, home, None, home, home]
    assert_sound(done.receiver)
    assert_sound(done.giver)


def test_all_scans_of_a_page_go_with_it():
    giver, receiver = pair()
    extra = replace(giver.originals[0], name="nou.jpg", sha256="sha nou", frames=1)
    page = replace(giver.pages[0], source="nou.jpg", replaced=(Scan("0001.tif", 0, "t"),))
    giver = replace(giver, originals=(*giver.originals, extra), pages=(page, *giver.pages[1:]))
    done = transfer(giver, receiver, (Move(1, 1, "doc"),), safe_name)
    arrived = done.receiver.pages[0]
    assert (arrived.source, arrived.replaced[0].source) == ("nou.jpg", "0001-2.tif")
    assert away(done.giver) == {("0001.tif", 0): NAMES[1], ("nou.jpg", 0): NAMES[1]}
    assert dict(done.copied)["nou.jpg"].of == NAMES[0]
    assert_sound(done.giver)
    assert_sound(done.receiver)


def test_halves_of_a_spread_may_part():
    giver, receiver = pair()
    spread = replace(giver.originals[0], frames=5, cuts=(Cut(1, 700),))
    places = dict(enumerate(spread.places))
    pages = tuple(
        replace(page, frame=places[n][0], half=places[n][1]) for n, page in enumerate(giver.pages)
    )
    giver = replace(giver, originals=(spread,), pages=pages)
    assert_sound(giver)
    done = transfer(giver, receiver, (Move(3, 1, "doc"),), safe_name)
    assert done.receiver.pages[0].half is Half.RIGHT
    assert done.giver.elsewhere == (Elsewhere("0001.tif", 2, 2, NAMES[1]),)
    copy = done.receiver.originals[-1].name
    assert [(e.first, e.last) for e in done.receiver.elsewhere if e.source == copy] == [
        (0, 1),
        (3, 5),
    ]
    assert_sound(done.giver)
    assert_sound(done.receiver)


def test_a_unit_without_pages_still_accounts_for_its_files():
    giver, receiver = pair()
    numbers = [page.page for page in giver.pages]
    done = transfer(giver, receiver, moves_to(giver, numbers, receiver, 5, new_ids()), safe_name)
    assert (done.giver.pages, done.giver.documents, done.giver.scanned) == ((), (), 0)
    assert done.giver.originals == giver.originals
    assert_sound(done.giver)


@pytest.mark.parametrize(
    "wrong",
    [
        Elsewhere("0001.tif", 0, 0, NAMES[2]),
        Elsewhere("0001.tif", 6, 6, NAMES[2]),
        Elsewhere("nimic.tif", 0, 0, NAMES[2]),
    ],
)
def test_what_is_said_to_be_elsewhere_and_is_not_is_named(wrong):
    unit = replace(pair()[0], elsewhere=(wrong,))
    proof = reconcile(unit, unit.scanned, alto_pages(unit), pdf_pages(unit), recognised(unit))
    assert "elsewhere-wrong" in {problem.code for problem in proof.problems}
    assert not accounted(unit)


@given(states(), st.integers(1, 40))
def test_documents_split_and_merged_are_as_marked(runs, where):
    unit = sample(runs, NAMES[0])
    page = unit.pages[(where - 1) % len(unit.pages)]
    inside = [p.page for p in unit.pages if page.document and p.document == page.document]
    rest = {n: "nou" for n in inside if n >= page.page}
    divided = with_documents(unit, rest)
    assert_sound(divided)
    assert with_documents(divided, dict.fromkeys(rest, page.document)).pages == unit.pages
    before = [p.document for p in unit.pages[: inside[0] - 1] if p.document] if inside else []
    if before:
        joined = with_documents(unit, dict.fromkeys(inside, before[-1]))
        assert_sound(joined)
        assert len(joined.documents) == len(unit.documents) - 1
        assert with_documents(joined, dict.fromkeys(inside, page.document)).pages == unit.pages

"""What cover sheets among a unit's pages mean, and what an archive looks like beside its lists."""

import pytest

from flows.sheets.covers import completed, cover_findings, find_covers, own_cover, units_behind
from flows.sheets.inventory import (
    InventoryState,
    SeenUnit,
    inventory_lines,
    inventory_payload,
    reconciled,
)
from flows.stages.tasks import PageResult
from schemas.inventory import ListedUnit, UnitName
from schemas.records import Identity, PageState, Unit

LISTED = ListedUnit(UnitName("Primăria", "3", "14/1990", "1990"), 50)


def lookup(reference):
    return LISTED if reference == LISTED.name.reference else None


def cover(cota, **more):
    return {"cota": cota, **more}


def pages_of(*told):
    """Pages from their words: text, blank, a separator ("-") or a cover's keys."""
    states = {"text": PageState.RECOGNISED, "blank": PageState.BLANK}
    return tuple(
        PageResult(
            number,
            states.get(one, PageState.SEPARATOR) if isinstance(one, str) else PageState.SEPARATOR,
            sheet={} if isinstance(one, str) else one,
        )
        for number, one in enumerate(told, 1)
    )


def judged(pages, known=None, **more):
    covers = find_covers(pages, lookup)
    identity = completed(known or Identity(), pages, covers)
    unit = Unit("ua-1", "raft", "S1", "", "", identity, **more)
    findings = cover_findings(unit, pages, covers)
    return identity, units_behind(identity, pages, covers), [(f.code, f.page) for f in findings]


A, B = cover("12/1990", fond="Primăria", file_certificate="7"), cover("13/1990", fond="Primăria")


def test_a_cover_completes_what_is_known():
    known = Identity(fond="Primaria", compartiment="Urbanism")
    identity, behind, findings = judged(pages_of(A, "text"), known)
    assert (identity.cota, identity.fond, identity.file_certificate) == ("12/1990", "Primaria", 7)
    assert identity.compartiment == "Urbanism"
    assert behind == ()
    assert findings == []


def test_what_is_known_stands_and_the_contradiction_is_told():
    identity, _, findings = judged(pages_of(A, "text"), Identity(cota="99", an="1990"))
    assert identity.cota == "99"
    assert findings == [("cover-sheet", 1)]
    assert judged(pages_of(A, "text"), Identity(cota="99"), assigned=True)[2] == []


def test_another_cover_begins_another_unit():
    _, behind, findings = judged(pages_of(A, "text", "-", "text", B, "blank", "text", A, "text"))
    assert [(page, name.cota) for page, name in behind] == [(5, "13/1990"), (8, "12/1990")]
    assert findings == [("cover-other-unit", 5), ("cover-other-unit", 8)]


def test_the_same_cover_again_goes_on():
    assert judged(pages_of(A, "blank", "text", A, "blank", "text"))[1:] == ((), [])


def test_leaves_before_the_first_cover_are_not_its_own():
    identity, behind, _ = judged(pages_of("text", A, "text"))
    assert identity.cota == ""
    assert [page for page, _ in behind] == [2]
    known = Identity(cota="12/1990")
    assert judged(pages_of("text", A, "text"), known)[1] == ()


@pytest.mark.parametrize("tail", [(), ("blank",)])
def test_a_cover_behind_all_leaves_parts_nothing(tail):
    identity, behind, findings = judged(pages_of("text", "text", A, *tail))
    assert (identity.cota, behind) == ("", ())
    assert findings == [("page-order", 3)]


def test_a_reference_is_looked_up():
    identity, _, findings = judged(pages_of({"reference": LISTED.name.reference}, "text"))
    assert (identity.cota, identity.file_certificate) == ("14/1990", 50)
    assert findings == []
    unknown = judged(pages_of({"reference": "000000000000"}, "text"))
    assert unknown[0] == Identity()
    assert unknown[2] == [("cover-unlisted", 1)]


def test_a_damaged_code_is_told_and_begins_nothing():
    identity, behind, findings = judged(pages_of(A, "text", {"damaged": "OPIS1;…"}, "text"))
    assert (identity.cota, behind) == ("12/1990", ())
    assert findings == [("separator-unreadable", 3)]


@pytest.mark.parametrize("leaves", ["", "x", "-1", "²", "9" * 30, "1e3"])
def test_hostile_leaf_counts_are_no_counts(leaves):
    covers = find_covers(pages_of(cover("1", file_certificate=leaves)), lookup)
    assert covers[0].leaves is None
    assert own_cover(pages_of(cover("1")), covers) is covers[0]


def listed(cota, leaves=None, an="1990", fond="Primăria"):
    return ListedUnit(UnitName(fond, "3", cota, an), leaves)


def seen(unit, cota, leaves=10, **more):
    name = UnitName(more.pop("fond", ""), "", cota, more.pop("an", ""))
    return SeenUnit(unit, f"raft {unit}", name, leaves, more.pop("sides", leaves), **more)


def ids(units):
    return [one.unit for one in units]


def test_an_archive_beside_its_list():
    lists = (listed("1", 10), listed("2", 20), listed("3"), listed("4", an="1991"), listed("4"))
    found = (
        seen("a", "1"),
        seen("b", "2", leaves=12),
        seen("c", "2", leaves=7),
        seen("d", "9"),
        seen("e", ""),
        seen("f", "4"),
        seen("g", "4", an="1991"),
        seen("h", "3", duplex=True, odd=True),
        seen("i", "1", fond="Alt fond"),
        seen("j", "10", reversed=True),
    )
    state = reconciled(lists, found)
    assert (state.listed, state.seen) == (5, 4)
    assert [unit.name.an for unit in state.missing] == ["1990"]
    assert ids(state.unexpected) == ["d", "i", "j"]
    assert ids(state.ambiguous) == ["f"]
    assert ids(state.unnamed) == ["e"]
    assert ids(state.odd_pages) == ["h"]
    assert ids(state.page_order) == ["j"]
    (count,) = state.leaf_counts
    assert (count.units, count.certified, count.leaves) == (("b", "c"), 20, 19)


@pytest.mark.parametrize(
    ("leaves", "sides", "duplex", "differs"),
    [
        (10, 10, False, 0),
        (20, 20, False, 0),
        (22, 20, False, 0),
        (19, 19, False, 1),
        (20, 20, True, 1),
    ],
)
def test_both_sides_scanned_without_a_word_are_no_wrong_count(leaves, sides, duplex, differs):
    one = SeenUnit("a", "raft", UnitName(cota="1"), leaves, sides, duplex)
    assert len(reconciled((listed("1", 10),), (one,)).leaf_counts) == differs


def test_without_lists_only_what_units_say_of_themselves_is_told():
    state = reconciled((), (seen("a", "1", certified=11), seen("b", "")))
    assert (state.unexpected, state.unnamed) == ((), ())
    assert [count.certified for count in state.leaf_counts] == [11]
    assert inventory_lines(reconciled((), (seen("a", "1"),)), "ro") == ()


@pytest.mark.parametrize("language", ["ro", "en"])
def test_long_lists_are_counted_and_shortened_for_people_only(language):
    state = reconciled(tuple(listed(str(n)) for n in range(25)), ())
    lines = inventory_lines(state, language)
    assert len(lines) == 13
    assert "15" in lines[-1]
    assert len(inventory_payload(state)["missing"]) == 25


def test_the_payload_names_every_part():
    keys = {field.name for field in InventoryState.__dataclass_fields__.values()}
    assert inventory_payload(reconciled((), ())).keys() == keys

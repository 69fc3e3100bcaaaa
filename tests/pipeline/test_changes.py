"""A change stands when its file has its name; events tell which changes are still undone last first."""

import pytest

from pipeline import units
from pipeline.changes import (
    Change,
    Told,
    begin,
    end,
    new_change_id,
    pending,
    standing,
    tell,
    to_undo,
)
from pipeline.reviewing.review import unit_of
from schemas.errors import InputError
from schemas.layout import ArchiveLayout
from schemas.records import PageState
from tests.pipeline.unit_samples import make_unit

UNIT = "ua-test234567"


def moved(change):
    return {"event": "rearranged", "kind": "move", "change": change}


def taken_back(change, undoes):
    return {"event": "rearranged", "kind": "undo", "change": change, "undoes": undoes}


def test_a_change_is_there_whole_until_it_is_ended(tmp_path):
    layout = ArchiveLayout(tmp_path)
    assert pending(layout) == ()
    record = make_unit([[PageState.RECOGNISED, PageState.BLANK], [PageState.FAILED]])
    told = (Told(UNIT, {"event": "rearranged", "pages": [{"page": 1, "document": None}]}),)
    change = Change(new_change_id(UNIT), "move", "asked", (record,), told, dropped=((UNIT, "a"),))
    assert unit_of(change.id) == UNIT
    begin(change, layout)
    (layout.changes / ".half.part").write_bytes(b"{")
    assert pending(layout) == (change,)
    end(change, layout)
    assert pending(layout) == ()


def test_a_damaged_change_is_named(tmp_path):
    layout = ArchiveLayout(tmp_path)
    layout.changes.mkdir()
    (layout.changes / "ua-x.aaaaaaaa.json").write_bytes(b"{")
    with pytest.raises(InputError) as caught:
        pending(layout)
    assert (caught.value.code, caught.value.file) == ("change-damaged", "ua-x.aaaaaaaa")


def test_an_event_is_told_once(tmp_path):
    layout = ArchiveLayout(tmp_path).unit(UNIT)
    for _ in range(2):
        tell(layout, moved("a"))
    assert [event["change"] for event in units.read_events(layout)] == ["a"]


def test_what_is_undone_does_not_stand():
    events = [moved("a"), {"event": "published"}, moved("b"), taken_back("c", "b"), moved("d")]
    assert [event["change"] for event in standing(events)] == ["a", "d"]


def test_only_the_last_change_can_be_undone():
    events = [moved("a"), moved("b")]
    assert to_undo(events, "b") == moved("b")
    with pytest.raises(InputError) as early:
        to_undo(events, "a")
    assert (early.value.code, early.value.detail["other"]) == ("change-not-last", "b")
    assert to_undo([*events, taken_back("c", "b")], "a") == moved("a")
    for gone in ("b", "c", "nimic"):
        with pytest.raises(InputError) as missing:
            to_undo([*events, taken_back("c", "b")], gone)
        assert missing.value.code == "review-nothing-to-undo"
    with pytest.raises(InputError) as inserted:
        to_undo([*events, {"event": "pages-inserted"}], "b")
    assert inserted.value.code == "change-not-last"

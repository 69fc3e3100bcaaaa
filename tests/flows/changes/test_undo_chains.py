"""Chains of undoing: of an undo itself, after the unit was made again, after the ledger was."""

import io
import json
from contextlib import redirect_stdout

import pytest

import cli
from schemas.errors import OpisError
from schemas.records import decode_unit
from tests.flows.opis_command import Place, copied

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def first(small_binders, tmp_path_factory):
    """An archive of one small binder, to be left as it is."""
    place = Place(tmp_path_factory.mktemp("first"), {"OPIS_WORKERS": "2"})
    (place.root / "small").symlink_to(small_binders)
    assert place.run("scan-batch", "small/tiff.tif", "--json").code == 0
    return place


@pytest.fixture
def place(first, tmp_path):
    (tmp_path / "small").symlink_to((first.root / "small").resolve())
    return copied(first, tmp_path)


def call(place, *words):
    """A command in this process: what it answers; raises its errors."""
    given = [*map(str, words), "--json", "--archive", str(place.archive)]
    with redirect_stdout(io.StringIO()) as out:
        code = cli.app(given, prog_name="opis", standalone_mode=False)
    assert not code, out.getvalue()
    return json.loads(out.getvalue())


def record(place):
    (unit,) = place.units
    return decode_unit((unit / "metadata/record.json").read_bytes())


def assign(place, cota):
    return call(place, "review", "assign", record(place).id, "--cota", cota, "--by", "ana")[
        "change"
    ]


def undo(place, change):
    return call(place, "review", "undo", change, "--by", "ana")["change"]


def refused(place, change):
    with pytest.raises(OpisError) as caught:
        undo(place, change)
    return caught.value.code


def test_an_undo_is_not_undone_but_what_it_took_back_can_be_made_again(place):
    before = record(place).identity.cota
    there = assign(place, "77/2001")
    back = undo(place, there)
    assert record(place).identity.cota == before
    assert refused(place, back) == "review-nothing-to-undo"
    assert refused(place, there) == "review-nothing-to-undo"
    assert record(place).identity.cota == before
    again = assign(place, "77/2001")
    undo(place, again)
    assert record(place).identity.cota == before
    assert call(place, "verify")["failed"] == []


def test_the_earlier_change_is_undone_once_the_later_is(place):
    before = record(place).identity.cota
    one = assign(place, "1/2001")
    two = assign(place, "2/2001")
    assert refused(place, one) == "change-not-last"
    undo(place, two)
    assert record(place).identity.cota == "1/2001"
    undo(place, one)
    assert record(place).identity.cota == before


@pytest.mark.parametrize("meanwhile", ["reindex", "ledger rebuild", "ledger lost", "read again"])
def test_a_change_is_undone_whatever_was_made_again_meanwhile(place, meanwhile):
    before = record(place)
    there = assign(place, "77/2001")
    if meanwhile == "ledger lost":
        for path in place.archive.glob("ledger.db*"):
            path.unlink()
        call(place, "ledger", "rebuild")
    elif meanwhile == "read again":
        for path in place.archive.glob("units/*/*/metadata/manifest-sha256.txt"):
            path.unlink()
        call(place, "ledger", "rebuild")
        call(place, "scan-batch", place.root / "small/tiff.tif")
    else:
        call(place, *meanwhile.split())
    assert record(place).identity.cota == "77/2001"
    undo(place, there)
    after = record(place)
    assert after.identity == before.identity
    assert after.documents == before.documents
    assert refused(place, there) == "review-nothing-to-undo"
    assert call(place, "verify")["failed"] == []

"""Whose turn it is at a unit's pages in the index: who stood still is told, the dead leave a trace."""

from dataclasses import replace
from subprocess import Popen

import pytest

from pipeline.ledger import Turn, keep_in_unit, open_ledger, turns
from pipeline.ledger.snapshot import kept_in_unit
from pipeline.ledger.workers import process_id
from schemas.errors import InputError


@pytest.fixture
def ledger(ledger_settings):
    with open_ledger(ledger_settings) as ledger:
        yield ledger


@pytest.fixture
def unit(ledger):
    return ledger.claim_unit("key", "Dosar", "s1", "1.pdf")[0].id


def dead(unit: str, ledger) -> Turn:
    """A turn of this machine whose process has ended."""
    with Popen(["true"]) as process:
        told = f"{process.pid} 0"
    assert process_id(process.pid) != told
    turn = ledger.begin_turn(unit, "staff")
    with ledger.writing() as connection:
        turns._put(connection, replace(turn, process=told), turn.number)
    return turn


def test_a_turn_that_nobody_came_into_leaves_nothing(ledger, unit):
    with ledger.unit_lock(unit):
        assert ledger.end_turn(ledger.begin_turn(unit, "staff"))
        assert ledger.end_turn(ledger.begin_turn(unit, "public"))
    assert ledger.left_turns() == ()


def test_who_began_last_may_write_until_another_begins(ledger, unit):
    first, other = ledger.begin_turn(unit, "staff"), ledger.begin_turn(unit, "public")
    assert ledger.is_last(first)
    second = ledger.begin_turn(unit, "staff")
    assert [ledger.is_last(turn) for turn in (first, second, other)] == [False, True, True]
    assert ledger.end_turn(second)
    assert not ledger.is_last(first)


def test_of_two_the_first_has_to_have_the_unit_indexed_again(ledger, unit):
    first, other = ledger.begin_turn(unit, "staff"), ledger.begin_turn(unit, "public")
    second = ledger.begin_turn(unit, "staff")
    assert ledger.end_turn(second)
    assert ledger.end_turn(other)
    assert ledger.left_turns() == ()
    assert not ledger.end_turn(first)
    (left,) = ledger.left_turns(unit)
    assert (left.number, left.lost) == (first.number, True)
    ledger.mended((left,))
    assert ledger.left_turns() == ()


def test_what_the_dead_left_is_over_with_the_next_turn(ledger, unit):
    turn = dead(unit, ledger)
    assert [one.number for one in ledger.left_turns()] == [turn.number]
    with ledger.unit_lock(unit):
        assert ledger.end_turn(ledger.begin_turn(unit, "staff"))
    assert ledger.left_turns() == ()


def test_of_another_machine_a_turn_is_left_once_its_lease_is_gone(ledger_settings, ledger, unit):
    with open_ledger(replace(ledger_settings, machine="another")) as other:
        with other.unit_lock(unit):
            turn = other.begin_turn(unit, "staff")
            assert ledger.left_turns() == ()
        (left,) = ledger.left_turns()
        ledger.mended((left,))
        assert ledger.left_turns() == ()
        ledger.begin_turn(unit, "staff")
        assert not other.end_turn(turn)
    assert [one.number for one in ledger.left_turns()] == [turn.number]


def test_a_unit_that_is_no_more_has_no_turns_and_none_keeps_them(ledger_settings, ledger, unit):
    turn = ledger.begin_turn(unit, "staff")
    layout = ledger_settings.layout.unit(unit)
    keep_in_unit(ledger, layout, "published", "")
    assert kept_in_unit(layout).steps == ()
    ledger.forget_unit(unit)
    for act in (lambda: ledger.end_turn(turn), lambda: ledger.begin_turn(unit, "staff")):
        with pytest.raises(InputError) as caught:
            act()
        assert (caught.value.code, caught.value.file) == ("unit-missing", unit)

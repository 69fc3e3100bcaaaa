"""What inventories list is kept by name, replaced by name, and found by reference."""

import pytest

from pipeline.ledger import by_reference, expected_units, open_ledger, rebuild, store_expected
from schemas.inventory import ListedUnit, UnitName

FIRST = ListedUnit(UnitName("Primăria", "3", "12/1990", "1990"), 100, "Ședințe", 2)
SECOND = ListedUnit(UnitName("Primăria", "3", "13/1990", "1990"), None, "", 3)
CORRECTED = ListedUnit(UnitName("PRIMARIA", "3", "12 / 1990", "1990"), 98, "Ședințe", 7)


@pytest.fixture
def ledger(ledger_settings):
    with open_ledger(ledger_settings) as opened:
        yield opened


def test_a_list_comes_back(ledger):
    stored = store_expected(ledger, (FIRST, SECOND), "lista.csv")
    assert (stored.added, stored.replaced, stored.dropped, stored.listed) == (2, 0, 0, 2)
    assert expected_units(ledger) == (FIRST, SECOND)


def test_the_same_name_however_spelled_is_replaced(ledger):
    store_expected(ledger, (FIRST, SECOND), "lista.csv")
    stored = store_expected(ledger, (CORRECTED,), "lista nouă.csv")
    assert (stored.added, stored.replaced, stored.dropped, stored.listed) == (0, 1, 0, 2)
    assert expected_units(ledger) == (SECOND, CORRECTED)


def test_a_whole_list_drops_what_it_does_not_name(ledger):
    store_expected(ledger, (FIRST, SECOND), "lista.csv")
    stored = store_expected(ledger, (FIRST,), "lista.csv", whole=True)
    assert (stored.replaced, stored.dropped, stored.listed) == (1, 1, 1)
    assert store_expected(ledger, (), "goală.csv", whole=True).listed == 1


def test_a_reference_stands_for_its_unit(ledger):
    store_expected(ledger, (FIRST, SECOND), "lista.csv")
    assert by_reference(ledger, SECOND.name.reference) == SECOND
    assert by_reference(ledger, "000000000000") is None


def test_a_rebuild_leaves_it_alone(ledger_settings):
    with open_ledger(ledger_settings) as ledger:
        store_expected(ledger, (FIRST, SECOND), "lista.csv")
    rebuild(ledger_settings)
    with open_ledger(ledger_settings) as ledger:
        assert expected_units(ledger) == (FIRST, SECOND)

"""What the benchmark of records calls right, near, another organ, wrong, unknown, invented."""

import pytest

from benchmarks.fields import interval, verdict
from schemas.records import FieldValue


@pytest.mark.parametrize(
    ("name", "true", "said", "result"),
    [
        ("number", "25", "25", "right"),
        ("number", "25", "26", "wrong"),
        ("number", "", "26", "invented"),
        ("number", "", None, "absent"),
        ("type", "cerere", "necunoscut", "unknown"),
        ("date", "2016-07-29", None, "unknown"),
        ("issuer", "Primăria Comunei Gilău", "PRIMARIA COMUNEI GILAU", "right"),
        ("issuer", "Primăria Comunei Gilău", "Primăria Comunei Giliu", "near"),
        ("issuer", "Primăria Comunei Gilău", "Primarul Comunei Gilău", "organ"),
        ("issuer", "Primăria Comunei Gilău", "Primăria Comunei Florești", "wrong"),
        ("issuer", "Primarul Comunei Gilău", "Ion Pop", "wrong"),
        ("issuer", "Compartimentul Urbanism", "Serviciul Urbanism", "right"),
        ("compartiment", "Urbanism", "Serviciul Urbanism", "right"),
    ],
)
def test_verdicts(name, true, said, result):
    assert verdict(name, true, FieldValue(said) if said is not None else None) == result


def test_an_interval_holds_the_share():
    low, high = interval([True] * 90 + [False] * 10)
    assert low < 90 < high
    assert interval([]) == [0.0, 0.0]

"""What a cover sheet's code says comes back as it was, or not at all."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.inventory import (
    LONGEST_PAYLOAD,
    ListedUnit,
    UnitName,
    full_payload,
    is_cover,
    read_cover,
    short_payload,
    tidy,
)

WORDS = st.text(max_size=40).map(tidy)
NAMES = st.builds(UnitName, WORDS, WORDS, WORDS.filter(bool), WORDS)
UNIT = ListedUnit(UnitName("Primăria; Sect=6%", "Inv. 3", "12/1990", "1990"), 100)


@given(NAMES, st.none() | st.integers(1, 10**9 - 1))
def test_every_name_comes_back(name, leaves):
    payload = full_payload(ListedUnit(name, leaves))
    if len(payload.encode()) <= LONGEST_PAYLOAD:
        cover = read_cover(payload)
        assert (cover.name, cover.leaves, cover.reference) == (name, leaves, "")
    short = read_cover(short_payload(ListedUnit(name)))
    assert (short.name, short.reference) == (UnitName(), name.reference)


@given(st.text(max_size=500))
def test_any_text_is_read_or_refused(text):
    for payload in (text, f"OPIS1;{text}", f"OPIS1;{text};K=AB"):
        read_cover(payload)


@pytest.mark.parametrize("payload", [full_payload(UNIT), short_payload(UNIT)])
def test_one_changed_character_is_noticed(payload):
    for at in range(6, len(payload)):
        for other in "0A9":
            if payload[at] != other:
                assert read_cover(payload[:at] + other + payload[at + 1 :]) is None


def test_the_payload_is_as_documented():
    assert full_payload(UNIT).startswith("OPIS1;F=Primăria%3B Sect%3D6%25;I=Inv. 3;C=12/1990;")
    assert full_payload(UNIT).split(";")[-2] == "L=100"
    assert is_cover("OPIS2;C=1;K=AB")
    assert read_cover("OPIS2;C=1;K=AB") is None
    assert not is_cover("OPIS:cota=1")


def test_spellings_of_one_name_are_one_name():
    plain = UnitName("Primaria  Sectorului 6", "3 / 1998", "12/1990", "1990")
    cedilla = UnitName("primăria sectorului 6", "3/1998", "12 /1990", "1990")
    assert plain.key == cedilla.key
    assert plain.reference == cedilla.reference
    assert UnitName("", "", "Şedinţe", "").key == UnitName("", "", "ȘEDINȚE", "").key
    assert plain.key != UnitName("Primaria Sectorului 6", "3/1998", "12/1991", "1990").key


def test_parts_that_nobody_told_contradict_nothing():
    whole = UnitName("Primăria", "3", "12/1990", "1990")
    assert whole.agrees(UnitName("", "", "12/1990", ""))
    assert not whole.agrees(UnitName("", "", "12/1991", ""))
    assert not whole.agrees(UnitName("", "4", "12/1990", ""))
    assert not whole.agrees(UnitName("Primăria", "3", "", "1990"))

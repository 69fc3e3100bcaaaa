import os
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanners.names import is_unsafe, natural_key, safe_name, same_name_key, shown

NAMES = st.text(
    alphabet=st.characters(exclude_characters="/\0", codec=None), min_size=1, max_size=120
)


def test_numbers_sort_by_value():
    names = ["p10.tif", "p2.tif", "P1.tif", "p02a.tif", "p002.tif"]
    assert sorted(names, key=natural_key) == [
        "P1.tif",
        "p002.tif",
        "p2.tif",
        "p02a.tif",
        "p10.tif",
    ]


@given(st.lists(NAMES, max_size=12, unique=True), st.integers())
def test_the_order_is_total_whatever_the_names(names, seed):
    shuffled = names.copy()
    random.Random(seed).shuffle(shuffled)
    assert sorted(shuffled, key=natural_key) == sorted(names, key=natural_key)


@given(st.lists(st.integers(0, 10**30), min_size=1, max_size=10, unique=True))
def test_page_numbers_of_any_length_keep_their_order(numbers):
    names = [f"pagina {n}.jpg" for n in numbers]
    assert sorted(names, key=natural_key) == [f"pagina {n}.jpg" for n in sorted(numbers)]


@given(NAMES, st.lists(NAMES, max_size=8))
def test_safe_names_are_safe_and_new(name, others):
    taken = [safe_name(other, ()) for other in others]
    safe = safe_name(name, taken)
    assert 1 <= len(safe) <= 100
    assert safe.isascii()
    assert all(c.isalnum() or c in "._-" for c in safe)
    assert not safe.startswith((".", "-"))
    assert safe.casefold() not in {t.casefold() for t in taken}


@given(st.lists(NAMES, max_size=20))
def test_names_given_one_after_another_never_meet(names):
    taken = []
    for name in names:
        taken.append(safe_name(name, taken))
    assert len({t.casefold() for t in taken}) == len(names)


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("scan_0001.TIF", "scan_0001.TIF"),
        ("Hotărâre nr. 25 - ședință.pdf", "Hotarare-nr.-25-sedinta.pdf"),
        ("con.pdf", "_con.pdf"),
        ("../../etc/passwd", "etc-passwd"),
        ("\x1b[31m.jpg", "31m.jpg"),
        ("日本.tif", "file.tif"),
    ],
)
def test_what_a_name_becomes(name, safe):
    assert safe_name(name, ()) == safe


def test_a_taken_name_gets_a_number_before_its_suffix():
    assert safe_name("P1.TIF", ["p1.tif", "p1-2.tif"]) == "P1-3.TIF"


@given(st.binary(min_size=1, max_size=60))
def test_any_bytes_of_a_name_can_be_shown(data):
    text = shown(os.fsdecode(data))
    assert text.encode("utf-8")
    assert text.isprintable()


def test_hidden_characters_are_spelled_out():
    assert shown("a\x1b[2Jb\u202ec" + os.fsdecode(b"\xff")) == "a\\x1b[2Jb\\u202ec\\xff"


@pytest.mark.parametrize(
    ("name", "unsafe"),
    [
        ("dosar 12 ș.pdf", False),
        ("a\nb.pdf", True),
        ("a\x7f", True),
        (os.fsdecode(b"\xe9.tif"), True),
        ("ș" * 120, False),
        ("ș" * 121, True),
    ],
)
def test_unsafe_names(name, unsafe):
    assert is_unsafe(name) is unsafe


def test_names_that_a_case_blind_disk_takes_for_one():
    assert same_name_key("SCAN É.tif") == same_name_key("scan e\u0301.TIF")
    assert same_name_key("scan1.tif") != same_name_key("scan2.tif")

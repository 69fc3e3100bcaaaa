"""Rounds, ratios and sums."""

from pathlib import Path

import pytest

from benchmarks.reading.pages import SetPage
from benchmarks.reading.processes import Usage
from benchmarks.reading.report import ratio, report, spread
from benchmarks.reading.rounds import in_turn
from benchmarks.reading.table import tables
from benchmarks.reading.variants import Outcome
from schemas.sources import FileKind


def _page(key, group, truth):
    return SetPage(key, Path(key), FileKind.PNG, 0, group, truth)


PAGES = (
    _page("a.png", "clean", "abcdefghij"),
    _page("b.png", "table", "0123456789"),
    _page("c.png", "clean", None),
)
RIGHT = {"a.png": "abcdefghij", "b.png": "0123456789", "c.png": "x"}


def _outcome(cpu, wall, texts, size=None, peak=10.0):
    return Outcome(Usage(cpu, wall, peak), texts, size)


def _rounds():
    wrong = {"a.png": "abcdefghiX", "c.png": ""}
    return (
        {
            "opis": _outcome(1.0, 2.0, {**RIGHT, "b.png": "012345678X"}, 300),
            "ocrmypdf": _outcome(4.0, 4.0, wrong, 3000),
        },
        {
            "opis": _outcome(3.0, 2.0, RIGHT, 300, peak=20.0),
            "ocrmypdf": _outcome(4.0, 8.0, wrong, 3000),
        },
    )


def test_costs_are_medians_of_rounds_for_a_page_and_memory_the_highest():
    own = report(PAGES, _rounds())["variants"]["opis"]
    assert own["cpu_s_page"] == pytest.approx(2 / 3, abs=1e-4)
    assert own["wall_s_page"] == pytest.approx(2 / 3, abs=1e-4)
    assert own["bytes_page"] == 100
    assert own["peak_mb"] == 20


def test_errors_stand_by_class_and_page_and_a_page_left_out_has_one():
    told = report(PAGES, _rounds())["variants"]
    assert told["opis"]["cer"] == {"clean": 0, "table": 0.05, "all": 0.025}
    assert told["ocrmypdf"]["cer"] == {"clean": 0.1, "table": 1, "all": 0.55}
    assert told["ocrmypdf"]["cer_pages"] == {"a.png": 0.1, "b.png": 1}
    assert told["ocrmypdf"]["failed"] == ["b.png"]
    assert told["ocrmypdf"]["wer"]["clean"] == 1


def test_ratios_are_those_of_each_round():
    told = report(PAGES, _rounds())["ratios"]
    assert list(told) == ["ocrmypdf"]
    assert told["ocrmypdf"]["cpu"] == {"min": 0.25, "median": 0.5, "max": 0.75}
    assert told["ocrmypdf"]["wall"] == {"min": 0.25, "median": 0.375, "max": 0.5}
    assert told["ocrmypdf"]["bytes"]["median"] == 0.1
    assert told["ocrmypdf"]["cer"]["table"] == 0.05


def test_a_ratio_to_nothing_is_not_known():
    assert ratio(2.0, 4.0) == 0.5
    assert ratio(0.0, 0.0) == 1
    assert ratio(0.1, 0.0) is None
    assert ratio(None, 3.0) is None
    assert spread([0.5, None]) is None
    assert spread([]) is None


def _recognised(own, peer):
    def row(cpu, text):
        return {"cpu": cpu, "wall": cpu, "text": text, "tried": ""}

    return {
        page.key: {"opis": row(own, page.truth), "tesserocr": row(peer, "abcdefghij")}
        for page in PAGES
    }


def test_recognition_is_compared_by_class():
    rounds = [
        {
            "opis": _outcome(1.0, 1.0, RIGHT),
            "tesserocr": Outcome(Usage(1.0), RIGHT, rows=_recognised(own, 0.5)),
        }
        for own in (0.1, 0.2)
    ]
    told = report(PAGES, rounds)["recognition"]["classes"]
    assert {name: own["pages"] for name, own in told.items()} == {"clean": 2, "table": 1, "all": 3}
    assert told["table"]["ratio"] == {"min": 0.2, "median": 0.3, "max": 0.4}
    assert told["table"]["cer"] == {"opis": 0, "tesserocr": 1}
    assert told["clean"]["cpu_s_page"] == {"opis": 0.15, "tesserocr": 0.5}


def test_the_first_page_tells_what_starting_costs():
    first = _outcome(1.0, 1.0, {})
    own = report(PAGES, _rounds(), first)["variants"]["opis"]
    assert own["cpu_s_page_marginal"] == pytest.approx(0.5)
    assert own["cpu_s_first_page"] == 1


def test_another_variant_begins_in_each_round():
    names = ("a", "b", "c")
    firsts = [in_turn(names, number)[0] for number in range(4)]
    assert firsts == ["a", "b", "c", "a"]
    assert all(sorted(in_turn(names, number)) == ["a", "b", "c"] for number in range(4))


def test_tables_show_every_variant_and_class():
    text = tables(report(PAGES, _rounds()))
    assert "0.500 (0.250–0.750)" in text
    assert "55.00%" in text
    assert {"opis", "ocrmypdf", "clean", "table", "all"} <= set(text.split())

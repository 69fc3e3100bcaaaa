"""The entity benchmark counts exact spans in the named view, by hand-made cases."""

import json
import random
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.entities import measure
from pipeline.training.entities_data import Sentence, named, parted, read_sentences
from pipeline.training.entities_scores import counts, interval, micro_f1, rates, report
from pipeline.training.entities_wear import Wear, altered, misread, moved, without_diacritics

ROOT = Path(__file__).parents[3]


@pytest.mark.parametrize(
    ("text", "span", "label", "expected"),
    [
        ("la Cluj", (3, 7), "GPE", [("Cluj", "PLACE")]),
        ("pe Dunăre", (3, 9), "LOC", [("Dunăre", "PLACE")]),
        ("Gara de Nord", (0, 12), "FACILITY", [("Gara de Nord", "PLACE")]),
        ("joi, 3 mai", (0, 10), "DATETIME", [("joi, 3 mai", "DATE")]),
        ("1989-1995", (0, 9), "PERIOD", [("1989-1995", "DATE")]),
        ("al doilea", (0, 9), "ORDINAL", [("al doilea", "NUM")]),
        ("530 mp", (0, 6), "QUANTITY", [("530 mp", "NUM")]),
        ("50 lei", (0, 6), "MONEY", [("50 lei", "MONEY")]),
        ("regelui Mihai I", (0, 15), "PERSON", [("Mihai I", "PERSON")]),
        ("Mihai Pop, primarul", (0, 19), "PERSON", [("Mihai Pop", "PERSON")]),
        ("Ana-Maria de la Cruz", (0, 20), "PERSON", [("Ana-Maria de la Cruz", "PERSON")]),
        ("doi elevi", (4, 9), "PERSON", []),
        ("români", (0, 6), "NAT_REL_POL", []),
        ("Paștele", (0, 7), "EVENT", []),
        ("CNP", (0, 3), "CNP", []),
    ],
)
def test_named_view(text, span, label, expected):
    kept = named(text, [(*span, label)])
    assert [(text[start:end], name) for start, end, name in kept] == expected


def test_only_exact_spans_with_their_label_are_right():
    gold = [(0, 4, "PERSON"), (6, 9, "ORG"), (10, 12, "DATE")]
    found = [(0, 4, "PERSON"), (0, 4, "PERSON"), (6, 9, "PLACE"), (10, 13, "DATE")]
    told = report([counts(gold, found)])
    assert told["micro_f1"] == pytest.approx(33.33)
    assert told["labels"]["PERSON"] == {"p": 100.0, "r": 100.0, "f1": 100.0}
    assert told["labels"]["ORG"] == {"p": 0.0, "r": 0.0, "f1": 0.0}
    assert told["labels"]["PLACE"]["f1"] == 0.0


def test_rates_by_hand():
    assert rates(3, 4, 6) == {"p": 75.0, "r": 50.0, "f1": 60.0}
    assert rates(0, 0, 0) == {"p": 0.0, "r": 0.0, "f1": 0.0}


def test_the_interval_holds_the_score_and_is_a_point_where_all_is_alike():
    right, wrong = counts([(0, 1, "NUM")], [(0, 1, "NUM")]), counts([(0, 1, "NUM")], [])
    low, high = interval([right, wrong] * 30)
    assert low < micro_f1([right, wrong] * 30) < high
    assert interval([right] * 30) == (100.0, 100.0)


def test_a_perfect_and_an_empty_answer():
    text = "Ion Popescu a plecat."
    every = measure([Sentence(text, ((0, 11, "PERSON"),))], Wear())
    assert every["labels"]["PERSON"]["f1"] == 100.0
    assert measure([Sentence(text, ())], Wear())["micro_f1"] == 0.0


def test_perturbing_keeps_the_entities_on_their_words():
    sentence = Sentence("Domnul Țepeș locuiește la Iași.", ((0, 12, "PERSON"), (26, 30, "GPE")))
    plain = altered(sentence, Wear(plain=True), random.Random(1))
    assert plain.text == "Domnul Tepes locuieste la Iasi."
    capitals = altered(sentence, Wear(capitals=True), random.Random(1))
    assert [capitals.text[s:e] for s, e, _ in capitals.entities] == ["DOMNUL ȚEPEȘ", "IAȘI"]


@given(st.text(max_size=120), st.floats(0, 1), st.integers(0, 9))
def test_misreading_moves_every_place_forwards_and_spares_blanks(text, rate, seed):
    worse, places = misread(text, rate, random.Random(seed))
    assert len(places) == len(text) + 1
    assert places == sorted(places)
    assert places[-1] == len(worse)
    if rate == 0:
        assert worse == text


@given(st.text(max_size=60))
def test_entities_stay_where_nothing_is_misread(text):
    spans = [(0, len(text), "ORG")] if text else []
    _, places = misread(text, 0.0, random.Random(0))
    assert list(moved(spans, places)) == spans
    assert len(without_diacritics(text)) == len(text)


def test_about_the_wanted_share_of_letters_is_misread():
    text = "consiliul local al municipiului " * 200
    worse, _ = misread(text, 0.03, random.Random(3))
    slips = len(text.split()) - sum(
        a == b for a, b in zip(worse.split(), text.split(), strict=False)
    )
    assert 60 < slips < 240


def test_sentences_that_share_six_words_are_never_parted():
    rows = [
        Sentence(f"{n} {word} ședința ordinară a consiliului local din luna mai {n}", ())
        for n in range(12)
        for word in ("la", "în")
    ]
    strangers = [
        Sentence(f"Propoziția a{n}b c{n}d e{n}f g{n}h i{n}j k{n}l.", ()) for n in range(300)
    ]
    parts = parted([*rows, *strangers])
    assert sum(map(len, parts.values())) == 324
    assert sum(any(s in part for s in rows) for part in map(set, parts.values())) == 1
    assert 200 < len([s for s in parts["train"] if s in set(strangers)]) < 280


@pytest.mark.slow
def test_the_program_prints_one_object(tmp_path):
    file = tmp_path / "one.jsonl"
    row = {
        "text": "Ion Popescu locuiește la Iași.",
        "entities": [[0, 11, "PERSON"], [25, 29, "GPE"]],
    }
    file.write_text(json.dumps(row) + "\n", encoding="utf-8")
    assert read_sentences([file])[0].entities == ((0, 11, "PERSON"), (25, 29, "GPE"))
    ran = subprocess.run(
        [sys.executable, "-m", "benchmarks.entities", str(file), "--caps"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    told = json.loads(ran.stdout)
    assert {"micro_f1", "labels", "words_s"} <= set(told)
    assert set(told["labels"]) == {"PERSON", "ORG", "PLACE", "DATE", "NUM", "MONEY"}

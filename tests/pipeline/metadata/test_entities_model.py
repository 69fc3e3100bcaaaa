"""The committed entity model: its card, its arithmetic, and what it does with any text."""

import hashlib
import json
import re
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.metadata.entities.entity_model import WEIGHTS, entity_model, follows, tag_names
from pipeline.metadata.entities.entity_words import shape_of, word_numbers, word_places
from pipeline.metadata.text.view import fold

LIMIT = 10 * 1024 * 1024
CARD = WEIGHTS.parent / "README.md"
pieces = st.sampled_from(
    ("Ion Popescu ", "CLUJ ", "12.03.2016 ", "S.C. X S.R.L. ", "\n", "a", "İ", "\ud800", "\0", "—")
)
texts = st.one_of(st.text(max_size=150), st.lists(pieces, max_size=20).map("".join))


def test_the_card_tells_the_file_that_is_there():
    data = WEIGHTS.read_bytes()
    card = CARD.read_text(encoding="utf-8")
    digest = hashlib.sha256(data).hexdigest()
    assert len(data) <= LIMIT
    assert digest in card
    assert f"{len(data):,}" in card
    figures = json.loads((WEIGHTS.parent / "figures.json").read_text(encoding="utf-8"))
    assert figures["file"] == {"bytes": len(data), "sha256": digest}


def test_the_card_gives_the_scores_that_were_measured():
    figures = json.loads((WEIGHTS.parent / "figures.json").read_text(encoding="utf-8"))
    card = CARD.read_text(encoding="utf-8")
    for part in ("dev", "test"):
        for view in ("clean", "noise_3", "capitals"):
            assert f"{figures[part][view]['micro_f1']:.1f}" in card


def test_no_annotated_sentence_travels_with_the_model():
    assert {file.name for file in WEIGHTS.parent.iterdir()} == {
        "README.md", "LICENSE", "entities.npz", "figures.json",
        "RECORDS.md", "records.npz", "places.npz",
    }  # fmt: skip
    with np.load(WEIGHTS) as file:
        assert {file[name].dtype.kind for name in file.files if name != "tags"} <= {"f", "u"}


@settings(max_examples=150, deadline=None)
@given(st.lists(texts, max_size=4))
def test_spans_of_any_text(given_texts):
    folded = [fold(text) for text in given_texts]
    found = entity_model().spans(folded)
    assert len(found) == len(folded)
    for text, spans in zip(folded, found, strict=True):
        assert all(0 <= s < e <= len(text) and 0 <= sure <= 1 for s, e, _, sure in spans)
        assert all(a[1] <= b[0] for a, b in pairwise(spans))
        places = word_places(text)
        assert {s for s, *_ in spans} <= {s for s, _ in places}
        assert {e for _, e, *_ in spans} <= {e for _, e in places}


@pytest.mark.parametrize("count", [1, 3, 40])
def test_a_text_s_spans_do_not_depend_on_the_texts_beside_it(count):
    text = "Primarul Ion Popescu a plecat la Iasi pe 3 mai 2016."
    others = [f"{'Consiliul Local Turda ' * (n % 7)}{n}." for n in range(count)]
    alone = entity_model().spans([text])[0]
    among = entity_model().spans([*others, text, *others])[count]
    assert [span[:3] for span in alone] == [span[:3] for span in among]


def test_plain_names_are_found():
    text = "Domnul Ion Popescu din Timisoara a primit 500 de lei la 12 martie 2004."
    found = {(text[s:e], label) for s, e, label, _ in entity_model().spans([text])[0]}
    assert {("Ion Popescu", "PERSON"), ("Timisoara", "PLACE"), ("500 de lei", "MONEY")} <= found


def test_chains_of_tags():
    tags = tag_names(("A", "B"))
    may = follows(tags)
    at = {tag: place for place, tag in enumerate(tags)}
    for one, other in (("B-A", "E-A"), ("B-A", "I-A"), ("E-A", "S-B"), ("O", "B-A")):
        assert may[at[one], at[other]]
    for one, other in (("B-A", "E-B"), ("O", "I-A"), ("B-A", "O"), ("S-A", "E-A")):
        assert not may[at[one], at[other]]


@given(st.text(max_size=80))
def test_words_cover_all_that_is_no_blank(text):
    places = word_places(text)
    covered = {at for start, end in places for at in range(start, end)}
    assert all(text[at].isspace() for at in range(len(text)) if at not in covered)
    assert all(a[1] <= b[0] for a, b in pairwise(places))


@given(st.text(min_size=1, max_size=40))
def test_capitals_change_a_word_s_shape_only(word):
    small, large = word_numbers(word.lower()), word_numbers(word.lower().upper())
    if word.lower().upper().lower() == word.lower():
        assert (small.word, small.grams, small.whole) == (large.word, large.grams, large.whole)


def test_shapes():
    assert shape_of("Popescu") == "Xxxxx"
    assert shape_of("DN6") == "XXd"
    assert shape_of("1.234.567") == "d.ddd.ddd"
    assert re.fullmatch("X{4}", shape_of("CONSILIUL"))


def test_weights_lie_beside_the_code():
    assert Path("pipeline/metadata/model/entities.npz").parts == WEIGHTS.parts[-4:]

"""What the entity model learns on: made sentences, worn sentences, what is known of words."""

import json
import random
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.metadata.entities.entity_words import word_numbers, word_places
from pipeline.training.entities_data import LABELS, Sentence, named
from pipeline.training.entities_lexicon import Sources, read_lexicon, towns
from pipeline.training.entities_paper import TEMPLATES, sentences
from pipeline.training.entities_wear import worn

TOWNS = ("Valea Mare", "Gura Humorului")


@pytest.fixture
def sources(tmp_path):
    def file(name, text):
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return path

    zone = {
        "main": {
            "ro": {
                "dates": {
                    "timeZoneNames": {"zone": {"Europe": {"Athens": {"exemplarCity": "Atena"}}}}
                }
            }
        }
    }
    lands = {"main": {"ro": {"localeDisplayNames": {"territories": {"DE": "Germania"}}}}}
    cities = {
        "1": {"name": "Graz", "population": 300_000},
        "2": {"name": "Hof", "population": 50_000},
    }
    return Sources(
        words=file("words", "drum\nMaria\nTurda\nCNP\nDrum\nțară\n"),
        localities=file("siruta.csv", "SIRUTA;DENLOC\n1;MUNICIPIUL TURDA\n2;VALEA LUNGĂ\n"),
        territories=file("lands.json", json.dumps(lands)),
        zones=file("zones.json", json.dumps(zone)),
        cities=file("cities.json", json.dumps(cities)),
    )  # fmt: skip


def class_of(lexicon, word):
    return int(lexicon.classes_of(np.array([word_numbers(word).whole], np.uint32))[0])


def test_classes_of_words(sources):
    lexicon = read_lexicon(sources)
    expected = {
        "drum": 10, "țara": 0, "tara": 5, "Maria": 21, "TURDA": 23, "cnp": 25, "lunga": 3,
        "germaniei": 2, "atena": 2, "graz": 4, "hof": 0, "altceva": 0,
    }  # fmt: skip
    assert {word: class_of(lexicon, word) for word in expected} == expected
    assert list(lexicon.hashes) == sorted(set(lexicon.hashes))


def test_localities_are_named_as_they_are_written(sources):
    assert towns(sources.localities) == ("Turda", "Valea Lungă")


def test_made_sentences_are_marked_on_whole_words():
    made = sentences(400, TOWNS, random.Random(2))
    assert {label for one in made for *_, label in one.entities} == set(LABELS)
    for one in made:
        places = word_places(one.text)
        starts, ends = {start for start, _ in places}, {end for _, end in places}
        assert all(start in starts and end in ends for start, end, _ in one.entities)
        assert all(a[1] <= b[0] for a, b in pairwise(one.entities))
        assert named(one.text, one.entities) == one.entities
        assert "{" not in one.text


def test_made_sentences_are_the_same_from_the_same_seed():
    first, second = (sentences(30, TOWNS, random.Random(4)) for _ in range(2))
    assert first == second
    assert len(TEMPLATES.strip().splitlines()) > 50


@given(st.text(min_size=1, max_size=60), st.integers(0, 20))
def test_worn_sentences_keep_their_entities_in_the_text(text, seed):
    sentence = Sentence(text, ((0, len(text), "ORG"),))
    made = worn(sentence, random.Random(seed), 0.5, 0.5)
    assert all(0 <= start < end <= len(made.text) for start, end, _ in made.entities)

"""Rules and model together: offsets, line ends, capitals, and who has the last word."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.metadata import rules
from pipeline.metadata.entities.entity_words import word_places
from pipeline.metadata.entities.segments import LONGEST, segments
from pipeline.metadata.extraction import extract
from pipeline.metadata.spacy_pipeline import analyse
from pipeline.metadata.text.spans import Found
from pipeline.metadata.understanding import understand, united

PAPER = (
    "Subsemnatul Ion Popescu, domiciliat în comuna Gilău, str. Lalelelor nr. 4,\n"
    "CNP 1800101221144, solicit suma de 250,50 lei la data de 3 mai 2019.\n"
)
SCANNED = (
    "Prin prezenta, domnul Gheorghe Munteanu, domiciliat în municipiul Timi-\n"
    "șoara, solicită eliberarea unui certificat de urbanism pentru imobil."
)
lines = st.lists(st.text("abA .,\n-1:", max_size=60), max_size=20).map("\n".join)


def found(text):
    return {(entity.label, entity.text) for entity in extract(text)[1]}


def test_all_labels_of_a_paper():
    assert found(PAPER) >= {
        ("PERSON", "Ion Popescu"),
        ("PLACE", "Gilău"),
        ("PLACE", "str. Lalelelor nr. 4"),
        ("CNP", "1800101221144"),
        ("MONEY", "250,50 lei"),
    }
    assert any(label == "DATE" and "3 mai 2019" in text for label, text in found(PAPER))


def test_values_are_those_of_the_rules():
    values = {entity.label: entity.value for entity in extract(PAPER)[1]}
    assert values["MONEY"] == "250.50 RON"
    assert values["DATE"] == "2019-05-03"


def test_a_name_over_a_line_end_is_found_with_its_place_in_the_text_as_given():
    assert ("PLACE", "Timi-\nșoara") in found(SCANNED)


@pytest.mark.parametrize(
    "change",
    [
        str,
        str.upper,
        lambda text: text.translate(str.maketrans("șțȘȚ", "şţŞŢ")),
        lambda text: text.translate(str.maketrans("ăâîșț", "aaist")),
    ],
)
def test_capitals_cedilla_and_lost_diacritics(change):
    text = change("Domnul Gheorghe Munteanu locuiește în Timișoara.")
    assert {(label, words.lower()[:4]) for label, words in found(text)} >= {
        ("PERSON", "gheo"),
        ("PLACE", "timi"),
    }


def test_spacy_s_pipeline_and_plain_functions_tell_the_same():
    for text in (PAPER, SCANNED, "", "HOTĂRÂREA nr. 5\nprivind Legea nr. 57/2003"):
        assert understand(text) == analyse(text)


def test_fields_are_what_rules_alone_find():
    assert understand(PAPER).fields == rules.analyse(PAPER).fields


def test_an_identifier_is_never_a_name_or_a_number():
    identifier = Found("PHONE", 4, 14, "0722123456", 0.9)
    number = Found("NUM", 4, 14, "", 0.99)
    assert united("tel 0722123456", [identifier], [number]) == (identifier,)


def test_where_the_model_saw_nothing_a_sure_rule_stands():
    sure, unsure = Found("ORG", 0, 4, "", 0.9), Found("NUM", 5, 6, "", 0.6)
    assert united("Abcd 5", [sure, unsure], []) == (sure,)


def test_the_model_says_where_a_name_ends_and_the_rule_what_a_date_is():
    rule = Found("DATE", 5, 15, "2016-03-12", 0.97)
    model = Found("DATE", 0, 15, "", 0.9)
    (span,) = united("ziua 12.03.2016", [rule], [model])
    assert (span.start, span.end, span.value) == (0, 15, "2016-03-12")
    other = Found("NUM", 5, 15, "", 0.9)
    assert united("ziua 12.03.2016", [rule], [other]) == (rule,)


def test_a_period_has_not_the_value_of_its_last_day():
    text = "1 - 12.03.2016"
    rule, model = Found("DATE", 4, 14, "2016-03-12", 0.97), Found("DATE", 0, 14, "", 0.9)
    (span,) = united(text, [rule], [model])
    assert (span.start, span.value) == (0, "")


spans = st.builds(
    lambda label, start, length, sure: Found(label, start, start + length, "", sure),
    st.sampled_from(("CNP", "DATE", "PERSON", "NUM", "ORG", "PHONE", "PLACE")),
    st.integers(0, 40),
    st.integers(1, 12),
    st.floats(0, 1),
)


@given(st.lists(spans, max_size=12), st.lists(spans, max_size=12))
def test_what_stands_does_not_overlap(by_rule, by_model):
    model = [
        s
        for n, s in enumerate(by_model)
        if not any(s.overlaps(o.start, o.end) for o in by_model[:n])
    ]
    rule = [
        s for n, s in enumerate(by_rule) if not any(s.overlaps(o.start, o.end) for o in by_rule[:n])
    ]
    stand = united("x" * 60, rule, model)
    assert all(a.end <= b.start for a, b in pairwise(stand))
    assert {s for s in rule if s.label in {"CNP", "PHONE"}} <= set(stand)


@given(lines)
def test_segments_are_the_text_with_blanks_for_line_ends(text):
    last = 0
    for start, piece in segments(text):
        assert start >= last
        assert text[start : start + len(piece)].replace("\n", " ") == piece
        assert not text[last:start].strip()
        assert len(word_places(piece)) <= LONGEST
        last = start + len(piece)
    assert not text[last:].strip()


def test_lists_of_names_are_not_run_together():
    pieces = [piece.strip() for _, piece in segments("Ion Popescu\nMaria Ionescu\n")]
    assert pieces == ["Ion Popescu", "Maria Ionescu"]


@settings(max_examples=40, deadline=None)
@given(st.text(max_size=300))
def test_the_same_text_gives_the_same_entities(text):
    assert extract(text) == extract(text)


@pytest.mark.parametrize(
    "piece", ["Ion Pop ", "1 lei ", "12.03.2016\n", "A", "str. A nr. 1,\n", "é\n"]
)
def test_long_hostile_text_is_linear(piece):
    text = piece * (6_000 // len(piece))
    for entity in extract(text)[1]:
        assert entity.text == text[entity.start : entity.end]

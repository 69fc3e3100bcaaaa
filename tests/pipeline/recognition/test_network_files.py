"""What a .traineddata file says, and what one that lies cannot do."""

import struct
from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.recognition.network import charset, container, dictionary, weights
from pipeline.recognition.network.stored import convert
from schemas.errors import InputError
from tests.pipeline.recognition.network_samples import romanian

READERS = {
    "lstm": weights.read_network,
    "lstm-unicharset": charset.read_unicharset,
    "lstm-recoder": charset.read_recoder,
    "lstm-word-dawg": lambda data, name: dictionary.words_of(data, characters(), name),
}


@cache
def parts():
    return container.split(romanian().read_bytes(), "ron")


@cache
def network():
    return weights.read_network(parts()["lstm"], "ron")


@cache
def characters():
    return charset.read_unicharset(parts()["lstm-unicharset"], "ron")


@cache
def words():
    return dictionary.words_of(parts()["lstm-word-dawg"], characters(), "ron")


@cache
def known():
    return dictionary.Dictionary(dictionary.packed(words()))


def edge(letter, after=0, last=True, end=True, bits=7):
    flags = last | (end << 2)
    return struct.pack("<Q", letter | flags << bits | after << (bits + 3))


def graph(*edges):
    return struct.pack("<hii", 42, 111, len(edges)) + b"".join(edges)


def test_parts_of_the_installed_model():
    assert set(parts()) >= {"lstm", "lstm-unicharset", "lstm-recoder", "lstm-word-dawg", "version"}
    assert container.components(romanian()) == parts()


def test_the_network_has_the_layers_that_its_specification_tells():
    assert network().specification.startswith("[1,36,0,1")
    assert network().root.outputs == 110
    last = network().root.layers[-1]
    assert last.kind == "Softmax"
    assert last.weights[0].shape == (110, last.inputs + 1)
    assert 0.5 < np.abs(last.weights[0]).max() < 100


def test_classes_join_cedilla_and_comma():
    codes = charset.read_recoder(parts()["lstm-recoder"], "ron")
    classes = charset.classes_of(characters(), codes, network().null, 110, "ron")
    pairs = {(classes.texts[a], classes.texts[b]) for a, b in classes.merged}
    assert pairs == {("ş", "ș"), ("ţ", "ț"), ("Ş", "Ș"), ("Ţ", "Ț")}
    assert classes.texts[classes.space] == " "
    assert classes.texts[classes.null] == ""
    assert {"ă", "â", "î", "„", "”", "9"} <= set(classes.texts)


def test_characters_of_several_codes_are_left_to_tesseract():
    with pytest.raises(InputError) as raised:
        charset.classes_of((" ", "a", "b"), ((0,), (1,), (1, 2)), 3, 4, "jpn")
    assert (raised.value.code, raised.value.file) == ("model-unsupported", "jpn")


def test_words_of_a_small_graph():
    characters = (" ", "a", "ş", "t")
    data = graph(edge(1, after=1, last=True), edge(2, last=False, end=True), edge(3, end=True))
    assert dictionary.words_of(data, characters, "x") == {"a", "aș", "at"}


@pytest.mark.parametrize(
    "data",
    [
        graph(edge(1, after=0), edge(1, after=1)),
        graph(edge(1, after=1), edge(1, after=1, last=False), edge(2, after=1)),
        graph(edge(100)),
        graph(edge(1, after=9)),
        b"\x2a\x00",
        struct.pack("<hii", 42, 111, 1 << 30),
        struct.pack("<hii", 42, -5, 0),
        struct.pack("<hii", 41, 111, 0),
    ],
)
def test_graphs_with_cycles_and_lies_are_refused_or_have_few_words(data):
    try:
        assert len(dictionary.words_of(data, (" ", "a", "b"), "x")) <= 2
    except InputError as error:
        assert error.code == "model-invalid"  # noqa: PT017 either outcome is right


@given(data=st.binary(max_size=400))
def test_any_bytes_are_understood_or_refused(data):
    for read in (container.split, convert, *READERS.values()):
        try:
            read(data, "x")
        except InputError as error:
            assert error.code == "model-invalid"  # noqa: PT017 either outcome is right


@settings(max_examples=60, deadline=None)
@given(
    part=st.sampled_from(sorted(READERS)),
    place=st.floats(0, 1, exclude_max=True),
    put=st.binary(min_size=1, max_size=9),
    near_start=st.booleans(),
)
def test_damaged_parts_are_understood_or_refused(part, place, put, near_start):
    data = bytearray(parts()[part])
    at = int(place * (min(len(data), 200) if near_start else len(data)))
    data[at : at + len(put)] = put
    if part == "lstm-word-dawg":
        data = data[:4000]
    try:
        READERS[part](bytes(data), "ron")
    except InputError as error:
        assert error.code == "model-invalid"  # noqa: PT017 either outcome is right


@pytest.mark.parametrize("size", [0, 3, 40, 200, 10_000, 280_000, -100])
def test_a_cut_off_file_is_refused(size):
    with pytest.raises(InputError) as raised:
        convert(romanian().read_bytes()[:size], "ron")
    assert raised.value.code == "model-invalid"


def test_a_missing_file_is_refused(tmp_path):
    with pytest.raises(InputError) as raised:
        container.components(tmp_path / "ron.traineddata")
    assert raised.value.code == "model-invalid"


def test_every_word_of_the_graph_is_known():
    assert len(words()) > 100_000
    assert len(known()) == len(words())
    assert all(known().knows(word) for word in sorted(words())[::97])


@pytest.mark.parametrize(
    "token",
    [
        "hotărâre",
        "Hotărâre",
        "HOTĂRÂRE",
        "„Consiliul",
        "consiliului,",
        "25/2016",
        "29.07.2016,",
        "1.234,56",
        "într-un",
        "s-a",
        "XIV",
        "deşeurilor",
        "deșeurilor",
        "și/sau",
        "(primar)",
        "12%",
        "-",
    ],
)
def test_tokens_as_people_write_them_are_known(token):
    assert known().knows(token)


@pytest.mark.parametrize("token", ["hotĂrâre", "hotaarârre", "2O16", "xqzt", "|.,_'", "a1b2"])
def test_other_tokens_are_not(token):
    assert not known().knows(token)


@given(st.text(max_size=30))
def test_knowing_is_total(token):
    assert known().knows(token) in (True, False)

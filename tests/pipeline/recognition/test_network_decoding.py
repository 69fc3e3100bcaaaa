"""From probabilities to words: any matrix is read, the dictionary helps, numbers stay."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.recognition.network.beam import frames_of, readings
from pipeline.recognition.network.charset import Classes
from pipeline.recognition.network.choosing import Candidate, choose
from pipeline.recognition.network.decoding import _MOST_FRAMES, decode, decode_lines
from pipeline.recognition.network.dictionary import Dictionary, packed

LETTERS = " abcdeilmnorstuăîșțCIOL0123456789.,„”-ﬁ"
TEXTS = (*LETTERS, "")
NULL = len(LETTERS)
CLASSES = Classes(TEXTS, NULL, 0, ())
WORDS = Dictionary(
    packed(frozenset({"local", "Consiliul", "iulie", "solo", "lei", "oră", "ani", "la", "Ia"}))
)


def rows(*frames):
    """Probabilities: each frame a dict of characters ("" the blank), the rest spread thin."""
    made = np.full((len(frames), len(TEXTS)), 1e-5, np.float32)
    for row, frame in zip(made, frames, strict=True):
        for text, probability in frame.items():
            row[TEXTS.index(text)] = probability
    return made / made.sum(axis=1, keepdims=True)


def sure(text, doubt=None):
    """A frame a character, a blank after each; `doubt`: other classes at a place of the text."""
    frames = []
    for place, character in enumerate(text):
        frames.append((doubt or {}).get(place, {character: 0.99}))
        frames.append({"": 0.99})
    return rows(*frames)


def texts(probabilities):
    return [word.text for word in decode(probabilities, CLASSES, WORDS)]


@st.composite
def matrices(draw):
    """Anything from certainty to noise, with many blanks and spaces."""
    frames = draw(st.integers(0, 60))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    sharp = draw(st.sampled_from((0.05, 0.5, 1.0, 3.0, 12.0, 200.0)))
    scores = rng.normal(size=(frames, len(TEXTS))) * sharp
    scores[:, NULL] += draw(st.sampled_from((0, 1, 4))) * sharp / 2
    scores[:, 0] += draw(st.sampled_from((0, 1, 3))) * sharp / 2
    odds = np.exp(scores - scores.max(axis=1, keepdims=True, initial=-1e9))
    return (odds / odds.sum(axis=1, keepdims=True)).astype(np.float32)


@settings(deadline=None, max_examples=60)
@given(matrices())
def test_words_of_any_probabilities_lie_in_order_and_inside(probabilities):
    before = -1
    for word in decode(probabilities, CLASSES, WORDS):
        assert word.text
        assert " " not in word.text
        assert len(word.frames) == len(word.text)
        assert before < word.first == word.frames[0]
        assert word.last == word.frames[-1] < len(probabilities)
        assert list(word.frames) == sorted(word.frames)
        assert np.isfinite(word.log_probability)
        assert word.log_probability <= 0
        before = word.last


def told(words):
    return [(w.text, w.frames, w.known, pytest.approx(w.log_probability, abs=1e-6)) for w in words]


@pytest.mark.slow
@settings(deadline=None, max_examples=60)
@given(st.lists(matrices(), max_size=6))
def test_lines_read_together_are_read_as_each_alone(lines):
    alone = [told(decode(line, CLASSES, WORDS)) for line in lines]
    assert [told(words) for words in decode_lines(lines, CLASSES, WORDS)] == alone


def test_however_many_lines_there_are():
    line = sure("Consiliul local")
    lines = [line] * (2 * _MOST_FRAMES // len(line))
    read = decode_lines([line[:0], *lines, line[:0]], CLASSES, WORDS)
    assert read[0] == read[-1] == ()
    assert {tuple(word.text for word in words) for words in read[1:-1]} == {("Consiliul", "local")}


@settings(deadline=None, max_examples=50)
@given(matrices())
def test_the_beam_reads_any_probabilities(probabilities):
    found = readings(probabilities, NULL)
    values = [reading.log_probability for reading in found]
    assert found
    assert values == sorted(values, reverse=True)
    for reading in found:
        frames = frames_of(reading.labels, probabilities)
        assert len(frames) == len(reading.labels) <= len(probabilities)
        assert list(frames) == sorted(set(frames))


def test_the_beams_sum_over_paths():
    # by hand: aa, a-, -a give "a": 0.6*0.5 + 0.6*0.5 + 0.4*0.5 = 0.8; -- gives "": 0.2
    made = rows({"a": 0.6, "": 0.4}, {"a": 0.5, "": 0.5})
    told = {r.labels: np.exp(r.log_probability) for r in readings(made, NULL)}
    assert told[(TEXTS.index("a"),)] == pytest.approx(0.8, abs=0.01)
    assert told[()] == pytest.approx(0.2, abs=0.01)


def test_sure_words_are_read_as_they_are():
    (first, second) = decode(sure("Consiliul lacol"), CLASSES, WORDS)
    assert (first.text, first.known, first.first, first.last) == ("Consiliul", True, 0, 16)
    assert first.frames == tuple(range(0, 18, 2))
    assert (second.text, second.known, second.first) == ("lacol", False, 20)
    assert first.log_probability > -0.5


def test_repeated_letters_need_a_blank_between():
    assert texts(rows({"a": 0.99}, {"a": 0.99}, {"": 0.99}, {"a": 0.99})) == ["aa"]


def test_characters_of_more_than_one_letter_have_a_frame_for_each():
    classes = Classes(("fi", " ", ""), 2, 1, ())
    (word,) = decode(np.eye(3, dtype=np.float32)[[0, 2]], classes, WORDS)
    assert (word.text, word.frames) == ("fi", (0, 0))


def test_the_dictionary_decides_between_like_letters():
    assert texts(sure("Consiiiul", {5: {"i": 0.55, "l": 0.44}})) == ["Consiliul"]
    assert texts(sure("locai", {4: {"i": 0.6, "l": 0.39}})) == ["local"]


def test_a_word_is_not_made_out_of_little():
    assert texts(sure("locai", {4: {"i": 0.97, "l": 0.012}})) == ["locai"]
    assert texts(sure("tocai", {0: {"t": 0.9, "l": 0.09}, 4: {"i": 0.9, "l": 0.09}})) == ["tocai"]


def test_case_is_chosen_to_fit_the_word():
    assert texts(sure("cOnsiliul", {0: {"c": 0.5, "C": 0.49}, 1: {"O": 0.5, "o": 0.49}})) == [
        "Consiliul"
    ]


def test_a_short_word_inside_a_sentence_begins_small():
    doubt = {"I": 0.5, "l": 0.48}
    assert texts(sure("solo Ia", {5: doubt})) == ["solo", "la"]
    assert texts(sure("solo. Ia", {6: doubt})) == ["solo.", "Ia"]
    assert texts(sure("Ia solo", {0: doubt})) == ["Ia", "solo"]
    assert texts(sure("solo Ia", {5: {"I": 0.9, "l": 0.09}})) == ["solo", "Ia"]


def test_letters_among_digits_become_digits():
    assert texts(sure("2O16", {1: {"O": 0.6, "0": 0.39}})) == ["2016"]
    assert texts(sure("l990", {0: {"l": 0.6, "1": 0.39}})) == ["1990"]


@pytest.mark.parametrize("number", ["5010", "29.07.2016", "1960229410016", "101", "0,10"])
@pytest.mark.parametrize("place", [0, 2])
def test_numbers_stay_whatever_a_digit_looks_like(number, place):
    like = {"0": "O", "1": "l", "5": "s", "2": "s", "9": "a", "6": "C", ".": ","}
    digit = number[place]
    if digit in like:
        probabilities = sure(number, {place: {digit: 0.55, like[digit]: 0.44}})
    else:
        probabilities = sure(number, {place: {digit: 0.6}})
    assert texts(probabilities) == [number]


@settings(max_examples=60)
@given(
    number=st.from_regex(r"[0-9]{1,4}([.,/-]?[0-9]{1,13}){0,3}", fullmatch=True),
    other=st.sampled_from(("local", "lei", "oră", "solo", "1", "2016", "29.07.2016")),
    nearness=st.floats(-0.5, 0),
)
def test_no_number_becomes_another_or_a_word(number, other, nearness):
    path = Candidate(number, -0.4, ())
    assert choose(path, [Candidate(other, nearness, ())], WORDS).text == number


@settings(max_examples=40)
@given(digits=st.text("0123456789", min_size=1, max_size=6), word=st.sampled_from(("lei", "ani")))
def test_digits_beside_letters_stay_too(digits, word):
    path = Candidate(f"{digits}{word}q", -2.0, ())
    other = f"{word}"
    assert choose(path, [Candidate(other, -0.01, ())], WORDS) is path


def test_a_slip_in_a_word_is_mended():
    made = sure("C0nsiliul", {1: {"0": 0.6, "o": 0.35}})
    assert texts(made) == ["Consiliul"]


def test_quotation_marks_stay_with_their_word():
    assert texts(sure("„Consiliul local”,")) == ["„Consiliul", "local”,"]
    assert all(word.known for word in decode(sure("„Consiliul local”,"), CLASSES, WORDS))


def test_a_missing_space_is_found_where_both_halves_are_words():
    made = sure("lei-ani", {3: {"": 0.6, " ": 0.39}})
    assert texts(made) == ["lei", "ani"]


def test_the_less_sure_a_word_the_lower_its_probability():
    shares = [0.97, 0.9, 0.8, 0.6]
    told = [
        decode(sure("solo", {2: {"l": share, "i": 0.99 - share}}), CLASSES, WORDS)[0]
        for share in shares
    ]
    values = [word.log_probability for word in told]
    assert values == sorted(values, reverse=True)
    assert values[-1] == pytest.approx(np.log(0.6), abs=0.2)


def test_no_frames_no_words():
    assert decode(np.empty((0, len(TEXTS)), np.float32), CLASSES, WORDS) == ()

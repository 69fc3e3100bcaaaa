"""Any text is taken: offsets hold, values are well formed, and cost stays linear."""

from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.metadata.extraction import extract
from pipeline.metadata.rules import analyse
from pipeline.metadata.text.spans import Found, resolve

pytestmark = pytest.mark.slow

PIECES = (
    "HOTĂRÂREA nr. ",
    "Legea privind ",
    "domnul Ion Pop ",
    "12.03.2016 ",
    "CNP 18OO1O1221144 ",
    "RO49 AAAA 1B31 0075 9384 0000 ",
    "ho\u0306ta\u0306-\nra\u0302re ",
    "H O T Ă R Â R E ",
    "0722\n123 456 ",
    "Primăria Comunei Gilău ",
    "\u00ad\u200b",
    "\0",
    "\ud800",
    "İ",
    "ﬁ",
    "1.234,5 lei ",
    "\n",
    "privind ",
    "„",
)
texts = st.one_of(
    st.text(max_size=200),
    st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=4)), max_size=30).map("".join),
)


def check(text: str) -> None:
    fields, entities = extract(text)
    assert set(fields) == {"type", "number", "date", "issuer", "subject"}
    for entity in entities:
        assert 0 <= entity.start < entity.end <= len(text)
        assert entity.text == text[entity.start : entity.end]
        assert 0 <= entity.confidence <= 1
        if entity.label == "DATE" and len(entity.value) == 10:
            date.fromisoformat(entity.value)
    if fields["date"] is not None:
        date.fromisoformat(fields["date"])


@settings(max_examples=300, deadline=None)
@given(texts)
def test_anything(text):
    check(text)


@pytest.mark.parametrize(
    "piece",
    [
        "a", "A ", "Aa-", "1", "1 ", "1.", "1.234 ", "\n", " ", "-\n", "nr. ", "Legea privind ",
        "Legea x ", "Direcția de ", "a.", "a@", "Primăria Comunei ", "Subsemnatul ", "va rog ",
        "a\u0306", "\u200b", "\0", '"', "domnul Ion ", "S.C. ", "Ab. ", "str. A ", "privind ",
        "RO49 ", "primar\n", "12.03.2016 ", "data ", "(", "furnizor ", "HOTĂRÂRE\n", "\U0001f600",
        "'", "../", "înregistrat sub nr ", "\ud800", "0 ", "I ", "l", "B.I. ", "seria AB ",
    ],
)  # fmt: skip
def test_no_pattern_explodes(piece):
    """A quadratic pattern takes minutes on these and fails by the suite's limit a test."""
    analyse(piece * (40_000 // len(piece)))
    check(piece * (2_000 // len(piece)))


def test_long_texts_are_read_to_the_end():
    text = "lorem ipsum " * 4_000 + "CNP 1800101221144 " + "dolor " * 500
    assert [e.value for e in extract(text)[1] if e.label == "CNP"] == ["1800101221144"]


found = st.builds(
    lambda label, start, length, sure: Found(label, start, start + length, "", sure),
    st.sampled_from(("CNP", "IBAN", "DATE", "PERSON", "NUM", "ORG", "PHONE")),
    st.integers(0, 40),
    st.integers(0, 12),
    st.floats(0, 1),
)


@given(st.lists(found, max_size=15))
def test_what_stands_does_not_overlap(spans):
    kept = resolve(spans)
    assert set(kept) <= set(spans)
    assert all(a.end <= b.start for a, b in pairwise(kept))
    for span in spans:
        free = not any(span.overlaps(k.start, k.end) for k in kept)
        assert not free or span.start == span.end

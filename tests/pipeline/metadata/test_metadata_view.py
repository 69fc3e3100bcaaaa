"""The folded view keeps the way back to every character of the text as given."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.metadata.text.view import build_view, mend


@pytest.mark.parametrize(
    ("given_text", "folded"),
    [
        ("Hotărâre şi Țară", "Hotarare si Tara"),
        ("ho\u0306ta\u0306ra\u0302re", "hotarare"),
        ("hotă-\nrâre", "hotarare"),
        ("hotă\u00adrâre", "hotarare"),
        ("Florești-\nStoenești", "Floresti-Stoenesti"),
        ("H O T Ă R Â R E", "HOTARARE"),
        ("A N E X A nr. 2", "ANEXA nr. 2"),
        ("„Zona” – nord", '"Zona" - nord'),
        ("hotărîre", "hotarare"),
        ("priv1nd", "privind"),
        ("CONSILIUI LOCAL", "CONSILIUL LOCAL"),
        ("directiva", "directiva"),
        ("contractele sociale", "contractele sociale"),
    ],
)
def test_view(given_text, folded):
    assert build_view(given_text).text == folded


def test_way_back_covers_the_whole_word():
    text = "din HOTĂ-\nRÂREA H O T Ă R Â R E priv1nd x"
    view = build_view(text)
    for word in ("HOTARARE", "privind"):
        start = view.text.index(word)
        low, high = view.span(start, start + len(word))
        assert text[low:high] in {"H O T Ă R Â R E", "priv1nd"}


def test_way_back_takes_the_combining_marks_along():
    text = "Răs\u0326"
    view = build_view(text)
    assert view.span(0, len(view.text)) == (0, len(text))


def test_quote_is_the_page_s_own_spelling():
    text = "apro-\nbarea  hotărîrii şi a\u0306 „X”"
    view = build_view(text)
    assert view.quote(0, len(view.text)) == "aprobarea hotărîrii și ă „X”"


def test_mending_leaves_real_words_alone():
    for word in ("directiva", "contracte", "sociale", "fiscal", "secolului", "doctorului"):
        assert mend(word) == word


@given(st.text(max_size=300))
def test_view_of_anything(text):
    view = build_view(text)
    assert len(view.text) == len(view.shown) == len(view.lower) == len(view.offsets)
    assert list(view.offsets) == sorted(view.offsets)
    for place in range(len(view.text)):
        low, high = view.span(place, place + 1)
        assert 0 <= low < high <= len(text)

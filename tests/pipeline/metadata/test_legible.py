"""Values of which a word is strange are told from those that were read right."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.metadata.record.legible import is_legible


@pytest.mark.parametrize(
    "value",
    [
        "impozitul pe clădirea nou construită",
        "Asociația de Proprietari Viitorului",
        "Direcția Generală de Asistență Socială și Protecția Copilului Timiș",
        "Consiliul Local al Comunei Răstolița",
        "Serviciul Juridic și Contencios",
        "PUZ zona gării, 12 ha",
    ],
)
def test_words_of_the_language_and_names_are_legible(value):
    assert is_legible(value)


@pytest.mark.parametrize(
    "value",
    [
        "impozitul pe tetenul din intravilan",
        "Asociația de Proarietari Viitorului",
        "Direcția Generală de Asistență Socială și Frotecția Copilului",
        "Serviciul Juridjc și Contencios",
        "Geodata PRbOIECT S.R.L.",
        "c0nstruirea unei pensiuni",
    ],
)
def test_a_misread_word_is_not(value):
    assert not is_legible(value)


@given(st.text(max_size=60))
def test_any_text_has_an_answer(value):
    assert is_legible(value) in {True, False}

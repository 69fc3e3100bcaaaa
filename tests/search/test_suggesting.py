"""What to type next and what was meant: of words that the caller may read, and of no others."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.access import PUBLIC_SCOPE, WHOLE_ARCHIVE, Grant, Scope
from search.asking.suggesting import did_you_mean, suggestions
from search.query import parse
from tests.search.index_samples import A, B, C, page, words_of

TEXTS = (
    "Hotărârea privind iluminatul public",
    "iluminatul stradal și iluminare",
    "iluminatul iluminatnl ilumlnare",
)


@pytest.fixture
def archive_of_words(archive):
    backend = archive.fill([page(A, n, text) for n, text in enumerate(TEXTS, 1)])
    backend.replace_unit(B, [page(B, 1, "Iluminarea publică", regime="public")], role="public")
    backend.replace_unit(C, [page(C, 1, "ilustrații", regime="restricted")])
    backend.commit()
    return backend


def test_the_last_word_is_finished_most_pages_first(archive_of_words):
    found = suggestions(archive_of_words, "strada ilum", WHOLE_ARCHIVE)

    assert found[0] == "strada iluminatul"
    assert set(found) == {"strada iluminatul", "strada iluminare"}


def test_suggestions_forgive_marks_and_case(archive_of_words):
    for typed in ("HOTAR", "hotăr", "hotâr"):
        assert suggestions(archive_of_words, typed, WHOLE_ARCHIVE) == ("hotărârea",)


def test_the_public_is_told_words_of_public_pages_alone(archive_of_words):
    assert suggestions(archive_of_words, "ilu", PUBLIC_SCOPE) == ("iluminarea",)
    assert suggestions(archive_of_words, "hot", PUBLIC_SCOPE) == ()


def test_words_of_pages_that_are_not_granted_are_not_told(archive_of_words):
    granted = Scope("staff", (Grant(regimes=("public",)),))

    assert "ilustrații" in suggestions(archive_of_words, "ilus", WHOLE_ARCHIVE)
    assert suggestions(archive_of_words, "ilus", granted) == ()
    assert suggestions(archive_of_words, "ilus", Scope("staff", ())) == ()


@pytest.mark.parametrize("typed", ["", "i", "strada ", "tip:ilum", "25", "ilum" * 100, "?!"])
def test_nothing_is_suggested_where_no_word_was_begun(typed):
    assert suggestions(_Words(), typed, WHOLE_ARCHIVE) == ()


@given(st.text(max_size=80))
def test_any_text_has_suggestions_or_none(typed):
    found = suggestions(_Words(), typed, WHOLE_ARCHIVE)

    assert all(found)
    assert len(found) <= 8


class _Words:
    """A vocabulary of a few words."""

    def terms(self, prefix, role="staff", limit=10, *, grants=()):
        words = ("iluminat", "ilustrat", "hotărâre", "aer", "bani", "zi", "câine")
        return tuple((word, 2) for word in words if word.startswith(prefix))


def _meant(typed, *texts, scope=WHOLE_ARCHIVE):
    return did_you_mean(typed, parse(typed), [words_of(text) for text in texts], _Words(), scope)


def test_a_word_typed_wrongly_is_mended_in_place():
    assert _meant("Hotărrea iluminatlui", *TEXTS[:1]) == "hotărârea iluminatul"
    assert _meant('tip:cerere "strdal"', "stradal") == 'tip:cerere "stradal"'
    assert _meant("+strdal și x", "iluminatul stradal") == "+stradal și x"


def test_what_is_on_a_page_is_right():
    assert _meant("iluminatul public", *TEXTS) == ""
    assert _meant("strada", "străzile") == ""


def test_a_misread_word_is_not_what_was_meant():
    assert _meant("iluminatul", "iluminatnl") == ""


def test_without_hits_the_vocabulary_tells():
    assert _meant("ilumniat") == "iluminat"
    assert _meant("xqzwkj") == ""

"""What events say of public copies: who did what, and what a person took back."""

from hypothesis import given
from hypothesis import strategies as st

from pipeline.privacy.access.states import (
    PROGRAM,
    State,
    carried_withdrawals,
    publication,
    publications,
    scans_of,
)
from schemas.records import Half, Original, Page, PageState, Unit

WITHDRAWN = publication("d1", State.WITHDRAWN, "ana", ("s1", "s2"), note="cerere")


def test_the_last_word_stands_and_tells_who_proposed():
    events = (
        publication("d1", State.PROPOSED, "ana", ("s1",), basis="b", sha256="h"),
        {"event": "review", "document": "d1"},
        publication("d1", State.PUBLISHED, "ion", ("s1",), basis="b", sha256="h"),
    )
    found = publications(events).of("d1")
    assert (found.state, found.by, found.proposer) == (State.PUBLISHED, "ion", "ana")
    assert publications(events).of("other").state is State.NONE


def test_what_was_withdrawn_is_barred_until_it_is_proposed_again():
    assert publications((WITHDRAWN,)).bars(("s9", "s2"))
    assert not publications((WITHDRAWN,)).bars(("s9",))
    again = publication("d7", State.PROPOSED, "dan", ("s1", "s2"))
    assert not publications((WITHDRAWN, again)).bars(("s1", "s2"))
    by_itself = publication("d1", State.PUBLISHED, PROGRAM, ("s1",))
    assert publications((WITHDRAWN, by_itself)).bars(("s1",))


def test_pages_take_a_withdrawal_along_to_another_unit():
    carried = carried_withdrawals((WITHDRAWN,), (("s2", "d1"), ("s5", "d2")))
    assert publications(carried).bars(("s2",))
    assert not publications(carried).bars(("s5",))
    assert carried_withdrawals((), (("s2", "d1"),)) == ()


def test_scans_are_the_same_under_other_numbers():
    original = Original("a.tif", "a.tif", 1, "ab" * 32, "tiff", 3)
    page = Page(4, PageState.RECOGNISED, "a.tif", 2, "d1", 1, half=Half.LEFT)
    unit = Unit("ua-aaaaaaaa", "a", "S", "k", "", originals=(original,), pages=(page,))
    assert scans_of(unit, "d1") == (f"{'ab' * 32}:2left",)


states = st.sampled_from(tuple(State)[1:])
events = st.lists(
    st.builds(publication, st.sampled_from("ab"), states, st.just("x"), st.just(("s",))), max_size=9
)


@given(events)
def test_scans_are_barred_exactly_while_the_last_of_both_is_a_withdrawal(some):
    last = [e["state"] for e in some if e["state"] in {State.WITHDRAWN, State.PROPOSED}]
    assert publications(some).bars(("s",)) == (last[-1:] == [State.WITHDRAWN])

"""What was public and is no more counts in no score: an index that forgot equals one that never held it."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from search.index.embedded_forgetting import _together
from search.query import parse
from tests.search.index_samples import page

WORDS = [
    "Strada",
    "Crinului",
    "se",
    "repară",
    "iluminatul",
    "public",
    "parcarea",
    "școala",
    "hotărâre",
    "cerere",
]
QUERIES = ("crinului", "iluminat public", "strada parcare", "hotărâri", '"strada crinului"')
UNITS = tuple(f"ua-unit{n:04d}" for n in range(12))
GONE = UNITS[3]


def pages_of(unit, count=4):
    """Pages of a unit, each with its own mixture of few words."""
    seed = UNITS.index(unit)
    texts = (
        " ".join(WORDS[(seed + n * k) % len(WORDS)] for k in range(3 + n)) for n in range(count)
    )
    return [
        page(unit, n, f"{text} {unit[-4:]}", fond="Primăria") for n, text in enumerate(texts, 1)
    ]


def answers(backend, role):
    """Pages with their scores, in order."""
    found = (backend.search(parse(text), {}, role, limit=100) for text in QUERIES)
    return [[(hit.unit, hit.page, hit.score) for hit in answer.hits] for answer in found]


def forgets(backend, kept):
    """As flows do: what has to be written anew is, until nothing has to; how many units."""
    for count in range(2 * len(kept)):
        left = backend.forget(tuple(kept), "public")
        if not left:
            return count
        backend.replace_unit(left[0], kept[left[0]], role="public")
        backend.commit()
    raise AssertionError("it never ends")


@pytest.mark.slow  # Elasticsearch keeps what was removed for half a minute
def test_scores_after_a_withdrawal_are_those_of_an_index_that_never_had_it(archive):
    backend = archive.open(write=True)
    kept = {unit: pages_of(unit) for unit in UNITS}
    for unit, pages in kept.items():
        backend.replace_unit(unit, pages, role="public")
        if unit != GONE:
            backend.replace_unit(unit, pages)
        backend.commit()
    before = answers(backend, "public")
    backend.remove_unit(GONE, role="public")
    backend.commit()
    del kept[GONE]
    never = answers(backend, "staff")
    told = answers(backend, "public")
    assert told != before
    assert told != never
    forgets(backend, kept)
    assert answers(backend, "public") == never
    assert forgets(backend, kept) == 0


def test_a_copy_that_lost_words_is_forgotten_too(embedded):
    backend = embedded.open(write=True)
    kept = {unit: pages_of(unit) for unit in UNITS}
    for unit, pages in kept.items():
        backend.replace_unit(unit, pages, role="public")
        backend.commit()
    kept[GONE] = [replace(one, text="Cerere") for one in kept[GONE]]
    backend.replace_unit(GONE, kept[GONE], role="public")
    backend.commit()
    for unit, pages in kept.items():
        backend.replace_unit(unit, pages)
        backend.commit()
    forgets(backend, kept)
    assert answers(backend, "public") == answers(backend, "staff")


def test_an_index_that_lost_nothing_has_nothing_to_forget(archive):
    backend = archive.open(write=True)
    assert backend.forget(UNITS, "public") == ()
    backend.replace_unit(UNITS[0], pages_of(UNITS[0]), role="public")
    backend.commit()
    assert backend.forget(UNITS, "public") == ()


def test_in_the_embedded_index_only_what_stands_beside_it_is_written_anew(embedded):
    backend = embedded.open(write=True)
    kept = {unit: pages_of(unit) for unit in UNITS}
    backend.rebuild((one for unit in UNITS[:6] for one in kept[unit]), role="public")
    for unit in UNITS[6:]:
        backend.replace_unit(unit, kept[unit], role="public")
        backend.commit()
    backend.remove_unit(GONE, role="public")
    backend.commit()
    assert set(backend.forget(UNITS, "public")) == set(UNITS[:6]) - {GONE}


@pytest.mark.parametrize(
    ("stale", "units"), [({0}, {1, 2, 3}), ({1}, {1, 2, 3}), ({2}, {4}), (set(), set())]
)
def test_units_in_several_parts_bring_their_neighbours(stale, units):
    assert _together(stale, {0: {1, 2}, 1: {2, 3}, 2: {4}}) == units


@given(st.dictionaries(st.integers(0, 9), st.sets(st.integers(0, 9)), max_size=9), st.data())
@settings(max_examples=50)
def test_no_unit_of_what_is_written_anew_stands_elsewhere_too(parts, data):
    stale = data.draw(st.sets(st.sampled_from(sorted(parts)) if parts else st.nothing()))
    units = _together(stale, parts)
    assert all(some <= units for n, some in parts.items() if some & units or n in stale)

"""Where documents begin in binders without separator sheets."""

from itertools import pairwise

import pytest

from examples.binders.compose import Options
from examples.binders.seen import seen_binder
from pipeline.boundaries.guessing import beginnings, facts_of, guess_beginnings
from pipeline.boundaries.model import read_model
from pipeline.boundaries.pairs import NAMES
from pipeline.training.boundaries_data import Wear
from schemas.alto import write_alto
from schemas.durable import write_bytes_durably
from schemas.layout import UnitLayout
from schemas.records import PageState
from tests.pipeline.boundaries.boundary_samples import decision, middle

R, B, S, F = PageState.RECOGNISED, PageState.BLANK, PageState.SEPARATOR, PageState.FAILED


def sure_of(*pages):
    return beginnings([facts_of(*page) for page in pages])


def begun(sure):
    return [n for n, chance in enumerate(sure, 1) if chance >= 0.5]


@pytest.fixture(scope="module")
def binder():
    options = Options(pages=60, seed=41, templates="dev", separators=False, text_only=True)
    return {
        name: seen_binder(0, options, wear.misread("41"))
        for name, wear in {
            "clean": Wear(),
            "noisy": Wear(noise=0.03),
            "capitals": Wear(capitals=True, plain=True),
        }.items()
    }


@pytest.mark.slow
@pytest.mark.parametrize("wear", ["clean", "noisy", "capitals"])
def test_a_binder_is_parted_where_its_documents_begin(binder, wear):
    pages = binder[wear]
    sure = sure_of(*((page.state, page.text) for page in pages))
    true = {n for n, page in enumerate(pages, 1) if page.begins}
    found = set(begun(sure))
    assert len(true) > 15
    assert 2 * len(found & true) >= 0.93 * (len(found) + len(true))


def test_every_feature_of_the_model_is_there():
    model = read_model()
    assert set(NAMES) == model.weights.keys() == model.means.keys() == model.scales.keys()
    assert len(model.ends) > 1


def test_acts_of_one_page():
    sure = sure_of(*((R, decision(n)) for n in range(1, 6)))
    assert begun(sure) == [1, 2, 3, 4, 5]


def test_blank_versos_and_lost_pages_do_not_break_a_numbered_paper():
    first, rest = decision(7), [middle(f"Pagina {n} din 5") for n in (2, 3, 5)]
    pages = [(R, first), (B, None), (R, rest[0]), (R, rest[1]), (F, None), (R, rest[2])]
    sure = sure_of(*pages, (R, decision(8)))
    assert begun(sure) == [1, 7]
    assert sure[1] == 0


def test_what_is_known_stands():
    pages = [facts_of(R, decision(n)) for n in range(1, 4)]
    sure = beginnings(pages, (None, False, None))
    assert sure[1] == 0
    sure = beginnings([facts_of(R, middle()) for _ in range(3)], (None, None, True))
    assert sure[2] == 1


def test_a_unit_is_read_from_disk(tmp_path):
    unit = UnitLayout(tmp_path / "ua-test234567")
    texts = {1: decision(1), 2: middle("2"), 4: decision(2)}
    for number, text in texts.items():
        write_bytes_durably(unit.alto_page(number), write_alto(text, "a.tif", number))
    write_bytes_durably(unit.alto_page(5), b"no ALTO")
    states, fixed = (R, R, B, R, R, R), (None,) * 6
    told = guess_beginnings(unit, states, fixed)
    sure = told.sure
    lost = [(R, decision(1)), (R, middle("2")), (B, None), (R, decision(2)), (F, None), (F, None)]
    assert sure == sure_of(*lost)
    assert begun(sure)[:2] == [1, 4]
    assert told.numbers == (0, 2, 0, 0, 0, 0)


def test_the_same_pages_give_the_same(binder):
    facts = [facts_of(page.state, page.text) for page in binder["noisy"]]
    assert all(one == other for one, other in pairwise(beginnings(facts) for _ in range(3)))

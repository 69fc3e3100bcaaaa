"""A unit that adds up passes; whatever is changed in it is found."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.reconcile import Reconciliation, reconcile
from schemas.messages import table
from schemas.records import Page, PageCounts, PageState, Unit
from tests.pipeline.unit_samples import alto_pages, make_unit, pdf_pages, recognised, states

pytestmark = pytest.mark.slow

R, B, S, F = PageState.RECOGNISED, PageState.BLANK, PageState.SEPARATOR, PageState.FAILED


@dataclass
class Case:
    """All that a reconciliation looks at."""

    unit: Unit
    scanned: int
    alto: set[int]
    pdf: dict[str, int]
    indexed: int | None

    def proof(self) -> Reconciliation:
        return reconcile(self.unit, self.scanned, self.alto, self.pdf, self.indexed)

    def page(self, number: int, **changes: object) -> None:
        pages = tuple(replace(p, **changes) if p.page == number else p for p in self.unit.pages)
        self.unit = replace(self.unit, pages=pages)


def case_of(runs: list[list[PageState]]) -> Case:
    unit = make_unit(runs)
    return Case(unit, len(unit.pages), alto_pages(unit), pdf_pages(unit), recognised(unit))


def some_page(case: Case, random: Random, *wanted: PageState) -> Page | None:
    pages = [page for page in case.unit.pages if page.state in (wanted or tuple(PageState))]
    return random.choice(pages) if pages else None


Mutation = Callable[[Case, Random], bool]
"""Changes a case; False where it had nothing to change."""
MUTATIONS: list[Mutation] = []


def mutation(change: Mutation) -> Mutation:
    MUTATIONS.append(change)
    return change


@mutation
def a_page_dropped(case, random):
    gone = random.choice(case.unit.pages)
    case.unit = replace(case.unit, pages=tuple(p for p in case.unit.pages if p != gone))
    return True


@mutation
def a_page_doubled(case, random):
    case.unit = replace(case.unit, pages=(*case.unit.pages, random.choice(case.unit.pages)))
    return True


@mutation
def a_page_in_the_place_of_another(case, random):
    pages = list(case.unit.pages)
    one, two = random.randrange(len(pages)), random.randrange(len(pages))
    pages[one] = pages[two]
    case.unit = replace(case.unit, pages=tuple(pages))
    return one != two


@mutation
def a_page_numbered_wrongly(case, random):
    page = random.choice(case.unit.pages)
    case.page(page.page, page=random.choice([0, -1, len(case.unit.pages) + 1]))
    return True


@mutation
def a_document_s_page_called_a_separator(case, random):
    page = some_page(case, random, R, B, F)
    case.page(page.page, state=S)
    return True


@mutation
def a_separator_called_a_page(case, random):
    page = some_page(case, random, S)
    if page:
        case.page(page.page, state=random.choice([R, B, F]))
    return page is not None


@mutation
def a_read_page_in_another_state(case, random):
    page = some_page(case, random, R)
    if page:
        case.page(page.page, state=random.choice([B, F]))
    return page is not None


@mutation
def another_page_called_read(case, random):
    page = some_page(case, random, B, F)
    if page:
        case.page(page.page, state=R)
    return page is not None


@mutation
def a_page_in_no_document(case, random):
    case.page(some_page(case, random, R, B, F).page, document=None)
    return True


@mutation
def a_page_in_an_unknown_document(case, random):
    case.page(some_page(case, random, R, B, F).page, document="nowhere2")
    return True


@mutation
def a_page_in_the_next_document(case, random):
    ids = [document.id for document in case.unit.documents]
    page = some_page(case, random, R, B, F)
    case.page(page.page, document=ids[ids.index(page.document) - 1])
    return len(ids) > 1


@mutation
def a_separator_in_a_document(case, random):
    page = some_page(case, random, S)
    if page:
        case.page(page.page, document=case.unit.documents[0].id)
    return page is not None


@mutation
def a_document_page_numbered_wrongly(case, random):
    page = some_page(case, random, R, B, F)
    wrong = [None, 0, page.document_page + 1, page.document_page - 1]
    case.page(page.page, document_page=random.choice(wrong))
    return True


@mutation
def a_frame_twice(case, random):
    one, two = random.choice(case.unit.pages), random.choice(case.unit.pages)
    case.page(one.page, frame=two.frame)
    return one != two


@mutation
def a_frame_that_the_original_does_not_have(case, random):
    case.page(random.choice(case.unit.pages).page, frame=random.choice([-1, 1000]))
    return True


@mutation
def an_original_unknown(case, random):
    case.page(random.choice(case.unit.pages).page, source="0002.tif")
    return True


@mutation
def an_original_with_more_pages(case, random):
    original = case.unit.originals[0]
    frames = original.frames + random.choice([-1, 1])
    case.unit = replace(case.unit, originals=(replace(original, frames=frames),))
    return True


@mutation
def no_original(case, random):
    case.unit = replace(case.unit, originals=())
    return True


@mutation
def another_number_scanned(case, random):
    case.scanned += random.choice([-1, 1])
    return True


@mutation
def an_alto_lost(case, random):
    page = some_page(case, random, R, B, S)
    if page:
        case.alto.discard(page.page)
    return page is not None


@mutation
def an_alto_too_many(case, random):
    case.alto.add(random.choice([0, case.scanned + 1]))
    return True


@mutation
def a_pdf_page_lost_or_doubled(case, random):
    case.pdf[random.choice(list(case.pdf))] += random.choice([-1, 1])
    return True


@mutation
def a_pdf_page_in_the_wrong_pdf(case, random):
    one, two = random.choice(list(case.pdf)), random.choice(list(case.pdf))
    case.pdf[one] += 1
    case.pdf[two] -= 1
    return one != two


@mutation
def a_pdf_lost(case, random):
    del case.pdf[random.choice(list(case.pdf))]
    return True


@mutation
def a_pdf_too_many(case, random):
    case.pdf["nowhere2"] = 1
    return True


@mutation
def an_index_page_lost_or_doubled(case, random):
    case.indexed += random.choice([-1, 1])
    return True


@mutation
def a_document_lost(case, random):
    gone = random.choice(case.unit.documents)
    rest = tuple(document for document in case.unit.documents if document != gone)
    case.unit = replace(case.unit, documents=rest)
    return True


@mutation
def a_document_doubled(case, random):
    documents = (*case.unit.documents, random.choice(case.unit.documents))
    case.unit = replace(case.unit, documents=documents)
    return True


@mutation
def a_document_without_pages(case, random):
    last = case.unit.documents[-1]
    empty = replace(last, id="empty234", number=last.number + 1)
    case.unit = replace(case.unit, documents=(*case.unit.documents, empty))
    return True


@mutation
def a_document_s_bounds_wrong(case, random):
    documents = list(case.unit.documents)
    place = random.randrange(len(documents))
    name = random.choice(["first_page", "last_page", "number"])
    value = getattr(documents[place], name) + random.choice([-1, 1])
    documents[place] = replace(documents[place], **{name: value})
    case.unit = replace(case.unit, documents=tuple(documents))
    return True


@settings(deadline=None)
@given(states(), st.booleans())
def test_a_unit_that_adds_up_passes(runs, asked):
    case = case_of(runs)
    case.indexed = case.indexed if asked else None
    proof = case.proof()
    assert proof.ok
    assert proof.problems == ()
    sums = [sum(run.count(state) for run in runs) for state in (R, B)]
    assert proof.counts == PageCounts(
        case.scanned, *sums, len(runs) - 1, sum(run.count(F) for run in runs)
    )
    assert proof.documents == len(runs)
    assert proof.pdf_pages == sum(len(run) for run in runs)


@pytest.mark.parametrize("change", MUTATIONS, ids=lambda change: change.__name__)
@settings(deadline=None)
@given(runs=states(), random=st.randoms(use_true_random=False))
def test_any_single_change_is_found(change, runs, random):
    case = case_of(runs)
    if change(case, random):
        proof = case.proof()
        assert not proof.ok
        known = table("ro")["reason"]
        assert all(problem.code in known for problem in proof.problems)


def test_every_change_was_made_to_some_unit():
    runs = [[R, B, F], [R, R], [B]]
    for change in MUTATIONS:
        assert any(change(case_of(runs), Random(seed)) for seed in range(9)), change


def test_failed_pages_may_have_an_alto():
    case = case_of([[R, F]])
    case.alto.add(2)
    assert case.proof().ok


def test_a_unit_without_pages_adds_up():
    assert case_of([]).proof().ok


def test_a_problem_names_its_page_and_its_sums():
    case = case_of([[R, R, B]])
    case.pdf[case.unit.documents[0].id] = 2
    case.alto.discard(2)
    problems = case.proof().problems
    assert [(p.code, p.page) for p in problems] == [("alto-missing", 2), ("pdf-count", None)]
    assert problems[1].detail == {"a": "3", "b": "2", "d": case.unit.documents[0].id}

"""The papers that measure the fields: what their truth names can be read on each of them."""

import random
import re
from dataclasses import dataclass
from datetime import date

import pytest

from examples.binders.documents import sheet_text, write
from examples.binders.lexicon import problems
from examples.binders.people import plain
from examples.binders.templates import templates
from examples.binders.truth import DocumentTruth
from examples.binders.world import dotted, long_date, old_spelling, world

SEED, EARLY, LATE = 990, 1998, 2021
HALVES = ("varied", "fresh", "sealed")
TYPES = {
    "hotărâre", "dispoziție", "autorizație de construire", "certificat de urbanism", "cerere",
    "petiție", "adeverință", "proces-verbal", "contract", "referat", "factură", "anchetă socială",
    "certificat de stare civilă", "declarație fiscală", "adresă", "altul",
}  # fmt: skip
OF_CITIZENS = {"cerere", "petiție", "declarație fiscală"}
CASES = {"comunei": "comuna", "orasului": "orasul", "municipiului": "municipiul"}
LITTLE = {"al", "a"}


@dataclass(frozen=True, slots=True)
class Paper:
    """A generated paper and what is true of it."""

    truth: DocumentTruth
    text: str


def papers_of(chosen, year):
    around = world(random.Random(f"{SEED}:{year}"), chosen, year)
    for number, template in enumerate(templates(chosen, year)):
        rng = random.Random(f"{SEED}:{year}:{template.id}")
        fitting = [one for one in problems() if one.code in template.problems]
        problem = rng.choice(fitting or problems())
        draft = write(rng, around, template, problem, 0.05 + number / 50, 72)
        text = " ".join(" ".join(sheet_text(sheet).split()) for sheet in draft.sheets)
        yield Paper(draft.truth, text)


@pytest.fixture(scope="module")
def papers():
    return [paper for one in HALVES for year in (EARLY, LATE) for paper in papers_of(one, year)]


def bare(text):
    return " ".join(re.findall(r"\w+", plain(text).casefold()))


def stands(number, text):
    return re.search(rf"(?<!\d){number}(?!\d)", text)


def is_dated(day, text):
    forms = (dotted(day), long_date(day), old_spelling(long_date(day)))
    return any(form.casefold() in text.casefold() for form in forms)


@pytest.mark.parametrize("half", HALVES)
def test_every_type_occurs_in_both_halves(half):
    assert {one.type for one in templates(half, EARLY)} == TYPES


def test_number_and_registration_stand_on_the_paper(papers):
    for paper in papers:
        truth, text = paper.truth, paper.text
        assert not truth.number or stands(truth.number, text), truth.template
        assert not truth.nr_inreg or stands(truth.nr_inreg, text), truth.template
        if truth.data_inreg:
            assert is_dated(date.fromisoformat(truth.data_inreg), text), truth.template


def test_the_date_stands_on_the_paper(papers):
    for paper in papers:
        day = date.fromisoformat(paper.truth.date)
        assert is_dated(day, paper.text), paper.truth.template


def test_the_issuer_and_the_subject_stand_on_the_paper(papers):
    for paper in papers:
        truth, text = paper.truth, bare(paper.text)
        words = set(text.split())
        for word in bare(truth.issuer).split():
            assert {word, CASES.get(word)} & words or word in LITTLE, (truth.template, word)
        assert bare(truth.subject) in text, truth.template


def test_a_paper_without_a_number_of_its_own_prints_none_in_its_title(papers):
    for paper in papers:
        truth = paper.truth
        if truth.number or truth.nr_inreg:
            continue
        assert truth.type in {*OF_CITIZENS, "altul"}, truth.template
        assert not re.search(r"\bnr\. ?\d", paper.text[:200], re.IGNORECASE), truth.template


def test_the_problem_is_the_one_the_paper_was_written_about(papers):
    every = [one for half in HALVES for one in templates(half, 1997)]
    for paper in papers:
        truth = paper.truth
        (template,) = (one for one in every if one.id == truth.template)
        assert truth.problem in template.problems or truth.type == "factură"

"""Papers of 1950 to 2025: what their truth names stands on each of them, whatever its layout."""

import random
from datetime import date

import pytest

from examples.binders.documents import sheet_text, write
from examples.binders.lexicon import problems
from examples.binders.people import plain
from examples.binders.templates import templates
from examples.binders.world import dotted, old_spelling, spelled_date, world

SETS = (
    "decades", "attic", "county", "district", "canton", "canton_test", "borough", "borough_test",
)  # fmt: skip
FORMS = ("rom", "romlung", "bara", "linie", "scurt", "zero", "abr", "lung")
YEAR, SEED, LEAST, FIRST, LAST = 2001, 993, 12, 1950, 2025


def letters(text):
    return "".join(filter(str.isalnum, plain(text).casefold()))


def papers_of(chosen):
    around = world(random.Random(f"{SEED}:{chosen}"), chosen, YEAR)
    for number, template in enumerate(templates(chosen, YEAR)):
        rng = random.Random(f"{SEED}:{template.id}")
        draft = write(rng, around, template, problems()[0], 0.05 + number / 40, 72)
        yield template, draft.truth, "\n".join(map(sheet_text, draft.sheets))


@pytest.fixture(scope="module")
def papers():
    return {chosen: tuple(papers_of(chosen)) for chosen in SETS}


def dated(day, text):
    forms = {dotted(day), *(spelled_date(day, form) for form in FORMS)}
    forms |= {old_spelling(form) for form in forms}
    apart = (spelled_date(day, part) for part in ("ziua", "anul"))
    return any(form in text for form in forms) or all(f" {one}" in text for one in apart)


@pytest.mark.parametrize("chosen", SETS)
def test_number_days_issuer_and_subject_are_printed(papers, chosen):
    assert len(papers[chosen]) >= LEAST
    for template, truth, text in papers[chosen]:
        flat = " ".join(text.split())
        assert truth.number in flat, template.id
        assert truth.nr_inreg in flat, template.id
        assert dated(date.fromisoformat(truth.date), flat), template.id
        assert not truth.data_inreg or dated(date.fromisoformat(truth.data_inreg), flat)
        assert letters(truth.subject) in letters(flat), template.id
        genitives = {"Comuna": "Comunei"}
        for word in truth.issuer.split():
            assert letters(genitives.get(word, word)) in letters(flat), (template.id, word)


def test_a_template_s_years_are_its_own(papers):
    for template, truth, _ in (one for every in papers.values() for one in every):
        first, last = template.years
        assert first <= date.fromisoformat(truth.date).year <= last
        assert FIRST <= first <= last <= LAST


def test_a_paper_that_was_received_was_entered_later(papers):
    for template, truth, _ in (one for every in papers.values() for one in every):
        if template.received:
            assert truth.data_inreg > truth.date

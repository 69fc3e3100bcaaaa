"""Binders to learn from where documents begin: the generator's development papers, worn and varied."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Final

from examples.binders.compose import Options
from examples.binders.seen import Misread, SeenPage, seen_binder
from pipeline.boundaries.guessing import facts_of
from pipeline.boundaries.pages import HEAD, PageFacts, Type
from pipeline.training.entities_wear import in_capitals, misread, without_diacritics

SEEDS: Final = range(1, 100)
"""Of the generator: those of development."""
FEW_KINDS: Final = 0.4  # of the binders are of a few kinds of papers
FORGOTTEN: Final[dict[str, dict[str, object]]] = {
    "title": {"title": 0.0, "title_at": HEAD},
    "annex_title": {"annex_title": 0.0},
    "annex": {"annex": False, "annex_of": False},
    "letterhead": {"letterhead": 0},
    "registry": {"registry": False, "numbered": False},
    "opening": {"opening": False, "address": False},
    "number": {"number": 0, "total": 0},
    "signed": {"signed": 0, "ending": False},
    "dated": {"dated": False},
    "type": {"type": None},
}
"""What a document of a kind never seen may lack, or have in words that no list has."""


@dataclass(frozen=True, slots=True)
class Wear:
    """What reading does to a binder's words: letters misread, capitals only, marks lost."""

    noise: float = 0.0
    capitals: bool = False
    plain: bool = False

    def misread(self, seed: str) -> Misread:
        """The same wear for words; the same seed misreads the same letters."""
        rng = random.Random(seed)

        def worn(word: str) -> str:
            word = in_capitals(word) if self.capitals else word
            word = without_diacritics(word) if self.plain else word
            return misread(word, self.noise, rng)[0] if self.noise else word

        return worn


@dataclass(frozen=True, slots=True)
class Case:
    """A binder's pages as facts, where documents begin, and the template of each page."""

    facts: tuple[PageFacts, ...]
    begins: tuple[bool, ...]
    templates: tuple[str, ...]


def case_of(index: int, options: Options, wear: Wear) -> Case:
    """Binder `index` of a run, worn; sheets and blank pages begin nothing."""
    pages = seen_binder(index, options, wear.misread(f"{options.seed}:{index}:wear"))
    return case_of_pages(pages)


def case_of_pages(pages: Sequence[SeenPage]) -> Case:
    """The same of pages that were read."""
    facts = tuple(facts_of(page.state, page.text) for page in pages)
    begins = tuple(page.begins for page in pages)
    return Case(facts, begins, tuple(page.template for page in pages))


def drawn_wear(rng: random.Random) -> Wear:
    """As clean as not, the rest misread; a tenth in capitals, a fifth without marks."""
    noise = 0.0 if rng.random() < 0.4 else rng.uniform(0.003, 0.05)
    return Wear(noise, rng.random() < 0.1, rng.random() < 0.2)


def _documents(case: Case) -> Iterator[range]:
    starts = [at for at, begins in enumerate(case.begins) if begins]
    return (range(a, b) for a, b in zip(starts, [*starts[1:], len(case.begins)], strict=True))


def varied(case: Case, rng: random.Random, share: float = 0.15) -> Case:
    """The case with cues forgotten, document by document, and sometimes one type face for all."""
    facts = list(case.facts)
    for pages in _documents(case):
        gone = [name for name in FORGOTTEN if rng.random() < share]
        lost: dict[str, object] = {k: v for name in gone for k, v in FORGOTTEN[name].items()}
        for at in pages:
            facts[at] = replace(facts[at], **lost) if facts[at].rows else facts[at]  # type: ignore[arg-type]  # by the fields' names
    alike = rng.random()
    if alike < 0.4:
        same = Type(rng.uniform(9, 13), rng.uniform(14, 22), 74.0)
        facts = [_alike(one, same, rng) for one in facts]
    return replace(case, facts=tuple(facts))


def _alike(page: PageFacts, same: Type, rng: random.Random) -> PageFacts:
    """A page in the type of all others, measured as exactly as pages are."""
    if page.type is None:
        return page
    near = partial(rng.gauss, 1.0)
    return replace(
        page, type=Type(same.letter * near(0.012), same.pitch * near(0.02), page.type.left)
    )


def of_few_kinds(case: Case, rng: random.Random) -> Case:
    """The documents of one to four templates alone, most of them beside others of their kind.

    As in a binder of building permits, whose papers share all words but names and numbers.
    """
    papers = list(_documents(case))
    names = sorted({case.templates[pages.start] for pages in papers})
    kinds = rng.sample(names, min(len(names), rng.randint(1, 4)))
    kept = [pages for pages in papers if case.templates[pages.start] in kinds]
    if rng.random() < 0.7:
        kept.sort(key=lambda pages: kinds.index(case.templates[pages.start]))
    places = [at for pages in kept for at in pages]
    return Case(
        tuple(case.facts[at] for at in places),
        tuple(case.begins[at] for at in places),
        tuple(case.templates[at] for at in places),
    )


def learning_cases(binders: int, seeds: Sequence[int], rng: random.Random) -> Iterator[Case]:
    """Worn and varied binders of the development templates, without separator sheets."""
    for number in range(binders):
        few = rng.random() < FEW_KINDS
        options = Options(
            pages=160 if few else rng.choice((30, 50, 80)),
            seed=seeds[number % len(seeds)],
            templates="dev",
            separators=False,
            text_only=True,
        )
        case = case_of(number // len(seeds), options, drawn_wear(rng))
        yield varied(of_few_kinds(case, rng) if few else case, rng)

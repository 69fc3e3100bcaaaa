# ruff: noqa: PLR2004 - distances and counts stand where the rule that uses them stands
"""Special categories of a document as a whole, by weighted terms that a jurist can read and change."""

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

from pipeline.privacy.finding.slips import skeleton
from schemas.privacy import Categorised, Category

TERMS = Path(__file__).with_name("categories.toml")
FUZZY, ANY_ENDING = 6, "*"
TWICE, MOST = 2.0, 0.99
GAP = 1  # words that may stand inside a term


@dataclass(frozen=True, slots=True)
class Term:
    """A term's words (a last "*" is any ending), its category and its weight."""

    words: tuple[str, ...]
    category: Category
    weight: float


@dataclass(frozen=True, slots=True)
class Table:
    """All terms by their first word, the thresholds, and the kinds that are an institution's acts."""

    by_first: dict[str, tuple[Term, ...]]
    patterns: tuple[str, ...]
    thresholds: dict[Category, float]
    acts: frozenset[str]


def read_table(path: Path) -> Table:
    """The table of a TOML file; raises KeyError, ValueError where it is none."""
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    terms = [
        Term(tuple(words.split()), category, float(weight))
        for category in Category
        for words, weight in data[category.value]["terms"].items()
    ]
    by_first: dict[str, list[Term]] = {}
    for term in terms:
        by_first.setdefault(term.words[0], []).append(term)
    return Table(
        {word: tuple(some) for word, some in by_first.items()},
        tuple(sorted({word for term in terms for word in term.words})),
        {category: float(data[category.value]["threshold"]) for category in Category},
        frozenset(data["acts"]),
    )


@cache
def table() -> Table:
    """The table that is shipped, read once."""
    return read_table(TERMS)


@cache
def _known() -> tuple[dict[str, frozenset[str]], dict[str, frozenset[str]]]:
    """Patterns by the skeletons of long and the letters of short ones: whole words, and stems."""
    whole: dict[str, set[str]] = {}
    stems: dict[str, set[str]] = {}
    for pattern in table().patterns:
        word = pattern.rstrip(ANY_ENDING)
        into = stems if pattern.endswith(ANY_ENDING) else whole
        into.setdefault(_form(word), set()).add(pattern)
    return (
        {form: frozenset(some) for form, some in whole.items()},
        {form: frozenset(some) for form, some in stems.items()},
    )


def _form(word: str) -> str:
    return skeleton(word) if len(word) >= FUZZY else "=" + word


@lru_cache(maxsize=65_536)
def patterns_of(core: str) -> frozenset[str]:
    """The words of the table that a small folded word is, letters that look alike being one."""
    whole, stems = _known()
    found = whole.get(_form(core), frozenset()) | whole.get("=" + core, frozenset())
    short = (core[:size] for size in range(2, FUZZY))
    shape = skeleton(core)
    long = (shape[:size] for size in range(FUZZY, len(shape) + 1))
    for form in (*("=" + head for head in short), *long):
        found |= stems.get(form, frozenset())
    return found


def _stands(term: Term, cores: Sequence[str], at: int) -> bool:
    """Whether a term's words follow one another from a place on."""
    for word in term.words[1:]:
        at += 1
        ahead = range(at, min(len(cores), at + 1 + GAP))
        place = next((n for n in ahead if word in patterns_of(cores[n])), -1)
        if place < 0:
            return False
        at = place
    return True


def terms_in(cores: Sequence[str]) -> frozenset[Term]:
    """The terms that stand in a document's words."""
    known = table().by_first
    return frozenset(
        term
        for at, core in enumerate(cores)
        if len(core) > 2
        for pattern in patterns_of(core)
        for term in known.get(pattern, ())
        if _stands(term, cores, at)
    )


def categories(cores: Sequence[str], kind: str, *, persons: bool) -> tuple[Categorised, ...]:
    """The categories whose terms weigh enough; `persons`: the document names private persons."""
    if not persons and kind in table().acts:
        return ()
    found = terms_in(cores)
    told = []
    for category, threshold in table().thresholds.items():
        own = [term for term in found if term.category is category]
        weight = sum(term.weight for term in own) / (threshold * (1 if persons else TWICE))
        if weight >= 1:
            words = tuple(sorted(" ".join(term.words) for term in own))
            told.append(Categorised(category, min(MOST, round(weight / 2, 3)), words))
    return tuple(told)

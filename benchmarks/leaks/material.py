"""Binders full of personal data: of each few candidates the one in which most is planted."""

from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from examples.binders.compose import Options, compose
from examples.binders.documents import sheet_entities
from examples.binders.generate import generate

FORMS = ("folder", "tiff", "pdf")
_CANDIDATES = 5
_AS_IT_COMES = 6


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which binders: how many, of how many pages, from which seed on, of which templates.

    `pressed`: with a seal on planted data of most pages.
    """

    binders: int
    pages: int
    seed: int
    templates: str
    dpi: int
    pressed: bool = False


def _planted(seed: int, wanted: Wanted) -> int:
    """Private data on the pages of the binder that a seed gives."""
    plan = compose(0, Options(pages=wanted.pages, seed=seed, templates=wanted.templates))
    pages = (page.sheet for page in plan.pages if page.kind == "text")
    return sum(not one.official for sheet in pages for one in sheet_entities(sheet))


def _seed(number: int, wanted: Wanted) -> int:
    """A binder's seed: of every sixth binder as it comes, of the others the fullest of five."""
    first = wanted.seed + number * _CANDIDATES
    if number % _AS_IT_COMES == 0:
        return first
    some = range(first, first + _CANDIDATES)
    return max(some, key=lambda one: _planted(one, wanted))


def _write(number: int, folder: Path, wanted: Wanted) -> Path:
    place = folder / f"b{number + 1:03d}"
    generate(
        place,
        1,
        wanted.pages,
        _seed(number, wanted),
        templates=wanted.templates,
        form=FORMS[number % len(FORMS)],
        dpi=wanted.dpi,
        pressed=wanted.pressed,
    )
    return place


def write_binders(folder: Path, wanted: Wanted, workers: int) -> tuple[Path, ...]:
    """Each binder with its truth in a folder of its own, degraded as scanners do."""
    with ProcessPoolExecutor(workers) as pool:
        write = partial(_write, folder=folder, wanted=wanted)
        return tuple(pool.map(write, range(wanted.binders)))

"""Variants in turns: in each round every variant once, another one first each time."""

import shutil
import sys
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from benchmarks.reading.material import Material, make_material
from benchmarks.reading.recognition import OURS
from benchmarks.reading.variants import VARIANTS, Options, Outcome
from schemas.settings import Settings

Round = dict[str, Outcome]
_ENOUGH_FOR_MARGINAL = 10


def say(text: str) -> None:
    """Progress, for a person."""
    print(text, file=sys.stderr, flush=True)


def in_turn(names: Sequence[str], number: int) -> tuple[str, ...]:
    """The names from another one on in each round (from 0)."""
    first = number % len(names)
    return (*names[first:], *names[:first])


def _run(name: str, material: Material, options: Options, work: Path, keep: bool) -> Outcome:
    work.mkdir(parents=True)
    started = time.perf_counter()
    outcome = VARIANTS[name](material, options, work)
    if not keep:
        shutil.rmtree(work, ignore_errors=True)
    read = sum(text is not None for text in outcome.texts.values())
    say(
        f"{name}: {read} of {len(material.pages)} pages in {time.perf_counter() - started:.1f} s, "
        f"{outcome.usage.cpu:.1f} CPU-s"
    )
    return outcome


def run_rounds(
    material: Material,
    names: Sequence[str],
    options: Options,
    work: Path,
    rounds: int = 1,
    *,
    keep: bool = False,
) -> tuple[Round, ...]:
    """Each round's outcomes by variant; outputs stay under `work` where `keep` says so."""
    told = []
    for number in range(rounds):
        say(f"round {number + 1} of {rounds}")
        place = work / f"round-{number + 1}"
        told.append(
            {
                name: _run(name, material, options, place / name, keep)
                for name in in_turn(names, number)
            }
        )
    return tuple(told)


def start_up(
    material: Material, options: Options, settings: Settings, work: Path
) -> Outcome | None:
    """Opis over one page alone, the first that is a whole file.

    None for so few pages that it would tell nothing, and where it fails.
    """
    files = Counter(page.path for page in material.pages)
    page = next((page for page in material.pages if files[page.path] == 1), None)
    if page is None or len(material.pages) < _ENOUGH_FOR_MARGINAL:
        return None
    say("start-up: one page")
    alone = make_material((page,), settings, work / "one-page-material", ())
    outcome = _run(OURS, alone, options, work / "one-page", keep=False)
    for note in outcome.notes:
        say(note)
    return None if outcome.usage.code else outcome

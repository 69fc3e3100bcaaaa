"""Trains the model that tells where the documents of a binder begin.

python -m pipeline.training.boundaries OUT [--binders 160] [--seed 7]

An offline step; neither set-up command runs it. It makes binders of the generator's development
templates (seeds 1 to 99, without separator sheets), reads them as scanning would, worn and varied,
measures on documents whose templates it did not learn on, then learns on all of them and writes
OUT/boundaries.json beside OUT/figures.json. NumPy alone, fixed seed.
"""

import argparse
import json
import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from itertools import pairwise
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from pipeline.boundaries.model import Model, in_sequence
from pipeline.boundaries.pairs import NAMES, binder_of, features, place_of
from pipeline.training.boundaries_data import SEEDS, Case, learning_cases

VERSION: Final = "1"
FOLDS: Final = 5
STRENGTH: Final = 10.0  # of the pull towards small weights
LENGTHS: Final = 4  # documents longer than so many pages end as often as those
_FOR: Final = """
    number_one number_breaks before_complete behind_two title title_high centred letterhead
    registry numbered address opening dated top before_signed before_ending before_short
    new_numbering letter letter_rank pitch pitch_rank left left_rank title_and_letterhead
    title_or_letterhead title_after_signed unlike_shared title_unlike title_stranger stranger
    """
_AGAINST: Final = """
    number_more number_follows before_more annex annex_of annex_title begins_small before_open
    before_broken same_numbering shared shared_most rare title_after_open annex_like neither
    bare_title_like
    """
FOR, AGAINST = frozenset(_FOR.split()), frozenset(_AGAINST.split())
"""What can only speak for a beginning, or against it, whatever the papers learnt on happen to say."""
Matrix = npt.NDArray[np.float64]


class Table:
    """Every page that could begin a document: its features, what is true, and where it stands."""

    def __init__(self, cases: Sequence[Case]) -> None:
        self.cases = cases
        rows, true, templates, before, places = [], [], [], [], []
        for number, case in enumerate(cases):
            binder = binder_of(case.facts)
            told = [n for n, page in enumerate(case.facts) if not page.blank]
            for last, at in pairwise(told):
                found = features(place_of(binder, at))
                rows.append([found[name] for name in NAMES])
                true.append(case.begins[at])
                templates.append(case.templates[at])
                before.append(case.templates[last])
                places.append((number, at))
        self.rows: Matrix = np.array(rows)
        self.true = np.array(true)
        self.templates, self.before = np.array(templates), np.array(before)
        self.places = places


def learnt(rows: Matrix, true: npt.NDArray[np.bool_]) -> tuple[float, Matrix, Matrix, Matrix]:
    """Bias, weights, means and scales of a logistic regression.

    A feature whose weight would speak the wrong way (FOR, AGAINST) is left out, the worst first.
    """
    means, scales = rows.mean(0), np.maximum(rows.std(0), 1e-3)
    x = np.hstack([np.ones((len(rows), 1)), (rows - means) / scales])
    sides = np.array([0.0, *(float(n in FOR) - float(n in AGAINST) for n in NAMES)])
    kept = np.ones(x.shape[1], bool)
    while True:
        weights = np.zeros(x.shape[1])
        weights[kept] = _newton(x[:, kept], true)
        wrong = np.maximum(0.0, -weights * sides)
        if not wrong.any():
            return float(weights[0]), weights[1:], means, scales
        kept &= wrong < max(1e-9, float(wrong.max()) / 2)


def _newton(x: Matrix, true: npt.NDArray[np.bool_]) -> Matrix:
    """The weights of a logistic regression, small ones preferred, by Newton's steps."""
    weights = np.zeros(x.shape[1])
    pull = np.full(x.shape[1], STRENGTH)
    pull[0] = 0.0
    for _ in range(30):
        chance = 1 / (1 + np.exp(-np.clip(x @ weights, -30, 30)))
        slope = x.T @ (chance - true) + pull * weights
        bend = (x * (chance * (1 - chance))[:, None]).T @ x + np.diag(pull + 1e-6)
        step = np.linalg.solve(bend, slope)
        weights = weights - step
        if np.abs(step).max() < 1e-6:
            break
    return weights


def ends_of(cases: Sequence[Case]) -> tuple[float, ...]:
    """The chance that a document has no more pages, after one, two … of them (blank ones left out)."""
    ended: Counter[int] = Counter()
    there: Counter[int] = Counter()
    for case in cases:
        length = 0
        for page, begins in zip(case.facts, case.begins, strict=True):
            if page.blank:
                continue
            if length:
                there[min(length, LENGTHS)] += 1
                ended[min(length, LENGTHS)] += begins
            length = 1 if begins else length + bool(length)
    return tuple(round((ended[n] + 20) / (there[n] + 50), 4) for n in range(1, LENGTHS + 1))


def model_of(table: Table, among: npt.NDArray[np.bool_]) -> Model:
    """The model learnt on some rows of the table."""
    bias, weights, means, scales = learnt(table.rows[among], table.true[among])

    def named(values: Matrix) -> dict[str, float]:
        return dict(zip(NAMES, (round(float(v), 5) for v in values), strict=True))

    base = float(table.true[among].mean())
    told = (named(weights), named(means), named(scales))
    return Model(VERSION, round(bias, 5), *told, round(base, 5), ends_of(table.cases))


def parted(table: Table) -> list[npt.NDArray[np.bool_]]:
    """The rows of each fold: the documents of every fifth template."""
    names = sorted(set(table.templates) - {""})
    rng = random.Random(1)
    rng.shuffle(names)
    return [np.isin(table.templates, names[fold::FOLDS]) for fold in range(FOLDS)]


def unseen_chances(table: Table) -> Matrix:
    """Each page's chance by a model that saw no document of its template."""
    chances = np.zeros(len(table.true))
    for fold in parted(table):
        names = set(table.templates[fold])
        model = model_of(table, ~fold & ~np.isin(table.before, list(names)))
        for row in np.flatnonzero(fold):
            chances[row] = model.chance(dict(zip(NAMES, table.rows[row], strict=True)))
    return chances


def sequenced(table: Table, chances: Matrix, model: Model) -> Matrix:
    """The same with each binder's pages seen as a sequence."""
    sure = np.zeros(len(chances))
    numbers = np.array([number for number, _ in table.places])
    for number in range(len(table.cases)):
        rows = np.flatnonzero(numbers == number)
        told = (1.0, *chances[rows].tolist())
        sure[rows] = in_sequence(model, told, (None,) * len(told))[1:]
    return sure


def figures(true: npt.NDArray[np.bool_], sure: Matrix) -> dict[str, float]:
    """Precision, recall and F1 of beginnings told from 0.5 on; the share of doubtful pages."""
    said = sure >= 0.5
    hits = int((said & true).sum())
    precision, recall = hits / max(1, int(said.sum())), hits / max(1, int(true.sum()))
    return {
        "pages": len(true),
        "precision": round(100 * precision, 2),
        "recall": round(100 * recall, 2),
        "f1": round(200 * precision * recall / max(1e-9, precision + recall), 2),
        "doubtful": round(100 * float(((sure >= 0.3) & (sure <= 0.8)).mean()), 2),
        "wrong_and_sure": round(100 * float(((said != true) & ((sure < 0.3) | (sure > 0.8))).mean()), 2),
    }  # fmt: skip


def main() -> None:
    """Train, measure, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path, help="folder to write to")
    parser.add_argument("--binders", type=int, default=160, help="binders to learn on")
    parser.add_argument("--seed", type=int, default=7, help="of the wear")
    chosen = parser.parse_args()
    cases = tuple(learning_cases(chosen.binders, SEEDS, random.Random(chosen.seed)))
    table = Table(cases)
    model = model_of(table, np.ones(len(table.true), bool))
    chances = unseen_chances(table)
    told = {
        "pages": figures(table.true, chances),
        "sequence": figures(table.true, sequenced(table, chances, model)),
    }
    chosen.out.mkdir(parents=True, exist_ok=True)
    (chosen.out / "boundaries.json").write_text(json.dumps(asdict(model), indent=1) + "\n")
    (chosen.out / "figures.json").write_text(json.dumps(told, indent=1) + "\n")
    print(json.dumps(told))


if __name__ == "__main__":
    main()

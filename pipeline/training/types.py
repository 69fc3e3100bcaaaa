"""Train the classifiers of a paper's type and of the problem that it is about.

python -m pipeline.training.types pipeline/metadata/model/records.npz [--check]

Needs the group `training` and scikit-learn. It learns from papers that examples.binders writes of
the templates `dev` (seeds 1-8), with and without their title, and from the phrases of
types_phrases.toml and problems_phrases.toml, set into papers at random; letters are misread, as
scanners do. --check leaves out one template after the other and tells how well its papers are
known, and how well a problem is known by sentences that were left out.
"""

import argparse
import json
import random
import tempfile
import tomllib
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

from examples.binders import generate
from examples.binders.lexicon import pools, problems
from examples.binders.truth import binder_names, load_truth, truth_pages
from pipeline.metadata.classifier import ROWS, Classifier, counted
from pipeline.metadata.text.titles import TITLES
from pipeline.metadata.text.view import fold
from pipeline.training.entities_wear import misread

HERE = Path(__file__).parent
SEEDS = range(1, 9)
EACH, MADE, MOST = 40, 240, 500  # papers of a template, of phrases; of a problem
STRENGTH = 60.0
LEAST = 0.012  # of the largest weight; smaller ones are left out
BUILDING = {"autorizație de construire", "certificat de urbanism"}
LETTERHEADS = (
    "ROMÂNIA\nJUDEȚUL\nCOMUNA", "PRIMĂRIA MUNICIPIULUI", "CONSILIUL LOCAL", "ROMÂNIA", "",
    "PRIMĂRIA SECTORULUI 6\nDirecția", "Către Primăria Orașului", "COMUNA\nPRIMAR",
    "Nr. 1234 din 12.03.2019", "Nr. înreg. 456/2.05.2007",
)  # fmt: skip
_TITLES = {
    "".join(c for c in fold(phrase).lower() if c.isalpha())
    for kind, phrases in TITLES.items()
    if kind
    for phrase in phrases
}


@dataclass(frozen=True, slots=True)
class Sample:
    """A paper to learn from; `group` is what is left out together when it is checked."""

    text: str
    label: str
    group: str


def _phrases(name: str) -> dict[str, object]:
    return tomllib.loads((HERE / f"{name}_phrases.toml").read_text(encoding="utf-8"))


def _untitled(text: str) -> str:
    """A paper without its title's line."""
    lines = text.split("\n")
    for number, line in enumerate(lines[:14]):
        letters = "".join(c for c in fold(line).lower() if c.isalpha())
        if any(letters.startswith(title) for title in _TITLES if len(title) > 5):
            return "\n".join(lines[:number] + lines[number + 1 :])
    return text


def _worn(text: str, rng: random.Random) -> str:
    return misread(text, rng.choice((0, 0, 0.01, 0.03, 0.05)), rng)[0]


def _generated(folder: Path, seed: int) -> list[tuple[str, str, str, str]]:
    """(first page, type, problem, template) of every paper of some binders."""
    generate(folder, 10, 60, seed, templates="dev", text_only=True)
    found = []
    for name in binder_names(folder):
        pages = list(truth_pages(folder, name))
        for one in load_truth(folder, name).documents:
            kind = "altul" if one.type == "decizie de impunere" else one.type
            text = pages[one.first_page - 1].text
            found.append((text, kind, one.problem, one.template))
    return found


def papers() -> list[tuple[str, str, str, str]]:
    """Papers of the development templates."""
    found = []
    for seed in SEEDS:
        with tempfile.TemporaryDirectory() as folder:
            found += _generated(Path(folder), seed)
    return found


def type_samples(given: Sequence[tuple[str, str, str, str]], rng: random.Random) -> list[Sample]:
    """Papers by type: generated ones, and phrases of ours set together."""
    counts: dict[str, int] = defaultdict(int)
    samples = []
    for text, kind, _, template in given:
        counts[template] += 1
        if counts[template] <= EACH:
            shown = text if rng.random() < 0.4 else _untitled(text)
            samples.append(Sample(_worn(shown, rng), kind, template))
    every = _content()
    for kind, told in _phrases("types").items():
        assert isinstance(told, dict)  # noqa: S101 - a table of ours
        for number in range(MADE):
            chosen = rng.sample(told["sentences"], min(len(told["sentences"]), rng.randint(2, 5)))
            title = rng.choice(told["titles"]) if rng.random() < 0.45 else ""
            chosen += rng.sample(every, rng.randint(0, 7))
            rng.shuffle(chosen)
            parts = (rng.choice(LETTERHEADS), title, *chosen)
            text = _worn("\n".join(part for part in parts if part), rng)
            samples.append(Sample(text, kind, f"phrases {number % 5}"))
    return samples


def problem_samples(
    given: Sequence[tuple[str, str, str, str]], rng: random.Random, share: float = 1.0
) -> list[Sample]:
    """Papers by problem; of the sentences of the binders only a `share`, the rest in group "rest"."""
    samples: list[Sample] = []
    ours = _phrases("problems")
    every = [sentence for pool in pools().values() for sentence in pool]
    theirs = {one.code: [s for kind in one.sentences.values() for s in kind] for one in problems()}
    for code, told in ours.items():
        assert isinstance(told, list)  # noqa: S101 - a table of ours
        known = theirs.get(code, [])
        rng.shuffle(known)
        kept, rest = known[: round(share * len(known))], known[round(share * len(known)) :]
        for number in range(MOST):
            chosen = rng.sample([*told, *kept], rng.randint(1, 3))
            filler = rng.sample(every, rng.randint(0, 6))
            text = "\n".join(rng.sample([*chosen, *filler], len(chosen) + len(filler)))
            samples.append(Sample(_worn(text, rng), code, f"phrases {number % 5}"))
        for _ in range(40 if rest else 0):
            chosen = rng.sample(rest, min(len(rest), rng.randint(1, 3)))
            filler = rng.sample(every, rng.randint(0, 6))
            samples.append(Sample(_worn("\n".join([*chosen, *filler]), rng), code, "rest"))
    if share == 1.0:
        for text, kind, code, template in given:
            if kind not in BUILDING and kind != "factură" and template != "factura-servicii":
                samples.append(Sample(_worn(text, rng), code, template))
    return samples


def _content() -> list[str]:
    """What papers of any type may be about: it must tell nothing of the type."""
    about = [s for one in problems() for kind in one.sentences.values() for s in kind]
    told = [s for sentences in _phrases("problems").values() for s in _listed(sentences)]
    return [*about, *told]


def _listed(sentences: object) -> list[str]:
    return [str(one) for one in sentences] if isinstance(sentences, list) else []


def _matrix(samples: Sequence[Sample]) -> csr_matrix:
    return csr_matrix(np.stack([counted(sample.text) for sample in samples]))


def trained(matrix: csr_matrix, labels: Sequence[str]) -> Classifier:
    """A classifier of rows of counts."""
    met = np.asarray((matrix > 0).sum(axis=0)).ravel()
    rarity = (np.log((1 + len(labels)) / (1 + met)) + 1).astype(np.float32)
    rarity[met <= 1] = 0
    rows = matrix.multiply(rarity).tocsr()
    norms = np.sqrt(np.asarray(rows.multiply(rows).sum(axis=1)).ravel())
    rows = csr_matrix(rows.multiply(1 / np.maximum(norms, 1e-9)[:, None]))
    model = LogisticRegression(C=STRENGTH, max_iter=300, class_weight="balanced")
    model.fit(rows, list(labels))
    weights = model.coef_.astype(np.float32)
    weights[np.abs(weights) < LEAST * np.abs(weights).max()] = 0
    return Classifier(tuple(model.classes_), rarity, weights, model.intercept_.astype(np.float32))


def left_out(samples: Sequence[Sample], groups: Sequence[str]) -> dict[str, object]:
    """Each group known by all the others: share right, and share right of what is over 0.75."""
    matrix = _matrix(samples)
    told: dict[str, object] = {}
    rights = sure = sure_right = total = 0
    for group in groups:
        inside = [at for at, sample in enumerate(samples) if sample.group == group]
        outside = [at for at, sample in enumerate(samples) if sample.group != group]
        model = trained(matrix[outside], [samples[at].label for at in outside])
        best = [(model.chances(samples[at].text)[0], samples[at].label) for at in inside]
        right = sum(label == true for (label, _), true in best)
        over = [(label == true) for (label, share), true in best if share >= 0.75]
        told[group] = {
            "n": len(inside),
            "right": round(100 * right / len(inside), 1),
            "over": len(over),
            "over_right": round(100 * sum(over) / max(len(over), 1), 1),
        }
        rights, total = rights + right, total + len(inside)
        sure, sure_right = sure + len(over), sure_right + sum(over)
    return {
        "right": round(100 * rights / total, 1),
        "over": round(100 * sure / total, 1),
        "over_right": round(100 * sure_right / max(sure, 1), 1),
        "groups": told,
    }


def _stored(name: str, model: Classifier) -> dict[str, NDArray[np.generic]]:
    return {
        f"{name}_labels": np.array("\n".join(model.labels)),
        f"{name}_rarity": model.rarity.astype(np.float16),
        f"{name}_weights": model.weights.astype(np.float16),
        f"{name}_bias": model.bias,
    }


def main() -> None:
    """Write the weights, or check them; figures as JSON."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("out", type=Path)
    parser.add_argument("--check", action="store_true", help="leave groups out; write nothing")
    chosen = parser.parse_args()
    given = papers()
    types = type_samples(given, random.Random(1))
    if chosen.check:
        templates = sorted({sample.group for sample in types if "phrases" not in sample.group})
        half = problem_samples(given, random.Random(2), 0.5)
        answer = {"type": left_out(types, templates), "problem": left_out(half, ["rest"])}
        print(json.dumps(answer, ensure_ascii=False, indent=1))
        return
    about = problem_samples(given, random.Random(2))
    models = {
        name: trained(_matrix(samples), [sample.label for sample in samples])
        for name, samples in (("type", types), ("problem", about))
    }
    arrays = {k: v for name, model in models.items() for k, v in _stored(name, model).items()}
    np.savez_compressed(chosen.out, allow_pickle=False, **arrays)
    print(json.dumps({"bytes": chosen.out.stat().st_size, "rows": ROWS}))


if __name__ == "__main__":
    main()

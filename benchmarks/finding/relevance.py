"""How well pages are found: nDCG@10 and recall@50 over judged queries, and spelling variants.

python -m benchmarks.finding.relevance --json [--backend embedded|elasticsearch] [--noise 0.03]

Binders are generated (`python -m examples.binders --text-only`), their pages misread letter by letter.
Queries and grades come of the binders' truth (judged.py). A recall counts of what answers, at most 50.
Variants: words with other marks, letters or case must find the same first ten pages in the same order.
"""

import argparse
import json
import math
import random
import re
import tempfile
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from statistics import fmean

from benchmarks.finding.judged import Judge, Judged, Paper, Place, papers
from benchmarks.finding.served import served
from examples.binders import generate
from search.backend import Backend, open_backend
from search.query import parse

TOP, DEEP = 10, 50
_VARIED_WORDS = 200
_PLAIN = str.maketrans("ăâîșțĂÂÎȘȚ", "aaistAAIST")
_CEDILLA = str.maketrans("șțȘȚ", "şţŞŢ")
_INNER = re.compile(r"(?<=\w)â(?=\w)")


def found(backend: Backend, query: str, limit: int) -> list[Place]:
    """Unit and page of the best pages."""
    return [(hit.unit, hit.page) for hit in backend.search(parse(query), {}, limit=limit).hits]


def ndcg(ranked: Sequence[Place], grades: Mapping[Place, int]) -> float:
    """Gain of the first ten, 2**grade - 1 by the logarithm of the place, of the most there can be."""
    gains = [2 ** grades.get(place, 0) - 1 for place in ranked[:TOP]]
    ideal = sorted((2**grade - 1 for grade in grades.values()), reverse=True)[:TOP]
    return _discounted(gains) / _discounted(ideal)


def _discounted(gains: Iterable[int]) -> float:
    return sum(gain / math.log2(place + 2) for place, gain in enumerate(gains))


def recall(ranked: Sequence[Place], grades: Mapping[Place, int]) -> float:
    """The share of the pages that answer, or of fifty of them, among the first fifty."""
    return len({*ranked[:DEEP]} & grades.keys()) / min(DEEP, len(grades))


def variants(word: str) -> Iterator[str]:
    """A word as it may be typed: capitals, no marks, cedillas, apart from its marks, the old î."""
    spelled = {word.upper(), word.capitalize(), word.translate(_PLAIN), word.translate(_CEDILLA)}
    spelled |= {unicodedata.normalize("NFD", word), _INNER.sub("î", word)}
    spelled |= {_INNER.sub("î", word).translate(_PLAIN), _INNER.sub("î", word).upper()}
    yield from sorted(spelled - {word})


def varied_words(known: Sequence[Paper], seed: int) -> list[str]:
    """Words of the printed pages, half of them with marks, by how often they stand there."""
    counted = Counter(
        word for paper in known for word in re.findall(r"[^\W\d_]{4,}", paper.truth.text.lower())
    )
    chance = random.Random(seed)  # noqa: S311 a sample, no secrets
    marked = [word for word in counted if word != word.translate(_PLAIN)]
    plain = [word for word in counted if word == word.translate(_PLAIN)]
    half = _VARIED_WORDS // 2
    return [one for kind in (marked, plain) for one in chance.sample(sorted(kind), half)]


def same_answers(backend: Backend, words: Iterable[str]) -> tuple[int, list[tuple[str, str]]]:
    """How many variants were asked, and word and variant where the first ten differ."""
    asked, differing = 0, []
    for word in words:
        first = found(backend, word, TOP)
        for spelled in variants(word):
            asked += 1
            if found(backend, spelled, TOP) != first:
                differing.append((word, spelled))
    return asked, differing


def scores(backend: Backend, queries: Sequence[Judged]) -> dict[str, dict[str, float]]:
    """nDCG@10 and recall@50 of every kind of query, and of all."""
    told: dict[str, list[tuple[float, float]]] = defaultdict(list)
    for one in queries:
        ranked = found(backend, one.query, DEEP)
        pair = (ndcg(ranked, one.grades), recall(ranked, one.grades))
        told[one.kind].append(pair)
        told["all"].append(pair)
    return {
        kind: {
            "queries": len(pairs),
            "ndcg@10": round(fmean(pair[0] for pair in pairs), 4),
            "recall@50": round(fmean(pair[1] for pair in pairs), 4),
        }
        for kind, pairs in told.items()
    }


def fill(backend: Backend, known: Sequence[Paper]) -> None:
    """Index the papers, unit by unit."""
    units: dict[str, list[Paper]] = defaultdict(list)
    for paper in known:
        units[paper.place[0]].append(paper)
    backend.rebuild(paper.page for inside in units.values() for paper in inside)


def measure(backend: Backend, known: Sequence[Paper], each: int, seed: int) -> dict[str, object]:
    """Fill the index and ask it everything."""
    fill(backend, known)
    queries = Judge(tuple(known), seed).queries(each)
    asked, differing = same_answers(backend, varied_words(known, seed))
    return {
        "backend": backend.name,
        "pages": len(known),
        **scores(backend, queries)["all"],
        "kinds": scores(backend, queries),
        "variants": {"asked": asked, "same": round(1 - len(differing) / max(asked, 1), 4)},
        "differing": [f"{word} / {spelled}" for word, spelled in differing[:20]],
    }


def relevance(
    backend: str, binders: int, pages: int, noise: float, queries: int, seed: int
) -> dict[str, object]:
    """Make the binders, misread their pages, fill an index of that backend, and judge it."""
    with tempfile.TemporaryDirectory(prefix="opis-relevance-") as folder:
        out = Path(folder) / "binders"
        generate(out, binders, pages, seed, workers=2, text_only=True)
        known = papers(out, noise, seed)
        with (
            served(backend, Path(folder)) as settings,
            closing(open_backend(settings, write=True)) as opened,
        ):
            return {**measure(opened, known, queries, seed), "noise": noise}


def main() -> None:
    """Print what was measured."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--backend", choices=("embedded", "elasticsearch"), default="embedded")
    parser.add_argument("--binders", type=int, default=100)
    parser.add_argument("--pages", type=int, default=30, help="of each binder")
    parser.add_argument("--noise", type=float, default=0.03, help="share of letters misread")
    parser.add_argument("--queries", type=int, default=40, help="of each kind")
    parser.add_argument("--seed", type=int, default=11)
    parser.add_argument("--json", action="store_true", help="one JSON object on one line")
    chosen = parser.parse_args()
    told = relevance(
        chosen.backend, chosen.binders, chosen.pages, chosen.noise, chosen.queries, chosen.seed
    )
    print(json.dumps(told) if chosen.json else json.dumps(told, indent=2, ensure_ascii=False))


if __name__ == "__main__":
    main()

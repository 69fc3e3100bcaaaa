"""The figures of a run, with their intervals, and every leak."""

import math
import random
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import asdict

from benchmarks.leaks.looking import Leak, Looked
from benchmarks.leaks.material import Wanted
from benchmarks.leaks.papers import Paper
from benchmarks.leaks.working import Worked

_ROUNDS = 1000
_SEED = 5
_MOST = 200
Pairs = Sequence[tuple[int, int]]


def _share(pairs: Pairs) -> dict[str, object]:
    """A share over documents, each with what counts and what it counts of; 95 % interval."""
    pairs = [pair for pair in pairs if pair[1]]
    total = sum(of for _, of in pairs)
    if not total:
        return {"share": None, "of": 0}
    draw = random.Random(_SEED)  # noqa: S311 - a bootstrap, no secret
    rounds = []
    for _ in range(_ROUNDS):
        some = draw.choices(pairs, k=len(pairs))
        rounds.append(sum(hit for hit, _ in some) / sum(of for _, of in some))
    rounds.sort()
    low, high = rounds[round(0.025 * _ROUNDS)], rounds[round(0.975 * _ROUNDS) - 1]
    share = sum(hit for hit, _ in pairs) / total
    return {"share": round(share, 4), "interval": [round(low, 4), round(high, 4)], "of": total}


def _wilson(hits: int, of: int, z: float = 1.96) -> list[float] | None:
    """95 % interval of a share that counts single data (Wilson); None of nothing."""
    if not of:
        return None
    share, wide = hits / of, z * z / of
    middle = share + wide / 2
    half = z * math.sqrt(share * (1 - share) / of + wide / (4 * of))
    low, high = (middle - half) / (1 + wide), (middle + half) / (1 + wide)
    return [round(max(0.0, low), 5), round(high, 5)]


def _recall(looked: Sequence[Looked]) -> dict[str, object]:
    """By label: planted data on good pages that the program found, whatever became of it."""
    labels = sorted({label for one in looked for label in one.seen})
    found: dict[str, object] = {}
    for label in labels:
        pairs = [(one.seen[label][1], one.seen[label][0]) for one in looked if label in one.seen]
        found[label] = _share(pairs)
    return found


def _categories(papers: Sequence[Paper]) -> dict[str, object]:
    """Social inquiries (health and social data all through) that were known for what they are."""
    inquiries = [paper for paper in papers if paper.truth.type == "anchetă socială"]
    known = [bool(paper.found and paper.found.categories) for paper in inquiries]
    return _share([(int(one), 1) for one in known])


def _rules(papers: Sequence[Paper], told: Callable[[Paper], bool]) -> dict[str, int]:
    counted = Counter(paper.document.access.rule or "–" for paper in papers if told(paper))
    return dict(counted.most_common())


def _leaks(leaks: Sequence[Leak], *, values: bool) -> list[dict[str, object]]:
    rows = (asdict(leak) for leak in leaks[:_MOST])
    hidden = () if values else ("value",)
    return [{key: value for key, value in row.items() if key not in hidden} for row in rows]


def _distinct(leaks: Sequence[Leak]) -> int:
    """Planted data that leaked, each once however often it is found."""
    return len({(leak.binder, leak.label, leak.value) for leak in leaks})


def report(
    wanted: Wanted,
    papers: Sequence[Paper],
    looked: Sequence[Looked],
    told: Sequence[Leak],
    worked: Worked,
    seconds: dict[str, float],
    *,
    values: bool,
) -> dict[str, object]:
    """All figures of a run as one object."""
    leaks = (*(leak for one in looked for leak in one.leaks), *told)
    planted = sum((Counter(one.planted) for one in looked), Counter[str]())
    pairs = tuple(zip(papers, looked, strict=True))
    meant = [(p, one) for p, one in pairs if p.truth.regim_acces != "restricted"]
    acts = [paper for paper in papers if paper.truth.public]
    going_out = sum(sum(one.planted.values()) for paper, one in pairs if paper.out)
    variants = sum(len(n.variants) for p in papers for page in p.pages for n in page.needles)
    return {
        **asdict(wanted),
        "documents": len(papers),
        "public": sum(paper.out for paper in papers),
        "planted": sum(planted.values()),
        "planted_by_label": dict(sorted(planted.items())),
        "variants_sought": variants,
        "planted_in_public_copies": going_out,
        "leaked": _distinct(leaks),
        "leaked_95": _wilson(_distinct(leaks), going_out),
        "leaked_by": dict(Counter(f"{leak.label}: {leak.where}" for leak in leaks).most_common()),
        "held_back": _share([(one.held, one.good) for _, one in meant]),
        "held_back_by_rule": _rules([p for p, _ in meant], lambda paper: not paper.out),
        "over_redacted": _share([(one.over, one.words) for one in looked]),
        "acts_out": _share([(int(paper.out), 1) for paper in acts]),
        "acts_out_by_themselves": sum(
            paper.out and paper.document.access.regime == "public" for paper in acts
        ),
        "recall_good_scans": _recall(looked),
        "categories_of_social_inquiries": _categories(papers),
        "restricted_that_came_out": sum(
            paper.out for paper in papers if paper.truth.regim_acces == "restricted"
        ),
        "copies_held_back_by_proof": worked.failed,
        "seconds": {name: round(value, 1) for name, value in seconds.items()},
        "leaks": _leaks(leaks, values=values),
    }

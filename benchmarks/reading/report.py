"""What was measured, as one JSON object or as tables."""

from collections.abc import Iterable, Mapping, Sequence
from statistics import median
from typing import Any

from benchmarks.reading.pages import SetPage
from benchmarks.reading.recognition import OURS, PEER
from benchmarks.reading.rounds import Round
from benchmarks.reading.scoring import ALL, SCORES, Errors, by_class, mean_errors, middle, pooled
from benchmarks.reading.variants import Outcome

Json = dict[str, Any]
Texts = Mapping[str, str | None]
_DIGITS = 5


def _round(value: float | None) -> float | None:
    return None if value is None else round(value, _DIGITS)


def ratio(own: float | None, other: float | None) -> float | None:
    """Own / other; 1 where both are 0, None where only the other is or one is not known."""
    if own is None or other is None:
        return None
    if other:
        return own / other
    return None if own else 1.0


def spread(ratios: Iterable[float | None]) -> Json | None:
    """Smallest, median and largest of the rounds' ratios; None where one is not known."""
    every = tuple(ratios)
    known = tuple(one for one in every if one is not None)
    if not every or len(known) < len(every):
        return None
    least, most = min(known), max(known)
    return {"min": _round(least), "median": _round(median(known)), "max": _round(most)}


def page_errors(score: str, pages: Sequence[SetPage], rounds: Sequence[Texts]) -> dict[str, Errors]:
    """Of each page with a truth, a mean over rounds; a page that is not there was failed."""
    count = SCORES[score]
    return {
        page.key: mean_errors(count(page.truth, texts.get(page.key)) for texts in rounds)
        for page in pages
        if page.truth
    }


def _accuracy(pages: Sequence[SetPage], rounds: Sequence[Texts]) -> Json:
    groups = {page.key: page.group for page in pages}
    told: Json = {}
    for score in SCORES:
        errors = page_errors(score, pages, rounds)
        classes = by_class(errors, groups)
        told[score] = {name: _round(pooled(own)) for name, own in classes.items()}
        if score != "wer":
            told[f"{score}_median"] = {name: _round(middle(own)) for name, own in classes.items()}
            told[f"{score}_pages"] = {key: _round(own.rate) for key, own in errors.items()}
    return told


def _variant(pages: Sequence[SetPage], outcomes: Sequence[Outcome]) -> Json:
    count = len(pages)
    sizes = [o.bytes for o in outcomes if o.bytes is not None]
    texts = [o.texts for o in outcomes]
    return {
        "cpu_s_page": _round(median(o.usage.cpu for o in outcomes) / count),
        "wall_s_page": _round(median(o.usage.wall for o in outcomes) / count),
        "peak_mb": round(max(o.usage.peak_mb for o in outcomes), 1),
        "bytes_page": round(median(sizes) / count) if sizes else None,
        **_accuracy(pages, texts),
        "failed": [p.key for p in pages if any(own.get(p.key) is None for own in texts)],
    }


def _ratios(name: str, rounds: Sequence[Round], variants: Json) -> Json:
    pairs = [(one[OURS], one[name]) for one in rounds]
    own, other = variants[OURS]["cer"], variants[name]["cer"]
    return {
        "cpu": spread(ratio(a.usage.cpu, b.usage.cpu) for a, b in pairs),
        "wall": spread(ratio(a.usage.wall, b.usage.wall) for a, b in pairs),
        "bytes": spread(ratio(a.bytes, b.bytes) for a, b in pairs),
        "cer": {group: _round(ratio(own[group], other[group])) for group in own},
    }


def _marginal(first: Outcome | None, opis: Sequence[Outcome], pages: int) -> Json:
    if first is None:
        return {}
    rest = median(o.usage.cpu for o in opis) - first.usage.cpu
    return {
        "cpu_s_page_marginal": _round(rest / (pages - 1)),
        "cpu_s_first_page": _round(first.usage.cpu),
    }


def _seconds(outcome: Outcome, engine: str, keys: Sequence[str]) -> float:
    return float(sum(outcome.rows[key][engine]["cpu"] for key in keys if key in outcome.rows))


def _engines_on(keys: Sequence[str], outcomes: Sequence[Outcome]) -> Json:
    seconds = {name: [_seconds(o, name, keys) for o in outcomes] for name in (OURS, PEER)}
    pairs = zip(seconds[OURS], seconds[PEER], strict=True)
    return {
        "pages": len(keys),
        "cpu_s_page": {name: _round(median(s) / len(keys)) for name, s in seconds.items()},
        "ratio": spread(ratio(own, other) for own, other in pairs),
    }


def recognition(pages: Sequence[SetPage], outcomes: Sequence[Outcome]) -> Json:
    """Our engine against Tesseract in process on the same prepared images, by class and over all."""
    if not all(o.rows for o in outcomes):
        return {}
    groups = {page.key: page.group for page in pages}
    keys = {g: [k for k in groups if groups[k] == g] for g in sorted(set(groups.values()))}
    texts = {
        name: [{key: row[name]["text"] for key, row in o.rows.items()} for o in outcomes]
        for name in (OURS, PEER)
    }
    accuracy = {name: _accuracy(pages, own) for name, own in texts.items()}
    told: Json = {
        group: _engines_on(own, outcomes) for group, own in (keys | {ALL: list(groups)}).items()
    }
    for group, own in told.items():
        for score in SCORES:
            own[score] = {name: accuracy[name][score].get(group) for name in accuracy}
    last = outcomes[-1]
    tried = {key: row[OURS]["tried"] for key, row in last.rows.items() if row[OURS]["tried"]}
    return {"load_cpu_s": dict(last.load_seconds), "classes": told, "tried": tried}


def report(pages: Sequence[SetPage], rounds: Sequence[Round], first: Outcome | None = None) -> Json:
    """Variants, ratios (opis / peer) and recognition; the command's --help tells the rest."""
    outcomes = {name: [one[name] for one in rounds] for name in rounds[0]}
    variants = {name: _variant(pages, own) for name, own in sorted(outcomes.items())}
    variants[OURS] |= _marginal(first, outcomes[OURS], len(pages))
    notes = dict.fromkeys(n for one in rounds for outcome in one.values() for n in outcome.notes)
    return {
        "pages": len(pages),
        "pages_with_truth": sum(bool(page.truth) for page in pages),
        "rounds": len(rounds),
        "variants": variants,
        "ratios": {name: _ratios(name, rounds, variants) for name in variants if name != OURS},
        "recognition": recognition(pages, outcomes[PEER]) if PEER in outcomes else {},
        "notes": list(notes),
    }

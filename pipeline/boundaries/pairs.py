"""What speaks for and against a document's beginning at a page, as numbers."""

from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import log
from typing import Final

from rapidfuzz.fuzz import ratio

from pipeline.boundaries.pages import HEAD, PageFacts

_BACK = 3
_FEW = 20
_SAME_ROW = 85.0
_SAMPLED = 60
_FAR = 0.3
MISSING: Final = 0.0


@dataclass(frozen=True, slots=True)
class Binder:
    """All pages of a binder, how many of them have each word, and how unlike their types are.

    `weights` is how much a word tells that two pages or more have; `headers` counts first rows.
    `letters`, `pitches` and `lefts` are differences between pages far apart, sorted.
    """

    pages: tuple[PageFacts, ...]
    frequency: Counter[str]
    weights: Mapping[str, float]
    headers: Counter[str]
    letters: tuple[float, ...] = ()
    pitches: tuple[float, ...] = ()
    lefts: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Place:
    """A page with text, the last one before it and the next behind it that have any.

    `blanks` and `lost` are the pages without text, and those not readable, since the one before.
    """

    binder: Binder
    page: PageFacts
    before: PageFacts
    earlier: tuple[PageFacts, ...]
    behind: PageFacts
    blanks: int
    lost: int


def _unlike(one: float, other: float) -> float:
    """How unlike two measures are: the logarithm of their ratio, at most 0.3."""
    return min(_FAR, abs(log(one / other))) if one > 0 and other > 0 else 0.0


def binder_of(pages: Sequence[PageFacts]) -> Binder:
    """What a binder's pages have in common."""
    frequency = Counter(word for page in pages for word in page.words)
    typed = [page.type for page in pages if page.type]
    step = max(1, len(typed) // _SAMPLED)
    pairs = list(combinations(typed[::step], 2))
    return Binder(
        tuple(pages),
        frequency,
        _weights(frequency, len(pages)),
        Counter(page.header for page in pages),
        tuple(sorted(_unlike(a.letter, b.letter) for a, b in pairs)),
        tuple(sorted(_unlike(a.pitch, b.pitch) for a, b in pairs)),
        tuple(sorted(abs(a.left - b.left) for a, b in pairs)),
    )


def place_of(binder: Binder, at: int) -> Place:
    """The page at a place (from 0) among its neighbours; at the binder's ends these are empty."""
    pages = binder.pages
    written = [n for n in range(at - 1, -1, -1) if pages[n].rows]
    last = written[0] if written else -1
    between = pages[last + 1 : at]
    behind = next((page for page in pages[at + 1 : at + 3] if page.rows), PageFacts())
    return Place(
        binder,
        pages[at],
        pages[last] if written else PageFacts(),
        tuple(pages[n] for n in written[:_BACK]),
        behind,
        sum(page.readable for page in between),
        sum(not page.readable for page in between),
    )


def _weights(frequency: Counter[str], pages: int) -> dict[str, float]:
    """How much each word tells that stands on two pages or more: rare ones much, figures more."""
    count = max(pages, _FEW) + 1
    return {
        word: log(count / there) * (1.5 if any(map(str.isdigit, word)) else 1)
        for word, there in frequency.items()
        if there > 1
    }


def _shared(binder: Binder, one: PageFacts, other: PageFacts) -> float:
    """The share of the smaller page's telling words that stand on the other too."""
    few, many = sorted((one.words, other.words), key=len)
    weights = binder.weights
    whole = sum(weights[word] for word in few if word in weights)
    return sum(weights[word] for word in few & many) / whole if whole else 0.0


def _rare(binder: Binder, one: PageFacts, other: PageFacts) -> int:
    """Words that both pages have and at most two others."""
    return sum(binder.frequency[word] <= 4 for word in one.words & other.words)  # noqa: PLR2004 the two and two more


def _rank(value: float, known: Sequence[float]) -> float:
    """The share of pages far apart that are at least as like each other; 0.5 where too few are."""
    if len(known) < _FEW:
        return 0.5
    return bisect_right(known, value) / len(known)


def _goes_on(place: Place) -> float:
    """Numbering that goes on from the page before (1), or starts anew (-1)."""
    if place.page.first is None:
        return 0.0
    kind, number = place.page.first
    last = dict(place.before.last).get(kind)
    if last is not None and number == last + 1:
        return 1.0
    return -1.0 if number == 1 else 0.0


def _numbers(place: Place) -> dict[str, float]:
    page, before = place.page, place.before
    step = 1 + place.lost
    follows = before.number and page.number in {before.number + step, before.number + 1}
    same = page.total == before.total or not (page.total and before.total)
    left = before.total - before.number if before.total else 0
    return {
        "number_one": float(page.number == 1),
        "number_more": float(page.number > 1),
        "number_follows": float(bool(follows) and same),
        "number_breaks": float(bool(page.number and before.number) and not (follows and same)),
        "number_missing": float(bool(before.number) and not page.number),
        "number_new": float(bool(page.number) and not before.number),
        "before_complete": float(bool(before.total) and left <= 0),
        "before_more": float(left > place.lost),
        "before_one_number": float(before.number == 1),
        "behind_two": float(place.behind.number == 2),  # noqa: PLR2004 the second page
        "behind_follows": float(bool(page.number) and place.behind.number == page.number + 1),
    }


def _head(place: Place) -> dict[str, float]:
    page = place.page
    return {
        "title": page.title,
        "title_high": 1 - page.title_at / HEAD if page.title else 0.0,
        "annex_title": page.annex_title,
        "annex": float(page.annex),
        "annex_of": float(page.annex_of),
        "centred": min(page.centred, 6) / 6,
        "letterhead": min(page.letterhead, 3) / 3,
        "registry": float(page.registry),
        "numbered": float(page.numbered),
        "address": float(page.address),
        "opening": float(page.opening),
        "dated": float(page.dated),
        "top": min(page.top, 0.5),
        "begins_small": float(any(page.begins_small[:1])),
    }


def _end_before(place: Place) -> dict[str, float]:
    before = place.before
    return {
        "before_signed": min(before.signed, 4) / 4,
        "before_ending": float(before.ending),
        "before_open": float(before.ends_open),
        "before_broken": float(before.ends_broken),
        "before_bottom": before.bottom,
        "before_short": float(before.bottom < 0.72),  # noqa: PLR2004 more than a fifth is free
        "before_title": before.title,
        "before_annex": float(before.annex),
        "blanks": float(place.blanks > 0),
        "lost": float(place.lost > 0),
    }


def _like(place: Place) -> dict[str, float]:
    """What page and page before have in common."""
    binder, page, before = place.binder, place.page, place.before
    header = ratio(page.header, before.header) >= _SAME_ROW
    shared = [_shared(binder, page, one) for one in place.earlier]
    elsewhere = binder.headers[page.header] > 2  # noqa: PLR2004 on these two and another
    return {
        "same_header": float(header),
        "header_elsewhere": float(header and elsewhere),
        "same_numbering": max(0.0, _goes_on(place)),
        "new_numbering": max(0.0, -_goes_on(place)),
        "shared": shared[0] if shared else 0.0,
        "shared_most": max(shared, default=0.0),
        "rare": log(1 + _rare(binder, page, before)),
        "shared_behind": _shared(binder, page, place.behind) if place.behind.rows else 0.0,
        **_like_type(place),
    }


def _like_type(place: Place) -> dict[str, float]:
    one, other, binder = place.page.type, place.before.type, place.binder
    names = ("letter", "letter_rank", "pitch", "pitch_rank", "left", "left_rank")
    if one is None or other is None:
        return {**dict.fromkeys(names, MISSING), "untyped": 1.0}
    letter, pitch = _unlike(one.letter, other.letter), _unlike(one.pitch, other.pitch)
    left = abs(one.left - other.left)
    values = (
        min(letter, 0.1) * 10,
        _rank(letter, binder.letters),
        min(pitch, 0.1) * 10,
        _rank(pitch, binder.pitches),
        min(left, 20) / 20,
        _rank(left, binder.lefts),
    )
    return {**dict(zip(names, values, strict=True)), "untyped": 0.0}


def _together(told: dict[str, float]) -> dict[str, float]:
    """What only says something together with something else."""
    other_type = min(1.0, told["letter"] + told["pitch"] / 2)
    bare = told["title"] * (1 - max(told["letterhead"], told["registry"], told["numbered"]))
    return {
        "title_and_letterhead": told["title"] * told["letterhead"],
        "title_or_letterhead": max(told["title"], told["letterhead"]),
        "title_after_signed": told["title"] * told["before_signed"],
        "title_like": told["title"] * (1 - other_type) * told["shared"],
        "title_after_open": told["title"] * told["before_open"],
        "annex_like": told["annex"] * (1 - other_type),
        "annex_unlike": told["annex"] * other_type,
        "neither": float(not (told["title"] or told["letterhead"] or told["annex"])),
        "unlike_shared": other_type * (1 - told["shared"]),
        "title_unlike": told["title"] * other_type,
        "title_stranger": told["title"]
        * float(told["rare"] < 1),  # at most one rare word in common
        "stranger": float(told["rare"] < 1),
        "bare_title_like": bare * (1 - other_type) * min(1.0, told["rare"] / 2),
    }


_PARTS: Final[tuple[Callable[[Place], dict[str, float]], ...]] = (
    _numbers,
    _head,
    _end_before,
    _like,
)


def features(place: Place) -> dict[str, float]:
    """All features of a page by name."""
    told = {name: value for part in _PARTS for name, value in part(place).items()}
    told["unreadable"] = float(not place.page.readable)
    return {**told, **_together(told)}


NAMES: Final = tuple(features(place_of(binder_of((PageFacts(), PageFacts())), 1)))

"""What one page tells of whether a document begins or ends on it."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, pairwise
from statistics import median

from pipeline.boundaries.words import (
    ANNEX,
    ANNEX_OF,
    DATE,
    ENDING,
    NUMBERED,
    OPENING,
    REGISTRY,
    kind_of,
    tokens,
)
from pipeline.metadata.text.view import fold
from schemas.geometry import Box
from schemas.text import Line, PageText

HEAD, TAIL = 12, 9
_SPACED = re.compile(r"(?<!\w)(?:\w ){3,40}\w(?!\w)")
_PAGE_OF = re.compile(
    r"^\W*(?:[a-z]{3,7}\W{1,2})?([0-9oli]{1,3}) ?(?:/|din|de|of|d[il1][nm]) ?([0-9oli]{1,3})\W*$"
)
_PAGE_ALONE = re.compile(r"^\W*(?:pag\w*\W{0,2}|fila )?([0-9oli]{1,3})\W*$")
_DIGITS = str.maketrans("oli", "011")
_ITEM = re.compile(
    r"^\W*(?:(art|cap|sec)[a-z]*\W{1,2})?((?:\d{1,3}|[ivx]{1,5}|[a-z](?=\)))(?:\.\d{1,3})?)"
    r"(?=[.):\-–| ]|$)"
)
_ROMAN = {"i": 1, "v": 5, "x": 10}
_LONG_ROW, _TITLE_WORDS = 0.7, 9
_NUMBER_ROWS = 2
_LEAST_WORD, _LEAST_WORDS, _ENOUGH = 4, 6, 100
_WIDTHS = dict.fromkeys("iljtfrI.,;:'!()|1-", 0.32) | dict.fromkeys("mwMW", 0.8)
Item = tuple[str, int]
Placed = tuple[Box, Line]


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a page from margin to margin: folded small letters; edges as shares of the page.

    `capitals` is a share of its letters; `small`: it begins with a small letter.
    """

    text: str
    left: float
    right: float
    top: float
    bottom: float
    capitals: float
    small: bool

    @property
    def height(self) -> float:
        return self.bottom - self.top


@dataclass(frozen=True, slots=True)
class Type:
    """How a page is set, in points: a letter's mean width, rows' distance, left edge of the text."""

    letter: float
    pitch: float
    left: float


@dataclass(frozen=True, slots=True)
class PageFacts:
    """What a page tells by itself; `rows` is 0 for one that is blank or has no words to read.

    Shares are 0 to 1. `first` is the numbering with which its text begins, `last` the last of each
    kind on it; `header` and `heads` are its first row, and its first rows.
    """

    rows: int = 0
    readable: bool = True
    number: int = 0
    total: int = 0
    title: float = 0.0
    title_at: int = HEAD
    annex_title: float = 0.0
    annex: bool = False
    annex_of: bool = False
    centred: int = 0
    letterhead: int = 0
    registry: bool = False
    numbered: bool = False
    address: bool = False
    opening: bool = False
    dated: bool = False
    begins_small: tuple[bool, ...] = ()
    first: Item | None = None
    last: tuple[Item, ...] = ()
    ends_open: bool = False
    ends_broken: bool = False
    signed: int = 0
    ending: bool = False
    top: float = 0.0
    bottom: float = 1.0
    header: str = ""
    heads: frozenset[str] = frozenset()
    words: frozenset[str] = frozenset()
    type: Type | None = None

    @property
    def blank(self) -> bool:
        """Nothing is on it; otherwise nothing of it could be read."""
        return self.readable and not self.rows


BLANK = PageFacts()
UNREADABLE = PageFacts(readable=False)


def _closed(text: str) -> str:
    """Spaced letters („H O T Ă R Â R E”) without their spaces."""
    return _SPACED.sub(lambda found: found[0].replace(" ", ""), text)


def _row(lines: Sequence[Placed], text: PageText) -> Row:
    boxes = [box for box, _ in lines]
    plain = _closed(fold(" ".join(line.text for _, line in lines)))
    letters = sum(map(str.isalpha, plain))
    wide, high = max(1, text.size.width), max(1, text.size.height)
    return Row(
        plain.lower(),
        min(b.x for b in boxes) / wide,
        max(b.x + b.w for b in boxes) / wide,
        min(b.y for b in boxes) / high,
        max(b.y + b.h for b in boxes) / high,
        sum(map(str.isupper, plain)) / letters if letters else 0.0,
        plain[:1].islower(),
    )


def lines_of(text: PageText) -> tuple[Placed, ...]:
    """The lines that hold anything, each with its box."""
    lines = (line for line in text.lines if any(word.text.strip() for word in line.words))
    return tuple((line.box, line) for line in lines)


def rows_of(text: PageText, lines: Sequence[Placed]) -> tuple[Row, ...]:
    """A page's rows from its top: lines at the same height are one, left before right.

    Where no word has a place, the lines as they are.
    """
    if not any(box.h for box, _ in lines):
        return tuple(_row([line], text) for line in lines)
    rows: list[list[Placed]] = []
    for placed in sorted(lines, key=lambda one: 2 * one[0].y + one[0].h):
        box, above = placed[0], rows[-1][0][0] if rows else None
        shared = min(above.y + above.h, box.y + box.h) - max(above.y, box.y) if above else 0
        if above and shared > min(above.h, box.h) / 2:
            rows[-1].append(placed)
        else:
            rows.append([placed])
    return tuple(_row(sorted(row, key=lambda one: one[0].x), text) for row in rows)


def _numbers(rows: Sequence[Row]) -> tuple[int, int, tuple[Row, ...]]:
    """Page number and how many there are (0 where not told), and the rows without these."""
    for at in range(len(rows) - 1, -1, -1):
        if _NUMBER_ROWS <= at < len(rows) - _NUMBER_ROWS:
            continue
        rest = (*rows[:at], *rows[at + 1 :])
        found = _PAGE_OF.match(rows[at].text)
        if found and _number(found[1]) <= _number(found[2]):
            return _number(found[1]), _number(found[2]), rest
        alone = _PAGE_ALONE.match(rows[at].text)
        if alone and _number(alone[1]):
            return _number(alone[1]), 0, rest
    return 0, 0, tuple(rows)


def _number(text: str) -> int:
    return int(text.translate(_DIGITS))


def _title_of(row: Row, usual: float, capitals: float) -> tuple[str, float]:
    """What a row is the title of (act, annex or nothing), and how much it looks like a title."""
    words = tokens(row.text)
    named = next((word for word in words if word.isalpha()), "")
    kind = kind_of(named) if len(words) <= _TITLE_WORDS else ""
    if kind not in {"act", "annex"} or words.index(named) > 1:
        return "", 0.0
    looks = (_is_centred(row), row.height > 1.15 * usual, row.capitals > max(0.6, capitals + 0.2))
    return kind, 0.25 + 0.25 * sum(looks)


def _is_centred(row: Row) -> bool:
    """In the middle of its page, and clear of both margins."""
    off = abs((row.left + row.right) / 2 - 0.51)
    return off < 0.05 and row.right - row.left < _LONG_ROW  # noqa: PLR2004 a twentieth of the page


def _titles(head: Sequence[Row], usual: float, capitals: float) -> dict[str, float]:
    """The strongest title of either kind, and the row of the act's."""
    best = {"act": 0.0, "annex": 0.0, "at": float(HEAD)}
    for at, row in enumerate(head):
        kind, looks = _title_of(row, usual, capitals)
        if kind and looks > best[kind]:
            best[kind] = looks
            best["at"] = float(at) if kind == "act" else best["at"]
    return best


def _item(row: Row) -> Item | None:
    """The numbering with which a row begins: its kind and its place in the series."""
    found = _ITEM.match(row.text)
    if found is None:
        return None
    kind, (major, _, minor) = found[1] or "", found[2].partition(".")
    if minor:
        return f"{kind} {major}.", int(minor)
    if major.isdigit():
        return f"{kind} 1", int(major)
    if set(major) <= _ROMAN.keys() and (kind or len(major) > 1):
        return f"{kind} I", _roman(major)
    return f"{kind} a", ord(major[0]) - ord("a") + 1


def _roman(text: str) -> int:
    values = [_ROMAN[c] for c in text]
    return sum(-v if v < max(values[i:]) else v for i, v in enumerate(values))


def _type(text: PageText, lines: Sequence[Placed]) -> Type | None:
    """Measured on the page's words and rows; None where these have no places or are too few."""
    points = 72 / max(1, text.dpi)
    long = (
        word
        for _, line in lines
        for word in line.words
        if len(word.text) >= _LEAST_WORD and word.box.w and word.text.isalpha()
    )
    words = [w.box.w / sum(_WIDTHS.get(c, 0.56) for c in w.text) for w in islice(long, _ENOUGH)]
    if len(words) < _LEAST_WORDS:
        return None
    letter = median(words)
    feet = sorted(box.y + box.h for box, _ in lines)
    steps = [b - a for a, b in pairwise(feet) if b - a > letter / 2]
    lefts = sorted(box.x for box, line in lines if len(line.words) > _LEAST_WORD)
    left = lefts[len(lefts) // 10] if lefts else min(box.x for box, _ in lines)
    return Type(letter * points, (median(steps) if steps else 0.0) * points, left * points)


def _tail(rows: Sequence[Row], right: float) -> dict[str, object]:
    """How the page ends; a row is open that runs to the margin and ends like no sentence."""
    last, tail = rows[-1], rows[-TAIL:]
    short = [row for row in tail if len(tokens(row.text)) <= _TITLE_WORDS]
    return {
        "ends_broken": bool(re.search(r"[a-z]-$", last.text)),
        "ends_open": last.right > right - 0.03 and not re.search(r"[.;:!?]\W*$", last.text),
        "signed": sum(any(kind_of(w) == "signer" for w in tokens(r.text)) for r in short),
        "ending": any(ENDING.search(row.text) for row in tail),
        "bottom": last.bottom,
    }


def _heading(rows: Sequence[Row]) -> dict[str, object]:
    """What stands at the head of the page."""
    head, top = rows[:HEAD], rows[:4]
    short = [row for row in rows[:8] if len(tokens(row.text)) <= _TITLE_WORDS]
    house = [row for row in short[:6] if any(kind_of(w) == "house" for w in tokens(row.text)[:3])]
    return {
        "annex": any(ANNEX.match(row.text) for row in top),
        "annex_of": any(ANNEX_OF.match(row.text) for row in top),
        "centred": sum(_is_centred(row) for row in short),
        "letterhead": len(house),
        "registry": any(REGISTRY.search(row.text) for row in rows[:8]),
        "numbered": any(NUMBERED.search(row.text) for row in short),
        "address": any(kind_of(w) == "address" for r in head for w in tokens(r.text)[:2]),
        "opening": any(OPENING.match(row.text) for row in rows[: HEAD + 4]),
        "dated": any(DATE.search(row.text) for row in short),
    }


def _edges(rows: Sequence[Row]) -> dict[str, object]:
    """The page's first words and the numberings on it."""
    items = [item for item in (_item(row) for row in rows) if item]
    return {
        "begins_small": tuple(row.small for row in rows[:2]),
        "first": next((item for item in map(_item, rows[:3]) if item), None),
        "last": tuple(dict(items).items()),
        "header": rows[0].text,
        "heads": frozenset(row.text for row in rows[:3]),
    }


def page_facts(text: PageText | None) -> PageFacts:
    """The facts of a page; None stands for one that could not be read."""
    if text is None:
        return UNREADABLE
    lines = lines_of(text)
    every = rows_of(text, lines)
    number, total, rows = _numbers(every)
    if not rows:
        return PageFacts(readable=False, number=number, total=total)
    usual = median(row.height for row in rows)
    titles = _titles(rows[:HEAD], usual, median(row.capitals for row in rows))
    right = sorted(row.right for row in rows)[-1 - len(rows) // 8]
    facts: dict[str, object] = {**_heading(rows), **_edges(rows), **_tail(rows, right)}
    return PageFacts(
        rows=len(rows),
        number=number,
        total=total,
        title=titles["act"],
        title_at=int(titles["at"]),
        annex_title=titles["annex"],
        top=rows[0].top,
        words=frozenset(_telling(rows)),
        type=_type(text, lines),
        **facts,  # type: ignore[arg-type]  # by the fields' names
    )


def _telling(rows: Sequence[Row]) -> Iterator[str]:
    """Words long enough to tell one paper from another."""
    return (word for row in rows for word in tokens(row.text) if len(word) >= _LEAST_WORD)

"""Papers of unfamiliar kinds: what of each must go and what must stay, as written and made worse."""

import random
import re
import textwrap
import tomllib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from pipeline.metadata.documenttext import read_document
from pipeline.metadata.text.view import fold
from pipeline.privacy.finding import find_personal
from pipeline.privacy.finding.words import PARTS, STREETS
from pipeline.training.entities_wear import in_capitals, misread, without_diacritics
from schemas.geometry import Box, Size
from schemas.privacy import PersonalKind
from schemas.text import Block, Line, PageText, Word

SETS = {
    "first": "unfamiliar_papers.toml",
    "second": "unfamiliar_papers_second.toml",
    "third": "unfamiliar_papers_third.toml",
}
FOREIGN = {
    "foreign": "foreign_papers.toml",
    "foreign second": "foreign_papers_second.toml",
    "foreign third": "foreign_papers_third.toml",
}
NAMED = frozenset(("PERSON", "ADDRESS"))
GENERIC = STREETS | PARTS | frozenset(("pfa", "zis", "jr", "born"))
ANNOUNCING = frozenset(("ci", "bi", "seria", "nr", "numarul", "tel"))
CHAR, HEIGHT, PITCH = 18, 30, 48
SPACES = re.compile(r"\s+")
Stretch = tuple[int, int, str]
Worn = tuple[str, Callable[[int], int]]


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper's text; what must go, with kinds; what must stay; what should, and is hidden so far."""

    name: str
    text: str
    hide: tuple[Stretch, ...]
    keep: tuple[Stretch, ...]
    too_much: tuple[Stretch, ...]


def _found(text: str, wanted: str) -> Iterator[tuple[int, int]]:
    pattern = r"\s+".join(map(re.escape, SPACES.split(wanted.strip())))
    for match in re.finditer(rf"(?<!\w){pattern}(?!\w)", text):
        yield match.span()


def paper_of(told: Mapping[str, object]) -> Paper:
    """A paper of its text and of lists of what must go and must stay."""
    text = str(told["text"])
    keep = [(*s, "keep") for one in told["keep"] for s in _found(text, one)]
    more = [(*s, "more") for one in told.get("too_much", ()) for s in _found(text, one)]
    hide = [
        (*s, kind)
        for kind, values in told["hide"].items()
        for one in values
        for s in _found(text, one)
        if not any(s[0] < end and start < s[1] for start, end, _ in (*keep, *more))
    ]
    return Paper(str(told["name"]), text, tuple(sorted(set(hide))), tuple(keep), tuple(more))


def unfamiliar(papers: str) -> tuple[Paper, ...]:
    """The papers of one of the sets, each what it says must go found in its text."""
    path = Path(__file__).with_name({**SETS, **FOREIGN}[papers])
    return tuple(map(paper_of, tomllib.loads(path.read_text("utf-8"))["papers"]))


def _same(text: str) -> Worn:
    return text, lambda at: at


def _noisy(rate: float, seed: int) -> Callable[[str], Worn]:
    def worn(text: str) -> Worn:
        read, places = misread(text, rate, random.Random(f"{seed} {text[:40]}"))
        return read, lambda at: places[at]

    return worn


def _wrapped(width: int) -> Callable[[str], Worn]:
    def worn(text: str) -> Worn:
        lines = (
            textwrap.wrap(line, width, break_long_words=False, break_on_hyphens=False)
            if len(line) > width and "   " not in line
            else [line]
            for line in text.split("\n")
        )
        again = "\n".join("\n".join(line) for line in lines)
        return (again, lambda at: at) if len(again) == len(text) else (text, lambda at: at)

    return worn


VARIANTS: dict[str, Callable[[str], Worn]] = {
    "clean": _same,
    "no diacritics": lambda text: _same(without_diacritics(text)),
    "capitals": lambda text: _same(in_capitals(text)),
    "width 44": _wrapped(44),
    "width 70": _wrapped(70),
    "0.5 %": _noisy(0.005, 5),
    "1 %": _noisy(0.01, 1),
}


def _page(text: str) -> tuple[PageText, list[tuple[int, int]]]:
    """A page on which every letter is as wide, and where its words stand in the text."""
    lines, spans, offset = [], [], 0
    for row, line in enumerate(text.split("\n")):
        words = []
        for match in re.finditer(r"\S+", line):
            first, last = match.span()
            spans.append((offset + first, offset + last))
            box = Box(100 + CHAR * first, PITCH * row, CHAR * (last - first) - 6, HEIGHT)
            words.append(Word(match[0], box, 0.95))
        if words:
            lines.append(Line(tuple(words)))
        offset += len(line) + 1
    return PageText(Size(2480, 3508), 300, (Block(tuple(lines)),) if lines else ()), spans


def _telling(word: str, kind: str) -> bool:
    core = re.sub(r"[^0-9a-z]", "", fold(word).lower())
    if kind not in NAMED:
        return len(core) > 1 and core not in ANNOUNCING
    great = word.lstrip("„\"'(")[:1].isupper() or any(c.isdigit() for c in word)
    return great and len(core) > 1 and core not in GENERIC


@dataclass(frozen=True, slots=True)
class Outcome:
    """What had to go and what is left open of it; what should have stayed; words hidden for nothing."""

    planted: Counter[str]
    missed: tuple[tuple[str, str, str], ...]
    lost: tuple[str, ...]
    words: int
    over: tuple[str, ...]


def searched(paper: Paper, variant: str) -> Outcome:
    """A paper made worse in one way, understood and searched as the program does."""
    text, moved = VARIANTS[variant](paper.text)
    page, spans = _page(text)
    read = read_document((page,))
    kind = read.first.fields.get("type")
    data = find_personal(read, (page,), 1, None, kind.value if kind else "")
    gone = {n for item in data.items if item.kind is not PersonalKind.SIGNATURE for n in item.words}
    planted: Counter[str] = Counter()
    missed, private = [], set()
    for start, end, label in paper.hide:
        low, high = moved(start), moved(end)
        own = [n for n, (a, b) in enumerate(spans) if a < high and low < b]
        private.update(own)
        tell = [match.span() for match in re.finditer(r"\S+", paper.text[start:end])]
        telling = {
            n
            for a, b in tell
            if _telling(paper.text[start + a : start + b], label)
            for n in own
            if spans[n][0] < moved(start + b) and moved(start + a) < spans[n][1]
        }
        planted[label] += 1
        left = sorted(telling - gone)
        if left:
            missed.append((label, text[low:high], " ".join(page.words[n].text for n in left)))
    lost = []
    for start, end, _ in paper.keep:
        low, high = moved(start), moved(end)
        if any(a < high and low < b for n, (a, b) in enumerate(spans) if n in gone):
            lost.append(text[low:high])
    over = tuple(page.words[n].text for n in sorted(gone - private))
    return Outcome(planted, tuple(missed), tuple(lost), len(spans), over)

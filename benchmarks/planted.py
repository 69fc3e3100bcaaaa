"""Sample pages as they were read, beside what is planted on them."""

import argparse
import random
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from rapidfuzz.distance import Levenshtein

from examples.binders import (
    DocumentTruth,
    EntityTruth,
    PageTruth,
    binder_names,
    generate,
    load_truth,
    truth_pages,
)
from pipeline.page import read_page
from scanners.pages.decode import decode_page
from scanners.sources import sniff
from schemas.errors import OpisError
from schemas.geometry import Affine, Box, Size
from schemas.settings import Settings
from schemas.text import Block, Line, PageText, Word

ABBREVIATIONS = frozenset(
    "str nr bl sc et ap jud seria com sat mun sector bd cod tel bi ci".split()  # noqa: SIM905 - read as text
)
HEALTH = re.compile(
    r"bolnav|probleme\s+de\s+sănătate|medicament|diagnostic|certificat\w*\s+medical"
    r"|internat[ăi]?\s+în\s+spital|invaliditate|tratament\w*\s+medical"
)
"""Words of the true text by which a document that is not public tells of somebody's health."""
CHAR, HEIGHT, PITCH = 18, 30, 48  # a drawn word's pixels where no page is drawn
LOOKS = ("0O", "1l", "5S", "8B", "il", "ec", "ao", "un", "6b", "38", "tl", "CG", "hb")


@dataclass(frozen=True, slots=True)
class Planted:
    """An identifier of a private person: its label, value, and its telling words.

    Of each of these, the places of what was read there, and its box on the page.
    """

    label: str
    value: str
    words: tuple[tuple[tuple[int, ...], Box], ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A page as read, what is planted on it, its words that are private, and its error rate."""

    text: PageText
    planted: tuple[Planted, ...]
    private: frozenset[int]
    cer: float
    file: str = ""


@dataclass(frozen=True, slots=True)
class Paper:
    """A document: its pages, whether it is planted as public, its template, whether health is in it."""

    sheets: tuple[Sheet, ...]
    public: bool
    template: str
    health: bool = False


def _telling(text: str) -> bool:
    core = re.sub(r"[^0-9a-zA-Zà-ÿĂăȘșȚț]", "", text).lower()
    return len(core) > 1 and core not in ABBREVIATIONS


def _offsets(page: PageTruth) -> list[tuple[int, int]]:
    return [match.span() for match in re.finditer(r"\S+", page.text)]


def _touched(spans: Sequence[tuple[int, int]], entity: EntityTruth) -> list[int]:
    return [n for n, (start, end) in enumerate(spans) if start < entity.end and entity.start < end]


def misread(word: str, noise: float, draw: random.Random) -> str:
    """A word with each letter misread, lost or doubled at a rate."""
    signs: list[str] = []
    for sign in word:
        if draw.random() >= noise:
            signs.append(sign)
            continue
        twin = next((pair for pair in LOOKS if sign in pair), "")
        other = twin.replace(sign, "") if twin else draw.choice("iltcoeanrs0138")
        signs.append(draw.choice((other, other, other, "", sign + draw.choice("il.'"))))
    return "".join(signs) or "."


def _drawn(page: PageTruth, noise: float, draw: random.Random) -> Sheet:
    """A page of the truth's own words, misread, on an invented layout."""
    spans = _offsets(page)
    lines: list[list[Word]] = []
    last = 0
    wrong = 0
    for start, end in spans:
        if not lines or "\n" in page.text[last:start]:
            lines.append([])
        column = start - (page.text.rfind("\n", 0, start) + 1)
        box = Box(100 + CHAR * column, PITCH * len(lines), CHAR * (end - start) - 6, HEIGHT)
        read = misread(page.text[start:end], noise, draw)
        wrong += Levenshtein.distance(read, page.text[start:end])
        lines[-1].append(Word(read, box, 0.95))
        last = end
    block = Block(tuple(Line(tuple(words)) for words in lines))
    text = PageText(Size(2480, 3508), 300, (block,) if lines else ())
    words = text.words
    planted, private = [], set()
    for entity in page.entities:
        own = _touched(spans, entity)
        if not entity.official:
            private.update(own)
            telling = [n for n in own if _telling(page.text[slice(*spans[n])])]
            places = tuple(((n,), words[n].box) for n in telling)
            planted.append(Planted(entity.label, entity.value, places))
    cer = wrong / max(1, sum(end - start for start, end in spans))
    return Sheet(text, tuple(planted), frozenset(private), cer)


def _to_page(page: PageTruth, text: PageText) -> Callable[[tuple[int, int, int, int]], Box]:
    (a, b, c), (d, e, f) = page.transform
    way = Affine(a, b, c, d, e, f).then(text.transform)
    return lambda box: way.box(Box(*box))


def _under(words: Sequence[Word], box: Box) -> tuple[int, ...]:
    """Words whose ink lies for the most part on a planted word's, or the other way about."""
    return tuple(
        n
        for n, word in enumerate(words)
        if word.box.overlap(box) > 0.3 * min(word.box.area, box.area)
    )


def _aligned(page: PageTruth, text: PageText, file: str) -> Sheet:
    """What was read of a page beside what was planted on it, by place."""
    spans, words = _offsets(page), text.words
    place = _to_page(page, text)
    boxes = [place(word.box) for word in page.words]
    under = [_under(words, box) for box in boxes]
    wrong = _errors(page, words, under)
    planted: list[Planted] = []
    private: set[int] = set()
    for entity in page.entities:
        own = _touched(spans, entity)
        if not entity.official:
            private.update(n for word in own for n in under[word])
            telling = [n for n in own if _telling(page.words[n].text)]
            planted.append(
                Planted(entity.label, entity.value, tuple((under[n], boxes[n]) for n in telling))
            )
    return Sheet(text, tuple(planted), frozenset(private), wrong, file)


def _errors(page: PageTruth, words: Sequence[Word], under: Sequence[tuple[int, ...]]) -> float:
    """Wrong letters a letter; words read as one are compared as one."""
    wrong = letters = at = 0
    while at < len(under):
        end = at + 1
        while end < len(under) and under[at] and under[end][:1] == under[at][-1:]:
            end += 1
        true = "".join(word.text for word in page.words[at:end])
        read = "".join(words[n].text for n in sorted({n for u in under[at:end] for n in u}))
        wrong += min(len(true), Levenshtein.distance(true, read))
        letters += len(true)
        at = end
    return wrong / max(1, letters)


def _read_page(out: Path, page: PageTruth, settings: Settings) -> Sheet | None:
    path = out / "binders" / page.file
    kind = sniff(path.read_bytes()[:1024])
    if page.kind != "text" or kind is None:
        return None
    try:
        image = decode_page(path, kind, page.frame, settings)
        outcome = read_page(image.pixels, image.dpi, settings, settings.language, separator=False)
    except OpisError:
        return None
    return _aligned(page, outcome.text, str(path))


def _papers(out: Path, read: Callable[[PageTruth], Sheet | None]) -> Iterator[Paper]:
    for name in binder_names(out):
        truth = load_truth(out, name)
        pages = {page.page: page for page in truth_pages(out, name)}
        for document in truth.documents:
            own = [pages[n] for n in range(document.first_page, document.last_page + 1)]
            both = [(page, sheet) for page in own if (sheet := read(page))]
            if both:
                health = any(HEALTH.search(page.text) for page, _ in both)
                yield _paper(document, tuple(sheet for _, sheet in both), health)


def _paper(document: DocumentTruth, sheets: tuple[Sheet, ...], health: bool) -> Paper:
    return Paper(sheets, document.public, document.template, health and not document.public)


def papers(chosen: argparse.Namespace, out: Path) -> tuple[Paper, ...]:
    """The documents of sample binders as they were read."""
    generate(
        out,
        chosen.binders,
        chosen.pages,
        chosen.seed,
        workers=1,
        progress=lambda _: None,
        templates=chosen.templates,
        text_only=chosen.text_only,
        form="folder",
    )
    draw = random.Random(chosen.seed)  # noqa: S311 - misreadings, no secret
    settings = Settings()

    def read(page: PageTruth) -> Sheet | None:
        if chosen.text_only:
            return _drawn(page, chosen.noise, draw) if page.kind == "text" else None
        return _read_page(out, page, settings)

    return tuple(_papers(out, read))

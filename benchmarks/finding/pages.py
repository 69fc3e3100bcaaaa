"""Text-only pages of an archive that does not exist: words by Zipf's law, some of them misread.

A page depends on its number and the seed alone, so that its text is made again for highlighting.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

import numpy as np

from schemas.geometry import Box, Size
from schemas.hits import IndexedPage
from schemas.text import Block, Line, PageText, Word

WORDS = 215
"""Words of a page: about 1,500 characters."""
UNIT_PAGES = 200
_DOCUMENT_PAGES = 4
_LINE = 12
_SHIFT = 2.7
_LETTERS = "abcdefghijklmnopqrstuvxz"
_CONFUSED = {"m": "rn", "l": "1", "o": "0", "ă": "a", "ș": "s", "i": "l", "u": "ii", "d": "cl"}
_TYPES = (
    *("hotărâre", "dispoziție", "cerere", "adresă", "proces-verbal", "contract"),
    *("autorizație", "certificat", "referat", "notă internă", "petiție", "raport"),
)
_FONDS = ("Primăria Sectorului 6", "Primăria Timișoara", "Sfatul Popular", "Administrația locală")
_INSTITUTIONS = ("Primăria", "Impozite și taxe locale", "Asistență socială", "Poliția locală")
_DEPARTMENTS = (
    *("Urbanism", "Juridic", "Resurse umane", "Registratură", "Financiar", "Patrimoniu"),
    *("Investiții", "Spații verzi", "Stare civilă", "Achiziții", "Audit", "Relații cu publicul"),
)
_PROBLEMS = ("parking", "lighting", "waste", "noise", "roads", "green", "building", "taxes", "none")
_DATED = 0.8
_REGIMES = ("public", "anonymised", "restricted")


@dataclass(frozen=True, slots=True, eq=False)
class Corpus:
    """How many pages there are, and the words that they are made of, the most frequent first."""

    pages: int
    words: tuple[str, ...]
    shares: np.ndarray
    noise: float
    seed: int

    def text(self, page: int) -> str:
        """The words of a page, twelve a line; a share of them has a letter misread."""
        chance = np.random.default_rng((self.seed, page))
        ranks = np.searchsorted(self.shares, chance.random(WORDS))
        words = [self.words[rank] for rank in ranks]
        for place in np.flatnonzero(chance.random(WORDS) < self.noise):
            words[place] = misread(words[place], chance)
        return "\n".join(" ".join(line) for line in _cut(words))

    def indexed(self, page: int) -> IndexedPage:
        """A page as the index takes it, with the fields of its document and unit."""
        unit, place = divmod(page, UNIT_PAGES)
        return replace(
            _document(self, page // _DOCUMENT_PAGES),
            unit=f"ua-{unit:08d}",
            page=place + 1,
            document_page=place % _DOCUMENT_PAGES + 1,
            leaf=f"{place // 2 + 1}{'rv'[place % 2]}",
            text=self.text(page),
        )

    def name(self, chance: random.Random, kinds: int) -> str:
        """One of so many names."""
        return self.words[1000 + chance.randrange(kinds)].capitalize()


@lru_cache(maxsize=64)
def _document(made: Corpus, document: int) -> IndexedPage:
    """What the pages of a document have in common."""
    chance = random.Random(made.seed * 2**32 + document)  # noqa: S311 nothing secret
    unit = document * _DOCUMENT_PAGES // UNIT_PAGES
    year, month, day = chance.randint(1950, 2024), chance.randint(1, 12), chance.randint(1, 28)
    return IndexedPage(
        unit="",
        document=f"doc-{document:08d}",
        page=0,
        document_page=0,
        leaf="",
        text="",
        type=chance.choice(_TYPES),
        number=str(chance.randint(1, 3000)),
        date=f"{year}-{month:02d}-{day:02d}" if chance.random() < _DATED else "",
        issuer=made.name(chance, 200),
        fond=_FONDS[unit % len(_FONDS)],
        institution=_INSTITUTIONS[unit % len(_INSTITUTIONS)],
        department=_DEPARTMENTS[unit % len(_DEPARTMENTS)],
        cota=f"{unit}/{1950 + unit % 75}",
        year=str(year),
        problem=chance.choice(_PROBLEMS),
        regime=chance.choice(_REGIMES),
        places=tuple(made.name(chance, 3000) for _ in range(chance.randrange(4))),
    )


def _cut(words: list[str]) -> Iterator[list[str]]:
    return (words[start : start + _LINE] for start in range(0, len(words), _LINE))


def misread(word: str, chance: np.random.Generator) -> str:
    """The word with one letter as a machine might have read it."""
    place = int(chance.integers(0, len(word)))
    other = _CONFUSED.get(word[place]) or _LETTERS[int(chance.integers(0, len(_LETTERS)))]
    return word[:place] + other + word[place + 1 :]


def corpus(pages: int, wordlist: Path, noise: float, seed: int = 7) -> Corpus:
    """Pages of the words of a list that has the most frequent first; chances fall by Zipf's law."""
    words = tuple(w for w in wordlist.read_text(encoding="utf-8").split() if w.isalpha())
    weights = 1.0 / (np.arange(len(words)) + _SHIFT)
    return Corpus(pages, words, np.cumsum(weights / weights.sum()), noise, seed)


def page_text(text: str) -> PageText:
    """A page's words as its ALTO would give them, in lines on an A4 sheet."""
    lines = tuple(
        Line(
            tuple(
                Word(w, Box(100 + 180 * m, 100 + 60 * n, 170, 40), 0.9) for m, w in enumerate(words)
            )
        )
        for n, words in enumerate(line.split() for line in text.split("\n"))
    )
    return PageText(Size(2480, 3508), 300, (Block(lines),))

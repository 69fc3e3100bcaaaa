"""What is known of words before any training: how they are written, and what lists they stand in.

A class is 5 x how (below) + list: 1 first names, 2 countries and great cities in Romanian with
their genitives, 3 localities of Romania, 4 cities of the world.
"""

import csv
import json
import re
import zlib
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np

from pipeline.metadata.entities.entity_words import Lexicon
from pipeline.metadata.text.view import fold
from pipeline.metadata.text.vocabulary import FIRST_NAMES

CLASSES: Final = 32
SMALL, MORE_SMALL, MORE_CAPITAL, CAPITAL, CAPITALS = 1, 2, 3, 4, 5
_LIGATURES: Final = {"ﬆ": "st", "ﬁ": "fi", "ﬂ": "fl", "ﬀ": "ff", "ﬃ": "ffi"}
_UNIT: Final = re.compile(r"^(?:MUNICIPIUL|ORAȘ(?:UL)?|JUDEȚUL|COMUNA)\s")
_RARE: Final = 1 << 30
_GREAT: Final = 100_000  # inhabitants


@dataclass(frozen=True, slots=True)
class Sources:
    """Files: words by falling frequency, SIRUTA, CLDR in Romanian (two), cities of GeoNames."""

    words: Path
    localities: Path
    territories: Path
    zones: Path
    cities: Path


def _written(path: Path) -> dict[str, int]:
    """How each word is mostly written: the list has every spelling apart."""
    ranks: dict[str, list[int]] = defaultdict(lambda: [_RARE] * 3)
    for rank, line in enumerate(path.read_text("utf-8").splitlines()):
        word = fold("".join(_LIGATURES.get(sign, sign) for sign in line.strip()))
        if word.isalpha() and word.isascii():
            small, capital = word.islower(), word[1:].islower() or len(word) == 1
            if small or capital or word.isupper():
                kind = 0 if small else 1 if capital else 2
                ranks[word.lower()][kind] = min(ranks[word.lower()][kind], rank)
    return {word: _how(*kinds) for word, kinds in ranks.items()}


def _how(small: int, capital: int, capitals: int) -> int:
    if capitals < min(small, capital):
        return CAPITALS
    if capital == _RARE:
        return SMALL
    if small == _RARE:
        return CAPITAL
    return MORE_SMALL if small < capital else MORE_CAPITAL


def _parts(names: Iterable[str], least: int) -> Iterator[str]:
    for name in names:
        yield from re.findall(rf"[a-z]{{{least},}}", fold(name).lower())


def _declined(word: str) -> tuple[str, ...]:
    if word.endswith("ia"):
        return (word, word[:-1] + "ei")
    if word.endswith("a"):
        return (word, word[:-1] + "ei", word[:-1] + "i", word[:-1] + "ai")
    return (word, word + "ului", word + "lui")


def _json(path: Path) -> Any:  # noqa: ANN401 - as the file has it
    return json.loads(path.read_text("utf-8"))


def _exemplars(zones: Any) -> Iterator[str]:  # noqa: ANN401 - a tree of JSON
    for key, value in zones.items():
        if key == "exemplarCity":
            yield value
        elif isinstance(value, dict):
            yield from _exemplars(value)


def towns(path: Path) -> tuple[str, ...]:
    """Names of Romania's localities as they are written, each once."""
    with path.open(encoding="utf-8") as stream:
        rows = [_UNIT.sub("", row["DENLOC"]) for row in csv.DictReader(stream, delimiter=";")]
    return tuple(sorted({" ".join(word.capitalize() for word in row.split()) for row in rows}))


def read_lexicon(sources: Sources) -> Lexicon:
    """The lexicon of these files."""
    names = _json(sources.territories)["main"]["ro"]["localeDisplayNames"]["territories"].values()
    zones = _json(sources.zones)["main"]["ro"]["dates"]["timeZoneNames"]["zone"]
    cities = (c["name"] for c in _json(sources.cities).values() if c["population"] >= _GREAT)
    lists = {
        4: set(_parts(cities, 4)),
        3: set(_parts(towns(sources.localities), 3)),
        2: {form for word in _parts(names, 4) for form in _declined(word)}
        | set(_parts(_exemplars(zones), 4)),
        1: set(FIRST_NAMES),
    }
    written = _written(sources.words)
    classes = {word: 5 * how for word, how in written.items()}
    for number, words in lists.items():
        classes |= {word: 5 * written.get(word, 0) + number for word in words}
    return lexicon_of(classes)


def lexicon_of(classes: dict[str, int]) -> Lexicon:
    """A lexicon of small folded words with their classes."""
    rows = sorted({zlib.crc32(word.encode()): kind for word, kind in classes.items()}.items())
    hashes, kinds = zip(*rows, strict=True)
    return Lexicon(np.array(hashes, np.uint32), np.array(kinds, np.uint8))

"""Which folded words are Romanian: what is not is probably a name, or misread.

`lexicon.bin` holds the sorted CRC-32 of 84,000 folded words and of their keys, `lexicon.txt.z` the folded
words themselves; made of the word list of the recognition engine's Romanian weights (Apache-2.0) by

    python -m search.asking.lexicon search/asking < WORDS

A word that is not in the list is taken for one that is in three of 100,000 cases.
"""

import sys
import zlib
from array import array
from bisect import bisect_left
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

from rapidfuzz import process
from rapidfuzz.distance import OSA

from search.romanian import keys, modern

_NUMBERS, _WORDS = "lexicon.bin", "lexicon.txt.z"
_HERE = Path(__file__).parent
_SHORTEST = 3
_MOST_NEAREST = 8
_EDGE = 3


def _number(word: str, sign: str) -> int:
    return zlib.crc32(f"{sign}{word}".encode())


def packed(words: Iterable[str]) -> bytes:
    """The list's bytes, of printed words; what has other signs than letters is left out."""
    numbers: set[int] = set()
    for word in words:
        if word.isalpha() and len(word) >= _SHORTEST:
            numbers.add(_number(modern(word), "w"))
            numbers.update(_number(key, "k") for key in keys(word))
    ordered = array("I", sorted(numbers))
    if sys.byteorder == "big":
        ordered.byteswap()
    return ordered.tobytes()


@lru_cache(maxsize=1)
def _numbers() -> "array[int]":
    numbers = array("I", (_HERE / _NUMBERS).read_bytes())
    if sys.byteorder == "big":
        numbers.byteswap()
    return numbers


def _listed(number: int) -> bool:
    numbers = _numbers()
    place = bisect_left(numbers, number)
    return place < len(numbers) and numbers[place] == number


def known(fold: str, stems: Iterable[str] = ()) -> bool:
    """Whether a folded word, or one of its keys, is Romanian; words under three letters are."""
    if len(fold) < _SHORTEST or _listed(_number(fold, "w")):
        return True
    return any(len(stem) >= _SHORTEST and _listed(_number(stem, "k")) for stem in stems)


@lru_cache(maxsize=1)
def _words() -> dict[str, list[str]]:
    """The words by their first letters and by their last letters, these behind a hyphen."""
    found: dict[str, list[str]] = {}
    for word in zlib.decompress((_HERE / _WORDS).read_bytes()).decode("ascii").split("\n"):
        found.setdefault(word[:_EDGE], []).append(word)
        found.setdefault(f"-{word[-_EDGE:]}", []).append(word)
    return found


@lru_cache(maxsize=1_000)
def nearest(fold: str, most: int) -> tuple[str, ...]:
    """Romanian words with the fewest wrong letters, at most `most` and at least one; eight of them.

    Only words with the same first three or the same last three letters are looked at.
    """
    alike = [*_words().get(fold[:_EDGE], ()), *_words().get(f"-{fold[-_EDGE:]}", ())]
    found = process.extract(
        fold, alike, scorer=OSA.distance, score_cutoff=most, limit=2 * _MOST_NEAREST
    )
    fewest = min((distance for word, distance, _ in found if word != fold), default=0)
    near = (word for word, distance, _ in found if distance == fewest and word != fold)
    return tuple(dict.fromkeys(near))[:_MOST_NEAREST]


def _make(folder: Path, printed: Iterable[str]) -> None:
    words = [word for word in printed if word.isalpha() and len(word) >= _SHORTEST]
    folds = sorted({fold for fold in map(modern, words) if fold.isascii() and fold.isalpha()})
    (folder / _NUMBERS).write_bytes(packed(words))
    (folder / _WORDS).write_bytes(zlib.compress("\n".join(folds).encode("ascii"), 9))


if __name__ == "__main__":
    _make(Path(sys.argv[1]), sys.stdin.read().split())

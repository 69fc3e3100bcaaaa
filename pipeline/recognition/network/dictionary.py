"""The words of a .traineddata file's dictionary."""

import re
from bisect import bisect_left
from dataclasses import dataclass
from hashlib import blake2b

import numpy as np

from pipeline.recognition.network.binary import Reader, invalid

_MAGIC = 42
_LONGEST = 48
_MOST_STEPS = 12_000_000
_MOST_WORDS = 2_000_000
_MOST_CHARACTERS = 1 << 16
_LAST, _BACKWARD, _WORD_END = 1, 2, 4
_HASH = 8
_COMMA = str.maketrans("şţŞŢ", "șțȘȚ")
_ENDS = ".,;:!?()[]{}\"„”“»«'’‘`-–—/…*|"
_NUMBER = re.compile(r"[0-9]+(?:[.,:/-][0-9]+)*%?")
_ROMAN = re.compile(r"M{0,3}(?:CM|CD|D?C{0,3})(?:XC|XL|L?X{0,3})(?:IX|IV|V?I{0,3})")
_PARTS = re.compile(r"[-–/]")
_MOST_MARKS = 3


@dataclass(frozen=True, slots=True)
class _Edges:
    """The squished graph: node n's edges stand from place n on, to the first marked `last`."""

    letters: list[int]
    nodes: list[int]
    flags: list[int]


def _edges(data: bytes, name: str) -> _Edges:
    reader = Reader(data, name)
    magic, letters, count = reader.values("hii")
    if magic != _MAGIC or not 0 < letters <= _MOST_CHARACTERS or count < 0:
        invalid(name, "not a word graph")
    packed = reader.array("<u8", count)
    reader.finish()
    bits = letters.bit_length()
    nodes = (packed >> np.uint64(bits + 3)).astype(np.int64)
    return _Edges(
        (packed & np.uint64((1 << bits) - 1)).astype(np.int64).tolist(),
        nodes.tolist(),
        ((packed >> np.uint64(bits)) & np.uint64(7)).astype(np.int64).tolist(),
    )


def words_of(data: bytes, characters: tuple[str, ...], name: str) -> frozenset[str]:
    """Every word of a dawg part, with comma-below letters.

    Raises InputError("model-invalid") for a damaged graph, or one with cycles.
    """
    edges = _edges(data, name)
    words: set[str] = set()
    waiting = [(0, "")] if edges.letters else []
    steps = 0
    while waiting:
        place, before = waiting.pop()
        while True:
            steps += 1
            letter, after, flags = edges.letters[place], edges.nodes[place], edges.flags[place]
            if letter >= len(characters) or after >= len(edges.letters):
                invalid(name, "a word graph that points outside")
            text = before + characters[letter]
            if flags & _WORD_END:
                words.add(text.translate(_COMMA))
            if after > 0 and not flags & _BACKWARD:
                waiting.append((after, text))
            place += 1
            if flags & _LAST or place >= len(edges.letters):
                break
        if steps > _MOST_STEPS or len(words) > _MOST_WORDS or len(before) > _LONGEST:
            invalid(name, "a word graph without end")
    return frozenset(words)


def _number(word: str) -> int:
    return int.from_bytes(blake2b(word.encode(), digest_size=_HASH).digest(), "little")


def packed(words: frozenset[str]) -> bytes:
    """The words as Dictionary keeps them: their 64-bit hashes, sorted."""
    return np.array(sorted({_number(word) for word in words}), "<u8").tobytes()


class Dictionary:
    """Knows words, and what is written like a word or a number; holds eight bytes a word."""

    def __init__(self, table: bytes) -> None:
        self._table = memoryview(table).cast("Q")

    def __len__(self) -> int:
        return len(self._table)

    def _has(self, word: str) -> bool:
        number = _number(word)
        place = bisect_left(self._table, number)
        return place < len(self._table) and self._table[place] == number

    def _knows_word(self, word: str) -> bool:
        if self._has(word):
            return True
        if word.isupper():
            return self._has(word.lower()) or self._has(word.capitalize())
        return word[1:].islower() and word[0].isupper() and self._has(word.lower())

    def _knows_part(self, part: str) -> bool:
        return not part or bool(_NUMBER.fullmatch(part)) or self._knows_word(part)

    def knows(self, token: str) -> bool:
        """Whether it is a word in a case people write, words with hyphens, a number, or a mark.

        Marks at the ends are set aside; ş and ţ count as ș and ț.
        """
        word = token.translate(_COMMA).strip(_ENDS)
        if not word:
            return len(token) <= _MOST_MARKS or len(set(token)) == 1
        if _NUMBER.fullmatch(word) or _ROMAN.fullmatch(word) or self._knows_word(word):
            return True
        parts = _PARTS.split(word)
        return len(parts) > 1 and all(self._knows_part(part) for part in parts)

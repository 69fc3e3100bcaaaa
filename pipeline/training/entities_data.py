"""Annotated sentences: as they come, in the view that is scored, and parted for an honest test."""

import hashlib
import json
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeAlias

from pipeline.metadata.text.view import fold

Span: TypeAlias = tuple[int, int, str]
LABELS: Final = ("PERSON", "ORG", "PLACE", "DATE", "NUM", "MONEY")
COARSE: Final = {
    **{label: label for label in LABELS},
    **dict.fromkeys(("GPE", "LOC", "FACILITY"), "PLACE"),
    **dict.fromkeys(("DATETIME", "PERIOD"), "DATE"),
    **dict.fromkeys(("NUMERIC", "ORDINAL", "QUANTITY"), "NUM"),
}
PARTS: Final = ("train", "dev", "test")
_TOKEN = re.compile(r"\w+(?:[.'’-]\w+)*\.?")
_GRAM = 6  # words
_TENTHS = {8: "dev", 9: "test"}


@dataclass(frozen=True, slots=True)
class Sentence:
    """A text and its entities (start, end, label), half open, in code points."""

    text: str
    entities: tuple[Span, ...]
    source: str = ""


def named(text: str, entities: Iterable[Span]) -> tuple[Span, ...]:
    """The *named* view: six labels; of persons from the first to the last capitalised word.

    Persons without a capital letter are left out, and so is every label that is no coarse one.
    """
    kept = []
    for start, end, label in entities:
        coarse = COARSE.get(label)
        if coarse == "PERSON":
            words = [m for m in _TOKEN.finditer(text[start:end]) if m[0][0].isupper()]
            if words:
                kept.append((start + words[0].start(), start + words[-1].end(), coarse))
        elif coarse is not None:
            kept.append((start, end, coarse))
    return tuple(kept)


def read_sentences(paths: Sequence[Path]) -> tuple[Sentence, ...]:
    """Sentences of JSON lines {"text", "entities": [[start, end, label]], "source"}."""
    rows = (json.loads(line) for path in paths for line in path.read_text("utf-8").splitlines())
    return tuple(
        Sentence(
            row["text"],
            tuple((int(s), int(e), str(label)) for s, e, label in row["entities"]),
            str(row.get("source", "")),
        )
        for row in rows
    )


def _grams(text: str) -> list[str]:
    words = re.findall(r"\w+", fold(text).lower())
    return [" ".join(words[at : at + _GRAM]) for at in range(max(1, len(words) - _GRAM + 1))]


def _groups(sentences: Sequence[Sentence]) -> list[int]:
    """A group's number for each sentence; those that share six words in a row are of one group."""
    parent = list(range(len(sentences)))

    def root(at: int) -> int:
        while parent[at] != at:
            parent[at] = at = parent[parent[at]]
        return at

    first: dict[str, int] = {}
    for number, sentence in enumerate(sentences):
        for gram in _grams(sentence.text):
            parent[root(number)] = root(first.setdefault(gram, number))
    return [root(number) for number in range(len(sentences))]


def parted(sentences: Sequence[Sentence]) -> dict[str, tuple[Sentence, ...]]:
    """PARTS of 80, 10 and 10 in a hundred, by a hash of the text, whole groups together."""
    parts: dict[str, list[Sentence]] = defaultdict(list)
    for sentence, group in zip(sentences, _groups(sentences), strict=True):
        digest = hashlib.sha256(sentences[group].text.encode()).digest()
        parts[_TENTHS.get(digest[0] * 10 // 256, "train")].append(sentence)
    return {part: tuple(parts[part]) for part in PARTS}

"""A typed text cut into signs of the query language; any text can be cut."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from search.asking.facts import facts

Kind = Literal["word", "quote", "fact", "field", "value", "open", "close", "or", "not", "must"]
LONGEST = 1000
_QUOTES = re.compile('["„”“«»]')
_GAP = re.compile(r"[\s,;|]+")
_OR = re.compile(r"(?:OR|SAU)(?![^\s()])")
_AND = re.compile(r"(?:AND|ȘI|ŞI|SI)(?![^\s()])")
_NOT = re.compile(r"(?:NOT|NU)(?=[\s(])")
_SIGNED = re.compile(r"[+-](?=[^\s,;|+-])")
_FIELD = re.compile(r"([^\W\d_]{2,30}):(?!/)(?=(\s?)\S)")
_VALUE = re.compile(r'[^\s,;|"„”“«»()]*')
_WORD = re.compile(r'[^\s,;|"„”“«»()]+')


@dataclass(frozen=True, slots=True)
class Sign:
    """A part of the text, `text[start:end]`; for a quotation and a field `value` is what is meant."""

    kind: Kind
    value: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Cut:
    """The signs of a text, and whether a quotation mark was left open."""

    signs: tuple[Sign, ...]
    unclosed: bool


def cut(text: str, fields: frozenset[str]) -> Cut:
    """The signs of a text's first thousand letters; `fields` are names that may stand with a space."""
    text = text[:LONGEST]
    marks = [found.start() for found in _QUOTES.finditer(text)]
    quotes = tuple(zip(marks[::2], marks[1::2], strict=False))
    unclosed = len(marks) % 2 == 1
    if unclosed:
        text = f"{text[: marks[-1]]} {text[marks[-1] + 1 :]}"
    return Cut(tuple(_Cutter(text, dict(quotes), fields).signs()), unclosed)


class _Cutter:
    def __init__(self, text: str, quotes: dict[int, int], fields: frozenset[str]) -> None:
        self._text = text
        self._quotes = quotes
        self._fields = fields
        bare = text
        for start, end in quotes.items():
            bare = bare[:start] + "\n" * (end + 1 - start) + bare[end + 1 :]
        self._facts = {fact.start: fact for fact in facts(bare)}
        self._depth = 0

    def signs(self) -> Iterator[Sign]:
        at, behind_field = 0, False
        while at < len(self._text):
            sign = (self._value(at) if behind_field else None) or self._sign(at)
            behind_field = bool(sign and sign.kind == "field") or (behind_field and not sign)
            if sign is None:
                at += 1
            else:
                yield sign
                at = sign.end

    def _sign(self, at: int) -> Sign | None:
        text, letter = self._text, self._text[at]
        if _GAP.match(letter):
            return None
        if at in self._quotes:
            end = self._quotes[at]
            return Sign("quote", text[at + 1 : end], at, end + 1)
        if letter in "()":
            return self._bracket(at)
        starts = at == 0 or not text[at - 1].isalnum()
        return (self._operator(at) if starts else None) or self._chunk(at)

    def _bracket(self, at: int) -> Sign | None:
        """A bracket of the language; those of "art. 5(2)" and "lit. a)" are signs of the text."""
        in_word = at > 0 and self._text[at - 1].isalnum()
        if self._text[at] == "(":
            if in_word:
                return None
            self._depth += 1
            return Sign("open", "(", at, at + 1)
        if self._depth == 0 and in_word:
            return None
        self._depth = max(0, self._depth - 1)
        return Sign("close", ")", at, at + 1)

    def _operator(self, at: int) -> Sign | None:
        text = self._text
        if _SIGNED.match(text, at):
            return Sign("must" if text[at] == "+" else "not", text[at], at, at + 1)
        if found := _OR.match(text, at):
            return Sign("or", found.group(), at, found.end())
        if found := _NOT.match(text, at):
            return Sign("not", found.group(), at, found.end())
        found = _FIELD.match(text, at)
        if found and (not found[2] or found[1].casefold() in self._fields):
            return Sign("field", found[1], at, found.end())
        return None

    def _value(self, at: int) -> Sign | None:
        """What stands behind a field's colon: a quotation, a date or a word with all its signs."""
        if at in self._quotes:
            return None
        end = self._facts[at].end if at in self._facts else at
        found = _VALUE.match(self._text, end)
        end = found.end() if found else end
        return Sign("value", self._text[at:end], at, end) if end > at else None

    def _chunk(self, at: int) -> Sign | None:
        if at in self._facts and self._facts[at].end > at:
            end = self._facts[at].end
            return Sign("fact", self._text[at:end], at, end)
        if found := _AND.match(self._text, at):
            return Sign("word", "", at, found.end())
        found = _WORD.match(self._text, at)
        if found is None:
            return None
        ends = (place for place in self._facts if at < place < found.end())
        end = min(ends, default=found.end())
        return Sign("word", self._text[at:end], at, end)

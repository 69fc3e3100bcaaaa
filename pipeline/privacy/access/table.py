"""The jurist's table: which rule gives a document which access regime, and why.

The table of the program stands beside this module (regim.toml); one in the archive's folder takes
its place. Whatever is wrong with it is named by line and key.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from pipeline.privacy.access.words import CATEGORIES, KINDS, REGIMES, SIGNS, TYPES, Sign, folded
from schemas.errors import InputError
from schemas.privacy import Category, PersonalKind
from schemas.records import Regime

T = TypeVar("T")
TABLE = "regim.toml"
_SHIPPED = Path(__file__).with_name(TABLE)
_RULE, _LIMITS = "regula", "praguri"
_LINE = re.compile(r"line (\d+)")
_LIMIT_KEYS = ("pagina", "categorie")
_FLAGS = ("nimic_gasit", "fara_semne", "om")
_WORDS: Mapping[str, Mapping[str, Any]] = {
    "tipuri": TYPES,
    "categorii": CATEGORIES,
    "gasite": KINDS,
    "semne": SIGNS,
}
_KEYS = frozenset({"nume", "incredere", "regim", "temei", *_FLAGS, *_WORDS})


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: what has to hold (None or empty: nothing), and what it then gives.

    `sure` is the least confidence in the document's type; `person`: somebody has to look first.
    """

    name: str
    regime: Regime
    person: bool
    why: str
    types: frozenset[str] = frozenset()
    sure: float = 0.0
    categories: frozenset[Category] = frozenset()
    kinds: frozenset[PersonalKind] = frozenset()
    nothing_found: bool = False
    signs: frozenset[Sign] = frozenset()
    no_signs: bool = False


@dataclass(frozen=True, slots=True)
class Rules:
    """The table: rules in their order, and from where on a page is badly read, a category counts."""

    rules: tuple[Rule, ...]
    page: float
    category: float


@dataclass(frozen=True, slots=True)
class _Place:
    """A table of the file: its name, and which of its kind it is, from 0."""

    lines: tuple[str, ...]
    name: str
    nth: int = 0

    def line(self, key: str) -> int:
        """The line (from 1) of a key, of the table's head where the key is not there."""
        head = re.compile(rf"\s*\[\[?\s*{self.name}\s*\]\]?")
        heads = [n for n, line in enumerate(self.lines, 1) if head.match(line)]
        if self.nth >= len(heads):
            return 1
        start = heads[self.nth]
        for number, line in enumerate(self.lines[start:], start + 1):
            if re.match(rf"\s*{re.escape(key)}\s*=", line):
                return number
            if line.lstrip().startswith("["):
                break
        return start

    def wrong(self, key: str, why: str) -> InputError:
        return InputError("regim-invalid", TABLE, n=self.line(key), key=key, why=why)


def _words(row: Mapping[str, Any], key: str, place: _Place) -> Iterator[Any]:
    known, given = _WORDS[key], row.get(key, [])
    if not isinstance(given, list) or not all(isinstance(word, str) for word in given):
        raise place.wrong(key, '["…", "…"]')
    for word in given:
        if folded(word) not in known:
            raise place.wrong(key, word)
        yield known[folded(word)]


def _number(row: Mapping[str, Any], key: str, place: _Place, default: float | None = None) -> float:
    value = row.get(key, default)
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1:
        raise place.wrong(key, f"{value}; 0–1")
    return float(value)


def _flag(row: Mapping[str, Any], key: str, place: _Place) -> bool:
    value = row.get(key, False)
    if not isinstance(value, bool):
        raise place.wrong(key, "true, false")
    return value


def _text(row: Mapping[str, Any], key: str, place: _Place) -> str:
    value = row.get(key)
    if not isinstance(value, str) or not value.strip():
        raise place.wrong(key, "–")
    return value.strip()


def _rule(row: Mapping[str, Any], place: _Place) -> Rule:
    unknown = sorted(set(row) - _KEYS)
    if unknown:
        raise place.wrong(unknown[0], ", ".join(sorted(_KEYS)))
    regime = REGIMES.get(folded(_text(row, "regim", place)))
    if regime is None:
        raise place.wrong("regim", "public, anonimizat, restricționat")
    nothing, without, person = (_flag(row, key, place) for key in _FLAGS)
    if regime is Regime.ANONYMISED and not person:
        raise place.wrong("om", "anonimizat: om = true")
    return Rule(
        name=_text(row, "nume", place),
        regime=regime,
        person=person,
        why=_text(row, "temei", place),
        types=frozenset(_words(row, "tipuri", place)),
        sure=_number(row, "incredere", place, 0.0),
        categories=frozenset(_words(row, "categorii", place)),
        kinds=frozenset(_words(row, "gasite", place)),
        nothing_found=nothing,
        signs=frozenset(_words(row, "semne", place)),
        no_signs=without,
    )


def _all_rules(rows: Sequence[Any], lines: tuple[str, ...]) -> tuple[Rule, ...]:
    """The rules in order, no name twice."""
    rules: list[Rule] = []
    for number, row in enumerate(rows):
        place = _Place(lines, _RULE, number)
        rule = _rule(row, place)
        if rule.name in {other.name for other in rules}:
            raise place.wrong("nume", rule.name)
        rules.append(rule)
    return tuple(rules)


def parse_rules(text: str) -> Rules:
    """The table from its text; raises InputError regim-invalid with line, key and what is expected."""
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        found = _LINE.search(str(error))
        line = found[1] if found else text.count("\n") + 1
        raise InputError("regim-invalid", TABLE, n=line, key="TOML", why=str(error)) from error
    lines = tuple(text.splitlines())
    limits, rows = table.get(_LIMITS, {}), table.get(_RULE, [])
    place = _Place(lines, _LIMITS)
    strange = sorted(set(table) - {_LIMITS, _RULE})
    if strange:
        raise _Place(lines, strange[0]).wrong(strange[0], f"{_LIMITS}, {_RULE}")
    if not isinstance(limits, dict) or set(limits) != set(_LIMIT_KEYS):
        raise place.wrong(_odd_limit(limits), ", ".join(_LIMIT_KEYS))
    if not isinstance(rows, list) or not rows or not all(isinstance(row, dict) for row in rows):
        raise _Place(lines, _RULE).wrong(_RULE, f"[[{_RULE}]]")
    page, category = (_number(limits, key, place) for key in _LIMIT_KEYS)
    return Rules(_all_rules(rows, lines), page, category)


def _odd_limit(limits: object) -> str:
    """What of [praguri] is too much or missing."""
    given = set(limits) if isinstance(limits, dict) else {_LIMITS}
    return min(given.symmetric_difference(_LIMIT_KEYS))


@cache
def _parsed(path: Path, stamp: int) -> Rules:  # noqa: ARG001 another stamp is another text
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError("regim-invalid", TABLE, n=1, key="UTF-8", why=error) from error
    return parse_rules(text)


def load_rules(archive: Path) -> Rules:
    """The archive's table, else the program's; raises InputError regim-invalid."""
    own = archive / TABLE
    try:
        return _parsed(own, own.stat().st_mtime_ns)
    except FileNotFoundError:
        return _parsed(_SHIPPED, 0)

"""What a person typed, as clauses that both backends answer alike. Nothing typed raises."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from schemas.errors import UsageError
from search.analysis import Token, normal, tokens

FILTERS = ("type", "number", "date", "issuer", "fond", "unit", "document", "year")
_IDENTIFIERS = frozenset({"date", "unit", "document", "year"})
_QUOTES = re.compile('["„”“«»]')
_GAPS = re.compile(r"[\s,;|]+")
LONGEST_VALUE = 300
_LONGEST_QUERY = 1000
_MOST_CLAUSES = 32
_TOLERANT_FROM = 4


@dataclass(frozen=True, slots=True)
class QueryWord:
    """A word that is sought: by its folded letters, or by any of its keys."""

    fold: str
    keys: tuple[str, ...]

    @property
    def tolerant(self) -> bool:
        """Whether one wrong letter is allowed when no page of the index has the word."""
        return len(self.fold) >= _TOLERANT_FROM and not any(map(str.isdigit, self.fold))

    def answers(self, token: Token) -> bool:
        if token.fold == self.fold or token.key in self.keys:
            return True
        return any(key in self.keys for key in token.also)


@dataclass(frozen=True, slots=True)
class Clause:
    """One word, or several that follow one another: a quotation, or parts of "25/2016"."""

    words: tuple[QueryWord, ...]


@dataclass(frozen=True, slots=True)
class Query:
    """Clauses that a page must all answer; `unclosed` tells of a quotation mark left open."""

    clauses: tuple[Clause, ...] = ()
    unclosed: bool = False


def _clause(text: str) -> Clause:
    return Clause(tuple(QueryWord(token.fold, token.keys) for token in tokens(text)))


def parse(text: str) -> Query:
    """The query of any text: words are all required, „quoted” words in sequence."""
    pieces = _QUOTES.split(text[:_LONGEST_QUERY])
    unclosed = len(pieces) % 2 == 0
    clauses: list[Clause] = []
    for number, piece in enumerate(pieces):
        quoted = number % 2 == 1 and not (unclosed and number == len(pieces) - 1)
        clauses.extend(map(_clause, [piece] if quoted else _GAPS.split(piece)))
    told = dict.fromkeys(clause for clause in clauses if clause.words)
    return Query(tuple(told)[:_MOST_CLAUSES], unclosed)


def comparable(field: str, value: str) -> str:
    """A field's value as it is stored for filters and as a filter asks for it."""
    value = value[:LONGEST_VALUE]
    return value.strip().lower() if field in _IDENTIFIERS else normal(value)


def checked_filters(filters: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """Filters as stored values, empty ones left out; raises UsageError for an unknown field."""
    for field in filters:
        if field not in FILTERS:
            raise UsageError("filter-unknown", field)
    return tuple(
        (field, comparable(field, value)) for field, value in filters.items() if value.strip()
    )


def read_filters(given: Iterable[str]) -> dict[str, str]:
    """FIELD=VALUE, as the command line takes them; raises UsageError."""
    pairs = [text.partition("=") for text in given]
    found = {field.strip(): value for field, _, value in pairs}
    checked_filters(found)
    return found

"""A query as it is understood: clauses that must all hold, each by one of its alternatives."""

from dataclasses import dataclass, field

from search.analysis import Token

_FORGIVING_FROM, _FORGIVING_TWICE_FROM = 4, 8
UNCLOSED = "unclosed_quotation"


@dataclass(frozen=True, slots=True)
class QueryWord:
    """A word that is sought: by its folded letters, by any of its keys, or as what words begin with.

    `start` and `end` are its place in the text as typed.
    """

    fold: str
    keys: tuple[str, ...]
    prefix: bool = False
    start: int = field(default=0, compare=False)
    end: int = field(default=0, compare=False)

    @property
    def forgiven(self) -> int:
        """How many wrong letters may be forgiven: one from four letters on, two from eight on."""
        if self.prefix or len(self.fold) < _FORGIVING_FROM or not self.fold.isalpha():
            return 0
        return 1 if len(self.fold) < _FORGIVING_TWICE_FROM else 2

    def answers(self, token: Token) -> bool:
        if self.prefix:
            return token.fold.startswith(self.fold)
        return token.fold == self.fold or not set(self.keys).isdisjoint(token.keys)


@dataclass(frozen=True, slots=True)
class Term:
    """Words that follow one another, or what they mean.

    `fact` is a term of the set `fact` that is as good as the words, `plain` a single word that is.
    `quoted` words were asked for as they stand: nothing in them is forgiven.
    """

    words: tuple[QueryWord, ...]
    fact: str = ""
    plain: str = ""
    quoted: bool = False


@dataclass(frozen=True, slots=True)
class FieldTerm:
    """A value of a page's record: the very value, or what it begins with."""

    field: str
    value: str
    prefix: bool = False


@dataclass(frozen=True, slots=True)
class Clause:
    """Holds by any of its alternatives; `strict`: nothing is forgiven, it must be there."""

    alternatives: tuple[Term | FieldTerm, ...]
    strict: bool = False

    @property
    def terms(self) -> tuple[Term, ...]:
        return tuple(one for one in self.alternatives if isinstance(one, Term))

    @property
    def of_record(self) -> bool:
        """Whether only the record is asked, not the text."""
        return not self.terms


@dataclass(frozen=True, slots=True)
class Notice:
    """What could not be understood: a key of the messages, and what it is about."""

    code: str
    value: str = ""


@dataclass(frozen=True, slots=True)
class Query:
    """Clauses that a page must all answer and must not answer; `optional` ones only rank it."""

    clauses: tuple[Clause, ...] = ()
    excluded: tuple[Clause, ...] = ()
    optional: tuple[Clause, ...] = ()
    notices: tuple[Notice, ...] = ()

    @property
    def unclosed(self) -> bool:
        """Whether a quotation mark was left open."""
        return any(notice.code == UNCLOSED for notice in self.notices)

    @property
    def words(self) -> tuple[QueryWord, ...]:
        """Every word that is sought in the text, in the order typed."""
        terms = (term for clause in self.clauses for term in clause.terms)
        found = dict.fromkeys(word for term in terms for word in term.words)
        return tuple(sorted(found, key=lambda word: word.start))

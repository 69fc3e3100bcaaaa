"""The query language: any text typed is a query, with notices of what could not be understood.

Words are all required; "quoted" ones follow one another; `+` must be there as typed, `-` (NU) must not;
SAU (OR) joins its neighbours; brackets group; cuvânt* is a beginning; field:value asks the record.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from search.analysis import tokens
from search.asking import fields
from search.asking.facts import Fact, facts
from search.asking.fields import Alternatives
from search.asking.lexing import LONGEST, Sign, cut
from search.asking.marks import joined
from search.asking.terms import UNCLOSED, Clause, FieldTerm, Notice, Query, QueryWord, Term
from search.romanian import SMALL_WORDS

_MOST_CLAUSES = 32
_MOST_ALTERNATIVES = 128
_DEEPEST = 20
_FEWEST_LETTERS = 2
_JOINED_FROM = 4
ACT_KEYS = frozenset(
    {"hcl", "hcj", "hcm", "hg", "oug", "og", "nr", "numar", "hotarar", "leg", "ordonant"}
    | {"decizi", "decret", "dispoziti", "din"}
)
NUMBER_KEYS = ACT_KEYS | {"cad", "cadastral", "cf", "lei", "leu", "parcel", "dosar"}
PLACE_KEYS = frozenset(
    {"str", "strad", "bd", "bulevard", "ale", "alei", "piat", "sose", "cart", "cartier"}
)


@dataclass(frozen=True, slots=True)
class _Part:
    """What a stretch of signs asks: clauses that must hold, that must not, that only rank."""

    clauses: tuple[Clause, ...] = ()
    excluded: tuple[Clause, ...] = ()
    optional: tuple[Clause, ...] = ()


def _all(parts: Iterable[_Part]) -> _Part:
    every = tuple(parts)
    return _Part(
        tuple(clause for part in every for clause in part.clauses),
        tuple(clause for part in every for clause in part.excluded),
        tuple(clause for part in every for clause in part.optional),
    )


def _words(text: str, start: int) -> tuple[QueryWord, ...]:
    return tuple(
        QueryWord(token.fold, token.keys, start=start + token.start, end=start + token.end)
        for token in tokens(text)
    )


def _one(term: Term) -> _Part:
    return _Part((Clause((term,)),)) if term.words else _Part()


def _of_word(value: str, start: int) -> Term:
    words = _words(value, start)
    folds = [word.fold for word in words]
    letters = bool(words) and all(map(str.isalpha, folds))
    if letters and len(words) == 1 and len(folds[0]) >= _JOINED_FROM:
        return Term(words, joined(folds))
    between = {value[a.end - start : b.start - start] for a, b in pairwise(words)}
    if letters and between == {"-"}:
        return Term(words, joined(folds), "".join(folds))
    return Term(words)


def _of_fact(fact: Fact, text: str, start: int) -> _Part:
    words = _words(text[fact.start : fact.end], start + fact.start)
    days = (one for one in fact.also if not one.startswith("#"))
    optional = tuple(Clause((Term((), day),)) for day in days if "/" in fact.term)
    return _Part((Clause((Term(words, fact.term, fact.plain),)),), (), optional)


def _quoted(value: str, start: int) -> _Part:
    """A phrase; that an act or a date is written otherwise on the page does not matter."""
    phrase = Term(_words(value, start), quoted=True)
    found = facts(value)
    if len(found) != 1 or found[0].plain or not phrase.words:
        return _one(phrase)
    inside = range(start + found[0].start, start + found[0].end)
    others = tuple(word for word in phrase.words if word.start not in inside)
    if not all(set(word.keys) & ACT_KEYS for word in others):
        return _one(phrase)
    meant = _of_fact(found[0], value, start)
    beside = [Term((word,)) for word in others if word.fold not in SMALL_WORDS]
    either = [Clause((phrase, term)) for term in beside]
    return replace(meant, clauses=(Clause((phrase, *meant.clauses[0].terms)), *either))


class _Reader:
    """Reads signs from left to right; every sign is taken or left out, none is refused."""

    def __init__(self, text: str, signs: Sequence[Sign]) -> None:
        self._text = text
        self._signs = signs
        self._at = 0
        self.notices: list[Notice] = []

    def whole(self) -> _Part:
        parts = []
        while self._at < len(self._signs):
            parts.append(self._sequence(0, ""))
            if self._at < len(self._signs):
                self._note("asked_brackets")
                self._at += 1
        return _all(parts)

    def _note(self, code: str, value: str = "") -> None:
        self.notices.append(Notice(code, value))

    def _next(self) -> Sign | None:
        return self._signs[self._at] if self._at < len(self._signs) else None

    def _sequence(self, depth: int, field: str) -> _Part:
        """Parts side by side, up to a closing bracket or the end."""
        parts: list[_Part] = []
        either = False
        while (sign := self._next()) and sign.kind != "close":
            if sign.kind == "or":
                either = True
                self._at += 1
                continue
            part = self._part(depth, field)
            if part == _Part():
                continue
            if either and parts:
                part = self._either(parts.pop(), part)
            parts.append(part)
            either = False
        return _all(parts)

    def _part(self, depth: int, field: str) -> _Part:
        sign = self._signs[self._at]
        self._at += 1
        if sign.kind == "not":
            return self._without(self._operand(depth, field))
        if sign.kind == "must":
            part = self._operand(depth, field)
            return replace(part, clauses=tuple(replace(c, strict=True) for c in part.clauses))
        if sign.kind == "open":
            return self._group(depth, field)
        if sign.kind == "field":
            return self._field(sign, depth)
        return self._record(field, sign.value) if field else self._plain(sign)

    def _operand(self, depth: int, field: str) -> _Part:
        following = self._next()
        if following is None or following.kind in {"close", "or", "not", "must"}:
            return _Part()
        return self._part(depth, field)

    def _plain(self, sign: Sign) -> _Part:
        if sign.kind == "quote":
            return _quoted(sign.value, sign.start + 1)
        if sign.kind in {"fact", "value"} and (found := facts(sign.value)):
            return _of_fact(found[0], sign.value, sign.start)
        if sign.value.endswith("*"):
            return self._beginning(sign)
        return _one(_of_word(sign.value, sign.start))

    def _beginning(self, sign: Sign) -> _Part:
        words = _words(sign.value, sign.start)
        if len(words) != 1:
            return _one(Term(words))
        if len(words[0].fold) < _FEWEST_LETTERS:
            self._note("asked_beginning", sign.value)
            return _one(Term(words))
        return _one(Term((replace(words[0], prefix=True),)))

    def _group(self, depth: int, field: str) -> _Part:
        if depth >= _DEEPEST:
            self._note("asked_complex")
            return _Part()
        part = self._sequence(depth + 1, field)
        if self._next() is None:
            self._note("asked_brackets")
        self._at += 1
        return part

    def _field(self, sign: Sign, depth: int) -> _Part:
        field = fields.named(sign.value)
        following = self._next()
        if not field:
            self._note("asked_field", sign.value)
            return _Part()
        if following is None or following.kind not in {"value", "quote", "open"}:
            self._note("asked_value", sign.value)
            return _Part()
        return self._part(depth, field)

    def _record(self, field: str, value: str) -> _Part:
        clauses = fields.told(field, value)
        if not clauses:
            self._note("asked_value", value)
        return _Part(tuple(Clause(alternatives) for alternatives in clauses))

    def _without(self, part: _Part) -> _Part:
        """Excludes what a part asks; of several words every page that has one of them."""
        if len(part.clauses) > 1:
            self._note("asked_not_several")
        return _Part((), part.clauses)

    def _either(self, left: _Part, right: _Part) -> _Part:
        if left.excluded or right.excluded:
            self._note("asked_not_either")
        if not left.clauses or not right.clauses:
            return _all((left, right))
        pairs = [(a.alternatives, b.alternatives) for a in left.clauses for b in right.clauses]
        if len(pairs) <= _MOST_CLAUSES:
            return _Part(tuple(Clause(_once((*a, *b))) for a, b in pairs))
        self._note("asked_complex")
        every = (one for part in (left, right) for c in part.clauses for one in c.alternatives)
        return _Part((Clause(_once(every)),))


def _once(alternatives: Iterable[Term | FieldTerm]) -> Alternatives:
    return tuple(dict.fromkeys(alternatives))[:_MOST_ALTERNATIVES]


def _small(clause: Clause) -> bool:
    """Whether a clause is a word like "de", without which a page answers as well."""
    terms = clause.terms
    if clause.strict or len(clause.alternatives) != 1 or not terms or terms[0].quoted:
        return False
    words = terms[0].words
    return len(words) == 1 and not words[0].prefix and words[0].fold in SMALL_WORDS


def parse(text: str) -> Query:
    """The query of any text. Nothing typed raises."""
    found = cut(text, fields.NAMES)
    reader = _Reader(text, found.signs)
    part = reader.whole()
    notices = [Notice(UNCLOSED)] if found.unclosed else []
    if len(text) > LONGEST or len(part.clauses) > _MOST_CLAUSES:
        notices.append(Notice("asked_long"))
    clauses = tuple(dict.fromkeys(part.clauses))[:_MOST_CLAUSES]
    large = tuple(clause for clause in clauses if not _small(clause))
    excluded = tuple(dict.fromkeys(part.excluded))[:_MOST_CLAUSES]
    if excluded and not clauses:
        notices.append(Notice("asked_only_not"))
    told = tuple(dict.fromkeys((*notices, *reader.notices)))
    return Query(large or clauses, excluded, part.optional[:_MOST_CLAUSES], told)

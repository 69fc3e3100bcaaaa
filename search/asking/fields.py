"""field:value as people type it, in Romanian or English, as conditions on a page's record."""

import re
from collections.abc import Iterable

from search.analysis import normal
from search.asking.facts import facts
from search.asking.terms import FieldTerm, QueryWord, Term
from search.index.fields import FILTERS, comparable
from search.romanian import strip_marks

_NAMES = {
    "type": "tip tipul",
    "number": "nr numar numarul",
    "date": "data din",
    "issuer": "emitent emitentul autor",
    "fond": "fondul",
    "institution": "institutie institutia",
    "department": "compartiment compartimentul departament directie directia serviciu serviciul birou",
    "year": "an anul",
    "place": "loc locul localitate adresa",
    "street": "strada str",
    "problem": "problema",
    "regime": "regim regimul acces",
    "cota": "cota",
    "unit": "unitate unitatea ua",
    "document": "doc",
}
_KNOWN = {name: field for field, names in _NAMES.items() for name in (field, *names.split())}
_REGIMES = {
    "public": "public", "publice": "public", "anonimizat": "anonymised",
    "anonimizate": "anonymised", "restrictionat": "restricted", "restrictionate": "restricted",
}  # fmt: skip
_STREETS = ("strada", "str", "bulevardul", "bd", "calea", "aleea", "piata", "soseaua")
_WHOLE = frozenset({"date", "year", "regime", "unit", "document", "cota", "number"})
_RANGE = re.compile(r"(\d{4})\s?(?:-|–|\.\.|\.\.\.|…)\s?(\d{4})")
_YEAR = re.compile(r"(\d{2,4})\*?")
_MONTH = re.compile(r"(?:(\d{1,2})[./](\d{4})|(\d{4})[-./](\d{1,2}))")
_ACT = re.compile(r"(\S+?)\s?/\s?(\d{4})")
_MOST_YEARS = 100
_FULL_YEAR = 4

Alternatives = tuple[Term | FieldTerm, ...]

NAMES = frozenset(_KNOWN) | frozenset({"stradă", "număr", "dată", "problemă", "cotă", "instituție"})


def named(typed: str) -> str:
    """The field of a typed name, empty for an unknown one; `street` is a place with its kind."""
    field = _KNOWN.get(strip_marks(typed), "")
    return field if field == "street" or field in FILTERS else ""


def _very(field: str, values: Iterable[str]) -> Alternatives:
    return tuple(FieldTerm(field, value) for value in dict.fromkeys(values))


def _beginning(field: str, value: str) -> Alternatives:
    """The value, or values whose first words it is."""
    return (FieldTerm(field, value), FieldTerm(field, f"{value} ", prefix=True))


def _year_beginnings(value: str) -> tuple[str, ...]:
    """Years as they begin: 2016, all of a range, 201 of 201*."""
    if found := _RANGE.fullmatch(value):
        first, last = sorted((int(found[1]), int(found[2])))
        return tuple(map(str, range(first, min(last, first + _MOST_YEARS - 1) + 1)))
    found = _YEAR.fullmatch(value)
    return (found[1],) if found else ()


def _years(value: str) -> tuple[Alternatives, ...]:
    years = _year_beginnings(value)
    terms = tuple(FieldTerm("year", year, prefix=len(year) < _FULL_YEAR) for year in years)
    return (terms,) if terms else ()


def _date(value: str) -> tuple[Alternatives, ...]:
    if found := _MONTH.fullmatch(value):
        month, year = (found[1], found[2]) if found[1] else (found[4], found[3])
        return ((FieldTerm("date", f"{year}-{int(month):02d}", prefix=True),),)
    told = [one for fact in facts(value) for one in (fact.term, *fact.also) if one[4:5] == "-"]
    if told:
        day = max(told, key=len)
        return ((FieldTerm("date", day, prefix=day.count("-") == 1),),)
    terms = tuple(FieldTerm("date", year, prefix=True) for year in _year_beginnings(value))
    return (terms,) if terms else ()


def _number(value: str) -> tuple[Alternatives, ...]:
    """25/2016 is also the number 25 of a document of 2016."""
    if found := _ACT.fullmatch(value):
        whole = FieldTerm("number", normal(value))
        own = FieldTerm("number", normal(found[1]))
        return ((whole, own), (whole, FieldTerm("year", found[2])))
    return (_beginning("number", normal(value)),) if normal(value) else ()


def _street(value: str) -> tuple[Alternatives, ...]:
    """A place of the record, with or without the word street, or the street in the text."""
    name = normal(value)
    if not name:
        return ()
    first, *rest = name.split()
    bare = " ".join(rest) if rest and first in _STREETS else name
    kinds = _very("place", (bare, *(f"{kind} {bare}" for kind in _STREETS)))
    words = tuple(QueryWord(fold, (fold,)) for fold in bare.split())
    street = (QueryWord("strada", ("strad",)), *words)
    return ((*kinds, Term(street, quoted=True)),)


def _plain(field: str, value: str) -> tuple[Alternatives, ...]:
    stored = comparable(field, value.rstrip("*"))
    if not stored:
        return ()
    if value.endswith("*"):
        return ((FieldTerm(field, stored, prefix=True),),)
    if field == "regime":
        return (_very(field, (_REGIMES.get(strip_marks(stored), stored),)),)
    return (_very(field, (stored,)) if field in _WHOLE else _beginning(field, stored),)


def told(field: str, value: str) -> tuple[Alternatives, ...]:
    """What a field that `named` gives asks of a page: clauses that must all hold.

    Nothing for a value that cannot be understood.
    """
    value = value.strip()
    if field == "year":
        return _years(value)
    if field == "date":
        return _date(value)
    if field == "number" and not value.endswith("*"):
        return _number(value)
    return _street(value) if field == "street" else _plain(field, value)

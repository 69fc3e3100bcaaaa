"""A query as plain conditions, which both backends answer alike."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain, islice, pairwise, product
from typing import Literal

from search.asking.lexicon import nearest
from search.asking.marks import LONG_STEM, look, odd, stem_look
from search.asking.parsing import NUMBER_KEYS, PLACE_KEYS
from search.query import Clause, FieldTerm, Query, QueryWord, Term, checked_filters
from search.romanian import keys

ENOUGH = 50
_FOLD_BOOST = 1.5
_WHOLE_WORD, _BEGINNING, _FACT = 2.0, 1.0, 8.0
_IN_TITLE, _OWN_FACT = 1.0, 3.0
# Above any sum of scores of a word by BM25, so that what is misread stands below.
_FLOOR = 100.0
_LOOK, _NEAR, _FAR = 3.0, 2.0, 1.0
_MOST_SPELLINGS = 16
_MOST_PAIRS = 4
# Fuzzy searches cost most: in a longer query the words beyond these must be right.
_MOST_FORGIVEN = 8
_SIDE_BY_SIDE = 3.0


Kind = Literal["exact", "flat", "near1", "near2", "prefix"]
# Fields of a page that hold a set of terms, each once and without its place.
SETS = ("look", "fact", "title")


@dataclass(frozen=True, slots=True)
class Condition:
    """What a page's field must hold.

    "exact": values that follow one another, scored by BM25 times `boost` (fields `fold`, `key`
    and `title`).
    The other kinds take one value and score `boost`, wherever and however often it stands: "flat" is
    the very term, "near1" and "near2" differ from it by one or two letters (two letters that changed
    places count once), "prefix" begins with it. They go with `fold`, `key`, SETS and `is_FILTER`.
    """

    field: str
    values: tuple[str, ...]
    boost: float = 1.0
    kind: Kind = "exact"


Group = tuple[Condition, ...]
# Of each word whether no page has it, and what it may stand for where it is not Romanian.
_Meant = Mapping[QueryWord, tuple[bool, tuple[QueryWord, ...]]]


@dataclass(frozen=True, slots=True)
class Plan:
    """A group holds by any of its conditions, and scores the sum of those that hold.

    Every one of `groups` must hold, or any `least` of them where that is not 0; every one of
    `within` must hold and scores nothing; none of `excluded` may; `optional` only add to the score.
    Filters are (field, stored value) and score nothing. Pages that nothing scores stand in the
    order of their places.
    """

    groups: tuple[Group, ...]
    filters: tuple[tuple[str, str], ...]
    within: tuple[Group, ...] = ()
    excluded: tuple[Group, ...] = ()
    optional: tuple[Group, ...] = ()
    least: int = 0

    @property
    def empty(self) -> bool:
        return not (self.groups or self.filters or self.within)


def _spelled(term: Term) -> tuple[Condition, ...]:
    words = term.words
    if not words:
        return ()
    folds = tuple(word.fold for word in words)
    if len(words) == 1 and words[0].prefix:
        return (Condition("fold", folds, _BEGINNING, "prefix"),)
    spellings = islice(product(*(word.keys for word in words)), _MOST_SPELLINGS)
    by_key = (Condition("key", keys) for keys in spellings)
    return (Condition("fold", folds, _FOLD_BOOST), *by_key)


def _term(term: Term) -> tuple[Condition, ...]:
    """A term as it is spelled, and as what it means."""
    found = list(_spelled(term))
    if term.fact:
        boost = _WHOLE_WORD if term.fact.startswith("-") else _FACT
        found.append(Condition("fact", (term.fact,), boost, "flat"))
    if term.plain:
        found.append(Condition("fold", (term.plain,), _FOLD_BOOST))
    return tuple(found)


def _in_title(term: Term) -> tuple[Condition, ...]:
    """What tells that a document is about a term, or is the act that it names."""
    if term.quoted or (term.words and term.words[0].prefix):
        return ()
    if term.fact and not term.fact.startswith("-"):
        return (Condition("title", (term.fact,), _OWN_FACT),)
    return (Condition("title", term.words[0].keys[:1], _IN_TITLE),) if len(term.words) == 1 else ()


def _alternative(one: Term | FieldTerm) -> tuple[Condition, ...]:
    if isinstance(one, Term):
        return (*_term(one), *_in_title(one))
    return (Condition(f"is_{one.field}", (one.value,), 1.0, "prefix" if one.prefix else "flat"),)


def _group(clause: Clause) -> Group:
    return tuple(dict.fromkeys(c for one in clause.alternatives for c in _alternative(one)))


def _lone(clause: Clause) -> QueryWord | None:
    """The word of a clause that is one word and nothing else."""
    terms = clause.terms
    if len(clause.alternatives) != 1 or not terms or len(terms[0].words) != 1:
        return None
    return None if terms[0].words[0].prefix else terms[0].words[0]


def _side_by_side(clauses: Sequence[Clause]) -> Iterator[Group]:
    for one, other in pairwise(map(_lone, clauses)):
        if one and other:
            pairs = islice(product(one.keys, other.keys), _MOST_PAIRS)
            yield tuple(Condition("key", pair, _SIDE_BY_SIDE) for pair in pairs)


def _optional(query: Query) -> tuple[Group, ...]:
    return (*_side_by_side(query.clauses), *map(_group, query.optional))


def _plan(query: Query, filters: Mapping[str, str], groups: Iterable[Group]) -> Plan:
    return Plan(
        tuple(groups),
        checked_filters(filters),
        tuple(_group(clause) for clause in query.clauses if clause.of_record),
        tuple(map(_group, query.excluded)),
        _optional(query),
    )


def plan(query: Query, filters: Mapping[str, str]) -> Plan:
    """The conditions of a query as it is typed; raises UsageError for an unknown filter."""
    texts = (clause for clause in query.clauses if not clause.of_record)
    return _plan(query, filters, map(_group, texts))


def wider(
    query: Query,
    filters: Mapping[str, str],
    absent: Callable[[Sequence[Group]], Sequence[bool]],
) -> Plan | None:
    """The plan that forgives wrong letters, for when fewer than ENOUGH pages answer the first.

    Pages that have a word in some form stand before those that have it misread: the shapes of words
    that are not Romanian are compared with those of the words typed. A typed word that is not
    Romanian itself may be typed wrongly: the Romanian words nearest to it that some page has are
    sought too. What no page of the caller's index has is compared with every word; `absent` tells
    so for groups of conditions. None where there is nothing to forgive.
    """
    texts = [clause for clause in query.clauses if not clause.of_record]
    every = dict.fromkeys(word for clause in texts for word in _forgivable(clause))
    words = tuple(every)[:_MOST_FORGIVEN]
    if not words:
        return None
    spelled = [_spelled(Term((word,))) for word in words]
    gone = dict(zip(words, absent(spelled), strict=True))
    others = _others([word for word in words if odd(word.fold, word.keys)], absent)
    meant = {word: (none, others.get(word, ())) for word, none in gone.items()}
    kinds = _kinds(texts)
    sure = [clause for clause in texts if clause not in kinds] or kinds
    found = _plan(query, filters, (group for c in sure for group in _forgiving(c, meant)))
    beside = (group for c in kinds if c not in sure for group in _forgiving(c, meant))
    return replace(found, optional=(*found.optional, *beside))


def _others(
    doubtful: Sequence[QueryWord], absent: Callable[[Sequence[Group]], Sequence[bool]]
) -> dict[QueryWord, tuple[QueryWord, ...]]:
    """For each word the Romanian words nearest to it that some page has."""
    near = {word: nearest(word.fold, word.forgiven) if word.forgiven else () for word in doubtful}
    every = [QueryWord(fold, keys(fold)) for fold in dict.fromkeys(chain(*near.values()))]
    missing = absent([_spelled(Term((word,))) for word in every]) if every else ()
    there = {word.fold: word for word, none in zip(every, missing, strict=True) if not none}
    return {
        word: tuple(there[fold] for fold in folds if fold in there) for word, folds in near.items()
    }


def _kinds(clauses: Sequence[Clause]) -> list[Clause]:
    """Clauses that only say of which kind is what stands beside: HCL 25/2016, str. Crinului."""
    numbered = any(
        term.fact[:1].isdigit() or term.fact[:1] == "#" for c in clauses for term in c.terms
    )
    said = [c for c in clauses if numbered and _of_kind(c, NUMBER_KEYS)]
    return said + [
        c for c, name in pairwise(clauses) if _of_kind(c, PLACE_KEYS) and _lone(name) is not None
    ]


def _of_kind(clause: Clause, kind: frozenset[str]) -> bool:
    word = _lone(clause)
    return word is not None and not clause.strict and not kind.isdisjoint(word.keys)


def _forgivable(clause: Clause) -> tuple[QueryWord, ...]:
    terms = () if clause.strict else clause.terms
    words = (word for term in terms if not term.quoted for word in term.words)
    return tuple(word for word in words if not word.prefix)


def _forgiving(clause: Clause, meant: _Meant) -> Iterator[Group]:
    """A clause with what it may be misread as; words side by side may each be misread."""
    words = _forgivable(clause)
    exact = _group(clause)
    terms = clause.terms
    if len(terms) == 1 and len(terms[0].words) > 1 and any(word.forgiven for word in words):
        for word in words:
            yield (*exact, *_spelled(Term((word,))), *_near(word, meant))
        return
    lone = [term.words[0] for term in terms if len(term.words) == 1 and term.words[0] in words]
    yield tuple(dict.fromkeys((*exact, *(c for word in lone for c in _near(word, meant)))))


def _near(word: QueryWord, meant: _Meant) -> Iterator[Condition]:
    """The word itself far above what it may be misread as, and above all words near a wrong one."""
    yield _floor(word)
    if word not in meant:
        return
    gone, others = meant[word]
    for other in others:
        yield from _spelled(Term((other,)))
        if gone:
            yield _floor(other)
        yield from _misread(other, least=True)
    yield from _misread(word)
    if gone:
        yield from _mistyped(word, known=bool(others) or not odd(word.fold, word.keys))


def _floor(word: QueryWord) -> Condition:
    """What every form of a word has: an abbreviation the key of its whole word."""
    key = word.keys[-1] if word.keys[0] == word.fold else word.keys[0]
    return Condition("key", (key,), _FLOOR, "flat")


def _misread(word: QueryWord, *, least: bool = False) -> Iterator[Condition]:
    """Words that are not Romanian and look like the word, or like it in another form.

    `least`: only one letter is forgiven, since two take ten times the time.
    """
    seen_as = look(word.fold)
    yield Condition("look", (seen_as,), _LOOK, "flat")
    if not word.forgiven:
        return
    yield Condition("look", (seen_as,), _NEAR, "near1")
    if word.forgiven > 1 and not least:
        yield Condition("look", (seen_as,), _FAR, "near2")
    for key in word.keys:
        kind: Kind = "near1" if len(key) >= LONG_STEM else "flat"
        yield Condition("look", (stem_look(key),), _FAR, kind)


def _mistyped(word: QueryWord, *, known: bool) -> Iterator[Condition]:
    """Words of any page that differ in letters from what was typed, or have a stem that does.

    A single letter where it is `known` what was meant, or the word is Romanian.
    """
    if word.forgiven:
        yield Condition("fold", (word.fold,), _NEAR, "near1")
    if known:
        return
    if word.forgiven > 1:
        yield Condition("fold", (word.fold,), _FAR, "near2")
    for key in word.keys if word.forgiven else ():
        if len(key) >= LONG_STEM:
            yield Condition("key", (key,), _FAR, "near1")

# ruff: noqa: PLR2004 - distances and counts stand where the rule that uses them stands
"""Private persons among those who are named, and every other place where their names stand."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rapidfuzz import process
from rapidfuzz.distance import Levenshtein

from pipeline.privacy.finding.names.gazetteer import given_name
from pipeline.privacy.finding.names.mentions import (
    DOUBTFUL,
    Mention,
    cue_before,
    firm_ends,
    is_initial,
    is_name,
)
from pipeline.privacy.finding.names.offices import OWN_ACTS, verdicts
from pipeline.privacy.finding.names.signing import Verdict, is_signing_row
from pipeline.privacy.finding.rows import Rows, rows_of
from pipeline.privacy.finding.script import Script
from pipeline.privacy.finding.spans import MODEL
from pipeline.privacy.finding.words import CALLED, INSTITUTIONS

SIGNED_ACTS = frozenset(("hotărâre", "dispoziție"))
"""Kinds of documents of which the last names are the institution's own."""
OF_FIRMS = frozenset(("adeverință", "declarație fiscală", "cerere"))
"""Kinds of papers in which a firm tells of one person, or asks for itself."""
HEAD = 2  # the last line, from 0, in which a firm names itself
SIGNERS = 3  # rows of names under an act at most
FEW = 6  # words of a line under the signatures: page numbers, "anexa", stamps
TOO_MANY = 3  # words beside the first: then two names stand side by side, perhaps of two kinds
MOST_NAMES = 400  # different names that are compared with one another
SHORT, LONG = 5, 9  # letters in which one slip, two slips are allowed


@dataclass(frozen=True, slots=True)
class Persons:
    """Mentions of private persons and of officials."""

    private: tuple[Mention, ...]
    official: tuple[Mention, ...]


def alike(one: str, other: str) -> bool:
    """Whether two small words may be the same name, misread or inflected."""
    if one == other:
        return True
    shorter = min(len(one), len(other))
    if shorter < SHORT:
        return False
    return Levenshtein.distance(one, other, score_cutoff=2) <= (1 if shorter < LONG else 2)


def same_person(one: Sequence[str], other: Sequence[str]) -> bool:
    """Whether all names of the shorter stand in the longer; a single name is never enough."""
    few, many = sorted((one, other), key=len)
    if len(few) < 2:
        return False
    return all(any(alike(name, known) for known in many) for name in few)


def _of_group(found: Sequence[Mention], told: Sequence[Verdict]) -> list[Verdict]:
    """Each mention with the strongest verdict on any mention of the same person."""
    own: dict[tuple[str, ...], Verdict] = {}
    for mention, verdict in zip(found, told, strict=True):
        own[mention.names] = max(verdict, own.get(mention.names, Verdict.NOTHING))
    best = dict(own)
    for names in own if len(own) <= MOST_NAMES else ():
        for others, verdict in own.items():
            if verdict > best[names] and same_person(names, others):
                best[names] = verdict
    return [
        max(verdict, best[mention.names]) if len(mention.names) > 1 else verdict
        for mention, verdict in zip(found, told, strict=True)
    ]


def _parties(
    script: Script, found: Sequence[Mention], best: Sequence[Verdict]
) -> frozenset[tuple[str]]:
    """Surnames of private persons named in full that no official has: who signs so is a party."""
    whose: dict[bool, set[tuple[str]]] = {True: set(), False: set()}
    for mention, verdict in zip(found, best, strict=True):
        full = len(mention.names) > 1
        called = verdict is Verdict.PRIVATE and cue_before(script, mention.first) in CALLED
        private = called or verdict is Verdict.SURELY_PRIVATE
        if verdict is Verdict.NOTHING or not (full or verdict is Verdict.OFFICIAL):
            continue
        whose[private].update((name,) for name in mention.names if not given_name(name))
    return frozenset(whose[True] - whose[False])


def _signs_act(script: Script, rows: Rows, mention: Mention, kind: str) -> bool:
    """Whether a name without any title is one of the few under an institution's act."""
    if kind not in SIGNED_ACTS:
        return False
    number = rows.of[mention.first]
    if script.cores[rows.places[number][0]].isdigit() and len(rows.places[number]) <= FEW:
        return False
    page, names = script.page(mention.first), 0
    for row in rows.places[number:]:
        if script.page(row[0]) != page:
            break
        names += is_signing_row(script, row)
        if len(row) > FEW and not is_signing_row(script, row):
            return False
    return is_signing_row(script, rows.places[number]) and names <= SIGNERS


def decide(script: Script, found: Sequence[Mention], kind: str) -> Persons:
    """Officials are who acts in office wherever named; all others are private persons.

    Neither is a mention that hardly anything speaks for, nor a row of names that could not be
    parted: both are left to `weak_names`.
    """
    if not found:
        return Persons((), ())
    rows = rows_of(script)
    best = _of_group(found, verdicts(script, rows, found, kind))
    if kind in OF_FIRMS and _by_firm(script):
        best = [
            Verdict.PRIVATE if one in {Verdict.OFFICIAL, Verdict.SIGNS} else one for one in best
        ]
    private, official = [], []
    parties = _parties(script, found, best)
    best = [
        Verdict.PRIVATE if verdict is Verdict.SIGNS and mention.names in parties else verdict
        for mention, verdict in zip(found, best, strict=True)
    ]
    surnames = {
        name
        for mention, verdict in zip(found, best, strict=True)
        if verdict in {Verdict.OFFICIAL, Verdict.SIGNS} and not _crowded(script, mention)
        for name in mention.names
        if not given_name(name)
    }
    for mention, verdict in zip(found, best, strict=True):
        alone = len(mention.names) == 1 and mention.names[0] in surnames
        if verdict is Verdict.NOTHING and not alone and _too_little(mention, kind):
            continue
        if (
            verdict in {Verdict.OFFICIAL, Verdict.SIGNS}
            or (verdict < Verdict.SURELY_PRIVATE and alone)
            or (verdict is Verdict.NOTHING and _signs_act(script, rows, mention, kind))
        ):
            if verdict is Verdict.SIGNS or not _crowded(script, mention):
                official.append(mention)
        else:
            private.append(mention)
    return Persons(tuple(private), tuple(official))


def _by_firm(script: Script) -> bool:
    """Whether a paper's first lines name a firm: who signs for it holds no office."""
    head = range(script.row(min(HEAD, len(script.rows) - 2)).stop) if len(script.rows) > 1 else ()
    own = any(script.cores[at] in INSTITUTIONS for at in head)
    return not own and any(firm_ends(script, at) for at in head)


def _crowded(script: Script, mention: Mention) -> bool:
    """Whether a mention has more words than a name: two names stand side by side in it."""
    first = mention.first
    before = script.row(script.lines[first])[0] < first and is_initial(script, first - 1)
    return mention.last - first + before >= TOO_MANY


def _too_little(mention: Mention, kind: str) -> bool:
    """Whether hardly anything speaks for a person in an act of the institution itself."""
    if kind not in OWN_ACTS:
        return False
    return mention.confidence <= DOUBTFUL or mention.methods == (MODEL,)


def _matches(core: str, names: frozenset[str]) -> bool:
    if core in names:
        return True
    if len(core) < SHORT:
        return False
    for part in core.split("-"):
        near = process.extractOne(part, names, scorer=Levenshtein.distance, score_cutoff=2)
        if (near and alike(part, near[0])) or any(n in part for n in names if len(n) >= SHORT):
            return True
    return False


def elsewhere(
    script: Script, persons: Persons, taken: Sequence[range]
) -> Iterator[tuple[int, int]]:
    """First and last word of the other places where private persons' names stand, also in part.

    `taken` are words that mean something else: streets and sites.
    """
    names = frozenset(n for mention in persons.private for n in mention.names if len(n) > 2)
    if not names:
        return
    away = {at for m in persons.official for at in range(m.first, m.last + 1)}
    away |= {at for m in persons.private for at in range(m.first, m.last + 1)}
    away |= {at for places in taken for at in places}
    known: dict[str, bool] = {}
    for at, core in enumerate(script.cores):
        if at in away or not _may_be_part(script, at):
            continue
        if core not in known:
            known[core] = _matches(core, names)
        if known[core]:
            yield at, at
    yield from _broken(script, names, away)


def _may_be_part(script: Script, at: int) -> bool:
    """Whether a word may be one of somebody's names: with a capital, or long and run together."""
    form, core = script.forms[at], script.cores[at]
    if len(core) < 3 or not any(c.isalpha() for c in form[:2]):
        return False
    if form.lstrip("\"'(„”«")[:1].isupper() and is_name(script, at):
        return True
    return len(core) >= 2 * SHORT and not core.isalpha()


def _broken(script: Script, names: frozenset[str], away: set[int]) -> Iterator[tuple[int, int]]:
    """Names that were read as two words."""
    for at in range(len(script) - 1):
        one, other = script.cores[at], script.cores[at + 1]
        if at in away or at + 1 in away or not script.forms[at][:1].isupper():
            continue
        if len(one) > 1 and len(other) > 0 and one + other in names:
            yield at, at + 1

"""Homes without the word for a street: "Minerului 22", "la nr. 45", a number beside a hidden word."""

import re
from collections.abc import Iterator
from collections.abc import Set as AbstractSet

from pipeline.privacy.finding.addresses import reach
from pipeline.privacy.finding.names.known import is_ordinary
from pipeline.privacy.finding.script import Script
from pipeline.privacy.finding.words import (
    AREAS,
    FIRMS,
    FLAT,
    INSTITUTIONS,
    NOT_NAMES,
    OFFICES,
    PARTS,
    STREETS,
    WRITTEN_GREAT,
)

NAME, NEAR, BEFORE = 4, 5, 6  # words: of a street's name, after a hidden one, before a number
DAYS = 31
GAP = 1.5  # of a word's height: between two cells
SHORTEST = 3  # letters
_HOUSE = re.compile(r"(?!(?:19|20)\d\d$)\d{1,4}[a-z]?(?:/\d{1,3}[a-z]?){0,3}")
_NUMBERED = re.compile(r"\d{1,3}[a-z]?")
_GENITIVE = ("ului", "ilor", "elor", "ei", "ii")
_NEVER = (NOT_NAMES - STREETS) | INSTITUTIONS | WRITTEN_GREAT | FIRMS | OFFICES
_LEADS = frozenset(("adresa", "din", "la", "domiciliu"))
_HOUSES = frozenset(("casa", "gospodaria", "curtea", "catunul", "sat", "satul"))
_WORDS = frozenset(("nr", "numarul", "numar", "no"))
_CITIES = frozenset(("bucuresti", "timisoara", "cluj", "iasi", "constanta", "brasov"))
_FILED = (
    "inreg", "dosar", "pozit", "punct", "autent", "cerere", "contr", "procur", "regist", "hotar",
    "dispoz", "decizi", "factur", "chitan", "autoriz", "adever", "certif", "sub", "legea", "adres",
    "scoal", "gradin", "camin", "anex", "sect", "circ",
)  # fmt: skip


def _same_cell(script: Script, one: int, other: int) -> bool:
    """Whether two words stand side by side on a line, without the room between two cells."""
    if script.lines[one] != script.lines[other]:
        return False
    left, right = script.box(one), script.box(other)
    return right.x - left.x - left.w <= GAP * max(left.h, right.h)


def _ends(script: Script, at: int) -> bool:
    """Whether nothing follows a number that it might count."""
    form, after = script.forms[at], at + 1
    if form[-1] in ",;.:)" or after >= len(script) or not _same_cell(script, at, after):
        return True
    core = script.cores[after]
    return core in FLAT or core in PARTS or core == "bis" or len(core) == 1


def _house(script: Script, at: int) -> bool:
    return _HOUSE.fullmatch(script.cores[at]) is not None and _ends(script, at)


def _great(script: Script, at: int) -> bool:
    """Whether a word with a capital may be of a street's name."""
    form = script.forms[at].lstrip("\"'(„")
    odd = form[:1].isdigit() and sum(c.isalpha() for c in form) > SHORTEST
    known = script.cores[at] in _NEVER or script.cores[at] in FLAT
    return (form[:1].isupper() or odd) and not known


def _street(script: Script, number: int) -> range:
    """The capitalised words right before a number."""
    first = number
    over = _over_line(script, number)
    while first and number - first < NAME:
        if not (_same_cell(script, first - 1, first) or (over and first == number)):
            break
        if not _great(script, first - 1) or (
            first < number and script.forms[first - 1][-1] in ",;:.)"
        ):
            break
        first -= 1
    return range(first, number)


def _over_line(script: Script, number: int) -> bool:
    """Whether a number that begins a line may go with a street at the end of the line before."""
    told = script.forms[number][-1] == "," or _flat_follows(script, number)
    return told and script.lines[number] - script.lines[number - 1] == 1


def _town(script: Script, first: int) -> int:
    """Where the town begins that stands with a comma before a place."""
    at = first
    while at and first - at < NAME and script.forms[at - 1][-1] == ",":
        if not (_great(script, at - 1) or script.cores[at - 1] in _CITIES):
            break
        at -= 1
        while at and script.cores[at - 1] in AREAS and script.forms[at - 1][-1] != ",":
            at -= 1
    return at


def _flat_follows(script: Script, at: int) -> bool:
    ahead = at + 1
    return (
        ahead + 1 < len(script)
        and script.cores[ahead] in FLAT
        and script.page(at) == script.page(ahead)
    )


def _likely(script: Script, street: range, hidden: AbstractSet[int]) -> bool:
    """Whether words before a number are a street's: by flats, a word before, or a person nearby."""
    if _flat_follows(script, street.stop):
        return True
    before = script.cores[street.start - 1] if street.start else ""
    if before == "adresa":
        return True
    named = all(not is_ordinary(script.cores[at]) for at in street)
    named = named or script.cores[street.start].endswith(_GENITIVE)
    near = any(at in hidden for at in range(max(0, street.start - NEAR), street.start))
    return named and (near or before in _LEADS)


def _bare(script: Script, hidden: AbstractSet[int]) -> Iterator[tuple[int, int]]:
    """Streets without the word for one, and numbers right after a hidden word with a capital."""
    for at in range(1, len(script)):
        if not script.cores[at][:1].isdigit() or not _house(script, at):
            continue
        street = _street(script, at)
        if not street or script.forms[at - 1][-1] in ",;:.)" or script.cores[at - 1] in STREETS:
            continue
        word = script.cores[at - 1]
        beside = at - 1 in hidden and len(word) >= SHORTEST and word.isalpha()
        if beside or _likely(script, street, hidden):
            whole = not beside or all(n in hidden for n in street)
            last = max(at, reach(script, street.start)[0])
            yield _town(script, street.start if whole else at), last


def _filed(script: Script, at: int) -> bool:
    """Whether the words before a number tell of a register, an act or a file."""
    return any(script.cores[place].startswith(_FILED) for place in range(max(0, at - BEFORE), at))


def _told(script: Script, at: int, hidden: AbstractSet[int]) -> bool:
    """Whether "nr." at a place is of a house: "la nr.", "casa cu nr.", a cell beside a hidden one."""
    if not at:
        return False
    before = script.cores[at - 1]
    if before in _HOUSES or (before == "cu" and at > 1 and script.cores[at - 2] in _HOUSES):
        return True
    same = script.lines[at] == script.lines[at - 1]
    if same and at - 1 in hidden and not _same_cell(script, at - 1, at):
        return True
    return (
        before == "la" or (at - 1 in hidden and script.forms[at - 1][-1] == ",")
    ) and not _filed(script, at)


def _counts_houses(script: Script, number: int, hidden: AbstractSet[int]) -> bool:
    """Whether a number after "la" is too great for a day or an hour, and a person stands before."""
    digits = "".join(c for c in script.cores[number] if c.isdigit())
    near = any(at in hidden for at in range(max(0, number - 1 - NEAR), number - 1))
    return int(digits) > DAYS and near and not _filed(script, number - 1)


def _before_la(script: Script, at: int) -> int:
    """Where a street's name begins before "la nr.", or the place itself."""
    named = at > 1 and script.cores[at - 1] == "la" and _great(script, at - 2)
    street = named and script.cores[at - 2].endswith(_GENITIVE)
    return at - 2 if street and script.lines[at] == script.lines[at - 2] else at


def _by_number(script: Script, hidden: AbstractSet[int]) -> Iterator[tuple[int, int]]:
    """Houses that only a number tells: "la nr. 45", "casa 118"."""
    for at in range(len(script) - 1):
        number = at + 1
        if not _NUMBERED.fullmatch(script.cores[number]) or not _ends(script, number):
            continue
        if script.cores[at] in _WORDS and _told(script, at, hidden):
            first = at - 1 if at and script.cores[at - 1] in _HOUSES else _before_la(script, at)
            yield _town(script, first), number
        elif script.cores[at] == "la" and _counts_houses(script, number, hidden):
            yield number, number
        elif script.cores[at] == "casa" and script.forms[at][:1].islower():
            yield _town(script, at), number


def houses(
    script: Script, hidden: AbstractSet[int], away: AbstractSet[int]
) -> Iterator[tuple[int, int]]:
    """First and last word of what is probably a home; `hidden` are words that go, `away` of sites."""
    for first, last in (*_bare(script, hidden), *_by_number(script, hidden)):
        if not any(at in away for at in range(first, last + 1)):
            yield first, last

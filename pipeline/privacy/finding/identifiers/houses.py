# ruff: noqa: SIM905 - word lists are read and edited as text
"""Homes without the word for a street: "Minerului 22", "la nr. 45", a number beside a hidden word."""

import re
from collections.abc import Iterator
from collections.abc import Set as AbstractSet

from pipeline.privacy.finding.extent import reach
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
_HOUSE = re.compile(
    r"(?!(?:19|20)\d\d$)(?:\d{1,4}[a-z]?(?:/\d{1,3}[a-z]?){0,3}|\d{1,3}-\d{1,3}[a-z]?)|\d{1,3}[a-z]\d{1,3}|[ilobszg]\d{1,2}"
)
_BLOCK = re.compile(r"[a-z]{0,2}-?\d{1,3}[a-z]?|[a-z]")
_NUMBERED = re.compile(r"\d{1,3}[a-z]?|\d[a-z]\d{1,2}")
_GENITIVE = ("ului", "ilor", "elor", "ei", "ii")
_NEVER = (NOT_NAMES - STREETS) | INSTITUTIONS | WRITTEN_GREAT | FIRMS | OFFICES
_LEADS = frozenset(("adresa", "din", "la", "domiciliu"))
_HOUSES = frozenset(("casa", "gospodaria", "curtea", "catunul", "sat", "satul"))
_WORDS = frozenset(("nr", "numarul", "numar", "no"))
_VILLAGES = frozenset(("sat", "satul", "catun", "catunul"))
_TOWNS = AREAS | _VILLAGES
_QUARTERS = frozenset(("zona", "cartierul", "cart", "microraionul", "micro", "ansamblul"))
_BUILDINGS = frozenset(
    """
    bisericii scolii garii spitalului gradinitei bibliotecii manastirii parcului stadionului
    palatului teatrului postei politiei pompierilor fabricii uzinei primariei muzeului catedralei
    """.split()
)
"""Institutions of which streets have their names."""
_LINKS = frozenset(("de", "cel", "cea", "lui", "la", "din", "sub"))
_MONTHS = frozenset(
    "ianuarie februarie martie aprilie mai iunie iulie august septembrie octombrie noiembrie decembrie".split()
)
_LODGINGS = frozenset("casa gospodaria baraca ferma cantonul vila poarta garsoniera".split())
_READ = str.maketrans("015", "ois")
_GOES_ON = frozenset(
    """
    are a au este e nu si sau care ce isi ii le il o imi ne va mi se am aude face spune zice tine
    lasa bate cu s-a l-a i-a le-a m-a si-a si-au
    """.split()
)
"""Words after a house's number that it does not count."""
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
    return core in FLAT or core in PARTS or core == "bis" or len(core) <= 1


def _house(script: Script, at: int) -> bool:
    return _HOUSE.fullmatch(script.cores[at]) is not None and _ends(script, at)


def _building(script: Script, at: int) -> bool:
    """Whether a street named after a building begins here, alone before its number: "Bisericii 2"."""
    if script.cores[at] not in _BUILDINGS or not script.cores[at + 1][:1].isdigit():
        return False
    return not at or not _same_cell(script, at - 1, at) or script.forms[at - 1][-1] == ","


def _great(script: Script, at: int) -> bool:
    """Whether a word with a capital may be of a street's name."""
    if script.forms[at][:1].isupper() and _building(script, at):
        return True
    form = script.forms[at].lstrip("\"'(„")
    odd = form[:1].isdigit() and sum(c.isalpha() for c in form) > SHORTEST
    newer = script.cores[at] == "noi" and at > 0 and script.forms[at - 1][:1].isupper()
    known = (script.cores[at] in _NEVER and not newer) or script.cores[at] in FLAT
    return (form[:1].isupper() or odd) and not known


def _street(script: Script, number: int) -> range:
    """The capitalised words right before a number."""
    first = number
    over = _over_line(script, number)
    while first and number - first < NAME:
        if not (_same_cell(script, first - 1, first) or (over and first == number)):
            break
        if _linked(script, first):
            first -= 2
            continue
        if not _great(script, first - 1) or (
            first < number and script.forms[first - 1][-1] in ",;:.)"
        ):
            break
        first -= 1
    return range(first, number)


def _linked(script: Script, at: int) -> bool:
    """Whether a small word joins a street's word to one before: "Porțile de Fier"."""
    if at <= 1 or script.cores[at - 1] not in _LINKS or not script.cores[at].isalpha():
        return False
    before = script.forms[at - 2]
    return _great(script, at - 2) and before[-1].isalpha() and _same_cell(script, at - 2, at - 1)


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
        while at and script.cores[at - 1] in AREAS | _QUARTERS and script.forms[at - 1][-1] != ",":
            at -= 1
        misread = (
            at > 1 and len(script.cores[at - 1]) == len("sat") and script.cores[at - 1].isalpha()
        )
        if misread and script.forms[at - 1].islower() and script.forms[at - 2][-1] == ",":
            at -= script.forms[at - 2][:1].isupper()
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
    if len(street) > 1 and street.start - 1 in hidden and script.forms[street.start - 1][-1] == ",":
        return True
    if before == "adresa" or before in _VILLAGES or script.cores[street.start] in _VILLAGES:
        return True
    named = all(not is_ordinary(script.cores[at]) for at in street)
    named = named or script.cores[street.start].endswith(_GENITIVE)
    near = any(at in hidden for at in range(max(0, street.start - NEAR), street.start))
    return (named or before in _TOWNS) and (near or before in _LEADS)


def _bare(script: Script, hidden: AbstractSet[int]) -> Iterator[tuple[int, int]]:
    """Streets without the word for one, and numbers right after a hidden word with a capital."""
    for at in range(1, len(script)):
        core = script.cores[at]
        if not (core[:1].isdigit() or core[-1:].isdigit()) or not _house(script, at):
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


def _word(core: str) -> bool:
    """Whether a word is "nr." or "numarul", perhaps misread."""
    if core in _WORDS:
        return True
    return core.startswith(("nr", "numar")) and not is_ordinary(core)


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
    if _of_town(script, at, hidden):
        return True
    same = script.lines[at] == script.lines[at - 1]
    if same and at - 1 in hidden and not _same_cell(script, at - 1, at):
        return True
    return (
        before == "la" or (at - 1 in hidden and script.forms[at - 1][-1] == ",")
    ) and not _filed(script, at)


def _of_town(script: Script, at: int, hidden: AbstractSet[int]) -> bool:
    """Whether a town with a comma stands before "nr." and somebody before it: "…, com. Bran, nr. 5"."""
    if script.forms[at - 1][-1] not in ",.":
        return False
    first = at - 1
    while script.cores[first] not in _TOWNS and at - first < NAME and first:
        if not (_great(script, first) and _same_cell(script, first - 1, first)):
            break
        first -= 1
    near = any(place in hidden for place in range(max(0, first - NEAR), first))
    return script.cores[first] in _TOWNS and near and not _filed(script, at)


def _neighbour(script: Script, number: int, hidden: AbstractSet[int]) -> bool:
    """Whether a number tells where a hidden neighbour lives: "Buzilă de la 62"."""
    before = number - 2
    if script.cores[before] == "de":
        before -= 1
    after = script.cores[number + 1] if number + 1 < len(script) else ""
    goes = _ends(script, number) or after in _GOES_ON
    alone = script.forms[before][-1].isalpha() or len(script.cores[before]) < NAME
    named = before >= 0 and before in hidden and alone
    return named and goes and not script.cores[before].isdigit() and after not in _MONTHS | {"ora"}


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
        if not _NUMBERED.fullmatch(script.cores[number]):
            continue
        if at > 1 and script.cores[at] == "la" and _neighbour(script, number, hidden):
            yield number, number
        told = _word(script.cores[at]) and script.cores[number + 1 : number + 2] == ("si",)
        if not (_ends(script, number) or told):
            continue
        if _word(script.cores[at]) and _told(script, at, hidden):
            first = at - 1 if at and script.cores[at - 1] in _HOUSES else _before_la(script, at)
            yield _town(script, first), number
        elif script.cores[at] == "la" and _counts_houses(script, number, hidden):
            yield number, number
        elif script.cores[at].translate(_READ) in _LODGINGS and _small(script, at):
            yield _town(script, at), number


def _small(script: Script, at: int) -> bool:
    """Whether a word begins small, or stands in a line of capitals."""
    line = script.line_of(at)
    return script.forms[at][:1].islower() or all(
        script.forms[n].isupper() for n in line if script.cores[n].isalpha()
    )


def _by_block(script: Script) -> Iterator[tuple[int, int]]:
    """Streets without a number, with a block or a flat after a comma: "Bicaz, Barajului, bloc 6"."""
    for at in range(1, len(script) - 1):
        if script.cores[at] not in FLAT or not _BLOCK.fullmatch(script.cores[at + 1]):
            continue
        word = script.cores[at - 1]
        if (
            script.forms[at - 1][-1] != ","
            or not _same_cell(script, at - 1, at)
            or not _great(script, at - 1)
        ):
            continue
        if word.endswith(_GENITIVE) or not is_ordinary(word):
            quarter = at > 1 and script.cores[at - 2] in _QUARTERS
            yield _town(script, at - 1 - quarter), max(at + 1, reach(script, at)[0])


def _dated(script: Script, hidden: AbstractSet[int]) -> Iterator[tuple[int, int]]:
    """Streets that are called after a day: "1 Mai 14", "1 Decembrie 1918 nr. 3"."""
    for at in range(len(script) - 2):
        day, month = script.cores[at], script.cores[at + 1]
        if (
            month not in _MONTHS
            or not day.isdigit()
            or int(day) > DAYS
            or not _same_cell(script, at, at + 1)
        ):
            continue
        number = at + 2
        if script.cores[number] in {"1918", "1989", "1848", "1859", "1877", "1907", "1944"}:
            number += 1
        if number + 1 < len(script) and script.cores[number] in _WORDS:
            number += 1
        if (
            number >= len(script)
            or not script.forms[at + 1][:1].isupper()
            or not _same_cell(script, number - 1, number)
        ):
            continue
        near = any(place in hidden for place in range(max(0, at - NEAR), at))
        if _house(script, number) and (near or _flat_follows(script, number)):
            yield _town(script, at), max(number, reach(script, number)[0])


def _from_town(script: Script, hidden: AbstractSet[int]) -> Iterator[tuple[int, int]]:
    """Where somebody is from: "Gelu Buta din Vulcanul Mic nr. 5", "din comuna Mihăești"."""
    for at in range(1, len(script) - 1):
        if script.cores[at] != "din" or at - 1 not in hidden or script.forms[at - 1][-1] in ".;:":
            continue
        first = at + 1
        while script.cores[first] in _TOWNS and first + 1 < len(script):
            first += 1
        last = _town_ends(script, first)
        number = last + 2
        told = number < len(script) and script.cores[last + 1] in _WORDS
        if last >= first and told and _house(script, number):
            yield at + 1, number
        elif last >= first > at + 1:
            yield at + 1, last


def _town_ends(script: Script, first: int) -> int:
    """The last word of a town's name that begins at a place, or the one before where none does."""
    last = first - 1
    while last + 1 < len(script) and last - first + 1 < NAME:
        if not _great(script, last + 1) or (last >= first and script.forms[last][-1] in ",;.:)"):
            break
        last += 1
        if last + 2 < len(script) and script.cores[last + 1] in _LINKS and _great(script, last + 2):
            last += 2
    return last


def _street_of_flat(script: Script, hidden: AbstractSet[int]) -> Iterator[tuple[int, int]]:
    """A street without a number behind a hidden flat: "ap. 17 din bl. G4, str. Minerilor"."""
    for at in range(1, len(script) - 1):
        told = script.cores[at] in STREETS and script.forms[at - 1][-1] == ","
        if told and at - 1 in hidden and script.cores[at - 2] in FLAT:
            last = _town_ends(script, at + 1)
            if last > at:
                yield at, last


def houses(
    script: Script, hidden: AbstractSet[int], away: AbstractSet[int]
) -> Iterator[tuple[int, int]]:
    """First and last word of what is probably a home; `hidden` are words that go, `away` of sites."""
    found = (
        *_bare(script, hidden),
        *_by_number(script, hidden),
        *_by_block(script),
        *_dated(script, hidden),
        *_from_town(script, hidden),
        *_street_of_flat(script, hidden),
    )
    for first, last in found:
        if not any(at in away for at in range(first, last + 1)):
            yield first, last

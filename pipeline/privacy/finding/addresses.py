# ruff: noqa: SIM905 - word lists are read and edited as text
# ruff: noqa: PLR2004 - distances and counts stand where the rule that uses them stands
"""Homes: from the word that announces one, or from a street with a number, as far as it goes on."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pipeline.privacy.finding.names.mentions import is_name
from pipeline.privacy.finding.script import Script
from pipeline.privacy.finding.words import (
    AREAS,
    FLAT,
    HOME,
    INSTITUTIONS,
    NOT_NAMES,
    PARTS,
    PRIVATE,
    SITES,
    STOPS,
    STREETS,
    STREETS_SURE,
)

FILLERS = frozenset(
    "in din la pe cu stabil stabila legal legala ul sub este mentionat urmator".split()
)
LINKS = frozenset(["de", "din", "la", "cu", "lui", "cel", "cea", "al", "a", "si"])
LONGEST, BEFORE, NEAR = 40, 6, 7  # words
VILLAGES = frozenset(("sat", "satul", "satului", "catunul"))
SHORT, AMID = 4, 2  # letters of an abbreviation; words after one that was misread
_STRUCTURE = FLAT | {"nr", "jud", "str"}
SENTENCE_END = 5  # letters of a word, abbreviations are shorter
CODE = 6  # digits of a postal code
NUMBER = 8  # signs of a house's or a flat's number
_IN_TOWNS = frozenset(["de", "cel", "cea", "lui", "la", "sub"])
_FROM = frozenset(["din", "in", "la", "localitatea", "comuna", "satul", "orasul"])
_SHORT = frozenset(["al", "cal", "bul"])  # words for a street only with a stop
_ANNOUNCES = frozenset(["adresa", "adresei"])
_OF_NUMBER = frozenset(["administrativ", "adm", "casa", "postal", "vechi", "nou"])
_NONE = frozenset(("fn", "f.n", "f.nr"))
_NO_NUMBER = (("numar",), ("nr",))
_FORMERLY = frozenset(("fost", "fosta", "fosti", "foste"))
_PEOPLE = frozenset(
    "noi cei cele locatarii locuitorii locatari locuitori vecinii cetatenii familiile familia".split()
)
"""Who is from a street: "noi, cei de pe strada …"."""
_NUMBER_WORDS = frozenset(["nr", "numar", "numarul"])
_STAYS = frozenset(["stau", "stam", "sta", "locuit", "traieste", "traiesc", "sade"])
_MOVED = frozenset("mutat mutata mutati stabilit stabilita gazduit gazduita cazat cazata".split())
_MEANWHILE = frozenset("cu chirie momentan acum temporar singur singura inca".split())
_NOT_TOWN = PRIVATE | STOPS | INSTITUTIONS


@dataclass(frozen=True, slots=True)
class Place:
    """Words `first` to `last` that are an address; whether it is surely or surely not a home."""

    first: int
    last: int
    home: bool
    site: bool


def _street_word(core: str) -> str:
    """The word for a street that a word ends with: "Petrișor-str."; else the word itself."""
    end = core.rpartition("-")[2]
    return end if core not in STREETS and end in STREETS_SURE else core


def _abbreviation(script: Script, at: int) -> bool:
    return script.cores[at] in PARTS or _street_word(script.cores[at]) in STREETS


def _number(script: Script, at: int) -> bool:
    core = script.cores[at]
    if core in _NONE or (core == "fara" and script.cores[at + 1 : at + 2] in _NO_NUMBER):
        return True
    return 0 < len(core) <= NUMBER and any(c.isdigit() for c in core) and core.count(".") < 2


def _stops(script: Script, at: int) -> bool:
    core, cue = script.cores[at], script.cues[at]
    if core in STOPS or core in PRIVATE:
        return True
    return script.forms[at][:1].islower() and (cue in STOPS or cue in PRIVATE)


def _shortened(script: Script, at: int) -> bool:
    """Whether a word looks like an abbreviation, known or misread."""
    form = script.forms[at]
    if len(script.cores[at]) > SHORT or not form[:1].islower():
        return False
    if "." in form:
        return True
    after = script.forms[at + 1][:1] if at + 1 < len(script) else ""
    listed = at > 0 and script.forms[at - 1].endswith(",")
    return listed and (after.isupper() or after.isdigit())


def _fits(script: Script, at: int, first: int) -> bool:
    """Whether a word can stand in an address."""
    core = script.cores[at]
    if not core or _abbreviation(script, at) or (at > first and _torn(script, at - 1)):
        return True
    if _stops(script, at):
        return False
    if _number(script, at) or script.forms[at].lstrip("(")[:1].isupper() or len(core) == 1:
        return True
    told = core in _OF_NUMBER and at > first and script.cores[at - 1] in _NUMBER_WORDS
    if told or (core in _FORMERLY and script.forms[at].startswith("(")):
        return True
    if core in LINKS or core in FILLERS:
        return at + 1 < len(script) and (
            script.forms[at + 1][:1].isupper() or _abbreviation(script, at + 1)
        )
    return at == first or (_shortened(script, at) and at > first + 1) or _amid(script, at)


def _torn(script: Script, at: int) -> bool:
    """Whether a line's end breaks the word at a place."""
    form = script.forms[at]
    broken = len(form) > SHORT // 2 and form.endswith("-") and form[-2].isalpha()
    return broken and at + 1 < len(script) and script.lines[at] != script.lines[at + 1]


def _amid(script: Script, at: int) -> bool:
    """Whether a word that does not fit stands in the middle of an address, misread."""
    ahead = range(at + 1, min(len(script), at + 1 + AMID))
    if script.forms[at].endswith((".", ";")) or any(_stops(script, n) for n in ahead):
        return False
    return any(script.cores[n] in _STRUCTURE and "." in script.forms[n] for n in ahead)


def _over(script: Script, at: int, *, street: bool, numbered: bool) -> bool:
    """Whether an address ends with the word at a place."""
    if at + 1 >= len(script):
        return True
    form, following = script.forms[at], at + 1
    joins = _abbreviation(script, following) or _number(script, following)
    if script.page(at) != script.page(following):
        return not (joins or _abbreviation(script, at) or form.endswith(","))
    if script.lines[at] != script.lines[following]:
        return _over_line(script, at, numbered=numbered)
    if form.endswith((".", ";")) and not _abbreviation(script, at):
        return not joins and not _short_of_name(script, at, numbered=numbered)
    if script.cores[at - 1 if at else 0] in {"jud", "judetul", "judetului"} and not joins:
        return numbered or street
    return False


def _short_of_name(script: Script, at: int, *, numbered: bool) -> bool:
    """Whether a stop is of a short word within a street's name: "str. Gen. Magheru"."""
    form, length = script.forms[at], len(script.cores[at])
    if not form.endswith("."):
        return False
    rank = length <= SHORT and not numbered and form[:1].isupper() and at > 0
    return length < 3 or (rank and _street_word(script.cores[at - 1]) in STREETS)


def _over_line(script: Script, at: int, *, numbered: bool) -> bool:
    """Whether an address ends with its line."""
    following = at + 1
    if _abbreviation(script, at) or script.cores[following] in PARTS or _torn(script, at):
        return False
    if at and script.cores[at - 1] in STREETS_SURE and script.cores[at].isdigit():
        return not script.forms[following][:1].isupper()
    if not numbered and _house_ends_line_before(script, at):
        return False
    if script.forms[at].endswith(","):
        goes_on = _number(script, following) and not _begins_row(script, following)
        goes_on = goes_on or _postal_code(script, following)
        return numbered and not goes_on and not _area(script, at, following)
    return numbered or not script.forms[following][:1].isupper()


def _house_ends_line_before(script: Script, at: int) -> bool:
    """Whether a street's name ends a line and its house number, with a sign, begins the next."""
    number = script.forms[at + 1]
    alone = number[:1].isdigit() and number[-1] in ",;.)" and _number(script, at + 1)
    return alone and script.forms[at][-1:].isalpha() and script.forms[at][:1].isupper()


def _postal_code(script: Script, at: int) -> bool:
    """Whether a town with its postal code stands at a place."""
    code = script.cores[at + 1] if at + 1 < len(script) else ""
    return script.forms[at][:1].isupper() and code.isdigit() and len(code) == CODE


def _area(script: Script, at: int, following: int) -> bool:
    """Whether a town goes on: a short address whose next line begins with a capital."""
    return script.forms[following][:1].isupper() and script.cores[at] in AREAS


def _begins_row(script: Script, at: int) -> bool:
    """Whether a number begins a row of a table: a name follows it."""
    return at + 1 < len(script) and script.cores[at].isdigit() and is_name(script, at + 1)


def reach(script: Script, first: int) -> tuple[int, bool]:
    """The last word of an address that begins at a place, and whether it has a number."""
    last, street, numbered, at = first - 1, False, False, first
    while at < min(len(script), first + LONGEST) and _fits(script, at, first):
        street = street or script.cores[at] in STREETS
        numbered = numbered or (_number(script, at) and at > first)
        if script.cores[at]:
            last = at
        if _over(script, at, street=street, numbered=numbered):
            break
        at += 1
    while last > first and script.cores[last] in LINKS | FILLERS:
        last -= 1
    return last, numbered


def _after_cue(script: Script, at: int) -> int:
    """Where the address begins that a word announces."""
    at += 1
    while at < len(script) and (not script.cores[at] or script.cores[at] in FILLERS):
        at += 1
    return at


def _lives(script: Script, at: int) -> int:
    """Where the home begins that somebody tells: "stau în …", "mutată din …", or 0."""
    if script.cores[at] not in _STAYS | _MOVED:
        return 0
    place = at + 1
    while place < len(script) and place - at < 4 and script.cores[place] in _MEANWHILE:
        place += 1
    if place + 1 >= len(script) or script.cores[place] not in _FROM:
        return 0
    core, great = script.cores[place + 1], script.forms[place + 1][:1].isupper()
    if core in FLAT and core not in {"et", "se", "ap"}:
        return place + 1
    return place + 1 if great and core not in _NOT_TOWN | NOT_NAMES else 0


def _announced(script: Script) -> Iterator[Place]:
    for at, (cue, core) in enumerate(zip(script.cues, script.cores, strict=True)):
        called = core in _ANNOUNCES and script.forms[at].endswith(":")
        lives = _lives(script, at)
        if not called and cue not in HOME and core not in HOME and not lives:
            continue
        if script.forms[at].endswith((".", ";")) and cue != "domiciliul":
            continue
        if core == "resedinta" and at and script.cores[at - 1] == "de":
            continue  # "parcări de reședință"
        first = lives or _after_cue(script, at)
        if first >= len(script) or script.lines[first] - script.lines[at] > 1:
            continue
        last, numbered = reach(script, first)
        if last >= first and (numbered or script.forms[first][:1].isupper()):
            yield Place(first, last, True, False)


def _links_town(script: Script, at: int) -> bool:
    """Whether a small word stands within a town's name: "Fântânele de Jos"."""
    before, after = script.forms[at - 1 : at], script.forms[at + 1 : at + 2]
    amid = before and after and before[0][:1].isupper() and after[0][:1].isupper()
    return script.cores[at] in _IN_TOWNS and bool(amid) and before[0][-1:].isalpha()


def _torn_town(script: Script, at: int) -> bool:
    """Whether a town's name that "din" announces begins at a line's end."""
    return at > 0 and script.cores[at - 1] in _FROM and script.forms[at][-1:].isalpha()


def _town_before(script: Script, at: int) -> int:
    """Where the town begins that stands with a comma before a street."""
    first = at
    for place in range(at - 1, max(-1, at - 1 - BEFORE), -1):
        form, core = script.forms[place], script.cores[place]
        if script.page(place) != script.page(at) or core in _NOT_TOWN:
            break
        ends = form.endswith(",")
        if _links_town(script, place):
            continue
        if script.lines[place] != script.lines[first] and not (ends or _torn_town(script, place)):
            break
        if not (
            ends
            or core in AREAS
            or (first < at and not script.forms[place].endswith((".", ";", ":")))
        ):
            break
        if not (form[:1].isupper() or core in AREAS or core.isdigit()):
            break
        first = place
    return first


def _context(script: Script, first: int) -> tuple[bool, bool]:
    """Whether the words before tell of works or an office, and whether of "pe strada"."""
    low = max(0, first - NEAR)
    while low < first and script.page(low) != script.page(first):
        low += 1
    for at in range(first - 1, low - 1, -1):
        if script.forms[at].endswith((".", ";")) and len(script.cores[at]) > 3:
            break
        if script.lines[at] != script.lines[first] and _is_row(script, first):
            break
        if (
            script.cues[at] in SITES
            or script.cores[at] in SITES
            or (script.cores[at] in INSTITUTIONS and script.forms[at] != "casa")
        ):
            return True, False
    on = first > 0 and script.cores[first - 1] in {"pe", "prin", "spre", "intre"}
    street = _street_word(script.cores[first]) in STREETS
    return False, on and street and not _of_people(script, first)


def _of_people(script: Script, first: int) -> bool:
    """Whether people are from a street: "cei de pe strada", "locatarii de pe aleea"."""
    before = script.cores[max(0, first - 4) : first]
    return before[-2:] == ("de", "pe") and not _PEOPLE.isdisjoint(before)


def _is_row(script: Script, at: int) -> bool:
    """Whether a word stands in a row that begins with its number."""
    return script.cores[script.line_of(at)[0]].isdigit()


def _street_misread(script: Script, at: int) -> bool:
    """Whether a short word may be "str." as it was read, with a number announced after the name."""
    form, core = script.forms[at], script.cores[at]
    if not (1 < len(core) <= SHORT and form[:1].islower() and ("." in form or "," in form)):
        return False
    return (core[0] in "s5" or "tr" in core) and any(
        _shortened(script, n) and len(script.cores[n]) == SHORT // 2 and _number(script, n + 1)
        for n in range(at + 2, min(len(script) - 1, at + 5))
    )


def _village_number(script: Script, at: int) -> bool:
    """Whether a village's name and a house's number follow: "satul Utvin nr. 214"."""
    if script.cores[at] not in VILLAGES:
        return False
    for place in range(at + 2, min(at + 5, len(script) - 1)):
        if script.lines[place] - script.lines[at] > 1 or script.forms[place - 1][-1] in ".;":
            return False
        if script.cores[place] == "nr":
            return _number(script, place + 1) and "/" not in script.forms[place + 1]
    return False


def _street_number(script: Script, at: int) -> bool:
    """Whether a street's name and a number follow the word for a street."""
    if at + 1 >= len(script):
        return False
    core, misread = _street_word(script.cores[at]), _street_misread(script, at)
    if not misread and (core not in STREETS or (core in _SHORT and "." not in script.forms[at])):
        return False
    if script.forms[at].endswith(".") and len(core) > SENTENCE_END:
        return False
    name = script.forms[at + 1][:1]
    if script.forms[at + 1] in {"a", "al"} and at + 2 < len(script):
        name = script.forms[at + 2][:1]
    if not (name.isupper() or (name.isdigit() and (misread or core in STREETS_SURE))):
        return False
    ahead = range(at + 1, min(len(script), at + 8))
    return any(_number(script, place) for place in ahead if place > at + 1)


def _flat(script: Script, first: int, last: int) -> bool:
    return any(script.cores[at] in FLAT for at in range(first, last + 1))


def _by_street(script: Script) -> Iterator[Place]:
    at = 0
    while at < len(script):
        if not (_street_number(script, at) or _village_number(script, at)):
            at += 1
            continue
        last, numbered = reach(script, at)
        first = _town_before(script, at)
        if numbered:
            site, on = _context(script, first)
            flat = _flat(script, at, last)
            yield Place(first, last, flat and not site, (site or on) and not flat)
        at = max(last, at) + 1


def _overlap(one: Place, other: Place) -> bool:
    return one.first <= other.last and other.first <= one.last


def places(script: Script) -> tuple[Place, ...]:
    """Addresses with a number, and all that the word for a home announces; in reading order."""
    announced = list(_announced(script))
    others = (
        place
        for place in _by_street(script)
        if not any(_overlap(place, known) for known in announced)
    )
    return tuple(sorted((*announced, *others), key=lambda place: place.first))


def street_ends(script: Script, place: Place) -> int:
    """The last word of an address's street and house number: what follows may be somebody's name."""
    ahead = range(place.first, place.last + 1)
    return next((at for at in ahead if _number(script, at)), place.last)


def key(script: Script, place: Place) -> tuple[str, ...]:
    """What makes an address this one: the street's name and the numbers, without abbreviations."""
    cores: Sequence[str] = script.cores[place.first : place.last + 1]
    begin = next((n for n, core in enumerate(cores) if core in STREETS), 0)
    return tuple(
        core for core in cores[begin:] if core and core not in PARTS and core not in STREETS
    )[:3]

# ruff: noqa: SIM905 - word lists are read and edited as text
# ruff: noqa: PLR2004 - distances and counts stand where the rule that uses them stands
"""Homes: from the word that announces one, or from a street with a number, as far as it goes on."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pipeline.privacy.finding.extent import (
    FILLERS,
    SHORT,
    is_number,
    is_shortened,
    reach,
    street_word,
)
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

BEFORE, NEAR = 6, 7  # words
VILLAGES = frozenset(("sat", "satul", "satului", "catunul"))
SENTENCE_END = 5  # letters of a word, abbreviations are shorter
_IN_TOWNS = frozenset(["de", "cel", "cea", "lui", "la", "sub"])
_FROM = frozenset(["din", "in", "la", "localitatea", "comuna", "satul", "orasul"])
_SHORT = frozenset(["al", "cal", "bul"])  # words for a street only with a stop
_ANNOUNCES = frozenset(["adresa", "adresei"])
_PEOPLE = frozenset(
    "noi cei cele locatarii locuitorii locatari locuitori vecinii cetatenii familiile familia".split()
)
"""Who is from a street: "noi, cei de pe strada …"."""
_STAYS = frozenset(["stau", "stam", "sta", "locuit", "traieste", "traiesc", "sade"])
_MOVED = frozenset("mutat mutata mutati stabilit stabilita gazduit gazduita cazat cazata".split())
_MEANWHILE = frozenset("cu chirie momentan acum temporar singur singura inca".split())
_BLOCKS = frozenset(("bl", "bloc", "blocul"))
_NOT_TOWN = PRIVATE | STOPS | INSTITUTIONS


@dataclass(frozen=True, slots=True)
class Place:
    """Words `first` to `last` that are an address; whether it is surely or surely not a home."""

    first: int
    last: int
    home: bool
    site: bool


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
    street = street_word(script.cores[first]) in STREETS
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
        is_shortened(script, n) and len(script.cores[n]) == SHORT // 2 and is_number(script, n + 1)
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
            return is_number(script, place + 1) and "/" not in script.forms[place + 1]
    return False


def _number_called(script: Script, at: int) -> bool:
    """Whether "nr." and a number follow a street's name, whose capital was read small: "str. lasomiei nr. 96"."""
    return any(
        script.cores[n] == "nr" and is_number(script, n + 1)
        for n in range(at + 2, min(len(script) - 1, at + 5))
    )


def _street_number(script: Script, at: int) -> bool:
    """Whether a street's name and a number follow the word for a street."""
    if at + 1 >= len(script):
        return False
    core, misread = street_word(script.cores[at]), _street_misread(script, at)
    if not misread and (core not in STREETS or (core in _SHORT and "." not in script.forms[at])):
        return False
    if script.forms[at].endswith(".") and len(core) > SENTENCE_END:
        return False
    name = script.forms[at + 1][:1]
    if script.forms[at + 1] in {"a", "al"} and at + 2 < len(script):
        name = script.forms[at + 2][:1]
    great = name.isupper() or (name.isdigit() and (misread or core in STREETS_SURE))
    if not great and not _number_called(script, at):
        return False
    ahead = range(at + 1, min(len(script), at + 8))
    return any(is_number(script, place) for place in ahead if place > at + 1)


def _number_lost(script: Script, at: int) -> int:
    """Where "nr." ends a line behind a street's name, its number unread; or 0."""
    if street_word(script.cores[at]) not in STREETS_SURE:
        return 0
    for place in range(at + 2, min(len(script), at + 5)):
        ends = place + 1 == len(script) or script.lines[place + 1] != script.lines[place]
        if script.lines[place] != script.lines[at] or not script.forms[at + 1][:1].isupper():
            return 0
        if script.cores[place] == "nr" and ends:
            return place
    return 0


def _flats(script: Script) -> Iterator[Place]:
    """Streets that were not read as such, with a house's number before a block's: "…lelor nr. 73, bl. P10".

    The block announces the rest by itself.
    """
    for at in range(len(script) - 3):
        told = script.cores[at] == "nr" and script.cores[at + 2] in _BLOCKS
        if told and is_number(script, at + 1) and is_number(script, at + 3):
            first = at - 1 if at and script.lines[at - 1] == script.lines[at] else at
            yield Place(first, at + 1, home=True, site=False)


def _flat(script: Script, first: int, last: int) -> bool:
    return any(script.cores[at] in FLAT for at in range(first, last + 1))


def _by_street(script: Script) -> Iterator[Place]:
    at = 0
    while at < len(script):
        if lost := _number_lost(script, at):
            first = _town_before(script, at)
            yield Place(first, lost, home=False, site=any(_context(script, first)))
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
    found = announced
    for others in (_by_street(script), _flats(script)):
        apart = (one for one in others if not any(_overlap(one, known) for known in found))
        found = [*found, *apart]
    return tuple(sorted(found, key=lambda place: place.first))


def street_ends(script: Script, place: Place) -> int:
    """The last word of an address's street and house number: what follows may be somebody's name."""
    ahead = range(place.first, place.last + 1)
    return next((at for at in ahead if is_number(script, at)), place.last)


def key(script: Script, place: Place) -> tuple[str, ...]:
    """What makes an address this one: the street's name and the numbers, without abbreviations."""
    cores: Sequence[str] = script.cores[place.first : place.last + 1]
    begin = next((n for n, core in enumerate(cores) if core in STREETS), 0)
    return tuple(
        core for core in cores[begin:] if core and core not in PARTS and core not in STREETS
    )[:3]

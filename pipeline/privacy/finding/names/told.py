# ruff: noqa: SIM905 - word lists are read and edited as text
"""Names that the words around them tell, whatever they mean: traders, shortened and repeated names."""

import re
from collections.abc import Iterator
from collections.abc import Set as AbstractSet

from pipeline.privacy.finding.names.gazetteer import GIVEN, has_surname
from pipeline.privacy.finding.names.known import is_ordinary
from pipeline.privacy.finding.script import Script
from pipeline.privacy.finding.words import (
    FLAT,
    NAMING,
    NEVER_NAMES,
    NOT_NAMES,
    OFFICES,
    PRIVATE,
    SUBSIDIARY,
    WRITTEN_GREAT,
)

LEAST, NAME, SHORT = (
    4,
    3,
    5,
)  # letters of a name told again; words of a name; letters of a short one
GAP = 1.5  # of a word's height: between two cells
_TRADES = frozenset(("pfa", "p.f.a", "i.i", "i.f", "a.f", "p.f"))
_READ = str.maketrans("0156897", "oisbbgt")
_AND = frozenset(("si", "sau", "ori"))
_CHOPPED = re.compile(r"[a-z]{1,3}-(?:tru|tin|tei|le|ghe|lae|dru|ria|na|an|la|fan)")
_YEARS = re.compile(r"\(?(?:18|19|20)\d\d ?[–—-] ?(?:(?:18|19|20)\d\d)?\)?[.,;]?")
_TITLES = frozenset(
    """
    tov fam obs pens dvs dv lic mst med vet psih dna dl dle adm ref cons sing mun oras subs plt maj
    cap gl dom rez nasc dec def mos vad
    """.split()
)
_NOBODYS = NOT_NAMES | WRITTEN_GREAT | OFFICES | SUBSIDIARY | _TITLES | NEVER_NAMES | NAMING
_HEADS = NEVER_NAMES | PRIVATE | NAMING | OFFICES | SUBSIDIARY
_WED = frozenset(("casatorita", "casatorit", "recasatorita", "nascuta"))
_FAMILIES = frozenset(("familia", "familiei", "familiile", "sotii", "sotilor"))
_IDENTITY = FLAT | frozenset(
    "cnp c.n.p domiciliat domiciliata ci c.i bi b.i nascut nascuta".split()
)


def _same(script: Script, one: int, other: int) -> bool:
    inside = one >= 0 and other < len(script)
    return inside and script.lines[one] == script.lines[other]


def _great(script: Script, at: int) -> bool:
    core = script.cores[at]
    return script.forms[at][:1].isupper() and core.replace("-", "").isalpha()


def _free(script: Script, at: int) -> bool:
    """Whether a word with a capital may be a name as far as no list knows it for something else."""
    core, cue = script.cores[at], script.cues[at]
    return _great(script, at) and core not in _NOBODYS and cue != core


def _traders(script: Script) -> Iterator[int]:
    """Names right before "PFA", "I.I."."""
    for at, core in enumerate(script.cores):
        if core not in _TRADES or (core == "p.f" and not script.forms[at].isupper()):
            continue
        place = at - 1
        while at - place <= NAME and _same(script, place, at) and _free(script, place):
            if script.forms[place][-1] in ",;:.)":
                break
            yield place
            place -= 1


def _short(script: Script, at: int) -> bool:
    """Whether a word is a given name in short: "Șt.", "Const.", "D-tru"."""
    core, form = script.cores[at], script.forms[at].rstrip(",;")
    if not form[:1].isupper() or core in _NOBODYS:
        return False
    if _CHOPPED.fullmatch(core):
        return True
    return form.endswith(".") and 1 < len(core) <= SHORT and core.isalpha()


def _shortened(script: Script, hidden: AbstractSet[int]) -> Iterator[int]:
    for at in range(len(script)):
        if not _short(script, at):
            continue
        before = _same(script, at - 1, at) and script.forms[at - 1][-1].isalpha()
        after = _same(script, at, at + 1) and script.forms[at][-1] != ","
        behind = before and at - 1 in hidden and _great(script, at - 1)
        if behind or (after and at + 1 in hidden and _great(script, at + 1)):
            yield at
        elif "-" in script.cores[at]:
            yield at
            if before and _free(script, at - 1):
                yield at - 1


def _years(script: Script, hidden: AbstractSet[int]) -> Iterator[int]:
    """Years of birth and death behind a name."""
    for at in range(1, len(script)):
        form = script.forms[at]
        if form.startswith("(") and at - 1 in hidden and _YEARS.fullmatch(form):
            yield at


def _begins_item(script: Script, at: int, hidden: AbstractSet[int]) -> bool:
    """Whether a word begins a line, a cell, or an item of a list of hidden names."""
    if not _same(script, at - 1, at):
        return True
    left, right = script.box(at - 1), script.box(at)
    if right.x - left.x - left.w > GAP * right.h:
        return True
    if script.cores[at - 1] in _AND:
        return at - 2 in hidden
    return at - 1 in hidden and script.forms[at - 1][-1] in ",;"


def _listed(script: Script, hidden: AbstractSet[int]) -> Iterator[int]:
    """Ordinary words that begin an item of a list of names: "…, Bun Iosif"."""
    for at in range(1, len(script) - 1):
        if at + 1 not in hidden or not _begins_item(script, at, hidden):
            continue
        name = script.cores[at + 1]
        named = name in GIVEN or (name.replace("-", "").isalpha() and not is_ordinary(name))
        beside = _same(script, at, at + 1) or (at - 1 in hidden or script.cores[at - 1] in _AND)
        named = named and beside and script.cores[at] not in _HEADS
        if named and _great(script, at) and script.forms[at][-1].isalpha():
            yield at


def _capitals(script: Script) -> Iterator[int]:
    """Words in lines of capitals, where they tell nothing."""
    for number in range(len(script.rows) - 1):
        row = script.row(number)
        if all(script.forms[at].upper() == script.forms[at] for at in row):
            yield from row


def _calls(script: Script, at: int) -> bool:
    core = script.cores[at]
    return core in NAMING or (core in PRIVATE and script.cues[at] in PRIVATE)


def _amid_capitals(script: Script, hidden: AbstractSet[int]) -> Iterator[int]:
    """In lines of capitals: what is called, what is listed behind a name, what tells who a kin is."""
    for at in _capitals(script):
        if not at or len(script.cores[at]) < NAME or not _free(script, at):
            continue
        before, form = script.forms[at - 1], script.forms[at]
        ends = form[-1] in ",;." or at + 1 == len(script)
        if _calls(script, at - 1) and _same(script, at - 1, at) and before[-1] not in ",;":
            if before[-1] != ":" or ends:
                yield at
        elif script.cores[at - 1] in _AND and at > 1 and at - 2 in hidden:
            if ends or script.cores[at] in GIVEN or not _same(script, at, at + 1):
                yield at
        elif ends and before[-1] == "," and at > 1 and _calls(script, at - 2):
            yield at


def _identified(script: Script) -> Iterator[int]:
    """Words behind which a flat or an identity card stands in brackets: "și Rață (ap. 16)"."""
    for at in range(1, len(script) - 1):
        if script.forms[at + 1][0] != "(" or script.cores[at + 1] not in _IDENTITY:
            continue
        if _free(script, at) and script.forms[at][-1].isalpha() and _same(script, at, at + 1):
            yield at


def _misread(script: Script) -> Iterator[int]:
    """Words with one digit for a letter: called ("Vecinul Buz1la"), or in no language ("Io5ua")."""
    for at in range(1, len(script)):
        core = script.cores[at]
        letters = sum(c.isalpha() for c in core)
        if len(core) < LEAST or letters != len(core.replace("-", "")) - 1 or core[-1:].isdigit():
            continue
        strange = letters >= LEAST and not core[0].isdigit()
        strange = strange and not is_ordinary(core.translate(_READ))
        called = _calls(script, at - 1) and _same(script, at - 1, at)
        if script.forms[at][:1].isupper() and (strange or called):
            yield at


def _small(script: Script) -> Iterator[int]:
    """Small words in no language right before an initial that ends something: "runzetti O."."""
    for at in range(len(script) - 1):
        form, after = script.forms[at], script.forms[at + 1]
        if len(form) < LEAST or not (form.islower() and form.isalpha()):
            continue
        initial = len(after) > 1 and after[0].isupper() and after[1] == "." and len(after) <= NAME
        if initial and _same(script, at, at + 1) and not is_ordinary(form):
            yield at


def _wed(script: Script) -> Iterator[int]:
    """Small words behind "căsătorită" that end a sentence: the name, its first letter read small."""
    for at in range(1, len(script)):
        form, core = script.forms[at], script.cores[at]
        ends = form[-1] in ".;" and len(core) >= LEAST and core.isalpha() and form[:1].islower()
        if ends and script.cores[at - 1] in _WED and script.forms[at - 1][-1].isalpha():
            yield at


def _small_names(script: Script) -> Iterator[int]:
    """Small words that may be names whose capital was misread: in no language, of a name's length."""
    for at, core in enumerate(script.cores):
        if len(core) < SHORT or not script.forms[at][:1].islower() or is_ordinary(core):
            continue
        if core not in _NOBODYS and not script.cues[at] and core.replace("-", "").isalpha():
            yield at


def _behind(script: Script, at: int) -> bool:
    """Whether a word goes on what the word before it says, here or at the end of the line before."""
    return script.forms[at - 1][-1].isalpha() and script.lines[at] - script.lines[at - 1] <= 1


def families(script: Script) -> Iterator[int]:
    """Names whose capital was read small, behind a word of a family: "familia lovanovici."."""
    for at in _small_names(script):
        if at and script.cores[at - 1] in _FAMILIES and _behind(script, at):
            yield at


def _lowered(script: Script) -> Iterator[int]:
    """Names whose capital was read small: called ("vecina lovanovici"), or with an l for an I."""
    for at in _small_names(script):
        if (at and _calls(script, at - 1) and _behind(script, at)) or _was_great(script.cores[at]):
            yield at


def _was_great(core: str) -> bool:
    """Whether a word in no language that begins with l is a name with I: "lonescu"."""
    twin = f"i{core[1:]}"
    return core[0] == "l" and not is_ordinary(twin) and (twin in GIVEN or has_surname(twin))


def _telling(script: Script, at: int, hidden: AbstractSet[int]) -> bool:
    """Whether a hidden word is surely a name: it is called, or stands beside a given name."""
    if len(script.cores[at]) < LEAST or not _free(script, at) or script.forms[at][-1] == ":":
        return False
    if at and _calls(script, at - 1) and _same(script, at - 1, at):
        return script.forms[at - 1][-1] not in ",;:"
    beside = (at - 1, at + 1)
    return any(
        _same(script, min(at, n), max(at, n)) and n in hidden and script.cores[n] in GIVEN
        for n in beside
    )


def _again(script: Script, hidden: AbstractSet[int]) -> Iterator[int]:
    """Every other place of a name that was told once."""
    known = {script.cores[at] for at in hidden if _telling(script, at, hidden)}
    for at, core in enumerate(script.cores):
        if core in known and at not in hidden and _great(script, at):
            yield at


def told_names(
    script: Script, settled: AbstractSet[int], hidden: set[int]
) -> Iterator[tuple[int, int]]:
    """First and last word of names that their surroundings tell, not yet hidden; adds to `hidden`."""
    rules = (_shortened, _years, _listed, _amid_capitals, _again)
    found = [*_traders(script), *_identified(script), *_misread(script)]
    found += [*_small(script), *_wed(script), *_lowered(script)]
    for rule in rules:
        found += rule(script, hidden)
        fresh = [at for at in found if at not in hidden and at not in settled]
        hidden.update(fresh)
        yield from ((at, at) for at in fresh)
        found = []

# ruff: noqa: PLR2004 - distances and counts stand where the rule that uses them stands
"""Where persons are named: runs of capitalised words, and what speaks for each being a person."""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from pipeline.metadata.entities.gazetteer import gazetteer as settlements
from pipeline.privacy.finding.names.gazetteer import (
    GIVEN,
    has_given,
    has_surname,
    is_surname,
    parts,
)
from pipeline.privacy.finding.script import Script, without_specks
from pipeline.privacy.finding.spans import GAZETTEER, MODEL, RULE
from pipeline.privacy.finding.words import (
    AREAS,
    CALLED,
    FIRMS,
    INSTITUTIONS,
    NOT_NAMES,
    STREETS,
)
from schemas.records import Entity

ROLE = 0.3
"""Persons of the model that are hardly so sure are roles without a name."""
LONGEST = 4  # words of a name
AROUND, ROOM = (
    2,
    3,
)  # lines before and after; of a word's height, what a line leaves free at its end
GAP = 1.5  # of a word's height: between the names of two columns
SURE, LIKELY, DOUBTFUL = 0.9, 0.8, 0.55
CERTAIN_MODEL = 0.6
_NAME = re.compile(r"[A-Z](?:[a-z']+|[A-Z']+)(?:-[A-Z][A-Za-z']+){0,2}")
_NEARLY = re.compile(r"[A-Zl|0-9][A-Za-z0-9'-]{2,}")
_INITIAL = re.compile(r"[A-Z](?:\.|\.-?[A-Z]\.)?")
_TOWNS = AREAS | {"primaria", "primariei", "sediul", "orasul", "satele", "comunele"}
LOOSE_TOWNS = frozenset(("oras", "sat", "municipiu"))
"""As in "plecată la oraș Ion Popescu"."""
_TITLES = frozenset(
    ("dr", "prof", "ing", "gen", "col", "cpt", "lt", "mr", "av", "arh", "acad", "pr")
)
_INSIDE = _TITLES | frozenset(
    ("lui", "cel", "si", "nr", "teoretic", "de", "local", "comunal", "judetean")
)
_WORDS_TOO = frozenset(("sa", "ra"))
_IN_FIRMS = frozenset(("si", "cu", "de", "pentru", "prod", "com"))
_PLACES = STREETS | {
    "strazile",
    "strazilor",
    "aleile",
    "pietele",
    "cartierele",
    "cartierul",
    "zona",
    "zonele",
}


@dataclass(frozen=True, slots=True)
class Mention:
    """Words `first` to `last` of the script that name somebody, and who says so."""

    first: int
    last: int
    names: tuple[str, ...]
    confidence: float
    methods: tuple[str, ...]

    def overlaps(self, first: int, last: int) -> bool:
        return self.first <= last and first <= self.last


@lru_cache(maxsize=65_536)
def _named(form: str) -> bool:
    """Whether a word as it stands (without signs at its edges) may be part of a name."""
    core = form.lower()
    if core in NOT_NAMES and core not in GIVEN:
        return False
    if _NAME.fullmatch(form):
        return True
    letters = sum(c.isalpha() for c in form)
    odd = len(form) - letters - form.count("-") - form.count("'")
    return bool(_NEARLY.fullmatch(form)) and odd <= 1 and has_given(core) | is_surname(core)


def is_name(script: Script, at: int) -> bool:
    """Whether the word at a place may be part of a person's name."""
    bare = without_specks(script.forms[at])
    cue = script.cues[at]
    if cue and not (cue != script.cores[at] and has_given(script.cores[at])):
        return False
    return _named(bare)


def is_initial(script: Script, at: int) -> bool:
    """Whether a word is an initial."""
    return _INITIAL.fullmatch(script.forms[at].rstrip(",")) is not None


def _goes_on(script: Script, at: int, count: int) -> bool:
    """Whether a name may go on after the word at a place, on this line or the next."""
    form = script.forms[at]
    if at + 1 >= len(script) or form[-1] in ",;:)!?" or script.page(at) != script.page(at + 1):
        return False
    if form[-1] == "." and not is_initial(script, at):
        return False
    if script.lines[at] == script.lines[at + 1]:
        return not _apart(script, at)
    return count == 1 and _fills_line(script, at) and not _town_ends(script, at)


def _fills_line(script: Script, at: int) -> bool:
    """Whether a line goes on in the next: it holds more than names and is full."""
    return not _ends_short(script, at) and any(
        script.forms[place][:1].islower() for place in script.line_of(at)
    )


def _town_ends(script: Script, at: int) -> bool:
    """Whether a line ends with a town's name of one word: "… al Orașului Motru"."""
    return at > 0 and script.cores[at - 1] in AREAS and script.lines[at] != script.lines[at + 1]


def _ends_short(script: Script, at: int) -> bool:
    """Whether a line ends although the next word had room in it: its sentence ends there, too."""
    number, box, after = script.lines[at], script.box(at), script.box(at + 1)
    near = (script.row(n) for n in range(number - AROUND, number + AROUND + 1))
    rights = [script.box(row[-1]).x + script.box(row[-1]).w for row in near if row]
    return box.x + box.w + after.w + ROOM * box.h < max(rights)


def _apart(script: Script, at: int) -> bool:
    """Whether a wide gap stands between a word and the next on its line."""
    one, other = script.box(at), script.box(at + 1)
    return other.x - (one.x + one.w) > GAP * max(one.h, other.h)


def _runs(script: Script) -> Iterator[tuple[int, int]]:
    at = 0
    while at < len(script):
        if not is_name(script, at):
            at += 1
            continue
        first = at
        while _goes_on(script, at, at - first + 1):
            if not (is_name(script, at + 1) or is_initial(script, at + 1)):
                break
            at += 1
        low, high = _with_odd(script, first, at)
        yield low, high
        at = high + 1


def _odd(script: Script, at: int) -> bool:
    """Whether a word is letters with a digit or a capital among them: a name read badly."""
    form = without_specks(script.forms[at])
    letters = sum(c.isalpha() for c in form)
    if form.isupper() or form.lower() in NOT_NAMES:
        return False
    mixed = letters < len(form) or form[1:] != form[1:].lower()
    return len(form) >= LONGEST and letters >= len(form) - 2 and mixed and "-" not in form[:2]


def _with_odd(script: Script, first: int, last: int) -> tuple[int, int]:
    """A single given name or surname with the badly read word beside it."""
    if first != last or not (has_given(script.cores[first]) or has_surname(script.cores[first])):
        return first, last
    line = script.line_of(first)
    if last + 1 in line and script.forms[last][-1] not in ",;:." and _odd(script, last + 1):
        return first, last + 1
    if first - 1 in line and script.forms[first - 1][-1] not in ",;:." and _odd(script, first - 1):
        return first - 1, last
    return first, last


def _pieces(script: Script, first: int, last: int) -> Iterator[tuple[int, int]]:
    """A run of several names side by side, parted where given names tell."""
    size = last - first + 1
    given = [at for at in range(first, last + 1) if has_given(script.cores[at])]
    if size < LONGEST or len(given) < 2:
        yield first, last
        return
    cuts = [first]
    for at in given if given[0] == first else (g + 1 for g in given):
        if cuts[-1] + 2 <= at <= last - 1:
            cuts.append(at)
    yield from ((low, high - 1) for low, high in pairwise((*cuts, last + 1)))


def _numbered(script: Script, first: int) -> bool:
    """Whether a house's number follows soon on the line: "Al." is an alley then, else Alexandru."""
    ahead = range(first + 1, min(len(script), first + 5))
    told = [script.cores[at] for at in ahead if script.lines[at] == script.lines[first]]
    return any(core == "nr" or core[:1].isdigit() for core in told)


def _no_place(script: Script, at: int, first: int) -> bool:
    """Whether a word is no street, though it may be one: "al" of somebody, somebody's "casa", a market."""
    if script.cores[at] == "piata":
        return "ă" in script.placed[at].word.text
    form = script.forms[at]
    return form in {"al", "casa"} or (form == "Al." and not _numbered(script, first))


def _behind_town(script: Script, first: int) -> bool:
    """Whether a name right behind a loose "oraș" is somebody's: a given name, and no settlement's."""
    if first == 0 or script.cores[first - 1] not in LOOSE_TOWNS:
        return False
    last = first
    while _goes_on_as_name(script, last) and last - first < LONGEST:
        last += 1
    given = any(has_given(core) for core in script.cores[first : last + 1])
    called = " ".join(script.forms[first : last + 1]).strip(".,;:")
    return last > first and given and not settlements().knows(called)


def _goes_on_as_name(script: Script, at: int) -> bool:
    """Whether another name follows; in the next line only a given name does."""
    following = at + 1 < len(script) and script.forms[at][-1:].isalpha()
    if not following or not is_name(script, at + 1) or script.page(at) != script.page(at + 1):
        return False
    return script.lines[at] == script.lines[at + 1] or has_given(script.cores[at + 1])


def is_street_or_house(script: Script, first: int) -> bool:
    """Whether the words before make a name a street's, a school's or a town's."""
    return not _behind_town(script, first) and _called_by_place(script, first)


def _heading_ends(script: Script, at: int, first: int) -> bool:
    """Whether a line in capitals ends here that names its place itself, and the next is in none."""
    if at != first - 1 or script.lines[at] == script.lines[first]:
        return False
    if script.cores[at] in INSTITUTIONS or script.cores[at] in _TOWNS:
        return False
    capitals = all(script.forms[place].isupper() for place in script.line_of(at))
    return capitals and not script.forms[first].isupper()


def _called_by_place(script: Script, first: int) -> bool:
    somebodys = apart = False
    for at in range(first - 1, max(-1, first - 4), -1):
        core, form = script.cores[at], script.forms[at]
        apart = apart or (script.lines[at] == script.lines[at + 1] and _apart(script, at))
        town = _town_ends(script, at) and script.lines[at] != script.lines[first]
        if (
            town
            or _heading_ends(script, at, first)
            or (form == "loc" and at > 0 and script.cores[at - 1] == "un")
            or form[-1] in ",;:!?)"
            or (form[-1] == "." and len(core) > 3 and core not in _PLACES)
        ):
            return False
        somebodys = somebodys or core == "lui"
        house = core in INSTITUTIONS or core in _TOWNS
        if house and somebodys and form[:1].islower() and core not in _PLACES:
            return False
        if _no_place(script, at, first):
            return False
        if core in _PLACES or core in INSTITUTIONS or core in _TOWNS:
            return not apart or core in _TOWNS
        if not (is_name(script, at) or core in _INSIDE):
            return False
    return False


def firm_ends(script: Script, at: int) -> bool:
    """Whether a word is what a firm's name ends with: "S.R.L.", "SA", and not "să", "sa"."""
    core, form = script.cores[at].replace(".", ""), script.forms[at]
    if core not in FIRMS or core == "pfa":
        return False
    if core not in _WORDS_TOO or "." in form.rstrip(".,;:)"):
        return True
    if not form.rstrip(".,;:)").isupper() or not script.placed[at].word.text.isascii():
        return False
    line = script.line_of(at)
    shouted = all(script.forms[place] == script.forms[place].upper() for place in line)
    return not shouted or at == line[-1] or form[-1] in ".,;:)"


def is_firm(script: Script, last: int) -> bool:
    """Whether the words after make a name a firm's: "Ionescu Impex S.R.L."."""
    for at in range(last + 1, min(len(script), last + 4)):
        if script.lines[at] != script.lines[last] or script.forms[at - 1][-1] in ",;":
            return False
        if firm_ends(script, at):
            return True
        if script.forms[at][0].islower() and script.cores[at] not in _IN_FIRMS:
            return False
    return False


def _ends_as_firm(script: Script, first: int, last: int) -> bool:
    """Whether a run of names ends with what firms are called: "Arini S.A."."""
    return last > first and script.forms[last].isupper() and firm_ends(script, last)


def cue_before(script: Script, first: int) -> str:
    """The cue right before a place, signs between them left out."""
    at = first - 1
    while at >= 0 and not script.cores[at] and first - at < 3:
        at -= 1
    return script.cues[at] if at >= 0 else ""


class Model:
    """The persons of the names' model, found by place."""

    def __init__(self, entities: Sequence[Entity]) -> None:
        persons = [e for e in entities if e.label == "PERSON" and e.confidence > ROLE]
        self._all = sorted(persons, key=lambda e: e.start)
        self._ends = [e.end for e in self._all]

    def confidence(self, start: int, end: int) -> float:
        """How sure the model is of a person that shares these characters; 0 for none."""
        at = bisect_right(self._ends, start)
        found = 0.0
        while at < len(self._all) and self._all[at].start < end:
            found = max(found, self._all[at].confidence)
            at += 1
        return found


def _judged(script: Script, first: int, last: int, model: Model) -> Mention | None:
    cores = [script.cores[at] for at in range(first, last + 1)]
    size = sum(len(core) > 1 for core in cores)
    given = any(has_given(core) for core in cores)
    surname = any(has_surname(core) for core in cores)
    called = cue_before(script, first) in CALLED
    learnt = model.confidence(script.start(first), script.end(last))
    methods = tuple(
        name
        for name, says in (
            (RULE, called and size >= 1),
            (MODEL, learnt > 0),
            (GAZETTEER, given and size > 1),
        )
        if says
    )
    if not methods and not (size > 1 and surname):
        return None
    if methods == (MODEL,) and size == 1 and not (given or surname) and learnt < CERTAIN_MODEL:
        return None
    sure = SURE if len(methods) > 1 else LIKELY if methods else DOUBTFUL
    names = tuple(part for core in cores for part in parts(core) if len(part) > 1)
    return Mention(first, last, names, sure, methods or (GAZETTEER,))


def mentions(script: Script, model: Model) -> tuple[Mention, ...]:
    """Persons by gazetteer, model and the words before them, in reading order."""
    found: list[Mention] = []
    for run in _runs(script):
        for first, last in _pieces(script, *run):
            if cue_before(script, first) not in CALLED and is_street_or_house(script, first):
                continue
            if is_firm(script, last) or _ends_as_firm(script, first, last):
                continue
            mention = _judged(script, first, last, model)
            if mention:
                found.append(mention)
    return tuple(found)

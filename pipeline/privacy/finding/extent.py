# ruff: noqa: SIM905 - word lists are read and edited as text
# ruff: noqa: PLR2004 - distances and counts stand where the rule that uses them stands
"""How far an address goes on from where it begins: over stops, lines, torn and misread words."""

from pipeline.privacy.finding.names.mentions import is_name
from pipeline.privacy.finding.script import Script
from pipeline.privacy.finding.words import AREAS, FLAT, PARTS, PRIVATE, STOPS, STREETS, STREETS_SURE

LONGEST = 40  # words
FILLERS = frozenset(
    "in din la pe cu stabil stabila legal legala ul sub este mentionat urmator".split()
)
LINKS = frozenset(["de", "din", "la", "cu", "lui", "cel", "cea", "al", "a", "si"])
SHORT, AMID = 4, 2  # letters of an abbreviation; words after one that was misread
_STRUCTURE = FLAT | {"nr", "jud", "str"}
CODE = 6  # digits of a postal code
NUMBER = 8  # signs of a house's or a flat's number
_OF_NUMBER = frozenset(["administrativ", "adm", "casa", "postal", "vechi", "nou"])
_NONE = frozenset(("fn", "f.n", "f.nr"))
_NO_NUMBER = (("numar",), ("nr",))
_FORMERLY = frozenset(("fost", "fosta", "fosti", "foste"))
_NUMBER_WORDS = frozenset(["nr", "numar", "numarul"])


def street_word(core: str) -> str:
    """The word for a street that a word ends with: "Petrișor-str."; else the word itself."""
    end = core.rpartition("-")[2]
    return end if core not in STREETS and end in STREETS_SURE else core


def _abbreviation(script: Script, at: int) -> bool:
    return script.cores[at] in PARTS or street_word(script.cores[at]) in STREETS


def is_number(script: Script, at: int) -> bool:
    """Whether a word is a house's or a flat's number, or says that there is none: "f.n."."""
    core = script.cores[at]
    if core in _NONE or (core == "fara" and script.cores[at + 1 : at + 2] in _NO_NUMBER):
        return True
    return 0 < len(core) <= NUMBER and any(c.isdigit() for c in core) and core.count(".") < 2


def _stops(script: Script, at: int) -> bool:
    core, cue = script.cores[at], script.cues[at]
    if core in STOPS or core in PRIVATE:
        return True
    return script.forms[at][:1].islower() and (cue in STOPS or cue in PRIVATE)


def is_shortened(script: Script, at: int) -> bool:
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
    if is_number(script, at) or script.forms[at].lstrip("(")[:1].isupper() or len(core) == 1:
        return True
    told = core in _OF_NUMBER and at > first and script.cores[at - 1] in _NUMBER_WORDS
    if told or (core in _FORMERLY and script.forms[at].startswith("(")):
        return True
    if core in LINKS or core in FILLERS:
        return at + 1 < len(script) and (
            script.forms[at + 1][:1].isupper() or _abbreviation(script, at + 1)
        )
    return at == first or (is_shortened(script, at) and at > first + 1) or _amid(script, at)


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
    joins = _abbreviation(script, following) or is_number(script, following)
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
    return length < 3 or (rank and street_word(script.cores[at - 1]) in STREETS)


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
        goes_on = is_number(script, following) and not _begins_row(script, following)
        goes_on = goes_on or _postal_code(script, following)
        return numbered and not goes_on and not _area(script, at, following)
    return numbered or not script.forms[following][:1].isupper()


def _house_ends_line_before(script: Script, at: int) -> bool:
    """Whether a street's name ends a line and its house number, with a sign, begins the next."""
    number = script.forms[at + 1]
    alone = number[:1].isdigit() and number[-1] in ",;.)" and is_number(script, at + 1)
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
        numbered = numbered or (is_number(script, at) and at > first)
        if script.cores[at]:
            last = at
        if _over(script, at, street=street, numbered=numbered):
            break
        at += 1
    while last > first and (script.cores[last] in LINKS | FILLERS or _next_label(script, last)):
        last -= 1
    return last, numbered


def _next_label(script: Script, at: int) -> bool:
    """Whether "Nr." begins the line below a whole address: another cell's label, "Nr. cadastral"."""
    below = script.lines[at] != script.lines[at - 1]
    label = script.cores[at] == "nr" and script.forms[at][:1].isupper()
    return below and label and is_number(script, at - 1)

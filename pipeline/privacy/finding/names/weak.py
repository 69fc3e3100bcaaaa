# ruff: noqa: PLR2004 - distances and counts stand where the rule that uses them stands
"""Words that may be somebody's name though no rule knows whose: hidden wherever persons are.

A finder that looks for names it knows leaks those it does not. Where a document names private
persons at all, the question is therefore turned round: a word with a capital letter stays only if
it is known to be something else, an ordinary word, an institution, a street, a place, an official.
"""

import re
from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from pipeline.privacy.finding.letterhead import head_lines
from pipeline.privacy.finding.names import pairs
from pipeline.privacy.finding.names.beside import column_cells, small_names
from pipeline.privacy.finding.names.flats import loose_flats
from pipeline.privacy.finding.names.gazetteer import GIVEN, has_surname
from pipeline.privacy.finding.names.known import is_gerund, is_given, is_ordinary, is_place
from pipeline.privacy.finding.names.mentions import (
    LOOSE_TOWNS,
    firm_ends,
    is_firm,
    is_street_or_house,
)
from pipeline.privacy.finding.names.told import families, told_names
from pipeline.privacy.finding.script import Script, cue_of, without_specks
from pipeline.privacy.finding.words import (
    AREAS,
    NAMING,
    NEVER_NAMES,
    NOT_NAMES,
    OFFICES,
    PRIVATE,
    WRITTEN_GREAT,
)

NEAR = 8  # words
WEEKDAYS = frozenset(("luni", "marti", "miercuri", "joi", "vineri", "sambata", "duminica"))
SHORTEST = 3  # letters of a name that nothing else speaks for
ACRONYM = 4  # capitals
LABELS = frozenset(("nume", "numele", "prenume", "prenumele"))
_AND = frozenset(("si", "sau", "ori", "cu", "respectiv"))
_IN = frozenset(("in", "din", "jud", "judetul", "judetului", "loc", "localitatea"))
_NOBODYS = NOT_NAMES | WRITTEN_GREAT | NEVER_NAMES
_INFLECTED = ("ului", "ilor", "elor", "iei", "tiei", "area", "arii", "irii", "tatii")
_PLURAL = ("ului", "ilor", "elor")
_SIGNS = re.compile(r"[/(]")
_ROMAN = re.compile(r"(?=.)m{0,3}(?:cm|cd|d?c{0,3})(?:xc|xl|l?x{0,3})(?:ix|iv|v?i{0,4})")


@dataclass(frozen=True, slots=True)
class Setting:
    """Of a document: places of hidden words, of all settled words, and names that are nobody's.

    `excused` are names of its towns, streets and officials; `officials` the places of those among
    the settled; `exposed`: it names private persons.
    """

    hidden: frozenset[int]
    settled: frozenset[int]
    excused: frozenset[str]
    exposed: bool
    officials: frozenset[int] = frozenset()


def _capital(script: Script, at: int) -> bool:
    bare, core = without_specks(script.forms[at]), script.cores[at]
    if core in NAMING or (script.cues[at] == core and core):
        return False
    if core in NEVER_NAMES and not is_given(core):
        return False
    return bare[:1].isupper() and any(c.islower() or c.isupper() for c in bare[1:])


def _initial(script: Script, at: int) -> bool:
    form = script.forms[at].rstrip(",;:")
    return len(form) <= 2 and form[:1].isupper() and form[1:] in {"", "."}


def _amid(script: Script, at: int) -> bool:
    """Whether a word stands inside a sentence, where only names have capitals."""
    if not at or script.lines[at] != script.lines[at - 1]:
        return False
    before = script.forms[at - 1]
    return (
        before[-1].islower() or before[-1] == "," or _initial(script, at - 1) or before[0].isupper()
    )


def _other(script: Script, at: int, setting: Setting) -> bool:
    """Whether a word with a capital is surely no part of a name."""
    core = script.cores[at]
    cue = script.cues[at]
    if core in WEEKDAYS:
        return False
    if core in setting.excused or core in _NOBODYS:
        return not is_given(core)
    if (cue and (cue == core or not is_given(core))) or is_gerund(core):
        return True
    if "." in core or max(map(len, core.split("-"))) < SHORTEST:
        return not _initial(script, at)
    return any(c.isdigit() for c in core) or _ROMAN.fullmatch(core) is not None


def _nobodys(script: Script, at: int, setting: Setting) -> bool:
    """Whether a word in a column of names is no part of one; what an official is called may be."""
    if at in setting.officials or script.cores[at] in GIVEN:
        return False
    return _other(script, at, setting)


def _unknown(core: str) -> bool:
    if sum(not c.isalpha() for c in core.replace("-", "")) > 1 or cue_of(core):
        return False
    return is_given(core) or not (is_ordinary(core) or core.endswith(_PLURAL))


def _acronym(core: str) -> bool:
    """Whether a short word in capitals is rather the letters of an institution."""
    if is_given(core) or has_surname(core):
        return False
    return len(core) < ACRONYM or (len(core) == ACRONYM and sum(c in "aeiou" for c in core) < 2)


def _suspect(script: Script, at: int, setting: Setting) -> bool:
    """Whether a word may be a name by itself: a given name, or a word that the language lacks."""
    core, bare = script.cores[at], without_specks(script.forms[at])
    if len(core) < SHORTEST or core in setting.excused or _other(script, at, setting):
        return False
    if bare.isupper() and _acronym(core):
        return False
    if is_place(core) and at and script.cores[at - 1] in _IN:
        return False
    if sum(not c.isalpha() for c in core) > 1 or _SIGNS.search(core):
        return all(_unknown(part) for part in _SIGNS.split(core) if len(part) >= SHORTEST)
    return _unknown(core)


def _joined(script: Script, at: int) -> bool:
    """Whether the next word stands beside this one, without a sign between."""
    if at + 1 >= len(script) or script.lines[at] != script.lines[at + 1]:
        return False
    return script.forms[at][-1] not in ",;:)!?/" and (
        script.forms[at][-1] != "." or _initial(script, at)
    )


def _beside(script: Script, at: int) -> bool:
    """Whether a name may go on in the next word, on this line or, in running text, on the next."""
    if _joined(script, at):
        return True
    if at + 1 >= len(script) or script.page(at) != script.page(at + 1):
        return False
    if script.lines[at] == script.lines[at + 1]:
        return False
    if not (script.forms[at][-1].isalpha() or _initial(script, at)):
        return False
    return any(script.forms[place][:1].islower() for place in script.line_of(at))


def _runs(script: Script, settled: frozenset[int]) -> Iterator[range]:
    """Words with capitals side by side, those that are settled left out."""
    at = 0
    while at < len(script):
        if at in settled or not (_capital(script, at) or _initial(script, at)):
            at += 1
            continue
        first = at
        while _beside(script, at) and at + 1 not in settled:
            if not (_capital(script, at + 1) or _initial(script, at + 1)):
                break
            at += 1
        yield range(first, at + 1)
        at += 1


def _called(script: Script, at: int) -> bool:
    """Whether the word before, on this line or at the end of the last, calls a person."""
    before = at - 1
    while before >= 0 and not script.cores[before] and at - before < 3:
        before -= 1
    if before < 0 or script.lines[at] - script.lines[before] > 1:
        return False
    form = script.forms[before]
    if form[-1] in ";!?" or (script.lines[at] != script.lines[before] and not form[:1].islower()):
        return False
    return script.cores[before] in NAMING or script.cues[before] in PRIVATE


def _follows_hidden(script: Script, at: int, hidden: AbstractSet[int]) -> bool:
    """Whether a word goes on a list of names: after a comma or "și" behind one that is hidden."""
    before = at - 1
    if before in hidden and _beside(script, before):
        return True
    if before >= 0 and script.cores[before] in _AND:
        before -= 1
    elif before < 0 or not script.forms[before].endswith((",", ";")):
        return False
    return before in hidden and script.lines[at] - script.lines[before] <= 1


def _excused(script: Script, run: range) -> bool:
    firm = any(firm_ends(script, at) for at in run) or is_firm(script, run[-1])
    return firm or is_street_or_house(script, run[0])


def _of_run(
    script: Script, run: range, setting: Setting, hidden: AbstractSet[int]
) -> tuple[int, ...]:
    """The words of a run that have to go."""
    suspects = [at for at in run if _suspect(script, at, setting)]
    called = not _other(script, run[0], setting) and (
        _called(script, run[0]) or _follows_hidden(script, run[0], hidden)
    )
    if called and len(script.cores[run[0]]) >= SHORTEST and not _caption(script, run):
        suspects.append(run[0])
    suspects += [at for at in run[:-1] if _initialled(script, at, setting)]
    if setting.exposed and not suspects and _alone_amid(script, run, setting):
        suspects = list(run)
    if not suspects:
        return ()
    return tuple(
        at
        for at in run
        if at in suspects
        or (
            not _other(script, at, setting)
            and (
                at - 1 in suspects or at + 1 in suspects or at - 2 in suspects or at + 2 in suspects
            )
        )
    )


def _initialled(script: Script, at: int, setting: Setting) -> bool:
    """Whether an initial stands here and a word that may be a name behind it."""
    if not _initial(script, at) or "." not in script.forms[at] or pairs.is_chapter(script, at):
        return False
    return len(script.cores[at + 1]) >= SHORTEST and not _other(script, at + 1, setting)


def _alone_amid(script: Script, run: range, setting: Setting) -> bool:
    """Whether an ordinary word stands with a capital inside a sentence: there only names do."""
    first = run[0]
    if not _amid(script, first) or any(_other(script, at, setting) for at in run):
        return False
    if is_place(script.cores[first]) or script.cores[first - 1] in _IN:
        return False
    if any(script.cores[at].endswith(_INFLECTED) for at in run):
        return False
    return not all(script.forms[at].isupper() for at in run) and (
        not script.forms[first - 1][0].isupper() or _in_commas(script, run)
    )


def _in_commas(script: Script, run: range) -> bool:
    """Whether one word stands between commas and the sentence goes on: "Administratora, Mimi, zice"."""
    after = script.forms[run[-1] + 1][:1] if run[-1] + 1 < len(script) else ""
    commas = script.forms[run[0] - 1][-1] == "," == script.forms[run[-1]][-1]
    return commas and after.islower() and len(run) == 1


def _caption(script: Script, run: range) -> bool:
    """Whether a run in capitals stands in a line of capitals, where they tell nothing."""
    line = script.line_of(run[0])
    return all(script.forms[at] == script.forms[at].upper() for at in line) and all(
        is_ordinary(script.cores[at]) for at in run
    )


def _torn(
    script: Script, settled: frozenset[int], hidden: AbstractSet[int]
) -> Iterator[tuple[int, int]]:
    """A word with a capital that a line's end breaks and whose whole no language has."""
    for number in range(len(script.rows) - 2):
        at, following = script.rows[number + 1] - 1, script.rows[number + 1]
        if not script.forms[at].endswith("-") or not _capital(script, at) or at in settled - hidden:
            continue
        if at in hidden or not is_ordinary(script.cores[at] + script.cores[following]):
            yield at, following


def _labelled(script: Script, setting: Setting) -> Iterator[tuple[int, int]]:
    """What stands right after "Nume", "Prenume", whatever letter it begins with."""
    for at in range(len(script) - 1):
        if script.cores[at] not in LABELS or script.lines[at] != script.lines[at + 1]:
            continue
        core = script.cores[at + 1]
        word = core.isalpha() and len(core) >= SHORTEST and core not in LABELS | _AND
        if word and not _other(script, at + 1, setting):
            yield at + 1, at + 1


def _before_hidden(
    script: Script, setting: Setting, hidden: AbstractSet[int]
) -> Iterator[tuple[int, int]]:
    """A name right before one that is hidden, or with "și" between."""
    for at in range(len(script) - 2):
        if at in setting.settled:
            continue
        if _initial(script, at) and at + 1 in hidden and _joined(script, at):
            yield at, at
        if pairs.is_shortened(script, at) and {at - 1, at + 1} <= hidden:
            yield at, at
        if not _capital(script, at) or _other(script, at, setting):
            continue
        beside = at + 1 in hidden and _joined(script, at) and script.forms[at + 1][0].isupper()
        initial = _initial(script, at + 1) and _joined(script, at + 1) and at + 2 in hidden
        if (
            beside
            or (initial and _joined(script, at))
            or (script.cores[at + 1] in _AND and at + 2 in hidden)
        ):
            yield at, at


def _beside_names(
    script: Script, setting: Setting, hidden: AbstractSet[int]
) -> Iterator[tuple[int, int]]:
    """Cells of a column of names; words beside names whose first letter was read small."""
    for cell in column_cells(script, hidden):
        for at in cell:
            away = at in setting.settled and at not in setting.officials
            if not away and _capital(script, at) and not _nobodys(script, at, setting):
                yield at, at
    yield from ((at, at) for at in small_names(script, hidden) if at not in setting.settled)


def _is_whole(script: Script, run: range, gone: Sequence[int], setting: Setting) -> bool:
    """Whether what has to go of a run looks like a whole name."""
    strange = [at for at in gone if _suspect(script, at, setting)]
    given = len(gone) > 1 and any(is_given(script.cores[at]) for at in gone)
    return given or pairs.strange_pair(script, strange) or bool(strange and _called(script, run[0]))


def weak_names(script: Script, setting: Setting) -> Iterator[tuple[int, int]]:
    """First and last word of what may be a name or a part of a home, and is nowhere known for it.

    Where the document is not `exposed` (nobody private was found) only what looks like a whole
    name: a given name and a word beside it that may be one, or a strange word that is called so.
    """
    hidden = set(setting.hidden)
    for first, last in pairs.given_pairs(script, setting.settled - setting.hidden):
        hidden.update((first, last))
        yield first, last
    for run in _runs(script, setting.settled):
        if _excused(script, run) and (not _called(script, run[0]) or pairs.is_party(script, run)):
            continue
        gone = _of_run(script, run, setting, hidden)
        whole = _is_whole(script, run, gone, setting)
        if setting.exposed or whole:
            hidden.update(gone)
            yield from ((at, at) for at in gone)
    yield from ((at, at) for at in families(script) if at not in setting.settled)
    if setting.exposed:
        yield from ((at, at) for at in pairs.torn_ends(script, hidden))
        yield from _torn(script, setting.settled, hidden)
        yield from loose_flats(script, setting.settled, setting.hidden)
        yield from _labelled(script, setting)
        for first, last in _before_hidden(script, setting, frozenset(hidden)):
            hidden.update(range(first, last + 1))
            yield first, last
        towns = {place for at in range(len(script)) for place in _town(script, at)}
        yield from told_names(script, setting.settled | towns, hidden)
        yield from _beside_names(script, setting, hidden)


def excused_names(
    script: Script, officials: Sequence[range], streets: Sequence[range]
) -> frozenset[str]:
    """Small words that are names of officials, streets, towns and of the institution that writes."""
    known = {
        script.cores[at] for span in (*officials, *streets, *head_lines(script)) for at in span
    }
    for at, core in enumerate(script.cores):
        if core in AREAS or script.cues[at] in OFFICES:
            known.update(script.cores[place] for place in _town(script, at))
    return frozenset(core for core in known if core)


def _town(script: Script, at: int) -> Iterator[int]:
    """Places of the words with capitals right after "comuna", "orașul"."""
    first = last = at
    if script.cores[at] not in AREAS:
        return
    while _joined(script, last) and _capital(script, last + 1):
        if is_given(script.cores[last + 1]):
            break
        last += 1
    if not _is_called_after(script, first, last):
        yield from range(first + 1, last + 1)


def _is_called_after(script: Script, town: int, last: int) -> bool:
    """Whether a given name goes on what stands behind a loose "oraș", as of who is gone there."""
    following = script.cores[last + 1 : last + 2]
    loose = script.cores[town] in LOOSE_TOWNS and script.forms[last][-1:].isalpha()
    return loose and last > town and bool(following) and is_given(following[0])

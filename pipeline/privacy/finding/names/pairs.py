# ruff: noqa: SIM905 - word lists are read and edited as text
"""Two words side by side that are somebody's name, though a scanner misread one of them."""

from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet

from pipeline.privacy.finding.names.gazetteer import GIVEN, has_surname, is_surname, parts
from pipeline.privacy.finding.names.known import is_ordinary, is_place
from pipeline.privacy.finding.names.mentions import firm_ends
from pipeline.privacy.finding.script import Script
from pipeline.privacy.finding.words import NAMING, NEVER_NAMES, NOT_NAMES, WRITTEN_GREAT

SHORTEST, LONG = 3, 4  # letters
_READINGS = tuple(
    str.maketrans("0145689", letters) for letters in ("oiasbbg", "olasgbg", "olasbbg")
)
"""Letters that digits amid letters may have been."""
_PARTIES = frozenset(
    """
    furnizor furnizorul client clientul cumparator beneficiar beneficiarul executant executantul
    prestator prestatorul antreprenor operatorul
    """.split()
)
_DOES = tuple(
    (verb,) for verb in "a au este are solicita cere declara locuieste detine ocupa refuza".split()
)
_IN_NAMES = ".,;:-'"
_CHAPTERS = frozenset("ivx")
_NOBODYS = NOT_NAMES | WRITTEN_GREAT | NEVER_NAMES | NAMING


def strange_pair(script: Script, strange: Sequence[int]) -> bool:
    """Whether two words that no language has stand side by side, one like a surname, or who does something."""
    long = [at for at in strange if len(script.cores[at]) > LONG and not is_place(script.cores[at])]
    named = any(is_surname(part) for at in long for part in parts(script.cores[at]))
    beside = [at for at in long if at + 1 in long and _beside(script, at)]
    return any(named or script.cores[at + 2 : at + 3] in _DOES for at in beside)


def given_pairs(script: Script, settled: AbstractSet[int]) -> Iterator[tuple[int, int]]:
    """A given name and what may be the surname beside it, one of them read with a digit or small.

    "attila Ene", "8rândușa Iosub", "Emőke 8ejan": one of the two has its capital, or had it.
    """
    for at in range(len(script) - 1):
        if at in settled or at + 1 in settled or not _beside(script, at):
            continue
        for given, other in ((at, at + 1), (at + 1, at)):
            worn = _is_worn(script, given) or _is_worn(script, other)
            if worn and _is_given(script, given) and _may_be_surname(script, other):
                yield at, at + 1
                break


def torn_ends(script: Script, hidden: AbstractSet[int]) -> Iterator[int]:
    """Scraps behind a hidden word that a seal or dirt tore: "Ma(6 4" was "Marcu,"."""
    for at in range(1, len(script)):
        before, scrap = script.forms[at - 1], script.cores[at]
        torn = any(not (c.isalpha() or c in _IN_NAMES) for c in before) and not before.isdigit()
        if at - 1 not in hidden or at in hidden or not torn or not any(map(str.isalpha, before)):
            continue
        short = len(scrap) < SHORTEST or (len(scrap) <= LONG and not scrap.isalpha())
        if script.lines[at] == script.lines[at - 1] and short:
            yield at


def is_chapter(script: Script, at: int) -> bool:
    """Whether a letter that begins a line is a chapter's number: "I. Părțile contractante"."""
    opens = at == 0 or script.lines[at - 1] != script.lines[at]
    return opens and script.cores[at] in _CHAPTERS and is_ordinary(script.cores[at + 1])


def is_party(script: Script, run: range) -> bool:
    """Whether a firm stands where a paper names one of its parties: "Furnizor: Arini S.R.L."."""
    ends = run[-1] + 1 < len(script) and firm_ends(script, run[-1] + 1)
    return run[0] > 0 and script.cores[run[0] - 1] in _PARTIES and ends


def is_shortened(script: Script, at: int) -> bool:
    """Whether a word between two others may be a name in short: "Gh.", "Gav."."""
    form, core = script.forms[at], script.cores[at]
    same = at > 0 and script.lines[at - 1] == script.lines[at + 1]
    short = form[:1].isupper() and form.endswith(".") and 1 < len(core) <= LONG
    return same and short and core not in NEVER_NAMES and not script.cues[at]


def _beside(script: Script, at: int) -> bool:
    """Whether the next word stands on the same line without a sign between."""
    same = at + 1 < len(script) and script.lines[at] == script.lines[at + 1]
    return same and script.forms[at][-1:].isalnum()


def _is_worn(script: Script, at: int) -> bool:
    """Whether a word begins small or has one digit among its letters."""
    core = script.cores[at]
    one_digit = sum(c.isdigit() for c in core) == 1 and sum(c.isalpha() for c in core) >= SHORTEST
    return one_digit or (core.replace("-", "").isalpha() and script.forms[at][:1].islower())


def _readings(core: str) -> tuple[str, ...]:
    if core.replace("-", "").isalpha():
        return (core,)
    return tuple(core.translate(letters) for letters in _READINGS)


def _is_given(script: Script, at: int) -> bool:
    if script.cues[at]:
        return False
    return any(
        len(part) >= SHORTEST and part in GIVEN and not is_ordinary(part)
        for reading in _readings(script.cores[at])
        for part in parts(reading)
    )


def _may_be_surname(script: Script, at: int) -> bool:
    """Whether a word has its capital, or had it before it was misread, and may be a surname."""
    core, form = script.cores[at], script.forms[at]
    if len(core) < SHORTEST or core in _NOBODYS or script.cues[at] or is_place(core):
        return False
    if form[:1].islower():
        return core.replace("-", "").isalpha() and len(core) >= LONG and not is_ordinary(core)
    readings = [one for one in _readings(core) if one.replace("-", "").isalpha()]
    return any(has_surname(one) or not is_ordinary(one) for one in readings)

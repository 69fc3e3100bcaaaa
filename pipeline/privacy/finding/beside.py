"""What stands where names stand: in a column of names, or small but nowhere in the language."""

from collections import defaultdict
from collections.abc import Iterator
from collections.abc import Set as AbstractSet

from pipeline.privacy.finding.known import is_given, is_ordinary
from pipeline.privacy.finding.script import Script
from pipeline.privacy.finding.words import NAMING

CELL = 4  # words of a cell with a name at most
FEWEST = 3  # cells with a name that make a column
SHORTEST = 3  # letters
_AND = frozenset(("si", "sau", "ori"))
_LOOKS = str.maketrans("l1|0", "iiio")


def _cells(script: Script) -> Iterator[range]:
    for number in range(len(script.rows) - 1):
        line = script.row(number)
        if 0 < len(line) <= CELL and not any(c.isdigit() for at in line for c in script.cores[at]):
            yield line


def column_cells(script: Script, hidden: AbstractSet[int]) -> Iterator[range]:
    """Cells that are not hidden, in a column (by their left edges) of which at least three are."""
    named: dict[tuple[int, int], int] = defaultdict(int)
    others: list[tuple[range, int, int, int]] = []
    for line in _cells(script):
        box, page = script.box(line[0]), script.page(line[0])
        step = max(8, box.h)
        if all(at in hidden for at in line):
            named[page, box.x // step] += 1
        elif not all(at in hidden for at in line):
            others.append((line, page, box.x // step, step))
    for line, page, left, _ in others:
        if sum(named[page, left + shift] for shift in (-1, 0, 1)) >= FEWEST:
            yield line


def _strange(script: Script, at: int) -> bool:
    """Whether a small word may be a name of which the first letter was read small."""
    core = script.cores[at]
    if script.cues[at] or core in NAMING:
        return False
    if len(core) < SHORTEST or not core.replace("-", "").isalpha():
        return False
    return not is_ordinary(core) or is_given(core.translate(_LOOKS))


def small_names(script: Script, hidden: AbstractSet[int]) -> Iterator[int]:
    """Words that begin small, are in no language, and stand right beside a hidden one."""
    for at in range(len(script)):
        form = script.forms[at]
        if (
            at in hidden
            or not (form[:1].islower() or form[:1] in "1|0")
            or not _strange(script, at)
        ):
            continue
        after = at and at - 1 in hidden and script.forms[at - 1][-1] not in ",;:.)"
        listed = at > 1 and script.cores[at - 1] in _AND and at - 2 in hidden
        follows = at + 1 in hidden and script.forms[at + 1][:1].isupper() and form[-1].isalpha()
        if after or listed or follows:
            yield at

"""What stands where names stand: in a column of names, or small but nowhere in the language."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from statistics import median

from pipeline.privacy.finding.names.gazetteer import GIVEN
from pipeline.privacy.finding.names.known import is_given, is_ordinary
from pipeline.privacy.finding.script import Script
from pipeline.privacy.finding.words import NAMING

CELL = 4  # words of a cell with a name at most
FEWEST = 3  # cells with a name that make a column
SHORTEST, LONGEST = 3, 9  # letters
GAP = 1.2  # heights of a word between two cells of a line
LEAST_HEIGHT = 8  # pixels
_AND = frozenset(("si", "sau", "ori"))
_SAME = frozenset("csvwxzoukp")
_SURNAMES = ("escu", "eanu", "aru", "oiu", "avu", "atu", "ucu", "ocu")
_LOOKS = str.maketrans("l1|058", "iiiosb")
_HEADINGS = NAMING | frozenset(
    ["numele", "prenumele", "functia", "semnatura", "adresa", "contul", "suma"]
)


@dataclass(frozen=True, slots=True)
class _Cell:
    """Words side by side, where their page is, and where they begin and end across it."""

    words: range
    page: int
    left: int
    right: int

    def aligned(self, other: "_Cell", within: float) -> bool:
        """Whether two cells begin, end or have their middle at the same place across the page."""
        shifts = (
            self.left - other.left,
            self.right - other.right,
            (self.left + self.right - other.left - other.right) / 2,
        )
        return self.page == other.page and min(map(abs, shifts)) <= within


def _heights(script: Script) -> dict[int, float]:
    """How high words usually are, page by page."""
    found: dict[int, list[int]] = defaultdict(list)
    for at in range(len(script)):
        found[script.page(at)].append(script.box(at).h)
    return {page: max(LEAST_HEIGHT, median(heights)) for page, heights in found.items()}


def _parted(script: Script, line: range, gap: float) -> Iterator[range]:
    """A line's words, parted where there is as much room as between two cells."""
    first = line.start
    for at in line[1:]:
        before = script.box(at - 1)
        if script.box(at).x - before.x - before.w > gap:
            yield range(first, at)
            first = at
    yield range(first, line.stop)


def _cells(script: Script, heights: Mapping[int, float]) -> Iterator[_Cell]:
    for number in range(len(script.rows) - 1):
        line = script.row(number)
        page = script.page(line[0])
        for words in _parted(script, line, GAP * heights[page]):
            told = any(c.isdigit() for at in words for c in script.cores[at])
            if len(words) <= CELL and not told:
                first, last = script.box(words[0]), script.box(words[-1])
                yield _Cell(words, page, first.x, last.x + last.w)


def column_cells(script: Script, hidden: AbstractSet[int]) -> Iterator[range]:
    """Cells that are not hidden, in a column of which at least three are."""
    heights = _heights(script)
    cells = tuple(_cells(script, heights))
    named = [cell for cell in cells if all(at in hidden for at in cell.words)]
    for cell in cells:
        if all(at in hidden or script.cores[at] in _HEADINGS for at in cell.words):
            continue
        column = (one for one in named if cell.aligned(one, heights[cell.page]))
        if sum(1 for _ in column) >= FEWEST:
            yield cell.words


def _strange(script: Script, at: int) -> bool:
    """Whether a small word may be a name of which the first letter was read small."""
    core = script.cores[at]
    if script.cues[at] or core in NAMING:
        return False
    if len(core) < SHORTEST or not core.replace("-", "").isalpha():
        return False
    surname = script.cores[at - 1] in GIVEN and core[0] in _SAME and core.endswith(_SURNAMES)
    return not is_ordinary(core) or is_given(core.translate(_LOOKS)) or surname


def _misread(script: Script, at: int) -> bool:
    """Whether a short word with a capital has a digit among its letters, right after a word."""
    core = script.cores[at]
    odd = sum(c.isalpha() for c in core) > 1 and any(c.isdigit() for c in core)
    if not at or not odd or script.lines[at] != script.lines[at - 1]:
        return False
    before = script.forms[at - 1]
    return script.forms[at][0].isupper() and len(core) < LONGEST and before[-1].isalpha()


def _digit_for_letter(script: Script, at: int, hidden: AbstractSet[int]) -> bool:
    """Whether a word with one digit for a letter stands right beside a hidden word or an initial."""
    core = script.cores[at]
    letters = sum(c.isalpha() for c in core)
    if letters <= SHORTEST or len(core) - letters != 1 or core.isalpha() or "-" in core:
        return False
    if not any(c.isdigit() for c in core) or is_ordinary(core.translate(_LOOKS)):
        return False
    before = at > 0 and script.lines[at - 1] == script.lines[at]
    initial = before and len(script.cores[at - 1]) == 1 and script.forms[at - 1][0].isupper()
    after = at + 1 < len(script) and script.lines[at + 1] == script.lines[at] and at + 1 in hidden
    return initial or after or (before and at - 1 in hidden)


def small_names(script: Script, hidden: AbstractSet[int]) -> Iterator[int]:
    """Words that begin small, are in no language, and stand right beside a hidden one."""
    for at in range(len(script)):
        form = script.forms[at]
        if at not in hidden and (
            (_misread(script, at) and at - 1 in hidden) or _digit_for_letter(script, at, hidden)
        ):
            yield at
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

# ruff: noqa: SIM905 - word lists are read and edited as text
"""A document's words as the finders of names and addresses see them."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise

from rapidfuzz import process
from rapidfuzz.distance import Levenshtein

from pipeline.metadata.documenttext import DocumentText, PlacedWord
from pipeline.metadata.text.view import fold
from pipeline.privacy.finding.identifiers.digits import plain_signs
from pipeline.privacy.finding.names.gazetteer import GIVEN, SURNAMES
from pipeline.privacy.finding.slips import LONG, one_inside, skeleton
from pipeline.privacy.finding.words import CUES, HOME, NO_CUES, PARTS, STOPS, STREETS
from schemas.geometry import Box

SHORTEST = 5  # letters of a cue that may be misread
SHORTEST_NAME = 3
SPACED = 4  # letters of a word set apart
_DIGITS = str.maketrans("01568", "oisob")
_EDGES = " .,;:!?()[]{}\"'-_|*/\\~`^«»"


_BY_SKELETON = {skeleton(cue): cue for cue in sorted(CUES) if len(cue) >= SHORTEST}
_LONG = tuple(sorted(cue for cue in CUES if len(cue) >= LONG))


@lru_cache(maxsize=65_536)
def cue_of(core: str) -> str:
    """The word of CUES that a small folded word is, or was before it was misread; or nothing."""
    if core in CUES:
        return core
    if len(core) < SHORTEST or core in NO_CUES or core in GIVEN or core in SURNAMES:
        return ""
    alike = _BY_SKELETON.get(skeleton(core), "")
    if alike or len(core) < LONG - 1:
        return alike
    best = process.extractOne(core, _LONG, scorer=Levenshtein.distance, score_cutoff=1)
    return str(best[0]) if best and one_inside(core, str(best[0])) else ""


@dataclass(frozen=True, slots=True)
class Script:
    """`text` is folded, letter for letter; of each word its form, its core and the cue it is.

    A core is small and without signs at its edges; `lines` counts printed lines through the
    document; `rows` are the places of the first word of every line and, last, the word count.
    """

    text: str
    placed: tuple[PlacedWord, ...]
    forms: tuple[str, ...]
    cores: tuple[str, ...]
    cues: tuple[str, ...]
    lines: tuple[int, ...]
    rows: tuple[int, ...]

    def __len__(self) -> int:
        return len(self.placed)

    def start(self, at: int) -> int:
        return self.placed[at].start

    def end(self, at: int) -> int:
        """Where a word ends, without the stop or comma after it."""
        form = self.forms[at]
        return self.placed[at].end - (len(form) - len(form.rstrip(" .,;:)\"'")))

    def touched(self, start: int, end: int) -> range:
        """The places of the words that a stretch of characters touches."""
        first = bisect_right(self.placed, start, key=lambda word: word.end)
        return range(first, bisect_left(self.placed, end, key=lambda word: word.start))

    def box(self, at: int) -> Box:
        return self.placed[at].word.box

    def page(self, at: int) -> int:
        return self.placed[at].page

    def line_of(self, at: int) -> range:
        """The places of the words of the printed line in which a word stands."""
        number = self.lines[at]
        return range(self.rows[number], self.rows[number + 1])

    def row(self, number: int) -> range:
        """The places of a line's words; none where there is no such line."""
        if not 0 <= number < len(self.rows) - 1:
            return range(0)
        return range(self.rows[number], self.rows[number + 1])


def _spaced(forms: list[str], lines: list[int], at: int) -> int:
    """How many single capitals in a row begin here: a word set with spaces between its letters."""
    end = at
    while end < len(forms) and lines[end] == lines[at]:
        if len(forms[end]) != 1 or not forms[end].isupper():
            break
        end += 1
    return end - at


def _cues(forms: list[str], cores: list[str], lines: list[int]) -> list[str]:
    cues = [cue_of(core) for core in cores]
    at = 0
    while at < len(forms):
        count = _spaced(forms, lines, at) if len(forms[at]) == 1 else 0
        if count >= SPACED:
            cues[at] = cue_of("".join(cores[at : at + count]))
        at += max(1, count)
    return cues


def _lines(text: str, placed: Iterable[PlacedWord]) -> list[int]:
    lines: list[int] = []
    number, last = -1, 0
    for word in placed:
        if not lines or "\n" in text[last : word.start]:
            number += 1
        lines.append(number)
        last = word.end
    return lines


_CELL = re.compile(r"[;|]+(?=[^;|])")
_COMMA = re.compile(r"(?<=\w)[,/](?=([A-Za-z-]+)|\d)")
_STOP = re.compile(r"(?<![A-Za-z])([A-Za-z-]+)\.(?=\w)")
_NUMBER = re.compile(r"(?:0[237]\d{8}|[1-8]\d{12})(?!\d)")  # a telephone, a CNP
_SHORTS = frozenset("str nr bl sc ap et jud com mun al loc tel bd sos cam cart sat or".split())
"""Words of addresses that stand with a stop and, typed close, without room after it."""
_BEGINS = PARTS | STREETS | STOPS | HOME | frozenset(("tel", "mob", "cnp"))
"""Words before which a comma without room after it parts two words."""


@lru_cache(maxsize=65_536)
def _cuts(raw: str) -> tuple[int, ...]:
    """Where a word falls into several that were printed without room between: "nr.3,bl.A,ap.7"."""
    cuts = {found.end() for found in _CELL.finditer(raw)}
    cuts.update(f.end() for f in _STOP.finditer(raw) if f[1].lower() in _SHORTS)
    for found in _COMMA.finditer(raw):
        before, after = raw[found.start() - 1], raw[found.end()]
        begins = (found[1] or "").lower() in _BEGINS
        great = found[0] == "," and after.isupper() and (before.islower() or before.isdigit())
        number = _NUMBER.match(raw, found.end()) is not None
        if begins or great or number or (found[0] == "," and before.isalpha() and after.isdigit()):
            cuts.add(found.end())
    return tuple(sorted(cuts))


def _cells(text: str, word: PlacedWord) -> Iterator[PlacedWord]:
    """The words in what stands without room between, each as wide as its letters."""
    raw = text[word.start : word.end]
    cuts = _cuts(raw)
    if not cuts:
        yield word
        return
    box = word.word.box
    for first, last in pairwise((0, *cuts, len(raw))):
        left, right = (box.x + box.w * at // len(raw) for at in (first, last))
        own = replace(
            word.word, text=raw[first:last], box=replace(box, x=left, w=max(1, right - left))
        )
        yield replace(word, start=word.start + first, end=word.start + last, word=own)


_HYPHENED = re.compile(r"[a-z]-$")


_SPECK = re.compile(
    r"(?<=[A-Za-z]{2})[.,'](?=[A-Za-z]{2})|(?<=[A-Z])[.,'](?=[a-z]{3})|(?<=[A-Za-z]{4})[.,'](?=[A-Za-z]\b)"
)


@lru_cache(maxsize=65_536)
def without_specks(form: str) -> str:
    """A word without signs at its edges, and without stops amid its letters: dirt on the paper."""
    return _SPECK.sub("", form.strip(_EDGES))


@lru_cache(maxsize=65_536)
def _mended(form: str) -> str:
    """A name in which a scanner took letters for others that look alike: "lon", "Lâszl6"; else as it is."""
    bare = form.strip(_EDGES)
    core = bare.lower()
    if len(core) < SHORTEST_NAME or core in GIVEN or core in SURNAMES:
        return form
    capital = "I" + bare[1:] if bare[0] in "l1|" else bare
    told = capital.translate(_DIGITS) if sum(c.isdigit() for c in capital) == 1 else capital
    small = told.lower()
    if told == bare or not (small in GIVEN or small in SURNAMES):
        return form
    told = told[:1].upper() + told[1:] if bare[0].isdigit() else told
    return form.replace(bare, told, 1)


def script_of(read: DocumentText) -> Script:
    """The words of a document, folded, with cues among them."""
    text = plain_signs(fold(read.text))
    placed = tuple(cell for word in read.words for cell in _cells(text, word))
    forms = [_mended(text[word.start : word.end]) for word in placed]
    cores = [without_specks(form).lower() for form in forms]
    lines = _lines(text, placed)
    cues = _cues(forms, cores, lines)
    for at, form in enumerate(forms[:-1]):
        if form.endswith("-") and lines[at] != lines[at + 1] and _HYPHENED.search(form):
            cues[at] = cue_of(cores[at] + cores[at + 1])
    rows = [at for at, line in enumerate(lines) if not at or line != lines[at - 1]]
    return Script(
        text, placed, tuple(forms), tuple(cores), tuple(cues), tuple(lines), (*rows, len(forms))
    )

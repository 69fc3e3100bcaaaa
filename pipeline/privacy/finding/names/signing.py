# ruff: noqa: PLR2004 - distances and counts stand where the rule that uses them stands
"""Signatures: names in a row under the headings of their columns, as the page shows them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum

from pipeline.privacy.finding.names.mentions import Mention, is_initial, is_name
from pipeline.privacy.finding.rows import Rows
from pipeline.privacy.finding.script import Script
from pipeline.privacy.finding.words import (
    ANYWHERE,
    AREAS,
    BODIES,
    HEADINGS,
    OFFICES,
    PRIVATE,
    SUBSIDIARY,
)

ABOVE, ONE_BETWEEN = 4, 2  # rows over a row of names in which headings stand; others among them
OF_CUES, OF_NAMES = 0.6, 0.7  # share of a row's words
SHORT = 5  # letters
SIGNING = 16  # words of a row of signatures at most
FAR = 2.5  # of a word's height: between two columns
TELLS = OFFICES | PRIVATE
_HEADING = TELLS | HEADINGS
_FOR_ANOTHER = frozenset(
    ("reprezentata", "reprezentat", "reprezentati", "reprezentant", "cunostinta")
)
_HEADS = frozenset(("nr", "crt", "numele", "nume", "prenumele", "adresa", "suma", "functia"))
_ADDRESSED = frozenset(("domnului", "doamnei", "domnule", "doamna", "stimate", "catre"))


class Verdict(IntEnum):
    """What the words around one mention say; the strongest of all mentions of a name counts."""

    NOTHING = 0
    SIGNS = 1
    PRIVATE = 2
    OFFICIAL = 3
    SURELY_PRIVATE = 4


@dataclass(frozen=True, slots=True)
class Label:
    """A column's heading among signatures: its middle in pixels, and what it says."""

    middle: float
    verdict: Verdict


def role(cue: str) -> Verdict:
    """What a cue says of who stands beside it."""
    if cue in OFFICES:
        return Verdict.OFFICIAL
    return Verdict.PRIVATE if cue in PRIVATE else Verdict.NOTHING


def _is_label_row(script: Script, row: Sequence[int]) -> bool:
    words = [at for at in row if script.cores[at]]
    if not words or len(row) > SIGNING or script.cores[row[0]] in _ADDRESSED:
        return False
    if any(script.cores[at] in _HEADS for at in row):
        return False
    telling = sum(script.cues[at] in _HEADING for at in words)
    known = sum(
        script.cues[at] in _HEADING or script.cores[at] in SUBSIDIARY or len(script.cores[at]) == 1
        for at in words
    )
    return telling > 0 and known >= OF_CUES * len(words)


def _columns(script: Script, row: Sequence[int]) -> Iterator[list[int]]:
    """The words of each heading of a row, parted by commas, colons and wide gaps."""
    part: list[int] = []
    for at, following in zip(row, (*row[1:], -1), strict=True):
        part.append(at)
        box = script.box(at)
        apart = following >= 0 and script.box(following).x - box.x - box.w > FAR * max(1, box.h)
        if following < 0 or apart or script.forms[at].endswith((",", ":")):
            if any(script.cores[place] for place in part):
                yield part
            part = []


def next_column(script: Script, at: int) -> bool:
    """Whether the word after a place stands in another column of the same line."""
    if at + 1 >= len(script) or script.lines[at] != script.lines[at + 1]:
        return False
    box = script.box(at)
    return script.box(at + 1).x - box.x - box.w > FAR * max(1, box.h)


def _labels(script: Script, row: Sequence[int]) -> tuple[Label, ...]:
    return tuple(
        Label(_middle(script, part[0], part[-1]), _said(script, part))
        for part in _columns(script, row)
    )


def _said(script: Script, part: Sequence[int]) -> Verdict:
    """What a heading says: an office's holder, unless for another or having only heard of it."""
    cues = {script.cues[at] for at in part}
    if cues & ANYWHERE and BODIES.intersection(script.cores[at] for at in part):
        return Verdict.PRIVATE
    if cues & _FOR_ANOTHER:
        return Verdict.PRIVATE
    roles = [Verdict.OFFICIAL if cue in HEADINGS else role(cue) for cue in cues]
    return Verdict.OFFICIAL if Verdict.OFFICIAL in roles else max(roles)


def _middle(script: Script, first: int, last: int) -> float:
    one, other = script.box(first), script.box(last)
    return (one.x + other.x + other.w) / 2


def _title(script: Script, at: int) -> bool:
    """Whether a word is a title in short, such as "jr." or "ing."."""
    return script.forms[at].endswith(".") and len(script.cores[at]) < SHORT


def is_signing_row(script: Script, row: Sequence[int]) -> bool:
    """Whether a row holds little but names (and a date)."""
    if len(row) > 2 * SIGNING:
        return False
    words = [
        at for at in row if any(c.isalpha() for c in script.cores[at]) and not _title(script, at)
    ]
    names = sum(is_name(script, at) for at in words)
    return 0 < len(words) <= SIGNING and names >= OF_NAMES * len(words)


def _names_any(script: Script, row: Sequence[int]) -> bool:
    """Whether a row of headings has names of its own: then it heads those, not the row above."""
    own, town = False, False
    for at in row:
        if is_name(script, at) and script.cores[at] not in SUBSIDIARY:
            own = own or not town
        else:
            town = script.cores[at] in AREAS
    return own


def _ends_in_name(script: Script, row: Sequence[int]) -> bool:
    """Whether a row ends a sentence in a name: "… am primit de la Pop"."""
    small = any(script.forms[at][:1].islower() and not script.cues[at] for at in row)
    return small and is_name(script, row[-1]) and script.cores[row[-1]] not in SUBSIDIARY


def _signed_itself(script: Script, row: Sequence[int]) -> bool:
    """Whether a row of offices has its holders beside them: "Secretar  N. Barbu     Dinu P."."""
    pairs = ((at, at + 1) for at in row[:-1])
    named = any(
        is_initial(script, one) and script.cores[one] and is_name(script, other)
        for one, other in pairs
    )
    return named and any(script.cues[at] in OFFICES for at in row)


def _rows_above(script: Script, rows: Rows, number: int) -> Iterator[tuple[int, ...]]:
    """Label rows over a row of names, the nearest first; one other row may stand between."""
    skipped = 0
    page = script.page(rows.row(number)[0])
    for step in range(1, ABOVE + 1):
        row = rows.row(number - step)
        if not row or script.page(row[0]) != page:
            return
        if _signed_itself(script, row):
            return
        if _is_label_row(script, row) and not _ends_in_name(script, row):
            yield row
        elif skipped or step > ONE_BETWEEN:
            return
        else:
            skipped += 1


def _by_column(
    script: Script,
    mention: Mention,
    rows: Sequence[Sequence[int]],
    beside: Sequence[Mention],
) -> Verdict:
    """What the heading of a name's own column says."""
    headings = [_labels(script, row) for row in rows]
    told = [label for labels in headings for label in labels if label.verdict]
    if len({label.verdict for label in told}) < 2:
        return told[0].verdict if told else Verdict.NOTHING
    for labels in headings:
        if len(labels) == len(beside):
            return labels[beside.index(mention)].verdict
    if len(beside) < max(len([one for one in labels if one.verdict]) for labels in headings):
        return Verdict.PRIVATE  # names that could not be parted, or one that is missing
    middle = _middle(script, mention.first, mention.last)
    return min(told, key=lambda label: abs(label.middle - middle)).verdict


def signed(script: Script, rows: Rows, mention: Mention, beside: Sequence[Mention]) -> Verdict:
    """By the headings over (or under) a row of names; `beside` are that row's, left to right."""
    number = rows.of[mention.first]
    if not is_signing_row(script, rows.row(number)):
        return Verdict.NOTHING
    above = list(_rows_above(script, rows, number))
    below = rows.row(number + 1)
    if not above and below and _is_label_row(script, below) and not _names_any(script, below):
        above = [below]
    return _by_column(script, mention, above, beside) if above else Verdict.NOTHING

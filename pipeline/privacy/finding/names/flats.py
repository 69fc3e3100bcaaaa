# ruff: noqa: PLR2004 - distances and counts stand where the rule that uses them stands
"""Parts of homes that stand apart from their street, in papers that name private persons."""

from collections.abc import Iterator
from collections.abc import Set as AbstractSet

from pipeline.privacy.finding.extent import street_word
from pipeline.privacy.finding.script import Script
from pipeline.privacy.finding.words import FLAT, STREETS

_NEAR = 8  # words
_ROOMS = frozenset(("cam", "camera", "odaia"))


def loose_flats(
    script: Script, settled: frozenset[int], hidden: AbstractSet[int]
) -> Iterator[tuple[int, int]]:
    """Staircases and flats that stand apart from their street."""
    for at in range(len(script) - 1):
        short = len(script.cores[at]) <= 3
        number = script.cores[at + 1]
        digit = any(c.isdigit() for c in number) or (len(number) == 1 and number.isalpha())
        if script.cores[at] in FLAT and short and digit and len(number) <= 4:
            yield at, at + 1
            street = _street_before(script, at, hidden)
            if street is not None:
                yield street, at - 1
        if (
            digit
            and script.cores[at] in _ROOMS
            and any(n in hidden for n in range(max(0, at - _NEAR), at))
        ):
            yield at, at + 1
        if script.cores[at] in {"bl", "bloc"} and _lettered_block(script, at):
            yield at, at + 2
        near = range(max(0, at - _NEAR), at)
        if script.cores[at] == "jud" and any(place in settled for place in near):
            yield at, at + 1


def _street_before(script: Script, at: int, hidden: AbstractSet[int]) -> int | None:
    """Where the street of a flat begins, though its name be misread: "…, str. lazului nr. 1 19, bl. E8"."""
    for place in range(at - 1, max(0, at - _NEAR), -1):
        if street_word(script.cores[place]) in STREETS:
            return None if hidden.isdisjoint(range(place - 3, place)) else place
        if script.forms[place].endswith((";", ":")):
            return None
    return None


def _lettered_block(script: Script, at: int) -> bool:
    """Whether a block is called by letters and a number apart: "bl. PB 12"."""
    if at + 2 >= len(script) or script.lines[at] != script.lines[at + 2]:
        return False
    letters, number = script.forms[at + 1], script.cores[at + 2]
    return letters.isalpha() and letters.isupper() and len(letters) <= 3 and number.isdigit()

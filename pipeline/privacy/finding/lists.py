"""Lists of people, a row each: where some rows tell names, all of every row is hidden."""

from collections.abc import Iterator, Sequence

from pipeline.privacy.finding.names.mentions import Mention
from pipeline.privacy.finding.rows import Rows, rows_of
from pipeline.privacy.finding.script import Script

FEWEST = 3  # numbered rows with a name that make a list
NUMBER = 4  # signs of a row's number
WIDEST = 16  # words of a row


def _numbered(script: Script, row: Sequence[int]) -> bool:
    """Whether a row begins with its number, or with what is left of one."""
    first = script.cores[row[0]]
    if script.forms[row[0]][:1].isupper():
        return False
    return 0 < len(first) <= NUMBER and any(c.isdigit() or c in "il|" for c in first)


def _number(script: Script, rows: Rows, number: int) -> int | None:
    row = rows.row(number)
    told = script.cores[row[0]] if row else ""
    return int(told) if told.isdecimal() and len(told) <= NUMBER else None


def _counted(script: Script, rows: Rows, number: int, step: int) -> int:
    """The last row, up or down from a list's row, to which its numbers count on."""
    while (told := _number(script, rows, number)) is not None:
        if _number(script, rows, number + step) != told + step:
            break
        if script.page(rows.places[number][0]) != script.page(rows.places[number + step][0]):
            break
        number += step
    return number


def list_rows(script: Script, people: Sequence[Mention]) -> Iterator[tuple[int, ...]]:
    """Words of each row of a list of people, without the row's number."""
    if len(people) < FEWEST:
        return
    rows = rows_of(script)
    named = sorted({rows.of[mention.first] for mention in people})
    told = [n for n in named if _numbered(script, rows.places[n])]
    if len(told) < FEWEST:
        return
    for page in {script.page(rows.places[n][0]) for n in told}:
        own = [n for n in told if script.page(rows.places[n][0]) == page]
        for number in range(
            _counted(script, rows, own[0], -1), _counted(script, rows, own[-1], 1) + 1
        ):
            row = rows.places[number]
            if _numbered(script, row) and 1 < len(row) <= WIDEST:
                yield row[1:]

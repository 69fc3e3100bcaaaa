"""Lists of people, a row each: where most rows tell a name and a home, all of every row is hidden."""

from collections.abc import Iterator, Sequence

from pipeline.privacy.finding.addresses import Place
from pipeline.privacy.finding.mentions import Mention
from pipeline.privacy.finding.rows import Rows, rows_of
from pipeline.privacy.finding.script import Script

FEWEST = 3  # rows with a name and a home that make a list
NUMBER = 4  # signs of a row's number
WIDEST = 16  # words of a row


def _numbered(script: Script, row: Sequence[int]) -> bool:
    """Whether a row begins with its number, or with what is left of one."""
    first = script.cores[row[0]]
    return 0 < len(first) <= NUMBER and any(c.isdigit() or c in "il|" for c in first)


def _told(rows: Rows, people: Sequence[Mention], homes: Sequence[Place]) -> list[int]:
    """Rows that hold a person and, after it, an address."""
    named = {rows.of[mention.last]: mention.last for mention in people}
    return sorted({rows.of[home.first] for home in homes if rows.of[home.first] in named})


def list_rows(
    script: Script, people: Sequence[Mention], homes: Sequence[Place]
) -> Iterator[tuple[int, ...]]:
    """Words of each row of a list of people, without the row's number."""
    if min(len(people), len(homes)) < FEWEST:
        return
    rows = rows_of(script)
    told = [n for n in _told(rows, people, homes) if _numbered(script, rows.places[n])]
    if len(told) < FEWEST:
        return
    for page in {script.page(rows.places[n][0]) for n in told}:
        own = [n for n in told if script.page(rows.places[n][0]) == page]
        for number in range(own[0], own[-1] + 1):
            row = rows.places[number]
            if _numbered(script, row) and 1 < len(row) <= WIDEST:
                yield row[1:]

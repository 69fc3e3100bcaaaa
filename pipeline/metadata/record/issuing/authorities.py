# ruff: noqa: PLR2004 - distances stand where the rule that uses them stands
"""Other institutions whose letterhead a paper bears: courts, schools, prefects, firms, parishes.

A city hall's archive is full of their letters; the city hall stands in them as who is addressed,
or in the stamp of its registry.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pipeline.metadata.entities.gazetteer import gazetteer
from pipeline.metadata.entities.institutions import full_name
from pipeline.metadata.record.context import Context
from pipeline.metadata.record.issuing.naming import (
    AFTER,
    BARE_NAME,
    CAPITAL_END,
    CAPITAL_RUN,
    CAPITALS,
    COMPANY,
    COUNTY,
    DIRECTION,
    FIRM,
    FORM_END,
    GOES_ON,
    HEADS,
    LEFT,
    LEVELS,
    NATIONAL,
    NOUNS,
    OF_A_COUNTY,
    OF_COUNTY,
    OTHER_HAND,
    OURS,
    OWN_PART,
    PART,
    PERSON,
    PERSON_S,
    PLACED,
    PLAIN,
    POLICE,
    PREFECT,
    SEPARATED,
    STAMP,
    THE_COUNTY,
    UNENDED,
    UNIT_LINE,
    WRAPPED,
)
from pipeline.metadata.text.spans import Found

LONGEST = 14  # words of a line that is an institution's name
MINISTRY = 1  # of LEVELS
FIRST = 8  # lines in which a letterhead names it
WHOLE, DOUBT, SUPERIOR = 0.82, 0.78, 0.6
"""How sure the institution of a line is, one whose line may go on, and one above who writes."""


def _behind_left(context: Context, start: int, end: int) -> int:
    """Where an institution's name begins that stands right of the state, the county or a number."""
    left = LEFT.match(context.view.lower, start, end)
    named = left and HEADS.match(context.view.lower, left.end(), end)
    return left.end() if left and named else start


def _line_name(context: Context, start: int, end: int) -> tuple[int, int] | None:
    """Where a line that begins with an institution's name holds it."""
    end = left_column(context, start, end)
    lower = context.view.lower[start:end].replace("\n", " ")
    if len(lower.split()) > LONGEST:
        return None
    head = HEADS.match(lower) or POLICE.match(lower)
    if head is None and (direction := DIRECTION.match(lower)):
        return start, start + direction.end()
    head = head or NOUNS.match(lower)
    if head is None:
        return _firm_name(context, start, end)
    stop = AFTER.search(lower, head.end())
    last = stop.start() if stop else len(lower)
    day = next((one for one in context.dates if start < one.start < start + last), None)
    last = min(last, day.start - start) if day else last
    town = PLACED.search(context.view.text[start:end], head.end())
    if town and gazetteer().knows(town[1]):
        last = min(last, town.start())
    name = lower[:last].rstrip(" :-")
    return start, start + len(name if FIRM.fullmatch(name) else name.rstrip(" ."))


def _firm_name(context: Context, start: int, end: int) -> tuple[int, int] | None:
    """The firm of a line; in capitals behind other words it has the right column for itself."""
    lower, text = context.view.lower, context.view.text
    firm = FIRM.match(lower, start, end)
    if firm is None or not FORM_END.search(text, start, firm.end()):
        return None
    run = CAPITAL_END.search(text, start, firm.end())
    small = run and any(word[-1].islower() for word in text[start : run.start()].split())
    return (run.start(1) if run and small else start), firm.end()


def left_column(context: Context, start: int, end: int) -> int:
    """Where a line in capitals turns into words of another hand: the right column."""
    text = context.view.text
    words = text[start:end].split()
    if len(words) < 3 or not all(map(CAPITALS.fullmatch, words[:2])):
        return end
    other = OTHER_HAND.search(text, start, end)
    return other.start() if other else end


def _whole_end(context: Context, places: list[tuple[int, int]], number: int, start: int) -> int:
    """Where a name that begins at a place ends: it may go on in the next line of the letterhead."""
    end = places[number][1]
    lower = context.view.lower
    if number + 1 < len(places) and (
        GOES_ON.match(lower, *places[number + 1])
        or COUNTY.fullmatch(lower, *places[number + 1])
        or UNENDED.search(lower, start, end)
        or (
            PERSON_S.fullmatch(lower, start, end)
            and PERSON.fullmatch(context.view.text, *places[number + 1])
        )
        or OF_COUNTY.fullmatch(lower, *places[number + 1])
        or (PREFECT.match(lower[start:end]) and THE_COUNTY.fullmatch(lower, *places[number + 1]))
    ):
        return places[number + 1][1]
    return end


def _unit_of_below(context: Context, start: int, end: int, following: int) -> bool:
    """Whether a line only tells the town of the institution that the next line names."""
    lower = context.view.lower
    return (
        UNIT_LINE.match(lower, start, end) is not None and HEADS.match(lower, following) is not None
    )


@dataclass(frozen=True, slots=True)
class Named:
    """An institution of a letterhead: how near to who writes (0 the government), its places, its sureness.

    `own`: whether it has a name or a place of its own; `part`: whether its noun may be a part's.
    """

    level: int
    start: int
    end: int
    more: str
    sure: float
    own: bool
    part: bool


def has_own_part(context: Context, start: int, end: int) -> bool:
    """Whether a name tells more than a kind of office: a place, a number, a person, words in quotes."""
    words = context.view.lower[start:end]
    if OF_A_COUNTY.search(words) or OWN_PART.search(words) or _is_a_person_s(words):
        return True
    return _has_place(context, start, end)


def _is_a_person_s(words: str) -> bool:
    """Whether an office is called by its holder's name, as a notary's is."""
    return PERSON_S.match(words) is not None and PERSON_S.fullmatch(words) is None


def _has_place(context: Context, start: int, end: int) -> bool:
    """Whether a name tells a county or a settlement."""
    text = context.view.text
    if OF_A_COUNTY.search(context.view.lower, start, end):
        return True
    start += len(text[start:end].split(" ")[0])
    runs = (match[0].split() for match in CAPITAL_RUN.finditer(text, start, end))
    return any(
        _is_place(context, " ".join(run[at:upto]))
        for run in runs
        for at in range(len(run))
        for upto in range(at + 1, min(len(run), at + 3) + 1)
    )


def _is_part(lower: str, start: int, end: int) -> bool:
    """Whether a name's noun is one of an institution's part, as far as the noun can tell."""
    if PART.match(lower, start, end):
        return True
    whole = HEADS.match(lower, start, end) or POLICE.match(lower, start, end)
    return whole is None and NOUNS.match(lower, start, end) is not None


def _is_place(context: Context, name: str) -> bool:
    """Whether a name is a settlement's, by the register or by the paper's own words."""
    if gazetteer().knows(name):
        return True
    own = rf"\b(?:comun(?:a|ei)|oras(?:ul|ului)|municipi(?:ul|ului)|satul|loc\.?) {re.escape(name.lower())}\b"
    return re.search(own, context.view.lower) is not None


def _level(lower: str, start: int) -> int:
    found = (n for n, heads in enumerate(LEVELS) if heads.match(lower, start))
    return next(found, len(LEVELS))


def _named(context: Context, places: list[tuple[int, int]]) -> Iterator[Named]:
    """The institutions of the lines before the city hall's own name."""
    lower, told = context.view.lower, 0
    for number, (start, end) in enumerate(places[:FIRST]):
        if start < told:
            continue
        following = places[number + 1][0] if number + 1 < len(places) else len(lower)
        line = start
        start = _behind_left(context, start, end)  # noqa: PLW2901 - the line's own part
        if OURS.match(lower, start, end):
            if STAMP.match(lower, following) or _unit_of_below(context, start, end, following):
                continue
            return
        name = _line_name(context, start, _whole_end(context, places, number, start))
        if name and context.view.text[start].isupper():
            level = _level(lower, start)
            told = name[1]
            more = _wrapped(context, places, number, name[1]) or _town_below(context, name)
            firm = None if more else _firm_below(context, places, number, name)
            if firm is not None:
                more, told = f" {context.view.words(*firm)}", firm[1]
            sure = SUPERIOR if level <= MINISTRY else WHOLE
            if (
                more
                or line < start
                or not _understood(context, places, name[1])
                or _once(context, name)
            ):
                sure = min(sure, DOUBT)
            own = has_own_part(context, name[0], name[1]) or bool(more)
            part = _is_part(lower, *name)
            yield Named(level, *name, more, sure, own, part)


def _wrapped(context: Context, places: list[tuple[int, int]], number: int, end: int) -> str:
    """The rest of a name in a narrow left column, which the next line holds by itself."""
    text = context.view.text
    if number + 1 == len(places) or places[number][1] - end < 3:
        return ""
    below = text[slice(*places[number + 1])]
    alone = WRAPPED.fullmatch(below) and text[places[number][0] : end].isupper()
    plain = PLAIN.match(below.lower()) or HEADS.match(below.lower())
    return f" {below}" if alone and not plain else ""


def _firm_below(
    context: Context, places: list[tuple[int, int]], number: int, name: tuple[int, int]
) -> tuple[int, int] | None:
    """The second line of a company's name: "Compania Națională de …" over "Transelectrica S.A."."""
    words = context.view.lower[slice(*name)]
    if not COMPANY.match(words) or FIRM.fullmatch(words) or number + 1 == len(places):
        return None
    start, end = places[number + 1]
    if HEADS.match(context.view.lower, start, end):
        return None
    return _firm_name(context, start, end)


def _once(context: Context, name: tuple[int, int]) -> bool:
    """Whether a firm is named once only, so that nothing tells how well its name was read."""
    lower = context.view.lower
    words = lower[slice(*name)]
    firm = FIRM.fullmatch(words) is not None and HEADS.match(words) is None
    return firm and words.rstrip(". ") not in lower[name[1] :]


def _town_below(context: Context, name: tuple[int, int]) -> str:
    """The town that has the line under a name for itself, where the name does not hold it."""
    below = next((one for one in context.lines if one.start > name[1]), None)
    if below is None or not BARE_NAME.fullmatch(below.text) or not below.text[-1].isalpha():
        return ""
    lower = below.text.lower()
    plain = PLAIN.match(lower) or HEADS.match(lower) or OURS.match(lower)
    if plain or lower in context.view.lower[slice(*name)]:
        return ""
    again = re.search(rf"\b{re.escape(lower)}\b", context.view.lower[below.end :])
    town = again or gazetteer().knows(below.text)
    return f" {context.view.words(below.start, below.end)}" if town else ""


def _understood(context: Context, places: list[tuple[int, int]], end: int) -> bool:
    """Whether the line under a name is none that may be another institution's, or go on with it."""
    below = next((one for one in places if one[0] > end), None)
    if below is None:
        return True
    lower = context.view.lower
    known = PLAIN.match(lower, *below) or HEADS.match(lower, *below)
    return bool(known or COUNTY.fullmatch(lower, *below))


def is_letterhead(context: Context, places: list[tuple[int, int]]) -> bool:
    """Whether the first lines are an institution's under those above it, not who is written to."""
    named = list(_named(context, places))
    top = context.lines[min(1, len(context.lines) - 1)].end if context.lines else 0
    return len(named) > 1 and named[0].start < top


def other_authority(context: Context, places: list[tuple[int, int]]) -> Found | None:
    """The institution that the lines of a letterhead name, where it is not a city hall.

    Of several the one furthest from a ministry: the school, not its inspectorate. Its sections and
    branches write in its name; only what is the whole country's needs its branch's name too.
    """
    named = list(_named(context, places))
    parts = [one for one in named if one.part and one.own]
    whole = [one for one in named if not one.part]
    if any(OURS.match(context.view.lower, *place) for place in places[:FIRST]):
        parts = []
    if not any(one.level > MINISTRY for one in whole) and parts:
        whole = [*whole, *parts]
    if not whole:
        return None
    lowest = max(one.level for one in whole)
    writing = [one for one in whole if one.level == lowest]
    placed = [one for one in writing if one.own]
    best = placed[-1] if placed else writing[0]
    firm = next((one for one in whole if _is_firm(context, one)), best)
    best = firm if firm.start < best.start else best
    value, sure = _whole_name(context, [*whole, *parts], best), best.sure
    if len(writing) > 1 or value != _name(context, best) or not best.own:
        sure = min(sure, DOUBT)
    return Found("issuer", best.start, best.end, value, sure)


def institution_at(context: Context, start: int, end: int) -> Found | None:
    """The institution, no city hall and no ministry, whose name a stretch begins with."""
    lower = context.view.lower
    if start >= end or not context.view.text[start].isupper() or OURS.match(lower, start, end):
        return None
    stop = SEPARATED.search(lower, start, end)
    name = _line_name(context, start, stop.start() if stop else end)
    if name is None or _is_part(lower, *name) or _level(lower, name[0]) <= MINISTRY:
        return None
    value = full_name(context.view.words(*name))
    return Found("issuer", *name, value, DOUBT) if " " in value else None


def _name(context: Context, one: Named) -> str:
    words = re.sub(r"\s[-–]\s", " ", context.view.words(one.start, one.end) + one.more)
    return re.sub(r"\bNR\b", "Nr", full_name(words))


def _whole_name(context: Context, named: Sequence[Named], best: Named) -> str:
    """The name; a branch's stands behind that of the institution of which it is one."""
    value, lower = _name(context, best), context.view.lower
    above = [one for one in named if one.start < best.start]
    below = [one for one in named if one.start > best.start and one.part]
    if below and below[0].own and _is_everywhere(context, best):
        return f"{value} {_name(context, below[0])}"
    branch = above and (
        PART.match(lower, best.start)
        or (best.part and NATIONAL.search(lower[above[-1].start : above[-1].end]))
    )
    return f"{_name(context, above[-1])} {value}" if branch else value


def _is_everywhere(context: Context, one: Named) -> bool:
    """Whether an institution has no place of its own, so that its branch's name tells which it is."""
    lower = context.view.lower
    if one.more or _has_place(context, one.start, one.end):
        return False
    national = NATIONAL.search(lower, one.start, one.end) is not None
    return national or not _is_firm(context, one)


def _is_firm(context: Context, one: Named) -> bool:
    return FIRM.fullmatch(context.view.lower, one.start, one.end) is not None

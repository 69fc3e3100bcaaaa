# ruff: noqa: PLR2004 - distances and weights stand where the rule that uses them stands
"""A document's own date, among those of its registry, of its session and of what it cites."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from pipeline.metadata.record.context import Context, is_cited
from pipeline.metadata.record.numbers import (
    CITIZENS,
    CIVIL,
    WEAK,
    date_after,
    find_letterhead,
    find_registry,
    is_entered,
    is_unread,
    registered_on,
)
from pipeline.metadata.record.stamps import find_stamped
from pipeline.metadata.record.surroundings import FULL, LETTER_TO
from pipeline.metadata.text.spans import Found

DOUBT = 0.78
"""How sure a day is at the most where another stands as near to the title or the number."""
MINUTES = "proces-verbal"
_OF_ANNEXED = re.compile(
    r"\banex[ae]\b[^.;]{0,40}\bla (?:hotarare|dispoziti|decizi|h\.?c)[^;]{0,50}$"
)
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
ALIKE = frozenset(("38", "35", "08", "06", "56", "68", "89", "17", "14", "09", "36"))
"""Digits that are read for one another."""
EDGE = 40  # dates looked at from either end
_LEFT = re.compile(
    r"\s{0,2}(?:[/,.-]|(?:d[a-z1]{1,2}|[a-z]in)\b)\s{0,2}(?!(?:19|20)\d\d\b)(?=\S*\d)\S{5,12}"
)
_INTRODUCES_DATE = re.compile(
    r"(?:^|[\s,.(])(?:din(?:\sdata(?:\sde)?)?|data|la data(?: de)?|(?:azi|astazi)[, ]{0,2}(?:data de)?"
    r"|incheiat[a]?(?: la data de)?|data (?:emiterii|facturii|\([a-z, ]{3,30}\))|emis[a]?(?: la)?)[: ,]{0,3}$"
)
_REFUSES_DATE = re.compile(
    r"\b(?:nascut[a]?|nascuta|eliberat[a]?|valabil[a]?|pana|perioada|termen\w*|scaden\w*|incepand"
    r"|expir\w*|emis[a]? de|inregistrat[a]?|depus[a]?|cererea|adresa|adresei|cererii|referatul|nasterii)\b"
    r"[^\n]{0,40}$"
)
_CELL = re.compile(r"[\d.,%/ -]+")
"""What stands under a day in a table whose cells were read one by one."""
_FILLED_IN = re.compile(r"completat[a]?\b[^\d\n]{0,45}")
FOOT = 10  # lines at whose end a day by itself is that of the signature; above, it is a table's
PHRASE = 25  # letters of a line that is more than a label
_GOES_ON = re.compile(r"\b(?:din|data|de|la|nr|si|in|al|a)\W?$")
_GIVEN_OUT = re.compile(
    r"\W{0,3}(?:eliberat|emis|intocmit|redactat)[a]?(?: (?:la|in|azi|astazi))?(?: data(?: de)?| ziua de)?[: ,]{0,3}"
    r"|\W{0,3}ora \d{1,2}[:.,]\d\d[ ,;-]{1,3}"
)
"""What a line under the title says before the day on which the paper itself was made."""


_PLACED = re.compile(r"[a-z][a-z .-]{2,24},\s{0,2}(?:la )?")
"""The town before the day of a letter: "Oradea, 4.VII.1961"."""


def _line_of(context: Context, place: int) -> int:
    return next((n for n, line in enumerate(context.lines) if line.end >= place), -1)


def _whole(context: Context) -> Sequence[Found]:
    whole = [d for d in context.dates if len(d.value) == 10 and not is_cited(context, d.start)]
    whole = whole if len(whole) <= 2 * EDGE else whole[:EDGE] + whole[-EDGE:]
    own = context.kind.kind not in CITIZENS
    return [
        d for d in whole if not _of_cited(context, d) and not (own and is_entered(context, d.start))
    ]


_OF_CITED = re.compile(
    r"(?:\b[a-z]{2,}[ ,.-]{1,3}){2,}(?i:nr)\.? ?\d\S{0,12}\s?(?:/|din(?: data(?: de)?)?|de la)\s{0,3}$"
)
"""The day behind the number of a paper that a sentence cites."""


def _of_cited(context: Context, found: Found) -> bool:
    return _OF_CITED.search(context.view.text, max(0, found.start - 90), found.start) is not None


def _refused(context: Context, found: Found) -> bool:
    before = context.view.lower[max(0, found.start - 60) : found.start]
    return _REFUSES_DATE.search(before) is not None


def _sentence(context: Context, line: int) -> int:
    """Where a line begins, or the one before it where that ends in the middle of a phrase."""
    above = context.lines[line - 1] if line > 0 else None
    if above and len(above.text) > PHRASE and _GOES_ON.search(above.text.lower()):
        return above.start
    return context.lines[line].start


_MADE = re.compile(
    r"\b(?:incheiat|eliberat|emis|intocmit|redactat|astazi|azi|intrunit|sedint)\w{0,3}\b"
)
WORDS = 5  # small words of a line that is a sentence


def _told(context: Context, found: Found) -> bool:
    """Whether a date stands in the middle of a sentence."""
    line = _line_of(context, found.start)
    start = context.lines[line].start
    if line > 0 and len(context.lines[line - 1].text) > FULL:
        start = max(context.lines[line - 1].start, context.kind.end)
    return sum(w.islower() for w in context.view.text[start : found.start].split()) >= WORDS


def _in_wrapped(context: Context, line: int) -> bool:
    """Whether a line below the title goes on with the sentence of the line above."""
    above = context.lines[line - 1] if line - 1 > context.kind.line else None
    words = above.text.split() if above else []
    return sum(word.islower() for word in words) >= WORDS and words[-1].islower()


def _told_on(context: Context, found: Found, line: int) -> bool:
    """Whether a sentence goes on behind a date that stands below the title's own lines."""
    behind = context.view.text[found.end : context.lines[line].end]
    return line > context.kind.line + 1 and re.match(r",? [a-z]{3,}", behind) is not None


def _near_title(context: Context, *, sentences: bool = False) -> Found | None:
    """A date introduced by "din", "încheiat astăzi" or alone in a line under the title.

    `sentences`: also one that stands in a sentence, which may tell of another day.
    """
    title, lower = context.kind, context.view.lower
    for found in _whole(context):
        line = _line_of(context, found.start)
        if found.start < title.end or line > title.line + 5:
            continue
        before = lower[max(_sentence(context, line), title.end) : found.start]
        alone = not before.strip(" -.,:") or _GIVEN_OUT.fullmatch(before) is not None
        if (_refused(context, found) and not alone) or len(before) > 160:
            continue
        made = sentences or alone or _MADE.search(before) is not None
        told = _told(context, found) or _told_on(context, found, line)
        if not made and (told or _in_wrapped(context, line)):
            continue
        if alone or _INTRODUCES_DATE.search(before):
            return found
    return None


def _at_foot(context: Context, registered: Found | None = None) -> Iterator[Found]:
    """The dates that may stand beside the signature, the last first: "Data: …", "Timișoara, …" or alone in a line."""
    lower = context.view.lower
    low = context.lines[-FOOT:][0].start if context.lines else 0
    for found in reversed(_whole(context)):
        if registered is not None and registered.start == found.start:
            continue
        if context.kind.kind in CITIZENS and is_entered(context, found.start):
            continue
        line = context.lines[_line_of(context, found.start)]
        before, after = lower[line.start : found.start], lower[found.end : line.end]
        labelled = re.fullmatch(
            r"(?:data(?: (?:publicarii|afisarii|intocmirii|depunerii|completarii))?|astazi|azi|intocmit la)?[\s:.,_]{0,6}",
            before,
        )
        placed = re.fullmatch(r"[a-z .-]{2,40},?\s{0,2}(?:la )?", before) and not _refused(
            context, found
        )
        filled = _FILLED_IN.fullmatch(before) is not None
        if not before.strip() and context.kind.kind in CITIZENS:
            below = next((one for one in context.lines if one.start > line.end), None)
            if line.start < low or (below and _CELL.fullmatch(below.text)):
                continue
        goes_on = not before.strip() and re.match(
            r"[ ,]{0,3}[a-z]", context.view.text[found.end : line.end]
        )
        if ((labelled or filled) and len(after) < 60 and not goes_on) or (
            placed and len(after.strip(" .")) < 4
        ):
            yield found


def _written(context: Context) -> Found | None:
    """The day behind the town in a line of a letter's head: "Oradea, 8 februarie 2011"."""
    lower = context.view.lower
    for line in context.lines[:12]:
        for found in _whole(context):
            inside = line.start <= found.start and 0 <= line.end - found.end < len("...")
            if inside and _PLACED.fullmatch(lower, line.start, found.start):
                return None if is_entered(context, found.start) else found
    return None


def _in_head(context: Context) -> Found | None:
    """A date above the title or whom it is written to, after "Data:" or "din"; below, alone in its line."""
    lower = context.view.lower
    letter = next(
        (n for n, one in enumerate(context.lines) if LETTER_TO.match(one.text.lower())), 99
    )
    for found in _whole(context):
        line = _line_of(context, found.start)
        if line > 14:
            return None
        before = lower[_sentence(context, line) : found.start]
        bare = not before.strip(" -.,:") or _PLACED.fullmatch(before) is not None
        alone = bare and len(context.lines[line].text) < 40
        led = line <= letter and len(before) < 60 and _INTRODUCES_DATE.search(before) is not None
        if (alone or (led and not _told(context, found))) and not _refused(context, found):
            return found
    return None


def _in_session(context: Context) -> Found | None:
    """The day of the council's session, or the day a paper says it was drawn up."""
    lower = context.view.lower
    said = re.compile(r"(?:intrunit|sedint|incheiat|astazi)[^.;]{0,160}$")
    for found in _whole(context):
        if said.search(lower[max(0, found.start - 200) : found.start]):
            return found
    return None


def _above(context: Context, number: Found) -> Found | None:
    """The day in the line above a number that has its line for itself, under the signatures."""
    line = _line_of(context, number.end)
    if line < 1 or len(context.lines[line].text) > len(number.value) + 8:
        return None
    above = context.lines[line - 1]
    days = (d for d in _whole(context) if above.start <= d.start and 0 <= above.end - d.end < 2)
    return next(days, None) if number.start > context.kind.end > 0 else None


def _over(context: Context, number: Found) -> Found | None:
    """The day that ends the line above one of the letterhead's that ends with the number."""
    line = _line_of(context, number.end)
    if line < 1 or context.lines[line].end - number.end > 1 or 0 < context.kind.end < number.end:
        return None
    above = context.lines[line - 1]
    return next(
        (d for d in _whole(context) if above.start <= d.start and 0 <= above.end - d.end < 2), None
    )


def _sent(context: Context) -> Found | None:
    """The day on which an electronic letter was sent, as its head says."""
    for line in context.lines[:8]:
        label = re.match(
            r"(?:trimis|sent|data trimiterii)\s?:\s{0,3}", context.view.lower[line.start : line.end]
        )
        if label:
            return next(
                (d for d in _whole(context) if 0 <= d.start - line.start - label.end() < 12), None
            )
    return None


def _in_title(context: Context, number: Found) -> bool:
    """Whether a number stands in the title's own line or the next one."""
    title = context.kind
    below = context.lines[title.line : title.line + 2] if title.end else ()
    return number.start >= title.end and any(number.end <= line.end for line in below)


def _below_title(context: Context, number: Found) -> bool:
    return number.start >= context.kind.end > 0


def _as_date(found: Found | None, sure: float) -> Found | None:
    if found is None:
        return None
    confidence = round(min(found.confidence, sure), 2)
    return Found("date", found.start, found.end, found.value, confidence)


def _apart(number: Found | None, letterhead: Found | None) -> bool:
    """Whether the paper has a number of its own beside the letterhead's, whose date is not its own."""
    return number is not None and letterhead is not None and number.start != letterhead.start


def _issued(context: Context) -> Found | None:
    """The day on which a certificate was given out ("eliberat azi, …"), not one that it tells of."""
    for found in _whole(context):
        before = context.view.lower[max(0, found.start - 40) : found.start]
        if re.search(r"\b(?:eliberat[a]?|eliberarii|emiterii)\b[^.;]{0,25}$", before):
            return found
    return None


def _by_citizen(
    context: Context,
    attached: Found | None,
    foot: tuple[Found | None, ...],
    head: Found | None,
    above: Found | None,
    registered: Found | None,
) -> tuple[tuple[Found | None, float], ...]:
    """The days of a citizen's paper, the likeliest first, each with how sure it may be."""
    written = _written(context)
    if written and {found.value for found in foot if found} - {written.value}:
        written = replace(written, confidence=min(written.confidence, DOUBT))
    return (
        (attached if context.kind.end else None, 0.95),
        (_sent(context), 0.9),
        (written, 0.9),
        (foot[0], 0.9 if len({found.value for found in foot if found}) == 1 else DOUBT),
        (head, 0.5),
        (None if above and is_entered(context, above.start) else above, 0.5),
        (registered, 0.5),
    )


def find_date(context: Context, number: Found | None) -> Found | None:
    """The document's own date, never one of an act it cites."""
    registry_date = find_registry(context)[1]
    stamped = find_stamped(context)
    registry_date = registry_date or (date_after(context, stamped.end) if stamped else None)
    letterhead = find_letterhead(context)
    attached = None
    if number:
        attached = (
            registered_on(context, number.end) or _above(context, number) or _over(context, number)
        )
    if letterhead and context.kind.kind not in CITIZENS and is_entered(context, letterhead.start):
        letterhead = None
    head = date_after(context, letterhead.end) if letterhead else None
    apart, above = _apart(number, letterhead), _in_head(context)
    chances: tuple[tuple[Found | None, float], ...]
    rivals: tuple[Found | None, ...] = ()
    foot: tuple[Found | None, ...] = (
        *_at_foot(context, registry_date if context.kind.kind in CITIZENS else None),
        None,
    )
    if context.kind.kind in CITIZENS:
        chances = _by_citizen(context, attached, foot, head, above, registry_date)
    else:
        own = number is not None and number.confidence > WEAK
        rivals = (attached, _near_title(context) if context.kind.end else None, above)
        drawn_up = (
            context.kind.kind == MINUTES
            and number is not None
            and not _below_title(context, number)
        )
        chances = (
            (rivals[1] if drawn_up else None, 0.92),
            (attached if own else None, 0.95),
            (rivals[1], 0.92),
            (None if apart else head, 0.85),
            (None if apart and head and above and above.start == head.start else above, 0.75),
            (attached, WEAK),
            (_in_session(context), 0.65),
            (foot[0], 0.7),
            (_near_title(context, sentences=True) if context.kind.end else None, 0.65),
            (head, 0.6),
            (registry_date, 0.5),
        )
    if context.kind.kind == CIVIL:
        chances = ((_issued(context), 0.85), (foot[0], 0.5))
    if number is not None and attached is None and _LEFT.match(context.view.lower, number.end):
        chances = tuple((found, min(sure, 0.5)) for found, sure in chances)
    titled = attached is not None and number is not None and _in_title(context, number)
    doubted = context.kind.end > 0 and is_unread(context)
    if doubted or (not titled and len({found.value for found in rivals if found}) > 1):
        chances = tuple((found, min(sure, DOUBT)) for found, sure in chances)
    told = next((d for d in (_as_date(f, sure) for f, sure in chances) if d is not None), None)
    return told and _against_slips(context, told)


def _against_slips(context: Context, found: Found) -> Found:
    """A day is doubtful where the paper has another that one misread digit makes of it.

    So is that of the act whose annex the paper is.
    """
    others = {day.value for day in context.dates if len(day.value) == len(found.value)}
    slip = any(_is_slip(found.value, other) for other in others) or _slip_of_year(context, found)
    if slip or _OF_ANNEXED.search(context.view.lower, max(0, found.start - 90), found.start):
        return replace(found, confidence=min(found.confidence, DOUBT))
    return found


def _slip_of_year(context: Context, found: Found) -> bool:
    """Whether a day's year stands nowhere else, but one that is read for it does."""
    year = found.value[:4]
    years = [
        one[0] for one in _YEAR.finditer(context.view.lower) if not is_cited(context, one.start())
    ]
    return years.count(year) == 1 and any(_slipped(year, other) for other in set(years))


def _slipped(one: str, other: str) -> bool:
    apart = [a + b for a, b in zip(one, other, strict=True) if a != b]
    return len(apart) == 1 and "".join(sorted(apart[0])) in ALIKE


def _is_slip(one: str, other: str) -> bool:
    """Whether two days of one year differ in one digit that is read for the other."""
    return one[:4] == other[:4] and _slipped(one, other)

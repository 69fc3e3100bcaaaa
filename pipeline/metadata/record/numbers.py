# ruff: noqa: PLR2004 - distances and weights stand where the rule that uses them stands
"""A document's own number and date, and its registry number and date."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from pipeline.metadata.record.context import Context, is_cited
from pipeline.metadata.record.spellings import NR, NUMBER, number_of
from pipeline.metadata.record.surroundings import (
    BETWEEN_STOPS,
    CITING,
    ENTERED,
    LETTER_TO,
    NOT_OWN,
    OF_ANOTHER,
    dated_above,
    dated_below,
    ends_dated,
    tells_request,
    wrapped,
)
from pipeline.metadata.text.lines import TextLine
from pipeline.metadata.text.spans import Found

HEAD = 3500
FURTHER = 1200
ROWS = 3  # lines that begin with a number and its date: a table
NEXT = 3  # lines under a title in which its number may stand
ALONE = 120  # letters behind a title in which a number alone in its line is still the head's
COLUMN = 8  # lines of a letterhead
LAST = 0.7  # how sure an act's number is that is the last line of all
LABEL = 3  # words before a number that only say what it is
CIVIL = "certificat de stare civilă"
OWN_NUMBER = frozenset(
    (
        "hotărâre",
        "dispoziție",
        "autorizație de construire",
        "certificat de urbanism",
        "contract",
        "factură",
    )
)
"""Papers with a number of their own, which no registry gives."""
ACTS = frozenset({"hotărâre", "dispoziție"})
PERMITS = frozenset({"autorizație de construire", "certificat de urbanism"})
REQUESTED = 0.75  # how sure a number is under which the request that a permit answers came in
CITIZENS = frozenset({"cerere", "petiție", "declarație fiscală"})

_OWN = re.compile(NR + NUMBER)
LONE = 3  # signs at the least of a number whose day is not beside it: a school's has fewer
_OF_OFFICE = re.compile(
    r"\b(?:exemplar|ex|operator|licent\w+|autorizat\w+|aviz\w*|polita|ordin\w*)\b"
)
_FILE = re.compile(r"\W{0,3}dosar(?:ul)?(?: [a-z]{4,14}){0,2} ")
_BARE = re.compile(rf"\s{{0,3}}{NUMBER}(?=\s?/|\s{{1,2}}din\b)")
_REGISTRY = re.compile(
    r"(?:\b(?:nr|numar(?:ul)?)\b\s?[.:]?\s{0,2}(?:de\s)?(?:inreg\w*|intr(?:are\w*|\.)|registr\w*|ies\w*)"
    r"|\binreg\w*|\bintrare|\bintrat[a]?|\biesire|\bregistratura|\bprimit[a]?\b[^\n]{0,40}?\s(?=cu|sub))[.:]{0,2}"
    r"(?:\s{0,3}(?:generala|la|sub|cu|primariei)\b:?){0,2}"
    r"\s{0,3}(?:(?:nr|numar(?:ul)?)\b\s?[.:,]{0,2})?\s{0,3}" + NUMBER
)
_LEADING = re.compile(r"[^a-z0-9\n]{0,4}(?:[a-z1|]{1,3}[^a-z0-9\n]{1,3})?" + NUMBER)
_UNDER = re.compile(r"\b(?:incheiat|emis|eliberat|intocmit)[a]?\b[^;]{0,40}\bsub $")
"""As in "încheiat la 8 mai 2023, sub nr. 144": the paper's own."""
_MISREAD = re.compile(r"\W{0,3}n[a-z1j]\s?[.,:]\s?[a-z0-9|]*\d")
WEAK = 0.6
"""How sure a number is that may be another's: then its date is no surer."""
_AT_START = re.compile(r"[^a-z0-9]{0,4}" + NR + NUMBER)
_NAMED_SO = re.compile(
    r"[^a-z0-9]{0,4}(?:nr\.?|numar)\s?(?:de\s)?(?P<how>iesire|ies|inreg\w*|noastr[au]|nostru)[.:]{0,2}\s{0,3}"
    + NUMBER
)
_YEAR = re.compile(r"\s?/\s?(?:19|20)\d\d[ .]*")
_TO_DATE = re.compile(
    r"[\s._]{0,20}[/,.-]?\s{0,3}(?:[a-z][a-z-]{2,20}(?: [a-z-]{2,20}){0,3},\s{0,2})?(?:(?:din|data|de|la|ziua|zi|luna|eliberat[a]?|emis[a]?|d[a-z1]{1,3}|[a-z]in|dat[a-z])\b[: ]?\s{0,3}){0,4}[:/]?[\s._]{0,20}$"
)


def _beside_title(context: Context) -> Iterator[Found]:
    """The number in the title's line or in one of the next lines."""
    lower, title = context.view.lower, context.kind
    bare = _BARE.match(lower, title.end)
    if bare:
        yield number_of(bare, 0.9)
    unread = is_unread(context)
    for match in _OWN.finditer(lower, title.end, title.end + 260):
        between = lower[title.end : match.start()]
        if OF_ANOTHER.search(between):
            continue
        at_line_start = not between.rpartition("\n")[2].strip(" -*")
        near = len(between) <= 90 and not BETWEEN_STOPS.search(between)
        near = near or _UNDER.search(between) is not None
        dated = date_after(context, match.end("number")) is not None
        if is_cited(context, match.start("number")) or between.count("\n") > 5:
            continue
        if _in_sentence(context, match) and not _UNDER.search(between):
            continue
        if near or (at_line_start and dated):
            yield number_of(match, WEAK if unread else 0.95 if near else 0.8)
    yield from _dated(context, title.end)
    following = context.lines[title.line + 1 : title.line + 10]
    below = [(at, n) for at, line in enumerate(following) for n in _dated(context, line.start)]
    if len(below) < ROWS:  # else a table
        yield from (number for at, number in below if at < NEXT)


def _in_sentence(context: Context, match: re.Match[str]) -> bool:
    """Whether a number under the title stands amid a sentence, as that of a house does."""
    text = context.view.text
    line = text.rfind("\n", 0, match.start()) + 1
    before, after = text[line : match.start()], text[match.end() :].partition("\n")[0]
    small = sum(word.islower() for word in before.split())
    return line > context.kind.end and small >= LABEL and re.match(r" ?[a-z]", after) is not None


def is_unread(context: Context) -> bool:
    """Whether the first line under the title begins as a number does that no rule can read."""
    line = next(iter(context.lines[context.kind.line + 1 :]), None)
    if line is None or not _MISREAD.match(context.view.lower, line.start, line.end):
        return False
    return _AT_START.match(context.view.lower, line.start, line.end) is None


def _dated(context: Context, place: int) -> Iterator[Found]:
    """A number and its date at a place, whatever became of the "nr." before them."""
    if CITING.search(context.view.lower, max(0, place - 60), place):
        return
    match = _LEADING.match(context.view.lower, place)
    if match and not is_cited(context, match.start("number")) and date_after(context, match.end()):
        yield number_of(match, 0.75)


def is_entered(context: Context, start: int) -> bool:
    """Whether a place lies in the stamp with which a registry took the paper in."""
    return ENTERED.search(context.view.lower, max(0, start - 90), start) is not None


def _in_letterhead(context: Context) -> Iterator[Found]:
    """The number of the letterhead; that of a registry's stamp only where there is no other."""
    found = list(_numbers_of_head(context))
    own = [one for one in found if not is_entered(context, one.start)]
    yield from own
    yield from (
        replace(one, confidence=min(one.confidence, WEAK)) for one in found if one not in own
    )


def _before_letter(head: Sequence[TextLine]) -> Sequence[TextLine]:
    at = next((n for n, line in enumerate(head) if LETTER_TO.match(line.text.lower())), len(head))
    return head[: at + 1]


def _numbers_of_head(context: Context) -> Iterator[Found]:
    """Numbers that begin a line of the head: the registry number of an outgoing paper."""
    lower = context.view.lower
    head = context.lines[: context.kind.line] if context.kind.end else context.lines[:10]
    for line in context.lines[:16]:
        match = _AT_START.match(lower, line.start, line.end)
        if (
            match
            and not is_cited(context, match.start("number"))
            and not wrapped(context.lines, line)
        ):
            after = _YEAR.sub("", lower[match.end() : line.end], count=1)
            above = not context.kind.end or line.start <= context.kind.end + ALONE
            alone = not after.strip(" .:/_-") and (
                above or dated_below(context.lines, context.dates, line)
            )
            if alone or date_after(context, match.end("number")):
                yield number_of(match, 0.85)
            elif _beside_column(context, line, match.end()):
                yield number_of(match, 0.7)
        named = _NAMED_SO.match(lower, line.start, line.end)
        above = line.start <= context.kind.end + ALONE or not context.kind.end
        dated = named and (
            registered_on(context, named.end())
            or _beside_column(context, line, named.end())
            or (
                named["how"][:2] in {"ie", "no"} and dated_above(context.lines, context.dates, line)
            )
        )
        if named and above and dated:
            yield number_of(named, 0.85 if named["how"][:2] in {"ie", "no"} else 0.7)
    bare = [number for line in head[:16] for number in _dated(context, line.start)]
    if len(bare) < ROWS:
        yield from bare
    for line in _before_letter(head[:16]):
        for match in _OWN.finditer(lower, line.start, line.end):
            alone = not NOT_OWN.search(lower, line.start, match.start())
            if (
                alone
                and OF_ANOTHER.search(lower, line.start, match.start()) is None
                and date_after(context, match.end("number"))
            ):
                yield number_of(match, 0.7)
    yield from _before_day(context, _before_letter(head[:COLUMN]))
    yield from _in_column(context, head[:COLUMN])
    yield from _lone(context, head[:COLUMN])


def _beside_column(context: Context, line: TextLine, place: int) -> bool:
    """Whether the right column follows a number, and its day begins the next line."""
    below = next((one for one in context.lines if one.start > line.end), None)
    if below is None or not re.match(r"\s+[A-Z]", context.view.text[place : line.end]):
        return False
    days = (d for d in context.dates if below.start <= d.start < below.end)
    return any(_DATED_BELOW.fullmatch(context.view.lower, below.start, d.start) for d in days)


_UNCALLED = re.compile(r"(?<=[a-z] )" + NUMBER + r"(?= [/-] ?\d{1,2}[-./])")


def _before_day(context: Context, head: Sequence[TextLine]) -> Iterator[Found]:
    """A number that nothing calls one, with its day at the end of a line: "Serviciul X 11253 - 24-03-2023"."""
    for line in head:
        match = _UNCALLED.search(context.view.lower, line.start, line.end)
        day = match and date_after(context, match.end("number"))
        own = match and not NOT_OWN.search(context.view.lower, line.start, match.start())
        if match and day and own and line.end - day.end < ROWS:
            yield number_of(match, LAST)


def _in_column(context: Context, head: Sequence[TextLine]) -> Iterator[Found]:
    """A number that ends a line of the letterhead, with the date that ends the next one.

    So a letterhead in two columns is read: "COMUNA X Nr. 3321" and "JUDEȚUL Y Data: 14.06.2012".
    """
    lower = context.view.lower
    for line in head[:-1]:
        for match in _OWN.finditer(lower, line.start, line.end):
            ends = not lower[match.end() : line.end].strip(" .:")
            if (
                ends
                and (
                    dated_below(context.lines, context.dates, line)
                    or dated_above(context.lines, context.dates, line)
                )
                and not NOT_OWN.search(lower, line.start, match.start())
            ):
                yield number_of(match, 0.7)


def _lone(context: Context, head: Sequence[TextLine]) -> Iterator[Found]:
    """The only number of a letterhead, which ends its line; a file's number with the letter's day."""
    lower = context.view.lower
    found = [(line, m) for line in head for m in _OWN.finditer(lower, line.start, line.end)]
    for line, match in found:
        before = lower[line.start : match.start()]
        if _FILE.fullmatch(before) and date_after(context, match.end("number")):
            yield number_of(match, LAST)
        ends = not lower[match.end() : line.end].strip(" .:")
        own = len(match["number"]) >= LONE and not (
            NOT_OWN.search(before) or OF_ANOTHER.search(before) or _OF_OFFICE.search(before)
        )
        if len(found) == 1 and ends and own:
            yield number_of(match, WEAK)


def date_after(context: Context, place: int, reach: int = 50) -> Found | None:
    """The whole date that follows a number, with nothing but a link between."""
    lower = context.view.lower
    for found in context.dates:
        if place <= found.start <= place + reach and len(found.value) == 10:
            if _TO_DATE.fullmatch(lower, place, found.start):
                return found
            return None
    return None


_DATED_BELOW = re.compile(
    r"(?:.*\s)?(?:din|data)(?: data(?: de)?| de| (?:primi|inregistr[a]|intr[a])rii)?[: .]{0,3}"
)


def registered_on(context: Context, place: int) -> Found | None:
    """The date behind a registry number, or at the end of the line below one that ends its line."""
    at = next((n for n, line in enumerate(context.lines) if line.end >= place), len(context.lines))
    after = date_after(context, place)
    if after or at + 1 >= len(context.lines) or context.lines[at].end - place > 2:
        return after
    below, lower = context.lines[at + 1], context.view.lower
    ending = (d for d in context.dates if below.start <= d.start and 0 <= below.end - d.end < 2)
    return next((d for d in ending if _DATED_BELOW.fullmatch(lower, below.start, d.start)), None)


def find_registry(context: Context) -> tuple[Found | None, Found | None]:
    """Registry number and date ("Nr. înreg. 1234/05.03.2018"), as far as the head tells them.

    The number under which a paper came in goes before the one under which it went out.
    """
    found = list(_registries(context))
    entered = (one for one in found if is_entered(context, one[0].start))
    return next(entered, found[0] if found else (None, None))


def _registries(context: Context) -> Iterator[tuple[Found, Found | None]]:
    for match in _REGISTRY.finditer(context.view.lower, 0, HEAD):
        before = context.view.lower[max(0, match.start() - 60) : match.start()]
        if re.search(
            r"\b(?:cererea|cererii|adresat\w*|petiti(?:a|ei)|adres(?:a|ei)|sesizar(?:ea|ii)|oficiul"
            r"|referat\w*|raport\w*|expuner\w*|proiect\w*|documenta\w*|scriso(?:area|rii)|reclamati(?:a|ei)|memoriul(?:ui)?)\b"
            r"|\bcod(?:ul)?(?:\sunic)?(?:\sde)?\s$|\boperator(?:ul)?\b[^\d]*$",
            before,
        ):
            continue
        if _told_in_act(context, match.start()):
            continue
        if re.search(
            r"comertului|\borc\b|registrul|inregistr\w*\s(?:in scopuri )?fiscal|\bcod", match[0]
        ):
            continue
        permit = context.kind.kind in PERMITS and 0 < context.kind.end < match.start()
        asked = permit and tells_request(context.view.lower, context.kind.end, match.start())
        number = number_of(match, REQUESTED if asked else 0.92)
        day = registered_on(context, number.end)
        if re.search(r"\bn(?:r|umar)", match[0]) or day is not None:
            yield number, day


def _told_in_act(context: Context, place: int) -> bool:
    """Whether an act tells in its preamble what another paper was registered under."""
    if context.kind.kind not in ACTS or not 0 < context.kind.end < place:
        return False
    above, _, before = context.view.text[:place].rpartition("\n")
    return before.strip() != "" or above.rstrip()[-1:].isalpha() or above.rstrip().endswith(",")


def _at_foot(context: Context) -> Iterator[Found]:
    """An act's number under the signatures: alone in its line, the day in the line above or below."""
    if context.kind.kind not in ACTS or not context.kind.end:
        return
    for above, line in pairwise(context.lines):
        match = _AT_START.match(context.view.lower, line.start, line.end)
        if match is None or line.start < context.kind.end + ALONE:
            continue
        alone = not context.view.lower[match.end() : line.end].strip(" .:/_-")
        dated = ends_dated(context.dates, above) or dated_below(context.lines, context.dates, line)
        if (alone and dated) or _signed_off(context, line, match.end("number")):
            yield number_of(match, 0.85)
        elif alone and line == context.lines[-1]:
            yield number_of(match, LAST)


def _signed_off(context: Context, line: TextLine, place: int) -> bool:
    """Whether one of the last lines is a number with its day: "Nr. 14  Data: 09.01.2021"."""
    day = date_after(context, place) if line in context.lines[-ROWS:] else None
    return day is not None and line.end - day.end < ROWS and line.text[:1].isupper()


def find_number(context: Context) -> Found | None:
    """The document's own number; the letterhead's where the paper is an institution's."""
    if context.kind.end:
        own = next(_beside_title(context), None)
        foot = next(_at_foot(context), None)
        if own is not None and (foot is None or own.confidence > foot.confidence):
            return own
        if foot is not None:
            return foot
    if context.kind.kind in CITIZENS:
        return None
    letterhead = next(_in_letterhead(context), None)
    if letterhead is not None and context.kind.kind in OWN_NUMBER and context.kind.end:
        letterhead = _unsure(letterhead)
    registered = _unsure(find_registry(context)[0])
    return letterhead or registered or next(_further_on(context), None)


def _further_on(context: Context) -> Iterator[Found]:
    """A number with its date, or one called the paper's, behind blocks that stand below the title."""
    lower, title = context.view.lower, context.kind
    for match in _OWN.finditer(lower, title.end, title.end + FURTHER):
        line = lower.rfind("\n", 0, match.start()) + 1
        before = lower[max(line, match.start() - 40) : match.start()]
        if is_cited(context, match.start("number")) or NOT_OWN.search(before):
            continue
        called = re.search(r"\b(?:seri[ae]|factur\w*|contract\w*|act\w*)\b", before + match[0])
        if OF_ANOTHER.search(lower, line, match.start()):
            continue
        if date_after(context, match.end("number")) or called:
            yield number_of(match, 0.6)


def _unsure(found: Found | None) -> Found | None:
    return found and replace(found, confidence=min(found.confidence, WEAK))


def find_letterhead(context: Context) -> Found | None:
    """The registry number in the letterhead, before the title."""
    title = context.kind
    return next(
        (n for n in _in_letterhead(context) if not title.end or n.start < title.start), None
    )

"""CNP, the personal number: 13 digits, a birth date, a county and a check digit (HG 1375/2006)."""

import re
from collections.abc import Callable, Iterable, Iterator

from stdnum.ro import cnp as check

from pipeline.privacy.finding.identifiers.digits import (
    LIKE,
    as_digits,
    digit_share,
    lengthened,
    replaced,
    shortened,
)
from pipeline.privacy.finding.spans import RULE, SECOND, Span
from schemas.privacy import PersonalKind

DIGITS = 13
SURE, CLEAN, REPAIRED, UNSURE = 0.99, 0.92, 0.7, 0.5
LEAST = 6  # true digits of what can be a broken number
FEW_GAPS = 2
_ALONE = re.compile(
    rf"(?<![0-9A-Za-z.,/])[{LIKE}](?:[ .'-]?[{LIKE}]){{10,14}}(?![0-9A-Za-z]|[.,/]\d)"
)
_PLAUSIBLE = re.compile(
    r"[1-9]\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])(?:0[1-9]|[1-4]\d|5[0-2]|70)\d{4}"
)
_CUE = re.compile(
    r"(?<![A-Za-z0-9])(?:[CEG]\.? ?[NMH]\.? ?[PF]|(?i:cod(?:ul)? numeric(?: personal)?|numeric personal))"
    r"(?:-ul(?:ui)?)?(?![A-Za-z])\.?(?: (?:meu|sau|ei|lui|este|e|are|are nr)\b){0,2}[ :;,.-]{0,4}\n{0,2}(?:nr\.? ?)?"
)
_PIECE = re.compile(r"\s{0,3}(\S+)")
_LETTERED = re.compile(
    r"(?<![0-9A-Za-z.,/-])(?=[0-9]*[A-Za-z][0-9]*[A-Za-z]?[0-9]*(?!\w))\w{12,15}(?!\w)"
)
MOST_PIECES = 13


def is_cnp(value: str) -> bool:
    """13 digits with a possible date and the right check digit."""
    return len(value) == DIGITS and _PLAUSIBLE.match(value) is not None and check.is_valid(value)


def _only(values: Iterable[str]) -> str:
    """The one valid number among these; empty where there is none or several."""
    right = {value for value in values if is_cnp(value)}
    return right.pop() if len(right) == 1 else ""


def repaired(value: str) -> str:
    """The one valid number that is one misread, lost or doubled digit away; empty otherwise."""
    ways: dict[int, Callable[[str], Iterable[str]]] = {
        DIGITS: replaced,
        DIGITS + 1: shortened,
        DIGITS - 1: lengthened,
    }
    way = ways.get(len(value))
    return _only(way(value)) if way else ""


def _told(start: int, end: int, raw: str, *, announced: bool) -> Span | None:
    value, kind = as_digits(raw), PersonalKind.CNP
    if is_cnp(value):
        clean = raw.isdigit()
        sure = SURE if announced and clean else CLEAN if clean or announced else REPAIRED
        return Span(kind, start, end, value, sure)
    right = repaired(value)
    if announced:
        return Span(kind, start, end, right or value, REPAIRED if right else UNSURE)
    gaps = sum(not sign.isalnum() for sign in raw)
    near = len(value) == DIGITS and _PLAUSIBLE.match(value) and gaps <= 1
    lost = len(value) == DIGITS - 1 and raw.isdigit() and any(map(is_cnp, lengthened(value)))
    if near or lost or (right and not gaps):
        return Span(kind, start, end, right or value, UNSURE)
    return None


def _announced(text: str) -> Iterator[Span]:
    """What stands after the words that announce a CNP, as far as it is made of digits."""
    for cue in _CUE.finditer(text):
        at, first, digits = cue.end(), -1, 0
        for _ in range(MOST_PIECES):
            piece = _PIECE.match(text, at)
            bare = piece[1].rstrip(".,;:)") if piece else ""
            signs = sum(sign.isalnum() for sign in bare)
            if not piece or digit_share(bare) < 1 / 2 or digits + signs > DIGITS + 3:
                break
            first = piece.start(1) if first < 0 else first
            at, digits = piece.start(1) + len(bare), digits + signs
            if digits >= DIGITS or len(bare) != len(piece[1]):
                break
        if digits >= LEAST:
            found = _told(first, at, text[first:at], announced=True)
            if found:
                yield found


def _lettered(text: str) -> Iterator[Span]:
    """Numbers in one word with a letter or two read for a digit, or among the digits."""
    for match in _LETTERED.finditer(text):
        digits = re.sub(r"\D", "", match[0])
        fits = DIGITS - 1 <= len(digits) <= DIGITS and match[0][0].isdigit()
        if fits and (_only((digits,)) or any(map(is_cnp, lengthened(digits)))):
            right = digits if is_cnp(digits) else _only(lengthened(digits))
            yield Span(PersonalKind.CNP, *match.span(), right or digits, UNSURE)


def find(text: str) -> Iterator[Span]:
    """Runs of 12 to 14 digits that are or may have been a CNP, and whatever the word announces."""
    for match in _ALONE.finditer(text):
        raw = match[0]
        if sum(c.isdigit() for c in raw) >= LEAST and sum(not c.isalnum() for c in raw) <= FEW_GAPS:
            found = _told(match.start(), match.end(), raw, announced=False)
            if found:
                yield found
    yield from _announced(text)
    yield from _lettered(text)


def read_again(span: Span, again: str) -> Span:
    """The span with the value that a second reading gives, where that one is a number."""
    for match in _ALONE.finditer(again):
        value = as_digits(match[0])
        if is_cnp(value):
            sure = max(CLEAN, span.confidence)
            return Span(span.kind, span.start, span.end, value, sure, (RULE, SECOND))
    return span

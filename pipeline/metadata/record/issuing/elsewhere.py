"""The institution that a paper without a letterhead names: at its foot, where it signs, of itself."""

import re
from collections.abc import Iterator

from pipeline.metadata.record.context import Context
from pipeline.metadata.record.issuing.authorities import institution_at
from pipeline.metadata.record.surroundings import wrapped
from pipeline.metadata.text.lines import TextLine
from pipeline.metadata.text.spans import Found

LAST = 12  # lines in which a paper is signed and bears its foot
FIRST = 20  # lines in which a letter addresses somebody
AT_FOOT, SIGNS, SPEAKS = 0.75, 0.7, 0.7
_CONTACT = re.compile(
    r"\b(?:str|strada|bd|bulevardul|calea|tel|telefon|fax|e-?mail|www|sediul|capital social|reg\w* com\w*)\b|@"
    r"|\bc\.? ?[ui]\.? ?[if]\b|\bj\d{1,2}/\d"
)
"""What an institution's address is told with."""
_OFFICE = re.compile(
    r"\W{0,3}(?:presedinte\w*|vicepresedinte|director\w*|administrator\w*|reprezentant\w*|manager|prin\b|secretar\w*|sef\w*"
    r"|primar|paroh|preot|comandant\w*|inspector\w*|contabil\w*|casier|cenzor|delegat\w*|gestionar|imputernicit\w*)"
)
_SPEAKS = re.compile(r"\b(?:subscrisa|noi),? (?=[A-Z])", re.IGNORECASE)
_SALUTED = re.compile(r"\W{0,3}(?:stimat[ea],? )?(?:domnule|doamna) (?:vice)?primar\b")
_TO = re.compile(r"\W{0,3}(?:catre|spre stiinta|destinatar|d-lui|d-nei|domnului|doamnei|cc\b)")


def salutes_mayor(context: Context) -> bool:
    """Whether a letter speaks to a mayor: its town hall then is who it is written to."""
    return any(_SALUTED.match(line.text.lower()) for line in context.lines[:FIRST])


def _told_of(line: TextLine | None, words: re.Pattern[str]) -> bool:
    return line is not None and words.search(line.text.lower()) is not None


def _signing(context: Context) -> Iterator[Found]:
    """Institutions that have one of the last lines, with their address or whoever signs for them."""
    lines = context.lines
    first = max(len(lines) - LAST, 2)
    for at in range(len(lines) - 1, first - 1, -1):
        line = lines[at]
        named = institution_at(context, line.start, line.end)
        if named is None or wrapped(lines, line) or _TO.match(lines[at - 1].text.lower()):
            continue
        below = lines[at + 1] if at + 1 < len(lines) else None
        rest = context.view.lower[named.end : line.end]
        alone = not rest.strip(" .,;:")
        if _CONTACT.search(rest) or (alone and (_told_of(below, _CONTACT))):
            yield Found("issuer", named.start, named.end, named.value, AT_FOOT)
        elif alone and (
            (below and _OFFICE.match(below.text.lower()))
            or _OFFICE.match(lines[at - 1].text.lower())
        ):
            yield Found("issuer", named.start, named.end, named.value, SIGNS)


def _speaking(context: Context) -> Iterator[Found]:
    """As in "Subscrisa Ecosal S.A., cu sediul în …"."""
    for match in _SPEAKS.finditer(context.view.text, 0, 2000):
        line = next((one for one in context.lines if one.end > match.end()), None)
        named = line and institution_at(context, match.end(), line.end)
        if named:
            yield Found("issuer", named.start, named.end, named.value, SPEAKS)


def institution_elsewhere(context: Context) -> Found | None:
    """The institution named at the foot or by who signs, failing that in the text; never sure."""
    return next(_signing(context), None) or next(_speaking(context), None)

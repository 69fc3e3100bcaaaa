"""People's councils of 1950 to 1989, which a town hall's older papers come from."""

import re

from pipeline.metadata.entities.institutions import NAME, SEP, UNIT, full_name, genitive
from pipeline.metadata.record.context import Context
from pipeline.metadata.record.issuing.forms import issuer_at
from pipeline.metadata.record.issuing.naming import STAMP
from pipeline.metadata.text.spans import Found

WHOLE, BARE = 0.85, 0.55
HEAD = 400
"""Characters in which a paper tells of which years it is."""
_PLACE = (
    rf"(?:{UNIT}|(?i:judetului|raionului|regiunii|judetean|raional|regional|comunal|orasenesc"
    rf"|municipal){SEP}{NAME}|{NAME})"
)
_COUNCIL = re.compile(
    rf"(?m:^)[ ]{{0,40}}((?:(?i:comitetul{SEP}executiv){SEP}(?:(?i:al){SEP})?)?"
    rf"(?i:consiliul(?:ui)?|sfatul(?:ui)?){SEP}(?i:popular)\b)(?:(?:{SEP}(?i:al))?{SEP}({_PLACE}))?"
)
_OF_THEN = re.compile(
    r"\brepublica (?:populara|socialista)|\btovaras|\b(?:consiliul(?:ui)?|sfatul(?:ui)?) popular\b"
)
_OF = re.compile(r"(?:Comunei|Orașului|Municipiului|Sectorului|Județului|Raionului|Regiunii) ")


def of_then(context: Context) -> bool:
    """Whether the head of a paper is of the years when towns had no town hall."""
    return _OF_THEN.search(context.view.lower, 0, HEAD) is not None


def peoples_council(context: Context, places: list[tuple[int, int]]) -> Found | None:
    """The people's council of the letterhead, such as "Consiliul Popular al Comunei X"."""
    if not places:
        return None
    text = context.view.text
    for match in _COUNCIL.finditer(text, places[0][0], places[-1][1]):
        below = text.find("\n", match.end())
        if below >= 0 and STAMP.match(context.view.lower, below + 1):
            continue
        body = full_name(context.view.words(*match.span(1)))
        if match[2] is None:
            return issuer_at(*match.span(1), body, BARE)
        place = genitive(full_name(context.view.words(*match.span(2))))
        link = "al " if _OF.match(place) else ""
        return issuer_at(match.start(1), match.end(2), f"{body} {link}{place}", WHOLE)
    return None

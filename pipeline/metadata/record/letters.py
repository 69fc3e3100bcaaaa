"""Whether a paper without a title is a letter between offices: several signs together tell it."""

import re
from collections.abc import Sequence

from pipeline.metadata.record.issuing.naming import HEADS
from pipeline.metadata.record.surroundings import LETTER_TO
from pipeline.metadata.text.lines import TextLine

HEAD = 20  # lines in which a letter bears its number and whom it addresses
REACH = 4000
LEAST = 3
"""Signs that a letter has at the least; its number, its address and its verb are such."""
LETTERHEAD = 6  # lines of it
_NUMBER = re.compile(
    r"\W{0,3}(?:n[rti1]|nr|numar)\.?\s?(?:de\s)?(?:inreg\w*|ies\w*|noastr\w*)?[.: ]{0,3}\d"
)
_TO = re.compile(
    r"\W{0,3}(?:destinatar|primariei|primarului|consiliului|prefecturii|d-?lui|d-?nei|domnului|doamnei|in atentia|spre stiinta)\b"
)
_THEIRS = re.compile(
    r"\b(?:la|urmare a?|baza|raspuns la|legatura cu|referitor la) \w{0,4} ?(?:adres\w+|solicitar\w+|scriso\w+|cerer\w+)"
    r"\s(?:dv\w*|dumneavoastra|nr|noastr\w+)"
)
_WE = re.compile(
    r"\b(?:solicitam|rugam|comunicam|transmitem|inaintam|restituim|invitam|informam|anexam|alaturam|precizam|mentionam"
    r"|confirmam|raspundem|remitem|trimitem|propunem)\b"
)
_WE_YOU = re.compile(r"\bva (?:[a-z]{1,4} )?[a-z]{2,12}(?:am|em|im)\b")
_ASK = re.compile(r"\b(?:rugam (?:a |sa )|aveti obligatia|va revine)")
_OURS = re.compile(
    r"\b(?:unitat\w+|institut\w+|societat\w+|direct\w+|inspectorat\w+|scol\w+|intreprinder\w+|firm\w+|compani\w+"
    r"|serviciul\w*|oficiul\w*|biroul\w*) noastr\w+"
)
_CLOSES = re.compile(
    r"(?m:^)\W{0,3}(?:cu (?:\w+ )?(?:stima|consideratie|respect|multumiri|pretuire)|va multumim)"
)
_BY_PERSON = re.compile(r"\b(?:subsemnat\w*|domiciliat[a]? in [^\n]{3,60}(?:va rog|rog|solicit)\b)")


def reads_as_letter(lines: Sequence[TextLine], lower: str) -> bool:
    """Whether enough signs of an office's letter stand in a text, `lower` folded in small letters."""
    text = lower[:REACH]
    if _BY_PERSON.search(text):
        return False
    head = [line.text.lower() for line in lines[:HEAD]]
    signs = (
        any(_NUMBER.match(line) for line in head),
        any(LETTER_TO.match(line) or _TO.match(line) for line in head),
        _THEIRS.search(text),
        _WE_YOU.search(text) or _WE.search(text),
        any(HEADS.match(line) for line in head[:LETTERHEAD]),
        _ASK.search(text),
        _OURS.search(text),
        _CLOSES.search(text),
    )
    return sum(map(bool, signs)) >= LEAST

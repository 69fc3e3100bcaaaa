"""The stamps of registries, and numbers that another number of the paper casts doubt on."""

import re
from dataclasses import replace
from itertools import zip_longest

from rapidfuzz import process

from pipeline.metadata.record.context import Context
from pipeline.metadata.record.numbers import HEAD, date_after, registered_on
from pipeline.metadata.record.spellings import NR, NUMBER, clean_number, number_of
from pipeline.metadata.text.spans import Found

LONG = 4  # signs of a number that is not like another by chance
DOUBT = 0.78
MISREAD = 82  # of 100: two letters of a stamp's longest words; "registre" is no "inregistrare"
_ANY = re.compile(NR + NUMBER)
_STAMPS = ("intrare", "intrarea", "iesire", "inregistrat", "inregistrata", "inregistrare")
_STAMP_NUMBER = re.compile(r"[^a-z0-9\n]{1,3}(?:[a-z1|]{1,3}[^a-z0-9\n]{1,3})?" + NUMBER)
_REQUEST = re.compile(r"(?m:^|[a-z] )cererea\s{1,2}" + NR + NUMBER)
"""The request that a permit's head names before its title."""
_REGISTER_LINE = re.compile(
    r"\W{0,3}(?:registru(?:l)?(?: general)?|registratur[a-z]{1,2}(?: generala)?|intrare[a]?|intrat[a]?)\W{0,3}"
)
_OFFICE_STAMP = re.compile(
    r"\W{0,3}(?:primaria|consiliul (?:local|popular)|comuna|orasul|municipiul)\b[^\n\d]{2,45}[:;,/ -]\s?(?:"
    + NR
    + ")?"
    + NUMBER
)
"""A town hall's stamp in one line: its name, the number and the day."""
_OFFICE_LINE = re.compile(
    r"\W{0,3}(?:primari[ae]|consiliul (?:local|popular)|comuna|orasul|municipiul)\b[^\n\d]{2,45}"
)
_OF_CODE = re.compile(r"\b(?:cod(?:ul)?|unic|fiscal[a]?)\s(?:unic\s)?(?:de\s)?$")
"""Before the word for registration: a firm's code."""
_RECEIVED = re.compile(r"\W{0,3}data (?:primirii|inregistrarii|intrarii)\W")
_ALONE = re.compile(r"\W{0,3}(?:" + NR + ")?" + NUMBER + r"(?P<rest>\s?[/-].{6,20})?\W{0,3}")
"""A registry's stamp that has its number in a line of its own, under its name."""
_REGISTERED = re.compile(
    r"\binreg\w*\s{1,3}(?:(?:la|sub|cu)\s{1,3}){0,2}(?:n[a-z1][.,: ]{1,3})?" + NUMBER
)
_WORDS = re.compile(r"[a-z]{5,14}")


def against_slips(context: Context, found: Found) -> Found:
    """A number is doubtful where the paper has another that one misread sign makes of it."""
    if len(found.value) < LONG:
        return found
    told = _ANY.finditer(context.view.lower, 0, HEAD)
    others = {clean_number(match["number"]) for match in told} - {found.value}
    near = any(len(one) == len(found.value) and _apart(one, found.value) == 1 for one in others)
    return replace(found, confidence=min(found.confidence, DOUBT)) if near else found


def _apart(one: str, other: str) -> int:
    return sum(a != b for a, b in zip(one, other, strict=True))


def find_stamped(context: Context) -> Found | None:
    """The number of a registry stamp ("INTRARE Nr. 40215"), though its words be misread."""
    lower = context.view.lower
    for line, below in zip_longest(context.lines[:40], context.lines[1:40]):
        word = _WORDS.search(lower, line.start, line.end)
        if word and process.extractOne(word[0], _STAMPS, score_cutoff=MISREAD):
            match = _STAMP_NUMBER.match(lower, word.end(), line.end)
            if match and not _OF_CODE.search(lower, max(0, word.start() - 20), word.start()):
                return number_of(match, 0.85)
        office = _OFFICE_STAMP.match(lower, line.start, line.end)
        if office and context.lines[2:] and line.start > context.lines[2].start:
            dated = date_after(context, office.end("number"))
            if dated and line.end - dated.end < len("..."):
                return number_of(office, DOUBT)
        late = line.start > (context.lines[2:] or context.lines)[0].start
        stamp = _REGISTER_LINE.fullmatch(line.text.lower()) or (
            late and _OFFICE_LINE.fullmatch(line.text.lower())
        )
        if below is None:
            continue
        own = _ALONE.fullmatch(lower, line.start, line.end)
        if own and _RECEIVED.match(lower, below.start, below.end):
            return number_of(own, 0.85)
        if not stamp:
            continue
        match = _ALONE.fullmatch(lower, below.start, below.end)
        if match and registered_on(context, match.end("number")):
            return number_of(match, DOUBT)
    return None


def find_registered(context: Context) -> Found | None:
    """The number under which what the paper answers was registered, failing one of its own."""
    lower = context.view.lower
    told = _REGISTERED.finditer(lower, 0, HEAD)
    match = next(
        (m for m in told if not _OF_CODE.search(lower, max(0, m.start() - 20), m.start())), None
    )
    if match is None:
        match = _REQUEST.search(context.view.lower, 0, context.kind.start)
    return number_of(match, 0.6) if match else None

"""Homes in villages as clerks write them: lane or village with a number, a place with a house's number."""

import re
from collections.abc import Iterator

from pipeline.privacy.finding.spans import Span
from schemas.privacy import PersonalKind

UNSURE = 0.5
_NAME = r"[A-Z][A-Za-z'-]+(?:[ -](?:(?:de|din|cel|cea|lui)[ ])?[A-Z][A-Za-z'-]+){0,2}"
_NUMBER = r"(?:(?i:nr|no)\.?|(?i:la )?(?i:numar\w{0,2}))?[ ]{0,2}(\d{1,4}[A-Za-z]?)(?![0-9A-Za-z]|[.,/-]\d)"
_LANE = re.compile(
    rf"(?<![A-Za-z])(?i:ulita|ulicioara|catunul|drumul(?! (?:com|jud|nat|for|vic|pub|de |eur|d[cjn]\b)))[ ][^\n\d,;:]{{2,40}}?[ ,]{{1,2}}{_NUMBER}"
)
_VILLAGE = re.compile(
    rf"(?<![A-Za-z])(?i:sat(?:ul|u)?|catun(?:ul)?|loc(?:alitatea)?\.?)[ ]{{1,2}}{_NAME},?[ \n]{{1,2}}{_NUMBER}"
)
_COMMUNE = re.compile(
    rf"(?<![A-Za-z])(?i:com(?:una)?)\.?[ ]{{1,2}}{_NAME},?[ \n]{{1,2}}(?i:nr)\.?[ ]{{0,2}}\d{{1,4}}[A-Za-z]?"
    r"(?![0-9A-Za-z]|[.,/-]\d| ?/|[ ](?:din|de la|al|a)\b)"
)
_COUNTED = re.compile(
    r"(?<![A-Za-z])(?i:nr|no|numar(?:ul)?)\.?[ ](?:de )?cas(?:a|ei)[ :.]{1,3}(\d{1,4}[A-Za-z]?)(?![0-9A-Za-z]|[.,/-]\d)"
)
_UNNUMBERED = re.compile(
    rf"(?<![A-Za-z])(?<!pe )(?<!prin )(?<!spre )(?i:ulita|ulicioara|fundatura|fundacul)[ ]{_NAME}"
)
_ABROAD = re.compile(
    rf"(?<![A-Za-z-])(?:{_NAME}[ ][IVX]{{1,5}},?\s)?(?:{_NAME}(?:-|[ ])(?i:str\.|stra(?:ss|b)e|gasse|weg|platz|allee|ut|utca|ter|krt|korut|street|road|avenue)"
    rf"|[A-Z][a-z]+(?:strasse|gasse|weg|platz)|(?i:via|viale|calle|rue|avenue|avda|ulica)[ ]{_NAME})"
    r"[ ,.]{1,3}(?:(?i:nr|no)\.?[ ])?\d{1,4}[A-Za-z]?(?![0-9A-Za-z]|[.,/-]\d)"
)
_NUMBER_FIRST = re.compile(
    rf"(?<![0-9A-Za-z./,-])\d{{1,4}}[A-Za-z]?,?[ ](?:{_NAME}[ ](?:Street|St\.|Road|Rd\.|Avenue|Ave\.?|Lane|Drive)|(?:rue|avenue|boulevard)[ ][A-Za-z' -]{{3,30}})(?![A-Za-z])"
)
_HOUSE = re.compile(
    rf"(?<=, )({_NAME}[ ](?i:nr)\.?[ ]{{0,2}}\d{{1,4}}[A-Za-z]?)(?![0-9A-Za-z]|[.,/-]\d| ?/|[ ](?:din|de la)\b)"
)
_STREET = re.compile(
    rf"(?<![A-Za-z])(?i:str|strada|bd|bulevardul|aleea|calea|sos|soseaua)\.?[ ]{{1,2}}({_NAME})"
)
_STREET_WORD = re.compile(r"(?i:\b(?:str|strada|bd|bulevardul|aleea|calea|sos|soseaua))\.?\s{1,2}$")
_PAPERS = re.compile(
    r"(?i:hotar|dispoz|lege|decizi|ordin|anex|proces|contract|autoriz|certific|cerere|adres|hcl|dosar|factur"
    r"|titlu|chitant|artic|scoal|gradin|spital|camer|sal|sect|formular|referat|raport|aviz|decret|camin|liceu"
    r"|parcel|tarla|poziti|registr|volum|fila|punct|post|lot|cod|cont|telefon|cad)"
)


def _known_streets(text: str) -> Iterator[Span]:
    """A number behind the name of a street that the paper has told as one: "Horea 25"."""
    names = {match[1] for match in _STREET.finditer(text)}
    for name in names:
        for match in re.finditer(rf"(?<![\w-]){re.escape(name)},?[ ]{{1,2}}{_NUMBER}", text):
            if not _STREET_WORD.search(text[max(0, match.start() - 14) : match.start()]):
                yield Span(PersonalKind.ADDRESS, *match.span(), match[0], UNSURE)


def find(text: str) -> Iterator[Span]:
    """Homes that no word for a street announces, doubtful all; papers' own numbers are none."""
    for form in (
        _LANE,
        _VILLAGE,
        _COMMUNE,
        _COUNTED,
        _UNNUMBERED,
        _ABROAD,
        _NUMBER_FIRST,
    ):
        for match in form.finditer(text):
            yield Span(PersonalKind.ADDRESS, *match.span(), match[0], UNSURE)
    yield from _known_streets(text)
    for match in _HOUSE.finditer(text):
        if not _PAPERS.match(match[1]):
            yield Span(PersonalKind.ADDRESS, *match.span(1), match[1], UNSURE)

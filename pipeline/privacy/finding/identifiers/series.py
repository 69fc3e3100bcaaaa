"""Papers' series and numbers in writings of other years and forms: dotted, in groups, in columns."""

import re
from collections.abc import Iterator

from pipeline.metadata.text.vocabulary import PLATE_COUNTIES
from pipeline.privacy.finding.identifiers.digits import as_digits
from pipeline.privacy.finding.spans import Span
from schemas.privacy import PersonalKind

UNSURE = 0.5
DAYS, MONTHS = 31, 12
_NUMBER = r"(?:(?i:nr|numar(?:ul)?|no)\b[.,:]{0,2}[ \n]{0,2})?"
_SIX = r"\d{3}[ .\n]?\d{3}"
_DOTTED = re.compile(
    rf"(?<![A-Za-z.])(?!C\. ?F|H\. ?G|O\. ?G|S\. ?[CA]|U\. ?M|N\. ?R)([A-Z]\. ?[A-Z]\.?),?[ \n]{{0,2}}{_NUMBER}({_SIX})(?![0-9A-Za-z]|[.,]\d)"
)
_NOT_A_SERIES = "CF|RO|NR|CP|OP|TV|UM|SC|SA|HG|OG|CUI|CIF|TP|AP|BL|ET|TA|DJ|DN|DC|MP|HA|RM|PV|IT|ID|PC|PT|DE|LA|IN"
_PLAIN = re.compile(
    rf"(?<![0-9A-Za-z.-])(?!(?:{_NOT_A_SERIES})\b)([A-Z]{{2}})[ .\n]{{1,2}}{_NUMBER}({_SIX})(?![0-9A-Za-z]|[.,/-]\d)"
)
_OTHER_PAPER = re.compile(
    r"(?i:\b(?:factur|chitant|titlu|certificat|adeverint|cod|dosar|cont|fiscal|bon|proces|contract|aviz"
    r"|autorizat|polit|seria de)[a-z-]{0,8}\W{0,3}(?:(?:seria|nr|numar\w*)\W{0,3})?)$"
)
_FORM = re.compile(
    r"(?i:seria)[ .:_]{1,6}([A-Z]\.? ?[A-Z])[ .:_,\n]{1,8}(?i:nr)[ .:_]{1,6}(\d{3}[ .]?\d{3})"
)
_GARBLED = re.compile(
    r"(?i:seria)[ .:_]{1,6}([A-Z]{2})(?=[^A-Za-z\s])\S{1,6}[ .,]{1,3}(\d{3}[ .]?\d{3})(?![0-9A-Za-z]|[.,]\d)"
)
"""With "nr." read as something else, and close to the series: "seria AZ=pk. 155571"."""
_PASSPORT_WORD = re.compile(
    r"(?i:\bpas[as]p?ort|\bpasap\.|\bsedere|\bstrain[iae]|\bviza\b|\bcalatorie)"
)
_PASSPORT = re.compile(r"(?<![0-9A-Za-z./-])(?!RO|CF|CI)[A-Z]{1,2} ?\d{6,8}(?![0-9A-Za-z]|[.,/]\d)")
_PASSPORT_SAID = re.compile(
    r"(?i:\bpas[as]port\w*)[^\n\d]{0,24}?\n?(?<![0-9A-Za-z./-])(\d{8,9})(?![0-9A-Za-z]|[.,/]\d)"
)
_LICENCE = re.compile(r"(?<![0-9A-Za-z])[A-Z] ?\d{8} ?[A-Z](?![0-9A-Za-z])")
_HEALTH = re.compile(
    r"(?:(?i:card\w*\s(?:national\w*\s)?de\ssanatate|carnet\w*\sde\s(?:sanatate|asigur\w+))"
    r"\W{0,4}(?:(?i:seria|nr|numar\w*)\W{0,3})?|(?i:nr\.?|numar\w*)\s(?i:de\s)?(?i:asigurat\w*|asigurar\w+))"
    r"(?:\s?(?i:cas|cnas)\b)?\W{0,4}(\d(?:[ -]?\d){5,21})"
)
_COUNTY = "|".join(PLATE_COUNTIES)
_PLATE = re.compile(
    rf"(?<![0-9A-Za-z-])(?:{_COUNTY})(?:[ -]\d{{3}}[ -][A-Z]{{3}}|-[A-Z]{{2}}-\d{{3,5}})(?![0-9A-Za-z])"
)
_MISREAD_PLATE = re.compile(
    r"(?<![0-9A-Za-z/.-])[A-Z][A-Z)}\]|1l!]?[ -]\d{2,3}[ -][A-Z]{3}(?![0-9A-Za-z])"
)
_OLD_PLATE = re.compile(
    r"(?i:\b(?:moto\w*|auto\w*|tractor\w*|remorca|masina|camion\w*|motoreta|atas)\b)[^\n]{0,30}?"
    rf"(?<![0-9A-Za-z./-])(\d{{1,2}}[ -](?:{_COUNTY}|B)[ -]\d{{3,5}})(?![0-9A-Za-z])"
)


_PAIRS = re.compile(r"[A-Z][A-Za-z'-]+ [A-Z][A-Za-z'-]+,\s(\d\d\.\d\d\.\d\d)(?=[,;)\s])")


def _cards(text: str) -> Iterator[Span]:
    for form in (_DOTTED, _PLAIN, _FORM, _GARBLED):
        for match in form.finditer(text):
            before = text[max(0, match.start() - 30) : match.start()]
            if form is _FORM or not _OTHER_PAPER.search(before):
                value = f"{match[1].replace('.', '').replace(' ', '')} {as_digits(match[2])}"
                yield Span(PersonalKind.ID_CARD, match.start(1), match.end(2), value, UNSURE)


def _passports(text: str) -> Iterator[Span]:
    """Numbers of passports anywhere in a paper that speaks of passports: tables have them in columns."""
    if not _PASSPORT_WORD.search(text):
        return
    for match in _PASSPORT.finditer(text):
        value = match[0].replace(" ", "")
        yield Span(PersonalKind.PASSPORT, *match.span(), value, UNSURE)
    for match in _PASSPORT_SAID.finditer(text):
        yield Span(PersonalKind.PASSPORT, *match.span(1), match[1], UNSURE)


def _plates(text: str) -> Iterator[Span]:
    for match in _PLATE.finditer(text):
        yield Span(PersonalKind.PLATE, *match.span(), re.sub(r"\W", "", match[0]), UNSURE)
    for match in _MISREAD_PLATE.finditer(text):
        yield Span(PersonalKind.PLATE, *match.span(), re.sub(r"\W", "", match[0]), UNSURE)
    for match in _OLD_PLATE.finditer(text):
        yield Span(PersonalKind.PLATE, *match.span(1), re.sub(r"\W", "", match[1]), UNSURE)


def _pairs(text: str) -> Iterator[Span]:
    """Telephones in pairs behind somebody's name, where they are no date: "Pop Ana, 22.14.09"."""
    for match in _PAIRS.finditer(text):
        day, month, _ = match[1].split(".")
        if int(day) > DAYS or int(month) > MONTHS:
            yield Span(PersonalKind.PHONE, *match.span(1), match[1].replace(".", ""), UNSURE)


def find(text: str) -> Iterator[Span]:
    """Series and numbers that the stricter forms leave open, doubtful all."""
    yield from _cards(text)
    yield from _passports(text)
    yield from _plates(text)
    yield from _pairs(text)
    for match in _LICENCE.finditer(text):
        value = match[0].replace(" ", "")
        yield Span(PersonalKind.DRIVING_LICENCE, *match.span(), value, UNSURE)
    for match in _HEALTH.finditer(text):
        value = as_digits(match[1])
        yield Span(PersonalKind.HEALTH_INSURANCE, *match.span(1), value, UNSURE)

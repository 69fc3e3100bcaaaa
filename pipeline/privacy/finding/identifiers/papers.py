# ruff: noqa: PLR2004 - distances and counts stand where the rule that uses them stands
"""Identity card, passport and driving licence: a series, a number, and the words around them."""

import re
from collections.abc import Iterator

from pipeline.privacy.finding.identifiers.digits import LIKE, as_digits, as_letters
from pipeline.privacy.finding.spans import Span
from schemas.privacy import PersonalKind

CARD_DIGITS = 6
SURE, LIKELY, UNSURE = 0.95, 0.8, 0.6
_NUMBER = r"(?:(?i:[nru][rnt][a-z]?|numar(?:ul)?|no)\b ?[.,:;]{0,2}[ \n]{0,2})?"
_SERIES = re.compile(
    r"(?<![A-Za-z])(?i:s[a-z1|]{2,4}[aeo])[.:,]?[ \n]{1,2}"
    rf"([A-Z0-9]|(?=[A-Za-z]?[A-Z0-9])[A-Za-z0-9]{{2}}|[A-Z0-9] [A-Z0-9])[.,]?[ \n]{{0,2}}{_NUMBER}"
    rf"([{LIKE}](?:[ ']?[{LIKE}]){{4,6}}|\d{{3}}\n\d{{3}})[a-z]?(?![0-9A-Za-z]|[.,]\d)"
)
_CARD = re.compile(
    r"(?<![A-Za-z])(?:[CcBb][.,]? ?[I1li][.,]?|(?i:buletin\w*|carte\w* (?:electronica )?de identitate"
    r"|acte?\w* (?:ui )?de identitate|legitimat\w*(?: cu)?|identitate))[ :.,]{0,3}\n?"
    r"(?:(?i:s[ec][rn][il1][aeo])[.:]?[ \n]{1,2})?"
    rf"((?=[A-Za-z]?[A-Z0-9])[A-Za-z0-9]{{2}}|[A-Z][. ] ?[A-Z])[., /-]{{0,3}}\n?{_NUMBER}([{LIKE}](?:[ .']?[{LIKE}]){{4,6}}|\d{{3}}\n\d{{3}})[a-z]?(?![0-9A-Za-z])"
)
_STRAY = re.compile(
    r"(?<![A-Za-z])(?:[CB][.,]? ?[I1l]\b|(?i:seria|buletin\w*|identitate))(?:[^0-9]|\d(?=[a-z])){0,14}?\b([A-Z][A-Za-z]{1,2})"
    rf"[., /]{{0,3}}\n?{_NUMBER}(?=[A-Za-z]?\d)([0-9A-Za-z]{{6,7}}|[0-9A-Za-z]{{3}}[ \n][0-9A-Za-z]{{3,4}})(?![0-9A-Za-z])"
)
_KNOWN = (
    "AX TR AR ZR XC ZC MM XM BH XH ZH XB XT BV ZV XR ZR KB DP DR DT DX RD RK RR RT RX RZ RB KS KL KX"
    " CJ KT KZ DX HR GL ZL XZ GZ GG HD IF MX MZ IZ VX MH XV MS ZS NT NZ OT SL PH PX SM XS SB SV TM TZ"
    " TC VS VN SZ SX AS AZ CT CL CS CV DZ DD ID TL NB KV"
)
_BARE = re.compile(
    rf"(?<![0-9A-Za-z-])({'|'.join(sorted(set(_KNOWN.split())))})[ .-]{{0,2}}"
    rf"\n?(?:(?:[a-z]{{1,3}}|NR|N[A-Z])[.,]{{0,2}}[ \n]?)?([{LIKE}]{{6}})(?![0-9A-Za-z]|[.,]\d)"
)
_PASSPORT = re.compile(
    r"(?i:p[aeo]s[aeo]p(?:[oe][rt]t?\w*|\b))[ :.,]{1,3}(?:(?i:simplu|electronic|romanesc|turistic|temporar"
    r"|seria|nr|numar(?:ul)?|cu|avand)[ .:,]{1,3}){0,4}\n?"
    rf"([A-Z]{{0,2}} ?{_NUMBER}[{LIKE}](?:[ ]?[{LIKE}]){{6,8}})(?![0-9A-Za-z])"
)
_LICENCE = re.compile(
    r"(?i:p[ec]rm[il1]s\w*(?: (?:auto|de con[dcl]{1,2}uc[ec]re))?)[ :.,]{1,3}"
    r"(?:(?i:auto|categoria [A-Z]{1,2}\d?|seria|nr|numar(?:ul)?|cu)[ .:,]{1,3}){0,4}\n?"
    rf"([A-Z]{{1,2}} ?{_NUMBER}[{LIKE}](?:[ ]?[{LIKE}]){{5,8}}[A-Z]?)(?![0-9A-Za-z])"
)
_LICENCE_BARE = re.compile(r"(?<![0-9A-Za-z])[A-Z]\d{8}[A-Z](?![0-9A-Za-z])")


def _cards(text: str) -> Iterator[Span]:
    for pattern in (_SERIES, _CARD):
        for match in pattern.finditer(text):
            number, series = as_digits(match[2]), as_letters(re.sub(r"[ .]", "", match[1]).upper())
            if sum(c.isdigit() for c in match[2]) * 2 < len(number):
                continue
            exact = len(number) == CARD_DIGITS and len(series) == 2
            sure = SURE if exact else UNSURE
            yield Span(
                PersonalKind.ID_CARD, match.start(1), match.end(2), f"{series} {number}", sure
            )
    for match in _STRAY.finditer(text):
        if sum(c.isdigit() for c in match[2]) >= CARD_DIGITS - 1:
            value = f"{match[1].upper()} {as_digits(match[2])}"
            yield Span(PersonalKind.ID_CARD, match.start(1), match.end(2), value, UNSURE)
    for match in _BARE.finditer(text):
        if sum(c.isdigit() for c in match[2]) >= CARD_DIGITS - 2:
            value = f"{match[1]} {as_digits(match[2])}"
            yield Span(PersonalKind.ID_CARD, *match.span(), value, LIKELY)


def _value(raw: str) -> str:
    return re.sub(r"(?i:nr|numar(?:ul)?)\b|[^A-Za-z0-9]", "", raw).upper()


def find(text: str) -> Iterator[Span]:
    """Series and numbers that the words around them announce, and forms that nothing else has."""
    yield from _cards(text)
    for match in _PASSPORT.finditer(text):
        yield Span(PersonalKind.PASSPORT, *match.span(1), _value(match[1]), SURE)
    for match in _LICENCE.finditer(text):
        if sum(c.isdigit() for c in match[1]) >= CARD_DIGITS - 1:
            yield Span(PersonalKind.DRIVING_LICENCE, *match.span(1), _value(match[1]), SURE)
    for match in _LICENCE_BARE.finditer(text):
        yield Span(PersonalKind.DRIVING_LICENCE, *match.span(), match[0], LIKELY)

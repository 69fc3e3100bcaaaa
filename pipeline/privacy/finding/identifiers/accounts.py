# ruff: noqa: PLR2004 - distances and counts stand where the rule that uses them stands
"""Bank accounts, payment cards and the 20-digit code of the insured."""

import re
from collections.abc import Iterator
from itertools import combinations

from stdnum import iban as check
from stdnum import luhn

from pipeline.privacy.finding.identifiers.digits import LIKE, as_digits, as_letters, digit_share
from pipeline.privacy.finding.spans import Span
from schemas.privacy import PersonalKind

IBAN_LENGTH, INSURED_DIGITS = 24, 20
CARD_LENGTHS = range(13, 20)
TREASURY = "TREZ"
SURE, REPAIRED, UNSURE = 0.99, 0.8, 0.5
_GAP = r"(?:[ .'-]{0,2}|\n{1,2})"
_IBAN = re.compile(
    rf"(?<![0-9A-Za-z])(?!CUI\b)[RKPBHFACEND][O0QDCGU]{_GAP}[0-9OIlSBZQDG]{{1,3}}{_GAP}[A-Z0-9]{{4}}"
    rf"(?:{_GAP}[A-Z0-9lo]{{1,4}}[a-z]?){{3,9}}(?![0-9A-Za-z])"
)
_WHOLE = re.compile(r"(?<!\w)[A-Z0-9]{2}[0-9OIl]{2}[A-Z]{4}[A-Z0-9]{16}(?!\w)")
_CUE = re.compile(
    r"(?<![A-Za-z])(?i:iban|[1il]ban|cont(?:ul)?(?: bancar| iban)?)(?![A-Za-z])[ .:;,]{0,4}\n{0,2}"
)
_PIECE = re.compile(r"\s{0,2}([A-Za-z0-9]+)[ .-]?")
_CARD = re.compile(rf"(?<![0-9A-Za-z])[3-6]\d(?:[ -]?[{LIKE}]){{11,17}}(?![0-9A-Za-z])")
_CARD_CUE = re.compile(
    r"(?<![a-z])card(?:ul(?:ui)?)?\b(?! de sanatate)[^\n\d]{0,24}$", re.IGNORECASE
)
_INSURED = re.compile(rf"(?<![0-9A-Za-z])[{LIKE}](?:[ -]?[{LIKE}]){{18,20}}(?![0-9A-Za-z])")
_INSURED_CUE = re.compile(
    r"(?:\bC\.?I\.?D\b|cod\w* (?:de )?asigurat|asigurari? de sanatate|card\w* (?:national )?de sanatate)"
    r"[^\n\d]{0,30}$",
    re.IGNORECASE,
)
LEAST_CAPITALS = 0.7
_TWINS = {
    "0": "O",
    "O": "0",
    "1": "I",
    "I": "1",
    "5": "S",
    "S": "5",
    "8": "B",
    "B": "8",
    "2": "Z",
    "Z": "2",
    "6": "G",
    "G": "6",
}
BANK_ENDS, MOST_CHANGES = 8, 2


def _pressed(raw: str) -> str:
    return re.sub(r"[^A-Za-z0-9]", "", raw)


def _twins(value: str, changes: int) -> Iterator[str]:
    """The account with so many letters and digits exchanged for those that look alike."""
    places = [at for at, sign in enumerate(value) if at >= BANK_ENDS and sign in _TWINS]
    for chosen in combinations(places, changes):
        yield "".join(_TWINS[s] if at in chosen else s for at, s in enumerate(value))


def account(raw: str) -> tuple[str, float]:
    """An account's number as it must have been, and how sure that is.

    One that adds up by itself is no surer than a repaired one where it adds up, too, with a sign
    read as its twin: which of both stands on the paper the sum cannot tell.
    """
    signs = _pressed(raw)
    value = "RO" + as_digits(signs[2:4]) + as_letters(signs[4:8]) + signs[8:].upper()
    if len(value) != IBAN_LENGTH:
        return value, UNSURE
    for changes in range(MOST_CHANGES + 1):
        right = [twin for twin in _twins(value, changes) if check.is_valid(twin)]
        if right and not changes:
            return value, REPAIRED if any(map(check.is_valid, _twins(value, 1))) else SURE
        if right:
            return right[0], REPAIRED if len(right) == 1 else UNSURE
    return value, UNSURE


def is_treasury(value: str) -> bool:
    """Whether an account is kept by the State Treasury: an institution's, never a person's."""
    return value[4:8] == TREASURY


def _announced(text: str) -> Iterator[tuple[int, int]]:
    """What stands after the words that announce an account, as far as it looks like one."""
    for cue in _CUE.finditer(text):
        at, signs, pieces = cue.end(), 0, 0
        start = at
        while signs < IBAN_LENGTH and (piece := _PIECE.match(text, at)):
            raw = piece[1]
            capitals = sum(c.isupper() or c.isdigit() for c in raw) / len(raw)
            if capitals < LEAST_CAPITALS or signs + len(raw) > IBAN_LENGTH + 4:
                break
            start = piece.start(1) if not pieces else start
            signs, pieces, at = signs + len(raw), pieces + 1, piece.end()
        raw = text[start:at]
        if signs >= IBAN_LENGTH // 2 and sum(c.isdigit() for c in raw) >= IBAN_LENGTH // 4:
            yield start, start + len(raw.rstrip(" .-\n"))


def _accounts(text: str) -> Iterator[Span]:
    for start, end in (*(m.span() for m in _IBAN.finditer(text)), *_announced(text)):
        raw = text[start:end]
        if len(_pressed(raw)) < IBAN_LENGTH // 2 or digit_share(raw) < 1 / 4:
            continue
        last = _end(text, start, end)
        value, sure = account(text[start:last])
        if not is_treasury(value):
            yield Span(PersonalKind.IBAN, start, last, value, sure)


def _misread_country(text: str) -> Iterator[Span]:
    """Accounts that add up once they begin with RO."""
    for match in _WHOLE.finditer(text):
        value, sure = account(match[0])
        if sure > UNSURE and not is_treasury(value):
            yield Span(PersonalKind.IBAN, *match.span(), value, REPAIRED)


def _end(text: str, start: int, end: int) -> int:
    """The end of an account: after its last sign, and a little later where one was doubled."""
    count = 0
    for at in range(start, end):
        count += text[at].isalnum()
        if count == IBAN_LENGTH and (at + 1 >= end or not text[at + 1].isalnum()):
            return at + 1
    return end


def _cards(text: str) -> Iterator[Span]:
    for match in _CARD.finditer(text):
        value = as_digits(match[0])
        if len(value) not in CARD_LENGTHS:
            continue
        announced = _CARD_CUE.search(text[max(0, match.start() - 50) : match.start()]) is not None
        if luhn.is_valid(value) and (announced or len(value) in {15, 16}):
            yield Span(PersonalKind.CARD, *match.span(), value, SURE if announced else REPAIRED)
        elif announced:
            yield Span(PersonalKind.CARD, *match.span(), value, UNSURE)


def _insured(text: str) -> Iterator[Span]:
    for match in _INSURED.finditer(text):
        value = as_digits(match[0])
        announced = _INSURED_CUE.search(text[max(0, match.start() - 60) : match.start()])
        alone = match[0].count(" ") <= 4 if len(value) == INSURED_DIGITS else match[0].isdigit()
        if announced or alone:
            sure = SURE if announced and len(value) == INSURED_DIGITS else UNSURE
            yield Span(PersonalKind.HEALTH_INSURANCE, *match.span(), value, sure)


def find(text: str) -> Iterator[Span]:
    """Accounts but those of the Treasury, cards that Luhn's sum or a word tells, insured's codes."""
    yield from _accounts(text)
    yield from _misread_country(text)
    yield from _cards(text)
    yield from _insured(text)

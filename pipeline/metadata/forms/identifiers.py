"""Identifiers of persons, firms, accounts and things: a form, a context and a check digit.

A value that fails its check digit is kept only where the words before it announce it, and then
with a low confidence: what protects people would rather see one too many.
"""

import re
from collections.abc import Iterator

from stdnum import iban as iban_check
from stdnum import luhn
from stdnum.ro import cf, cnp

from pipeline.metadata.text.spans import Found
from pipeline.metadata.text.vocabulary import PLATE_COUNTIES

_DIGITS = str.maketrans("OoQDIil|!SsBZz", "00001111155822")
_LETTERS = str.maketrans("0158", "OISB")
_LIKE = r"[0-9OoQDIil|SsBZz]"
NATIONAL, CARD_DIGITS = 10, 6
SURE, CHECKED, ANNOUNCED = 0.99, 0.9, 0.5

_COUNTY = "|".join(PLATE_COUNTIES)
_CNP = re.compile(rf"(?<![0-9A-Za-z])[1-9Il|](?:[ .-]?{_LIKE}){{11,13}}(?![0-9A-Za-z])")
_IBAN = re.compile(
    r"(?<![0-9A-Za-z])[RK][O0Q][ -]?[0-9OIlSB]{2}[ \n-]?[A-Z0158]{4}(?:[ \n-]?[A-Z0-9]){16}"
    r"(?![0-9A-Za-z])"
)
_CUI = re.compile(
    r"\b(?:c\.? ?u\.? ?i|c\.? ?i\.? ?f|cod(?:ul)? (?:unic de inregistrare|fiscal"
    r"|de (?:identificare|inregistrare) fiscala))\b[.: ]{0,4}(?:nr\.? ?)?"
    rf"((?:R[O0] ?)?{_LIKE}{{2,10}})(?![0-9A-Za-z])",
    re.IGNORECASE,
)
_GAP = r"(?:[ ./-]{0,2}|\n)"
_TEN = rf"0(?:{_GAP}[0-9Ool]){{9}}"
_ABROAD = rf"(?:\+|00)40(?:{_GAP}[0-9Ool]){{9}}"
_OLD_NINE = r"0[2-9]\d ?[/-] ?\d{3}[ .-]?\d{3}"
_PHONE = re.compile(
    rf"(?<![0-9A-Za-z.,/-])(?:{_ABROAD}|(?=0 ?[237]){_TEN}|0[2-9]\d ?/ ?\d{{6}})(?![0-9A-Za-z])"
)
_PHONE_CALLED = re.compile(
    r"\b(?:tel(?:efon(?:ul)?)?|fax|mobil)\b[.: /]{0,3}(?:fax|nr\.?|mobil)?[.: \n]{0,3}"
    rf"({_ABROAD}|{_TEN}|{_OLD_NINE}|0\d{{8}})(?![0-9A-Za-z])",
    re.IGNORECASE,
)
_EMAIL = re.compile(
    r"(?<![\w.+-])[\w+-]{1,40}(?:\.[\w+-]{1,40}){0,4} ?(?:@|\(at\)) ?"
    r"[A-Za-z0-9-]{1,40}(?: ?\. ?[A-Za-z0-9-]{2,40}){1,4}(?![\w-])"
)
_ID_SERIES = re.compile(
    r"\b(?:seri[ae]|C\.? ?I\.?|B\.? ?I\.?|buletin(?:ul(?:ui)?)?)[ \n:.,]{1,3}(?:seria[ \n:]{1,2})?"
    r"([A-Z]{2})[ \n,]{0,2}(?:(?:nr|numar(?:ul)?)\b[.:]{0,2})?[ \n]{0,2}(\d[\dOolI ]{4,6}[\dOolI])"
    r"(?![0-9A-Za-z])"
)
_PASSPORT = re.compile(
    r"\bpasaport(?:ul(?:ui)?)?[ :.,]{1,3}(?:(?:seria|nr)[ .:]{1,2}){0,2}(\d{8,9})\b", re.IGNORECASE
)
_PLATE = re.compile(
    rf"(?<![0-9A-Za-z-])(?:(?:{_COUNTY})[ \n-]?[0-9]{{2}}|B[ \n-]?[0-9]{{2,3}})"
    r"[ \n-]?[A-HJ-NPR-Z][A-PR-Z]{2}(?![0-9A-Za-z-])"
)
_OLD_PLATE = re.compile(
    rf"(?<![0-9A-Za-z/.-])\d{{1,2}} ?- ?(?:{_COUNTY}|B) ?- ?\d{{3,4}}(?![0-9A-Za-z-])"
)
_CARD = re.compile(r"(?<![0-9A-Za-z])[3-6]\d{3}(?:[ -]?\d{4}){3}(?![0-9A-Za-z])")
_CADASTRAL = re.compile(
    r"\b(?:nr\.? ?cad(?:astral)?\.?|(?:numar(?:ul)?) cadastral|c\.? ?f\.? ?nr\.?|carte funciara nr\.?)"
    r"[: ]{1,3}(\d{1,7}(?:[-/][A-Z]?\d{1,4}){0,2})\b",
    re.IGNORECASE,
)
_ANNOUNCES_CNP = re.compile(r"(?:c\.? ?n\.? ?p|cod(?:ul)? numeric personal)\W{0,4}$", re.IGNORECASE)
_ANNOUNCES_IBAN = re.compile(r"(?:iban|cont(?:ul)?)\W{0,4}$", re.IGNORECASE)


def only_digits(text: str) -> str:
    """Digits with misread letters put right and everything else left out."""
    return "".join(c for c in text.translate(_DIGITS) if c.isdigit())


def _announced(pattern: re.Pattern[str], text: str, start: int) -> bool:
    return pattern.search(text[max(0, start - 40) : start]) is not None


def _cnps(text: str) -> Iterator[Found]:
    for match in _CNP.finditer(text):
        value = only_digits(match[0])
        announced = _announced(_ANNOUNCES_CNP, text, match.start())
        if cnp.is_valid(value):
            clean = value == match[0]
            sure = SURE if announced else (CHECKED if clean else ANNOUNCED)
            yield Found("CNP", match.start(), match.end(), value, sure)
        elif announced:
            yield Found("CNP", match.start(), match.end(), value, ANNOUNCED)


def _ibans(text: str) -> Iterator[Found]:
    for match in _IBAN.finditer(text):
        raw = re.sub(r"[ \n-]", "", match[0]).upper()
        value = "RO" + only_digits(raw[2:4]) + raw[4:8].translate(_LETTERS) + raw[8:]
        if iban_check.is_valid(value):
            yield Found("IBAN", match.start(), match.end(), value, SURE)
        elif _announced(_ANNOUNCES_IBAN, text, match.start()):
            yield Found("IBAN", match.start(), match.end(), value, ANNOUNCED)


def _firms(text: str) -> Iterator[Found]:
    for match in _CUI.finditer(text):
        value = only_digits(re.sub(r"^R[O0] ?", "", match[1], flags=re.IGNORECASE))
        if sum(c.isdigit() for c in match[1]) * 2 >= len(value) > 0:
            sure = CHECKED if cf.is_valid(value) else ANNOUNCED
            yield Found("CUI", match.start(1), match.end(1), value, sure)


def _phone_value(raw: str) -> str:
    """National digits: "0722123456"."""
    value = only_digits(raw)
    if len(value) > NATIONAL:
        value = "0" + value.removeprefix("00").removeprefix("40")
    return value


def _phones(text: str) -> Iterator[Found]:
    for match in _PHONE_CALLED.finditer(text):
        yield Found("PHONE", match.start(1), match.end(1), _phone_value(match[1]), SURE)
    for match in _PHONE.finditer(text):
        yield Found("PHONE", match.start(), match.end(), _phone_value(match[0]), 0.85)


def _papers(text: str) -> Iterator[Found]:
    for match in _ID_SERIES.finditer(text):
        number = only_digits(match[2])
        if len(number) == CARD_DIGITS:
            yield Found("ID_CARD", match.start(1), match.end(2), f"{match[1]} {number}", 0.95)
    for match in _PASSPORT.finditer(text):
        yield Found("PASSPORT", match.start(1), match.end(1), match[1], 0.9)
    for match in _PLATE.finditer(text):
        yield Found("PLATE", match.start(), match.end(), re.sub(r"\W", "", match[0]), 0.9)
    for match in _OLD_PLATE.finditer(text):
        yield Found("PLATE", match.start(), match.end(), re.sub(r"\W", "", match[0]), 0.8)


def _others(text: str) -> Iterator[Found]:
    for match in _EMAIL.finditer(text):
        value = match[0].replace(" ", "").replace("(at)", "@").lower()
        yield Found("EMAIL", match.start(), match.end(), value, 0.95)
    for match in _CARD.finditer(text):
        value = only_digits(match[0])
        if luhn.is_valid(value):
            yield Found("CARD", match.start(), match.end(), value, 0.9)
    for match in _CADASTRAL.finditer(text):
        yield Found("CADASTRAL", match.start(1), match.end(1), match[1], 0.9)


def find_identifiers(text: str) -> tuple[Found, ...]:
    """Identifiers of a folded text; they may overlap, `spans.resolve` decides."""
    finders = (_cnps, _ibans, _firms, _phones, _papers, _others)
    return tuple(found for finder in finders for found in finder(text))

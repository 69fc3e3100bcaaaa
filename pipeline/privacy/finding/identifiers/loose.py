# ruff: noqa: PLR2004 - distances and counts stand where the rule that uses them stands
"""Numbers in groups of any kind, with a sign too many, too few or a letter: telephones, CNPs, codes."""

import re
from collections.abc import Iterator

from pipeline.privacy.finding.identifiers.contacts import national, of_office
from pipeline.privacy.finding.identifiers.digits import as_digits
from pipeline.privacy.finding.identifiers.personal_number import is_cnp, repaired
from pipeline.privacy.finding.spans import Span
from schemas.privacy import PersonalKind

UNSURE = 0.5
INSURED, CNP = 20, 13
_GAP = r"(?:[ ./|()'-]{0,3}|[ .]{0,2}\n)"
_INSIDE = r"[ ./|()'-]{0,3}"
_PHONE = re.compile(
    rf"(?<![0-9A-Za-z,/-])(?<!\d\.)(?:(?:\+|00) ?4 ?)?\(?0{_GAP}[237](?:{_GAP}\d){{7,9}}(?![0-9A-Za-z]|[.,/]\d)"
)
_LETTERED = re.compile(
    rf"(?<![0-9A-Za-z,/-])(?<!\d\.)(?:(?:\+|[0O]{{2}}) ?4 ?)?\(?[0Oo][a-z]?{_INSIDE}[237Zz](?:{_INSIDE}[0-9A-Za-z]){{7,9}}(?![0-9A-Za-z]|[.,/]\d)"
)
_NO_NOUGHT = re.compile(
    r"(?<![0-9A-Za-z,./-])(?<!\d )7[2-9]\d[ -]?\d{3}[ \n-]?\d{3}(?![0-9A-Za-z]|[.,/]\d| \d)"
    r"(?! ?(?:lei|ron|mp|ha|kg|euro|buc)\b)"
)
_TORN = re.compile(
    r"(?<=[a-z])0[237]\d{2}[ ./-]?\d{3}[ ./-]?\d{3}(?!\d)|(?<![0-9A-Za-z,./-])0[237]\d{2}[.,/]\d{3}[.,/]\d{3}(?!\w|[.,]\d)"
    r"|(?<![0-9A-Za-z,./-])7[2-9]\d(?:[ .-]\d){6}(?![0-9A-Za-z]|[.,]\d)"
    r"|(?<![0-9A-Za-z,./-])(?=(?:\W?[0-9]){0,8}\W?[A-Za-z]\W?\d)7[2-9][0-9a-z][ .-][0-9A-Za-z]{3}[ \n.-][0-9A-Za-z]{3}(?![0-9A-Za-z])"
)
_GROUPED = re.compile(
    r"(?<![0-9A-Za-z,./-])\d{4}([ .])\d{3}\1(?!\d00)\d{3}(?![0-9A-Za-z]|[.,/]\d| \d)(?! ?(?:lei|ron|mp|ha|kg|euro|buc)\b)"
)
"""As telephones are set and no sum is, whatever its first digit was read as."""
_END = re.compile(r"(?<![^\s])-\d{3}[-.]\d{3}(?![0-9A-Za-z]|[.,/-]\d)")
"""The end of a telephone whose beginning a seal or dirt took."""
_ABROAD = re.compile(
    rf"(?<![0-9A-Za-z])(?:\+|00)[1-9]\d{{0,2}}(?:{_GAP}[0-9A-Za-z]){{7,11}}(?![0-9A-Za-z]|[.,/]\d)"
)
_OTHER_NUMBER = re.compile(r"(?i:\b(?:cui|cif|cod|fiscal|nr|numar\w*|ro|dosar\w*|seria)\W{0,3})$")
_CALLED = re.compile(
    r"(?<![A-Za-z])(?i:tel|telefon\w*|mobil)\b[.:]? {0,2}(?i:(?!din|nr|data|ora)[a-z-]{2,12}[.:,]? ){1,2}"
    r"(\d(?:[ ./()'-]{0,3}\d){5,9})(?![0-9A-Za-z]|[.,/]\d)"
)
_IN_ACCOUNT = re.compile(r"\d\d[ \n]?[A-Z]{4}[ \n0-9A-Z]{0,28}$")
_COUNTRY = re.compile(
    r"(?<![0-9A-Za-z.,/-])407[2-9]\d[ .-]?\d{3}[ .-]?\d{3}(?![0-9A-Za-z]|[.,/]\d)"
)
_DIGIT = r"(?:zero|unu|doi|trei|patru|cinci|sase|sapte|opt|noua)"
_SAID = re.compile(
    rf"(?<!\w)(?i:zero(?:[\s,.-]{{1,3}}{_DIGIT}){{2,9}})(?:[\s,.-]{{0,3}}\d){{0,7}}(?!\w)"
)
_DATE = re.compile(r"\d{1,2} ?[./-] ?\d{1,2} ?[./-] ?(?:19|20)\d\d")
_JOINT = r"(?:[ .'-]{0,2}|\n)"
_LAID = re.compile(
    rf"(?<![0-9A-Za-z.,/-])([1-9]{_JOINT}([0-9A-Za-z]{{6}})"
    rf"(?:{_JOINT}[0-9A-Za-z]){{6}})(?![0-9A-Za-z]|[.,/]\d)"
)
_SPREAD = re.compile(r"(?<![0-9A-Za-z.,/-])[1-9](?:[ .'-]{0,3}\n?\d){12}(?![0-9A-Za-z]|[.,/]\d)")
_BIRTH = re.compile(r"[0-9A-Za-z]{2}(?:[01][0-9A-Za-z]|[A-Za-z]\d)(?:[0-3][0-9A-Za-z]|[A-Za-z]\d)")
_WORD = re.compile(r"(?<!\w)(?=\d*[a-z])[0-9a-z]{13,15}(?!\w)")
_CODE = re.compile(r"(?<!\w)(?=\d*[A-Za-z])[0-9A-Za-z]{19,21}(?!\w)")


def _digits(raw: str) -> int:
    return sum(c.isdigit() for c in raw)


def _is_phone(match: re.Match[str]) -> bool:
    """Whether a match of a form of telephones is one, and no date, sum or other number."""
    raw, letters = match[0], sum(c.isalpha() for c in match[0])
    account = match.string[max(0, match.start() - 40) : match.start()]
    if _DATE.search(raw) or _IN_ACCOUNT.search(account):
        return False
    if match.re is _PHONE:
        return not raw.isdigit() or raw.startswith("07")
    if match.re is _LETTERED:
        return 0 < letters <= (1 if _digits(raw) + letters < 10 else 2)
    if match.re in {_NO_NOUGHT, _GROUPED}:
        before = match.string[max(0, match.start() - 16) : match.start()]
        own = before.rpartition("\n")[2] if match.re is _GROUPED else before
        return _OTHER_NUMBER.search(own) is None
    return letters <= 1 if match.re is _ABROAD else _digits(raw) >= 8


def _said(raw: str) -> int:
    """How many digits a telephone has that is written in words: "zero șapte doi doi 440118"."""
    parts: list[str] = re.findall(r"[^\s,.-]+", raw)
    return _digits(raw) + sum(part.isalpha() for part in parts)


def _phones(text: str) -> Iterator[tuple[int, int]]:
    for form in (_PHONE, _LETTERED, _NO_NOUGHT, _TORN, _GROUPED, _ABROAD):
        for match in filter(_is_phone, form.finditer(text)):
            yield match.span()
    for match in (*_COUNTRY.finditer(text), *_END.finditer(text)):
        yield match.span()
    for match in _SAID.finditer(text):
        if _said(match[0]) in {9, 10}:
            yield match.span()
    for match in _CALLED.finditer(text):
        if not _DATE.search(match[1]):
            yield match.span(1)


def _personal_numbers(text: str) -> Iterator[Span]:
    for match in _LAID.finditer(text):
        raw = match[1]
        first = len(re.split(r"[^0-9A-Za-z]", raw, maxsplit=1)[0])
        if first in {1, 7} and _digits(raw) >= CNP - 2 and _BIRTH.fullmatch(match[2]):
            value = as_digits(raw)
            yield Span(PersonalKind.CNP, *match.span(1), repaired(value) or value, UNSURE)
    for match in _SPREAD.finditer(text):
        value = as_digits(match[0])
        gaps = len(re.findall(r"\D+", match[0]))
        if is_cnp(value) and (gaps == CNP - 1 or match[0].count("\n") <= 1):
            yield Span(PersonalKind.CNP, *match.span(), value, UNSURE)


def _one_word(text: str) -> Iterator[Span]:
    """CNPs and codes of the insured in one word with a letter or two among the digits."""
    for match in _WORD.finditer(text):
        if _digits(match[0]) >= CNP - 2 and sum(c.isalpha() for c in match[0]) <= 2:
            value = as_digits(match[0])
            yield Span(PersonalKind.CNP, *match.span(), repaired(value) or value, UNSURE)
    for match in _CODE.finditer(text):
        if _digits(match[0]) >= INSURED - 2:
            yield Span(PersonalKind.HEALTH_INSURANCE, *match.span(), as_digits(match[0]), UNSURE)


def find(text: str) -> Iterator[Span]:
    """Telephones, CNPs and codes of the insured that the stricter forms leave open, doubtful all."""
    for start, end in _phones(text):
        span = Span(PersonalKind.PHONE, start, end, national(text[start:end]), UNSURE)
        if not of_office(text, span):
            yield span
    yield from _personal_numbers(text)
    yield from _one_word(text)

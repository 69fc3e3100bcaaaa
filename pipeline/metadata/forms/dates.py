"""Dates in every spelling that a city hall's papers show, read from a view's text."""

import re
from collections.abc import Iterator
from datetime import date
from functools import lru_cache

from rapidfuzz import process
from rapidfuzz.distance import Levenshtein

from pipeline.metadata.text.spans import Found
from pipeline.metadata.text.vocabulary import MONTH_NAMES, MONTHS, ROMAN_MONTHS

DIGIT = "[0-9OoIl|]"
YEAR = r"[12lI|][0-9OolI|]{3}"
_CLEAN = str.maketrans("OoIilL|", "0011111")
_BEFORE = r"(?<![0-9A-Za-z|])(?<!\d[.,])"
_AFTER = r"(?![0-9A-Za-z|])(?![.,]\d)"
_GAP = r"[ \n]{0,3}"
_MONTH = "|".join(sorted(MONTHS, key=len, reverse=True))
_FULL_MONTH = "|".join(MONTH_NAMES)
EARLIEST, LATEST = 1800, 2100
CENTURY_TURN = 40  # two digits below it are of this century
SHORTEST, LONG = 5, 8  # letters of a name that may have one slip, two slips
LAST_DAY = 31

_NUMERIC = re.compile(
    rf"{_BEFORE}({DIGIT}{{1,2}}) ?([./,-]) ?({DIGIT}{{1,2}}) ?[./,-] ?({YEAR}){_AFTER}"
)
_LIKE = "[0-9OoIl|SBZzgbq]"
_LIKE_DIGIT = str.maketrans("OoIl|SBZzgbq", "001115822969")
_WORN = re.compile(
    rf"{_BEFORE}({_LIKE}{{1,2}}) ?([.,;:/-]{{1,2}}|[a-z](?=\d)) ?({_LIKE}{{1,2}}) ?"
    rf"([.,;:/-]{{1,2}}|[a-z](?=\d)) ?([12lI|zZ]{_LIKE}{{3}}){_AFTER}"
)
_WORN_DIGITS = 6
_SHORT_YEAR = re.compile(rf"{_BEFORE}(\d\d)([./-])(\d\d)\2(\d\d){_AFTER}")
_ISO = re.compile(r"(?<![0-9A-Za-z.,-])((?:18|19|20)\d\d)[.-](\d\d)[.-](\d\d)(?![0-9A-Za-z-])")
_ROMAN = re.compile(
    rf"{_BEFORE}({DIGIT}{{1,2}}) ?[ ./-] ?([IVXlL1|]{{1,4}}) ?[ ./-] ?({YEAR}){_AFTER}"
)
_WORDS = re.compile(
    rf"{_BEFORE}({DIGIT}{{1,2}})[ .-]{{0,2}}\n?(?:(?:ale )?luni?[ia] )?([A-Za-z1|]{{3,10}})"
    rf"[.,]?{_GAP}(?:anul )?({YEAR}){_AFTER}"
)
_STAMP_DAY = rf"ziua[ :._]{{0,20}}({DIGIT}{{1,2}})"
_STAMP_MONTH = r"luna[ :._]{0,20}([A-Za-z]{3,10}|[IVXl1|]{1,4}|\d{1,2})"
_STAMP_YEAR = rf"anul[ :._]{{0,20}}({YEAR})"
_STAMPED = tuple(
    re.compile(r"\b" + r"[ ,;/._\n-]{1,20}".join(parts) + _AFTER, re.IGNORECASE)
    for parts in (
        (_STAMP_DAY, _STAMP_MONTH, _STAMP_YEAR),
        (_STAMP_YEAR, _STAMP_MONTH, _STAMP_DAY),
    )
)
"""As registry stamps are filled in: "ziua 12 luna XI anul 1978", or from the year to the day."""
_SURELY_ROMAN = re.compile(
    r"\d ?[ ./-] ?(?:III|IV|VI{0,3}|IX|X[I1l]{0,2}) ?[ ./-] ?(?:19\d\d|20\d\d|'?\d\d\b)"
    r"|\bluna[ :._]{0,20}(?:III|IV|VI{0,3}|IX|XI{0,2})\b"
)
ELEVEN, AMBIGUOUS = 11, 0.7
_SHORT_ROMAN = re.compile(rf"{_BEFORE}(\d{{1,2}}) ?([./-]) ?([IVX]{{1,4}}) ?\2 ?'?(\d\d){_AFTER}")
_NO_YEAR = re.compile(
    rf"{_BEFORE}({DIGIT}{{1,2}}) ({_FULL_MONTH})\b(?! (?:mult|mar|mic|bun|putin))"
    rf"(?!{_GAP}(?:19|20)\d\d)(?: ?a\.? ?c\b\.?)?",
    re.IGNORECASE,
)
_MONTH_YEAR = re.compile(rf"(?<!\d )\b({_MONTH})\.?{_GAP}((?:18|19|20)\d\d)\b", re.IGNORECASE)
_YEAR_ONLY = re.compile(r"\b(?:anul|anului|anii|anilor) ((?:18|19|20)\d\d)\b", re.IGNORECASE)
_CLAUSE = re.compile(r"(?:art|cap|pct|lit|alin|paragraf|sectiunea)\.? ?$", re.IGNORECASE)


def digits(text: str) -> str:
    """Misread digits put right: O and o as 0; I, l, | and their other cases as 1."""
    return text.translate(_CLEAN)


def iso_date(day: int, month: int, year: int) -> str | None:
    """ISO 8601, or None for a date that no calendar has or no archive holds."""
    if not EARLIEST <= year <= LATEST:
        return None
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return None


@lru_cache(maxsize=4096)
def month_number(word: str) -> int | None:
    """1-12 for a month's name, abbreviation or a name one slip away; None for other words."""
    word = word.lower()
    if word in MONTHS:
        return MONTHS[word]
    if len(word) < SHORTEST:
        return None
    near = process.extract(
        word, MONTH_NAMES, scorer=Levenshtein.distance, score_cutoff=1 if len(word) < LONG else 2
    )
    numbers = {MONTHS[name] for name, distance, _ in near if distance == near[0][1]}
    return numbers.pop() if len(numbers) == 1 else None


def _found(match: re.Match[str], value: str | None, sure: float) -> Iterator[Found]:
    if value is not None:
        slips = sum(c in "OoIl|" for group in match.groups() if group[:1].isdigit() for c in group)
        yield Found(
            "DATE", match.start(), match.end(), value, round(max(0.4, sure - 0.18 * slips), 2)
        )


def _from_numbers(text: str) -> Iterator[Found]:
    for match in _NUMERIC.finditer(text):
        day, month, year = match[1], match[3], match[4]
        if all(any(c.isdigit() for c in part) for part in (day, month)):
            sure = 0.8 if "," in match[0] else 0.97
            number, mixed = int(digits(month)), not month.isdigit()
            if number == ELEVEN and (mixed or _roman_months(text)):
                number, sure = (2 if mixed and _roman_months(text) else number), AMBIGUOUS
            value = iso_date(int(digits(day)), number, int(digits(year)))
            yield from _found(match, value, sure)
    yield from _worn(text)
    for match in _ISO.finditer(text):
        value = iso_date(int(match[3]), int(match[2]), int(match[1]))
        yield from _found(match, value, 0.97)
    for match in _SHORT_YEAR.finditer(text):
        year = _whole_year(match[4])
        if not _CLAUSE.search(text[max(0, match.start() - 12) : match.start()]):
            yield from _found(match, iso_date(int(match[1]), int(match[3]), year), 0.6)


def _roman_months(text: str) -> bool:
    """Whether a text writes months in Roman numerals: its "11" may have been "II"."""
    return _SURELY_ROMAN.search(text) is not None


def _whole_year(two_digits: str) -> int:
    year = int(two_digits)
    return year + (2000 if year < CENTURY_TURN else 1900)


def _worn(text: str) -> Iterator[Found]:
    """Dates with misread digits or a misread sign between them; one slip costs more than it tells."""
    for match in _WORN.finditer(text):
        parts = match[1], match[3], match[5]
        read = "".join(parts)
        slips = sum(not c.isdigit() for c in read) + (match[2] != match[4])
        if sum(c.isdigit() for c in read) >= _WORN_DIGITS and all(map(_has_digit, parts)):
            day, month, year = (int(part.translate(_LIKE_DIGIT)) for part in parts)
            value = iso_date(day, month, year)
            if value is not None:
                sure = round(max(0.4, 0.9 - 0.15 * slips), 2)
                yield Found("DATE", match.start(), match.end(), value, sure)


def _has_digit(text: str) -> bool:
    return any(c.isdigit() for c in text)


def _from_words(text: str) -> Iterator[Found]:
    for match in _ROMAN.finditer(text):
        roman = match[2].translate(str.maketrans("lL1|", "IIII"))
        if roman in ROMAN_MONTHS and any(c in "IVX" for c in match[2]):
            value = iso_date(int(digits(match[1])), ROMAN_MONTHS[roman], int(digits(match[3])))
            yield from _found(match, value, 0.93)
    for match in _SHORT_ROMAN.finditer(text):
        if match[3] in ROMAN_MONTHS:
            value = iso_date(int(match[1]), ROMAN_MONTHS[match[3]], _whole_year(match[4]))
            yield from _found(match, value, 0.75)
    for match in _WORDS.finditer(text):
        month = month_number(match[2])
        if month is not None:
            value = iso_date(int(digits(match[1])), month, int(digits(match[3])))
            yield from _found(match, value, 0.97 if match[2].lower() in MONTHS else 0.85)


def _stamped(text: str) -> Iterator[Found]:
    """Dates with the words day, month and year, as the blanks of a stamp or of a form have them."""
    for turned, pattern in enumerate(_STAMPED):
        for match in pattern.finditer(text):
            day, year = (match[3], match[1]) if turned else (match[1], match[3])
            month = _stamp_month(match[2])
            if month and any(c.isdigit() for c in day):
                yield from _found(match, iso_date(int(digits(day)), month, int(digits(year))), 0.93)


def _stamp_month(word: str) -> int | None:
    if word.isdigit():
        return int(word) if 1 <= int(word) <= len(MONTH_NAMES) else None
    return ROMAN_MONTHS.get(word.upper().translate(str.maketrans("L1|", "III"))) or month_number(
        word
    )


def _incomplete(text: str) -> Iterator[Found]:
    for match in _NO_YEAR.finditer(text):
        if 1 <= int(digits(match[1])) <= LAST_DAY:
            yield Found("DATE", match.start(), match.end(), "", 0.6)
    for match in _MONTH_YEAR.finditer(text):
        value = f"{match[2]}-{MONTHS[match[1].lower()]:02d}"
        yield Found("DATE", match.start(), match.end(), value, 0.7)
    for match in _YEAR_ONLY.finditer(text):
        yield Found("DATE", match.start(), match.end(), match[1], 0.7)


def find_dates(text: str) -> tuple[Found, ...]:
    """Dates of a folded text in reading order, no two overlapping.

    `value` is ISO 8601: a day, or "2019-03" and "2019" where the text says no more; empty where
    the year is missing ("5 noiembrie a.c.").
    """
    kept: list[Found] = []
    whole = [*_stamped(text), *_from_numbers(text), *_from_words(text)]
    for spans in (whole, list(_incomplete(text))):
        taken = {place for span in kept for place in range(span.start, span.end)}
        for span in sorted(spans, key=lambda s: s.start):
            places = range(span.start, span.end)
            if taken.isdisjoint(places):
                kept.append(span)
                taken.update(places)
    return tuple(sorted(kept, key=lambda s: s.start))

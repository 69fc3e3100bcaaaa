"""Dates, acts and numbers in a text, by what they mean and not by how they are written.

"29.07.2016", "29 iulie 2016" and "29 VII 2016" are the term `2016-07-29`; "HCL 25/2016" and "nr. 25
din 29 iulie 2016" are `25/2016`; "1.290,50" is `#1290.50` and "123 456" `#123456`. Letters that are
read for figures (O, I, l, S, B) count as figures among figures.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from rapidfuzz.distance import OSA

from search.romanian import strip_marks

_OLDEST, _NEWEST = 1700, 2099
_THIS_CENTURY = 40
_MONTHS = (
    "ianuarie ian", "februarie feb febr", "martie mar mart", "aprilie apr", "mai",
    "iunie iun", "iulie iul", "august aug", "septembrie sep sept", "octombrie oct",
    "noiembrie noi noiem nov", "decembrie dec",
)  # fmt: skip
_ROMAN = ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii")
_NUMBERS = {name: n for n, names in enumerate(_MONTHS, 1) for name in names.split()}
_NUMBERS |= {name: n for n, name in enumerate(_ROMAN, 1)}
_FULL = tuple(names.split()[0] for names in _MONTHS)
_MISREAD_FROM, _MISREAD_TWICE_FROM = 4, 8
_FIGURES = str.maketrans("OoIlSB", "001158")
_FIGURED = re.compile(r"(?<!\w)(?=[OoIlSB]{0,3}\d)[0-9OoIlSB]+(?!\w)")
_LETTERS = str.maketrans("01", "ol")

_C = r"\d"
_BETWEEN = r"(?:\s?[./-]\s?|\s)"
_DATE = (
    rf"(?:(?P<iso>[12]\d{{3}}-\d\d-\d\d)"
    rf"|(?P<day>{_C}{{1,2}})(?:{_BETWEEN}(?P<month>{_C}{{1,2}}){_BETWEEN}(?P<year>{_C}{{4}})"
    rf"|(?P<dot>[./])(?P<month2>{_C}{{1,2}})(?P=dot)(?P<year2>\d\d)"
    rf"|\s?[-.\s]\s?(?P<name>[^\W_]{{1,12}})(?:[.,]?\s?|[-.\s])(?P<year3>{_C}{{4}})))(?!\w)"
)
_ANCHOR = re.compile(r"(?<!\w)(?<!\d[/.,-])\d")
_DATED = re.compile(_DATE)
_ACT_OF_DAY = re.compile(
    rf"(?P<act>{_C}{{1,6}})(?:\s?[/-]\s?|\s?,?\s(?:din|de|la)(?:\s(?:data|ziua)(?:\sde)?)?\s){_DATE}"
)
_ACT = re.compile(
    rf"(?P<act>{_C}{{1,6}})(?:\s?/\s?|\s?,?\sdin\s(?:anul\s)?)(?P<of>{_C}{{4}})(?![\w./]\d|\w)"
)
_NUMBER = re.compile(
    r"(?P<whole>\d{1,3}(?:(?:\.\d{3})+|(?:\s\d{3})+)|\d+)(?P<rest>,\d\d?)?"
    r"(?P<parts>(?:\s?-\s?[CU]\d{1,3}){0,2})(?!\w|[./-]\d)",
    re.IGNORECASE,
)
_MONTH = re.compile(rf"\b({'|'.join(_FULL)})\s(\d{{4}})(?!\w)", re.IGNORECASE)
_LONG_NUMBER = 4


@dataclass(frozen=True, slots=True)
class Fact:
    """What `text[start:end]` means: `term`, and more that it tells beside it.

    `plain` is the same number as it stands in the field `fold` where it is written without signs.
    """

    start: int
    end: int
    term: str
    also: tuple[str, ...] = ()
    plain: str = ""


def _as_figures(found: re.Match[str]) -> str:
    word = found.group()
    return word.translate(_FIGURES) if sum(map(str.isdigit, word)) * 2 >= len(word) else word


def _month(name: str) -> int:
    """1 to 12, of a name with at most a letter or two misread; 0 for other words."""
    letters = strip_marks(name)
    if found := _NUMBERS.get(letters) or _NUMBERS.get(letters.translate(str.maketrans("l1", "ii"))):
        return found
    letters = letters.translate(_LETTERS)
    if len(letters) < _MISREAD_FROM:
        return 0
    most = 2 if len(letters) >= _MISREAD_TWICE_FROM else 1
    near = [n for n, full in enumerate(_FULL, 1) if OSA.distance(letters, full) <= most]
    exact = [n for n in near if _FULL[n - 1] == letters]
    return (exact or near)[0] if len(exact or near) == 1 else 0


def _year(text: str) -> int:
    """The year, of two figures too; 0 for what is none."""
    year = int(text)
    if len(text) <= 2:  # noqa: PLR2004 two figures
        year += 2000 if year < _THIS_CENTURY else 1900
    return year if _OLDEST <= year <= _NEWEST else 0


def _day(found: re.Match[str]) -> str:
    """The day of a match of _DATE in ISO 8601; empty for what is no day."""
    if found["iso"]:
        year, month, day = (int(part) for part in found["iso"].split("-"))
    else:
        year = _year(found["year"] or found["year2"] or found["year3"])
        named = found["month"] or found["month2"]
        month = int(named) if named else _month(found["name"])
        day = int(found["day"])
    fits = year and 1 <= month <= 12 and 1 <= day <= 31  # noqa: PLR2004 a calendar's
    return f"{year:04d}-{month:02d}-{day:02d}" if fits else ""


def _dated(text: str, at: int) -> Fact | None:
    found = _DATED.match(text, at)
    day = _day(found) if found else ""
    return Fact(at, found.end(), day, (day[:7],)) if found and day else None


def _act(text: str, at: int) -> Fact | None:
    if (found := _ACT_OF_DAY.match(text, at)) and (day := _day(found)):
        act = f"{int(found['act'])}/{day[:4]}"
        return Fact(at, found.end(), act, (day, day[:7]))
    if (found := _ACT.match(text, at)) and (year := _year(found["of"])):
        return Fact(at, found.end(), f"{int(found['act'])}/{year}")
    return None


def _number(text: str, at: int) -> Fact | None:
    found = _NUMBER.match(text, at)
    if found is None:
        return None
    whole = "".join(filter(str.isdigit, found["whole"]))
    parts = "".join(filter(str.isalnum, found["parts"])).lower()
    if found["rest"]:
        cents = found["rest"][1:].ljust(2, "0")
        return Fact(at, found.end(), f"#{whole}.{cents}", (f"#{whole}",))
    if len(whole) < _LONG_NUMBER:
        return None
    also = (f"#{whole}",) if parts else ()
    return Fact(at, found.end(), f"#{whole}{parts}", also, "" if parts else whole)


def _from_figures(text: str) -> Iterator[Fact]:
    at = 0
    while anchor := _ANCHOR.search(text, at):
        start = anchor.start()
        # A date first: "29/07/2016" is no act of the year 2016.
        fact = _dated(text, start) or _act(text, start) or _number(text, start)
        if fact:
            yield fact
        at = fact.end if fact else start + 1


def facts(text: str) -> tuple[Fact, ...]:
    """Dates, months, acts and numbers of a text, in order, none inside another."""
    text = _FIGURED.sub(_as_figures, text)
    found = list(_from_figures(text))
    taken = {fact.end for fact in found if not fact.plain}
    for match in _MONTH.finditer(text):
        year = _year(match[2])
        if year and match.end() not in taken:
            month = _month(match[1])
            found = [one for one in found if not match.start() <= one.start < match.end()]
            found.append(Fact(match.start(), match.end(), f"{year}-{month:02d}"))
    return tuple(sorted(found, key=lambda fact: fact.start))

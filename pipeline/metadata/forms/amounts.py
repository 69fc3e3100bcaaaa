"""Amounts of money and other numbers."""

import re
from decimal import Decimal

from pipeline.metadata.text.spans import Found

_WHOLE = r"\d{1,3}(?:[. ]\d{3}){1,4}|\d{1,12}"
_MONEY = re.compile(
    rf"(?<![\w.,])(?P<whole>{_WHOLE})(?:[.,](?P<cents>\d{{1,2}}))?(?![\d])(?P<scale> ?(?:mii|mil\.?"
    r"|milioane|miliarde|mld\.?))?(?: de)?[ \n]{0,2}(?P<unit>lei\b|ron\b|rol\b|euro?\b|usd\b"
    r"|dolari\b|€|\$)",
    re.IGNORECASE,
)
_UNITS = {"lei": "RON", "ron": "RON", "rol": "ROL", "usd": "USD", "dolari": "USD", "$": "USD"}
_SCALES = {"mii": 3, "mil": 6, "milioane": 6, "miliarde": 9, "mld": 9}
_MEASURE = r"(?:mp|ml|mc|m2|m|km|ha|kg|g|t|l|kw|kva|ani|luni|zile|ore|buc|metri(?: patrati)?)"
_NUM = re.compile(
    rf"(?<![\w.,/-])\d{{1,9}}(?:[. ]\d{{3}}){{0,3}}(?:[.,]\d{{1,4}})?(?: ?%| {_MEASURE}\b)?(?![\w/-])"
)


def find_amounts(text: str) -> tuple[Found, ...]:
    """MONEY ("123.45 RON") and NUM of a folded text; NUM gives way to everything else."""
    money = tuple(_money(match) for match in _MONEY.finditer(text))
    numbers = (match for match in _NUM.finditer(text) if not _enumerates(text, match))
    return money + tuple(_number(match) for match in numbers)


def _enumerates(text: str, match: re.Match[str]) -> bool:
    """Whether the number only counts a paragraph: "3." or "4)" at the start of a line."""
    before = text[max(0, match.start() - 60) : match.start()].rpartition("\n")[2]
    return not before.strip(" -*") and text[match.end() : match.end() + 1] in {".", ")"}


def _money(match: re.Match[str]) -> Found:
    scale = _SCALES.get((match["scale"] or "").strip(" .").lower(), 0)
    amount = Decimal(f"{re.sub('[. ]', '', match['whole'])}.{match['cents'] or '00'}")
    unit = _UNITS.get(match["unit"].lower(), "EUR")
    value = f"{amount.scaleb(scale):.2f} {unit}"
    return Found("MONEY", match.start(), match.end(), value, 0.95)


def _number(match: re.Match[str]) -> Found:
    bare = re.match(r"[\d., ]+", match[0])
    value = (bare[0] if bare else match[0]).strip(" .,").replace(" ", "")
    value = re.sub(r"\.(?=\d{3}(?:\D|$))", "", value).replace(",", ".")
    return Found("NUM", match.start(), match.end(), value, 0.6)

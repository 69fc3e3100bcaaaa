"""How papers write a number: its digits, what stands behind them, and "nr." in every spelling."""

import re

from pipeline.metadata.forms.dates import DIGIT
from pipeline.metadata.text.spans import Found

_LIKE = "[0-9oil|zsb]"
_DIGITS = (
    r"(?:[a-z]{2,6}[/-]?|[a-z][/-])?"
    rf"(?:\d{{1,3}}(?:\.\d{{3}}){{1,2}}|(?=[oil|zsb]{{0,2}}\d)(?:\d{{1,7}}(?=bis|ter)|\d{{8,10}}|{_LIKE}{{1,7}}))"
)
_TAIL = rf"[/-](?!{DIGIT}{{1,2}}[./-](?:{DIGIT}{{1,2}}|[ivx]{{1,4}})[./-])(?!\d{{1,2}}[ .]{{1,2}}(?:[a-z]{{3,10}}|[ivx]{{1,4}})[ .]{{1,2}}(?:19|20)\d\d)(?!(?:19|20)\d\d)(?:(?:[a-z]\.){{1,3}}[a-z]?|[a-z0-9]{{1,6}})"
NUMBER = rf"(?P<number>{_DIGITS}(?:{_TAIL}){{0,3}})(?=(?:bis|ter)?(?![0-9a-z|]))"
_LETTERS = str.maketrans("oil|zsb", "0111256")
NR = (
    r"(?:(?<![a-z0-9])(?:n[rnti1j]|[jmhi]r)|(?<=[a-z])nr(?=[ .:]{0,2}\d)|\bnumar(?:ul)?|\bno|(?<![a-z0-9])n[°º]|№)\s?[.:,]{0,2}[\s._]{0,30}"
    r"(?:(?:/|si)\s?data\s?[.:]?\s{1,3})?"
    r"(?:(?:act(?:ului)?|document(?:ului)?|factur(?:a|ii)|contract(?:ului)?|hotararii|dispozitiei"
    r"|decizi(?:e|ei)|autorizatiei|certificatului)\s?[.:]?\s{1,3})?"
)


def clean_number(raw: str) -> str:
    """As in "12.345" → "12345", "l2" → "12"; letters of a prefix stay, in capitals."""
    raw = re.sub(r"(?<=\d)\.(?=\d{3})", "", raw)
    head, mark, tail = raw.partition("/")
    if re.fullmatch(rf"{_LIKE}+", head, re.IGNORECASE):
        return (head.lower().translate(_LETTERS) + mark + tail).upper()
    return raw.upper()


def number_of(match: re.Match[str], sure: float) -> Found:
    """A number; each of its letters that must be a digit makes it doubtful."""
    raw = match["number"]
    guessed = sum(c in "oil|" for c in raw) + 3 * sum(c in "zsb" for c in raw)
    if raw[:2].isalpha() or not any(c.isdigit() for c in raw.partition("/")[0]):
        guessed = 0
    doubt = max(0.4, sure - 0.16 * guessed)
    return Found(
        "number", match.start("number"), match.end("number"), clean_number(raw), round(doubt, 2)
    )

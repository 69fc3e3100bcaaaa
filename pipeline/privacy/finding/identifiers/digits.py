"""Digits as scanners misread them: letters for digits, and digits for one another."""

import re
from collections.abc import Iterator

LIKE = "0-9OoQDIil|!SsBZzGbgqA"
"""Characters of a pattern's class that may stand for a digit."""
_DIGITS = str.maketrans("OoQDIil|!SsBZzGbgqA", "0000111115582266994")
_LETTERS = str.maketrans("0158264", "OISBZGA")
_ALIKE = {
    "0": "8695",
    "1": "74",
    "2": "7",
    "3": "8529",
    "4": "19",
    "5": "6398",
    "6": "5809",
    "7": "12",
    "8": "3069",
    "9": "8043",
}


_MARKED = re.compile(r"(?<!\S)\(?[^\s?]*\?[^\s]*[^\s?.,;:)]")
"""A word with a question mark in it, not at its end."""
_SEVEN = re.compile(r"(?<=\d)\?(?= [0-9A-Z]{2,4}\d)|(?<=[0-9A-Z]{3})\?(?= \d{4}\b)")
_DASH = re.compile(r"(?<=\d)[_~](?=[0-9A-Za-z])(?!\S*@)|(?<=[A-Za-z])[_~](?=\d)(?!\S*@)")
FEW = 2  # digits of a word in which a question mark is one more


def _sevens(match: re.Match[str]) -> str:
    digits = sum(c.isdigit() for c in match[0])
    return match[0].replace("?", "7") if digits >= FEW else match[0]


def plain_signs(text: str) -> str:
    """A text, letter for letter, with the signs amid numbers that scanners misread put right."""
    marked = _SEVEN.sub("7", _MARKED.sub(_sevens, text)) if "?" in text else text
    return _DASH.sub("-", marked)


def as_digits(text: str) -> str:
    """The digits of a text, misread letters put right, everything else left out."""
    return "".join(c for c in text.translate(_DIGITS) if c.isdigit())


def as_letters(text: str) -> str:
    """Capitals, misread digits put right."""
    return text.upper().translate(_LETTERS)


def digit_share(text: str) -> float:
    """How many of the letters and digits are true digits."""
    signs = [c for c in text if c.isalnum()]
    return sum(c.isdigit() for c in signs) / len(signs) if signs else 0.0


def replaced(value: str) -> Iterator[str]:
    """Every value with one digit changed for one that looks like it."""
    for at, digit in enumerate(value):
        for other in _ALIKE.get(digit, ""):
            yield value[:at] + other + value[at + 1 :]


def shortened(value: str) -> Iterator[str]:
    """Every value with one digit left out."""
    for at in range(len(value)):
        yield value[:at] + value[at + 1 :]


def lengthened(value: str) -> Iterator[str]:
    """Every value with one digit put in."""
    for at in range(len(value) + 1):
        for digit in "0123456789":
            yield value[:at] + digit + value[at:]

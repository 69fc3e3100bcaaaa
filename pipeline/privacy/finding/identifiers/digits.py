"""Digits as scanners misread them: letters for digits, and digits for one another."""

from collections.abc import Iterator

LIKE = "0-9OoQDIil|!SsBZzGbgq"
"""Characters of a pattern's class that may stand for a digit."""
_DIGITS = str.maketrans("OoQDIil|!SsBZzGbgq", "000011111558226699")
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

"""What a person may write into each field of a record, and how much the field weighs in review."""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from schemas.errors import InputError
from schemas.messages import label

ACTS = ("hotărâre", "dispoziție", "autorizație de construire", "certificat de urbanism")
"""Legal acts: each has a number and a date."""
UNKNOWN = "necunoscut"
TYPES = (
    *ACTS,
    "cerere",
    "petiție",
    "adeverință",
    "proces-verbal",
    "contract",
    "referat",
    "factură",
    "anchetă socială",
    "certificat de stare civilă",
    "declarație fiscală",
    "adresă",
    "anunț",
    "altul",
    UNKNOWN,
)
NEEDED = ("number", "date")
PROBLEMS = (
    "parking",
    "street_lighting",
    "building_permits",
    "local_taxes",
    "social_aid",
    "housing",
    "noise",
    "waste",
    "green_spaces",
    "roads",
    "civil_status",
    "land",
    "other",
)
_LONGEST = 500
_YEARS = range(1700, 2101)
_ISO = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?")
_ROMANIAN = re.compile(r"(\d{1,2})[./-](\d{1,2})[./-](\d{4})")
_NUMBER = re.compile(r"[A-Z]{0,6}[-. ]?\d{1,9}[A-Z]?(?:[-/. ][A-Z0-9]{1,9}){0,4}")
_CEDILLA = str.maketrans("şţŞŢ", "șțȘȚ")


def _clean(value: str) -> str:
    """One line, composed letters, comma-below ș and ț."""
    return " ".join(unicodedata.normalize("NFC", value).translate(_CEDILLA).split())


def _folded(text: str) -> str:
    letters = unicodedata.normalize("NFD", text.casefold())
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


_TYPES = {_folded(kind): kind for kind in TYPES}


def _date(value: str) -> str:
    """ISO 8601, a day, a month or a year, from that or from 29.07.2016."""
    romanian, iso = _ROMANIAN.fullmatch(value), _ISO.fullmatch(value)
    if romanian:
        day, month, year = map(int, romanian.groups())
        shown = f"{year:04d}-{month:02d}-{day:02d}"
    elif iso:
        year, month, day = (int(part or 1) for part in iso.groups())
        shown = value
    else:
        raise InputError("correction-date", value)
    try:
        date(year, month, day)
    except ValueError as error:
        raise InputError("correction-date", value) from error
    if year not in _YEARS:
        raise InputError("correction-date", value)
    return shown


def _type(value: str) -> str:
    kind = _TYPES.get(_folded(value))
    if kind is None or kind == UNKNOWN:
        known = ", ".join(kind for kind in TYPES if kind != UNKNOWN)
        raise InputError("correction-type", value, known=known)
    return kind


def _problem(value: str) -> str:
    """The code of a problem, from that or from the word that people read for it."""
    known = {_folded(label("problem", code, "ro")): code for code in PROBLEMS}
    code = value if value in PROBLEMS else known.get(_folded(value))
    if code is None:
        words = ", ".join(label("problem", code, "ro") for code in PROBLEMS)
        raise InputError("correction-problem", value, known=words)
    return code


def _number(value: str) -> str:
    number = value.upper()
    if not _NUMBER.fullmatch(number):
        raise InputError("correction-number", value)
    return number


def _text(value: str) -> str:
    if not value or len(value) > _LONGEST or not value.isprintable():
        raise InputError("correction-text", value[:40], most=_LONGEST)
    return value


@dataclass(frozen=True, slots=True)
class Rule:
    """How a field's value is checked and written, and the field's weight in review (0 to 1)."""

    checked: Callable[[str], str]
    weight: float


RULES = {
    "type": Rule(_type, 1.0),
    "number": Rule(_number, 1.0),
    "date": Rule(_date, 1.0),
    "issuer": Rule(_text, 0.8),
    "nr_inreg": Rule(_number, 0.7),
    "data_inreg": Rule(_date, 0.7),
    "answers": Rule(_text, 0.6),
    "compartiment": Rule(_text, 0.5),
    "official": Rule(_text, 0.5),
    "subject": Rule(_text, 0.5),
    "problem": Rule(_problem, 0.4),
    "signatory": Rule(_text, 0.4),
    "intocmit": Rule(_text, 0.4),
    "indicativ_nomenclator": Rule(_text, 0.4),
    "termen_pastrare": Rule(_text, 0.4),
}
"""The fields that people know by name; others hold any text and weigh least."""
_LEAST = Rule(_text, 0.3)


def rule_of(field: str) -> Rule:
    """The rule of a field."""
    return RULES.get(field, _LEAST)


def right_value(field: str, value: str) -> str:
    """The value as the record holds it.

    Raises InputError correction-date, correction-type, correction-number or correction-text.
    """
    return rule_of(field).checked(_clean(value))

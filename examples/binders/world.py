"""The invented town hall around a binder, and how it writes dates and spells."""

import random
import re
from dataclasses import dataclass
from datetime import date
from typing import Final

from examples.binders import lexicon, people
from examples.binders.lexicon import Names
from examples.binders.people import County

OLD: Final = re.compile(r"(?<=\w)[âÂ](?=\w)")
ROMANIAN: Final = re.compile(r"\bromân\w*", re.IGNORECASE)
OFFICIALS: Final = ("primar", "secretar", "presedinte", "arhitect", "inspector", "sef")
MONTHS: Final = (
    "ianuarie",
    "februarie",
    "martie",
    "aprilie",
    "mai",
    "iunie",
    "iulie",
    "august",
    "septembrie",
    "octombrie",
    "noiembrie",
    "decembrie",
)


ROMAN: Final = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII")


@dataclass(frozen=True, slots=True)
class World:
    """What all documents of a binder share: the town, its officials, its year."""

    names: Names
    kind: str
    town: str
    county: County
    officials: dict[str, str]
    cui: str
    iban: str
    year: int

    @property
    def title(self) -> str:
        """The administrative unit, such as "Municipiul Lunca Teilor"."""
        return f"{self.kind} {self.town}"

    @property
    def genitive(self) -> str:
        """The same in the genitive: "Municipiului Lunca Teilor"."""
        return {"Comuna": "Comunei"}.get(self.kind, f"{self.kind}ui") + f" {self.town}"


def world(rng: random.Random, chosen: str, year: int) -> World:
    """A town hall in a year, with names from a set of the lexicon."""
    names = lexicon.names(chosen)
    kind, town = rng.choice(names.towns)
    officials = {role: people.official(rng, names) for role in OFFICIALS}
    return World(
        names=names,
        kind=kind,
        town=town,
        county=County(*rng.choice(names.counties)),
        officials=officials,
        cui=people.cui(rng),
        iban=people.iban(rng, "TREZ"),
        year=year,
    )


def old_spelling(text: str) -> str:
    """The spelling before 1993, letter for letter: sînt, hotărîre (but România)."""
    kept = {found.span(): found.group() for found in ROMANIAN.finditer(text)}
    text = (
        OLD.sub(lambda found: "î" if found.group() == "â" else "Î", text)
        .replace("sunt", "sînt")
        .replace("Sunt", "Sînt")
    )
    for (start, end), word in kept.items():
        text = text[:start] + word + text[end:]
    return text


def long_date(day: date) -> str:
    """12 martie 2019."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def dotted(day: date) -> str:
    """12.03.2019."""
    return f"{day:%d.%m.%Y}"


def spelled_date(day: date, form: str) -> str:
    """A day as offices write it: rom 12.XI.1968, scurt 12.11.68, ziua, luna and anul by themselves."""
    month = MONTHS[day.month - 1]
    return {
        "rom": f"{day.day}.{ROMAN[day.month - 1]}.{day.year}",
        "romlung": f"{day.day} {ROMAN[day.month - 1]} {day.year}",
        "bara": f"{day:%d/%m/%Y}",
        "linie": f"{day:%d-%m-%Y}",
        "scurt": f"{day:%d.%m.%y}",
        "rar": f"{day:%d . %m . %Y}",
        "zero": f"{day:%d} {month} {day.year}",
        "abr": f"{day.day} {month[:3]}. {day.year}",
        "lung": long_date(day),
        "ziua": str(day.day),
        "luna": month,
        "lunar": ROMAN[day.month - 1],
        "lunanr": f"{day:%m}",
        "anul": str(day.year),
        "an2": f"{day:%y}",
    }[form]

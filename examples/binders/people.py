"""Invented people and what identifies them: every number is well formed, none is anyone's."""

import random
import unicodedata
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final

from examples.binders.lexicon import Names

CNP_WEIGHTS: Final = (2, 7, 9, 1, 4, 6, 3, 5, 8, 2, 7, 9)
CUI_WEIGHTS: Final = (7, 5, 3, 2, 1, 7, 5, 3, 2)
FIRST_BIRTH: Final = date(1932, 1, 1)
NEW_PLATES, NEW_CARDS = 1993, 1998


@dataclass(frozen=True, slots=True)
class County:
    """A county: its code in a CNP, its name, its plate and its identity card series."""

    code: int
    name: str
    plate: str
    card: str


@dataclass(frozen=True, slots=True)
class Person:
    """A private person, complete with what a form asks for."""

    name: str
    woman: bool
    born: date
    cnp: str
    card: str
    address: str
    short_address: str
    phone: str
    email: str
    iban: str
    plate: str


def inverted(name: str) -> str:
    """A name with the surname first."""
    given, surname = name.rsplit(" ", 1)
    return f"{surname} {given}"


def spelled(who: Person, form: str | None) -> tuple[str, str] | None:
    """A name as papers spell it, and its value; None where the form is not a name's.

    None as it is, inv surname first, fam surname, pren given names, init one initial, fin the
    father's initial between, rupt1 and rupt2 the parts of a name broken at the end of a line.
    """
    given, surname = who.name.rsplit(" ", 1)
    middle = 1 + len(surname) // 2
    father = "ACDGIMNPSV"[int(who.cnp[-2])]
    forms = {
        None: (who.name, who.name),
        "inv": (f"{surname} {given}",) * 2,
        "fam": (surname, who.name),
        "pren": (given, who.name),
        "init": (f"{given[0]}. {surname}", who.name),
        "fin": (f"{surname} {father}. {given}",) * 2,
        "rupt1": (f"{given} {surname[:middle]}-", who.name),
        "rupt2": (surname[middle:], who.name),
    }
    return forms.get(form)


def cnp(rng: random.Random, born: date, county: int, *, woman: bool) -> str:
    """A 13-digit personal number with the right check digit (HG 1375/2006, annex)."""
    century = (1 if born.year < 2000 else 5) + woman
    digits = f"{century}{born:%y%m%d}{county:02d}{rng.randint(1, 999):03d}"
    rest = sum(int(d) * w for d, w in zip(digits, CNP_WEIGHTS, strict=True)) % 11
    return digits + str(1 if rest == 10 else rest)


def cui(rng: random.Random) -> str:
    """A fiscal code (7 or 8 digits) with the right check digit."""
    body = str(rng.randint(400_000, 4_999_999))
    total = sum(int(d) * w for d, w in zip(body.zfill(9), CUI_WEIGHTS, strict=True))
    return body + str(total * 10 % 11 % 10)


def iban(rng: random.Random, bank: str) -> str:
    """A Romanian IBAN (24 characters) with the right check digits (ISO 13616)."""
    account = "".join(rng.choice("0123456789ABCDEFGHJKLMNPRSTUVXZ") for _ in range(6))
    body = f"{bank}{account}{rng.randint(0, 10**10 - 1):010d}"
    number = int("".join(str(int(c, 36)) for c in f"{body}RO00"))
    return f"RO{98 - number % 97:02d}{body}"


def spaced(account: str) -> str:
    """An IBAN as it is printed, in groups of four."""
    return " ".join(account[at : at + 4] for at in range(0, len(account), 4))


def plain(text: str) -> str:
    """Without diacritics, letter for letter."""
    table = {ord(c): unicodedata.normalize("NFD", c)[0] for c in set(text) if ord(c) > 191}
    return text.translate(table)


def full_name(rng: random.Random, names: Names, *, woman: bool) -> str:
    """Given name and surname from the lists."""
    given = rng.choice(names.women if woman else names.men)
    return f"{given} {rng.choice(names.surnames)}"


def official(rng: random.Random, names: Names) -> str:
    """Name of somebody in office."""
    woman = rng.random() < 0.5
    return full_name(rng, replace(names, surnames=names.officials or names.surnames), woman=woman)


def _addresses(rng: random.Random, names: Names, town: str, county: str) -> tuple[str, str]:
    street = f"str. {rng.choice(names.streets)} nr. {rng.randint(1, 148)}"
    flat = rng.random() < 0.6
    block = (
        f"bl. {rng.choice('ABCDEMPS')}{rng.randint(1, 40)}, sc. {rng.choice('ABC')}, "
        if flat
        else ""
    )
    home = f"{block}ap. {rng.randint(1, 60)}" if flat else ""
    full = f"{town}, {street}{', ' + home if home else ''}, jud. {county}"
    return full, f"{street}{', ap. ' + str(rng.randint(1, 60)) if flat else ''}"


def _phone(rng: random.Random, year: int) -> str:
    digits = f"{rng.randint(0, 999_999):06d}"
    if year < 2000:
        return f"{rng.choice(('056', '064', '032', '092'))}/{digits}"
    prefix = rng.choice(("0722", "0733", "0744", "0755", "0768", "0256", "0264"))
    mark = rng.choice((" ", ".", "", "-"))
    return f"{prefix}{mark}{digits[:3]}{mark}{digits[3:]}"


def plate(rng: random.Random, county: County, year: int) -> str:
    """A licence plate of the county."""
    if year < NEW_PLATES:
        return f"{rng.randint(1, 19)}-{county.plate}-{rng.randint(1000, 9999)}"
    letters = "".join(rng.choice("ABCDEFGHJKLMNPRSTUVXYZ") for _ in range(3))
    mark = rng.choice((" ", "-"))
    return f"{county.plate}{mark}{rng.randint(2, 99):02d}{mark}{letters}"


def person(rng: random.Random, names: Names, town: str, home: County, year: int) -> Person:
    """A person of full age in `year` who lives in `town`."""
    woman = rng.random() < 0.5
    name = full_name(rng, names, woman=woman)
    span = (date(year - 18, 1, 1) - FIRST_BIRTH).days
    born = FIRST_BIRTH + timedelta(days=rng.randrange(span))
    counties = [County(*row) for row in names.counties]
    native = home if rng.random() < 0.7 else rng.choice(counties)
    address, short = _addresses(rng, names, town, home.name)
    user = plain(name).lower().replace(" ", rng.choice((".", "_", "")))
    kind = "seria" if year >= NEW_CARDS else "B.I. seria"
    return Person(
        name=name,
        woman=woman,
        born=born,
        cnp=cnp(rng, born, native.code, woman=woman),
        card=f"{kind} {home.card} nr. {rng.randint(100_000, 999_999)}",
        address=address,
        short_address=short,
        phone=_phone(rng, year),
        email=f"{user}{rng.randint(1, 99)}@{rng.choice(names.domains)}",
        iban=iban(rng, rng.choice(names.banks)),
        plate=plate(rng, home, year),
    )

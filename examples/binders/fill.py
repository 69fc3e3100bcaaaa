"""Fills the slots of a template: what is planted is marked, and written down as truth.

Slots: {om} {om.cnp} {om2.adresa} people, {om.inv} {om.fam} {om.init} as spelled() has them · {n:3-9} a number · {=a|b} a choice · {strada} the same
each time, {strada?} anew each time · {{constatari}} a sentence of a pool · {suma+} added to {total}.
A last ^ sets capitals, ~ capitals without diacritics, ! a first capital, _ small letters.
"""

import random
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Final

from examples.binders import lexicon, people
from examples.binders.lexicon import Problem
from examples.binders.people import Person
from examples.binders.world import MONTHS, World, dotted, long_date, old_spelling, spelled_date

SLOT: Final = re.compile(r"\{\{(\w+)\}\}|\{([^{}]+)\}|(\*)")
PERSON: Final = re.compile(r"om(\d?)(\??)(?:\.(\w+))?")
COUNTED: Final = re.compile(r"^ de (?!la\b)")
SLOT_POOLS: Final = {
    "introducere": "introduceri",
    "legatura": "legaturi",
    "cerinta": "cerinte",
    "constat": "constatat",
    "ruda": "rude",
    "ocupatie": "ocupatii",
    "produs": "produse",
    "lucrare": "lucrari",
}
ALWAYS_NEW: Final = re.compile(
    r".*[?+]|n:.*|suma|total|om\d?\??(\.\w+)?|introducere|legatura|cerinta|constat|ruda|ocupatie|produs"
)
NEW_LEU: Final = date(2005, 7, 1)
OLD_DATES: Final = ("data.lung", "data.plus")
COUNTERS: Final = ("art", "ra", "i", "anexa")
LAST: Final = "9"  # {om9.cnp}: of the last {om?}


@dataclass(frozen=True, slots=True)
class Mark:
    """What a stretch of text is: a label, its normalised value, and whether it is official."""

    label: str
    value: str
    official: bool = False


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text of one kind."""

    text: str
    mark: Mark | None = None
    bold: bool = False


@dataclass(slots=True)
class Planted:
    """What a document's slots left behind, for its truth."""

    parcels: list[str] = field(default_factory=list)
    amounts: list[tuple[str, float]] = field(default_factory=list)
    total: int = 0


CASES: Final[dict[str, Callable[[str], str]]] = {
    "^": str.upper,
    "~": lambda text: people.plain(text.upper()),
    "!": lambda text: text[:1].upper() + text[1:],
    "_": str.lower,
}


class Fill:
    """Fills templates for one document; the same seed gives the same words."""

    def __init__(
        self, rng: random.Random, around: World, problem: Problem, day: date, *, old: bool
    ) -> None:
        self.rng, self.world, self.problem, self.day, self.old = rng, around, problem, day, old
        self.planted = Planted()
        self.known: dict[str, tuple[Piece, ...]] = {}
        self.people: dict[str, Person] = {}
        self.counters: dict[str, int] = {}
        self.decks: dict[str, list[str]] = {}
        self.home_street = rng.choice(around.names.streets)

    def set(self, slot: str, text: str) -> None:
        """Fix a slot's text."""
        self.known[slot] = (Piece(text),)

    def text(self, template: str) -> str:
        """A template filled, as plain text."""
        return "".join(piece.text for piece in self.expand(template))

    def expand(self, template: str) -> tuple[Piece, ...]:
        """A template as pieces, slots filled and marks set."""
        pieces: list[Piece] = []
        at, bold, small = 0, False, False
        for found in SLOT.finditer(template):
            pieces += self._literal(template[at : found.start()], bold=bold, small=small)
            at, small = found.end(), False
            pool, slot, star = found.groups()
            if star:
                bold = not bold
                continue
            filled = self.expand(self._sentence(pool)) if pool else self._slot(slot)
            small = slot is not None and slot.startswith("n:") and _few(filled[0].text)
            pieces += [Piece(one.text, one.mark, bold or one.bold) for one in filled]
        pieces += self._literal(template[at:], bold=bold, small=small)
        return tuple(pieces)

    def sample(self, pool: str, count: int) -> tuple[str, ...]:
        """Different sentences of a pool: the problem's own, or one of pools.toml."""
        source = self.problem.sentences.get(pool) or lexicon.pools()[pool]
        return tuple(self._draw(pool, source) for _ in range(min(count, len(source))))

    def _draw(self, pool: str, source: tuple[str, ...]) -> str:
        """The next of a shuffled pool: nothing comes twice before all came once."""
        if not self.decks.get(pool):
            self.decks[pool] = self.rng.sample(source, len(source))
        return self.decks[pool].pop()

    def _sentence(self, pool: str) -> str:
        return self.sample(pool, 1)[0]

    def _literal(self, text: str, *, bold: bool, small: bool) -> list[Piece]:
        if small:
            text = COUNTED.sub(" ", text)
        if self.old:
            text = old_spelling(text)
        return [Piece(text, None, bold)] if text else []

    def _slot(self, slot: str) -> tuple[Piece, ...]:
        if slot[0] == "=":
            chosen = self.rng.choice(slot[1:].split("|"))
            return tuple(self._literal(chosen, bold=False, small=False))
        if slot[-1] in CASES:
            change = CASES[slot[-1]]
            filled = self._slot(slot[:-1])
            return tuple(Piece(change(one.text), one.mark, one.bold) for one in filled)
        if slot in COUNTERS:
            return (Piece(self._count(slot)),)
        if ALWAYS_NEW.fullmatch(slot):
            return self._fresh(slot)
        if slot not in self.known:
            self.known[slot] = self._fresh(slot)
        return self.known[slot]

    def _count(self, slot: str) -> str:
        if slot != "i":
            self.counters[slot] = self.counters.get(slot, 0) + 1
        return str(self.counters.get(slot, 1))

    def _fresh(self, slot: str) -> tuple[Piece, ...]:
        if slot.startswith("n:"):
            low, high = slot[2:].split("-")
            return (Piece(str(self.rng.randint(int(low), int(high)))),)
        if found := PERSON.fullmatch(slot):
            return self._person(*found.groups())
        name = re.sub(r"[?+0-9]", "", slot)
        if name in SLOT_POOLS:
            return self.expand(self._sentence(SLOT_POOLS[name]))
        if name in self.world.officials:
            who = self.world.officials[name]
            return (Piece(who, Mark("PERSON", who, official=True)),)
        if slot.startswith("lege."):
            return self.expand(self._law(slot))
        spelled = slot.startswith(("data.", "data_inreg.")) and slot not in OLD_DATES
        maker = self._dated if spelled else getattr(self, "_" + name.replace(".", "_"))
        made: tuple[Piece, ...] = maker(slot)
        return made

    def _law(self, slot: str) -> str:
        year = self.day.year
        fitting = [
            law.text for law in lexicon.laws() if law.slot == slot and law.first <= year <= law.last
        ]
        return fitting[0]

    def _someone(self) -> Person:
        around = self.world
        return people.person(self.rng, around.names, around.town, around.county, self.day.year)

    def _person(self, number: str, fresh: str, what: str | None) -> tuple[Piece, ...]:
        if fresh:
            who = self.people[LAST] = self._someone()
        else:
            who = self.people.setdefault(number, self.people.get(number) or self._someone())
        if spelled := people.spelled(who, what):
            return (Piece(spelled[0], Mark("PERSON", spelled[1])),)
        form = {
            "cnp": (who.cnp, "CNP", who.cnp),
            "ci": (who.card, "ID_CARD", who.card.split("seria ")[1].replace("nr. ", "")),
            "adresa": (who.address, "ADDRESS", who.address),
            "scurt": (who.short_address, "ADDRESS", who.short_address),
            "tel": (who.phone, "PHONE", re.sub(r"\D", "", who.phone)),
            "email": (who.email, "EMAIL", who.email),
            "iban": (people.spaced(who.iban), "IBAN", who.iban),
            "auto": (who.plate, "PLATE", re.sub(r"[ -]", "", who.plate)),
        }.get(what or "")
        if form:
            text, label, value = form
            return (Piece(text, Mark(label, value)),)
        words = _gendered(who)[what or ""]
        return (Piece(old_spelling(words) if self.old else words),)

    def _oficial(self, _: str) -> tuple[Piece, ...]:
        who = people.official(self.rng, self.world.names)
        return (Piece(who, Mark("PERSON", who, official=True)),)

    def _oficial_inv(self, slot: str) -> tuple[Piece, ...]:
        (known,) = self._slot(slot.removesuffix(".inv"))
        return (Piece(people.inverted(known.text), known.mark),)

    def _cnp(self, _: str) -> tuple[Piece, ...]:
        number = self._someone().cnp
        return (Piece(number, Mark("CNP", number)),)

    def _adresa(self, _: str) -> tuple[Piece, ...]:
        place = self._someone().short_address
        return (Piece(place, Mark("ADDRESS", place)),)

    def _auto(self, slot: str) -> tuple[Piece, ...]:
        if slot == "auto":
            return self._person("", "", "auto")
        number = self._someone().plate
        return (Piece(number, Mark("PLATE", re.sub(r"[ -]", "", number))),)

    def _strada(self, slot: str) -> tuple[Piece, ...]:
        first = slot == "strada"
        return (Piece(self.home_street if first else self.rng.choice(self.world.names.streets)),)

    def _suma(self, slot: str) -> tuple[Piece, ...]:
        old = self.day < NEW_LEU
        lei = int(12 * 700 ** self.rng.random())
        bani = lei * (1_000_000 if old else 100)
        bani += 0 if old or self.rng.random() < 0.5 else self.rng.randint(1, 99)
        self.planted.total += bani if slot.endswith("+") else 0
        return (Piece(self._amount(bani)),)

    def _total(self, _: str) -> tuple[Piece, ...]:
        total, self.planted.total = self.planted.total, 0
        return (Piece(self._amount(total)),)

    def _amount(self, bani: int) -> str:
        lei = f"{bani // 100:,}".replace(",", ".")
        text = lei if self.day < NEW_LEU else f"{lei},{bani % 100:02d}"
        self.planted.amounts.append((text, bani / 100))
        return text

    def _cad(self, _: str) -> tuple[Piece, ...]:
        number = str(self.rng.randint(50_000, 449_999))
        self.planted.parcels.append(number)
        return (Piece(number),)

    def _cf(self, _: str) -> tuple[Piece, ...]:
        number = f"{self.rng.randint(50_000, 449_999)}"
        self.planted.parcels.append(number)
        return (Piece(number),)

    def _mp(self, _: str) -> tuple[Piece, ...]:
        return (Piece(str(self.rng.randint(120, 4900))),)

    def _data(self, slot: str) -> tuple[Piece, ...]:
        back = timedelta(days=self.rng.randint(8, 200)) if slot.endswith("?") else timedelta()
        return (Piece(dotted(self.day - back)),)

    def _data_lung(self, _: str) -> tuple[Piece, ...]:
        return (Piece(long_date(self.day)),)

    def _data_plus(self, _: str) -> tuple[Piece, ...]:
        return (Piece(dotted(self.day + timedelta(days=365))),)

    def _dated(self, slot: str) -> tuple[Piece, ...]:
        kind, form = slot.rstrip("?").split(".")
        day = self.day
        if kind == "data_inreg":
            day = date.fromisoformat("-".join(reversed(self.known[kind][0].text.split("."))))
        back = timedelta(days=self.rng.randint(8, 200)) if slot.endswith("?") else timedelta()
        return (Piece(spelled_date(day - back, form)),)

    def _loc(self, _: str) -> tuple[Piece, ...]:
        return (Piece(self.world.town),)

    def _luna(self, _: str) -> tuple[Piece, ...]:
        return (Piece(self.rng.choice(MONTHS)),)

    def _an(self, slot: str) -> tuple[Piece, ...]:
        return (Piece(str(self.day.year + slot.endswith("1"))),)

    def _demult(self, _: str) -> tuple[Piece, ...]:
        return (Piece(str(max(min(1990, self.day.year), self.day.year - self.rng.randint(1, 12)))),)

    def _uat(self, _: str) -> tuple[Piece, ...]:
        return (Piece(self.world.title),)

    def _uat_gen(self, _: str) -> tuple[Piece, ...]:
        return (Piece(self.world.genitive),)

    def _uat_cui(self, _: str) -> tuple[Piece, ...]:
        return (Piece(self.world.cui),)

    def _uat_iban(self, _: str) -> tuple[Piece, ...]:
        account = self.world.iban
        return (Piece(people.spaced(account), Mark("IBAN", account, official=True)),)

    def _judet(self, _: str) -> tuple[Piece, ...]:
        return (Piece(self.world.county.name),)

    def _dep(self, _: str) -> tuple[Piece, ...]:
        return (Piece(self.problem.department),)

    def _problema(self, _: str) -> tuple[Piece, ...]:
        return (Piece(self.problem.label),)

    def _obiect(self, _: str) -> tuple[Piece, ...]:
        return self.expand(self._sentence("obiecte"))

    def _subiect(self, _: str) -> tuple[Piece, ...]:
        return self.expand(self._sentence("titluri"))

    def _firma(self, _: str) -> tuple[Piece, ...]:
        return (Piece(self.rng.choice(self.world.names.firms)),)

    def _firma_cui(self, _: str) -> tuple[Piece, ...]:
        return (Piece(people.cui(self.rng)),)

    def _firma_iban(self, _: str) -> tuple[Piece, ...]:
        account = people.iban(self.rng, self.rng.choice(self.world.names.banks))
        return (Piece(people.spaced(account), Mark("IBAN", account, official=True)),)


def _few(number: str) -> bool:
    return number.isdigit() and 1 <= int(number) % 100 <= 19


def _gendered(who: Person) -> dict[str, str]:
    a = who.woman
    born = dotted(who.born)
    return {
        "dl": "doamna" if a else "domnul",
        "dat": "doamnei" if a else "domnului",
        "gen": "doamnei" if a else "domnului",
        "subsemnat": "Subsemnata" if a else "Subsemnatul",
        "domiciliat": "domiciliată" if a else "domiciliat",
        "posesor": "posesoare a" if a else "posesor al",
        "nascut": f"{'născută' if a else 'născut'} la data de {born}",
    }

"""An inventory as a list of expected units, and the payload by which a cover sheet names one.

`OPIS1;F=fond;I=inventar;C=cotă;A=an;L=leaves;K=check`, or shorter `OPIS1;R=reference;K=check`,
where the reference stands for a unit of the list. OPIS1 is the version, K a check over all before
it; `%`, `;`, `=` and control characters inside a value are written as %XX.
"""

import re
import unicodedata
from dataclasses import dataclass, field
from hashlib import sha256
from zlib import crc32

VERSION = "OPIS1"
DAMAGED, REFERENCE = "damaged", "reference"
"""Keys of a sheet whose code does not add up, and of one that only refers to a list."""
LONGEST_PAYLOAD = 400
"""Bytes of UTF-8 that a cover sheet's code may hold."""
REFERENCE_DIGITS = 12
_DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_KEYS = {"F": "fond", "I": "inventar", "C": "cota", "A": "an"}
_COVER = re.compile(r"OPIS\d{1,3};")
_MARKS = re.compile(r"[%;=\x00-\x1f\x7f]")
_ESCAPED = re.compile(r"%([0-9A-F]{2})")
_LEAVES = re.compile(r"\d{1,9}", re.ASCII)
_REFERENCE = re.compile(rf"\d{{{REFERENCE_DIGITS}}}", re.ASCII)
_CEDILLAS = str.maketrans("şţŞŢ", "șțȘȚ")


def tidy(text: str) -> str:
    """Text as people write it: NFC, comma below, single spaces, nothing that cannot be printed."""
    composed = unicodedata.normalize("NFC", text).translate(_CEDILLAS)
    shown = "".join(c if c.isprintable() else " " for c in composed)
    return " ".join(shown.split())


def folded(text: str) -> str:
    """The same for every spelling: no diacritics, no case, no spaces around separators."""
    apart = unicodedata.normalize("NFKD", text)
    bare = "".join(c for c in apart if not unicodedata.combining(c)).casefold()
    return re.sub(r"\s*([/.,;-])\s*", r"\1", " ".join(bare.split()))


@dataclass(frozen=True, slots=True)
class UnitName:
    """What tells a unit from every other; parts that nobody told are empty."""

    fond: str = ""
    inventar: str = ""
    cota: str = ""
    an: str = ""

    @property
    def key(self) -> str:
        """The same for every spelling of the name."""
        return "\n".join(map(folded, (self.fond, self.inventar, self.cota, self.an)))

    @property
    def reference(self) -> str:
        """Twelve digits that stand for the name."""
        number = int.from_bytes(sha256(self.key.encode()).digest()[:8])
        return f"{number % 10**REFERENCE_DIGITS:0{REFERENCE_DIGITS}d}"

    def agrees(self, other: "UnitName") -> bool:
        """Whether the two can name the same unit: one cotă, and no part told otherwise."""
        pairs = zip(self.key.split("\n"), other.key.split("\n"), strict=True)
        same_cota = bool(self.cota) and folded(self.cota) == folded(other.cota)
        return same_cota and all(a == b or not (a and b) for a, b in pairs)


@dataclass(frozen=True, slots=True)
class ListedUnit:
    """A unit that an inventory lists: `leaves` as certified, `row` where it stands in the list."""

    name: UnitName
    leaves: int | None = None
    title: str = ""
    row: int = 0


@dataclass(frozen=True, slots=True)
class RowProblem:
    """Why a row cannot be used: `code` is a key of [reason], `column` as the list calls it."""

    row: int
    column: str
    code: str
    detail: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Inventory:
    """A list as read: units in its order, and each row that cannot be used; `rows` is all of them."""

    units: tuple[ListedUnit, ...]
    problems: tuple[RowProblem, ...]
    rows: int


@dataclass(frozen=True, slots=True)
class Cover:
    """What a cover sheet says: a name and certified leaves, or only the reference of a listed unit."""

    name: UnitName = UnitName()
    leaves: int | None = None
    reference: str = ""


def _check(text: str) -> str:
    high, low = divmod(crc32(text.encode()) % len(_DIGITS) ** 2, len(_DIGITS))
    return _DIGITS[high] + _DIGITS[low]


def _escaped(text: str) -> str:
    return _MARKS.sub(lambda mark: f"%{ord(mark[0]):02X}", text)


def _unescaped(text: str) -> str:
    return _ESCAPED.sub(lambda code: chr(int(code[1], 16)), text)


def _payload(values: dict[str, str]) -> str:
    parts = (f"{key}={_escaped(value)}" for key, value in values.items() if value)
    body = ";".join((VERSION, *parts))
    return f"{body};K={_check(body)}"


def full_payload(unit: ListedUnit) -> str:
    """All that identifies a unit; read back without the list."""
    names = {key: getattr(unit.name, part) for key, part in _KEYS.items()}
    return _payload({**names, "L": "" if unit.leaves is None else str(unit.leaves)})


def short_payload(unit: ListedUnit) -> str:
    """The unit's reference alone, for a code that must be coarse."""
    return _payload({"R": unit.name.reference})


def is_cover(payload: str) -> bool:
    """Whether a code's text claims to be a cover sheet's, of whatever version."""
    return _COVER.match(payload) is not None


def read_cover(payload: str) -> Cover | None:
    """What a cover sheet says; None where its version, its check or a value is not as it must be."""
    body, mark, check = payload.rpartition(";K=")
    version, *parts = body.split(";")
    if not mark or version != VERSION or check != _check(body):
        return None
    if len(payload.encode()) > LONGEST_PAYLOAD:
        return None
    values = {key: _unescaped(value) for key, _, value in (p.partition("=") for p in parts)}
    leaves, reference = values.get("L", ""), values.get("R", "")
    if (leaves and not _LEAVES.fullmatch(leaves)) or (
        reference and not _REFERENCE.fullmatch(reference)
    ):
        return None
    name = UnitName(**{part: tidy(values.get(key, "")) for key, part in _KEYS.items()})
    if not (name.cota or reference):
        return None
    return Cover(name, int(leaves) if leaves else None, reference)

"""Romania's settlements (SIRUTA), and the streets of the city that the archive belongs to.

The table is made by `pipeline.training.places` of the public register; it is read once a process,
when first asked for (20 ms, 8 MB).
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

import numpy as np
from rapidfuzz import process
from rapidfuzz.distance import Levenshtein

from pipeline.metadata.text.view import fold

TABLE = Path(__file__).parent.parent / "model" / "places.npz"
_KINDS = {"m": "municipiul", "o": "orasul", "c": "comuna", "s": "sectorul"}
_LONG = 9  # letters of a name that may have two slips
_SHORTEST = 5  # letters of a name that may have one


@dataclass(frozen=True, slots=True)
class Settlement:
    """A row of the register: `kind` as the table tells it, `part_of` the code of the unit around it."""

    code: int
    kind: str
    part_of: int
    name: str


def letters_of(name: str) -> str:
    """Letters and digits, folded and small: what spellings of a name have in common."""
    return re.sub(r"[^a-z0-9]", "", fold(name).lower())


@dataclass(frozen=True)
class Gazetteer:
    """Settlements by code."""

    rows: dict[int, Settlement]

    @cached_property
    def _units(self) -> dict[str, dict[str, list[Settlement]]]:
        found: dict[str, dict[str, list[Settlement]]] = {kind: {} for kind in _KINDS.values()}
        for row in self.rows.values():
            if row.kind in _KINDS:
                letters = letters_of(row.name).removeprefix("sectorul")
                found[_KINDS[row.kind]].setdefault(letters, []).append(row)
        return found

    @cached_property
    def _named(self) -> dict[str, list[Settlement]]:
        found: dict[str, list[Settlement]] = {}
        for row in self.rows.values():
            found.setdefault(letters_of(row.name), []).append(row)
        return found

    def county_of(self, row: Settlement) -> Settlement:
        """The county around a settlement; the settlement itself where it is one."""
        while row.kind != "j" and row.part_of in self.rows and row.part_of != row.code:
            row = self.rows[row.part_of]
        return row

    def knows(self, name: str) -> bool:
        """Whether any settlement has this name."""
        return letters_of(name) in self._named

    def county(self, name: str) -> Settlement | None:
        """The county of this name."""
        rows = self._named.get(letters_of(name), ())
        return next((row for row in rows if row.kind == "j"), None)

    def _in_county(self, rows: Sequence[Settlement], county: str) -> Sequence[Settlement]:
        inside = [row for row in rows if letters_of(self.county_of(row).name) == county]
        return inside or rows

    def unit(self, kind: str, letters: str, county: str = "") -> Settlement | None:
        """The administrative unit of this kind ("comuna") and name, in that county if it is told."""
        rows = self._units.get(kind, {}).get(letters, ())
        return self._in_county(rows, county)[0] if rows else None

    def unit_near(self, kind: str, letters: str, county: str = "") -> str:
        """The only name of a unit of this kind that is a slip or two away; "" where there is none."""
        if len(letters) < _SHORTEST:
            return ""
        allowed = 1 if len(letters) < _LONG else 2
        names = self._units.get(kind, {})
        near = process.extract(
            letters, names.keys(), scorer=Levenshtein.distance, score_cutoff=allowed, limit=8
        )
        inside = [
            (distance, name)
            for name, distance, _ in near
            if not county or any(letters_of(self.county_of(r).name) == county for r in names[name])
        ]
        best = [name for distance, name in inside if distance == min(inside)[0]]
        return names[best[0]][0].name if len(best) == 1 else ""

    def place(self, name: str, county: str = "") -> Settlement | None:
        """The only settlement of this name, or the only one in the county.

        A unit goes before villages, a town before its county; None where several are left.
        """
        rows = self._named.get(letters_of(name), [])
        if county:
            rows = [r for r in rows if letters_of(self.county_of(r).name) == county] or rows
        units = [row for row in rows if row.kind != "v"]
        chosen = units or rows
        counties = [row for row in chosen if row.kind == "j"]
        chosen = [row for row in chosen if row.kind != "j"] or counties
        return chosen[0] if len(chosen) == 1 else None

    def shown(self, row: Settlement) -> str:
        """As the record tells a place: "Răstolița, județul Mureș (SIRUTA 118931)"."""
        county = self.county_of(row)
        within = "" if county is row or county.name == row.name else f", județul {county.name}"
        name = f"Județul {row.name}" if row.kind == "j" else row.name
        return f"{name}{within} (SIRUTA {row.code})"


def _rows(table: Iterable[str]) -> Iterable[tuple[int, Settlement]]:
    for line in table:
        code, kind, part_of, name = line.split("\t")
        yield int(code), Settlement(int(code), kind, int(part_of), name)


@cache
def gazetteer() -> Gazetteer:
    """The register, read once a process."""
    with np.load(TABLE) as file:
        text = file["rows"].tobytes().decode()
    return Gazetteer(dict(_rows(text.split("\n"))))

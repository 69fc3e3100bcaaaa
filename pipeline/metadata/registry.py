"""Rows of an existing registry or inventory, matched to documents by number and date."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz

from pipeline.metadata.text.view import fold
from schemas.records import Document

HEADINGS = {
    "nr_inreg": (
        "nr inregistrare", "numar inregistrare", "nr de inregistrare", "numar de inregistrare",
        "nr inreg", "nr de inreg", "nr intrare", "nr registratura", "numarul de inregistrare",
    ),
    "data_inreg": (
        "data inregistrarii", "data inregistrare", "data inreg", "data intrarii", "data intrare",
        "data de inregistrare",
    ),
    "number": (
        "nr act", "nr actului", "numarul actului", "nr document", "nr documentului",
        "numarul documentului", "nr hotararii", "nr hotarare", "nr dispozitie", "nr dispozitiei",
        "numar act", "numarul", "numar", "nr", "number",
    ),
    "date": (
        "data actului", "data documentului", "data emiterii", "data document", "data act",
        "data adoptarii", "data hotararii", "data dispozitiei", "data", "date",
    ),
    "type": (
        "tip document", "tipul documentului", "felul documentului", "felul actului", "tip act",
        "tipul actului", "tip", "tipul", "fel", "type",
    ),
    "issuer": (
        "emitent", "emitentul", "expeditor", "expeditorul", "petent", "petentul", "autor", "de la",
        "numele petentului", "issuer",
    ),
    "subject": (
        "obiect", "obiectul", "subiect", "continut", "continutul", "continutul pe scurt", "titlu",
        "titlul", "denumire", "denumirea", "rezumat", "continut pe scurt", "subject",
    ),
    "compartiment": ("compartiment", "compartimentul", "directia", "serviciul", "repartizat la"),
    "indicativ_nomenclator": ("indicativ", "indicativul", "indicativ nomenclator"),
    "termen_pastrare": ("termen de pastrare", "termen pastrare", "termen", "termenul"),
    "cota": ("cota", "dosar", "dosarul", "nr dosar", "biblioraft"),
}  # fmt: skip
"""Column headings by field, folded."""
NEVER = frozenset(("nr crt", "nr curent", "crt"))
CONFIRMED = ("number", "date", "nr_inreg", "data_inreg", "type")
FILLED = ("issuer", "subject", "compartiment", "indicativ_nomenclator", "termen_pastrare")
"""Fields that a registry words in its own way: it fills them where they are missing or doubtful."""
DOUBTFUL = 0.8
_ALIKE = 85.0


@dataclass(frozen=True, slots=True)
class RegistryRow:
    """A row of a list: where it stands, and its values by field, normalised."""

    row: int
    sheet: str
    values: Mapping[str, str]

    def get(self, field: str) -> str:
        """A value, empty where the row has none."""
        return self.values.get(field, "")


@dataclass(frozen=True, slots=True)
class Listed:
    """A document that rows may stand for, with its unit's id and reference code."""

    unit: str
    cota: str
    document: Document

    def value(self, field: str) -> str:
        """What the record says of a field, empty where nothing."""
        found = self.document.fields.get(field)
        return found.value if found else ""

    def doubtful(self, field: str) -> bool:
        """Whether the record has no such field, or none that is sure."""
        found = self.document.fields.get(field)
        return found is None or (found.confidence < DOUBTFUL and not found.checked)


@dataclass(frozen=True, slots=True)
class Match:
    """A row and the document that it stands for."""

    row: RegistryRow
    listed: Listed


@dataclass(frozen=True, slots=True)
class Matched:
    """All rows and documents: matched, rows without a document (and why), documents without a row."""

    matches: tuple[Match, ...]
    unmatched: tuple[tuple[RegistryRow, str], ...]
    without_row: tuple[Listed, ...]


def heading(cell: str) -> str:
    """The field that a column's heading names; empty for none."""
    words = " ".join(re.sub(r"[^a-z ]", " ", fold(cell).lower()).split())
    if not words or words in NEVER:
        return ""
    return next((field for field, known in HEADINGS.items() if words in known), "")


def number_key(number: str) -> str:
    """A number without leading zeros, dots and the year behind a stroke."""
    bare = re.sub(r"[^0-9A-Z/-]", "", number.upper())
    bare = re.sub(r"/(?:19|20)\d\d$", "", bare)
    return re.sub(r"^0+(?=\d)", "", bare)


_PAIRS = (("number", "date"), ("nr_inreg", "data_inreg"))


def _keys(of: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    for number, day in _PAIRS:
        if of.get(number) and of.get(day):
            yield number_key(of[number]), of[day]


def _row_keys(row: RegistryRow) -> set[tuple[str, str]]:
    return set(_keys(row.values))


def _listed_keys(listed: Listed) -> set[tuple[str, str]]:
    return set(_keys({field: listed.value(field) for pair in _PAIRS for field in pair}))


def _same_type(row: RegistryRow, listed: Listed) -> bool:
    told, read = row.get("type"), listed.value("type")
    return not told or told == read or read in {"", "necunoscut"} or listed.doubtful("type")


def _same_unit(row: RegistryRow, listed: Listed) -> bool:
    told = _bare(row.get("cota"))
    return not told or not listed.cota or told == _bare(listed.cota)


def _bare(text: str) -> str:
    return re.sub(r"[^a-z0-9]", "", fold(text).lower())


def alike(one: str, other: str) -> bool:
    """Whether two wordings of a subject or a name say the same."""
    return bool(one and other) and (
        fuzz.token_set_ratio(fold(one).lower(), fold(other).lower()) >= _ALIKE
    )


def _rank(row: RegistryRow, listed: Listed) -> int:
    """How much beside number and date speaks for a document."""
    typed = bool(row.get("type")) and row.get("type") == listed.value("type")
    worded = sum(alike(row.get(field), listed.value(field)) for field in ("subject", "issuer"))
    placed = bool(row.get("cota")) and _bare(row.get("cota")) == _bare(listed.cota)
    return 2 * typed + worded + 2 * placed


class Index:
    """Documents by number and date, by number alone and by date alone."""

    def __init__(self, documents: Iterable[Listed]) -> None:
        self.both: dict[tuple[str, str], list[Listed]] = defaultdict(list)
        self.number: dict[str, list[Listed]] = defaultdict(list)
        self.day: dict[str, list[Listed]] = defaultdict(list)
        for listed in documents:
            for key in _listed_keys(listed):
                self.both[key].append(listed)
            for number, day in _PAIRS:
                self.number[number_key(listed.value(number))].append(listed)
                self.day[listed.value(day)].append(listed)

    def candidates(self, row: RegistryRow) -> list[Listed]:
        """Documents of the row's number and date.

        Failing any: those of which one of the two is in doubt and whose subject or issuer is the
        row's.
        """
        keys = _row_keys(row)
        exact = [listed for key in keys for listed in self.both.get(key, ())]
        fitting = [one for one in exact if _same_type(row, one) and _same_unit(row, one)]
        return _once(fitting) if fitting or exact else _once(self._doubted(row))

    def _doubted(self, row: RegistryRow) -> Iterator[Listed]:
        for number, day in _PAIRS:
            by_number = self.number.get(number_key(row.get(number)), []) if row.get(number) else []
            by_day = self.day.get(row.get(day), []) if row.get(day) else []
            found = [one for one in by_number if one.doubtful(day)]
            found += [one for one in by_day if one.doubtful(number)]
            for listed in found:
                worded = any(alike(row.get(f), listed.value(f)) for f in ("subject", "issuer"))
                if worded and _same_type(row, listed) and _same_unit(row, listed):
                    yield listed


def _once(documents: Iterable[Listed]) -> list[Listed]:
    return list({one.document.id: one for one in documents}.values())


def match_rows(rows: Sequence[RegistryRow], documents: Sequence[Listed]) -> Matched:
    """Each row's document: the only one, or the one for which most speaks; never two for one.

    A row without a document is told with why: "row-no-document", "row-several-documents" or
    "row-no-number". Documents without a row are those of the years (and units) of the list.
    """
    index, taken = Index(documents), set[str]()
    matches: list[Match] = []
    unmatched: list[tuple[RegistryRow, str]] = []
    for row in rows:
        if not any(row.get(field) for pair in _PAIRS for field in pair):
            unmatched.append((row, "row-no-number"))
            continue
        found = sorted(index.candidates(row), key=lambda one: -_rank(row, one))
        free = [one for one in found if one.document.id not in taken]
        if not free:
            unmatched.append((row, "row-no-document"))
        elif len(free) > 1 and _rank(row, free[0]) == _rank(row, free[1]):
            unmatched.append((row, "row-several-documents"))
        else:
            taken.add(free[0].document.id)
            matches.append(Match(row, free[0]))
    return Matched(tuple(matches), tuple(unmatched), _left(rows, documents, taken))


def _left(
    rows: Sequence[RegistryRow], documents: Sequence[Listed], taken: set[str]
) -> tuple[Listed, ...]:
    """Documents that the list should have: of its years, its types and its units."""
    years = {day[:4] for row in rows for _, field in _PAIRS if (day := row.get(field))}
    types = {row.get("type") for row in rows}
    units = {_bare(row.get("cota")) for row in rows}
    return tuple(
        one
        for one in documents
        if one.document.id not in taken
        and any(one.value(field)[:4] in years for _, field in _PAIRS)
        and ("" in types or one.value("type") in types)
        and ("" in units or _bare(one.cota) in units)
    )


def confirmed(match: Match) -> dict[str, str]:
    """What the row says of its document, by field: to be confirmed, put right, or filled in."""
    row, listed = match.row, match.listed
    said = {field: row.get(field) for field in CONFIRMED if row.get(field)}
    if said.get("number") and number_key(said["number"]) == number_key(listed.value("number")):
        said["number"] = listed.value("number")
    said |= {
        field: listed.value(field) if alike(row.get(field), listed.value(field)) else row.get(field)
        for field in FILLED
        if row.get(field) and (listed.doubtful(field) or alike(row.get(field), listed.value(field)))
    }
    return _own_pair(said, listed)


def _own_pair(said: dict[str, str], listed: Listed) -> dict[str, str]:
    """A registry's only number and date may be the document's registry number and date."""
    number, day = said.get("number"), said.get("date")
    if not number or not day or (said.get("nr_inreg") or said.get("data_inreg")):
        return said
    registered = number_key(listed.value("nr_inreg")), listed.value("data_inreg")
    own = number_key(listed.value("number")), listed.value("date")
    if (number_key(number), day) == registered and registered != own:
        rest = {field: value for field, value in said.items() if field not in {"number", "date"}}
        return {**rest, "nr_inreg": listed.value("nr_inreg"), "data_inreg": day}
    return said

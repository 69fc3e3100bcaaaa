"""What an institution knows beforehand: its filing plan and its streets, two CSV files.

Both lie in the archive's folder and may be missing. `nomenclator.csv` has a row a class: indicativ,
denumire, termen, and at will tip (a document's type), compartiment and cuvinte (words apart by a
comma). `strazi.csv` has a row a street: its name, with or without what kind of street it is.
Separated by commas, semicolons or tabs, in UTF-8 or Windows-1250, with headings.
"""

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from rapidfuzz import process
from rapidfuzz.distance import Levenshtein

from pipeline.metadata.entities.gazetteer import letters_of
from pipeline.metadata.text.view import fold
from pipeline.metadata.version import CLASSES, STREETS, list_bytes

_SHORTEST = 6  # letters of a street's name that may have one slip
_COLUMNS = {
    "code": ("indicativ", "indicativul", "cod"),
    "title": ("denumire", "denumirea", "continut", "continutul", "categoria"),
    "term": ("termen", "termenul", "termen de pastrare", "termen pastrare"),
    "type": ("tip", "tip document", "tipul", "tipul documentului"),
    "department": ("compartiment", "compartimentul", "directia", "serviciul"),
    "words": ("cuvinte", "cuvinte cheie"),
    "street": ("strada", "denumire strada", "nume", "denumire", "denumirea"),
    "kind": ("tip", "tip artera", "fel"),
}
STREET_KIND = re.compile(
    r"^(?:str(?:ada|azii|\.)|bulevardul(?:ui)?|bd\.|b-dul|bld\.|aleea|aleii|calea|caii|piata|pietei"
    r"|soseaua|soselei|sos\.|intrarea|intrarii|splaiul(?:ui)?|fundatura|fundaturii)\s*",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class FilingClass:
    """A class of the filing plan: code, title, retention term, and what its papers are like."""

    code: str
    title: str
    term: str
    kind: str = ""
    department: str = ""
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Lists:
    """The filing plan's classes, and streets (as the city writes them) by their letters."""

    classes: tuple[FilingClass, ...] = ()
    streets: tuple[tuple[str, str], ...] = ()

    def street(self, name: str) -> str:
        """The street of this name, though one letter be misread; empty where there is none."""
        letters = letters_of(STREET_KIND.sub("", fold(name)))
        known = dict(self.streets)
        if letters in known or len(letters) < _SHORTEST:
            return known.get(letters, "")
        near = process.extract(
            letters, known.keys(), scorer=Levenshtein.distance, score_cutoff=1, limit=2
        )
        return known[near[0][0]] if len(near) == 1 else ""


def _text(path: Path) -> str:
    data = list_bytes(path)
    for encoding in ("utf-8-sig", "cp1250"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    return ""


def _named(heading: str, wanted: tuple[str, ...]) -> dict[str, int]:
    cells = [" ".join(re.sub(r"[^a-z ]", " ", cell).split()) for cell in heading.split("\x00")]
    return {
        name: next(at for at, cell in enumerate(cells) if cell in _COLUMNS[name])
        for name in wanted
        if any(cell in _COLUMNS[name] for cell in cells)
    }


def _rows(text: str, wanted: tuple[str, ...]) -> Iterator[dict[str, str]]:
    """The rows as values by column; all in the first column where no heading is known."""
    head = text.split("\n", 1)[0]
    delimiter = max(";,\t", key=head.count)
    rows = csv.reader(io.StringIO(text.replace("\x00", " "), newline=""), delimiter=delimiter)
    try:
        table = [[cell.strip() for cell in row] for row in rows if any(row)]
    except csv.Error:
        return
    columns = _named(fold("\x00".join(table[0])).lower(), wanted) if table else {}
    below = table[1:] if columns else table
    places = columns or {wanted[0]: 0}
    for row in below:
        yield {name: row[at] for name, at in places.items() if at < len(row)}


def _class(row: dict[str, str]) -> FilingClass:
    words = tuple(fold(w).lower().strip() for w in re.split(r"[,;|]", row.get("words", "")))
    return FilingClass(
        row.get("code", ""),
        row.get("title", ""),
        row.get("term", ""),
        row.get("type", "").lower(),
        row.get("department", ""),
        tuple(word for word in words if word),
    )


def _street(row: dict[str, str]) -> tuple[str, str]:
    name, kind = row.get("street", ""), row.get("kind", "")
    bare = STREET_KIND.sub("", fold(name))
    shown = name if len(bare) < len(name) or not kind else f"{kind} {name}"
    shown = shown if STREET_KIND.match(fold(shown)) else f"Strada {shown}"
    return letters_of(bare), shown


@lru_cache(maxsize=4)
def _parsed(classes: str, streets: str) -> Lists:
    plan = (
        _class(row)
        for row in _rows(classes, ("code", "title", "term", "type", "department", "words"))
    )
    named = (_street(row) for row in _rows(streets, ("street", "kind")))
    return Lists(
        tuple(one for one in plan if one.code),
        tuple({letters: name for letters, name in named if letters}.items()),
    )


def read_lists(archive: Path) -> Lists:
    """The lists of an archive's folder; what is missing or cannot be read is empty."""
    return _parsed(_text(archive / CLASSES), _text(archive / STREETS))

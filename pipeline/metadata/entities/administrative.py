"""The administrative units that a text names: how each is really spelled, and which one it is."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from rapidfuzz.distance import Levenshtein

from pipeline.metadata.entities.gazetteer import gazetteer
from pipeline.metadata.entities.institutions import NAME, UNIT, genitive, titled
from pipeline.metadata.text.view import View, fold

KINDS = {
    "municipiul": "Municipiul",
    "orasul": "Orașul",
    "comuna": "Comuna",
    "sectorul": "Sectorul",
}
_NOMINATIVE = {
    "municipiului": "municipiul",
    "mun.": "municipiul",
    "orasului": "orasul",
    "or.": "orasul",
    "comunei": "comuna",
    "com.": "comuna",
    "sectorului": "sectorul",
    "sector": "sectorul",
}
_COUNTY = re.compile(rf"\b(?i:judet(?:ul(?:ui)?)?|jud\.)[ ](?P<name>{NAME})")
_UNIT = re.compile(UNIT)
_OF_UNIT = re.compile(r"\b(Municipiul(?:ui)?|Orașul(?:ui)?|Comun(?:a|ei)|Sectorul(?:ui)?) (\S.*)$")
_NO_KIND = re.compile(r"(?P<head>Primăria|Primarul|Consiliul Local(?: al)?) (?P<name>[A-ZȘȚÎĂÂ].+)")
REACH = 8000
"""Characters of a text in which its own unit is looked for."""
_SINGLE = 6  # letters of a name to each of which one slip may fall


@dataclass(frozen=True, slots=True)
class NamedUnit:
    """A unit as most of the text spells it; `times` so many spellings agree, `known` by SIRUTA."""

    kind: str
    name: str
    times: int
    known: bool

    @property
    def letters(self) -> str:
        return _letters(self.name)


def _letters(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", fold(name).lower())


def slips_allowed(letters: str) -> int:
    """How many slips a name may have and still be the same name."""
    return max(1, len(letters) // _SINGLE)


def _grouped(spellings: Sequence[tuple[str, str]]) -> list[list[tuple[str, str]]]:
    """Spellings (letters, as written) of one name each, the most frequent ones leading."""
    counts = Counter(letters for letters, _ in spellings)
    groups: list[list[tuple[str, str]]] = []
    for letters, _ in counts.most_common():
        own = [one for one in spellings if one[0] == letters]
        near = (
            group
            for group in groups
            if Levenshtein.distance(group[0][0], letters) <= slips_allowed(letters)
        )
        group = next(near, None)
        if group is None:
            groups.append(own)
        else:
            group.extend(own)
    return groups


def _alone(view: View, shown: str, letters: str) -> tuple[str, str, int] | None:
    """A name as the text spells it where no word such as "comuna" stands before it."""
    words = shown.count(" ") + 1
    run = re.compile(r"(?<![\w-])" + r"[ \n]".join([r"[A-Z][\w'-]+"] * words) + r"(?![\w-])")
    spelled = [
        (_letters(match[0]), titled(view.words(*match.span())))
        for match in run.finditer(view.text, 0, REACH)
        if Levenshtein.distance(_letters(match[0]), letters) <= slips_allowed(letters)
    ]
    counts = Counter(one for one, _ in spelled).most_common(1)
    if not counts or counts[0][1] <= 1:
        return None
    best, times = counts[0]
    return best, max((name for one, name in spelled if one == best), key=_marks), times


def _named(view: View, kind: str, group: Sequence[tuple[str, str]], county: str) -> NamedUnit:
    leading = group[0][0]
    shown = max((name for letters, name in group if letters == leading), key=_marks)
    times = sum(letters == leading for letters, _ in group)
    if times == 1:
        alone = _alone(view, group[0][1], leading)
        if alone:
            leading, shown, times = alone
    known = gazetteer().unit(kind, leading, county)
    if known is None and times == 1:
        fitting = (gazetteer().unit_near(kind, letters, county) for letters, _ in group)
        near = next((name for name in fitting if name), "")
        shown = near or shown
        same = _letters(near) == leading
        return NamedUnit(kind, shown, times, known=same)
    return NamedUnit(kind, shown, times, known=known is not None)


def _marks(name: str) -> int:
    return sum(not c.isascii() for c in name)


def find_units(view: View) -> tuple[NamedUnit, ...]:
    """The units that the text names, the most frequent first."""
    county = _COUNTY.search(view.text, 0, REACH)
    within = _letters(county["name"]) if county else ""
    spelled: dict[str, list[tuple[str, str]]] = {}
    for match in _UNIT.finditer(view.text, 0, REACH):
        kind, _, rest = " ".join(match[0].split()).partition(" ")
        kind = _NOMINATIVE.get(kind.lower(), kind.lower())
        if kind in KINDS and rest and rest.isdigit() == (kind == "sectorul"):
            start = match.end() - len(match[0].split(None, 1)[1])
            shown = titled(view.words(start, match.end()))
            spelled.setdefault(kind, []).append((_letters(rest), shown))
    found = [
        (len(group), _named(view, kind, group, within))
        for kind, spellings in spelled.items()
        for group in _grouped(spellings)
    ]
    return tuple(unit for _, unit in sorted(found, key=lambda one: -one[0]))


def _with_kind(value: str, units: Sequence[NamedUnit]) -> tuple[str, NamedUnit | None]:
    """As in "Primăria Gilău" → "Primăria Comunei Gilău", where the text tells that it is one."""
    match = _NO_KIND.match(value)
    letters = _letters(match["name"]) if match else ""
    for unit in units:
        if match and Levenshtein.distance(unit.letters, letters) < slips_allowed(letters):
            head = match["head"].removesuffix(" al")
            link = " al" if head.startswith("Consiliul") else ""
            return f"{head}{link} {genitive(KINDS[unit.kind])} {unit.name}", unit
    return value, None


def settled(value: str, units: Sequence[NamedUnit]) -> tuple[str, NamedUnit | None]:
    """An institution's name with its unit spelled as the text mostly spells it."""
    match = _OF_UNIT.search(value)
    if match is None:
        return _with_kind(value, units)
    kind = fold(match[1]).lower()
    kind = _NOMINATIVE.get(kind, kind)
    letters = _letters(match[2])
    for unit in units:
        allowed = slips_allowed(letters)
        if unit.kind == kind and Levenshtein.distance(unit.letters, letters) <= allowed + 1:
            same = unit.letters == letters
            name = match[2] if same and _marks(match[2]) >= _marks(unit.name) else unit.name
            return value[: match.start(2)] + name, unit
    return value, None

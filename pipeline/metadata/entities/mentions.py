"""What a document mentions: persons, organisations, places, acts, amounts and parcels."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from pipeline.metadata.documenttext import DocumentText
from pipeline.metadata.entities.gazetteer import gazetteer, letters_of
from pipeline.metadata.lists import STREET_KIND, Lists
from pipeline.metadata.text.spans import Found
from pipeline.metadata.text.view import fold
from schemas.records import Entity

KINDS = {
    "PERSON": "persons",
    "ORG": "organisations",
    "PLACE": "places",
    "ACT_REF": "acts",
    "MONEY": "amounts",
    "CADASTRAL": "parcels",
}
NEW_LEU = "2005-07-01"
"""From this day on a leu is a RON; before it, a ROL."""
_LEARNT = frozenset(("PERSON", "ORG", "PLACE"))
_LEAST = 0.5
"""How sure a mention must be to stand in the record."""
_UNIT_WORD = re.compile(
    r"^(?:municipi(?:ul|ului)|mun\.|oras(?:ul|ului)|or\.|comun(?:a|ei)|com\.|sat(?:ul|ului)"
    r"|localitat(?:ea|ii)|loc\.|judet(?:ul|ului)|jud\.)\s+",
    re.IGNORECASE,
)
_COUNTY = re.compile(r"\bjud(?:et(?:ul|ului)?|\.)\s+([A-Za-z-]{3,20})", re.IGNORECASE)
_IS_COUNTY = re.compile(r"\bjud(?:et(?:ul|ului)?|\.)\s*$", re.IGNORECASE)
_HOUSE = re.compile(r",?\s*\bnr\b.*$", re.IGNORECASE)
_OLD_UNIT = re.compile(r"\b(?:ron|euro?|usd|dolari)\b|[€$]", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Known:
    """What mentions are understood by: the city's lists, the paper's county and its date."""

    lists: Lists
    county: str
    date: str


def _mentioned(read: DocumentText) -> Iterator[tuple[str, Entity]]:
    for entity in read.entities:
        kind = KINDS.get(entity.label)
        if kind is None or entity.confidence < _LEAST or not entity.value.strip():
            continue
        named = entity.label not in _LEARNT or entity.text[:1].isupper()
        if named or (entity.label == "PLACE" and STREET_KIND.match(fold(entity.text))):
            yield kind, entity


def _place(entity: Entity, before: str, known: _Known) -> tuple[str, str]:
    """A place as the lists know it, and where that comes from; `before` are the letters before it."""
    street = STREET_KIND.match(fold(entity.value))
    if street:
        house = _HOUSE.search(fold(entity.value))
        name = entity.value[: house.start()] if house else entity.value
        listed = known.lists.street(name)
        rest = entity.value[len(name) :]
        return (f"{listed}{rest}", "registry") if listed else (entity.value, "rule")
    bare = entity.value[_end(_UNIT_WORD.match(fold(entity.value))) :]
    of_county = _IS_COUNTY.search(before) or _COUNTY.match(fold(entity.value))
    settlement = gazetteer().county(bare) if of_county else gazetteer().place(bare, known.county)
    if settlement is None:
        return entity.value, "model"
    return gazetteer().shown(settlement), "registry"


def _end(match: re.Match[str] | None) -> int:
    return match.end() if match else 0


def _amount(entity: Entity, known: _Known) -> str:
    """Lei of before July 2005 are the old ones, where the paper does not say otherwise."""
    old = "" < known.date < NEW_LEU and not _OLD_UNIT.search(entity.text)
    return entity.value.replace(" RON", " ROL") if old else entity.value


def _found(entity: Entity, text: str, known: _Known) -> Found:
    value, source = entity.value, "model" if entity.label in _LEARNT else "rule"
    if entity.label == "PLACE":
        before = fold(text[max(0, entity.start - 14) : entity.start])
        value, source = _place(entity, before, known)
    elif entity.label == "MONEY":
        value = _amount(entity, known)
    return Found(entity.label, entity.start, entity.end, value, entity.confidence, source)


def _county(read: DocumentText) -> str:
    found = _COUNTY.search(fold(read.text[:4000]))
    return letters_of(found[1]) if found else ""


def find_mentions(read: DocumentText, lists: Lists, date: str) -> dict[str, tuple[Found, ...]]:
    """Mentions by kind in reading order, each value once, where it stands first.

    Their offsets are code points of the document's text. `date` is the document's own, empty where
    it is not known; places that SIRUTA or the city's list of streets knows come as these write them.
    """
    known = _Known(lists, _county(read), date)
    found: dict[str, dict[str, Found]] = {}
    for kind, entity in _mentioned(read):
        one = _found(entity, read.text, known)
        if one.value != "România" and STREET_KIND.sub("", fold(one.value)):
            found.setdefault(kind, {}).setdefault(fold(one.value).casefold(), one)
    return {kind: tuple(values.values()) for kind, values in found.items()}

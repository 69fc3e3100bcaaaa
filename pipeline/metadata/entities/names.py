"""Persons and places by the words around them, and by a list of first names."""

import re
from collections.abc import Iterator

from pipeline.metadata.entities.institutions import NAME, titled
from pipeline.metadata.text.spans import Found
from pipeline.metadata.text.view import View, fold
from pipeline.metadata.text.vocabulary import CITIES, COUNTIES, FIRST_NAMES, NAME_STOPS

TWO_NAMES = 4  # words
_PART = r"[A-Z](?:[a-z']{1,20}|[A-Z']{1,20}|\.)(?:-[A-Z][A-Za-z']{1,20}){0,2}"
_PERSON = rf"{_PART}(?:[ ]{{1,3}}{_PART}){{1,3}}"
_PERSON_WRAPPED = rf"{_PERSON}|{_PART}(?:[ ]?\n[ ]{{0,20}}{_PART}(?:[ ]{_PART})?)?"
_RUN = re.compile(_PERSON)
_CALLED = re.compile(
    r"\b(?i:subsemnat(?:ul|a)(?: ?[(/] ?(?:ul)?[/(]?a\)?)?|subsemnati[ia]|domnul(?:ui)?|doamn(?:a|ei)"
    r"|domnisoar(?:a|ei)|d-?na|d-?nei|dl|d-l|dlui|d-lui|numit(?:ul|a|ului|ei)|petent(?:ul|a|ului|ei)"
    r"|beneficiar(?:ul|ului|a)?|solicitant(?:ul|ului|a)?|numele si prenumele|reprezentat[a]? prin)"
    r"(?:[ ]{0,2}[.,:|]){0,2}\s{1,3}(?i:(?:primar(?:ul)?|administrator|director|consilier|inspector)\s)?"
    rf"({_PERSON_WRAPPED})"
)
_OFFICES = (
    r"primar(?:ul)?|viceprimar|presedinte(?: de sedinta)?,?|secretar(?:ul)?(?: general)?|intocmit|director"
    r"|director executiv|sef (?:serviciu|birou|compartiment)|arhitect[ -]sef|inspector|consilier"
    r"|referent|contrasemneaza(?: pentru legalitate)?|cu stima|administrator"
)
_SIGNED = re.compile(
    rf"(?im:^[ ]*(?:{_OFFICES})[ ]?[,:.]?(?:[ ]+(?:{_OFFICES})[,:.]?){{0,2}})"
    rf"(?:[ ]?\n){{0,3}}[ ]{{0,40}}({_PERSON})(?=[ ]*(?:\n|$))"
)
_SETTLEMENT = re.compile(
    r"\b(?i:judet(?:ul|ului)?|jud\.|comun(?:a|ei)|com\.|oras(?:ul|ului)|municipi(?:ul|ului)|mun\."
    rf"|sat(?:ul|ului)|localitat(?:ea|ii)|loc\.)[ \n]({NAME})"
)
_STREET = re.compile(
    r"\b(?i:str(?:ada|azii|\.)|bulevardul(?:ui)?|bd\.|b-dul|bld\.|aleea|aleii|calea|piata|soseaua"
    r"|sos\.|intrarea|splaiul|fundatura)[ \n]{1,2}"
    rf"(?:(?:Dr|Gen|Col|Prof|Sf|Av|Ing|Lt|Cpt|Mr|Pr)\.[ ]?)?[0-9]{{0,2}}[ ]?{NAME}"
    r"(?:,?[ ]nr\.?[ ]?\d{1,4}[A-Za-z]?\b)?"
)
_SECTOR = re.compile(r"\b(?i:sector(?:ul|ului)?)[ ][1-6]\b(?!\d)")
_KNOWN = re.compile(
    r"(?<![\w-])(?:"
    + "|".join(sorted((fold(name) for name in (*COUNTIES, *CITIES)), key=len, reverse=True))
    + r")(?![\w-])"
)


def _trimmed(text: str) -> tuple[int, int]:
    """Start and end of the part of a run of capitalised words that can be a name."""
    start = end = 0
    for word in re.finditer(r"\S+", text):
        if fold(word[0]).lower().strip(".,") in NAME_STOPS:
            if end:
                break
            start = word.end()
            continue
        start, end = (word.start() if not end else start), word.end()
    return start, end


def _person(view: View, start: int, end: int, sure: float, least: int) -> Iterator[Found]:
    low, high = _trimmed(view.text[start:end])
    start, end = start + low, start + high
    words = list(re.finditer(r"\S+", view.text[start:end]))
    if len(words) < max(least, 1):
        return
    named = [_is_first_name(word[0]) for word in words]
    halves: tuple[tuple[int, int], ...] = ((start, end),)
    if len(words) == TWO_NAMES and any(named[:2]) and any(named[2:]):
        halves = ((start, start + words[1].end()), (start + words[2].start(), end))
    for low, high in halves:
        yield Found("PERSON", low, high, titled(view.words(low, high)), sure)


def _persons(view: View) -> Iterator[Found]:
    for match in _CALLED.finditer(view.text):
        yield from _person(view, match.start(1), match.end(1), 0.9, 1)
    for match in _SIGNED.finditer(view.text):
        yield from _person(view, match.start(1), match.end(1), 0.85, 2)
    for match in _RUN.finditer(view.text):
        if any(_is_first_name(word) for word in match[0].split()):
            yield from _person(view, match.start(), match.end(), 0.75, 2)


def _is_first_name(word: str) -> bool:
    return any(part in FIRST_NAMES for part in word.lower().split("-"))


def _places(view: View) -> Iterator[Found]:
    groups = ((_SETTLEMENT, 1, 0.9), (_STREET, 0, 0.9), (_SECTOR, 0, 0.9), (_KNOWN, 0, 0.6))
    for pattern, group, sure in groups:
        for match in pattern.finditer(view.text):
            start, end = match.span(group)
            yield Found("PLACE", start, end, titled(view.words(start, end)), sure)


def find_names(view: View) -> tuple[Found, ...]:
    """PERSON and PLACE spans of a view; `value` is the name with its capitals set right."""
    return (*_persons(view), *_places(view))

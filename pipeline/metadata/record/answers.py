"""The document that a paper answers: "Urmare a petiției dumneavoastră nr. 12 din 01.07.2016"."""

import re

from pipeline.metadata.record.context import Context
from pipeline.metadata.record.numbers import date_after
from pipeline.metadata.record.spellings import clean_number
from pipeline.metadata.text.spans import Found

REACH = 2500
"""Characters after the title in which the answered paper is named."""
_KINDS = (
    ("cerer", "cerere"),
    ("petit", "petiție"),
    ("sesiz", "sesizare"),
    ("adres", "adresă"),
    ("solicit", "solicitare"),
    ("memor", "memoriu"),
    ("reclam", "reclamație"),
    ("plang", "plângere"),
    ("referat", "referat"),
)
_ANSWERED = re.compile(
    r"\b(?:urmare|raspuns(?:ul)?|referitor|referire|legatura|revenire)\b[^.;\d]{0,50}?"
    r"\b(?P<kind>cerer(?:ea|ii|e)|petiti(?:a|ei|e)|sesizar(?:ea|ii|e)|adres(?:a|ei)"
    r"|solicitar(?:ea|ii|e)|memori(?:ul|ului|u)|reclamati(?:a|ei|e)|planger(?:ea|ii|e)"
    r"|referat(?:ul|ului))\b(?! de)"
)
_NUMBER = re.compile(
    r"(?:[^.;\d]|\.(?=[^\n]{0,3}\d)|dvs\.|dumneavoastra){0,140}?\b(?:n[rti][.,: ]{1,3}|sub |la n[a-z][. ]{1,2})"
    r"(?P<number>(?=[oil|]?\d)[0-9oil|]{1,7}(?:\.\d{3})?)(?![0-9a-z])"
)
_REGISTERED = re.compile(
    r"\binregistrat\w{0,2}\s(?:la|sub|cu)\s(?:n[rti][.,: ]{1,3}|numarul )?"
    r"(?P<number>(?=[oil|]?\d)[0-9oil|]{1,7}(?:\.\d{3})?)(?![0-9a-z./])"
)
_NEVER = frozenset(("hotărâre", "contract", "factură"))


def _kind(word: str) -> str:
    return next(kind for start, kind in _KINDS if word.startswith(start))


def find_answered(context: Context) -> Found | None:
    """`value` such as "petiție nr. 12 din 2016-07-01"; None where neither number nor day is told."""
    if context.kind.kind in _NEVER:
        return None
    lower = context.view.lower
    for match in _ANSWERED.finditer(lower, context.kind.end, context.kind.end + REACH):
        number = _NUMBER.match(lower, match.end()) or _registered(lower, match.end())
        after = number.end() if number else match.end()
        day = date_after(context, after) if number else _day_near(context, match.end())
        if number is None and day is None:
            continue
        parts = [_kind(match["kind"])]
        parts += [f"nr. {clean_number(number['number'])}"] if number else []
        parts += [f"din {day.value}"] if day else []
        end = day.end if day else after
        sure = {3: 0.88, 2: 0.75}[len(parts)]
        return Found("answers", match.start("kind"), end, " ".join(parts), sure)
    return None


def _registered(lower: str, place: int) -> re.Match[str] | None:
    """The number under which it was registered, behind the name and address of who wrote it."""
    found = _REGISTERED.search(lower, place, place + 420)
    return found if found and not re.search(r";|\.\n", lower[place : found.start()]) else None


def _day_near(context: Context, place: int) -> Found | None:
    """A day that follows with "înregistrată la" or the like, within the same clause."""
    for found in context.dates:
        if place <= found.start <= place + 70 and len(found.value) == len("2016-07-01"):
            between = context.view.lower[place : found.start]
            linked = re.search(r"\b(?:la|din|data|de)\W{0,3}$", between)
            return found if linked and not re.search(r"[.;]", between) else None
    return None

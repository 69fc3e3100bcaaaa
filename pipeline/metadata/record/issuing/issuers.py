# ruff: noqa: PLR2004 - distances and weights stand where the rule that uses them stands
"""Who a document comes from."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from pipeline.metadata.entities.administrative import (
    KINDS,
    NamedUnit,
    find_units,
    settled,
)
from pipeline.metadata.entities.institutions import (
    COUNTY,
    LOCAL,
    NAME,
    full_name,
    genitive,
)
from pipeline.metadata.record.context import Context
from pipeline.metadata.record.issuing.authorities import left_column, other_authority
from pipeline.metadata.record.issuing.authors import agreed, person
from pipeline.metadata.record.issuing.councils import of_then, peoples_council
from pipeline.metadata.record.issuing.departments import header
from pipeline.metadata.record.issuing.elsewhere import institution_elsewhere, salutes_mayor
from pipeline.metadata.record.issuing.forms import BY_FORM, DOUBT, issuer_at
from pipeline.metadata.record.issuing.naming import OURS, STAMP
from pipeline.metadata.record.surroundings import LETTER_TO
from pipeline.metadata.record.types import UNKNOWN
from pipeline.metadata.text.spans import Found

BY_DEPARTMENT = frozenset({"anchetă socială", "referat", "proces-verbal", "altul"})
BY_PERSON = frozenset({"cerere", "petiție", "declarație fiscală"})
OWN_ACTS = frozenset({"hotărâre", "dispoziție", "factură", "contract"})
"""Papers whose letterhead does not tell whose they are, or only a city hall's or a county's."""
BY_MAYOR = frozenset({"autorizație de construire", "certificat de urbanism"})
"""What the mayor issues by law, whatever the letterhead (Law 50/1991, art. 4 and 6)."""
LOCAL_ACTS = OWN_ACTS | BY_MAYOR
NAMED = 0.7
"""How sure the department must be to be the issuer."""
_OF_CITY = re.compile(r"(?:Primăria|Primarul|Consiliul|Municipiul|Orașul|Comuna|Sectorul)\b")
_GENITIVE = re.compile(r"(?:Municipiului|Orașului|Comunei|Sectorului) ")
LETTER = "adresă"
_TOWN_HALL = re.compile(r"\b(?:primari(?:a|ei)|(?:consiliul|sfatul)(?:ui)? (?:local|popular))\b")
SURE_TYPE = 0.8
"""How sure the type must be from which the issuer follows."""
OF_TOWN_HALL = frozenset(("adresă", "adeverință", "certificat de stare civilă"))
_ORGANS = {
    "hotărâre": re.compile(r"Consiliul (?:Local|Județean|General)\b.* \S"),
    "dispoziție": re.compile(r"(?:Primarul|Președintele) \S"),
}
_BARE = {
    "Primăria": "Primăria {of}",
    "Primarul": "Primarul {of}",
    "Consiliul Local": "Consiliul Local al {of}",
}
_USUAL = {
    "hotărâre": "Consiliul Local al {of}",
    "dispoziție": "Primarul {of}",
    "autorizație de construire": "Primarul {of}",
    "certificat de urbanism": "Primarul {of}",
    "contract": "{unit}",
    "adresă": "Primăria {of}",
    "adeverință": "Primăria {of}",
    "certificat de stare civilă": "Primăria {of}",
    "anunț": "Primăria {of}",
    "altul": "Primăria {of}",
    "referat": "Primăria {of}",
    "anchetă socială": "Primăria {of}",
    "proces-verbal": "Primăria {of}",
}
_SPEAKS = re.compile(r"(?m:^)\W{0,3}primarul (?:comunei|orasului|municipiului|sectorului)\b")
"""How the text of a permit begins that the mayor issues, whatever department drew it up."""
_UNIT_LINE = re.compile(
    rf"(?:U\.?A\.?T\.?[ ]{{1,2}})?((?i:municipiul|orasul|comuna|sectorul|judetul)[ ](?:{NAME}|[1-6]\b))"
)
_COUNCIL_LINE = re.compile(
    r"consiliul[ ](?:local|judetean|general|satesc|comunal|orasenesc|municipal)\b|primar(?:ul)?$"
    r"|primaria$|prefectura$",
)
_BODY_BY_TYPE = {
    "hotărâre": re.compile(r"consiliul"),
    "dispoziție": re.compile(r"primarul\b(?! general de)"),
}
_PART = re.compile(r"(?:compartiment|serviciul|biroul|sectia)")


def _full_bodies(context: Context, places: list[tuple[int, int]]) -> Iterator[Found]:
    """Bodies named in full: "PRIMĂRIA COMUNEI X", "Consiliul Local al Sectorului 6"."""
    if not places:
        return
    text, start, end = context.view.text, places[0][0], places[-1][1]
    for match in (*LOCAL.finditer(text, start, end), *COUNTY.finditer(text, start, end)):
        long = len(match[0].split()) > 2
        if match[0][0].isupper() and (long or match[0].lower() == "primaria"):
            value = full_name(context.view.words(*match.span()))
            yield issuer_at(*match.span(), _with_al(value), 0.9 if long else 0.5)


def _with_al(value: str) -> str:
    """As in "Consiliul Local Comuna X" → "Consiliul Local al Comunei X"."""
    head, _, unit = value.partition("Consiliul Local ")
    unit = re.sub(r"^Sector (?=[1-6]$)", "Sectorul ", unit)
    if head == "" and unit.split(" ")[0] in {"Municipiul", "Orașul", "Comuna", "Sectorul"}:
        return f"Consiliul Local al {genitive(unit)}"
    if head == "" and unit.split(" ")[0] in {"Municipiului", "Orașului", "Comunei", "Sectorului"}:
        return f"Consiliul Local al {unit}"
    return value


def _composed(context: Context, places: list[tuple[int, int]]) -> Iterator[Found]:
    """As in "COMUNA X" and "CONSILIUL LOCAL" in lines of their own: one issuer."""
    text, lower = context.view.text, context.view.lower
    units = [
        (found, start)
        for start, end in places
        for found in (_UNIT_LINE.search(text, start, left_column(context, start, end)),)
        if found is not None
    ]
    for start, end in places:
        body = _COUNCIL_LINE.search(lower, start, end)
        if body is None:
            continue
        head = full_name(context.view.words(*body.span()))
        head = "Primarul" if head == "Primar" else head
        county = "Județean" in head
        fitting = [u for u, _ in units if u[1].lower().startswith("jude") == county]
        if county and fitting:
            yield issuer_at(start, end, f"{head} {_name_of(context, fitting[-1])}", 0.85)
        elif fitting:
            unit = genitive(full_name(context.view.words(*fitting[-1].span(1))))
            low, high = min(fitting[-1].start(), start), max(fitting[-1].end(), body.end())
            joined = f"{head} al {unit}" if head.startswith("Consiliul") else f"{head} {unit}"
            yield issuer_at(low, high, joined, 0.9)
        else:
            yield issuer_at(body.start(), body.end(), head, 0.55)


def _name_of(context: Context, match: re.Match[str]) -> str:
    return full_name(context.view.words(*match.span(1)).split(" ", 1)[1])


def _body_wanted(context: Context) -> re.Pattern[str] | None:
    """The body whose papers such ones are: orders the mayor's, decisions and a session's minutes the council's."""
    kind = "hotărâre" if _of_council(context) else context.kind.kind
    return _BODY_BY_TYPE.get(kind)


def _in_body(context: Context) -> Iterator[Found]:
    """As in "Consiliul Local al Comunei X, întrunit…" or "Primarul Comunei X" in the text itself."""
    wanted = _body_wanted(context)
    for match in LOCAL.finditer(context.view.text, context.kind.end, context.kind.end + 4000):
        if wanted is None or not wanted.match(match[0].lower()) or len(match[0].split()) < 3:
            continue
        if not match[0][0].isupper():
            continue
        value = _with_al(full_name(context.view.words(*match.span())))
        if any(word in value for word in ("Municipiului", "Orașului", "Comunei", "Sectorului")):
            yield issuer_at(match.start(), match.end(), value, 0.85)


def find_issuer(context: Context, department: Found | None) -> Found | None:
    """The issuer with its value in full, such as "Consiliul Local al Comunei Răstolița".

    `department` is the one that the letterhead or the text names.
    """
    found = _by_kind(context, department)
    if context.kind.kind in BY_PERSON:
        return found and agreed(context, found)
    if found is not None and context.kind.kind not in LOCAL_ACTS and _foreign(context, found):
        return found
    units = find_units(context.view)
    if found is None or found.value in _BARE:
        found = _of_unit(context, units, found) or found
    return found and _settled(context, found, units, department)


def _of_unit(context: Context, units: Sequence[NamedUnit], bare: Found | None) -> Found | None:
    """Where no body is named in full: the unit of the letterhead, or that which is named most.

    Its body is the one that the letterhead tells, or that such papers come from.
    """
    place, unit = _unit_of_header(context, units)
    if place is None and bare is None and context.kind.kind == LETTER and _to_town_hall(context):
        return None
    named = _BARE.get(bare.value, "") if bare else ""
    body = named or _USUAL.get(context.kind.kind, "")
    if not body or unit is None or of_then(context):
        return None
    whole = f"{KINDS[unit.kind]} {unit.name}"
    start, end = place or ((bare.start, bare.end) if bare else (0, 0))
    sure = 0.82 if place else (0.7 if unit.times > 1 else 0.5)
    return issuer_at(start, end, body.format(unit=whole, of=genitive(whole)), sure)


def _to_town_hall(context: Context) -> bool:
    """Whether a letter is written to a town hall, whose name then does not tell who writes."""
    lines = context.lines[:20]
    at = next((n for n, one in enumerate(lines) if LETTER_TO.match(one.text.lower())), None)
    head = lines[at : at + 3] if at is not None else ()
    return any(_TOWN_HALL.search(line.text.lower()) for line in head)


def _unit_of_header(
    context: Context, units: Sequence[NamedUnit]
) -> tuple[tuple[int, int] | None, NamedUnit | None]:
    """The unit that the letterhead names and where, failing that the most frequent one."""
    for start, end in header(context):
        for match in _UNIT_LINE.finditer(context.view.text, start, end):
            value, unit = settled(full_name(context.view.words(*match.span(1))), units)
            if unit is not None and value:
                return match.span(1), unit
    return None, units[0] if units else None


def _settled(
    context: Context, found: Found, units: Sequence[NamedUnit], department: Found | None
) -> Found:
    """The issuer with its unit as the text mostly spells it, and as the body that the law names."""
    value, unit = settled(_in_genitive(found.value), units)
    sure = found.confidence
    if unit is not None and unit.times == 1:
        sure = min(sure, 0.85 if unit.known else 0.78)
    kind = context.kind.kind
    signed = _SPEAKS.search(context.view.lower, context.kind.end) is not None
    county = value.startswith("Consiliul Județean ")
    own = kind not in BY_MAYOR or signed or county
    own = own or (department is None and _by_the_mayor(context))
    lawful = _lawful(value, kind) if own else value
    if lawful != value:
        value, sure = lawful, min(sure, 0.82)
    if not _certain(kind, value, department) or context.kind.confidence < SURE_TYPE:
        sure = min(sure, DOUBT)
    return replace(found, value=value, confidence=round(sure, 2))


def _certain(kind: str, value: str, department: Found | None) -> bool:
    """Whether law or form leave no doubt of whose paper it is.

    A decision is the council's, an order the mayor's; letterheads of a town hall and one of its
    departments may mean either.
    """
    if kind in _ORGANS:
        return _ORGANS[kind].match(value) is not None
    if kind == "factură":
        return _OF_CITY.match(value) is None
    if kind == "contract":
        return value.partition(" ")[0] in {*KINDS.values(), "Județul"}
    return kind in OF_TOWN_HALL and department is None


def _in_genitive(value: str) -> str:
    """As in "Primăria Municipiul X" → "Primăria Municipiului X", whose last letters were lost."""
    head, _, of = value.partition(" ")
    of = re.sub(r"^Sector (?=[1-6]$)", "Sectorul ", of)
    named = head in {"Primăria", "Primarul"} and of.split(" ")[0] in set(KINDS.values())
    return f"{head} {genitive(of)}" if named else value


def _by_the_mayor(context: Context) -> bool:
    """Whether the paper bears the state's letterhead or the mayor's signature."""
    head = context.view.lower[: context.kind.start]
    return re.search(r"^\W{0,3}romania\b|^primar\b", head, re.MULTILINE) is not None or (
        re.search(r"^\W{0,3}p ?r ?i ?m ?a ?r ?(?:ul)?\b", context.view.lower, re.MULTILINE)
        is not None
    )


def _lawful(value: str, kind: str) -> str:
    """The town hall's letterhead on the mayor's or the council's own act."""
    head, _, of = value.partition(" ")
    if (
        head == "Consiliul"
        and of.startswith("Județean ")
        and (kind == "dispoziție" or kind in BY_MAYOR)
    ):
        return f"Președintele Consiliului {of}"
    if head != "Primăria" or not of:
        return value
    of = genitive(of) if of.split(" ")[0] in set(KINDS.values()) else of
    if kind == "dispoziție" or kind in BY_MAYOR:
        return f"Primarul {of}"
    return f"Consiliul Local al {of}" if kind == "hotărâre" and _GENITIVE.match(of) else value


def _by_kind(context: Context, department: Found | None) -> Found | None:
    kind = context.kind.kind
    if kind in BY_PERSON:
        return person(context)
    special = BY_FORM.get(kind)
    found = special(context) if special else None
    if found is not None:
        return found
    places = header(context)
    other = _headed(context, places)
    if other is not None:
        return other
    if kind in {UNKNOWN, LETTER} and _names_nobody(context, places):
        signed = institution_elsewhere(context)
        if signed is not None or salutes_mayor(context) or _to_town_hall(context):
            return signed
    if kind == UNKNOWN and _only_stamped(context, places):
        return None
    return _of_body(context, places, department)


def _names_nobody(context: Context, places: list[tuple[int, int]]) -> bool:
    """Whether a letter's head names no city hall, or only in the stamp of its registry."""
    ours = any(OURS.match(context.view.lower, *place) for place in places)
    to_us = salutes_mayor(context) or _to_town_hall(context)
    return not ours or (to_us and _only_stamped(context, places, 0))


def _of_body(
    context: Context, places: list[tuple[int, int]], department: Found | None
) -> Found | None:
    """The city hall's body or department that head and text name."""
    kind = context.kind.kind
    wanted = _body_wanted(context)
    by_department = kind in BY_DEPARTMENT and not _of_council(context)
    if by_department and department is not None and department.confidence >= NAMED:
        return _directorate(context, department)
    bodies = [*_full_bodies(context, places), *_composed(context, places), *_in_body(context)]
    if wanted is not None:
        bodies = [b for b in bodies if wanted.match(b.value.lower().replace("ș", "s"))] or bodies
    best = max(bodies, key=lambda b: b.confidence, default=None)
    if kind not in BY_MAYOR:
        best = best or _first_office(context, places)
    return replace(best, confidence=min(best.confidence, 0.7)) if best and by_department else best


def _headed(context: Context, places: list[tuple[int, int]]) -> Found | None:
    """The people's council or the other institution that the letterhead names."""
    kind = context.kind.kind
    other = other_authority(context, places)
    council = peoples_council(context, places)
    if council is not None and (other is None or council.start <= other.start):
        return council
    if other is not None and kind == "contract":
        return replace(other, confidence=min(other.confidence, DOUBT))
    return other if kind not in LOCAL_ACTS else None


def _directorate(context: Context, department: Found) -> Found:
    """The department; a directorate over the line of its town is "Direcția … a Comunei X"."""
    value = department.value
    line = next((one for one in context.lines if one.start >= department.end), None)
    unit = line and _UNIT_LINE.fullmatch(context.view.text, line.start, line.end)
    if unit and value.startswith("Direcția "):
        value = f"{value} a {genitive(full_name(context.view.words(*unit.span(1))))}"
    return issuer_at(department.start, department.end, value, 0.85)


def _only_stamped(context: Context, places: list[tuple[int, int]], first: int = 1) -> bool:
    """Whether what stands above is the stamp of the city hall's registry, no letterhead."""
    return any(STAMP.match(context.view.lower, start, end) for start, end in places[first:3])


def _foreign(context: Context, found: Found) -> bool:
    """Whether another institution's letterhead names the issuer."""
    other = other_authority(context, header(context))
    return other is not None and other.start == found.start


def _of_council(context: Context) -> bool:
    """Whether minutes are those of a council's session."""
    if context.kind.kind != "proces-verbal":
        return False
    head = context.view.lower[context.kind.start : context.kind.end + 250]
    return re.search(r"sedint\w*[\s\S]{0,80}consili", head) is not None


def _first_office(context: Context, places: list[tuple[int, int]]) -> Found | None:
    """Failing all else, the first institution of the header; a department alone is none."""
    last = places[-1][1] if places else 0
    for span in context.spans:
        part = _PART.match(context.view.lower, span.start)
        if span.label == "ORG" and span.end <= last and part is None:
            return issuer_at(span.start, span.end, span.value, 0.6)
    return None

# ruff: noqa: PLR2004 - distances and weights stand where the rule that uses them stands
"""Who a document comes from."""

import re
from collections.abc import Iterator

from pipeline.metadata.institutions import (
    COUNTY,
    DEPARTMENT_HEADS,
    LOCAL,
    NAME,
    full_name,
    genitive,
)
from pipeline.metadata.numbers import Context
from pipeline.metadata.spans import Found

BY_DEPARTMENT = frozenset({"anchetă socială", "referat", "proces-verbal", "altul"})
BY_PERSON = frozenset({"cerere", "petiție", "declarație fiscală"})
_UNIT_LINE = re.compile(
    rf"(?:U\.?A\.?T\.?[ ]{{1,2}})?((?i:municipiul|orasul|comuna|sectorul|judetul)[ ](?:{NAME}|[1-6]\b))"
)
_COUNCIL_LINE = re.compile(
    r"consiliul[ ](?:local|judetean|general|satesc|comunal|orasenesc|municipal)\b|primar(?:ul)?$"
    r"|primaria$|prefectura$",
)
_DEPARTMENT = re.compile(rf"\b(?:{DEPARTMENT_HEADS})\b", re.IGNORECASE)
_FROM_DEPARTMENT = re.compile(rf"\bdin cadrul\s{{1,3}}(?=(?:{DEPARTMENT_HEADS})\b)", re.IGNORECASE)
_BODY_BY_TYPE = {
    "hotărâre": re.compile(r"consiliul"),
    "dispoziție": re.compile(r"primarul\b(?! general de)"),
}
_DESCRIBED = re.compile(
    r"\W{0,4}\n?(?:c\.? ?n\.? ?p\b|domiciliat|cu domiciliul|locuind|posesor|legitimat|avand domiciliul|nascut)"
)
_OFFICIAL = re.compile(
    r"(?:primar|inspector|secretar|functionar|domnul|doamna|domnului|doamnei)\W{0,4}$"
)
_SELLER = re.compile(
    r"\b(?:furnizor(?:ul)?|vanzator(?:ul)?|emitent|prestator(?:ul)?)[ ]{0,2}[:.]?[ \n]{1,3}",
    re.IGNORECASE,
)
_OF_UNIT_LINE = re.compile(
    rf"[ ]*\n[ ]*(?:(?i:al|a)[ ])?(?i:municipiului|orasului|comunei|sectorului|judetului)[ ](?:{NAME}|[1-6]\b)"
)
_FIRST_PARTY = re.compile(
    rf"\b(?:intre|dintre|partile|(?:partile )?contractante|contractanta|achizitor(?:ul)?|beneficiar(?:ul)?)[ :]{{0,3}}\s{{1,3}}(?:[0-9]\.?[0-9.]{{0,3}}\s{{1,2}})?(?:U\.?A\.?T\.?[ ])?"
    rf"((?i:municipiul|orasul|comuna|sectorul|judetul|primaria)\s(?:(?i:municipiului|orasului|comunei|sectorului)\s)?(?:{NAME}|[1-6]\b))"
)


def _issuer(start: int, end: int, value: str, sure: float) -> Found:
    return Found("issuer", start, end, value, sure)


def _header(context: Context) -> list[tuple[int, int]]:
    """The lines before the title, or the first lines; lines that address someone left out."""
    last = context.kind.line if context.kind.end else 10
    places = []
    for line in context.lines[: max(0, min(last, 16))]:
        if re.match(r"\W{0,3}(?:catre|destinatar|d-?lui|domnul)", line.text.lower()):
            break
        places.append((line.start, line.end))
    return places


def _full_bodies(context: Context, places: list[tuple[int, int]]) -> Iterator[Found]:
    """Bodies named in full: "PRIMĂRIA COMUNEI X", "Consiliul Local al Sectorului 6"."""
    if not places:
        return
    text, start, end = context.view.text, places[0][0], places[-1][1]
    for match in (*LOCAL.finditer(text, start, end), *COUNTY.finditer(text, start, end)):
        long = len(match[0].split()) > 2
        if match[0][0].isupper() and (long or match[0].lower() == "primaria"):
            value = full_name(context.view.words(*match.span()))
            yield _issuer(*match.span(), _with_al(value), 0.9 if long else 0.5)


def _with_al(value: str) -> str:
    """As in "Consiliul Local Comuna X" → "Consiliul Local al Comunei X"."""
    head, _, unit = value.partition("Consiliul Local ")
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
        for found in (_UNIT_LINE.search(text, start, end),)
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
            yield _issuer(start, end, f"{head} {_name_of(context, fitting[-1])}", 0.85)
        elif fitting:
            unit = genitive(full_name(context.view.words(*fitting[-1].span(1))))
            low, high = min(fitting[-1].start(), start), max(fitting[-1].end(), body.end())
            joined = f"{head} al {unit}" if head.startswith("Consiliul") else f"{head} {unit}"
            yield _issuer(low, high, joined, 0.9)
        else:
            yield _issuer(body.start(), body.end(), head, 0.55)


def _name_of(context: Context, match: re.Match[str]) -> str:
    return full_name(context.view.words(*match.span(1)).split(" ", 1)[1])


def _in_body(context: Context) -> Iterator[Found]:
    """As in "Consiliul Local al Comunei X, întrunit…" or "Primarul Comunei X" in the text itself."""
    wanted = _BODY_BY_TYPE.get(context.kind.kind)
    for match in LOCAL.finditer(context.view.text, context.kind.end, context.kind.end + 4000):
        if wanted is None or not wanted.match(match[0].lower()) or len(match[0].split()) < 3:
            continue
        if not match[0][0].isupper():
            continue
        value = _with_al(full_name(context.view.words(*match.span())))
        if any(word in value for word in ("Municipiului", "Orașului", "Comunei", "Sectorului")):
            yield _issuer(match.start(), match.end(), value, 0.85)


def find_department(context: Context) -> Found | None:
    """The department in the letterhead ("Compartimentul Urbanism")."""
    for start, end in _header(context):
        match = _DEPARTMENT.match(context.view.text, start, end)
        if match:
            of_unit = _OF_UNIT_LINE.match(context.view.text, end)
            last = of_unit.end() if of_unit else end
            value = full_name(context.view.words(start, last))
            return Found("compartiment", start, last, value, 0.8)
    match = _FROM_DEPARTMENT.search(context.view.text, context.kind.end, context.kind.end + 700)
    office = match and next((s for s in context.spans if s.start == match.end()), None)
    if office:
        return Found("compartiment", office.start, office.end, office.value, 0.7)
    return None


def _person(context: Context) -> Found | None:
    """The private person who writes: the first one called so, else the one who signs."""
    persons = [span for span in context.spans if span.label == "PERSON"]
    lower = context.view.lower
    called = (
        r"(?:subsemnat\w*\W{0,12}(?:ul|a)?\W{0,3}|nume(?:le)?(?: si prenume(?:le)?)?\W{0,5}|numit[ai]\W{0,3}"
        r"|(?:solicitant|petent|petitionar|contribuabil|declarant)\w*\W{0,5})$"
    )
    for span in persons:
        if re.search(called, lower[max(0, span.start - 40) : span.start]):
            return _issuer(span.start, span.end, span.value, 0.9)
    for span in persons:
        if _DESCRIBED.match(lower, span.end) and not _OFFICIAL.search(
            lower[max(0, span.start - 30) : span.start]
        ):
            return _issuer(span.start, span.end, span.value, 0.8)
    first = context.lines[:8]
    for span in persons:
        if any(line.start <= span.start and span.end >= line.end - 2 for line in first):
            return _issuer(span.start, span.end, span.value, 0.75)
    for span in persons:
        if re.search(
            r"(?:cu stima|cu respect|semnatura|reprezentati? de|petent\w*)\W{0,6}(?:\w+ )?$",
            lower[max(0, span.start - 40) : span.start],
        ):
            return _issuer(span.start, span.end, span.value, 0.75)
    return _signer(context, persons)


def _signer(context: Context, persons: list[Found]) -> Found | None:
    """The person named last, near the end of the paper, where a letter is signed."""
    last = context.lines[-1].end if context.lines else 0
    for span in reversed(persons):
        before = context.view.lower[max(0, span.start - 30) : span.start]
        if span.start > last - 400 and not _OFFICIAL.search(before):
            return _issuer(span.start, span.end, span.value, 0.5)
    return None


def _firm(context: Context) -> Found | None:
    """The seller of an invoice."""
    for match in _SELLER.finditer(context.view.text):
        for span in context.spans:
            if span.label == "ORG" and match.end() - 1 <= span.start <= match.end() + 3:
                return _issuer(span.start, span.end, span.value, 0.9)
    for span in context.spans:
        before = context.view.lower[max(0, span.start - 40) : span.start]
        if span.label == "ORG" and not re.search(
            r"(?:cumparator|beneficiar|client)\W{0,6}$", before
        ):
            return _issuer(span.start, span.end, span.value, 0.5)
    return None


def _party(context: Context) -> Found | None:
    """The first party of a contract."""
    match = _FIRST_PARTY.search(context.view.text)
    if match is None:
        return None
    value = full_name(context.view.words(*match.span(1)))
    return _issuer(match.start(1), match.end(1), value, 0.85)


def find_issuer(context: Context) -> Found | None:
    """The issuer with its value in full, such as "Consiliul Local al Comunei Răstolița"."""
    kind = context.kind.kind
    if kind in BY_PERSON:
        return _person(context)
    special = {"factură": _firm, "contract": _party}.get(kind)
    found = special(context) if special else None
    if found is not None:
        return found
    places = _header(context)
    wanted = _BODY_BY_TYPE.get(kind)
    department = find_department(context) if kind in BY_DEPARTMENT else None
    if department is not None:
        return _issuer(department.start, department.end, department.value, 0.8)
    bodies = [*_full_bodies(context, places), *_composed(context, places), *_in_body(context)]
    if wanted is not None:
        bodies = [b for b in bodies if wanted.match(b.value.lower().replace("ș", "s"))] or bodies
    best = max(bodies, key=lambda b: b.confidence, default=None)
    return best or _first_office(context, places)


def _first_office(context: Context, places: list[tuple[int, int]]) -> Found | None:
    """Failing all else, the first institution of the header."""
    last = places[-1][1] if places else 0
    for span in context.spans:
        if span.label == "ORG" and span.end <= last:
            return _issuer(span.start, span.end, span.value, 0.6)
    return None

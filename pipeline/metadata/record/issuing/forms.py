"""Whom a paper's form names: an invoice's seller, a contract's first party, the commission of minutes."""

import re
from dataclasses import replace

from rapidfuzz.distance import Levenshtein

from pipeline.metadata.entities.administrative import slips_allowed
from pipeline.metadata.entities.gazetteer import letters_of
from pipeline.metadata.entities.institutions import NAME, full_name, nominative
from pipeline.metadata.record.context import Context
from pipeline.metadata.text.spans import Found

DOUBT = 0.78
"""How sure an issuer is at the most where other city halls' papers may mean another."""
_OF_TOWN_HALL = re.compile(
    r"Primăria ((?:Municipiului|Orașului|Comunei|Sectorului|Municipiul|Orașul|Comuna|Sectorul) .+)"
)
WORN = 0.7
_SECOND = re.compile(r"\b(?:si|cu)\W*$")
PARTIES = 12  # lines under a contract's title in which its parties are named
_MIXED = re.compile(r"[A-Za-z][0-9]|[0-9][a-z]")
_FIRM_FORM = re.compile(
    r"\b(?:S\.? ?R\.? ?L|S\.? ?A|P\.? ?F\.? ?A|S\.? ?N\.? ?C|R\.? ?A|I\.? ?I)\b\.?$"
)
_SELLER = re.compile(
    r"\b(?:furnizor(?:ul)?|vanzator(?:ul)?|emitent|prestator(?:ul)?)[ ]{0,2}[:.]?[ \n]{1,3}",
    re.IGNORECASE,
)
_ROLE = re.compile(
    r"(?:furnizor|v[aâ]nz[aă]tor|emitent|prestator|subscris)\w*[ :]{1,3}(?=\S)", re.IGNORECASE
)
_SIDE_BY_SIDE = re.compile(
    r"\bfurnizor(?:ul)?\W{1,6}(?:client(?:ul)?|cumparator(?:ul)?|beneficiar(?:ul)?)\W{0,3}\n",
    re.IGNORECASE,
)
"""The headings of an invoice's two columns: the seller stands in the first."""
_COMMISSION = re.compile(
    r"(?m:^)\W{0,3}(Comisia [a-z][A-Za-z ]{4,60}?),?\s(?:numit|constituit|compus|format|alcatuit)a\b"
)
"""As in "Comisia de recepție, numită prin …, a verificat": minutes are its own."""
_FIRST_PARTY = re.compile(
    rf"(?:\b(?:[iI]ntre|dintre|partile|(?:partile )?contractante|contractanta|achizitor(?:ul)?|beneficiar(?:ul)?)[ :]{{0,3}}\s{{1,3}}(?:[0-9]\.?[0-9.]{{0,3}}\s{{1,2}})?"
    r"|(?m:^)(?:1|I)[.)]{1,2}(?:1\.?)?\s{1,2})(?:U\.?A\.?T\.?[ ])?"
    rf"((?i:municipiul|orasul|comuna|sectorul|judetul|primaria|consiliul local al)\s(?:(?i:municipiului|orasului|comunei|sectorului)\s)?(?:{NAME}(?:\n[A-Z][a-z]+(?=,))?|[1-6]\b))"
)


def issuer_at(start: int, end: int, value: str, sure: float) -> Found:
    """An issuer named at a place of the view's text."""
    return Found("issuer", start, end, value, sure)


def _firm(context: Context) -> Found | None:
    """The seller of an invoice; doubtful where the paper names it once only, or spells it otherwise."""
    found = _seller(context)
    if found is None:
        return None
    letters = letters_of(found.value)
    spelled = [letters_of(s.value) for s in context.spans if s.label == "ORG"]
    near = any(0 < Levenshtein.distance(letters, s) <= slips_allowed(letters) for s in spelled)
    worn = near or _MIXED.search(found.value) is not None
    most = WORN if worn else 1 if spelled.count(letters) > 1 else DOUBT
    return replace(found, confidence=min(found.confidence, most))


def _without_role(span: Found) -> Found:
    """A firm's name without the heading of its column: "Furnizor Topocad S.R.L."."""
    role = _ROLE.match(span.value)
    if role is None:
        return span
    return replace(span, start=span.start + role.end(), value=span.value[role.end() :])


def _seller(context: Context) -> Found | None:
    orgs = [_without_role(span) for span in context.spans if span.label == "ORG"]
    firms = [span for span in orgs if _FIRM_FORM.search(span.value)]
    columns = _SIDE_BY_SIDE.search(context.view.text)
    if columns is not None:
        below = next((s for s in firms if s.start >= columns.end()), None)
        return below and issuer_at(below.start, below.end, below.value, 0.82)
    for match in _SELLER.finditer(context.view.text):
        for span in orgs:
            if match.end() - 1 <= span.start <= match.end() + 3:
                return issuer_at(span.start, span.end, span.value, 0.9)
    for span in firms:
        before = context.view.lower[max(0, span.start - 40) : span.start]
        if not re.search(r"(?:cumparator|beneficiar|client)\W{0,6}$", before):
            first = any(span.start < line.end for line in context.lines[:6])
            return issuer_at(span.start, span.end, span.value, 0.82 if first else 0.6)
    return None


def _represented(context: Context) -> Found | None:
    """The firm that begins a contract's text: "Ecosal S.A., reprezentată de …, și Comuna X"."""
    for line in context.lines[context.kind.line + 1 :][:PARTIES]:
        firm = next((s for s in context.spans if s.label == "ORG" and s.start == line.start), None)
        if firm and _FIRM_FORM.search(firm.value):
            before = context.view.lower[max(0, firm.start - 12) : firm.start]
            after = context.view.lower[firm.end : firm.end + 80]
            if not _SECOND.search(before) and re.match(
                r"[ ,]{0,2}(?:cu sediul|reprezentat|prin )", after
            ):
                return issuer_at(firm.start, firm.end, firm.value, 0.82)
    return None


def _party(context: Context) -> Found | None:
    """The first party of a contract: of a town hall and its town, the town, which has the rights."""
    match = _FIRST_PARTY.search(context.view.text)
    firm = _represented(context)
    if firm is not None and (match is None or firm.start < match.start()):
        return firm
    if match is None:
        return None
    value = full_name(context.view.words(*match.span(1)))
    of_unit = _OF_TOWN_HALL.match(value)
    value = nominative(of_unit[1]) if of_unit else value
    return issuer_at(match.start(1), match.end(1), value, 0.85)


def _commission(context: Context) -> Found | None:
    """The commission that draws up minutes."""
    found = _COMMISSION.search(context.view.text, context.kind.end, context.kind.end + 600)
    return found and issuer_at(*found.span(1), context.view.words(*found.span(1)), DOUBT)


BY_FORM = {"factură": _firm, "contract": _party, "proces-verbal": _commission}

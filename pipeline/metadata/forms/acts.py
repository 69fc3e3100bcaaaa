"""Cited acts: laws, ordinances, decisions and orders with their number and year or date."""

import re

from pipeline.metadata.forms.dates import CENTURY_TURN, DIGIT, YEAR, digits
from pipeline.metadata.text.spans import Found

_LOCAL = r"(?: (?:al|a) [^.;:\d]{0,60}?)?"
# The act as it is written (folded, lower case) and as it is cited in a value.
KINDS: tuple[tuple[str, str], ...] = (
    (r"o\.? ?u\.? ?g\b\.?|ordonant(?:a|ei) de urgenta(?:\s(?:a )?guvernului)?", "OUG"),
    (r"o\.? ?g\b\.?|ordonant(?:a|ei)(?:\sguvernului)?", "OG"),
    (r"h\.? ?g\b\.?|hotarar(?:ea|ii|ilor|ile)\sguvernului", "HG"),
    (
        r"h\.? ?c\.? ?l\b\.?(?: ?[ms]\b\.?)?|hotarar(?:ea|ii|ilor|ile)\sconsiliului\slocal"
        + _LOCAL,
        "HCL",
    ),
    (r"h\.? ?c\.? ?g\.? ?m\.? ?b\b\.?", "HCGMB"),
    (r"h\.? ?c\.? ?j\b\.?|hotarar(?:ea|ii|ilor|ile)\sconsiliului\sjudetean", "HCJ"),
    (r"hotarar(?:ea|ii|ilor|ile)", "Hotărârea"),
    (r"dispoziti(?:a|ei)(?:\sprimarului)?" + _LOCAL, "Dispoziția"),
    (r"ordin(?:ul|ului)", "Ordinul"),
    (r"decret(?:ul|ului)(?:-lege)?", "Decretul"),
    (r"decizi(?:a|ei)", "Decizia"),
    (r"leg(?:ea|ii|ile|ilor)", "Legea"),
    (r"regulament(?:ul|ului) \(?(?:ue|ce)\)?", "Regulamentul UE"),
    (r"directiv(?:a|ei)", "Directiva"),
)
_KIND = "|".join(f"(?P<k{index}>{pattern})" for index, (pattern, _) in enumerate(KINDS))
_DAY = rf"{DIGIT}{{1,2}} ?[./-] ?{DIGIT}{{1,2}} ?[./-] ?|{DIGIT}{{1,2}}\s[a-z]{{3,10}}\s"
_ACT = re.compile(
    rf"(?<![a-z0-9])(?:{_KIND})(?:\s{{0,3}}(?:nr|numarul)\b|[^.;:\d]{{0,90}}?\s(?:nr|numarul)\b)?"
    rf"[.,]{{0,2}}\s{{0,3}}(?P<number>(?=[oil|]{{0,2}}[0-9])(?:{DIGIT}|\.(?=\d{{3}}[/ ])){{1,7}})(?: ?- ?[ivxlm]{{1,6}})?"
    rf"\s{{0,2}}(?:/|\s?din\s(?:anul\s|data de\s)?)\s{{0,2}}"
    rf"(?:(?:{_DAY})?(?P<year>{YEAR})|{DIGIT}{{2}}\.{DIGIT}{{2}}\.(?P<short>\d\d))(?![0-9a-z])"
)


def find_acts(lower: str) -> tuple[Found, ...]:
    """Acts cited in a folded lower-case text; `value` such as "Legea 215/2001" or "HCL 12/2010"."""
    return tuple(_act(match) for match in _ACT.finditer(lower))


def _act(match: re.Match[str]) -> Found:
    kind = next(name for index, (_, name) in enumerate(KINDS) if match[f"k{index}"] is not None)
    year = digits(match["year"]) if match["year"] else _century(match["short"])
    number = digits(match["number"]).replace(".", "")
    sure = 0.95 if number == match["number"] else 0.8
    return Found("ACT_REF", match.start(), match.end(), f"{kind} {number}/{year}", sure)


def _century(short: str) -> str:
    return ("20" if int(short) < CENTURY_TURN else "19") + short

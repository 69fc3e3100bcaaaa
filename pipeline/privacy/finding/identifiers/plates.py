"""Licence plates, old and new, as scanners read them."""

import re
from collections.abc import Iterator

from pipeline.metadata.text.vocabulary import PLATE_COUNTIES
from pipeline.privacy.finding.identifiers.digits import as_digits, as_letters
from pipeline.privacy.finding.spans import Span
from schemas.privacy import PersonalKind

LIKELY = 0.85
_COUNTY = "|".join(PLATE_COUNTIES)
_DIGIT = "[0-9OoIilSsBZzGgqA]"
_TWO = rf"(?=.?\d){_DIGIT}{{2}}"
_THREE = rf"(?=.{{0,2}}\d){_DIGIT}{{2,3}}"
_JOINT = "[ \\n.,'-]{0,3}"
_NO_SUM = r"(?!(?:LEI|RON|ROL|EUR|USD|BUC)\b)"
_NEW = re.compile(
    rf"(?<![0-9A-Za-z-])(?:(?:{_COUNTY})[a-z]?{_JOINT}{_TWO}|B{_JOINT}{_THREE})"
    rf"{_JOINT}{_NO_SUM}(?:[A-Z](?: ?[A-Z]){{2}}|(?=[A-Z0158]*[A-Z])[A-Z0158]{{3}})[a-z]?(?![0-9A-Za-z]|-\d)"
)
_OLD = re.compile(
    rf"(?<![0-9A-Za-z/.-])[0-9OIl]{{1,2}} ?[-.] ?(?:{_COUNTY}|B) ?[-.] ?[0-9OIlSBZ]{{3,5}}(?![0-9A-Za-z]|-\d)"
)
_TWO_GREAT = r"(?:[A-Z]{2}[A-Za-z]|[A-Z][a-z][A-Z]|[a-z][A-Z]{2}|[puvxwzsck]{2}[A-Z])"
_WORN = re.compile(
    rf"(?<![0-9A-Za-z-])(?:(?:(?i:{_COUNTY})|[Il1][SLFslf])[ .,'-]{{1,3}}{_TWO}|[Bb8][.,-]{{1,2}}{_THREE}|B {_THREE})"
    rf"(?:[ .,'-]{{1,3}}{_NO_SUM}{_TWO_GREAT}|-[A-Za-z0158]{{3}})(?![0-9A-Za-z]|-\d)"
)
"""With small letters where a scanner read them so: "Is-02-ASH"."""
_SHAPED = re.compile(
    rf"(?<![0-9A-Za-z-])(?=[0-9A-Za-z]?[A-Za-z])[0-9A-Za-z]{{1,2}} ?([.-]) ?{_DIGIT}(?: ?{_DIGIT}){{1,2}} ?\1 ?[A-Z](?: ?[A-Z]){{2}}(?![0-9A-Za-z]|-\d)"
    rf"|(?<![0-9A-Za-z-])(?:{_COUNTY}|B) \d(?: ?\d){{1,2}} {_NO_SUM}[A-Z]{{3}}(?![0-9A-Za-z]|-\d)"
)
"""Set as plates are, whatever the county was read as."""
_CUE = re.compile(
    r"(?i:[il1]n[mn]at?r[il1]cul\w+|numar\w* de circulatie|\bauto(?:turism\w*|vehicul\w*|utilitar\w*)?\b"
    r"|\b(?:marca|masin\w*|vehicul\w*|remorc\w*|motociclet\w*|moped\w*|camion\w*|duba|dubita)\b)[^\n]{0,24}?[ \n]"
    rf"([A-Z0-9][A-Za-z0-9]{{0,2}}[ \n.,-]{{0,3}}{_THREE}[ \n.,-]{{0,3}}{_NO_SUM}(?=[A-Za-z0-9]{{0,2}}[A-Z])(?:[A-Z0-9]{{2,4}}|[A-Za-z0-9]{{3}})(?![a-z])"
    rf"|(?=[0-9 .-]{{0,4}}[A-Z])[A-Z0-9]{{1,3}}[ \n.-]{{0,3}}[0-9OIlSBZ]{{2,3}}[ \n.-]{{0,3}}{_NO_SUM}[A-Z0-9]{{2,4}}"
    r"|[0-9OIl]{1,2}[ .-]{1,2}[A-Z0-9]{1,2}[ .-]{1,2}[0-9OIlSBZ]{3,5})(?![0-9A-Za-z])"
)
_NEW_PARTS = re.compile(r"([A-Z]{1,2})\W*([0-9OIlSBZ]{2,3})\W*([A-Z0-9](?: ?[A-Z0-9]){2})$")
_OLD_PARTS = re.compile(r"([0-9OIl]{1,2})\W*([A-Z]{1,2})\W*([0-9OIlSBZ]{3,5})$")
_LEADING_I = re.compile(r"^[l1](?=[SLFslf])")


def plate_value(raw: str) -> str:
    """A plate's letters and digits, misread ones put right by their place."""
    if new := _NEW_PARTS.match(raw):
        return new[1] + as_digits(new[2]) + as_letters(new[3].replace(" ", ""))
    if old := _OLD_PARTS.match(raw):
        return as_digits(old[1]) + old[2] + as_digits(old[3])
    return re.sub(r"\W", "", _LEADING_I.sub("I", raw)).upper()


def find(text: str) -> Iterator[Span]:
    """Plates by their form, and what stands where a vehicle's plate is told."""
    for pattern in (_NEW, _OLD, _WORN, _SHAPED):
        for match in pattern.finditer(text):
            yield Span(PersonalKind.PLATE, *match.span(), plate_value(match[0]), LIKELY)
    for match in _CUE.finditer(text):
        yield Span(PersonalKind.PLATE, *match.span(1), plate_value(match[1]), LIKELY)

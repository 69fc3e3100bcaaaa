"""The purpose of looking at a restricted record: a code, and the number of the case it is for.

`court 4817/2026`. Codes and numbers alone, so that neither log nor chain ever holds free text.
"""

import re

from schemas.errors import UsageError
from search.access.rights import PURPOSES

_CASE = re.compile(r"[0-9]{1,9}/(?:19|20)[0-9]{2}")


def purpose_of(code: str, case: str = "") -> str:
    """The purpose as it is stored; raises UsageError purpose-invalid."""
    if code not in PURPOSES or (case and not _CASE.fullmatch(case)):
        raise UsageError("purpose-invalid", "", list=", ".join(PURPOSES))
    return f"{code} {case}".strip()


def parse_purpose(text: str) -> str:
    """The same from one line: CODE [NUMBER/YEAR]."""
    code, _, case = text.strip().partition(" ")
    return purpose_of(code, case.strip())

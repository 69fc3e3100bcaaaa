"""Who asks, and which pages they may see: the one vocabulary of the rules of access."""

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """What a caller is; the rights of each are a table in search/access/."""

    ANONYMOUS = "anonymous"
    PORTAL = "portal"
    CLERK = "clerk"
    ARCHIVIST = "archivist"
    JURIST = "jurist"
    AUDITOR = "auditor"
    MANAGEMENT = "management"
    OPERATOR = "operator"
    STATION = "station"
    ADMIN = "admin"


@dataclass(frozen=True, slots=True)
class Grant:
    """Pages that one rule opens: all that is named must hold, what is empty is not asked.

    Values are compared as filters are (letter case and diacritics do not matter).
    """

    institutions: tuple[str, ...] = ()
    departments: tuple[str, ...] = ()
    regimes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Scope:
    """The index that a caller reads, `staff` or `public`, and what is open there.

    A page is open when one of the grants opens it; without grants nothing is.
    """

    index: str = "public"
    grants: tuple[Grant, ...] = (Grant(),)


PUBLIC_SCOPE = Scope("public")
WHOLE_ARCHIVE = Scope("staff")


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks: `name` is an account's or a key's, empty for anonymous callers.

    `institutions` and `departments` bound a clerk, `stations` an operator or a station; `purpose`
    is what was told to be the reason for looking at restricted records.
    """

    role: Role = Role.ANONYMOUS
    name: str = ""
    institutions: tuple[str, ...] = ()
    departments: tuple[str, ...] = ()
    stations: tuple[str, ...] = ()
    purpose: str = ""
    scopes: tuple[str, ...] = ()


ANONYMOUS = Caller()


@dataclass(frozen=True, slots=True)
class Session:
    """Somebody who signed in: `token` is the secret that he shows again, told once.

    `ends` is in seconds since 1970; `device` is what his browser shows at the next sign-in.
    """

    token: str
    caller: Caller
    ends: int
    device: str = ""


@dataclass(frozen=True, slots=True)
class Begun:
    """A sign-in begun at an identity provider: what must come back, and where it goes on to."""

    nonce: str
    verifier: str
    back: str

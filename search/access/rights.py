"""Who may do what: a table of role × action × regime, and the pages that a caller's searches reach.

The table is plain data; everything that is not in it is refused. The one place that decides.
"""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from types import MappingProxyType

from schemas.access import PUBLIC_SCOPE, Caller, Grant, Role, Scope
from search.analysis import tokens

PUBLIC, ANONYMISED, RESTRICTED = "public", "anonymised", "restricted"
NO_REGIME = ""
"""Of what is about no document."""
_ALL = (PUBLIC, ANONYMISED, RESTRICTED)
_NONE = (NO_REGIME,)

SEARCH, VIEW, CORRECT = "search", "view", "correct"
REDACT, PROPOSE, RELEASE, WITHDRAW, RULES = "redact", "propose", "release", "withdraw", "rules"
EXPORT, REPORTS, REQUESTS, METRICS = "export", "reports", "requests", "metrics"
STATIONS, DELIVER = "stations", "deliver"
AUDIT, ACCOUNTS, KEYS = "audit", "accounts", "keys"
ASSIGN, ANSWER = "assign", "answer"
"""Of requests under Law 544/2001; a clerk answers those that were assigned to him."""
CHANGES, REQUEST = "changes", "request"
"""With SEARCH and VIEW of public copies what everybody may do; a key may be bounded to some."""
SCOPES = (SEARCH, VIEW, CHANGES, REQUEST, DELIVER)
ACTIONS = (
    *(SEARCH, VIEW, CORRECT, REDACT, PROPOSE, RELEASE, WITHDRAW, RULES, EXPORT),
    *(
        REPORTS,
        REQUESTS,
        ASSIGN,
        ANSWER,
        METRICS,
        STATIONS,
        DELIVER,
        AUDIT,
        ACCOUNTS,
        KEYS,
        CHANGES,
        REQUEST,
    ),
)

_READS: Mapping[str, tuple[str, ...]] = {SEARCH: _ALL, VIEW: _ALL}
RIGHTS: Mapping[Role, Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        Role.ANONYMOUS: {},
        Role.PORTAL: {},
        Role.CLERK: {**_READS, CORRECT: _ALL, REQUESTS: _NONE, ANSWER: _NONE},
        Role.ARCHIVIST: {
            **_READS,
            **dict.fromkeys((CORRECT, REDACT, PROPOSE, RELEASE, WITHDRAW, EXPORT), _ALL),
            **dict.fromkeys((REQUESTS, ASSIGN, ANSWER, REPORTS, STATIONS), _NONE),
        },
        Role.JURIST: {
            **_READS,
            **dict.fromkeys((REDACT, PROPOSE, RELEASE, WITHDRAW), _ALL),
            **dict.fromkeys((RULES, REQUESTS, ASSIGN, ANSWER, REPORTS), _NONE),
        },
        Role.AUDITOR: {**_READS, **dict.fromkeys((AUDIT, REPORTS), _NONE)},
        Role.MANAGEMENT: {REPORTS: _NONE},
        Role.OPERATOR: dict.fromkeys((STATIONS, DELIVER), _NONE),
        Role.STATION: {DELIVER: _NONE},
        Role.ADMIN: {
            **_READS,
            **dict.fromkeys((ACCOUNTS, KEYS, STATIONS, REQUESTS, ASSIGN, REPORTS, METRICS), _NONE),
        },
    }
)
"""What each role may do, and with documents of which regimes. Public copies are everybody's: the
public index and `/api/v1/public` ask for no right."""

BOUND_TO_DEPARTMENT = frozenset({Role.CLERK})
PURPOSE_REGIMES = frozenset({RESTRICTED})
"""Looking at documents of these regimes takes a purpose, whoever asks."""
PURPOSE_ACTIONS = frozenset({VIEW, EXPORT})
PURPOSES = ("request", "petition", "court", "control", "protection", "archive", "registry")
"""Why somebody may look at a restricted record: codes, so that a log holds no free text."""


class Verdict(StrEnum):
    """What is answered to somebody who wants to do something."""

    YES = "yes"
    PURPOSE = "purpose"
    NO = "no"


def verdict(caller: Caller, action: str, regime: str = NO_REGIME) -> Verdict:
    """Whether the caller's role may do that with a document of that regime; PURPOSE: once told why.

    An unknown action or regime is NO. Whether the document is within the caller's reach is told by
    `reaches`.
    """
    bounded = caller.scopes and action not in caller.scopes
    if bounded or regime not in RIGHTS[caller.role].get(action, ()):
        return Verdict.NO
    asked = regime in PURPOSE_REGIMES and action in PURPOSE_ACTIONS
    return Verdict.PURPOSE if asked and not caller.purpose else Verdict.YES


def allowed(caller: Caller, action: str, regime: str = NO_REGIME) -> bool:
    """Whether the caller may do that now, purpose included."""
    return verdict(caller, action, regime) is Verdict.YES


def is_staff(caller: Caller) -> bool:
    """Whether the caller reads the staff index at all, however little of it is open to him."""
    return SEARCH in RIGHTS[caller.role]


def scope_of(caller: Caller) -> Scope:
    """The index that the caller reads, and what is open there.

    A clerk without exactly one institution and at least one department reaches nothing. A role
    bounded to institutions reaches those; without any named, the whole archive.
    """
    if not is_staff(caller):
        return PUBLIC_SCOPE
    if caller.role in BOUND_TO_DEPARTMENT and not (
        len(caller.institutions) == 1 and caller.departments
    ):
        return Scope("staff", ())
    regimes = RIGHTS[caller.role][SEARCH]
    grant = Grant(
        caller.institutions,
        caller.departments if caller.role in BOUND_TO_DEPARTMENT else (),
        () if regimes == _ALL else regimes,
    )
    return Scope("staff", (grant,))


def reaches(scope: Scope, institution: str, department: str, regime: str) -> bool:
    """Whether a page or document with these fields is open in a scope."""
    return any(
        _among(grant.institutions, institution)
        and _among(grant.departments, department)
        and _among(grant.regimes, regime)
        for grant in scope.grants
    )


def roles_that_may(action: str) -> tuple[Role, ...]:
    """The roles that may do something, in the table's order."""
    return tuple(role for role, rights in RIGHTS.items() if action in rights)


def _among(values: Sequence[str], value: str) -> bool:
    return not values or _plain(value) in map(_plain, values)


def _plain(value: str) -> str:
    return " ".join(token.fold for token in tokens(value))

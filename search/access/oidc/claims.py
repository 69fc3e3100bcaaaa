"""What a token's claims make of a person: a role by a table, institutions and departments."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from schemas.access import Caller, Role
from schemas.errors import AccessError, UsageError
from schemas.settings import Settings

_ROLES = (
    *(Role.ARCHIVIST, Role.JURIST, Role.AUDITOR, Role.CLERK),
    *(Role.MANAGEMENT, Role.OPERATOR, Role.ADMIN, Role.PORTAL),
)
_MOST = 50
_LONGEST = 200


@dataclass(frozen=True, slots=True)
class ClaimTable:
    """Where claims stand, and which of ours a claimed role is; the first of the table counts."""

    path: tuple[str, ...]
    roles: tuple[tuple[str, Role], ...]
    institutions: str
    departments: str


def claim_table(settings: Settings) -> ClaimTable:
    """The table of the settings; raises UsageError setting-invalid."""
    roles = tuple((f"opis-{role.value}", role) for role in _ROLES)
    if settings.oidc_roles:
        roles = tuple(_row(text) for text in settings.oidc_roles.split(","))
    return ClaimTable(
        tuple(settings.oidc_claim.split(".")),
        roles,
        settings.oidc_institution_claim,
        settings.oidc_department_claim,
    )


def _row(text: str) -> tuple[str, Role]:
    name, _, role = (part.strip() for part in text.partition("="))
    try:
        found = Role(role)
    except ValueError as error:
        raise UsageError("setting-invalid", "oidc_roles", value=role) from error
    if not name or found in {Role.ANONYMOUS, Role.STATION}:
        raise UsageError("setting-invalid", "oidc_roles", value=role)
    return name, found


def _texts(value: object) -> tuple[str, ...]:
    """A claim as texts: one, or a list of them; anything else is none."""
    listed = value if isinstance(value, list) else [value]
    return tuple(v for v in listed[:_MOST] if isinstance(v, str) and 0 < len(v) <= _LONGEST)


def _at(claims: Mapping[str, Any], path: tuple[str, ...]) -> object:
    found: object = claims
    for name in path:
        found = found.get(name) if isinstance(found, Mapping) else None
    return found


def caller_from(claims: Mapping[str, Any], table: ClaimTable) -> Caller:
    """Who a verified token tells of; raises AccessError role-refused where no role is ours.

    The name begins with `oidc:`, so that it is never taken for a local account's.
    """
    claimed = set(_texts(_at(claims, table.path)))
    role = next((role for name, role in table.roles if name in claimed), None)
    if role is None:
        raise AccessError("role-refused")
    name = next(iter(_texts(claims.get("preferred_username")) or _texts(claims.get("sub"))), "")
    if not name:
        raise AccessError("credentials-invalid")
    institutions, departments = (
        _bounds(claims.get(claim)) for claim in (table.institutions, table.departments)
    )
    return Caller(role, f"oidc:{name}", institutions, departments)


def _bounds(told: object) -> tuple[str, ...]:
    """What a person is bounded to; none where nothing is claimed.

    Raises AccessError role-refused for a claim that cannot be read whole: no bounds would be no limits.
    """
    found = _texts(told)
    listed = told if isinstance(told, list) else [] if told is None else [told]
    if len(found) != len(listed) or not all(text.strip() for text in found):
        raise AccessError("role-refused")
    return found

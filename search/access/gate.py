"""The one gate before every endpoint: whoever may not ask at all is stopped, by a table.

What of a record a caller may see is decided where the record is known, by `rights`.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from fastapi import Request
from starlette.exceptions import HTTPException

from schemas.access import Caller
from schemas.errors import AccessError
from search.access.callers import caller_of, need
from search.access.rights import SEARCH, is_staff

OPEN, PUBLIC, RECORD, OWN, STAFF = "open", "public", "record", "own", "staff"


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One row of the table; `kind` and `action` as endpoints.toml says."""

    method: str
    path: str
    kind: str
    action: str


@cache
def endpoints() -> Mapping[tuple[str, str], Endpoint]:
    """The table, by method and declared path."""
    file = Path(__file__).with_name("endpoints.toml")
    told = tomllib.loads(file.read_text(encoding="utf-8"))
    rows = (
        (*address.partition(" "), kind, action)
        for kind, group in told.items()
        for address, action in group.items()
    )
    return {(row[0], row[2]): Endpoint(row[0], row[2], row[3], row[4]) for row in rows}


def pass_gate(endpoint: Endpoint, caller: Caller) -> None:
    """Raise AccessError where the caller may not ask this at all: sign-in-needed, role-refused."""
    if endpoint.action and caller.scopes and endpoint.action not in caller.scopes:
        raise AccessError("role-refused")
    if endpoint.kind == OWN and not caller.name:
        raise AccessError("sign-in-needed")
    if endpoint.kind == STAFF:
        if endpoint.action == SEARCH and is_staff(caller):
            return  # whatever regimes are open to him
        need(caller, endpoint.action)


async def gate(request: Request) -> None:
    """A dependency of the whole application; a route that is not in the table does not exist.

    The guard has found the caller already, in a thread.
    """
    path = str(getattr(request.scope.get("route"), "path", ""))
    endpoint = endpoints().get((request.method, path))
    if endpoint is None:
        raise HTTPException(404)
    if endpoint.kind != OPEN:
        pass_gate(endpoint, caller_of(request))

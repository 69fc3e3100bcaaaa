"""What the endpoints of sessions take and give."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from schemas.access import Caller
from search.access.rights import PURPOSES, RIGHTS

_LONGEST = 256
_NO_ZERO = r"^[^\x00]*$"


class SignInModel(BaseModel):
    """A local account and its password."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    name: Annotated[str, Field(min_length=1, max_length=_LONGEST, pattern=_NO_ZERO)]
    password: Annotated[str, Field(min_length=1, max_length=_LONGEST)]


class PurposeModel(BaseModel):
    """Why restricted records are looked at."""

    model_config = ConfigDict(extra="forbid")

    purpose: Annotated[str, Field(description=f"One of {', '.join(PURPOSES)}.", max_length=20)]
    case: Annotated[
        str, Field(description="Registry number of the case, NUMBER/YEAR.", max_length=20)
    ] = ""


class CallerModel(BaseModel):
    """Who asks, and what he may do."""

    name: str
    role: str
    institutions: tuple[str, ...]
    departments: tuple[str, ...]
    stations: tuple[str, ...]
    rights: tuple[str, ...] = Field(description="Actions that the role may do.")
    purpose: str = Field(description="The purpose told, while it holds.")
    csrf: str = Field(description="What writes by the session's cookie carry in X-CSRF-Token.")


class SessionModel(BaseModel):
    """A session that was opened; `token` is shown once and is also set as a cookie."""

    token: str = Field(description="To be sent as `Authorization: Bearer TOKEN`.")
    csrf: str = Field(description="What writes by the session's cookie carry in X-CSRF-Token.")
    name: str
    role: str
    seconds: int = Field(description="How long the session lasts at most.")


def told_of(caller: Caller, csrf: str) -> CallerModel:
    """A caller as he is told of himself."""
    granted = tuple(RIGHTS[caller.role])
    rights = tuple(one for one in granted if not caller.scopes or one in caller.scopes)
    return CallerModel(
        name=caller.name,
        role=caller.role.value,
        institutions=caller.institutions,
        departments=caller.departments,
        stations=caller.stations,
        rights=rights,
        purpose=caller.purpose,
        csrf=csrf,
    )

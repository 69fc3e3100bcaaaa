"""The caller of a request, as whatever serves the application knows him."""

from collections.abc import Callable

from fastapi import Request

from schemas.access import ANONYMOUS, Caller
from schemas.errors import AccessError
from search.access.rights import NO_REGIME, Verdict, verdict

Identify = Callable[[Request], Caller]


def nobody(_request: Request) -> Caller:
    """Everybody is anonymous: the default of an application without accounts."""
    return ANONYMOUS


def caller_of(request: Request) -> Caller:
    """Who asks; found once a request. Raises AccessError credentials-invalid.

    A FastAPI dependency: `caller: Annotated[Caller, Depends(caller_of)]`.
    """
    known: Caller | None = getattr(request.state, "caller", None)
    if known is None:
        identify: Identify = getattr(request.app.state, "identify", nobody)
        known = request.state.caller = identify(request)
    return known


def need(caller: Caller, action: str, regime: str = NO_REGIME) -> None:
    """Raise AccessError where the caller may not do that.

    Its codes are sign-in-needed, role-refused, purpose-needed. For staff functions; records answer
    by `reaches` and 404.
    """
    told = verdict(caller, action, regime)
    if told is Verdict.YES:
        return
    if told is Verdict.PURPOSE:
        raise AccessError("purpose-needed")
    raise AccessError("role-refused" if caller.name else "sign-in-needed")

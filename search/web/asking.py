"""One request: who asks, what he sees, and under which addresses it is answered."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Header, Request

from search.access.audit import Audit, audit_of
from search.access.callers import caller_of
from search.web.addresses import API, PUBLIC_API, origin
from search.web.views.holdings import Holdings
from search.web.views.seen import View


@dataclass(frozen=True, slots=True)
class Asking:
    """A request as the endpoints take it; `prefix` is the address space that it came in by."""

    request: Request
    holdings: Holdings
    view: View
    audit: Audit
    prefix: str = API

    @property
    def base(self) -> str:
        """Scheme, host and prefix, for absolute addresses."""
        return origin(self.request) + self.prefix


def everybody(request: Request) -> None:
    """A router's dependency: what it serves is the public view, whoever asks."""
    request.state.prefix = PUBLIC_API


def asking(
    request: Request,
    opis_purpose: Annotated[
        str,
        Header(
            description="Staff only: why restricted records are looked at, a code and a number, "
            "e.g. `court 4817/2026`. It is noted with each view.",
            max_length=200,
        ),
    ] = "",
) -> Asking:
    """The request's caller and view; the purpose is read by whoever identifies the caller."""
    del opis_purpose
    holdings: Holdings = request.app.state.holdings
    audit = audit_of(request)
    prefix: str = getattr(request.state, "prefix", API)
    caller = caller_of(request)
    view = holdings.public() if prefix == PUBLIC_API else holdings.view(caller, audit)
    return Asking(request, holdings, view, audit, prefix)


Asks = Annotated[Asking, Depends(asking)]

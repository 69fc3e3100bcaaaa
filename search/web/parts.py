"""What the application is put together from: flows hands it in, tests leave out what they may."""

from collections.abc import Callable
from dataclasses import dataclass

from fastapi import Request

from schemas.access import ANONYMOUS, Caller
from schemas.settings import Settings
from search.access.accounts import Accounts, SignIns
from search.access.audit import NO_AUDIT, Audit
from search.backend import Backend
from search.portal.stores import Stores


@dataclass(frozen=True, slots=True)
class PagePicture:
    """A page image ready to send; `etag` changes when its bytes would."""

    data: bytes
    media_type: str
    etag: str


PageRenderer = Callable[[str, str], PagePicture]


def everybody_anonymous(_request: Request) -> Caller:
    """Nobody is known: all that is served is the public view."""
    return ANONYMOUS


@dataclass(frozen=True, slots=True)
class Parts:
    """The parts of the application.

    `page_picture(page_id, highlight)` draws a page from the originals, `public_picture` from its
    public copy; both may raise any OpisError. `backend` is opened by the settings when left out.
    `identify` tells who sends a request; `accounts`, where there are any, tell it instead, with
    `provider`, the institution's own sign-in. `audit` notes views of what is not public.
    """

    settings: Settings
    page_picture: PageRenderer | None = None
    public_picture: PageRenderer | None = None
    backend: Backend | None = None
    identify: Callable[[Request], Caller] = everybody_anonymous
    stores: Stores = Stores()
    accounts: Accounts | None = None
    provider: SignIns | None = None
    audit: Audit = NO_AUDIT

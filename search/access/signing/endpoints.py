"""/api/v1/session and /api/v1/me."""

from time import time
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from schemas.access import Caller, Session
from schemas.errors import AccessError
from schemas.settings import Settings
from search.access.accounts import Accounts
from search.access.callers import caller_of
from search.access.cookies import (
    COOKIE,
    DEVICE,
    csrf_of,
    drop_session,
    is_same_site,
    set_device,
    set_session,
)
from search.access.identifying import session_token
from search.access.purposes import purpose_of
from search.access.signing.models import (
    CallerModel,
    PurposeModel,
    SessionModel,
    SignInModel,
    told_of,
)
from search.portal.problem_docs import problems

Who = Annotated[Caller, Depends(caller_of)]


def address_of(request: Request) -> str:
    """Where a request comes from, as wrong passwords are counted."""
    known = request.scope.get("opis.address", "")
    return str(known or (request.client.host if request.client else ""))


def opened(
    request: Request, accounts: Accounts | None, site_url: str, name: str, password: str
) -> Session:
    """A session for the right password, asked from our own pages or by a program.

    Raises AccessError form-expired, credentials-invalid, too-many-attempts.
    """
    if not is_same_site(request, site_url):
        raise AccessError("form-expired")
    if accounts is None or not accounts.is_open():
        raise AccessError("credentials-invalid")
    device = request.cookies.get(DEVICE, "")
    return accounts.sign_in(name, password, address_of(request), device)


class SessionEndpoints:
    """Sessions of local accounts, for programs; without accounts nobody gets one."""

    def __init__(self, settings: Settings, accounts: Accounts | None) -> None:
        self._site_url = settings.site_url
        self._accounts = accounts

    def sign_in(self, request: Request, response: Response, given: SignInModel) -> SessionModel:
        """Open a session; a wrong name and a wrong password are answered alike."""
        session = opened(request, self._accounts, self._site_url, given.name, given.password)
        seconds = max(0, session.ends - int(time()))
        set_session(response, session.token, seconds)
        set_device(response, session.device)
        response.headers["Cache-Control"] = "no-store"
        csrf, caller = csrf_of(session.token), session.caller
        return SessionModel(
            token=session.token,
            csrf=csrf,
            name=caller.name,
            role=caller.role.value,
            seconds=seconds,
        )

    def sign_out(self, request: Request, caller: Who) -> Response:
        """Close the session in which this is sent."""
        del caller  # found so that a write by cookie proved where it comes from
        token = session_token(request)
        if self._accounts is not None and token:
            self._accounts.sign_out(token)
        response = Response(status_code=204)
        drop_session(response)
        return response

    def me(self, request: Request, response: Response, caller: Who) -> CallerModel:
        """Who asks, with what he may do."""
        response.headers["Cache-Control"] = "no-store"
        token = request.cookies.get(COOKIE, "") if session_token(request) else ""
        return told_of(caller, csrf_of(token) if token else "")

    def purpose(self, request: Request, given: PurposeModel, caller: Who) -> CallerModel:
        """Tell why restricted records are looked at, for the session's next hour or as is set."""
        purpose = purpose_of(given.purpose, given.case)
        token = session_token(request)
        if self._accounts is None or not token:
            raise AccessError("role-refused")
        del caller
        self._accounts.tell_purpose(token, purpose)
        known = self._accounts.of_session(token)
        if known is None:
            raise AccessError("sign-in-needed")
        return told_of(known, csrf_of(token) if request.cookies.get(COOKIE) == token else "")

    def router(self) -> APIRouter:
        """The endpoints under their addresses."""
        router = APIRouter(prefix="/api/v1", tags=["session"], responses=problems(429, 503))
        add = router.add_api_route
        add(
            "/session", self.sign_in, methods=["POST"], status_code=201, summary="Sign in",
            responses=problems(400, 401, 403, 422),
        )  # fmt: skip
        add(
            "/session", self.sign_out, methods=["DELETE"], status_code=204, summary="Sign out",
            response_class=Response, responses=problems(401, 403),
        )  # fmt: skip
        add(
            "/session/purpose", self.purpose, methods=["PUT"], summary="Tell a purpose",
            responses=problems(400, 401, 403, 422),
        )  # fmt: skip
        add("/me", self.me, summary="Who asks", responses=problems(401, 403))
        return router

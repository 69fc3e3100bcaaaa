"""/personal/intrare: signing in and out, and the purpose of looking, without script."""

from collections.abc import Callable
from pathlib import Path
from time import time
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from jinja2 import BaseLoader, ChoiceLoader, Environment, FileSystemLoader
from starlette.concurrency import run_in_threadpool

from schemas.access import Caller, Session
from schemas.errors import AccessError, OpisError
from schemas.messages import label, reason, say
from schemas.settings import Settings
from search.access.accounts import Accounts, SignIns
from search.access.callers import caller_of
from search.access.cookies import (
    COOKIE,
    CSRF_FIELD,
    csrf_of,
    drop_session,
    need_own_form,
    set_device,
    set_session,
)
from search.access.purposes import purpose_of
from search.access.rights import PURPOSES
from search.access.signing.endpoints import opened
from search.guard.languages import spoken
from search.portal.form import fields_of
from search.web.addresses import origin
from search.web.site.pages import environment_of

SIGN_IN, PURPOSE, ANSWER = "/personal/intrare", "/personal/scop", "/personal/intrare/raspuns"
_STARTED = "__Host-opis-start"
_LONGEST_BACK = 2000
_STATUS = {"credentials-invalid": 401, "too-many-attempts": 429, "purpose-invalid": 400}
Who = Annotated[Caller, Depends(caller_of)]


def back_to(told: str) -> str:
    """An address of this very site to go back to; the start for anything else."""
    own = told.startswith("/") and not told.startswith("//")
    plain = told.isprintable() and "\\" not in told and len(told) <= _LONGEST_BACK
    return told if own and plain and not told.startswith(SIGN_IN) else "/"


def _templates(settings: Settings) -> Environment:
    environment = environment_of(settings)
    loaders: list[BaseLoader] = [FileSystemLoader(Path(__file__).parent / "templates")]
    if environment.loader is not None:
        loaders.append(environment.loader)
    environment.loader = ChoiceLoader(loaders)
    return environment


class SignInPages:
    """The pages under /personal/intrare, /personal/iesire and /personal/scop."""

    def __init__(
        self, settings: Settings, accounts: Accounts | None, provider: SignIns | None
    ) -> None:
        self._site_url = settings.site_url
        self._accounts = accounts
        self._provider = provider
        self._templates = _templates(settings)

    def sign_in_page(
        self, request: Request, caller: Who, inapoi: Annotated[str, Query()] = ""
    ) -> Response:
        """The form; for whoever is signed in, who he is and the way out."""
        if caller.name and request.cookies.get(COOKIE):
            return self._own_page(request, caller, back_to(inapoi))
        return self._form(back_to(inapoi))

    async def sign_in(self, request: Request) -> Response:
        """A session for the right password, and back to where one was going."""
        given = fields_of(await request.body())
        return await run_in_threadpool(self._signed_in, request, given)

    def _signed_in(self, request: Request, given: dict[str, str]) -> Response:
        back = back_to(given.get("inapoi", ""))
        name, password = given.get("nume", ""), given.get("parola", "")
        try:
            session = opened(request, self._accounts, self._site_url, name, password)
        except AccessError as error:
            return self._form(back, name, error)
        return _with_session(back, session)

    async def sign_out(self, request: Request) -> Response:
        """The session is over; back to the start."""
        given = fields_of(await request.body())
        return await run_in_threadpool(self._signed_out, request, given)

    def _signed_out(self, request: Request, given: dict[str, str]) -> Response:
        token = request.cookies.get(COOKIE, "")
        need_own_form(token, given.get(CSRF_FIELD, ""))
        if self._accounts is not None:
            self._accounts.sign_out(token)
        response = RedirectResponse("/", 303)
        drop_session(response)
        return response

    def purpose_page(
        self, request: Request, caller: Who, inapoi: Annotated[str, Query()] = ""
    ) -> Response:
        """The form that asks why restricted records are looked at."""
        return self._own_page(request, caller, back_to(inapoi))

    async def tell_purpose(self, request: Request, caller: Who) -> Response:
        """The purpose holds for a while; back to the record."""
        given = fields_of(await request.body())
        return await run_in_threadpool(self._purpose_told, request, caller, given)

    def _purpose_told(self, request: Request, caller: Caller, given: dict[str, str]) -> Response:
        token, back = request.cookies.get(COOKIE, ""), back_to(given.get("inapoi", ""))
        need_own_form(token, given.get(CSRF_FIELD, ""))
        try:
            purpose = purpose_of(given.get("scop", ""), given.get("dosar", ""))
        except OpisError as error:
            return self._own_page(request, caller, back, error)
        if self._accounts is not None:
            self._accounts.tell_purpose(token, purpose)
        return RedirectResponse(back, 303)

    def to_provider(self, request: Request, inapoi: Annotated[str, Query()] = "") -> Response:
        """To the institution's own sign-in, which sends back to `answer`."""
        if self._provider is None or self._accounts is None:
            return self._form(back_to(inapoi))
        redirect = self._redirect(request)
        address, state, begun = self._provider.start(redirect, back_to(inapoi))
        self._accounts.begin(state, begun)
        response = RedirectResponse(address, 303, {"Cache-Control": "no-store"})
        response.set_cookie(
            _STARTED, state, max_age=600, path="/", secure=True, httponly=True, samesite="lax"
        )
        return response

    def answer(
        self,
        request: Request,
        code: Annotated[str, Query()] = "",
        state: Annotated[str, Query()] = "",
        iss: Annotated[str, Query()] = "",
    ) -> Response:
        """Back from the provider: the same browser, the same state, once."""
        same = state and request.cookies.get(_STARTED, "") == state
        begun = self._accounts.finish(state) if self._accounts is not None and same else None
        if begun is None or self._provider is None or self._accounts is None or not code:
            return self._form("/", "", AccessError("form-expired"))
        try:
            caller = self._provider.finish(code, self._redirect(request), begun, iss)
        except AccessError as error:
            return self._form(begun.back, "", error)
        response = _with_session(begun.back, self._accounts.sign_in_known(caller))
        response.delete_cookie(_STARTED, path="/", secure=True, httponly=True, samesite="lax")
        return response

    def _redirect(self, request: Request) -> str:
        return (self._site_url.rstrip("/") or origin(request)) + ANSWER

    def _form(self, back: str, name: str = "", error: OpisError | None = None) -> Response:
        status = _STATUS.get(error.code, 403) if error else 200
        headers = {"Retry-After": error.detail["n"]} if error and "n" in error.detail else {}
        return self._page(
            "sign_in.html",
            status,
            headers,
            title=(say("error_title", spoken().language) if error else "")
            + say("sign_in_title", spoken().language),
            name=name[:64],
            back=back,
            wrong=_sentence(error),
            provided=self._provider is not None,
            provider=f"{SIGN_IN}/oidc?{urlencode({'inapoi': back})}",
            open=self._accounts is not None and self._accounts.is_open(),
        )

    def _own_page(
        self, request: Request, caller: Caller, back: str, error: OpisError | None = None
    ) -> Response:
        return self._page(
            "signed_in.html",
            _STATUS.get(error.code, 403) if error else 200,
            {},
            title=say("account_title", spoken().language),
            caller=caller,
            back=back,
            wrong=_sentence(error),
            csrf=csrf_of(request.cookies.get(COOKIE, "")),
            purposes=[(code, label("purpose", code, spoken().language)) for code in PURPOSES],
            told=caller.purpose.split(" ")[0],
        )

    def _page(
        self,
        template: str,
        status: int,
        headers: dict[str, str],
        **values: Any,  # noqa: ANN401 a template takes whatever its page shows
    ) -> Response:
        text = self._templates.get_template(template).render(values)
        return HTMLResponse(text, status, {"Cache-Control": "no-store", **headers})

    def router(self) -> APIRouter:
        """The pages; they are not part of the API's description."""
        router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)
        both: tuple[tuple[str, Callable[..., Any], str], ...] = (
            (SIGN_IN, self.sign_in_page, "GET"),
            (SIGN_IN, self.sign_in, "POST"),
            (f"{SIGN_IN}/oidc", self.to_provider, "GET"),
            (ANSWER, self.answer, "GET"),
            ("/personal/iesire", self.sign_out, "POST"),
            (PURPOSE, self.purpose_page, "GET"),
            (PURPOSE, self.tell_purpose, "POST"),
        )
        for path, endpoint, method in both:
            router.add_api_route(path, endpoint, methods=[method])
        return router


def _sentence(error: OpisError | None) -> str:
    if error is None:
        return ""
    why = reason(error.code, spoken().language, f=error.file, **error.detail)
    return f"{why.cause} {why.remedy}"


def _with_session(back: str, session: Session) -> Response:
    response = RedirectResponse(back, 303, {"Cache-Control": "no-store"})
    set_session(response, session.token, max(0, session.ends - int(time())))
    set_device(response, session.device)
    return response

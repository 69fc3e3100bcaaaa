"""What every call passes: its name, its caller, limits, a slot; and what every answer carries.

Public calls wait for one of few slots and for staff's calls under way, staff never do: flooding the
public side leaves staff their share. A slot is given back once an answer begins, so that slow
readers hold none; bodies are read before one is taken, so that slow senders hold none either. Whoever
is refused again and again is answered late.
"""

import logging
import re
from collections.abc import MutableMapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from time import perf_counter
from typing import Any

import anyio.to_thread
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from schemas.access import ANONYMOUS, Caller
from schemas.errors import InputError, OpisError
from schemas.settings import Settings
from search.access.accounts import Accounts
from search.access.callers import caller_of
from search.access.cookies import DEVICE
from search.access.identifying import credential_of
from search.guard.body import BodyError, received, replayed
from search.guard.clients import bucket_key, client_address, is_trusted, networks
from search.guard.endings import ENDINGS, Ending, ending_headers
from search.guard.headers import (
    HSTS,
    REQUEST_ID,
    SECURITY,
    cors_headers,
    listed_origins,
    request_id,
)
from search.guard.languages import remembering, speaking
from search.guard.limits import PUBLIC_ROLES, Budgets, Taken
from search.guard.lookups import Lookups
from search.guard.metrics import Metrics, kind_of, route_of
from search.guard.slots import First, FullError, Held, Pacing, Precedence, Slots
from search.problems import of_error, on_defect
from search.turns import giving_way

_log = logging.getLogger("opis.access")
_LONGEST_ADDRESS = 8_192
_BUSY_SECONDS = 2
_PATIENCE = 0.5
"""How long a public call that has its slot waits for staff's calls (seconds)."""
_REFUSED_FREELY, _REFUSED_LATE, _MOST_LATE = 50, 0.5, 2_000
_REFUSALS = frozenset({"too-many-calls", "busy"})
_PICTURE = re.compile(r"/image\Z|/iiif/")
_DOORS = frozenset({"/personal/intrare", "/api/v1/session"})
_AT_THE_DOOR = 2
_FREE = frozenset({"/api/v1/health"})
"""Addresses that cost nothing and count for no budget; nobody is asked there who he is."""


class _EnoughError(Exception):
    """All of an answer that is wanted was sent."""


@dataclass(frozen=True, slots=True)
class Call:
    """A call under way: its scope, its caller's address, the headers that its answer will carry."""

    scope: Scope
    request: Request
    address: str
    head_only: bool
    headers: MutableMapping[str, str]
    known_device: bool
    """Whether it comes to sign in from where somebody signed in before; then that device is `address`."""
    told: MutableMapping[str, Any]
    """`status` once the answer began, and `caller` once he is known."""


class Guard:
    """An ASGI middleware, the outermost of an application's own."""

    def __init__(
        self,
        app: ASGIApp,
        settings: Settings,
        budgets: Budgets,
        metrics: Metrics,
        endings: Sequence[Ending] = ENDINGS,
    ) -> None:
        self._app = app
        self._endings = endings
        self._most = settings.body_kb * 1024
        self._kb = settings.body_kb
        self._trusted = networks(settings.trusted_proxies)
        self._origins = listed_origins(settings)
        self._logs = settings.access_log == "on"
        self._budgets = budgets
        self._metrics = metrics
        waiting = settings.public_waiting
        self._slots = Slots(settings.public_at_once, waiting)
        self._picture_slots = Slots(settings.public_at_once, waiting)
        self._door_slots = Slots(_AT_THE_DOOR, waiting)
        self._lookups = Lookups()
        self._precedence = Precedence(_PATIENCE)
        self._pacing = Pacing(_REFUSED_FREELY, _REFUSED_LATE, _MOST_LATE)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began, call = perf_counter(), self._opened(scope)
        self._metrics.began()
        try:
            if scope["path"].startswith("/api/"):
                await self._answered(call, receive, send)
                return
            call.headers.update(remembering(call.request))
            with speaking(call.request):
                await self._answered(call, receive, send)
        finally:
            self._tell(call, perf_counter() - began)

    def _opened(self, scope: Scope) -> Call:
        """The call with whatever a trusted proxy tells of it put in its place."""
        headers, peer = Headers(scope=scope), (scope.get("client") or ("", 0))[0]
        believed = is_trusted(peer, self._trusted)
        address = client_address(peer, headers.get("x-forwarded-for", ""), self._trusted)
        scheme = headers.get("x-forwarded-proto", "") if believed else ""
        if scheme in {"http", "https"}:
            scope["scheme"] = scheme
        head_only = scope["method"] == "HEAD"
        name = request_id(headers.get(REQUEST_ID, ""), believed=believed)
        scope["opis.peer"], scope["opis.address"] = peer, bucket_key(address)
        scope["client"] = (address, 0)
        if head_only:
            scope["method"] = "GET"
        secure = dict([HSTS]) if scope["scheme"] == "https" else {}
        shared = cors_headers(self._origins, headers.get("origin", ""))
        ending = ending_headers(scope["path"], self._endings)
        kept = {REQUEST_ID: name, **SECURITY, **secure, **shared, **ending}
        request = Request(scope)
        device = _device(request)
        counted = f"device {device}" if device else bucket_key(address)
        return Call(scope, request, counted, head_only, kept, bool(device), {})

    async def _answered(self, call: Call, receive: Receive, send: Send) -> None:
        """Answer, whatever happens: an error of ours by its sentence, a defect without its insides."""
        out = _Outgoing(call, send)
        try:
            await self._passed(call, receive, out)
        except _EnoughError:
            pass
        except OpisError as error:
            if error.code in _REFUSALS:
                await self._pacing.wait()
            await of_error(call.request, error)(call.scope, receive, out.send)
        except Exception as error:  # noqa: BLE001 whatever it is, its words stay inside
            _log.error("defect %s %s", call.headers[REQUEST_ID], _place_of(error))
            if out.began:
                raise _CutShortError from None
            await on_defect(call.request, error)(call.scope, receive, out.send)

    async def _passed(self, call: Call, receive: Receive, out: "_Outgoing") -> None:
        if len(call.scope["raw_path"] or b"") + len(call.scope["query_string"]) > _LONGEST_ADDRESS:
            raise InputError("address-too-long")
        caller = await self._caller(call)
        self._count(call, caller)
        try:
            body = await received(receive, call.request.headers, self._most)
        except BodyError as error:
            raise InputError("body-too-large", n=self._kb) from error
        async with AsyncExitStack() as stack:
            if call.scope["path"] not in _FREE:
                out.slot = await self._turn(stack, caller, call)
            await self._app(call.scope, replayed(body, receive), out.send)

    async def _caller(self, call: Call) -> Caller:
        """Who calls; whoever's credentials do not hold counts as anonymous, and is told so."""
        call.told["caller"] = ANONYMOUS
        if call.scope["path"] in _FREE:
            return ANONYMOUS
        credential = credential_of(call.request)
        try:
            found = await self._looked_up(call, credential)
        except OpisError as error:
            if error.code == "credentials-invalid":
                self._lookups.remember(credential, ANONYMOUS)
            if error.code not in _REFUSALS:  # which were counted
                self._count(call, ANONYMOUS)
            raise
        call.told["caller"] = found
        return found

    async def _looked_up(self, call: Call, credential: str) -> Caller:
        """In a thread where somebody shows something; nobody's calls are answered beyond his budget."""
        if not credential:
            return caller_of(call.request)
        expected = self._lookups.expected(credential)
        fresh = not expected.name and not self._lookups.is_over(credential)
        ours = fresh and _is_ours(call.request, credential)
        if not ours and self._budgets.is_spent(expected, call.address):
            self._count(call, expected)
        try:
            async with self._lookups.turn(expected, ours=ours):
                found = await anyio.to_thread.run_sync(caller_of, call.request)
        except FullError:
            raise self._busy(expected) from None
        self._lookups.remember(credential, found)
        return found

    def _busy(self, caller: Caller) -> InputError:
        self._metrics.refused("busy", kind_of(caller))
        return InputError("busy", n=_BUSY_SECONDS)

    def _count(self, call: Call, caller: Caller) -> None:
        if call.scope["path"] in _FREE:
            return
        taken: Taken = self._budgets.take(caller, call.address)
        call.headers.update(taken.headers)
        if not taken.allowed:
            self._metrics.refused("calls", kind_of(caller))
            raise InputError("too-many-calls", n=taken.retry)

    async def _turn(self, stack: AsyncExitStack, caller: Caller, call: Call) -> Held | First | None:
        """Staff's at once, the public's one of few; pictures, which other processes draw, apart.

        Whoever signs in at a known device waits for those who do so alone.
        """
        drawn = _PICTURE.search(call.scope["path"])
        if caller.role not in PUBLIC_ROLES:
            return None if drawn else stack.enter_context(self._precedence.first())
        slots = self._picture_slots if drawn else self._slots
        slots = self._door_slots if call.known_device else slots
        try:
            slot = await stack.enter_async_context(slots.held())
        except FullError:
            raise self._busy(caller) from None
        if not (drawn or call.known_device):
            await self._precedence.wait()
            stack.enter_context(giving_way(self._precedence.stopping()))
        return slot

    def _tell(self, call: Call, seconds: float) -> None:
        """What is counted and logged: the declared address, never the one that was called."""
        status, route = int(call.told.get("status", 0)), route_of(call.scope)
        kind = kind_of(call.told.get("caller", ANONYMOUS))
        method = "HEAD" if call.head_only else str(call.scope["method"])
        self._metrics.ended(route, method, status, kind, call.told.get("first", seconds))
        if self._logs:
            parts = (call.headers[REQUEST_ID], method[:8], route, status, round(seconds * 1000))
            _log.info("%s %s %s %s %s ms %s", *parts, kind)


class _CutShortError(Exception):
    """An answer that had begun cannot be ended as it should; why stays inside."""


class _Outgoing:
    """What goes out for a call: headers added, the slot given back, the body of HEAD left out."""

    def __init__(self, call: Call, send: Send) -> None:
        self.slot: Held | First | None = None
        self.began = False
        self._call = call
        self._send = send
        self._start = perf_counter()

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._begin(message)
        elif self._call.head_only:
            await self._send({"type": "http.response.body", "body": b"", "more_body": False})
            raise _EnoughError
        await self._send(message)

    def _begin(self, message: Message) -> None:
        self.began = True
        if self.slot is not None:
            self.slot.give_back()
        self._call.told.update(status=message["status"], first=perf_counter() - self._start)
        headers = MutableHeaders(scope=message)
        for name, value in self._call.headers.items():
            headers.setdefault(name, value)


def _is_ours(request: Request, credential: str) -> bool:
    """Whether a credential shows by itself that it is a session's token of ours."""
    accounts: Accounts | None = getattr(request.app.state, "accounts", None)
    return accounts is not None and accounts.is_ours(credential)


def _device(request: Request) -> str:
    """The device from which somebody comes to sign in, where somebody signed in there before."""
    accounts: Accounts | None = getattr(request.app.state, "accounts", None)
    told = request.cookies.get(DEVICE, "") if request.scope["path"] in _DOORS else ""
    return accounts.device_seen(told) if accounts is not None and told else ""


def _place_of(error: BaseException) -> str:
    """Kind, file and line of a defect; not its words, which may be a caller's."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    where = f"{trace.tb_frame.f_globals.get('__name__', '?')}:{trace.tb_lineno}" if trace else "?"
    return f"{type(error).__name__} {where}"

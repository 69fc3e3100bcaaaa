"""/oai: public documents for harvesters, by OAI-PMH 2.0, over GET and POST."""

from collections.abc import Iterable
from urllib.parse import parse_qsl, urlsplit

from fastapi import APIRouter, Request, Response
from starlette.concurrency import run_in_threadpool

from schemas.settings import Settings
from search.guard.languages import speaking_alone
from search.portal.etags import cached
from search.portal.oai.harvest import Harvest
from search.portal.oai.protocol import Asked, ProtocolError, Verb, need_format, read_call
from search.portal.oai.writing import Answer, Place
from search.portal.stores import Changes, Stores, there
from search.web.addresses import origin
from search.web.views.holdings import Holdings
from search.web.views.wording import LANGUAGE

_TYPE = "text/xml; charset=utf-8"
_FORM = "application/x-www-form-urlencoded"
_MOST_ARGUMENTS = 20
_WITHOUT_ARGUMENTS = frozenset({"badVerb", "badArgument"})
"""Errors that are told without repeating what was asked."""


class OaiService:
    """The repository, for everybody."""

    def __init__(self, settings: Settings, stores: Stores) -> None:
        self._settings = settings
        self._changes: Changes | None = stores.changes
        self._fonds_known: dict[str, str] = {}

    def asked_by_address(self, request: Request) -> Response:
        """A call whose arguments are in its address."""
        body, lasting = self._answer(request, request.query_params.multi_items())
        return cached(request, body, _TYPE, lasting=lasting)

    async def asked_by_form(self, request: Request) -> Response:
        """A call whose arguments are a form; no answer to one is kept."""
        told = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        given = _pairs(await request.body()) if told == _FORM else []
        pairs = [*request.query_params.multi_items(), *given]
        body, _ = await run_in_threadpool(self._answer, request, pairs)
        return Response(body, media_type=_TYPE, headers={"Cache-Control": "no-store"})

    def _answer(self, request: Request, pairs: Iterable[tuple[str, str]]) -> tuple[bytes, bytes]:
        """The answer as XML, with what of it lasts; Romanian, whatever the reader's language."""
        place = Place(origin(request), self._settings)
        given: dict[str, str] = {}
        try:
            with speaking_alone(LANGUAGE):
                asked = read_call(pairs)
                given = {"verb": asked.verb.value, **asked.given}
                answer = Answer(place, given)
                self._fill(answer, asked, request)
        except ProtocolError as error:
            answer = Answer(place, {} if error.code in _WITHOUT_ARGUMENTS else given)
            answer.error(error.code)
        return answer.written()

    def _fill(self, answer: Answer, asked: Asked, request: Request) -> None:
        holdings: Holdings = request.app.state.holdings
        changes = there(self._changes)
        harvest = Harvest(holdings, changes, self._fonds_known)
        resumed = "resumptionToken" in asked.given
        if asked.verb is Verb.IDENTIFY:
            answer.identify(changes.earliest(), self._address(request))
        elif asked.verb is Verb.FORMATS:
            if "identifier" in asked.given:
                harvest.one(asked.given["identifier"])
            answer.formats()
        elif asked.verb is Verb.SETS:
            answer.sets(_sets(holdings, resumed=resumed))
        elif asked.verb is Verb.RECORD:
            need_format(asked.given["metadataPrefix"])
            answer.record(harvest.one(asked.given["identifier"]))
        elif asked.verb is Verb.IDENTIFIERS:
            answer.identifiers(harvest.part(asked.selection), resumed=resumed)
        else:
            answer.records(harvest.part(asked.selection), resumed=resumed)

    def _address(self, request: Request) -> str:
        """Whom harvesters write to: the setting, else whoever every domain has for its mail."""
        host = urlsplit(origin(request)).hostname or "localhost"
        named = host if "." in host else f"{host}.invalid"
        return self._settings.oai_email or f"postmaster@{named}"

    def router(self) -> APIRouter:
        """The repository under its address; the protocol describes it, not the API."""
        router = APIRouter(tags=["portal"], include_in_schema=False)
        router.add_api_route("/oai", self.asked_by_address, response_class=Response)
        router.add_api_route("/oai", self.asked_by_form, methods=["POST"], response_class=Response)
        return router


def _sets(holdings: Holdings, *, resumed: bool) -> tuple[str, ...]:
    """The fonds of what is public; lists of them come whole."""
    if resumed:
        raise ProtocolError("badResumptionToken")
    fonds = holdings.fonds()
    if not fonds:
        raise ProtocolError("noSetHierarchy")
    return fonds


def _pairs(body: bytes) -> list[tuple[str, str]]:
    """The fields of a form; none where it cannot be read."""
    try:
        text = body.decode("ascii")
        return parse_qsl(
            text, keep_blank_values=True, max_num_fields=_MOST_ARGUMENTS, errors="replace"
        )
    except ValueError:
        return []

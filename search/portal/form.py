"""/cerere: the form of a request under Law 544/2001, and its state, without script."""

from pathlib import Path
from typing import Annotated, Any
from urllib.parse import parse_qs

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import HTMLResponse
from jinja2 import BaseLoader, ChoiceLoader, Environment, FileSystemLoader
from pydantic import ValidationError
from starlette.concurrency import run_in_threadpool

from schemas.errors import InputError
from schemas.messages import reason, say
from schemas.portal import InformationRequest, Question
from schemas.settings import Settings
from search.guard.languages import spoken
from search.guard.limits import Budgets
from search.portal.models import QuestionModel
from search.portal.requests import file_request
from search.portal.stores import Stores, there
from search.web.site.pages import environment_of

_HERE = Path(__file__).parent
_FIELDS = ("text", "name", "contact", "document")
_MOST_FIELDS = 20
_LONGEST = 200


def form_environment(settings: Settings) -> Environment:
    """The site's templates and these pages' own."""
    environment = environment_of(settings)
    loaders: list[BaseLoader] = [FileSystemLoader(_HERE / "templates")]
    if environment.loader is not None:
        loaders.append(environment.loader)
    environment.loader = ChoiceLoader(loaders)
    return environment


def fields_of(body: bytes) -> dict[str, str]:
    """The fields of a form as a browser sends it; what cannot be read is left out, zero bytes too."""
    try:
        given = parse_qs(
            body.decode("ascii"),
            keep_blank_values=True,
            max_num_fields=_MOST_FIELDS,
            encoding="utf-8",
            errors="replace",
        )
    except ValueError:
        return {}
    return {name: values[-1].replace("\0", "").strip() for name, values in given.items()}


class FormPages:
    """The pages under /cerere."""

    def __init__(self, settings: Settings, stores: Stores, budgets: Budgets) -> None:
        self._requests = stores.requests
        self._budgets = budgets
        self._days = settings.request_days
        self._templates = form_environment(settings)

    def empty(self, document: Annotated[str, Query()] = "") -> Response:
        """The form; `document` is what the page that led here was about."""
        return self._form({"document": document[:_LONGEST]}, ())

    async def send(self, request: Request) -> Response:
        """What was filled in: registered, or the form again with what is to be mended."""
        given = fields_of(await request.body())
        return await run_in_threadpool(self._filed, request, given)

    def _filed(self, request: Request, given: dict[str, str]) -> Response:
        kept = {name: given.get(name, "") for name in _FIELDS}
        try:
            asked = QuestionModel.model_validate(kept)
        except ValidationError as error:
            wrong = {str(place["loc"][0]) for place in error.errors()}
            return self._form(kept, tuple(name for name in _FIELDS if name in wrong), 422)
        question = Question(**asked.model_dump())
        receipt = file_request(self._requests, self._budgets, request, question)
        title = say("request_filed", spoken().language)
        return self._page("request_filed.html", 201, title=title, receipt=receipt, due=receipt.due)

    def asking_state(self) -> Response:
        """The form that asks for number and secret."""
        return self._state(None, "", 200)

    async def state(self, request: Request) -> Response:
        """How far a request has come."""
        given = fields_of(await request.body())
        return await run_in_threadpool(self._found, given)

    def _found(self, given: dict[str, str]) -> Response:
        number, secret = given.get("number", "").upper(), given.get("secret", "")
        found = there(self._requests).of_asker(number[:_LONGEST], secret[:_LONGEST])
        if found is None:
            why = reason(InputError("request-unknown").code, spoken().language)
            return self._state(None, f"{why.cause} {why.remedy}", 404)
        return self._state(found, "", 200)

    def _form(self, given: dict[str, str], wrong: tuple[str, ...], status: int = 200) -> Response:
        values = {name: given.get(name, "") for name in _FIELDS}
        title = say("request_title", spoken().language)
        return self._page(
            "request.html", status, title=title, values=values, wrong=wrong, days=self._days
        )

    def _state(self, found: InformationRequest | None, wrong: str, status: int) -> Response:
        due = found.due if found else ""
        title = say("request_follow", spoken().language)
        return self._page(
            "request_state.html", status, title=title, found=found, due=due, wrong=wrong
        )

    def _page(self, template: str, status: int, **values: Any) -> Response:  # noqa: ANN401 a template takes whatever its page shows
        text = self._templates.get_template(template).render(values)
        return HTMLResponse(text, status, {"Cache-Control": "no-store"})

    def router(self) -> APIRouter:
        """The pages; they are not part of the API's description."""
        router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)
        router.add_api_route("/cerere", self.empty)
        router.add_api_route("/cerere", self.send, methods=["POST"])
        router.add_api_route("/cerere/stare", self.asking_state)
        router.add_api_route("/cerere/stare", self.state, methods=["POST"])
        return router

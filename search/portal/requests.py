"""Requests under Law 544/2001: filed by anybody, followed with a secret, answered by staff."""

import re
from typing import Annotated

from fastapi import APIRouter, Depends, Header, Query, Request, Response

from schemas.access import Caller, Role
from schemas.errors import AccessError, InputError
from schemas.portal import InformationRequest, Question, Receipt, RequestState
from search.access.audit import Audit, audit_of
from search.access.callers import caller_of, need
from search.access.rights import REQUESTS, allowed
from search.guard.limits import Budgets
from search.portal.models import (
    AnswerModel,
    AskedModel,
    AssignmentModel,
    QuestionModel,
    ReceiptModel,
    StaffRequestModel,
    StaffRequestsModel,
    StatusModel,
)
from search.portal.problem_docs import problems
from search.portal.stores import Requests, Stores, there

_API = "/api/v1/requests"
_NUMBER = re.compile(r"[A-Za-z0-9-]{1,40}")
_ANSWERING = frozenset({Role.ARCHIVIST, Role.JURIST})
_ASSIGNING = frozenset({Role.ARCHIVIST, Role.JURIST, Role.ADMIN})
Who = Annotated[Caller, Depends(caller_of)]
Noting = Annotated[Audit, Depends(audit_of)]


def file_request(
    requests: Requests | None, budgets: Budgets, request: Request, question: Question
) -> Receipt:
    """Register a request from an address; raises InputError too-many-calls."""
    book = there(requests)
    taken = budgets.take_request(str(request.scope.get("opis.address", "")))
    if not taken.allowed:
        raise InputError("too-many-calls", n=taken.retry)
    return book.file(question, audit_of(request).within(caller_of(request), "request-file"))


def asked_number(number: str) -> str:
    """The number of a request; raises InputError request-unknown for what none can be."""
    if not _NUMBER.fullmatch(number):
        raise InputError("request-unknown")
    return number


Number = Annotated[str, Depends(asked_number)]


class RequestsService:
    """The endpoints of /api/v1/requests."""

    def __init__(self, stores: Stores, budgets: Budgets) -> None:
        self._requests = stores.requests
        self._budgets = budgets

    def file(self, request: Request, response: Response, asked: QuestionModel) -> ReceiptModel:
        """Register a request; its number, its term, and a secret that is told once."""
        question = Question(**asked.model_dump())
        receipt = file_request(self._requests, self._budgets, request, question)
        address = f"{_API}/{receipt.number}"
        response.headers.update({"Location": address, "Cache-Control": "no-store"})
        return ReceiptModel(
            number=receipt.number,
            secret=receipt.secret,
            received=receipt.received,
            due=receipt.due,
            status=address,
        )

    def status(
        self,
        number: Number,
        response: Response,
        caller: Who,
        audit: Noting,
        request_secret: Annotated[str, Header(max_length=100)] = "",
    ) -> StatusModel | StaffRequestModel:
        """How far a request has come, for its asker (by secret) and for staff."""
        response.headers["Cache-Control"] = "no-store"
        if allowed(caller, REQUESTS):
            found = there(self._requests).one(number)
            audit.note(caller, "request-view", number)
            return _for_staff(found, caller)
        own = there(self._requests).of_asker(number, request_secret)
        if own is None:
            raise InputError("request-unknown")
        return _for_asker(own)

    def list(
        self,
        response: Response,
        caller: Who,
        audit: Noting,
        state: Annotated[RequestState | None, Query()] = None,
    ) -> StaffRequestsModel:
        """Requests by term, for staff; who asks is shown to those who answer."""
        need(caller, REQUESTS)
        found = there(self._requests).all(state.value if state else "")
        audit.note(caller, "request-list", state.value if state else "")
        response.headers["Cache-Control"] = "no-store"
        return StaffRequestsModel(requests=[_for_staff(one, caller) for one in found])

    def assign(
        self, number: Number, given: AssignmentModel, caller: Who, audit: Noting
    ) -> StaffRequestModel:
        """Name who is to answer."""
        need(caller, REQUESTS)
        if caller.role not in _ASSIGNING:
            raise AccessError("role-refused")
        noted = audit.within(caller, "request-assign")
        changed = there(self._requests).assign(number, given.to, noted)
        return _for_staff(changed, caller)

    def extend(self, number: Number, caller: Who, audit: Noting) -> StaffRequestModel:
        """Thirty days instead of ten, within the first ten."""
        self._need_answering(number, caller)
        noted = audit.within(caller, "request-extend")
        changed = there(self._requests).extend(number, noted)
        return _for_staff(changed, caller)

    def answer(
        self, number: Number, given: AnswerModel, caller: Who, audit: Noting
    ) -> StaffRequestModel:
        """The answer; the asker reads it with the secret."""
        self._need_answering(number, caller)
        noted, told = audit.within(caller, "request-answer"), (given.text, given.outcome)
        changed = there(self._requests).answer(number, *told, caller.name, noted)
        return _for_staff(changed, caller)

    def _need_answering(self, number: str, caller: Caller) -> None:
        need(caller, REQUESTS)
        if not may_answer(there(self._requests).one(number), caller):
            raise AccessError("role-refused")

    def router(self) -> APIRouter:
        """The endpoints under their addresses."""
        router = APIRouter(
            prefix=_API, tags=["requests"], responses=problems(401, 403, 422, 429, 503)
        )
        add, by_staff = router.add_api_route, problems(401, 403, 404, 409)
        add("", self.file, methods=["POST"], status_code=201, summary="File a request")
        add("", self.list, summary="Requests, for staff", responses=problems(400, 401, 403))
        one = "/{number}"
        add(one, self.status, summary="State of a request", responses=problems(400, 404))
        for name, endpoint, summary in (
            ("assignment", self.assign, "Assign a request"),
            ("extension", self.extend, "Extend a request's term"),
            ("answer", self.answer, "Answer a request"),
        ):
            add(f"{one}/{name}", endpoint, methods=["POST"], summary=summary, responses=by_staff)
        return router


def may_answer(found: InformationRequest, caller: Caller) -> bool:
    """Whether the caller answers the request, and so sees who asks and what."""
    own = bool(caller.name) and found.assigned == caller.name
    return caller.role in _ANSWERING or (allowed(caller, REQUESTS) and own)


def _plain(found: InformationRequest) -> dict[str, object]:
    names = ("number", "received", "due", "extended", "outcome", "answer", "answered")
    return {"state": found.state.value, **{name: getattr(found, name) for name in names}}


def _for_asker(found: InformationRequest) -> StatusModel:
    return StatusModel.model_validate(_plain(found))


def _for_staff(found: InformationRequest, caller: Caller) -> StaffRequestModel:
    told = _plain(found) | {"assigned": found.assigned}
    if not may_answer(found, caller):
        return StaffRequestModel.model_validate(told | {"answer": ""})
    question = found.question
    asked = AskedModel(
        text=question.text,
        name=question.name,
        contact=question.contact,
        document=question.document,
    )
    return StaffRequestModel.model_validate(told | {"asked": asked})

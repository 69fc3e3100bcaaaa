"""Bodies of the portal's endpoints, as the API's description shows them."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

_Code = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_.-]{1,100}$")]


def _text(least: int, most: int) -> StringConstraints:
    """Printable text without control characters but for line ends and tabs."""
    return StringConstraints(
        strip_whitespace=True,
        min_length=least,
        max_length=most,
        pattern=r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f]*$",
    )


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class ChangeModel(BaseModel):
    """A change; of a withdrawn document nothing but its id."""

    change: Literal["new", "changed", "withdrawn"]
    document: str
    sha256: str | None = Field(None, description="SHA-256 of the public PDF.")
    noted: str | None = Field(None, description="When, ISO 8601; orders nothing.")
    record: str | None = Field(None, description="Address of the public record.")


class ChangesModel(BaseModel):
    """Changes in the order of the archive; `cursor` asks for those after them."""

    changes: list[ChangeModel]
    cursor: str
    more: bool


class QuestionModel(_Strict):
    """A request for public information under Law 544/2001."""

    text: Annotated[str, _text(10, 4000)] = Field(description="What is asked for.")
    name: Annotated[str, _text(2, 200)] = Field(description="First and last name.")
    contact: Annotated[str, _text(5, 300)] = Field(description="Where the answer goes.")
    document: Annotated[str, _text(0, 200)] = Field(
        "", description="An address or id, as the asker knows it."
    )


class ReceiptModel(BaseModel):
    """The number and the term of a request; the secret is told once."""

    number: str
    secret: str
    received: str
    due: str
    status: str = Field(description="Address of the state; the secret goes into Request-Secret.")


class StatusModel(BaseModel):
    """How far a request has come."""

    number: str
    state: Literal["registered", "assigned", "answered"]
    received: str
    due: str
    extended: bool
    outcome: str
    answer: str
    answered: str


class AskedModel(BaseModel):
    """Who asks and what; shown to those alone who answer."""

    text: str
    name: str
    contact: str
    document: str


class StaffRequestModel(StatusModel):
    """A request as staff see it."""

    assigned: str
    asked: AskedModel | None = None


class StaffRequestsModel(BaseModel):
    """Requests by term."""

    requests: list[StaffRequestModel]


class AssignmentModel(_Strict):
    """Who is to answer."""

    to: Annotated[str, _text(1, 100)]


class AnswerModel(_Strict):
    """The answer of the institution."""

    outcome: Literal["given", "refused", "redirected"]
    text: Annotated[str, _text(1, 20_000)]


class SearchToSave(_Strict):
    """A search to be kept."""

    name: Annotated[str, _text(1, 100)]
    query: Annotated[str, _text(0, 1000)] = ""
    filters: dict[_Code, Annotated[str, _text(1, 200)]] = Field(default_factory=dict, max_length=20)


class SavedModel(BaseModel):
    """A search that is kept."""

    id: str
    name: str
    query: str
    filters: dict[str, str]
    created: str


class SavedListModel(BaseModel):
    """The caller's searches."""

    searches: list[SavedModel]


class Alive(BaseModel):
    """The process answers."""

    status: Literal["ok"] = "ok"


class Ready(BaseModel):
    """All parts are ready."""

    status: Literal["ready"] = "ready"
    parts: dict[str, bool]

"""What the city's portal exchanges with the archive beside searches: changes, requests, searches kept."""

from dataclasses import dataclass, field
from enum import StrEnum


class ChangeKind(StrEnum):
    """What became of a public document."""

    NEW = "new"
    CHANGED = "changed"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Change:
    """The newest change of a public document; `sha256` (its PDF's) is empty for a withdrawn one.

    `seq` is its place in the order of the database, `noted` an ISO 8601 time that orders nothing.
    """

    seq: int
    document: str
    kind: ChangeKind
    sha256: str = ""
    noted: str = ""


@dataclass(frozen=True, slots=True)
class ChangePage:
    """Changes in order; `cursor` asks for those after them, `more` tells that there are some."""

    changes: tuple[Change, ...]
    cursor: str
    more: bool


@dataclass(frozen=True, slots=True)
class Stamped:
    """A document's newest change with its time (ISO 8601, UTC), a withdrawal's too.

    `cursor` asks for those after it.
    """

    document: str
    unit: str
    withdrawn: bool
    noted: str
    cursor: str


@dataclass(frozen=True, slots=True)
class PublicVersion:
    """What of a public document, when it differs, is a change: `version` covers PDF and record."""

    sha256: str
    version: str


class RequestState(StrEnum):
    """How far a request for information has come."""

    REGISTERED = "registered"
    ASSIGNED = "assigned"
    ANSWERED = "answered"


class Outcome(StrEnum):
    """How a request was answered (Law 544/2001, articles 6 to 12)."""

    GIVEN = "given"
    REFUSED = "refused"
    REDIRECTED = "redirected"


@dataclass(frozen=True, slots=True)
class Question:
    """What somebody asks for; `document` is an address or id as the asker gave it, never looked up."""

    text: str
    name: str
    contact: str
    document: str = ""


@dataclass(frozen=True, slots=True)
class Receipt:
    """A request's number and term (ISO dates); the secret is told this once and kept as a hash."""

    number: str
    secret: str
    received: str
    due: str


@dataclass(frozen=True, slots=True)
class InformationRequest:
    """A request under Law 544/2001. Who asked, and his words, are empty once erased."""

    number: str
    state: RequestState
    received: str
    due: str
    extended: bool
    assigned: str
    outcome: str
    answer: str
    answered: str
    question: Question


@dataclass(frozen=True, slots=True)
class SavedSearch:
    """A search that an account keeps under a name."""

    id: str
    name: str
    query: str
    filters: dict[str, str] = field(default_factory=dict)
    created: str = ""

"""What is kept in the ledger's database, as the endpoints use it; flows hands in what fulfils it."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Protocol, TypeVar

from schemas.errors import ServiceError
from schemas.portal import (
    ChangePage,
    InformationRequest,
    Question,
    Receipt,
    SavedSearch,
    Stamped,
)
from search.access.audit import Noted

Kind = TypeVar("Kind")
Probe = Callable[[], bool]


class Changes(Protocol):
    """The feed of public documents."""

    def page(self, cursor: str = "", limit: int = 100) -> ChangePage:
        """Changes after a cursor; raises cursor-invalid, cursor-gone, limit-invalid."""

    def published(self, documents: Iterable[str]) -> dict[str, str]:
        """When each of these documents that is public was noted so."""

    def newest(self, limit: int) -> dict[str, str]:
        """The documents published last, the last first, with when they were noted."""

    def stamped(
        self,
        cursor: str,
        limit: int,
        *,
        since: str = "",
        until: str = "",
        withdrawn_alone: bool = False,
    ) -> tuple[Stamped, ...]:
        """Changes after a cursor, noted between two times; raises cursor-invalid, cursor-gone."""

    def stamp_of(self, document: str) -> Stamped | None:
        """The newest change of a document; None for one that never was public."""

    def earliest(self) -> str:
        """The time of the oldest change; empty where there is none."""


class Requests(Protocol):
    """Requests under Law 544/2001; what is done and what `noted` stores of it are one transaction."""

    def file(self, question: Question, noted: Noted) -> Receipt:
        """Register a request."""

    def of_asker(self, number: str, secret: str) -> InformationRequest | None:
        """A request, for whoever has its secret."""

    def all(self, state: str = "") -> tuple[InformationRequest, ...]:
        """Requests by term."""

    def one(self, number: str) -> InformationRequest:
        """One request; raises request-unknown."""

    def assign(self, number: str, to: str, noted: Noted) -> InformationRequest:
        """Somebody is to answer."""

    def extend(self, number: str, noted: Noted) -> InformationRequest:
        """Thirty days instead of ten."""

    def answer(
        self, number: str, text: str, outcome: str, by: str, noted: Noted
    ) -> InformationRequest:
        """The answer."""


class Saved(Protocol):
    """The searches that accounts keep."""

    def of(self, account: str) -> tuple[SavedSearch, ...]:
        """An account's searches."""

    def add(self, account: str, name: str, query: str, filters: dict[str, str]) -> SavedSearch:
        """Keep a search; raises saved-full."""

    def remove(self, account: str, ident: str) -> bool:
        """Forget one of the account's; whether there was one."""


@dataclass(frozen=True, slots=True)
class Stores:
    """What the portal's endpoints stand on; `probes` tell by name whether a part is ready."""

    changes: Changes | None = None
    requests: Requests | None = None
    saved: Saved | None = None
    probes: Mapping[str, Probe] = field(default_factory=dict)


def there(part: Kind | None) -> Kind:
    """A part of the application; raises ServiceError ledger-unreachable where it was left out."""
    if part is None:
        raise ServiceError("ledger-unreachable")
    return part

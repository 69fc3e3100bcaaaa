"""Requests for public information (Law 544/2001): registered, assigned, answered, then erased.

Numbers count in the year. The asker's secret is kept as a hash; who asked, the words and the answer
are erased so many days after the answer, number, dates and outcome stay.
"""

import secrets
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from hmac import compare_digest

from sqlalchemy import Connection, RowMapping, func, insert, select
from sqlalchemy import update as change

from pipeline.ledger import Ledger
from pipeline.ledger.engine import one_writer
from pipeline.portal.tables import requests
from pipeline.portal.terms import LONGEST_DAYS, due, today
from schemas.errors import InputError
from schemas.portal import InformationRequest, Outcome, Question, Receipt, RequestState

_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
_GROUPS, _GROUP = 5, 4
_ERASED = {"text": "", "name": "", "contact": "", "document": "", "answer": "", "secret": ""}


Noted = Callable[[Connection, str], None]
"""Notes an act on the request of a number in the act's own transaction: both are stored, or neither."""


def _now() -> datetime:
    return datetime.now(UTC)


def _unnoted(_connection: Connection, _number: str) -> None:
    """Nobody notes it."""


class RequestBook:
    """The requests of an archive; `days` after the answer what is personal is erased."""

    def __init__(
        self, ledger: Ledger, days: int = 365, clock: Callable[[], datetime] = _now
    ) -> None:
        self._ledger = ledger
        self._days = days
        self._clock = clock

    def file(self, question: Question, noted: Noted = _unnoted) -> Receipt:
        """Register a request; the secret is told here and nowhere else."""
        received, secret = today(self._clock()), _new_secret()
        self.erase_expired()
        with self._ledger.writing() as connection:
            one_writer(connection, "requests")
            last = select(func.max(requests.c.n)).where(requests.c.year == received.year)
            n = (connection.scalar(last) or 0) + 1
            number = f"C-{received.year}-{n:05d}"
            term = due(received)
            row = _row(number, received, n, term) | {"secret": _hashed(secret)}
            told = {name: getattr(question, name) for name in Question.__slots__}
            connection.execute(insert(requests).values({**row, **told}))
            noted(connection, number)
        return Receipt(number, secret, received.isoformat(), term.isoformat())

    def of_asker(self, number: str, secret: str) -> InformationRequest | None:
        """A request as its asker may see it; None for an unknown number as for a wrong secret."""
        with self._ledger.reading() as connection:
            query = select(requests).where(requests.c.number == number)
            row = connection.execute(query).mappings().one_or_none()
        kept = row["secret"] if row else ""
        same = compare_digest(kept, _hashed(secret))
        return _request(row) if row and kept and same else None

    def all(self, state: str = "") -> tuple[InformationRequest, ...]:
        """Requests by term, those of a state where one is named."""
        self.erase_expired()
        query = select(requests).order_by(requests.c.due, requests.c.seq)
        if state:
            query = query.where(requests.c.state == state)
        with self._ledger.reading() as connection:
            return tuple(_request(row) for row in connection.execute(query).mappings())

    def one(self, number: str) -> InformationRequest:
        """A request; raises InputError request-unknown."""
        with self._ledger.reading() as connection:
            return _request(_found(connection, number))

    def assign(self, number: str, to: str, noted: Noted = _unnoted) -> InformationRequest:
        """Somebody is to answer; raises InputError request-unknown, request-answered."""
        values = {"assigned": to, "state": RequestState.ASSIGNED.value}
        return self._changed(number, lambda _: values, noted)

    def extend(self, number: str, noted: Noted = _unnoted) -> InformationRequest:
        """Thirty days instead of ten, once, and only before the first term is over.

        Raises InputError request-unknown, request-answered, request-extended.
        """

        def longer(row: RowMapping) -> dict[str, object]:
            late = today(self._clock()).isoformat() > row["due"]
            if row["extended"] or late:
                raise InputError("request-extended", number)
            term = due(date.fromisoformat(row["received"]), LONGEST_DAYS)
            return {"extended": 1, "due": term.isoformat()}

        return self._changed(number, longer, noted)

    def answer(
        self, number: str, text: str, outcome: str, by: str, noted: Noted = _unnoted
    ) -> InformationRequest:
        """The answer, kept for the asker.

        Raises InputError request-unknown, request-answered, request-outcome.
        """
        if outcome not in {one.value for one in Outcome}:
            raise InputError("request-outcome", outcome)
        values = {
            "answer": text,
            "outcome": outcome,
            "assigned": by,
            "state": RequestState.ANSWERED.value,
            "answered": today(self._clock()).isoformat(),
        }
        return self._changed(number, lambda _: values, noted)

    def erase_expired(self) -> int:
        """Erase what is personal of requests answered long enough ago; returns how many."""
        end = (today(self._clock()) - timedelta(self._days)).isoformat()
        old = (requests.c.answered != "") & (requests.c.answered < end)
        query = change(requests).where(old & (requests.c.secret != "")).values(_ERASED)
        with self._ledger.writing() as connection:
            return connection.execute(query).rowcount

    def _changed(
        self,
        number: str,
        values: Callable[[RowMapping], Mapping[str, object]],
        noted: Noted,
    ) -> InformationRequest:
        with self._ledger.writing() as connection:
            one_writer(connection, "requests")
            row = _found(connection, number)
            if row["state"] == RequestState.ANSWERED:
                raise InputError("request-answered", number)
            mine = requests.c.number == number
            connection.execute(change(requests).where(mine).values(values(row)))
            noted(connection, number)
            return _request(_found(connection, number))


def _new_secret() -> str:
    groups = ("".join(secrets.choice(_LETTERS) for _ in range(_GROUP)) for _ in range(_GROUPS))
    return "-".join(groups)


def _hashed(secret: str) -> str:
    """Enough for a secret of a hundred random bits."""
    return sha256(secret.strip().lower().encode()).hexdigest()


def _row(number: str, received: date, n: int, term: date) -> dict[str, object]:
    return {
        "number": number,
        "year": received.year,
        "n": n,
        "state": RequestState.REGISTERED.value,
        "received": received.isoformat(),
        "due": term.isoformat(),
        "extended": 0,
        "assigned": "",
        "outcome": "",
        "answer": "",
        "answered": "",
    }


def _found(connection: Connection, number: str) -> RowMapping:
    query = select(requests).where(requests.c.number == number)
    row = connection.execute(query).mappings().one_or_none()
    if row is None:
        raise InputError("request-unknown", number)
    return row


def _request(row: RowMapping) -> InformationRequest:
    names = ("number", "received", "due", "assigned", "outcome", "answer", "answered")
    question = Question(row["text"], row["name"], row["contact"], row["document"])
    return InformationRequest(
        **{name: row[name] for name in names},
        state=RequestState(row["state"]),
        extended=bool(row["extended"]),
        question=question,
    )

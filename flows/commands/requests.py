"""`opis requests …`: requests under Law 544/2001, by term; their askers, answers and extensions."""

from collections.abc import Callable
from dataclasses import asdict
from datetime import date
from pathlib import Path

from flows.answers import Answer, printable
from flows.archive import need_archive
from flows.auditing import noted
from flows.commands.person import person
from pipeline.audit.keeping import keep
from pipeline.audit.noting import Noting
from pipeline.ledger import Ledger, open_ledger
from pipeline.portal.requests import Noted, RequestBook
from schemas.errors import InputError
from schemas.messages import label, say
from schemas.portal import InformationRequest
from schemas.settings import Settings


def _in_book(settings: Settings, act: Callable[[RequestBook, Ledger], Answer]) -> Answer:
    need_archive(settings)
    with open_ledger(settings, create=False) as ledger:
        return act(RequestBook(ledger, settings.request_days), ledger)


def _line(found: InformationRequest, language: str) -> str:
    """Number, term, state and who answers; who asks is shown by `show` alone."""
    return say(
        "request_line",
        language,
        number=found.number,
        due=date.fromisoformat(found.due).strftime("%d.%m.%Y"),
        state=label("request_state", found.state.value, language),
        who=found.assigned or "–",
    )


def _row(found: InformationRequest) -> dict[str, object]:
    left_out = {"question", "answer"}
    return {k: v for k, v in asdict(found).items() if k not in left_out}


def list_requests(settings: Settings, every: bool) -> Answer:
    """Requests that wait for an answer, those due first; with `every` the answered ones too."""

    def listed(book: RequestBook, _ledger: Ledger) -> Answer:
        found = tuple(one for one in book.all() if every or not one.answered)
        language = settings.interface_language
        lines = tuple(_line(one, language) for one in found)
        payload = {"requests": [_row(one) for one in found]}
        return Answer(payload, lines or (say("requests_none", language),))

    return _in_book(settings, listed)


def show(settings: Settings, number: str) -> Answer:
    """A request with who asks and what; raises InputError request-unknown."""

    def shown(book: RequestBook, ledger: Ledger) -> Answer:
        found = book.one(number)
        noted(ledger, settings, person(None), "request-view", number)
        asked, language = found.question, settings.interface_language
        told = (
            ("request_name", asked.name),
            ("request_contact", asked.contact),
            ("request_document", asked.document),
            ("request_text", asked.text),
            ("request_answer", found.answer),
        )
        values = ((say(key, language), printable(value)) for key, value in told if value)
        lines = (_line(found, language), *(f"  {name}: {value}" for name, value in values))
        return Answer(asdict(found), lines)

    return _in_book(settings, shown)


def _changed(
    settings: Settings,
    change: Callable[[RequestBook, Noted], InformationRequest],
    by: str,
    action: str,
) -> Answer:
    """An act on a request, and its entry in the audit chain, in one transaction."""

    def acted(book: RequestBook, ledger: Ledger) -> Answer:
        found = change(book, Noting(ledger, settings).within_command(by, action))
        keep(ledger, settings)
        return Answer(_row(found), (_line(found, settings.interface_language),))

    return _in_book(settings, acted)


def assign(settings: Settings, number: str, to: str) -> Answer:
    """Name who is to answer a request."""
    return _changed(settings, lambda b, n: b.assign(number, to, n), person(None), "request-assign")


def extend(settings: Settings, number: str) -> Answer:
    """Thirty days instead of ten, within the first ten."""
    return _changed(settings, lambda b, n: b.extend(number, n), person(None), "request-extend")


def answer(
    settings: Settings, number: str, text: str, file: Path | None, outcome: str, by: str | None
) -> Answer:
    """Answer a request by a text or a text file; the asker reads it with number and code."""
    words, who = _text(file) if file else text, person(by)
    if not words.strip():
        raise InputError("request-empty", number)
    told = (number, words, outcome, who)
    return _changed(settings, lambda book, n: book.answer(*told, n), who, "request-answer")


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError("answer-unreadable", file.name) from error

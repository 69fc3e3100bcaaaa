"""`opis review move|split|merge|assign|split-document|merge-documents`, and taking them back."""

import re
from collections.abc import Callable

from flows.answers import Answer, printable
from flows.archive import need_archive
from flows.changes.changing import Done
from flows.changes.rearranging import (
    assign_identity,
    merge_documents,
    merge_units,
    move_pages,
    split_document,
    split_unit,
)
from flows.changes.undoing import undo_change
from flows.commands.person import person
from flows.progress import Silent
from flows.publication.forgetting import forgetting_run
from flows.run import Run
from schemas.errors import InputError
from schemas.messages import plural, say
from schemas.settings import Settings

_REST = 3
_RANGE = re.compile(r"\s*(\d{1,6})\s*(?:[-–]\s*(\d{1,6})\s*)?")
_MOST = 100_000


def page_numbers(text: str) -> tuple[int, ...]:
    """The pages of a list such as 12-20,25, in order; raises InputError pages-wrong."""
    numbers: set[int] = set()
    for part in text.split(","):
        found = _RANGE.fullmatch(part)
        if found is None:
            raise InputError("pages-wrong", text)
        first, last = int(found[1]), int(found[2] or found[1])
        if not 0 < first <= last <= _MOST:
            raise InputError("pages-wrong", text)
        numbers.update(range(first, last + 1))
    return tuple(sorted(numbers))


def _rows(done: Done) -> list[dict[str, object]]:
    return [
        {
            "unit": unit,
            "pages": len(result.unit.pages) if result.unit else 0,
            "documents": len(result.unit.documents) if result.unit else 0,
            "scanned": result.counts.scanned,
            "indexed": result.indexed,
            "read": result.recognised_now,
            "problems": [problem.code for problem in result.problems],
        }
        for unit, result in done.results.items()
    ]


def _answer(done: Done, unit: str, into: str, settings: Settings) -> Answer:
    """Exit code 3 where a unit does not add up afterwards."""
    language, change = settings.interface_language, done.change
    problems = {u: result.problems for u, result in done.results.items() if result.problems}
    payload = {
        "outcome": "done" if change.id else "same",
        "kind": change.kind,
        "change": change.id,
        "pages": change.pages,
        "units": _rows(done),
        "created": [new.id for new in change.created],
        "removed": list(change.removed),
    }
    line = say(
        f"change_{change.kind.replace('-', '_')}" if change.id else "change_same",
        language,
        unit=unit,
        into=into,
        pages=plural("page", change.pages, language),
        id=change.id,
    )
    bad = tuple(
        say("change_problem", language, unit=u, codes=", ".join(sorted({p.code for p in some})))
        for u, some in problems.items()
    )
    return Answer(payload, (line, *bad), _REST if bad else 0)


def _carried(settings: Settings, unit: str, into: str, work: Callable[[Run], Done]) -> Answer:
    need_archive(settings)
    with forgetting_run(settings, Silent()) as run:
        done = work(run)
    return _answer(done, unit, into, settings)


def move(
    settings: Settings, unit: str, pages: str, into: str, at: int | None, note: str, by: str | None
) -> Answer:
    """Pages of a unit go into another one."""
    numbers = page_numbers(pages)
    return _carried(
        settings, unit, into, lambda run: move_pages(unit, numbers, into, at, person(by), note, run)
    )


def _identity(**given: str | None) -> dict[str, str]:
    return {name: value for name, value in given.items() if value is not None}


def split(
    settings: Settings,
    unit: str,
    page: int,
    fond: str | None,
    inventar: str | None,
    cota: str | None,
    an: str | None,
    volum: str | None,
    note: str,
    by: str | None,
) -> Answer:
    """From a page on a unit is another one."""
    identity = _identity(fond=fond, inventar=inventar, cota=cota, an=an, volum=volum)
    need_archive(settings)
    with forgetting_run(settings, Silent()) as run:
        done = split_unit(unit, page, identity, person(by), note, run)
    return _answer(done, unit, done.change.created[0].id, settings)


def merge(settings: Settings, unit: str, into: str, note: str, by: str | None) -> Answer:
    """All pages of a unit go to the end of another one."""
    return _carried(
        settings, unit, into, lambda run: merge_units(unit, into, person(by), note, run)
    )


def assign(
    settings: Settings,
    unit: str,
    fond: str | None,
    inventar: str | None,
    cota: str | None,
    an: str | None,
    volum: str | None,
    note: str,
    by: str | None,
) -> Answer:
    """A unit gets the identity that it should have had; raises InputError identity-empty."""
    identity = _identity(fond=fond, inventar=inventar, cota=cota, an=an, volum=volum)
    if not identity:
        raise InputError("identity-empty", unit)
    shown = ", ".join(f"{name} {printable(value)}" for name, value in identity.items())
    return _carried(
        settings, unit, shown, lambda run: assign_identity(unit, identity, person(by), note, run)
    )


def _of_document(settings: Settings, unit: str, page: int, work: Callable[[Run], Done]) -> Answer:
    """Pages of a unit in another document: the one to which `page` belongs now."""
    need_archive(settings)
    with forgetting_run(settings, Silent()) as run:
        done = work(run)
    document = done.change.records[0].pages[page - 1].document or ""
    return _answer(done, unit, document, settings)


def divide(settings: Settings, unit: str, page: int, note: str, by: str | None) -> Answer:
    """A new document begins at a page."""
    return _of_document(
        settings, unit, page, lambda run: split_document(unit, page, person(by), note, run)
    )


def join(settings: Settings, unit: str, page: int, note: str, by: str | None) -> Answer:
    """A page's document becomes part of the one before it."""
    return _of_document(
        settings, unit, page, lambda run: merge_documents(unit, page, person(by), note, run)
    )


def undo(settings: Settings, ident: str, by: str | None) -> Answer:
    """A change of units is taken back."""
    answer = _carried(settings, "", ident, lambda run: undo_change(ident, person(by), run))
    told = {"id": ident, "decision": "undone", "by": person(by)}
    return Answer({**told, **answer.payload}, answer.lines, answer.exit_code)

"""What of a unit waits for a person, and what people decided; decisions are the unit's events.

A page waits to be scanned again where a finding says so, where it could not be read, or where a
person marked it, unless a person accepted it as it is. An item's id stands for the scan itself,
so that decisions survive re-processing and other page numbers, and end with the scan.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from typing import Any

from pipeline import units
from schemas.errors import InputError
from schemas.layout import UnitLayout
from schemas.messages import table
from schemas.records import Finding, Page, PageState, Unit

REVIEW = "review"
RESCAN, CHECK = "rescan", "check"
TO_CHECK = frozenset({"cover-sheet", "cover-other-unit", "cover-unlisted"})
"""What no new scan mends: a person compares paper, lists and record."""
ACCEPTED, MARKED, UNDONE = "accepted", "marked", "undone"
BY_PERSON, UNREADABLE = "rescan-marked", "unreadable"
_ID = 8
Event = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Waiting:
    """Something that waits for a person: `kind` is rescan or check; `field` is what is doubted of it.

    `note` is what a person who marked it said.
    """

    id: str
    kind: str
    unit: Unit
    page: Page
    field: str
    findings: tuple[Finding, ...]
    note: str = ""

    @property
    def codes(self) -> tuple[str, ...]:
        """Of the findings; where there are none, that a person marked it, or that reading failed."""
        alone = UNREADABLE if self.page.state is PageState.FAILED else BY_PERSON
        return tuple(finding.code for finding in self.findings) or (alone,)


@cache
def rescan_codes() -> frozenset[str]:
    """The findings that scanning again would mend: class R of the message tables."""
    reasons = table("ro")["reason"]
    return frozenset(code for code, entry in reasons.items() if entry["class"] == "R")


def item_id(unit: str, page: Page) -> str:
    """`UNIT.` and 8 characters that stand for the scan which the page shows."""
    scan = "\n".join((page.source, str(page.frame), *((page.half,) if page.half else ())))
    number = int(sha256(scan.encode()).hexdigest(), 16)
    letters = []
    for _ in range(_ID):
        number, letter = divmod(number, len(units.ALPHABET))
        letters.append(units.ALPHABET[letter])
    return f"{unit}.{''.join(letters)}"


def unit_of(ident: str) -> str:
    """The unit of an item; raises InputError review-missing for what is no item's id."""
    unit, dot, rest = ident.rpartition(".")
    if not (unit and dot and len(rest) == _ID):
        raise InputError("review-missing", ident)
    return unit


def decisions(events: Iterable[Event]) -> dict[str, tuple[Event, ...]]:
    """The decisions that stand, oldest first, by item; an undone one is left out with its undoing."""
    standing: dict[str, tuple[Event, ...]] = {}
    for event in events:
        if event.get("event") == REVIEW:
            before = standing.get(event["item"], ())
            undone = event["decision"] == UNDONE
            standing[event["item"]] = before[:-1] if undone else (*before, event)
    return standing


def carried_decisions(
    giver: tuple[str, Iterable[Event]],
    receiver: tuple[str, Iterable[Event]],
    pages: Iterable[tuple[Page, Page]],
) -> Iterator[dict[str, Any]]:
    """Decisions that stand on pages of one unit, as events of the unit that gets these pages.

    Both units with their events; each page as it was and as it is in its new unit.
    """
    standing, there = decisions(giver[1]), decisions(receiver[1])
    for before, page in pages:
        item = item_id(receiver[0], page)
        last = standing.get(item_id(giver[0], before), ())[-1:]
        if last and _said(last) != _said(there.get(item, ())[-1:]):
            decision, note = _said(last)
            yield _decision(item, page, decision, str(last[0].get("by", "")), note)


def _said(last: tuple[Event, ...]) -> tuple[str, str]:
    """The decision and the note of a last event, empty where there is none."""
    event: Event = last[0] if last else {}
    return str(event.get("decision", "")), str(event.get("note", ""))


def _decision(item: str, page: Page, decision: str, by: str, note: str) -> dict[str, Any]:
    told = {"event": REVIEW, "item": item, "decision": decision, "by": by}
    scan = {"source": page.source, "frame": page.frame}
    half = {"half": page.half.value} if page.half else {}
    return {**told, **scan, **half, **({"note": note} if note else {})}


def _item(
    unit: Unit, page: Page, findings: tuple[Finding, ...], decided: tuple[Event, ...]
) -> Waiting | None:
    last: Event = decided[-1] if decided else {}
    marked = last.get("decision") == MARKED
    failed = page.state is PageState.FAILED
    bad = tuple(f for f in findings if failed or f.code in rescan_codes())
    doubts = tuple(f for f in findings if f.code in TO_CHECK and f not in bad)
    again = bool(bad or failed or marked)
    if last.get("decision") == ACCEPTED or not (again or doubts):
        return None
    note = str(last.get("note", "")) if marked else ""
    kind, field = (RESCAN, "page") if again else (CHECK, "identity")
    return Waiting(item_id(unit.id, page), kind, unit, page, field, (*bad, *doubts), note)


def waiting_of(
    unit: Unit, findings: Iterable[Finding], events: Iterable[Event]
) -> Iterator[Waiting]:
    """The items of a unit that wait, in page order."""
    decided = decisions(events)
    by_page: dict[int | None, tuple[Finding, ...]] = {}
    for finding in findings:
        by_page[finding.page] = (*by_page.get(finding.page, ()), finding)
    for page in unit.pages:
        standing = decided.get(item_id(unit.id, page), ())
        item = _item(unit, page, by_page.get(page.page, ()), standing)
        if item is not None:
            yield item


def waiting_in(layout: UnitLayout) -> tuple[Waiting, ...]:
    """The same from what is on disk; raises InputError unit-missing or unit-damaged."""
    events = units.read_events(layout)
    return tuple(waiting_of(units.read_record(layout), units.read_findings(layout), events))


def counts_of(items: Iterable[Waiting]) -> dict[str, int]:
    """How many items wait, and how many of them are pages to scan again: a step's result."""
    kinds = [item.kind for item in items]
    return {"waiting": len(kinds), RESCAN: kinds.count(RESCAN)}


def page_of(unit: Unit, ident: str) -> Page:
    """The page whose scan an item's id stands for; raises InputError review-missing."""
    page = next((page for page in unit.pages if item_id(unit.id, page) == ident), None)
    if page is None:
        raise InputError("review-missing", ident)
    return page


def page_numbered(unit: Unit, number: int) -> Page:
    """A page by its number in the unit; raises InputError page-missing."""
    if not 1 <= number <= len(unit.pages):
        raise InputError("page-missing", f"{unit.id}, {number}")
    return unit.pages[number - 1]


def decide(layout: UnitLayout, ident: str, decision: str, by: str, note: str = "") -> None:
    """Write a person's decision into the unit's events.

    The same decision again changes nothing. Raises InputError review-missing for an unknown item,
    review-nothing-to-undo where none stands.
    """
    page = page_of(units.read_record(layout), ident)
    standing = decisions(units.read_events(layout)).get(ident, ())
    if decision == UNDONE and not standing:
        raise InputError("review-nothing-to-undo", ident)
    if _said(standing[-1:]) == (decision, note):
        return
    units.append_event(layout, _decision(ident, page, decision, by, note))

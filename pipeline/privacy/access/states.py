"""How far a document's public copy has come: its unit's events, folded.

proposed (a person) → published (another person, or the program where the rules call it public) or
refused; withdrawn by a person; lapsed where the document changed under its copy. What a person
withdrew comes back only once a person proposes it again, under whatever number or in whatever unit
its scans then stand.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from schemas.records import Original, Page, Unit

PUBLICATION = "publication"
PROGRAM = "opis"
"""Who publishes what needs no person."""
Event = Mapping[str, Any]


class State(StrEnum):
    """What was last said of a document's public copy."""

    NONE = ""
    PROPOSED = "proposed"
    PUBLISHED = "published"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"


@dataclass(frozen=True, slots=True)
class Standing:
    """The last event of a document; `basis` stands for what it was decided on, `sha256` is the PDF's.

    `proposer` is who proposed the copy that a published one is.
    """

    state: State = State.NONE
    by: str = ""
    note: str = ""
    basis: str = ""
    sha256: str = ""
    proposer: str = ""
    time: str = ""


@dataclass(frozen=True, slots=True)
class Publications:
    """All documents of a unit, by id, and the scans that a person took back from the public."""

    documents: Mapping[str, Standing]
    withdrawn: frozenset[str]

    def of(self, document: str) -> Standing:
        return self.documents.get(document, Standing())

    def bars(self, scans: Iterable[str]) -> bool:
        """Whether one of these scans was withdrawn and not proposed again."""
        return not self.withdrawn.isdisjoint(scans)


def scan_of(page: Page, originals: Mapping[str, Original]) -> str:
    """What a page shows, whatever its number and unit: the original's hash, frame and half."""
    return f"{originals[page.source].sha256}:{page.frame}{page.half.value}"


def scans_of(unit: Unit, document: str) -> tuple[str, ...]:
    """The scans of a document's pages, in their order."""
    originals = {original.name: original for original in unit.originals}
    return tuple(scan_of(page, originals) for page in unit.pages_of(document))


def _standing(event: Event, before: Standing) -> Standing:
    state = State(event["state"])
    by = str(event.get("by", ""))
    return Standing(
        state=state,
        by=by,
        note=str(event.get("note", "")),
        basis=str(event.get("basis", "")),
        sha256=str(event.get("sha256", "")),
        proposer=by if state is State.PROPOSED else before.proposer,
        time=str(event.get("time", "")),
    )


def publications(events: Iterable[Event]) -> Publications:
    """How each document of a unit stands."""
    documents: dict[str, Standing] = {}
    withdrawn: set[str] = set()
    for event in events:
        if event.get("event") != PUBLICATION:
            continue
        ident, scans = str(event["document"]), set(event.get("scans", ()))
        documents[ident] = _standing(event, documents.get(ident, Standing()))
        if documents[ident].state is State.WITHDRAWN:
            withdrawn |= scans
        elif documents[ident].state is State.PROPOSED:
            withdrawn -= scans
    return Publications(documents, frozenset(withdrawn))


def publication(
    document: str, state: State, by: str, scans: Iterable[str], **told: str
) -> dict[str, Any]:
    """An event of a document's public copy; what is empty is left out."""
    head = {"event": PUBLICATION, "document": document, "state": state.value, "by": by}
    return {**head, **{key: value for key, value in told.items() if value}, "scans": list(scans)}


def carried_withdrawals(
    giver: Iterable[Event], scans: Iterable[tuple[str, str]]
) -> tuple[dict[str, Any], ...]:
    """What of a unit's withdrawals concerns pages that another unit gets: events for that one.

    `scans` are the pages' scans with their documents there.
    """
    barred = publications(giver).withdrawn
    by_document: dict[str, list[str]] = {}
    for scan, document in scans:
        if scan in barred:
            by_document.setdefault(document, []).append(scan)
    return tuple(
        publication(document, State.WITHDRAWN, PROGRAM, some)
        for document, some in by_document.items()
    )

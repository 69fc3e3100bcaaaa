"""The receipts of what was worked on, and their keeping up with what happens to the unit later."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from flows.watching.telling import Watch
from flows.work import BatchOutcome
from pipeline.ledger import Ledger, open_ledger
from pipeline.reviewing.review import RESCAN, REVIEW, waiting_in
from pipeline.units import read_record
from scanners.delivery.claims import Claim
from scanners.delivery.receipts import Receipt, ReceiptFile, Rescan, receipt_at, write_receipt
from scanners.delivery.stations import station_layouts
from schemas.durable import remove_leftovers
from schemas.errors import InputError
from schemas.layout import ArchiveLayout, StationLayout
from schemas.messages import reason
from schemas.records import PageCounts, Unit, UnitState
from schemas.settings import Settings
from schemas.sources import Quarantined

_LEFT_SECONDS = 3600.0


def put_aside_of(outcome: BatchOutcome) -> tuple[Quarantined, ...]:
    """All that went to quarantine."""
    return (*outcome.quarantined, *(q for b in outcome.binders for q in b.quarantined))


def _known_before(outcome: BatchOutcome, language: str) -> Quarantined | None:
    """The note that all of a drop was in the archive before."""
    known = tuple(b.unit for b in outcome.binders if b.unit)
    sources = tuple(s for b in outcome.binders for s in b.sources)
    if not known or not sources or any(s.outcome != "same" for s in sources):
        return None
    told = reason("duplicate", language, u=known[0].id, data=known[0].received[:10])
    return Quarantined("", "", told.code, told.cause, told.remedy, "", "")


def _unfinished(outcome: BatchOutcome, language: str) -> Quarantined | None:
    """What keeps a unit from being published."""
    for problem in (p for binder in outcome.binders for p in binder.problems):
        told = reason(problem.code, language, n=problem.page or "", **problem.detail)
        return Quarantined("", "", told.code, told.cause, told.remedy, "", "")
    return None


def rescans(unit: Unit, layout: ArchiveLayout, language: str) -> Iterator[Rescan]:
    """The leaves of a unit to scan again."""
    waiting = waiting_in(layout.unit(unit.id))
    for item in (item for item in waiting if item.kind == RESCAN):
        page, finding = item.page, next(iter(item.findings), None)
        leaf = page.leaf or str(page.page)
        detail = finding.detail if finding else {}
        why = reason(item.codes[0], language, n=page.page, f=leaf, **detail)
        side = leaf[-1] if leaf[-1] in "rv" else ""
        yield Rescan(leaf.rstrip("rv"), side, page.page, why.code, why.cause)


def final_receipt(
    done: Claim, outcome: BatchOutcome, layout: ArchiveLayout, language: str, joined: int = 0
) -> Receipt:
    """Done where a unit came of it, refused where none did; with what to scan again.

    Taken, and why, where a unit does not add up and so is not published.
    """
    aside = put_aside_of(outcome)
    made = tuple(b.unit for b in outcome.binders if b.unit)
    files = tuple(
        ReceiptFile(o.delivered, o.bytes, o.sha256) for unit in made for o in unit.originals
    )
    counts = sum((b.counts for b in outcome.binders), PageCounts())
    known = None if done.resumed else _known_before(outcome, language)
    unfinished = _unfinished(outcome, language)
    first = unfinished or (aside[0] if aside else known)
    return Receipt(
        state="taken" if unfinished else "done" if made else "refused",
        code=first.code if first else "",
        reason=first.reason if first else "",
        remedy=first.remedy if first else "",
        unit=", ".join(unit.id for unit in made),
        confirmed=done.told.confirmed,
        files=files,
        pages=counts if made else None,
        rescan=tuple(r for unit in made for r in rescans(unit, layout, language)),
        received=done.told.received,
        cota=", ".join(dict.fromkeys(u.identity.cota for u in made if u.identity.cota)),
        joined=joined,
    )


def _changed_since(receipt: Receipt, idents: tuple[str, ...], ledger: Ledger) -> bool:
    """Whether a unit was worked on after its receipt, or has more or fewer pages to scan again."""
    waiting = ledger.results(REVIEW)
    counted = sum(int(waiting.get(ident, {}).get("rescan", 0)) for ident in idents)
    written = datetime.fromisoformat(receipt.updated)
    worked = (datetime.fromisoformat(ledger.unit(ident).updated) for ident in idents)
    return counted != len(receipt.rescan) or any(when > written for when in worked)


def _as_it_is_now(
    receipt: Receipt, idents: tuple[str, ...], watching: Watch, ledger: Ledger
) -> Receipt:
    layout = watching.settings.layout
    made = tuple(read_record(layout.unit(ident)) for ident in idents)
    counts = sum((ledger.unit_counts(ident) for ident in idents), PageCounts())
    again = tuple(r for unit in made for r in rescans(unit, layout, watching.language))
    files = tuple(ReceiptFile(o.delivered, o.bytes, o.sha256) for u in made for o in u.originals)
    cota = ", ".join(dict.fromkeys(u.identity.cota for u in made if u.identity.cota))
    published = all(ledger.unit(ident).state == UnitState.PUBLISHED for ident in idents)
    if published and receipt.state == "taken":
        receipt = replace(receipt, state="done", code="", reason="", remedy="")
    return replace(receipt, pages=counts, rescan=again, files=files, cota=cota, updated="")


def _refresh(station: StationLayout, watching: Watch, ledger: Ledger) -> Iterator[str]:
    for path in sorted(station.receipts.glob("*.json")):
        receipt = receipt_at(path)
        if receipt is None or receipt.state not in {"taken", "done"} or not receipt.unit:
            continue
        idents = tuple(receipt.unit.split(", "))
        try:
            if not _changed_since(receipt, idents, ledger):
                continue
            fresh = _as_it_is_now(receipt, idents, watching, ledger)
            write_receipt(station, receipt.drop, fresh, watching.language, name=path.stem)
        except (InputError, ValueError):
            continue
        yield receipt.drop


def refresh_receipts(watching: Watch) -> int:
    """Rewrites the receipts of drops whose units have changed since; returns how many.

    Halves of receipts that a killed watcher left an hour ago go.

    Raises OpisError of the ledger and OSError of a station's folder.
    """
    settings: Settings = watching.settings
    with open_ledger(settings) as ledger:
        stations = station_layouts(settings)
        for station in stations:
            remove_leftovers(station.receipts, _LEFT_SECONDS)
        return sum(1 for station in stations for _ in _refresh(station, watching, ledger))

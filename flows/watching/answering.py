"""The receipts of what was worked on: what they say at its end, and what later."""

from collections.abc import Iterator
from dataclasses import replace

from flows.watching.telling import Watch
from flows.work import BatchOutcome
from pipeline.ledger import Ledger
from pipeline.reviewing.review import RESCAN, waiting_in
from pipeline.units import read_record
from scanners.delivery.claims import Claim
from scanners.delivery.receipts import Receipt, ReceiptFile, Rescan
from schemas.layout import ArchiveLayout
from schemas.messages import reason, reason_of
from schemas.records import PageCounts, Unit, UnitState
from schemas.sources import Quarantined


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
        told = reason_of(problem, language)
        return Quarantined("", "", told.code, told.cause, told.remedy, "", "")
    return None


def rescans(unit: Unit, layout: ArchiveLayout, language: str) -> Iterator[Rescan]:
    """The leaves of a unit to scan again."""
    waiting = waiting_in(layout.unit(unit.id))
    for item in (item for item in waiting if item.kind == RESCAN):
        page, finding = item.page, next(iter(item.findings), None)
        leaf = page.leaf or str(page.page)
        detail = finding.detail if finding else {}
        why = reason(item.codes[0], language, **{"n": page.page, "f": leaf, **detail})
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


def as_it_is_now(
    receipt: Receipt, idents: tuple[str, ...], watching: Watch, ledger: Ledger
) -> Receipt:
    """A receipt of finished work as its units stand. Raises InputError unit-missing, unit-damaged."""
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

"""Publication's part in a unit's last stage: regimes before the record, copies once the sums hold."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from flows.publication.cases import Case, Look, cases_of, decided, rules_of
from flows.publication.settling import (
    publish_alone,
    put_in_place,
    take_back,
    tell_counts,
)
from flows.run import Run
from flows.stages.indexing import unindex_public
from flows.stages.personal import kept, write_personal
from flows.stages.tasks import DocumentResult
from pipeline import units
from schemas.layout import UnitLayout
from schemas.privacy import PersonalData
from schemas.records import Finding, Unit


@dataclass(frozen=True, slots=True)
class Judged:
    """A unit's record with each document's regime, and how the documents stand."""

    unit: Unit
    cases: tuple[Case, ...]
    personal: Mapping[str, PersonalData]

    def keep(self, layout: UnitLayout) -> None:
        """Record and personal data into the unit's metadata."""
        write_personal(self.personal, layout)
        units.write_record(self.unit, layout)


def _found(
    unit: Unit, documents: Sequence[DocumentResult], layout: UnitLayout
) -> dict[str, PersonalData]:
    """What was found, by document; a document of which nobody knows is left out."""
    pairs = zip(unit.documents, documents, strict=True)
    found = ((document.id, kept(layout, result.personal)) for document, result in pairs)
    return {document: personal for document, personal in found if personal is not None}


def judge(
    unit: Unit,
    documents: Sequence[DocumentResult],
    findings: Iterable[Finding],
    layout: UnitLayout,
    run: Run,
) -> Judged:
    """Decide on every document; copies of what is no longer the same are public no more."""
    personal = _found(unit, documents, layout)
    look = Look(personal, tuple(findings), units.read_events(layout), rules_of(run.settings))
    cases = take_back(cases_of(unit, layout, look), layout, run)
    return Judged(decided(unit, cases), cases, personal)


def let_out(judged: Judged, layout: UnitLayout, run: Run) -> tuple[Finding, ...]:
    """Publish what needs no person; why some copies were held back."""
    cases, findings = publish_alone(judged.cases, judged.unit, layout, run)
    put_in_place(cases, layout, run)
    tell_counts(layout, cases, run.ledger)
    return findings


def hold_back(judged: Judged, layout: UnitLayout, run: Run) -> tuple[Finding, ...]:
    """A unit that does not add up is found by nobody outside."""
    unindex_public(layout, run)
    tell_counts(layout, judged.cases, run.ledger)
    return ()

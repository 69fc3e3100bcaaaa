"""What people do about public copies: propose, release, refuse, withdraw; and a changed table.

Every act is an event of the unit. While one is carried out the unit counts as worked on: whatever
stops it, the next run that takes the unit up finishes it.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from flows.auditing import noted
from flows.publication.cases import Case, cases_of, decided, look_at
from flows.publication.copying import outcome, start_copy, start_proof
from flows.publication.files import proposed_copy, remove_copy
from flows.publication.forgetting import forget
from flows.publication.settling import (
    failed,
    in_step,
    is_public,
    publish_alone,
    put_in_place,
    record_published,
    stands,
    take_back,
    tell_counts,
)
from flows.run import Run
from flows.stages.indexing import index_public, index_regimes
from flows.stages.taking_in import hold_unit
from pipeline import units
from pipeline.ledger import keep_in_unit
from pipeline.privacy.access.states import State, publication, publications, scans_of
from pipeline.units import manifest_path
from schemas.errors import InputError
from schemas.layout import UnitLayout
from schemas.records import Finding, Regime, Unit, UnitState
from search.web.views.documents import Documents

_KEPT, _HELD_BACK = "representations/rep1/", "held-back"


@dataclass(frozen=True, slots=True)
class Acted:
    """What became of a document: its unit, what is said of its copy now, and why it failed."""

    unit: str
    document: str
    state: State
    by: str
    findings: tuple[Finding, ...] = ()


Act = Callable[[Case, Unit, UnitLayout, Run], Acted]


def _unit_of(document: str, run: Run) -> Unit:
    return Documents(run.settings, run.index).document(document)[0]


def _need_whole(layout: UnitLayout, run: Run) -> None:
    if run.ledger.unit(layout.id).state != UnitState.PUBLISHED:
        raise InputError("publication-unit", layout.id)


@contextmanager
def _opened(layout: UnitLayout, run: Run) -> Iterator[None]:
    """The unit is worked on; afterwards it is complete again, with a new manifest."""
    known = units.read_manifest(layout) if manifest_path(layout).exists() else {}
    units.remove_manifest(layout)
    run.ledger.set_unit_state(layout.id, UnitState.WORKING)
    yield
    when = units.now()
    keep_in_unit(run.ledger, layout, UnitState.PUBLISHED, when)
    same = {path: digest for path, digest in known.items() if path.startswith(_KEPT)}
    units.write_manifest(layout, same)
    run.ledger.set_unit_state(layout.id, UnitState.PUBLISHED, when=when)


def _cases(layout: UnitLayout, run: Run) -> tuple[Unit, tuple[Case, ...]]:
    unit = units.read_record(layout)
    cases = cases_of(unit, layout, look_at(layout, run.settings))
    return decided(unit, cases), cases


def _of(cases: Sequence[Case], document: str) -> Case:
    found = next((case for case in cases if case.document.id == document), None)
    if found is None:
        raise InputError("unit-missing", document)
    return found


def _act(
    action: str, document: str, by: str, check: Callable[[Case], None], act: Act, run: Run
) -> Acted:
    """One act on one document, with its unit held and all that stands of the unit in step.

    The audit chain knows of it before anything changes; that a copy was held back it learns after.
    """
    layout = run.settings.layout.unit(_unit_of(document, run).id)
    with hold_unit(layout.id, run):
        _need_whole(layout, run)
        check(_of(_cases(layout, run)[1], document))
        noted(run.ledger, run.settings, by, action, document)
        with _opened(layout, run):
            unit, cases = _cases(layout, run)
            index_regimes(units.read_record(layout), unit, layout, run)
            units.write_record(unit, layout)
            cases = take_back(cases, layout, run)
            acted = act(_of(cases, document), unit, layout, run)
            _, now = _cases(layout, run)
            put_in_place(now, layout, run)
            tell_counts(layout, now, run.ledger)
        if acted.findings:
            noted(run.ledger, run.settings, by, _HELD_BACK, document)
    return acted


def _may_be_proposed(case: Case) -> None:
    access = case.document.access
    if access.regime is Regime.RESTRICTED:
        raise InputError("publication-restricted", case.document.id, r=access.rule or "–")
    if is_public(case):
        raise InputError("publication-public", case.document.id)
    if case.standing.state is State.PROPOSED and case.standing.basis == case.basis:
        raise InputError("publication-proposed", case.document.id, who=case.standing.by)


def propose(document: str, by: str, run: Run) -> Acted:
    """Draw a document's public copy up for another person to look at.

    Raises InputError unit-missing, publication-unit, -restricted, -public, -proposed.
    """

    def act(case: Case, unit: Unit, layout: UnitLayout, run: Run) -> Acted:
        result = outcome(start_copy(unit, layout, case, run, proved=False), unit, case)
        if result.findings:
            return Acted(unit.id, document, case.standing.state, by, result.findings)
        told = {"basis": case.basis, "sha256": result.record.sha256}
        event = publication(document, State.PROPOSED, by, case.scans, **told)
        units.append_event(layout, event)
        return Acted(unit.id, document, State.PROPOSED, by)

    return _act("propose", document, by, _may_be_proposed, act, run)


def _same(one: str, other: str) -> bool:
    return one.strip().casefold() == other.strip().casefold()


def _need_proposed(case: Case) -> None:
    if case.standing.state is not State.PROPOSED:
        raise InputError("publication-not-proposed", case.document.id)


def release(document: str, by: str, run: Run) -> Acted:
    """Publish the copy that another person proposed, once it is proved to hold nothing it must not.

    Raises InputError unit-missing, publication-unit, -not-proposed, -same-person, -changed.
    """

    def check(case: Case) -> None:
        _need_proposed(case)
        if _same(by, case.standing.by):
            raise InputError("publication-same-person", document)
        if not stands(case):
            raise InputError("publication-changed", document)

    def act(case: Case, unit: Unit, layout: UnitLayout, run: Run) -> Acted:
        result = outcome(start_proof(unit, layout, case, run), unit, case)
        if result.findings:
            failed(case, result.findings[0].code, layout)
            return Acted(unit.id, document, State.LAPSED, by, result.findings)
        record_published(case, case.standing.sha256, by, layout)
        return Acted(unit.id, document, State.PUBLISHED, by)

    return _act("release", document, by, check, act, run)


def refuse(document: str, by: str, note: str, run: Run) -> Acted:
    """The copy that was proposed is not good enough; `note` says why."""

    def act(case: Case, unit: Unit, layout: UnitLayout, _: Run) -> Acted:
        told = publication(document, State.REFUSED, by, case.scans, note=note)
        units.append_event(layout, told)
        remove_copy(proposed_copy(layout, document))
        return Acted(unit.id, document, State.REFUSED, by)

    return _act("refuse", document, by, _need_proposed, act, run)


def withdraw(document: str, by: str, reason: str, run: Run) -> Acted:
    """Take a document back from everybody outside, at once, whoever works on its unit.

    It stays on record, and no later run publishes it until a person proposes it again. The same
    again finishes what was interrupted. Raises InputError unit-missing.
    """
    unit = _unit_of(document, run)
    layout = run.settings.layout.unit(unit.id)
    before = publications(units.read_events(layout)).of(document)
    noted(run.ledger, run.settings, by, "withdraw", document)
    if before.state is not State.WITHDRAWN:
        told = publication(document, State.WITHDRAWN, by, scans_of(unit, document), note=reason)
        units.append_event(layout, told)
    index_public(layout, run, apart=frozenset({document}))
    remove_copy(layout.public_copy(document))
    with hold_unit(layout.id, run):
        if run.ledger.unit(layout.id).state == UnitState.PUBLISHED:
            with _opened(layout, run):
                cases = take_back(_cases(layout, run)[1], layout, run)
                put_in_place(cases, layout, run)
                tell_counts(layout, cases, run.ledger)
    forget(run)
    return Acted(unit.id, document, State.WITHDRAWN, by)


@dataclass(frozen=True, slots=True)
class Ruled:
    """What the table of rules changed in a unit: documents by regime, changed, public, failed."""

    regimes: tuple[Regime, ...]
    changed: int
    public: int
    findings: tuple[Finding, ...]


def apply_rules(ident: str, run: Run) -> Ruled:
    """Each document's regime decided anew by the table as it is, and what follows from that."""
    layout = run.settings.layout.unit(ident)
    with hold_unit(ident, run):
        _need_whole(layout, run)
        before = units.read_record(layout)
        unit, cases = _cases(layout, run)
        changed = sum(
            a.access != b.access for a, b in zip(before.documents, unit.documents, strict=True)
        )
        findings: tuple[Finding, ...] = ()
        if changed or not in_step(cases, layout):
            with _opened(layout, run):
                index_regimes(before, unit, layout, run)
                units.write_record(unit, layout)
                cases, findings = publish_alone(take_back(cases, layout, run), unit, layout, run)
                put_in_place(cases, layout, run)
                tell_counts(layout, cases, run.ledger)
    public = sum(is_public(case) for case in cases)
    return Ruled(tuple(d.access.regime for d in unit.documents), changed, public, findings)

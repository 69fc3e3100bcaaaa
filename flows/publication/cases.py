"""A unit's documents as their publication looks at them: personal data, regime, standing, basis."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import msgspec

from flows.stages.personal import read_personal
from pipeline import units
from pipeline.ledger import fingerprint
from pipeline.privacy.access import PageFacts, Rules, Sign, decide, load_rules, signs_of, undecided
from pipeline.privacy.access.states import Publications, Standing, publications, scans_of
from pipeline.reviewing.corrections import ADDED, PERSONAL, about, settled
from schemas.alto import read_alto
from schemas.errors import InputError
from schemas.hashing import hash_file
from schemas.layout import UnitLayout
from schemas.privacy import PersonalData
from schemas.records import Access, Document, FieldValue, Finding, PageState, Unit
from schemas.settings import Settings
from schemas.text import PageText

COPY_VERSION = "4"
"""Raised when the copy of the same document would come out otherwise than before."""
SHOWN = ("type", "number", "date", "issuer")
_UNKNOWN = FieldValue("")


@dataclass(frozen=True, slots=True)
class Case:
    """A document with all that its publication depends on; `basis` stands for that.

    `covered` are pages (numbers in the unit) of which a copy shows nothing.
    """

    document: Document
    personal: PersonalData
    covered: Mapping[int, Sign]
    scans: tuple[str, ...]
    basis: str
    standing: Standing
    barred: bool


def rules_of(settings: Settings) -> Rules | InputError:
    """The jurist's table, or what is wrong with it."""
    try:
        return load_rules(settings.archive)
    except InputError as error:
        return error


def _texts(layout: UnitLayout, pages: Iterable[int]) -> dict[int, PageText]:
    paths = {page: layout.alto_page(page) for page in pages}
    return {page: read_alto(p.read_bytes()) for page, p in paths.items() if p.exists()}


def settle_personal(
    found: PersonalData, document: str, unit: Unit, events: Sequence[Any], layout: UnitLayout
) -> PersonalData:
    """What was found in a document, with people's decisions laid over it."""
    own = about(document, events, unit.pages)
    added = {e["page"] for e in own if e["event"] == PERSONAL and e["decision"] == ADDED}
    return settled(found, own, _texts(layout, added))


def _facts(unit: Unit, document: str, findings: Iterable[Finding]) -> tuple[PageFacts, ...]:
    codes: dict[int | None, list[str]] = {}
    for finding in findings:
        codes.setdefault(finding.page, []).append(finding.code)
    return tuple(
        PageFacts(page.page, page.state, page.confidence, tuple(codes.get(page.page, ())))
        for page in unit.pages_of(document)
    )


def _access(
    document: Document,
    personal: PersonalData | None,
    facts: Sequence[PageFacts],
    rules: Rules | InputError,
) -> Access:
    if isinstance(rules, InputError):
        return undecided(rules)
    if personal is None or not document.pdf_sha256:
        return undecided(InputError("access-unread", document.id))
    kind = document.fields.get("type", _UNKNOWN).value
    return decide(document.fields, kind, personal, facts, rules)


def _basis(unit: Unit, layout: UnitLayout, case: Case) -> str:
    """What stands for all that a copy is made of, and for why it may be made."""
    document = case.document
    paths = (layout.alto_page(page.page) for page in unit.pages_of(document.id))
    return fingerprint(
        (
            COPY_VERSION,
            document.id,
            case.scans,
            tuple(hash_file(path) if path.exists() else "" for path in paths),
            msgspec.to_builtins(case.personal.items),
            tuple(case.covered),
            document.access.regime.value,
            tuple(document.fields.get(name, _UNKNOWN).value for name in SHOWN),
        )
    )


def _case(
    document: Document,
    found: PersonalData | None,
    unit: Unit,
    layout: UnitLayout,
    stand: Publications,
    look: "Look",
) -> Case:
    personal = settle_personal(found, document.id, unit, look.events, layout) if found else None
    facts = _facts(unit, document.id, look.findings)
    decided = replace(document, access=_access(document, personal, facts, look.rules))
    covered = {} if isinstance(look.rules, InputError) else signs_of(facts, look.rules)
    failed = {page.page: Sign.FAILED for page in facts if page.state is PageState.FAILED}
    scans = scans_of(unit, document.id)
    bars = stand.bars(scans)
    sure = personal or PersonalData()
    case = Case(decided, sure, failed | covered, scans, "", stand.of(document.id), bars)
    return replace(case, basis=_basis(unit, layout, case))


@dataclass(frozen=True, slots=True)
class Look:
    """What is looked at beside the record: found data by document, findings, events, the table."""

    personal: Mapping[str, PersonalData]
    findings: tuple[Finding, ...]
    events: tuple[dict[str, Any], ...]
    rules: Rules | InputError


def look_at(layout: UnitLayout, settings: Settings) -> Look:
    """The same from what is on disk; raises InputError unit-damaged."""
    return Look(
        read_personal(layout),
        units.read_findings(layout),
        units.read_events(layout),
        rules_of(settings),
    )


def cases_of(unit: Unit, layout: UnitLayout, look: Look) -> tuple[Case, ...]:
    """Each document with its regime decided anew."""
    stand = publications(look.events)
    case = partial(_case, unit=unit, layout=layout, stand=stand, look=look)
    return tuple(case(one, look.personal.get(one.id)) for one in unit.documents)


def decided(unit: Unit, cases: Iterable[Case]) -> Unit:
    """The unit's record with the regimes decided on."""
    return replace(unit, documents=tuple(case.document for case in cases))


def copy_path(layout: UnitLayout, case: Case) -> Path:
    """Where a document's public copy stands or would stand."""
    return layout.public_copy(case.document.id)

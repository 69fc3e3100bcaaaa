"""`opis review propose, release, refuse, regime` and `opis withdraw`: what outside readers may see."""

from collections import Counter
from collections.abc import Callable, Iterator

from flows.answers import Answer
from flows.archive import need_archive
from flows.auditing import noted_alone
from flows.commands.person import person
from flows.progress import Silent
from flows.publication import desk
from flows.publication.desk import Acted, Ruled
from flows.publication.forgetting import forgetting_run
from flows.run import Run
from pipeline.ledger import open_ledger
from pipeline.privacy.access import load_rules
from schemas.messages import plural, reason_of, say
from schemas.records import Finding, Regime, UnitState
from schemas.settings import Settings

_REST = 3


def _told(findings: tuple[Finding, ...], language: str) -> Iterator[str]:
    """Page, cause and remedy of each thing that speaks against a copy."""
    for finding in findings:
        told = reason_of(finding, language)
        page = finding.page or "–"
        yield say("published_why", language, page=page, cause=told.cause, remedy=told.remedy)


def _rows(findings: tuple[Finding, ...], language: str) -> list[dict[str, object]]:
    told = ((f, reason_of(f, language)) for f in findings)
    return [
        {"check": f.code, "page": f.page, "reason": why.cause, "remedy": why.remedy}
        for f, why in told
    ]


def _answer(acted: Acted, settings: Settings) -> Answer:
    """Exit code 3 where the copy was held back."""
    language = settings.interface_language
    payload = {
        "document": acted.document,
        "unit": acted.unit,
        "state": acted.state.value,
        "by": acted.by,
        "failed": _rows(acted.findings, language),
    }
    if acted.findings:
        lines = (say("published_not", language), *_told(acted.findings, language))
        return Answer(payload, lines, _REST)
    line = say(f"published_{acted.state.value}", language, document=acted.document)
    return Answer(payload, (line,))


def _acted(settings: Settings, act: Callable[[Run], Acted]) -> Answer:
    need_archive(settings)
    with forgetting_run(settings, Silent()) as run:
        return _answer(act(run), settings)


def propose(settings: Settings, document: str, by: str | None) -> Answer:
    """A document's public copy is drawn up for a colleague to look at."""
    return _acted(settings, lambda run: desk.propose(document, person(by), run))


def release(settings: Settings, document: str, by: str | None) -> Answer:
    """A colleague publishes what another proposed, once the copy is proved."""
    return _acted(settings, lambda run: desk.release(document, person(by), run))


def refuse(settings: Settings, document: str, by: str | None, note: str) -> Answer:
    """A colleague refuses what another proposed."""
    return _acted(settings, lambda run: desk.refuse(document, person(by), note, run))


def withdraw(settings: Settings, document: str, why: str, by: str | None) -> Answer:
    """A document is public no more, at once."""
    return _acted(settings, lambda run: desk.withdraw(document, person(by), why, run))


def _ruled(done: tuple[Ruled, ...], settings: Settings) -> Answer:
    language = settings.interface_language
    counts = Counter(regime for one in done for regime in one.regimes)
    findings = tuple(finding for one in done for finding in one.findings)
    told = {regime.value: counts[regime] for regime in Regime}
    changed, total = sum(one.changed for one in done), sum(counts.values())
    documents = plural("document", total, language)
    line = say("ruled", language, documents=documents, changed=changed, **told)
    payload = {
        "documents": total,
        "regimes": told,
        "changed": changed,
        "published": sum(one.public for one in done),
        "failed": _rows(findings, language),
    }
    return Answer(payload, (line, *_told(findings, language)), _REST if findings else 0)


def regime(settings: Settings) -> Answer:
    """Every document's access regime by the table as it is now; raises InputError regim-invalid."""
    need_archive(settings)
    load_rules(settings.archive)
    with open_ledger(settings, create=False) as ledger:
        whole = tuple(row.id for row in ledger.units(UnitState.PUBLISHED))
    noted_alone(settings, person(None), "rules", "archive")
    with forgetting_run(settings, Silent()) as run:
        done = tuple(desk.apply_rules(ident, run) for ident in whole)
    return _ruled(done, settings)

"""Commands that keep an archive right: verify, reindex, report, ledger rebuild."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from flows.answers import Answer, error_answer, printable
from flows.archive import need_archive
from flows.publication.feed import mend_feed, unsaid
from flows.reindexing import Reindexing
from pipeline.ledger import Ledger, open_ledger, rebuild
from pipeline.pdf.document import check, claimed_flavour
from pipeline.pdf.verapdf import validate
from pipeline.reports import write_reports
from pipeline.verify import Failure, VerifyReport, verify_units
from schemas.errors import UsageError
from schemas.messages import label, number, plural, reason, say
from schemas.records import UnitState
from schemas.settings import Settings
from search.backend import open_backend

_DAMAGED = 3
_COUNTED = {
    "documents_by_type": "type",
    "pages_by_state": "state",
    "units_by_station": "station",
    "units_by_month": "month",
}
"""What a report counts, with the group of labels that its codes are read by."""


def _validator(paths: Sequence[Path], settings: Settings) -> Mapping[Path, tuple[str, ...]]:
    """VeraPDF where it is installed, else pikepdf's own check; each file at what it claims."""
    if not settings.verapdf:
        return {path: check(path, "2u") for path in paths}
    claims = {path: claimed_flavour(path) for path in paths}
    verdicts: dict[Path, tuple[str, ...]] = {}
    for flavour in sorted(set(claims.values())):
        asked = tuple(path for path in paths if claims[path] == flavour)
        verdicts |= validate(asked, Path(settings.verapdf), flavour)
    return verdicts


def _verified(settings: Settings, ledger: Ledger, chosen: Sequence[str]) -> VerifyReport:
    with closing(open_backend(settings)) as backend:
        report = verify_units(
            settings,
            chosen,
            lambda unit: backend.count(unit=unit),
            lambda paths: _validator(paths, settings),
        )
    behind = _behind(settings, ledger, chosen)
    checks = {**report.checks, "feed": len(chosen)}
    return replace(report, failed=(*report.failed, *behind), checks=checks)


def _behind(settings: Settings, ledger: Ledger, chosen: Sequence[str]) -> tuple[Failure, ...]:
    """The units of which the feed of public changes is not in step with their copies."""
    told = reason("feed-behind", settings.interface_language)
    why = f"{told.cause} {told.remedy}"
    return tuple(Failure(unit, "", "feed", why) for unit in unsaid(settings, ledger, chosen))


def _under_way(ledger: Ledger, ident: str, whole: frozenset[str]) -> bool:
    """Whether a unit is being worked on, or has been opened again since it was whole."""
    states = {row.id: row.state for row in ledger.units() if row.id == ident}
    opened = ident in whole and states.get(ident) != UnitState.PUBLISHED
    return opened or ledger.is_worked_on(ident)


def _settled(
    settings: Settings, ledger: Ledger, report: VerifyReport, whole: frozenset[str]
) -> VerifyReport:
    """The failures of units on which nobody works, looked at again: somebody may have just ended."""
    failing = sorted({failure.unit for failure in report.failed})
    still = tuple(ident for ident in failing if not _under_way(ledger, ident, whole))
    again = _verified(settings, ledger, still).failed if still else ()
    return replace(report, failed=tuple(f for f in again if not _under_way(ledger, f.unit, whole)))


def verify(settings: Settings, idents: Sequence[str]) -> Answer:
    """Fixity, records, ALTO, PDF/A and sums of the units named, or of all that are published.

    A unit that is worked on meanwhile is no failure.
    """
    need_archive(settings)
    with open_ledger(settings, create=False) as ledger:
        whole = tuple(row.id for row in ledger.units(UnitState.PUBLISHED))
        report = _verified(settings, ledger, tuple(idents) or whole)
        report = _settled(settings, ledger, report, frozenset(whole))
    language = settings.interface_language
    failed = tuple(
        replace(f, file=printable(f.file), reason=printable(f.reason)) for f in report.failed
    )
    lines = (
        say(
            "verified", language, units=plural("unit", report.units, language), n=len(report.failed)
        ),
        *(f"✗ {f.unit}  {f.file}  {f.check}: {f.reason}" for f in failed),
    )
    payload = {
        "units": report.units,
        "failed": [asdict(failure) for failure in failed],
        "checks": report.checks,
    }
    return Answer(payload, lines, _DAMAGED if report.failed else 0)


def _backend_settings(settings: Settings, backend: str | None) -> Settings:
    if backend == "embedded":
        return replace(settings, elasticsearch_url="")
    if backend == "elasticsearch" and not settings.elasticsearch_url:
        raise UsageError("setting-missing", "OPIS_ELASTICSEARCH_URL")
    if backend not in {None, "elasticsearch"}:
        raise UsageError("setting-invalid", "--backend", value=backend)
    return settings


def reindex(settings: Settings, backend: str | None) -> Answer:
    """Fill an index anew from the units, beside the one in use, then switch.

    What others publish meanwhile is in it too. A unit whose files are damaged is left out and named.
    """
    need_archive(settings)
    chosen = _backend_settings(settings, backend)
    renewed = open_backend(chosen, write=True, renew=True)
    with open_ledger(settings) as ledger, closing(renewed) as index:
        pages, damaged = Reindexing(settings, ledger, index).run()
        changes, name = mend_feed(settings, ledger), index.name
    language = settings.interface_language
    lines = (
        say("reindexed", language, pages=plural("page", pages, language), backend=name),
        *(line for error in damaged for line in error_answer(error, language).lines),
    )
    payload = {
        "backend": name,
        "indexed": pages,
        "changes": changes,
        "damaged": [error.file for error in damaged],
    }
    return Answer(payload, lines, _DAMAGED if damaged else 0)


def report(settings: Settings) -> Answer:
    """Write the Parquet files of reports/."""
    need_archive(settings)
    payload = write_reports(settings)
    return Answer(payload, tuple(_report_lines(payload, settings.interface_language)))


def _report_lines(payload: Mapping[str, Any], language: str) -> Iterator[str]:
    for file in payload["files"].values():
        yield say("report_file", language, path=file["path"], rows=number(file["rows"]))
    for key, group in _COUNTED.items():
        yield say(f"report_{key}", language)
        for code, count in payload[key].items():
            yield f"  {number(count):>9}  {label(group, code, language)}"
    if payload["damaged"]:
        yield say("report_damaged", language, list=", ".join(payload["damaged"]))


def rebuild_ledger(settings: Settings) -> Answer:
    """Make the ledger anew from the units on disk."""
    need_archive(settings)
    rebuilt = rebuild(settings)
    with open_ledger(settings) as ledger:
        mend_feed(settings, ledger)
    language = settings.interface_language
    line = say("ledger_rebuilt", language, units=plural("unit", len(rebuilt.units), language))
    return Answer(asdict(rebuilt), (line,))

"""Commands that keep an archive right: verify, reindex, report, ledger rebuild."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from flows.answers import Answer
from flows.archive import need_archive
from flows.publishing import indexed_pages
from pipeline import units
from pipeline.ledger import open_ledger, rebuild
from pipeline.pdf.document import check, claimed_flavour
from pipeline.pdf.verapdf import validate
from pipeline.reports import write_reports
from pipeline.verify import verify_units
from schemas.errors import UsageError
from schemas.hits import IndexedPage
from schemas.messages import label, number, plural, say
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


def verify(settings: Settings, idents: Sequence[str]) -> Answer:
    """Fixity, records, ALTO, PDF/A and sums of the units named, or of all."""
    need_archive(settings)
    with open_ledger(settings, create=False) as ledger:
        chosen = tuple(idents) or tuple(row.id for row in ledger.units(UnitState.PUBLISHED))
    backend = open_backend(settings)
    try:
        report = verify_units(
            settings,
            chosen,
            lambda unit: backend.count(unit=unit),
            lambda paths: _validator(paths, settings),
        )
    finally:
        backend.close()
    language = settings.interface_language
    lines = (
        say(
            "verified", language, units=plural("unit", report.units, language), n=len(report.failed)
        ),
        *(f"✗ {f.unit}  {f.file}  {f.check}: {f.reason}" for f in report.failed),
    )
    payload = {
        "units": report.units,
        "failed": [asdict(failure) for failure in report.failed],
        "checks": report.checks,
    }
    return Answer(payload, lines, _DAMAGED if report.failed else 0)


def _published_pages(settings: Settings) -> Iterator[IndexedPage]:
    with open_ledger(settings) as ledger:
        for row in ledger.units(UnitState.PUBLISHED):
            layout = settings.layout.unit(row.id)
            yield from indexed_pages(units.read_record(layout), layout)


def _backend_settings(settings: Settings, backend: str | None) -> Settings:
    if backend == "embedded":
        return replace(settings, elasticsearch_url="")
    if backend == "elasticsearch" and not settings.elasticsearch_url:
        raise UsageError("setting-missing", "OPIS_ELASTICSEARCH_URL")
    if backend not in {None, "elasticsearch"}:
        raise UsageError("setting-invalid", "--backend", value=backend)
    return settings


def reindex(settings: Settings, backend: str | None) -> Answer:
    """Fill an index anew from the units, beside the one in use, then switch."""
    need_archive(settings)
    chosen = _backend_settings(settings, backend)
    index = open_backend(chosen, write=True)
    try:
        pages = index.rebuild(_published_pages(settings))
    finally:
        index.close()
    language = settings.interface_language
    line = say("reindexed", language, pages=plural("page", pages, language), backend=index.name)
    return Answer({"backend": index.name, "indexed": pages}, (line,))


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
    language = settings.interface_language
    line = say("ledger_rebuilt", language, units=plural("unit", len(rebuilt.units), language))
    return Answer(asdict(rebuilt), (line,))

"""Proof that what is kept is still what was kept: fixity, records, sums, PDF/A, no strangers."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache, partial
from pathlib import Path
from typing import TypeVar

import pikepdf

from pipeline.reconcile import reconcile
from pipeline.transfer import Whereabouts, astray, whereabouts
from pipeline.units import (
    manifest_path,
    read_events,
    read_findings,
    read_manifest,
    read_record,
    unit_files,
)
from schemas.alto import read_alto
from schemas.durable import TEMPORARY
from schemas.errors import InputError
from schemas.hashing import hash_file
from schemas.layout import UnitLayout
from schemas.messages import reason
from schemas.public import PDF, read_copy
from schemas.records import Unit
from schemas.settings import Settings

Read = TypeVar("Read")
Validator = Callable[[Sequence[Path]], Mapping[Path, tuple[str, ...]]]
"""The violations of each PDF at the flavour it should have; none for a valid one."""
PDFS_AT_ONCE = 100
_WORDS = 300


@dataclass(frozen=True, slots=True)
class Failure:
    """One check that a file of a unit does not pass, with the reason as people read it."""

    unit: str
    file: str
    check: str
    reason: str


@dataclass(frozen=True, slots=True)
class VerifyReport:
    """What was checked (how often, by check) and all that failed."""

    units: int
    failed: tuple[Failure, ...]
    checks: dict[str, int]


@dataclass(frozen=True, slots=True)
class _Fault:
    check: str
    file: str
    code: str
    detail: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Seen:
    """What was found in one unit; `pdfs` are left to the validator."""

    checks: Counter[str]
    faults: tuple[_Fault, ...]
    pdfs: tuple[Path, ...] = ()


def verify_units(
    settings: Settings,
    ids: Sequence[str],
    indexed: Callable[[str], int] | None,
    validator: Validator,
) -> VerifyReport:
    """Checks units, all that were published when `ids` is empty; alters nothing.

    `indexed` tells the pages of a unit in the index. Raises OpisError check-impossible where the
    validator cannot run.
    """
    layouts = tuple(settings.layout.unit(i) for i in ids) or tuple(_published(settings))
    found = cache(lambda: whereabouts(_all_records(settings)))
    checks: Counter[str] = Counter()
    failed: list[Failure] = []
    waiting: list[tuple[UnitLayout, Path]] = []
    for layout in layouts:
        seen = _verify_unit(layout, indexed, found)
        checks += seen.checks
        failed += (_failure(settings, layout, fault) for fault in seen.faults)
        waiting += ((layout, path) for path in seen.pdfs)
        if len(waiting) >= PDFS_AT_ONCE or layout is layouts[-1]:
            checks["pdfa"] += len(waiting)
            failed += _pdfa(settings, waiting, validator)
            waiting.clear()
    return VerifyReport(len(layouts), tuple(failed), dict(sorted(checks.items())))


def _published(settings: Settings) -> Iterator[UnitLayout]:
    for folder in sorted(settings.layout.units.glob("*/*")):
        layout = UnitLayout(folder)
        if manifest_path(layout).exists() or layout.record.exists():
            yield layout


def _failure(settings: Settings, layout: UnitLayout, fault: _Fault) -> Failure:
    words = reason(fault.code, settings.interface_language, **{"f": fault.file, **fault.detail})
    return Failure(layout.id, fault.file, fault.check, words.cause)


def _pdfa(
    settings: Settings, waiting: Sequence[tuple[UnitLayout, Path]], validator: Validator
) -> Iterator[Failure]:
    verdicts = validator(tuple(path for _, path in waiting)) if waiting else {}
    for layout, path in waiting:
        violations = verdicts.get(path, ("no verdict",))
        if violations:
            file, why = str(path.relative_to(layout.root)), "; ".join(violations)[:_WORDS]
            yield _failure(settings, layout, _Fault("pdfa", file, "check-pdfa", {"why": why}))


def _all_records(settings: Settings) -> Iterator[Unit]:
    """The records of all units, those that can be read."""
    for layout in _published(settings):
        with suppress(InputError):
            yield read_record(layout)


def _verify_unit(
    layout: UnitLayout,
    indexed: Callable[[str], int] | None,
    found: Callable[[], Whereabouts],
) -> _Seen:
    files = unit_files(layout)
    listed, faults = _reading(layout, "manifest", manifest_path(layout), read_manifest)
    unit, more = _reading(layout, "record", layout.record, read_record)
    hashes, unread = _hashes(layout, files)
    copies = dict(_copies(layout))
    told = _in_record(unit, layout) if unit else ()
    expected = {*(listed or {}).items(), *told, *copies.items()}
    faults += (
        *more,
        *_reading(layout, "findings", layout.findings, read_findings)[1],
        *_reading(layout, "events", layout.events, partial(read_events, strict=True))[1],
        *unread,
        *_fixity(expected, hashes),
        *_strangers(layout, files, listed),
        *_alto(layout, files),
        *(_sums(unit, layout, indexed) if unit else ()),
        *(_astray(unit, layout, found) if unit else ()),
    )
    checks = Counter(manifest=1, record=1, findings=1, events=1, strangers=1, fixity=len(files))
    checks["alto"] = sum(_is_alto(layout, file) for file in files)
    checks["reconciliation"] = 1 if unit else 0
    checks["elsewhere"] = len(unit.elsewhere) if unit else 0
    made = (
        *(_documents(unit, layout).values() if unit else ()),
        *map(layout.root.joinpath, copies),
    )
    return _Seen(checks, faults, tuple(path for path in made if path.exists()))


def _copies(layout: UnitLayout) -> Iterator[tuple[str, str]]:
    """The PDFs of public copies with the hashes that their records hold."""
    for folder in sorted(layout.public.iterdir()) if layout.public.is_dir() else ():
        copy = read_copy(folder)
        yield str((folder / PDF).relative_to(layout.root)), copy.sha256 if copy else ""


def _reading(
    layout: UnitLayout, check: str, path: Path, read: Callable[[UnitLayout], Read]
) -> tuple[Read | None, tuple[_Fault, ...]]:
    file = str(path.relative_to(layout.root))
    try:
        return read(layout), ()
    except InputError as error:
        code = "check-unread" if path.exists() else "check-missing"
        return None, (_Fault(check, file, code, {"why": error.detail.get("why", "")}),)


def _hashes(layout: UnitLayout, files: Sequence[str]) -> tuple[dict[str, str], tuple[_Fault, ...]]:
    hashes: dict[str, str] = {}
    faults: list[_Fault] = []
    for file in files:
        try:
            hashes[file] = hash_file(layout.root / file)
        except OSError as error:
            faults.append(_Fault("fixity", file, "check-unread", {"why": str(error)}))
    return hashes, tuple(faults)


def _documents(unit: Unit, layout: UnitLayout) -> dict[str, Path]:
    """The PDF of each document, by the document's id."""
    return {
        document.id: layout.pdf / Path(document.pdf).name
        if document.pdf
        else layout.pdf_document(document.number)
        for document in unit.documents
    }


def _in_record(unit: Unit, layout: UnitLayout) -> Iterator[tuple[str, str]]:
    """The hashes that the record itself holds: of the originals and of the PDFs."""
    folder = layout.originals.relative_to(layout.root)
    yield from ((str(folder / o.name), o.sha256) for o in unit.originals)
    pdfs = _documents(unit, layout)
    for document in unit.documents:
        if document.pdf_sha256:
            yield str(pdfs[document.id].relative_to(layout.root)), document.pdf_sha256


def _fixity(expected: set[tuple[str, str]], hashes: Mapping[str, str]) -> Iterator[_Fault]:
    altered = {file for file, digest in expected if hashes.get(file, digest) != digest}
    missing = {file for file, _ in expected if file not in hashes}
    yield from (_Fault("fixity", file, "check-altered") for file in sorted(altered))
    yield from (_Fault("fixity", file, "check-missing") for file in sorted(missing))


def _strangers(
    layout: UnitLayout, files: Sequence[str], listed: Mapping[str, str] | None
) -> Iterator[_Fault]:
    if layout.work.exists():
        yield _Fault("leftovers", layout.work.name, "check-leftover")
    for file in files:
        if file.endswith(TEMPORARY):
            yield _Fault("leftovers", file, "check-leftover")
        elif listed is not None and file not in listed:
            yield _Fault("unexpected", file, "check-unexpected")


def _is_alto(layout: UnitLayout, file: str) -> bool:
    return (layout.root / file).parent == layout.alto and file.endswith(".xml")


def _alto(layout: UnitLayout, files: Sequence[str]) -> Iterator[_Fault]:
    for file in files:
        if _is_alto(layout, file):
            try:
                read_alto((layout.root / file).read_bytes())
            except (OSError, ValueError, TypeError) as error:
                yield _Fault("alto", file, "check-alto", {"why": str(error)[:_WORDS]})


def _sums(unit: Unit, layout: UnitLayout, indexed: Callable[[str], int] | None) -> Iterator[_Fault]:
    pdf_pages: dict[str, int] = {}
    for ident, path in _documents(unit, layout).items():
        try:
            pdf_pages[ident] = _page_count(path)
        except (OSError, pikepdf.PdfError) as error:
            file = str(path.relative_to(layout.root))
            yield _Fault("pdf", file, "check-unread", {"why": str(error)[:_WORDS]})
    found = reconcile(
        unit,
        scanned=unit.scanned,
        alto_pages={int(p.stem) for p in layout.alto.glob("*.xml") if p.stem.isdecimal()},
        pdf_pages=pdf_pages,
        indexed=indexed(unit.id) if indexed else None,
    )
    record = str(layout.record.relative_to(layout.root))
    for problem in found.problems:
        yield _Fault("reconciliation", record, problem.code, problem.detail)


def _astray(unit: Unit, layout: UnitLayout, found: Callable[[], Whereabouts]) -> Iterator[_Fault]:
    """Pages that are said to be in other units and are in none."""
    record = str(layout.record.relative_to(layout.root))
    for some in astray(unit, found()) if unit.elsewhere else ():
        yield _Fault("elsewhere", record, "elsewhere-lost", {"f": some.source, "u": some.unit})


def _page_count(path: Path) -> int:
    with pikepdf.open(path) as pdf:
        return len(pdf.pages)

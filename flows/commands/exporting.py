"""`opis export`: a unit's documents in either profile, made from its originals and ALTO."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from flows.answers import Answer
from flows.archive import need_archive
from flows.auditing import noted_alone
from flows.commands.person import person
from flows.pool import LimitError, Pool, Task
from flows.stages.tasks import (
    EXPORT_DOCUMENT,
    PICTURE_INTO,
    DocumentResult,
    DocumentTask,
    PageResult,
    PageTask,
)
from pipeline import units
from pipeline.ledger import open_ledger
from pipeline.opis import leaf_span, leaves_of
from schemas.durable import make_folder
from schemas.errors import InputError, PageFailedError, UsageError
from schemas.layout import UnitLayout
from schemas.messages import say
from schemas.records import Document, Page, Unit, UnitState
from schemas.settings import PDF_PROFILES, Settings
from schemas.sources import FileKind

_LATER = ("aip", "sip", "dip", "bag")
_INCOMPLETE = 3
_SECONDS_A_PAGE = 2.0


@dataclass(frozen=True, slots=True)
class _Exported:
    unit: str
    number: int
    file: str
    sha256: str


def _page_task(unit: Unit, layout: UnitLayout, page: Page, settings: Settings) -> PageTask:
    original = next(one for one in unit.originals if one.name == page.source)
    return PageTask(
        unit=layout,
        page=page.page,
        original=page.source,
        kind=FileKind(original.kind),
        frame=page.frame,
        language=unit.identity.language or settings.language,
        settings=settings,
        inputs="",
        parameters="",
        half=page.half,
        cut=original.cut_at(page.frame),
    )


def _with_picture(page: Page, started: Task | None) -> PageResult:
    """A page with its picture's name; without one where its original cannot be opened."""
    if started is None:
        return PageResult(page.page, page.state)
    try:
        name = str(started.result())
    except PageFailedError:
        name = ""
    return PageResult(
        page.page,
        page.state,
        alto_sha256="known",
        picture=name,
        original=page.source,
        frame=page.frame,
        half=page.half,
    )


def _pictures(
    unit: Unit, layout: UnitLayout, document: Document, folder: Path, settings: Settings, pool: Pool
) -> tuple[PageResult, ...]:
    pages = unit.pages_of(document.id)
    started = {
        page.page: pool.start(
            PICTURE_INTO,
            _page_task(unit, layout, page, settings),
            folder,
            seconds=settings.page_seconds,
        )
        for page in pages
        if layout.alto_page(page.page).exists()
    }
    return tuple(_with_picture(page, started.get(page.page)) for page in pages)


def _made(
    task: DocumentTask,
    document: Document,
    folder: Path,
    target: Path,
    settings: Settings,
    pool: Pool,
) -> DocumentResult:
    """The document written; from pictures alone where its originals take too much."""
    seconds = settings.page_seconds + _SECONDS_A_PAGE * len(task.pages)
    places = (document.fields, folder, target)
    try:
        made: DocumentResult = pool.start(EXPORT_DOCUMENT, task, *places, seconds=seconds).result()
    except LimitError:
        plain = replace(task, as_pictures=True)
        made = pool.start(EXPORT_DOCUMENT, plain, *places, seconds=seconds).result()
    return made


def _export(unit: Unit, document: Document, out: Path, settings: Settings, pool: Pool) -> _Exported:
    """One document; without SHA-256 where it cannot be made."""
    layout = settings.layout.unit(unit.id)
    target = out / unit.id / Path(document.pdf).name
    nothing = _Exported(unit.id, document.number, str(target.relative_to(out)), "")
    with TemporaryDirectory(prefix=".export-", dir=out) as folder:
        try:
            pages = _pictures(unit, layout, document, Path(folder), settings, pool)
            task = DocumentTask(
                unit=layout,
                name=unit.name,
                document=document.id,
                number=document.number,
                pages=pages,
                received=unit.received,
                interface_language=settings.interface_language,
                leaves=leaf_span(*leaves_of(unit.pages_of(document.id))),
            )
            made = _made(task, document, Path(folder), target, settings, pool)
        except (LimitError, PageFailedError):
            return nothing
    return replace(nothing, sha256=made.sha256)


def _chosen(settings: Settings, idents: Sequence[str]) -> tuple[Unit, ...]:
    with open_ledger(settings, create=False) as ledger:
        known = tuple(row.id for row in ledger.units(UnitState.PUBLISHED))
    for ident in idents:
        if ident not in known:
            raise InputError("unit-missing", ident)
    return tuple(units.read_record(settings.layout.unit(one)) for one in idents or known)


def _profile(form: str) -> str:
    if form in _LATER:
        raise UsageError("export-not-yet", form, value=form)
    if form not in PDF_PROFILES:
        raise UsageError("setting-invalid", "FORMA", value=form)
    return form


def export(settings: Settings, form: str, idents: Sequence[str], out: Path) -> Answer:
    """The PDFs of the units named, or of all published ones, as OUT/UNIT/NN.pdf.

    Raises UsageError for another form than archive and access, InputError unit-missing.
    """
    chosen = replace(settings, pdf_profile=_profile(form))
    need_archive(chosen)
    published = _chosen(chosen, idents)
    make_folder(out)
    noted_alone(chosen, person(None), "export", *(unit.id for unit in published))
    with Pool(chosen) as pool:
        done = tuple(
            _export(unit, document, out, chosen, pool)
            for unit in published
            for document in unit.documents
        )
    return _answer(done, out, settings.interface_language)


def _answer(done: Sequence[_Exported], out: Path, language: str) -> Answer:
    made = tuple(one for one in done if one.sha256)
    failed = tuple(one for one in done if not one.sha256)
    packages = [{"unit": one.unit, "file": one.file, "sha256": one.sha256} for one in made]
    lines = (
        say("exported", language, n=len(made), out=out),
        *(say("export_failed", language, unit=one.unit, d=one.number) for one in failed),
    )
    failures = [{"unit": one.unit, "file": one.file} for one in failed]
    payload = {"packages": packages, "failed": failures}
    return Answer(payload, lines, _INCOMPLETE if failed else 0)

"""A page scanned again takes the place of the old scan; leaves found later go where they belong.

The originals are copied first, then the record with the new order is written: from then on the
change stands, and any run that works on the unit finishes it. Nothing of the old scan is deleted.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from flows.auditing import noted
from flows.changes.changing import held
from flows.changes.moving import clear_pictures, put_by
from flows.run import Run
from flows.stages.reading import page_tasks
from flows.stages.taking_in import (
    LookedInto,
    look_into_files,
    remove_unit_leftovers,
    taken_in,
)
from flows.work import BinderOutcome, Stages, work_unit
from pipeline import units
from pipeline.arrangement import order_of, with_inserted, with_replaced
from pipeline.reviewing.review import page_numbered
from scanners.intake import copy_original, hash_file, safe_name
from scanners.sources import find_binders
from schemas.errors import InputError, RefusedError
from schemas.layout import UnitLayout
from schemas.records import Original, Unit, UnitState
from schemas.sources import Binder, FileFacts, Refusal, SourceFile

REPLACED, INSERTED = "page-replaced", "pages-inserted"
DONE, SAME = "done", "same"


@dataclass(frozen=True, slots=True)
class Given:
    """A file that a person gave, as it was looked into."""

    file: SourceFile
    facts: FileFacts
    sha256: str


@dataclass(frozen=True, slots=True)
class Rearranged:
    """What became of a replacement or insertion: done or same, and the unit as it stands."""

    outcome: str
    unit: Unit
    pages: tuple[int, ...]
    result: BinderOutcome | None = None


def _refused(refusal: Refusal) -> InputError:
    return InputError(refusal.code, refusal.file, **refusal.detail)


def _look_into(files: Sequence[Path], run: Run) -> tuple[Given, ...]:
    """The files' pages and hashes; raises InputError for one that cannot be used."""
    plan = find_binders(files, run.settings)
    if plan.refused:
        raise _refused(plan.refused[0])
    looked: list[LookedInto] = []
    for binder in plan.binders:
        found = look_into_files(binder, run)
        if found.refused:
            raise _refused(found.refused[0])
        looked.append(found)
    given = (zip(found.files, found.hashes, strict=True) for found in looked)
    return tuple(Given(file, facts, digest) for (file, facts), digest in chain.from_iterable(given))


def _keep(given: Given, unit: Unit, taken: Sequence[str], layout: UnitLayout) -> Original:
    """The file under originals/, durable, beside all that is there; once, however often asked."""
    known = [o for o in unit.originals if o.sha256 == given.sha256]
    if known:
        return known[0]
    others = {
        path.name
        for path in layout.originals.iterdir()
        if path.name in taken or hash_file(path) != given.sha256
    }
    name = safe_name(given.file.name, tuple(others))
    target = layout.originals / name
    if not target.exists() and copy_original(given.file, target) != given.sha256:
        target.unlink()
        raise RefusedError("vanished", given.file.name)
    file = given.file
    facts, kind = given.facts, file.kind.value
    return Original(name, file.name, file.bytes, given.sha256, kind, facts.frames, facts.cuts)


def _keep_all(files: Sequence[Given], unit: Unit, layout: UnitLayout) -> tuple[Original, ...]:
    """The files as originals; raises InputError for one that changed meanwhile."""
    kept: list[Original] = []
    for given in files:
        taken = [original.name for original in (*unit.originals, *kept)]
        try:
            kept.append(_keep(given, unit, taken, layout))
        except RefusedError as error:
            raise InputError(error.code, error.file, **error.detail) from error
    return tuple(kept)


def _shown_at(unit: Unit, digest: str) -> int | None:
    """The page that shows a file, or showed it before; None for one that the unit does not know."""
    names = {original.name for original in unit.originals if original.sha256 == digest}
    for number, slot in enumerate(order_of(unit), 1):
        if slot.source in names or names & {scan.source for scan in slot.replaced}:
            return number
    return None


def _refuse_known(given: Given, unit: Unit) -> None:
    page = _shown_at(unit, given.sha256)
    if page is not None:
        raise InputError("rescan-known", given.file.name, n=page)
    names = {original.name for original in unit.originals if original.sha256 == given.sha256}
    gone = [some.unit for some in unit.elsewhere if some.source in names]
    if gone:
        raise InputError("rescan-elsewhere", given.file.name, u=gone[0])


@dataclass(frozen=True, slots=True)
class Replacing:
    """A page is to show another scan."""

    page: int
    by: str

    def known(self, unit: Unit, files: Sequence[Given]) -> bool:
        """Whether the unit's record has it so already; raises InputError where it cannot be."""
        page = page_numbered(unit, self.page)
        count = sum(given.facts.pages for given in files)
        if count != 1:
            raise InputError("rescan-one-page", str(self.page), n=count)
        names = {o.name for o in unit.originals if o.sha256 == files[0].sha256}
        if page.source not in names and not names & {scan.source for scan in page.replaced}:
            _refuse_known(files[0], unit)
        return page.source in names

    def changed(self, unit: Unit, originals: Sequence[Original]) -> Unit:
        return with_replaced(unit, self.page, originals[0], units.now())

    def event(self, unit: Unit, originals: Sequence[Original]) -> dict[str, object]:
        """What the unit's events tell of it once it is done."""
        before = unit.pages[self.page - 1].replaced[-1:]
        told = [
            {"source": s.source, "frame": s.frame, "when": s.when}
            | ({"half": s.half.value} if s.half else {})
            for s in before
        ]
        new = {"source": originals[0].name, "sha256": originals[0].sha256}
        return {"event": REPLACED, "page": self.page, **new, "before": told, "by": self.by}

    def pages(self, files: Sequence[Given]) -> tuple[int, ...]:
        return (self.page,) * len(files)


@dataclass(frozen=True, slots=True)
class Inserting:
    """Pages are to follow page `after` (0: to stand before the first)."""

    after: int
    by: str

    def known(self, unit: Unit, files: Sequence[Given]) -> bool:
        """Whether the unit's record has it so already; raises InputError where it cannot be."""
        if self.after:
            page_numbered(unit, self.after)
        if len({given.sha256 for given in files}) < len(files):
            raise InputError("rescan-twice", files[-1].file.name)
        if _is_inserted(unit, self.after, files):
            return True
        for given in files:
            _refuse_known(given, unit)
        return False

    def changed(self, unit: Unit, originals: Sequence[Original]) -> Unit:
        return with_inserted(unit, self.after, originals)

    def event(self, unit: Unit, originals: Sequence[Original]) -> dict[str, object]:
        """What the unit's events tell of it once it is done."""
        told = [{"source": o.name, "frames": o.frames, "sha256": o.sha256} for o in originals]
        count = sum(original.pages for original in originals)
        place = {"after": self.after, "pages": count, "of": len(unit.pages)}
        return {"event": INSERTED, **place, "sources": told, "by": self.by}

    def pages(self, files: Sequence[Given]) -> tuple[int, ...]:
        count = sum(given.facts.pages for given in files)
        return tuple(range(self.after + 1, self.after + 1 + count))


Change = Replacing | Inserting


def _is_inserted(unit: Unit, after: int, files: Sequence[Given]) -> bool:
    """Whether the pages behind `after` are those of the files, in their order."""
    known = {original.sha256: original for original in unit.originals}
    if any(given.sha256 not in known for given in files):
        return False
    wanted = [(known[f.sha256].name, *place) for f in files for place in known[f.sha256].places]
    slots = order_of(unit)[after : after + len(wanted)]
    there = [(slot.source, slot.frame, slot.half) for slot in slots]
    return there == wanted


def _tell(layout: UnitLayout, event: dict[str, object]) -> None:
    """The event of a change, once, whoever finishes it."""
    last = [e for e in units.read_events(layout) if e.get("event") == event["event"]]
    key = {name: value for name, value in event.items() if name != "by"}
    if not any(key.items() <= one.items() for one in last):
        units.append_event(layout, event)


def _begin(layout: UnitLayout, run: Run) -> None:
    """The unit is being worked on; whatever stops us here, the same command goes on."""
    units.manifest_path(layout).unlink(missing_ok=True)
    run.ledger.set_unit_state(layout.id, UnitState.WORKING)
    remove_unit_leftovers(layout)


def _arranged(unit: Unit, change: Change, files: Sequence[Given], run: Run, *, known: bool) -> Unit:
    """The unit's new record, on disk, with its event; pictures of other page numbers go before."""
    layout = run.settings.layout.unit(unit.id)
    originals = _keep_all(files, unit, layout)
    arranged = unit if known else change.changed(unit, originals)
    if not known:
        clear_pictures(layout)
        language = unit.identity.language or run.settings.language
        tasks = page_tasks(taken_in(arranged, layout), language, run.settings)
        put_by(tasks, (layout,), run.ledger)
        units.write_record(arranged, layout)
    _tell(layout, change.event(arranged, originals))
    return arranged


def _rearrange(ident: str, paths: Sequence[Path], change: Change, run: Run) -> Rearranged:
    row, layout = run.ledger.unit(ident), run.settings.layout.unit(ident)
    files = _look_into(paths, run)
    with held((ident,), run):
        unit = units.read_record(layout)
        if not unit.pages and not unit.elsewhere:
            raise InputError("unit-unread", ident)
        known = change.known(unit, files)
        if known and run.ledger.unit(ident).state == UnitState.PUBLISHED:
            return Rearranged(SAME, unit, change.pages(files))
        noted(run.ledger, run.settings, change.by, "rearrange", ident)
        _begin(layout, run)
        unit = _arranged(unit, change, files, run, known=known)
        run.ledger.set_unit_state(ident, UnitState.WORKING, unit.scanned)
        binder = Binder(row.name, row.source, (), identity=unit.identity)
        result = work_unit(taken_in(unit, layout), binder, Stages(), run)
    return Rearranged(DONE, result.unit or unit, change.pages(files), result)


def replace_page(ident: str, page: int, file: Path, by: str, run: Run) -> Rearranged:
    """Page `page` of a unit shows `file` from now on: read, in its PDF, in the index.

    The same file again finishes what was interrupted, or finds it done. Raises InputError for a
    file that cannot be used, is not one page, or is another page of the unit; StoppedError.
    """
    return _rearrange(ident, (file,), Replacing(page, by), run)


def insert_pages(ident: str, after: int, files: Sequence[Path], by: str, run: Run) -> Rearranged:
    """The files' pages, in the order given, behind page `after` of a unit (0: before the first).

    Later pages move up; documents keep their ids. Raises as `replace_page`.
    """
    return _rearrange(ident, files, Inserting(after, by), run)

"""The first stage of a binder: look into its files, know the unit, keep the originals."""

import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace

import msgspec

from flows.machines.holding import hold_units
from flows.pool import LimitError, Pool, Task
from flows.run import Run
from flows.stages.tasks import LOOK_INTO
from pipeline import units
from pipeline.arrangement import Slot, delivered_order, order_of
from pipeline.ledger import UnitRow, fingerprint
from scanners.delivery.manifest import check_manifest
from scanners.intake import content_key, copy_original, hash_file, safe_name
from schemas.durable import remove_leftovers
from schemas.errors import InputError, RefusedError
from schemas.layout import UnitLayout
from schemas.records import Original, Unit, UnitState
from schemas.settings import Settings
from schemas.sources import Binder, FileFacts, FileKind, Refusal, SourceFile

TAKE_IN = "take-in"
_FRAMES_SEEN = 10  # times as long, where every frame is looked at
_IMAGE_KINDS = frozenset({FileKind.JPEG, FileKind.PNG, FileKind.TIFF})
_GONE = frozenset({"vanished", "special-file", "source-missing"})


@dataclass(frozen=True, slots=True)
class LookedInto:
    """A binder's files that can be kept, with their pages and SHA-256, and those refused."""

    files: tuple[tuple[SourceFile, FileFacts], ...]
    refused: tuple[Refusal, ...]
    hashes: tuple[str, ...] = ()

    @property
    def pages(self) -> int:
        return sum(facts.pages for _, facts in self.files)

    @property
    def content(self) -> str:
        """What the unit is known by, whatever its files are called."""
        return content_key(self.hashes)


@dataclass(frozen=True, slots=True)
class TakenIn:
    """A unit whose originals stand in the archive, and the order of its pages.

    The order is that of delivery until a person replaces or inserts a page.
    """

    unit: UnitLayout
    content_key: str
    originals: tuple[Original, ...]
    order: tuple[Slot, ...]

    @property
    def pages(self) -> int:
        return len(self.order)


def taken_in(unit: Unit, layout: UnitLayout) -> TakenIn:
    """A unit as its record tells of it."""
    return TakenIn(layout, unit.content_key, unit.originals, order_of(unit))


def shown(binder: Binder, file: SourceFile) -> str:
    """A file's name as the person knows it: from the source as typed."""
    return binder.source if binder.source.endswith(file.name) else f"{binder.source}/{file.name}"


def _start(binder: Binder, file: SourceFile, settings: Settings, pool: Pool) -> Task:
    alone = not _one_of_many(binder, file)
    told = replace(settings, spreads=binder.identity.spreads or settings.spreads)
    times = _FRAMES_SEEN if told.spreads == "split" else 1
    seconds = times * settings.file_seconds
    return pool.start(LOOK_INTO, file.path, file.kind, told, alone, seconds=seconds)


def _facts(file: SourceFile, started: Task) -> FileFacts:
    try:
        facts: FileFacts = started.result()
    except LimitError as error:
        raise RefusedError(error.limit, file.name) from error
    return facts


def _refusal(binder: Binder, file: SourceFile, error: RefusedError) -> Refusal:
    return Refusal(shown(binder, file), error.code, error.detail, file.path)


def _one_of_many(binder: Binder, file: SourceFile) -> bool:
    return file.kind in _IMAGE_KINDS and len(binder.files) > 1


def look_into_files(binder: Binder, run: Run) -> LookedInto:
    """Pages and hash of each file, each looked into by a process of its own.

    A damaged image among others stays in the binder as one page that fails; alone it is refused.
    """
    kept: list[tuple[SourceFile, FileFacts]] = []
    hashes: list[str] = []
    refused: list[Refusal] = []
    damaged: list[Refusal] = []
    started = tuple(_start(binder, file, run.settings, run.pool) for file in binder.files)
    for file, looking in zip(binder.files, started, strict=True):
        run.check()
        try:
            digest = hash_file(file.path)
            facts = _facts(file, looking)
        except RefusedError as error:
            refusal = _refusal(binder, file, error)
            if error.code in _GONE or not _one_of_many(binder, file):
                refused.append(refusal)
                continue
            damaged.append(refusal)
            facts = FileFacts(1)
        hashes.append(digest)
        kept.append((file, facts))
    if len(damaged) == len(kept):
        return LookedInto((), (*refused, *damaged))
    untrue = _untrue(binder, kept, hashes)
    if untrue:
        return LookedInto((), (*refused, *untrue))
    return LookedInto(tuple(kept), tuple(refused), tuple(hashes))


def _untrue(
    binder: Binder, kept: Sequence[tuple[SourceFile, FileFacts]], hashes: Sequence[str]
) -> tuple[Refusal, ...]:
    """All files of a binder refused, where its manifest tells otherwise than what is there."""
    if binder.manifest is None:
        return ()
    known = {file.name: digest for (file, _), digest in zip(kept, hashes, strict=True)}
    wrong = check_manifest(binder.files, binder.manifest, known)
    return tuple(
        Refusal(
            shown(binder, file), wrong[0].code, {"f": wrong[0].file, **wrong[0].detail}, file.path
        )
        for file, _ in kept
        if wrong
    )


def _copy(
    unit: UnitLayout, files: Sequence[tuple[SourceFile, FileFacts]], hashes: Sequence[str], run: Run
) -> tuple[Original, ...]:
    remove_leftovers(unit.originals)
    originals: list[Original] = []
    taken: list[str] = []
    for (file, facts), digest in zip(files, hashes, strict=True):
        run.check()
        name = safe_name(file.name, taken)
        taken.append(name)
        target = unit.originals / name
        if not (target.exists() and hash_file(target) == digest):
            copied = copy_original(file, target)
            if copied != digest:
                target.unlink()
                raise RefusedError("vanished", file.name)
        originals.append(
            Original(name, file.name, file.bytes, digest, file.kind.value, facts.frames, facts.cuts)
        )
    return tuple(originals)


def _first_record(binder: Binder, row: UnitRow, taken: TakenIn) -> Unit:
    """What is known of a unit before it is read: enough to know it again without the ledger."""
    return Unit(
        id=row.id,
        name=row.name,
        station=row.station,
        content_key=row.content_key,
        received=row.created,
        identity=binder.identity,
        originals=taken.originals,
    )


def _recorded(unit: UnitLayout) -> Unit | None:
    try:
        return units.read_record(unit)
    except InputError:
        return None


def _known_before(row: UnitRow, unit: UnitLayout, key: str, run: Run) -> TakenIn | None:
    """A unit whose originals stand already: by its record's pages, or by its step."""
    record = _recorded(unit)
    if record and (record.pages or record.elsewhere):
        return taken_in(record, unit)
    done = run.ledger.steps(row.id, TAKE_IN).get(0)
    if done is None or done.inputs != key:
        return None
    originals = msgspec.convert(done.result["originals"], tuple[Original, ...])
    return TakenIn(unit, key, originals, delivered_order(originals))


def _keep(binder: Binder, files: LookedInto, row: UnitRow, unit: UnitLayout, run: Run) -> TakenIn:
    """The originals copied, then the first record, the ledger's step last."""
    originals = _copy(unit, files.files, files.hashes, run)
    taken = TakenIn(unit, files.content, originals, delivered_order(originals))
    units.write_record(_first_record(binder, row, taken), unit)
    run.ledger.set_unit_state(row.id, UnitState.WORKING, taken.pages)
    run.ledger.record_step(
        row.id,
        0,
        TAKE_IN,
        inputs=files.content,
        parameters=fingerprint(()),
        result={"originals": msgspec.to_builtins(originals)},
    )
    return taken


def take_in(binder: Binder, files: LookedInto, run: Run) -> TakenIn:
    """Know the unit by its content and copy its originals, durable, hashed again while copying.

    Raises RefusedError where a file vanished or changed meanwhile; nothing is recorded then.
    """
    key = files.content
    row, fresh = run.ledger.claim_unit(key, binder.name, run.settings.station, binder.source)
    unit = run.settings.layout.unit(row.id)
    with hold_unit(unit.id, run):
        try:
            known = _known_before(run.ledger.unit(row.id), unit, key, run)
            return known or _keep(binder, files, row, unit, run)
        except RefusedError:
            if fresh:
                run.ledger.forget_unit(row.id)
                shutil.rmtree(unit.root)
            raise


@contextmanager
def hold_unit(ident: str, run: Run) -> Iterator[None]:
    """The unit's lease; while another program works on the unit it is waited for."""
    with hold_units((ident,), run):
        yield


def remove_unit_leftovers(unit: UnitLayout) -> None:
    """Delete what a killed program left half-written in a unit that is ours to work on."""
    for folder in (unit.metadata, unit.originals, unit.alto, unit.pdf, unit.work):
        remove_leftovers(folder)


def count_pages(binder: Binder, settings: Settings, pool: Pool) -> int:
    """Pages of a binder, as `take_in` would find them."""
    pages = 0
    started = tuple(_start(binder, file, settings, pool) for file in binder.files)
    for file, looking in zip(binder.files, started, strict=True):
        try:
            pages += _facts(file, looking).pages
        except RefusedError:
            pages += _one_of_many(binder, file)
    return pages

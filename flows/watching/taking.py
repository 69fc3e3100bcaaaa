"""Working on a claim: from the drop to its unit and its receipt, and letting it go."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from flows.run import Run
from flows.sheets.sorting import sort_by_covers
from flows.watching.answering import final_receipt, put_aside_of
from flows.watching.late import known_drop, tell_delivered
from flows.watching.telling import Watch, named
from flows.work import BatchOutcome, put_aside_all
from scanners.delivery.claims import Claim, leave_only, release
from scanners.delivery.folders import MANIFESTS, SIDECARS, ZONE, is_ignored
from scanners.delivery.receipts import Receipt, receipt_name, receipt_number, replace_receipt
from scanners.delivery.stations import station_rules
from scanners.intake import hash_file
from scanners.names import is_unsafe, shown
from scanners.quarantine import REQUEUED, keep_whole
from scanners.sources import find_binders
from schemas.durable import sync_folder
from schemas.errors import InputError, RefusedError
from schemas.messages import reason
from schemas.sources import Refusal, SourcePlan

_LEAVINGS = frozenset(
    {*MANIFESTS, "thumbs.db", "ehthumbs.db", "desktop.ini", ".ds_store", REQUEUED}
)


def take(claim: Claim, watching: Watch, run: Run) -> bool:
    """Work on a claimed drop and let it go; True where something was not taken or not read.

    Raises OpisError and OSError of the archive, its services and the station's folder: the claim
    stays then, and the same is done again later.
    """
    language, station = watching.language, claim.station
    taken = Receipt("taken", confirmed=claim.told.confirmed, received=claim.told.received)
    if not _answered(claim, taken, language):
        return False
    watching.event("taken", station, claim.name)
    own = replace(run, settings=replace(run.settings, station=station.name))
    outcome, joined = _worked(claim, watching, own)
    if not claim.is_held():
        return False
    _check(outcome)
    idents = tuple(dict.fromkeys(b.unit.id for b in outcome.binders if b.unit))
    for ident in idents:
        tell_delivered(claim, ident, own)
    outcome, left = _with_rest(claim, outcome, own)
    final = final_receipt(claim, outcome, run.settings.layout, language, joined)
    if not _answered(claim, final, language):
        return False
    _let_go(claim, outcome, left)
    watching.event(final.state, station, claim.name, next(iter(idents), None))
    failed = bool(final.pages and final.pages.failed)
    return failed or final.state != "done" or bool(put_aside_of(outcome))


def _answered(claim: Claim, receipt: Receipt, language: str) -> bool:
    """The drop's receipt; False, and none is written, where the claim is no longer its holder's.

    Whoever stood still between the question and the writing finds a newer version, and asks again.
    """
    name = receipt_name(claim.name)
    while True:
        newest = receipt_number(claim.station, name)
        if not claim.is_held():
            return False
        if replace_receipt(claim.station, claim.name, receipt, language, after=newest):
            return True


def _check(outcome: BatchOutcome) -> None:
    """Raise what is wrong with a known unit: the claim stays until that is mended."""
    for trouble in (binder.trouble for binder in outcome.binders if binder.trouble):
        raise trouble


def _worked(claim: Claim, watching: Watch, run: Run) -> tuple[BatchOutcome, int]:
    plan = _plan(claim, run)
    rules = station_rules(claim.station, run.settings)
    known = known_drop(claim, plan, rules, run)
    return known or (sort_by_covers(watching.work(plan, run), run), 0)


def _plan(claim: Claim, run: Run) -> SourcePlan:
    """The drop's binders; a drop that vanished after its claim is refused as that."""
    name, path = shown(claim.name), claim.path or claim.folder
    if is_unsafe(claim.name):
        return SourcePlan((), (Refusal(name, "unsafe-name", {}, path),))
    try:
        return find_binders((path,), run.settings, names={path: name}, follow=False)
    except InputError:
        return SourcePlan((), (Refusal(name, "vanished", {}, path),))


def stopped(claim: Claim, error: Exception, watching: Watch) -> None:
    """The receipt of a claim whose work was stopped by something that is not the drop's fault."""
    known = named(error)
    told = reason(known.code, watching.language, **{"f": known.file, **known.detail})
    receipt = Receipt(
        "waiting",
        told.code,
        told.cause,
        told.remedy,
        confirmed=claim.told.confirmed,
        received=claim.told.received,
    )
    if _answered(claim, receipt, watching.language):
        watching.event("waiting", claim.station, claim.name)


def _is_leaving(name: str) -> bool:
    return name.lower() in _LEAVINGS or name.lower().endswith((*SIDECARS, ZONE))


def _files(path: Path) -> Iterator[Path]:
    """The regular files of a drop that are more than its sidecars and leavings of systems."""
    every = path.rglob("*") if path.is_dir() and not path.is_symlink() else (path,)
    for file in every:
        if file.is_file() and not file.is_symlink() and not _is_leaving(file.name):
            yield file


def _digest(file: Path) -> str:
    try:
        return hash_file(file)
    except RefusedError:
        return ""


def _originals(outcome: BatchOutcome) -> frozenset[str]:
    units = (b.unit for b in outcome.binders if b.unit)
    return frozenset(original.sha256 for unit in units for original in unit.originals)


def _kept(outcome: BatchOutcome) -> frozenset[str]:
    """The SHA-256 of what is in a unit or in quarantine."""
    return _originals(outcome) | {e.sha256 for e in put_aside_of(outcome) if e.stored}


def _unaccounted(claim: Claim, outcome: BatchOutcome) -> tuple[Path, ...]:
    """Files of a drop whose bytes are neither in a unit nor in quarantine."""
    kept, files = _kept(outcome), _files(claim.path) if claim.path else ()
    return tuple(file for file in files if _digest(file) not in kept)


def _with_rest(
    claim: Claim, outcome: BatchOutcome, run: Run
) -> tuple[BatchOutcome, dict[Path, str]]:
    """What a taken drop holds besides, set aside: half a copy, what was written to after reading.

    Files that were refused without their bytes, and those that cannot be read, come with their
    entries: they are not copied but left where they lie.
    """
    if not any(b.unit for b in outcome.binders):
        return outcome, {}
    without = {entry.file: entry for entry in put_aside_of(outcome) if not entry.stored}
    left: dict[Path, str] = {}
    for file in _unaccounted(claim, outcome):
        refusal = _rest(claim, file)
        entry = without.get(refusal.file) or put_aside_all([refusal], run)[0]
        if not entry.stored or not _digest(file):
            left[file] = entry.id
        if refusal.file not in without and not is_ignored(file.name, True):
            outcome = replace(outcome, quarantined=(*outcome.quarantined, entry))
    return outcome, left


def _rest(claim: Claim, file: Path) -> Refusal:
    """Why a file is set aside of which nothing was said, by its name below the drop's."""
    inner = file.relative_to(claim.folder).parts[1:]
    name = "/".join(shown(part) for part in (claim.name, *inner))
    code = "changed" if _digest(file) else "source-missing"
    return Refusal(name, "unsupported-type" if is_ignored(file.name, True) else code, {}, file)


def _let_go(claim: Claim, outcome: BatchOutcome, left: Mapping[Path, str]) -> None:
    """What lay claimed is in the archive or in quarantine now, durable; what is not goes there."""
    aside = put_aside_of(outcome)
    if left:
        if not _leave_only(claim, left):
            return
        keep_whole(claim.station, tuple(dict.fromkeys(left.values())), claim.folder, claim.holder)
    elif aside and not any(b.unit for b in outcome.binders):
        idents = tuple(dict.fromkeys(e.id for e in aside))
        keep_whole(claim.station, idents, claim.folder, claim.holder)
    release(claim)
    sync_folder(claim.station.claimed)


def _leave_only(claim: Claim, left: Mapping[Path, str]) -> bool:
    """A claimed drop without what is kept elsewhere; sent back, the rest belongs to its unit.

    False where it is no longer its holder's.
    """
    if claim.path is None or claim.path in left:
        return claim.is_held()
    over = tuple(file for file in _files(claim.path) if file not in left)
    return leave_only(claim, over, claim.path / REQUEUED)

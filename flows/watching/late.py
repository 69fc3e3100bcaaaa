"""What a drop is to the archive: new, there already, late pages of a unit, or a name used twice.

Pages that arrive after an unconfirmed delivery, under its name and within the setting's time, join
its unit at the place that their names give them.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from flows.changes.rescanning import insert_pages, replace_page
from flows.run import Run
from flows.stages.taking_in import hold_unit, look_into_files, shown
from flows.watching.looking import is_recent
from flows.work import BatchOutcome, BinderOutcome, SourceOutcome, put_aside_all
from pipeline import units
from scanners.delivery.claims import Claim
from scanners.delivery.drops import without_earlier
from scanners.delivery.manifest import check_manifest
from scanners.delivery.sent_back import was_sent_back
from scanners.delivery.stations import NEW, StationRules
from scanners.intake import content_key, hash_file
from scanners.names import natural_key
from scanners.names import shown as shown_name
from scanners.quarantine import REQUEUED
from schemas.errors import InputError, RefusedError
from schemas.records import Identity, Page, PageState, Unit, UnitState
from schemas.sources import Binder, FileKind, Quarantined, Refusal, SourceFile, SourcePlan

DELIVERED = "delivered"
BY = "opis watch"
_IMAGES = frozenset({FileKind.JPEG, FileKind.PNG, FileKind.TIFF})
_NAMES = ("fond", "inventar", "cota", "an", "biblioraft_id", "volum", "nr_inventar")


@dataclass(frozen=True, slots=True)
class Delivery:
    """The unit that came of an earlier drop of a name, and whether pages may still join it."""

    unit: Unit
    confirmed: bool
    received: str


@dataclass(frozen=True, slots=True)
class LatePage:
    """A late file, its SHA-256, and the page behind which it belongs (0: before the first)."""

    file: SourceFile
    sha256: str
    after: int


def tell_delivered(done: Claim, ident: str, run: Run) -> None:
    """The unit's events tell under which name it was delivered, once a delivery."""
    event = {
        "event": DELIVERED,
        "station": done.station.name,
        "drop": shown_name(done.name),
        "confirmed": done.told.confirmed,
        "received": done.told.received,
    }
    with hold_unit(ident, run):
        layout = run.settings.layout.unit(ident)
        if not any(event.items() <= one.items() for one in units.read_events(layout)):
            units.append_event(layout, event)


def _delivery(ident: str, claim: Claim, run: Run) -> Delivery | None:
    layout, drop = run.settings.layout.unit(ident), shown_name(claim.name)
    try:
        told = [e for e in units.read_events(layout) if e.get("event") == DELIVERED]
        last = next((e for e in reversed(told) if e.get("drop") == drop), None)
        if last is None:
            return None
        unit = units.read_record(layout)
    except InputError:
        return None
    return Delivery(unit, bool(last["confirmed"]), str(last["received"]))


def earlier_delivery(claim: Claim, binder: Binder, run: Run) -> Delivery | None:
    """The latest unit that this station delivered under the drop's name."""
    station, name = claim.station.name, binder.name
    rows = [r for r in run.ledger.units() if (r.station, r.name) == (station, name)]
    found = (_delivery(row.id, claim, run) for row in reversed(rows))
    return next((delivery for delivery in found if delivery), None)


def _contradicts(new: Identity, known: Identity) -> bool:
    pairs = ((getattr(new, name), getattr(known, name)) for name in _NAMES)
    return any(a and b and a != b for a, b in pairs)


def _is_sent_back(claim: Claim) -> bool:
    return claim.path is not None and was_sent_back(claim.path)


def _is_open(
    earlier: Delivery,
    binder: Binder,
    fresh: Sequence[tuple[SourceFile, str]],
    claim: Claim,
    run: Run,
) -> bool:
    """Whether pages may join: nothing said that it was all, not long ago, and no other binder.

    Whenever a person sends them back, where none bears the name of a page that is there.
    """
    if _contradicts(binder.identity, earlier.unit.identity) or not earlier.unit.pages:
        return False
    is_folder = claim.path is not None and claim.path.is_dir()
    images = {FileKind(o.kind) for o in earlier.unit.originals} <= _IMAGES
    if not (is_folder and images):
        return False
    sent_back = (claim.folder / claim.name / REQUEUED).exists()
    recent = is_recent(earlier.received, run.settings.late_minutes)
    there = {original.delivered for original in earlier.unit.originals}
    recent |= _is_sent_back(claim) and not any(file.name in there for file, _ in fresh)
    return sent_back or (not earlier.confirmed and recent)


def _only_binder(claim: Claim, plan: SourcePlan) -> Binder | None:
    """The binder of a drop that is one binder."""
    if len(plan.binders) != 1 or plan.binders[0].source != shown_name(claim.name):
        return None
    return plan.binders[0]


def _pages_of(unit: Unit, delivered: str) -> tuple[Page, ...]:
    names = {o.name for o in unit.originals if o.delivered == delivered}
    return tuple(page for page in unit.pages if page.source in names)


def _place(unit: Unit, name: str) -> int:
    """The last page that comes before a file of this name."""
    keys = {o.name: natural_key(o.delivered) for o in unit.originals}
    before = [p.page for p in unit.pages if p.source in keys and keys[p.source] < natural_key(name)]
    return max(before, default=0)


def _hashed(binder: Binder) -> tuple[tuple[SourceFile, str], ...] | None:
    """None where a file cannot be read: the usual way tells which, and why."""
    try:
        return tuple((file, hash_file(file.path)) for file in binder.files)
    except RefusedError:
        return None


def _refuse(files: Sequence[SourceFile], code: str, binder: Binder, run: Run) -> BatchOutcome:
    refusals = tuple(Refusal(shown(binder, file), code, {}, file.path) for file in files)
    return BatchOutcome("", (), put_aside_all(refusals, run), ())


def _same(unit: Unit, binder: Binder, run: Run) -> BatchOutcome:
    sources = tuple(SourceOutcome(shown(binder, f), "same", unit.id) for f in binder.files)
    counts = run.ledger.unit_counts(unit.id)
    outcome = BinderOutcome(binder.name, sources, unit=unit, counts=counts)
    return BatchOutcome("", (), (), (outcome,))


def known_drop(
    claim: Claim, plan: SourcePlan, rules: StationRules, run: Run
) -> tuple[BatchOutcome, int] | None:
    """What became of a drop whose name its station used before, and how many pages joined.

    None for a drop that goes the usual way: new, the same as before, or of another binder.
    """
    binder = _only_binder(claim, plan)
    earlier = earlier_delivery(claim, binder, run) if binder else None
    files = _hashed(binder) if binder and earlier else None
    if binder is None or earlier is None or files is None:
        return None
    unit = earlier.unit
    if content_key([digest for _, digest in files]) == unit.content_key:
        return None
    known = {(o.delivered, o.sha256) for o in unit.originals}
    fresh = tuple((file, digest) for file, digest in files if (file.name, digest) not in known)
    if not fresh and run.ledger.unit(unit.id).state == UnitState.PUBLISHED:
        return _same(unit, binder, run), 0
    if not fresh or _is_open(earlier, binder, fresh, claim, run):
        return _join(unit, binder, fresh or files[:1], run)
    again = _is_sent_back(claim)
    if again or rules.same_name == NEW or _contradicts(binder.identity, unit.identity):
        return None
    return _refuse(binder.files, "same-name-other-bytes", binder, run), 0


def _checked(
    unit: Unit, binder: Binder, files: Sequence[tuple[SourceFile, str]], run: Run
) -> tuple[tuple[tuple[SourceFile, str], ...], tuple[Quarantined, ...]]:
    """The files that can be taken; the others in quarantine, all where the manifest is untrue."""
    refusals: list[Refusal] = []
    if binder.manifest:
        there = {file.name: digest for file, digest in files}
        earlier = {o.delivered: o.sha256 for o in unit.originals}
        said = without_earlier(binder.manifest, there, earlier)
        wrong = check_manifest([file for file, _ in files], said, there)
        if wrong:
            refusals = [
                Refusal(shown(binder, f), wrong[0].code, {**wrong[0].detail}, f.path)
                for f, _ in files
            ]
            return (), put_aside_all(refusals, run)
    kept = []
    for file, digest in files:
        looked = look_into_files(replace(binder, files=(file,), manifest=None), run)
        refusals += looked.refused
        if looked.files:
            kept.append((file, digest))
    return tuple(kept), put_aside_all(refusals, run)


def _steps(
    unit: Unit, files: Sequence[tuple[SourceFile, str]]
) -> Iterator[tuple[int, list[LatePage]]]:
    """Files that go behind the same page, last place first, so that no place moves."""
    known = {(o.delivered, o.sha256): o.name for o in unit.originals}
    late = []
    for file, digest in sorted(files, key=lambda item: natural_key(item[0].name)):
        source = known.get((file.name, digest))
        first = next((p.page for p in unit.pages if p.source == source), None)
        late.append(LatePage(file, digest, first - 1 if first else _place(unit, file.name)))
    groups = [(after, list(some)) for after, some in groupby(late, key=lambda page: page.after)]
    yield from sorted(groups, key=lambda group: group[0], reverse=True)


def _join(
    unit: Unit, binder: Binder, files: Sequence[tuple[SourceFile, str]], run: Run
) -> tuple[BatchOutcome, int]:
    """Late pages at their places in the unit; a page that could not be read gets its new scan."""
    kept, aside = _checked(unit, binder, files, run)
    before = len(unit.pages)
    result: BinderOutcome | None = None
    for after, group in _steps(unit, kept):
        for one in _parts(unit, group):
            try:
                result = _add(unit, after, one, run) or result
            except InputError as error:
                told = _refuse([page.file for page in one], error.code, binder, run)
                aside = (*aside, *told.quarantined)
    if result is None or result.unit is None:
        return BatchOutcome("", (), aside, ()), 0
    return BatchOutcome("", (), aside, (result,)), len(result.unit.pages) - before


def _parts(unit: Unit, group: Sequence[LatePage]) -> Iterator[list[LatePage]]:
    """A file whose name the unit has already stands alone; runs of others go in together."""
    names = {original.delivered for original in unit.originals}
    for known, some in groupby(reversed(group), key=lambda page: page.file.name in names):
        files = list(some)
        yield from ([one] for one in files) if known else [files[::-1]]


def _add(unit: Unit, after: int, late: Sequence[LatePage], run: Run) -> BinderOutcome | None:
    """Raises InputError where a file cannot be taken."""
    file, digest = late[0].file, late[0].sha256
    there = _pages_of(unit, file.name)
    if there and not any(o.delivered == file.name and o.sha256 == digest for o in unit.originals):
        if len(there) > 1 or there[0].state is not PageState.FAILED:
            raise InputError("same-name-other-bytes", file.name)
        return replace_page(unit.id, there[0].page, file.path, BY, run).result
    return insert_pages(unit.id, after, [page.file.path for page in late], BY, run).result

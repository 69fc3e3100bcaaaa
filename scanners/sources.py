"""What was typed or dropped becomes binders and refusals; images are never parsed here."""

import stat
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path

from scanners.delivery.folders import (
    Entry,
    Shape,
    files_below,
    look_at_file,
    look_into,
    show_below,
)
from scanners.delivery.manifest import missing_files, read_identity, read_manifest
from scanners.kinds import sniff
from scanners.names import shown
from schemas.errors import InputError, RefusedError
from schemas.records import Identity
from schemas.settings import Settings
from schemas.sources import Binder, FileKind, Manifest, Refusal, SourceFile, SourcePlan

__all__ = ["find_binders", "sniff"]

_MOST_LISTED = 10_000
_SUFFIXES = frozenset({".pdf", ".tif", ".tiff", ".jpg", ".jpeg", ".png"})
_KIND_BY_SUFFIX = {
    ".tif": FileKind.TIFF,
    ".tiff": FileKind.TIFF,
    ".jpg": FileKind.JPEG,
    ".jpeg": FileKind.JPEG,
    ".png": FileKind.PNG,
}
_NO_PICTURE = frozenset({"empty-file", "unsupported-type"})
Found = Binder | Refusal


@dataclass(frozen=True, slots=True)
class _Place:
    """A folder or file being looked at: where it is, as it is shown, how deep it lies.

    `said` is what a manifest further up tells of it, by names relative to it.
    """

    path: Path
    shown: str
    depth: int = 0
    said: Manifest | None = None

    def below(self, name: str) -> "_Place":
        said = _narrowed(self.said, f"{name}/")
        return _Place(self.path / name, show_below(self.shown, name), self.depth + 1, said)


@dataclass(frozen=True, slots=True)
class _Walk:
    """What stays the same through one call: the settings and what was met already."""

    settings: Settings
    met: set[Path] = field(default_factory=set)

    def first_time(self, path: Path) -> bool:
        known = path in self.met
        self.met.add(path)
        return not known


def _narrowed(manifest: Manifest | None, prefix: str) -> Manifest | None:
    """The part of a manifest under a prefix; None where it says nothing of it."""
    if manifest is None:
        return None
    under = {
        name.removeprefix(prefix): said
        for name, said in manifest.files.items()
        if name.startswith(prefix)
    }
    return Manifest(under) if under else None


def _only(manifest: Manifest | None, name: str) -> Manifest | None:
    said = manifest.files.get(name) if manifest else None
    return Manifest({name: said}) if said else None


def _stem(name: str) -> str:
    suffix = Path(name).suffix
    return name.removesuffix(suffix) if suffix.lower() in _SUFFIXES else name


def _beside(path: Path, suffix: str) -> Path | None:
    """NAME.binder.json or NAME.batch.json beside a file or folder; NAME with or without suffix."""
    names = dict.fromkeys((path.name + suffix, _stem(path.name) + suffix))
    candidates = (path.with_name(name) for name in names)
    return next((c for c in candidates if c.is_file() and not c.is_symlink()), None)


def _inside_or_beside(path: Path, name: str) -> Path | None:
    inside = path / name
    if inside.is_file() and not inside.is_symlink():
        return inside
    return _beside(path, f".{name}")


def _refusal(error: RefusedError, path: Path, shown_name: str) -> Refusal:
    return Refusal(shown_name, error.code, error.detail, path)


def _shown_manifest(place: _Place, path: Path) -> str:
    if path.parent == place.path:
        return show_below(place.shown, path.name)
    above, slash, _ = place.shown.rpartition("/")
    return f"{above}{slash}{shown(path.name)}"


def _identity(place: _Place, path: Path | None) -> tuple[Identity, tuple[Refusal, ...]]:
    if path is None:
        return Identity(), ()
    try:
        return read_identity(path), ()
    except RefusedError as error:
        return Identity(), (_refusal(error, path, _shown_manifest(place, path)),)


def _binder(
    place: _Place, entries: Sequence[Entry], identity: Path | None, manifest: Manifest | None
) -> Iterator[Found]:
    who, bad = _identity(place, identity)
    yield from bad
    pages = tuple(SourceFile(e.path, e.name, e.kind, e.bytes) for e in entries if e.kind)
    yield Binder(_stem(shown(place.path.name)), place.shown, pages, who, manifest)


def _refuse_entry(place: _Place, entry: Entry) -> Refusal:
    name = show_below(place.shown, entry.name)
    return Refusal(name, entry.code, dict(entry.detail), entry.path)


def _refuse_tree(walk: _Walk, place: _Place, code: str, **detail: str) -> Iterator[Refusal]:
    """One refusal for each file below; the folder itself where it has none or too many."""
    walk.met.add(place.path)
    listed = 0
    for path, name in islice(files_below(place.path), _MOST_LISTED):
        listed += 1
        if walk.first_time(path):
            yield Refusal(show_below(place.shown, name), code, detail, path)
    if listed in {0, _MOST_LISTED}:
        yield Refusal(place.shown, code, detail, place.path)


def _file(walk: _Walk, place: _Place, entry: Entry) -> Iterator[Found]:
    """A file that is a binder of its own, or its refusal; its place is the file's own."""
    if not walk.first_time(entry.path):
        return
    if entry.code:
        yield Refusal(place.shown, entry.code, dict(entry.detail), entry.path)
        return
    batch = _beside(entry.path, ".batch.json")
    try:
        manifest = read_manifest(batch) if batch else _only(place.said, entry.name)
    except RefusedError as error:
        yield _refusal(error, entry.path, place.shown)
        yield from _bad_manifest(place, batch, error)
        return
    yield from _binder(place, (entry,), _beside(entry.path, ".binder.json"), manifest)


def _without(manifest: Manifest | None, refused: Sequence[Entry]) -> Manifest | None:
    """A manifest without what was refused already and so is accounted for."""
    if manifest is None:
        return None
    names = {entry.name for entry in refused}
    kept = {name: said for name, said in manifest.files.items() if name not in names}
    return Manifest(kept, manifest.leaves)


def _in_its_place(entry: Entry) -> Entry:
    """A damaged image among pages stays one of them, so that no leaf after it is counted wrongly.

    Here alone a name tells the kind: the content cannot.
    """
    kind = _KIND_BY_SUFFIX.get(Path(entry.name).suffix.lower())
    if kind is None or entry.code not in _NO_PICTURE:
        return entry
    return replace(entry, shape=Shape.PAGE, kind=kind, code="")


def _pages(
    walk: _Walk, place: _Place, entries: Sequence[Entry], said: Manifest | None
) -> Iterator[Found]:
    """A folder of page images."""
    new = tuple(_in_its_place(entry) for entry in entries if walk.first_time(entry.path))
    refused = tuple(entry for entry in new if entry.code)
    taken = tuple(entry for entry in new if not entry.code)
    yield from (_refuse_entry(place, entry) for entry in refused)
    if taken:
        identity = _inside_or_beside(place.path, "binder.json")
        yield from _binder(place, taken, identity, _without(said, refused))


def _lacking(place: _Place, entries: Sequence[Entry], said: Manifest | None) -> Iterator[Refusal]:
    """What the manifest of a folder of binders names and nothing on disk bears."""
    names = {entry.name for entry in entries}
    missing = [name for name in (said.files if said else ()) if name.split("/")[0] not in names]
    if missing:
        yield Refusal(
            show_below(place.shown, missing[0]), "manifest-waiting", missing_files(missing)
        )


def _binders(
    walk: _Walk, place: _Place, entries: Sequence[Entry], said: Manifest | None
) -> Iterator[Found]:
    """A folder of PDFs, multi-page TIFFs and folders."""
    here = _Place(place.path, place.shown, place.depth, said)
    yield from _lacking(place, entries, said)
    for entry in entries:
        inner = here.below(entry.name)
        if entry.shape is not Shape.FOLDER:
            file_place = _Place(inner.path, inner.shown, inner.depth, said)
            yield from _file(walk, file_place, entry)
        elif entry.code:
            yield from _refuse_tree(walk, inner, entry.code)
        else:
            yield from _folder(walk, inner)


def _bad_manifest(place: _Place, path: Path | None, error: RefusedError) -> Iterator[Refusal]:
    if path:
        yield _refusal(error, path, _shown_manifest(place, path))


def _folder(walk: _Walk, place: _Place) -> Iterator[Found]:
    if not walk.first_time(place.path):
        return
    if place.depth > walk.settings.max_depth:
        yield from _refuse_tree(walk, place, "too-deep", n=str(walk.settings.max_depth))
        return
    batch = _inside_or_beside(place.path, "batch.json")
    try:
        entries = look_into(place.path, walk.settings)
        said = read_manifest(batch) if batch else place.said
    except RefusedError as error:
        yield from _refuse_tree(walk, place, error.code, **error.detail)
        yield from _bad_manifest(place, batch, error)
        return
    except OSError:
        yield Refusal(place.shown, "source-missing", {}, place.path)
        return
    yield from _by_shape(walk, place, entries, said)


def _by_shape(
    walk: _Walk, place: _Place, entries: Sequence[Entry], said: Manifest | None
) -> Iterator[Found]:
    shapes = {entry.shape for entry in entries}
    if not entries:
        yield Refusal(place.shown, "nothing-found", {}, place.path)
    elif Shape.PAGE not in shapes:
        yield from _binders(walk, place, entries, said)
    elif shapes & {Shape.PAGES, Shape.FOLDER}:
        yield from _refuse_tree(walk, place, "ambiguous-folder")
    else:
        yield from _pages(walk, place, entries, said)


def _source(walk: _Walk, place: _Place) -> Iterator[Found]:
    mode = place.path.lstat().st_mode
    if stat.S_ISDIR(mode):
        return _folder(walk, place)
    return _file(walk, place, look_at_file(place.path, walk.settings))


def _places(sources: Sequence[Path], names: Mapping[Path, str], follow: bool) -> Iterator[_Place]:
    for source in sources:
        name = names.get(source) or shown(str(source))
        try:
            path = source.resolve(strict=True) if follow else source.absolute()
            path.lstat()
        except (OSError, RuntimeError) as error:
            raise InputError("source-missing", name) from error
        yield _Place(path, name)


def find_binders(
    sources: Sequence[Path],
    settings: Settings,
    *,
    names: Mapping[Path, str] | None = None,
    follow: bool = True,
) -> SourcePlan:
    """The binders under the sources in their order; every file is in a binder or a refusal.

    A source that is a link is followed when a person typed it (`follow`), never for drops; links
    inside are not followed. `names` says how a source is shown instead of its path. A file reached
    twice is taken once, with the outermost source. Raises InputError("source-missing").
    """
    walk = _Walk(settings)
    places = tuple(_places(sources, names or {}, follow))
    outermost_first = sorted(range(len(places)), key=lambda i: len(places[i].path.parts))
    found = {i: tuple(_source(walk, places[i])) for i in outermost_first}
    every = [item for i in range(len(places)) for item in found[i]]
    return SourcePlan(
        tuple(item for item in every if isinstance(item, Binder)),
        tuple(item for item in every if isinstance(item, Refusal)),
    )

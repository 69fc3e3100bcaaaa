"""Pages that go from one unit's record into another's, with all scans that they ever showed.

Each unit's originals stay accounted for, place by place: a place is a page of the unit, an earlier
scan of one, or elsewhere, in a unit that is named. Pure: records in, records out.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from pipeline.arrangement import with_pages
from schemas.records import Elsewhere, Half, Original, Page, Scan, Unit

Place = tuple[str, int]
"""An original's name and one of its places, counted from 0."""
Naming = Callable[[str, Collection[str]], str]
"""A file name for a name, unlike those that are taken."""


@dataclass(frozen=True, slots=True)
class Move:
    """Page `page` of the giving unit becomes page `to` of the other, in a document there."""

    page: int
    to: int
    document: str | None


@dataclass(frozen=True, slots=True)
class Transferred:
    """Both records after a transfer; `copied`: the giver's name and the original made of it."""

    giver: Unit
    receiver: Unit
    copied: tuple[tuple[str, Original], ...]


def scans_of(page: Page) -> tuple[tuple[str, int, Half], ...]:
    """What a page shows and showed before: file name, frame, half."""
    earlier = ((scan.source, scan.frame, scan.half) for scan in page.replaced)
    return ((page.source, page.frame, page.half), *earlier)


def _places(pages: Sequence[Page], originals: Sequence[Original]) -> frozenset[Place]:
    numbers = {
        (original.name, *place): number
        for original in originals
        for number, place in enumerate(original.places)
    }
    scans = (scan for page in pages for scan in scans_of(page))
    return frozenset((scan[0], numbers[scan]) for scan in scans)


def away(unit: Unit) -> dict[Place, str]:
    """The places of a unit's originals that are elsewhere, and where."""
    return {
        (some.source, number): some.unit
        for some in unit.elsewhere
        for number in range(some.first, some.last + 1)
    }


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """Over all units: how often each place of a file, by the file's SHA-256, is shown, and was delivered."""

    shown: Counter[Place]
    delivered: Counter[str]


def whereabouts(units: Iterable[Unit]) -> Whereabouts:
    """What the units show and what was delivered to them; copies of what came to others are shown only."""
    found = Whereabouts(Counter(), Counter())
    for unit in units:
        content = {original.name: original.sha256 for original in unit.originals}
        places = _places(unit.pages, unit.originals)
        found.shown.update((content[name], number) for name, number in places)
        found.delivered.update(o.sha256 for o in unit.originals if not o.of)
    return found


def astray(unit: Unit, found: Whereabouts) -> Iterator[Elsewhere]:
    """What the unit says is elsewhere and no unit shows."""
    content = {original.name: original.sha256 for original in unit.originals}
    for some in unit.elsewhere:
        file = content.get(some.source, "")
        numbers = range(some.first, some.last + 1)
        if any(found.shown[file, n] < found.delivered[file] for n in numbers):
            yield some


def _ranges(places: Mapping[Place, str]) -> tuple[Elsewhere, ...]:
    ranges: list[Elsewhere] = []
    for (source, number), unit in sorted(places.items()):
        last = ranges[-1] if ranges else None
        if last and (last.source, last.unit, last.last + 1) == (source, unit, number):
            ranges[-1] = replace(last, last=number)
        else:
            ranges.append(Elsewhere(source, number, number, unit))
    return tuple(ranges)


def _homes(
    giver: Unit, receiver: Unit, moved: frozenset[Place], naming: Naming, taken: Collection[str]
) -> Iterator[tuple[str, Original, bool]]:
    """For each original of moved pages the one in the receiver, and whether it is a new copy.

    One of the same bytes serves if the places that come are not there already.
    """
    free = away(receiver)
    names = {original.name for original in receiver.originals} | set(taken)
    for original in giver.originals:
        numbers = {number for name, number in moved if name == original.name}
        if not numbers:
            continue
        for known in receiver.originals:
            wanted = {(known.name, number) for number in numbers}
            if known.sha256 == original.sha256 and wanted <= free.keys():
                free = {place: unit for place, unit in free.items() if place not in wanted}
                yield original.name, known, False
                break
        else:
            name = naming(original.name, tuple(names))
            names.add(name)
            of = original.of if original.of not in {"", receiver.id} else giver.id
            yield original.name, replace(original, name=name, of=of), True


def _renamed(page: Page, move: Move, names: Mapping[str, Original]) -> Page:
    def scan(one: Scan) -> Scan:
        return replace(one, source=names[one.source].name)

    return replace(
        page,
        document=move.document,
        source=names[page.source].name,
        replaced=tuple(scan(one) for one in page.replaced),
    )


def _received(
    giver: Unit,
    receiver: Unit,
    moves: Sequence[Move],
    homes: Sequence[tuple[str, Original, bool]],
) -> Unit:
    names = {name: original for name, original, _ in homes}
    pages = list(receiver.pages)
    arrived = [_renamed(giver.pages[move.page - 1], move, names) for move in moves]
    for move, page in sorted(zip(moves, arrived, strict=True), key=lambda one: one[0].to):
        pages.insert(move.to - 1, page)
    fresh = tuple(original for _, original, new in homes if new)
    originals = (*receiver.originals, *fresh)
    before = away(giver)
    places = away(receiver) | {
        (original.name, number): before.get((name, number), giver.id)
        for name, original, new in homes
        if new
        for number in range(original.pages)
    }
    here = _places(arrived, originals)
    rest = {place: unit for place, unit in places.items() if place not in here}
    return with_pages(replace(receiver, originals=originals, elsewhere=_ranges(rest)), pages)


def _given(giver: Unit, receiver: str, numbers: Collection[int]) -> Unit:
    """The giver without the pages; copies of which it shows nothing any more go with them."""
    rest = tuple(page for page in giver.pages if page.page not in numbers)
    gone = tuple(page for page in giver.pages if page.page in numbers)
    shown = {scan[0] for page in rest for scan in scans_of(page)}
    originals = tuple(o for o in giver.originals if not o.of or o.name in shown)
    names = {original.name for original in originals}
    places = away(giver) | dict.fromkeys(_places(gone, giver.originals), receiver)
    kept = {place: unit for place, unit in places.items() if place[0] in names}
    return with_pages(replace(giver, originals=originals, elsewhere=_ranges(kept)), rest)


def transfer(
    giver: Unit, receiver: Unit, moves: Sequence[Move], naming: Naming, taken: Collection[str] = ()
) -> Transferred:
    """Both records after the pages of `moves` went from `giver` to `receiver`.

    `taken` are file names that a new copy of an original may not have in the receiver. Other pages
    keep their documents; where a copied original is needed it is named in `copied`.
    """
    gone = [giver.pages[move.page - 1] for move in moves]
    homes = tuple(_homes(giver, receiver, _places(gone, giver.originals), naming, taken))
    return Transferred(
        _given(giver, receiver.id, {move.page for move in moves}),
        _received(giver, receiver, moves, homes),
        tuple((name, original) for name, original, new in homes if new),
    )


def moves_to(
    giver: Unit, numbers: Sequence[int], receiver: Unit, at: int, new_document: Callable[[], str]
) -> tuple[Move, ...]:
    """The pages, in their order, as pages `at`, `at` + 1, … of the receiver.

    In the middle of a document they join it; else documents that move whole keep their ids and
    parts of documents become new ones.
    """
    inside = _around(receiver, at)
    moved = set(numbers)
    staying = {page.document for page in giver.pages if page.page not in moved}
    labels: dict[str, str] = {}
    moves = []
    for place, number in enumerate(sorted(moved)):
        old = giver.pages[number - 1].document
        if old is not None and old not in labels:
            labels[old] = inside or (new_document() if old in staying else old)
        moves.append(Move(number, at + place, labels[old] if old else None))
    return tuple(moves)


def _around(unit: Unit, at: int) -> str | None:
    """The document in whose middle page `at` would stand; None at the edge of one."""
    before = [page.document for page in unit.pages[: at - 1] if page.document]
    behind = [page.document for page in unit.pages[at - 1 :] if page.document]
    return before[-1] if before and behind and before[-1] == behind[0] else None


def with_documents(unit: Unit, labels: Mapping[int, str]) -> Unit:
    """The unit with some pages (by number) in other documents."""
    pages = (replace(p, document=labels.get(p.page, p.document)) for p in unit.pages)
    return with_pages(unit, tuple(pages))

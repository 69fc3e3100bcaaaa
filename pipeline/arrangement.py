"""The order of a unit's pages, and what replacing and inserting change in its record."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from schemas.records import Document, Original, Page, PageState, Scan, Unit


@dataclass(frozen=True, slots=True)
class Slot:
    """A place in the page order: the scan that it shows, and the earlier ones."""

    source: str
    frame: int
    replaced: tuple[Scan, ...] = ()


def delivered_order(originals: Sequence[Original]) -> tuple[Slot, ...]:
    """The pages as they were delivered: through the originals, frame by frame."""
    return tuple(Slot(o.name, frame) for o in originals for frame in range(o.frames))


def order_of(unit: Unit) -> tuple[Slot, ...]:
    """The pages as they are now, as delivered where they are not recorded; none is ever left out."""
    if not unit.pages:
        return delivered_order(unit.originals)
    pages = sorted(unit.pages, key=lambda page: page.page)
    slots = tuple(Slot(page.source, page.frame, page.replaced) for page in pages)
    return _with_lost(slots, delivered_order(unit.originals))


def _shows(slot: Slot) -> frozenset[tuple[str, int]]:
    """The scan of a place and those that it replaced."""
    earlier = ((scan.source, scan.frame) for scan in slot.replaced)
    return frozenset(((slot.source, slot.frame), *earlier))


def _with_lost(order: tuple[Slot, ...], delivered: tuple[Slot, ...]) -> tuple[Slot, ...]:
    """The order with every delivered scan that it does not know, behind the one before it."""
    known = frozenset[tuple[str, int]]().union(*(_shows(slot) for slot in order))
    slots, at = list(order), 0
    for slot in delivered:
        scan = (slot.source, slot.frame)
        if scan in known:
            at = 1 + next(n for n, other in enumerate(slots) if scan in _shows(other))
        else:
            slots.insert(at, slot)
            at += 1
    return tuple(slots)


def with_replaced(unit: Unit, number: int, original: Original, when: str) -> Unit:
    """The unit whose page `number` shows the one frame of `original`, to be read anew.

    An earlier scan of the page may come back this way.
    """
    page = unit.pages[number - 1]
    rest = tuple(scan for scan in page.replaced if scan.source != original.name)
    shown = Page(
        page=page.page,
        state=PageState.FAILED,
        source=original.name,
        frame=0,
        document=page.document,
        document_page=page.document_page,
        leaf=page.leaf,
        replaced=(*rest, Scan(page.source, page.frame, when)),
    )
    pages = (*unit.pages[: number - 1], shown, *unit.pages[number:])
    return replace(unit, originals=_with(unit.originals, (original,)), pages=pages)


def with_inserted(unit: Unit, after: int, originals: Sequence[Original]) -> Unit:
    """The unit with the originals' frames as pages behind page `after` (0: before the first).

    They belong to the document in which they lie; later pages move up, documents keep their ids.
    """
    document = _document_at(unit.pages, after)
    added = (
        Page(0, PageState.FAILED, slot.source, slot.frame, document)
        for slot in delivered_order(originals)
    )
    pages = _numbered((*unit.pages[:after], *added, *unit.pages[after:]))
    documents = tuple(_placed(document, pages) for document in unit.documents)
    kept = _with(unit.originals, originals)
    return replace(unit, originals=kept, pages=pages, documents=documents)


def _with(known: Sequence[Original], more: Sequence[Original]) -> tuple[Original, ...]:
    names = {original.name for original in known}
    return (*known, *(original for original in more if original.name not in names))


def _document_at(pages: Sequence[Page], after: int) -> str | None:
    """The document of the page before the gap, or where there is none of the page behind it."""
    around = (*pages[max(0, after - 1) : after], *pages[after : after + 1])
    return next((page.document for page in around if page.document), None)


def _numbered(pages: Sequence[Page]) -> tuple[Page, ...]:
    counted: Counter[str] = Counter()
    numbered = []
    for number, page in enumerate(pages, 1):
        counted.update((page.document,) if page.document else ())
        place = counted[page.document] if page.document else None
        numbered.append(replace(page, page=number, document_page=place))
    return tuple(numbered)


def _placed(document: Document, pages: Sequence[Page]) -> Document:
    inside = [page.page for page in pages if page.document == document.id]
    return replace(document, first_page=min(inside), last_page=max(inside)) if inside else document

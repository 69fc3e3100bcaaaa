"""The order of a unit's pages, and what replacing and inserting change in its record."""

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from schemas.records import Document, Half, Original, Page, PageState, Scan, Unit


@dataclass(frozen=True, slots=True)
class Slot:
    """A place in the page order: the scan that it shows, and the earlier ones."""

    source: str
    frame: int
    replaced: tuple[Scan, ...] = ()
    half: Half = Half.WHOLE
    begins: bool | None = None


def delivered_order(originals: Sequence[Original]) -> tuple[Slot, ...]:
    """The pages as they were delivered: through the originals, frame by frame."""
    return tuple(Slot(o.name, frame, half=half) for o in originals for frame, half in o.places)


def order_of(unit: Unit) -> tuple[Slot, ...]:
    """The pages as they are now, as delivered where they are not recorded; none is ever left out."""
    pages = sorted(unit.pages, key=lambda page: page.page)
    slots = tuple(Slot(p.source, p.frame, p.replaced, p.half, p.begins) for p in pages)
    return _with_lost(slots, _delivered_here(unit))


def _delivered_here(unit: Unit) -> tuple[Slot, ...]:
    """The pages as they were delivered, without those that are in other units."""
    away = {(e.source, n) for e in unit.elsewhere for n in range(e.first, e.last + 1)}
    return tuple(
        Slot(original.name, frame, half=half)
        for original in unit.originals
        for n, (frame, half) in enumerate(original.places)
        if (original.name, n) not in away
    )


def _shows(slot: Slot) -> frozenset[tuple[str, int, str]]:
    """The scan of a place and those that it replaced."""
    earlier = ((scan.source, scan.frame, scan.half) for scan in slot.replaced)
    return frozenset(((slot.source, slot.frame, slot.half), *earlier))


def _with_lost(order: tuple[Slot, ...], delivered: tuple[Slot, ...]) -> tuple[Slot, ...]:
    """The order with every delivered scan that it does not know, behind the one before it."""
    known = frozenset[tuple[str, int, str]]().union(*(_shows(slot) for slot in order))
    slots, at = list(order), 0
    for slot in delivered:
        scan = (slot.source, slot.frame, slot.half)
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
    before = (scan for scan in page.replaced if scan.source == original.name)
    scan = next(before, Scan(original.name, 0))
    rest = tuple(scan for scan in page.replaced if scan.source != original.name)
    shown = Page(
        page=page.page,
        state=PageState.FAILED,
        source=original.name,
        frame=scan.frame,
        document=page.document,
        document_page=page.document_page,
        leaf=page.leaf,
        replaced=(*rest, Scan(page.source, page.frame, when, page.half)),
        half=scan.half,
        begins=page.begins,
    )
    pages = (*unit.pages[: number - 1], shown, *unit.pages[number:])
    return replace(unit, originals=_with(unit.originals, (original,)), pages=pages)


def with_inserted(unit: Unit, after: int, originals: Sequence[Original]) -> Unit:
    """The unit with the originals' frames as pages behind page `after` (0: before the first).

    They belong to the document in which they lie; later pages move up, documents keep their ids.
    """
    document = _document_at(unit.pages, after)
    added = (
        Page(0, PageState.FAILED, slot.source, slot.frame, document, half=slot.half)
        for slot in delivered_order(originals)
    )
    kept = replace(unit, originals=_with(unit.originals, originals))
    return with_pages(kept, (*unit.pages[:after], *added, *unit.pages[after:]))


def with_pages(unit: Unit, pages: Sequence[Page]) -> Unit:
    """The unit with these pages in this order, numbered anew, and the documents that they name."""
    placed = tuple(_marked(_numbered(pages), frozenset(_guessed(unit.pages))))
    known = {document.id: document for document in unit.documents}
    ids = dict.fromkeys(page.document for page in placed if page.document)
    documents = (
        replace(known.get(ident) or Document(ident, 0, 0, 0), number=number)
        for number, ident in enumerate(ids, 1)
    )
    return replace(unit, pages=placed, documents=tuple(_placed(d, placed) for d in documents))


def _scan(page: Page) -> tuple[str, int, str]:
    return page.source, page.frame, page.half.value


def _guessed(pages: Sequence[Page]) -> Iterator[tuple[str, int, str]]:
    """The scans at which, without a sheet, a document begins by a guess, or would but for a person."""
    for before, page in pairwise(pages):
        begins = page.document != before.document
        if page.document and before.document and page.begins is (None if begins else False):
            yield _scan(page)


def _marked(pages: Sequence[Page], guessed: Collection[tuple[str, int, str]]) -> Iterator[Page]:
    """Pages with the marks by which, beside the sheets, documents begin where theirs do.

    A guess that stands stays one; where a person joined documents there is a mark against it.
    """
    document: str | None = None
    parted = True
    for page in pages:
        if page.document is None:
            parted = True
            yield replace(page, begins=None)
            continue
        begins = page.document != document
        guess = _scan(page) in guessed
        told = begins if guess else begins == (parted or document is None)
        yield replace(page, begins=None if told else begins)
        document, parted = page.document, False


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

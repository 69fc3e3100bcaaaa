"""Proof that a unit adds up: every scanned page is kept, once, in the place it belongs."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from schemas.records import (
    Document,
    Finding,
    Half,
    Page,
    PageCounts,
    PageState,
    Unit,
    count_pages,
)


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """The sums of a unit, and all that does not add up."""

    counts: PageCounts
    documents: int
    pdf_pages: int
    indexed: int | None
    problems: tuple[Finding, ...]

    @property
    def ok(self) -> bool:
        return not self.problems


def reconcile(
    unit: Unit,
    scanned: int,
    alto_pages: Collection[int],
    pdf_pages: Mapping[str, int],
    indexed: int | None,
) -> Reconciliation:
    """Whether scanned = recognised + blank + separator + failed, page by page and in each file.

    `scanned` is what the originals hold without earlier scans, `alto_pages` the pages with ALTO on disk, `pdf_pages` the
    pages of each document's PDF by the document's id, `indexed` the pages in the index (None where
    not asked). Each problem is a finding whose code is a key of the message tables.
    """
    counts = count_pages(unit.pages, scanned)
    problems = (
        *_page_numbers(unit.pages, scanned),
        *_frames(unit, scanned),
        *_membership(unit),
        *_documents(unit),
        *_alto(unit.pages, frozenset(alto_pages), scanned),
        *_pdfs(unit, pdf_pages),
        *_sum("index-count", counts.recognised, indexed),
    )
    return Reconciliation(counts, len(unit.documents), sum(pdf_pages.values()), indexed, problems)


def _sum(code: str, expected: int, found: int | None, **detail: str) -> Iterator[Finding]:
    if found is not None and found != expected:
        yield Finding(code, detail={"a": str(expected), "b": str(found), **detail})


def _page_numbers(pages: tuple[Page, ...], scanned: int) -> Iterator[Finding]:
    yield from _sum("not-reconciled", scanned, len(pages))
    times = Counter(page.page for page in pages)
    for number in sorted(times.keys() | set(range(1, scanned + 1))):
        if not 1 <= number <= scanned:
            yield _at("page-unknown", number)
        elif times[number] == 0:
            yield _at("page-lost", number)
        elif times[number] > 1:
            yield _at("page-twice", number)


def _at(code: str, page: int, **detail: str) -> Finding:
    return Finding(code, page, {"n": str(page), **detail})


def _frames(unit: Unit, scanned: int) -> Iterator[Finding]:
    """Each page of each original is a page of the unit, an earlier scan of one, or elsewhere."""
    yield from _sum("originals-count", scanned, unit.scanned)
    there = {(o.name, *place) for o in unit.originals for place in o.places}
    earlier = [(page.page, scan) for page in unit.pages for scan in page.replaced]
    times = Counter((page.source, page.frame, page.half) for page in unit.pages)
    times.update((scan.source, scan.frame, scan.half) for _, scan in earlier)
    yield from _elsewhere(unit, times)
    for number, scan in earlier:
        place = (scan.source, scan.frame, scan.half)
        if place not in there or times[place] > 1:
            yield _at("page-source", number, f=scan.source)
    for page in unit.pages:
        place = (page.source, page.frame, page.half)
        if place not in there or times[place] > 1:
            yield _at("page-source", page.page, f=page.source)


def _elsewhere(unit: Unit, here: Counter[tuple[str, int, Half]]) -> Iterator[Finding]:
    """What other units show of the originals is there, once, and not shown here."""
    places = {original.name: original.places for original in unit.originals}
    told: Counter[tuple[str, int]] = Counter()
    for some in unit.elsewhere:
        own = places.get(some.source, ())
        numbers = range(some.first, some.last + 1)
        told.update((some.source, number) for number in numbers)
        sound = 0 <= some.first <= some.last < len(own) and not any(
            here[(some.source, *own[number])] or told[(some.source, number)] > 1
            for number in numbers
        )
        if not sound:
            yield Finding("elsewhere-wrong", detail={"f": some.source, "u": some.unit})


def accounted(unit: Unit) -> bool:
    """Whether the unit's pages and originals tell the same."""
    return not any(_frames(unit, unit.scanned)) and len(unit.pages) == unit.scanned


def _membership(unit: Unit) -> Iterator[Finding]:
    """Pages are in one document of the unit, separators in none."""
    known = {document.id for document in unit.documents}
    for page in unit.pages:
        outside = page.document is None and page.document_page is None
        if page.state is PageState.SEPARATOR:
            if not outside:
                yield _at("separator-in-document", page.page)
        elif page.document not in known:
            yield _at("page-without-document", page.page)


def _documents(unit: Unit) -> Iterator[Finding]:
    """Ids are given once, places in the opis and pages are counted from 1 without a gap."""
    times = Counter(document.id for document in unit.documents)
    for place, document in enumerate(unit.documents, 1):
        pages = unit.pages_of(document.id)
        numbers = [page.document_page for page in sorted(pages, key=lambda page: page.page)]
        bounds = (min((p.page for p in pages), default=0), max((p.page for p in pages), default=0))
        sound = (
            times[document.id] == 1
            and document.number == place
            and bool(pages)
            and numbers == list(range(1, len(pages) + 1))
            and bounds == (document.first_page, document.last_page)
        )
        if not sound:
            yield _of("document-pages", document)


def _of(code: str, document: Document) -> Finding:
    return Finding(code, detail={"d": document.id})


def _alto(pages: tuple[Page, ...], there: frozenset[int], scanned: int) -> Iterator[Finding]:
    """ALTO of every page but those that failed, which may have none."""
    needed = {page.page for page in pages if page.state is not PageState.FAILED}
    for number in sorted(needed - there):
        yield _at("alto-missing", number)
    for number in sorted(there - set(range(1, scanned + 1))):
        yield _at("page-unknown", number)


def _pdfs(unit: Unit, pdf_pages: Mapping[str, int]) -> Iterator[Finding]:
    """Each document's PDF has its recognised, blank and failed pages."""
    expected = Counter(
        page.document
        for page in unit.pages
        if page.document is not None and page.state is not PageState.SEPARATOR
    )
    for document in sorted(expected.keys() | pdf_pages.keys() | {d.id for d in unit.documents}):
        yield from _sum("pdf-count", expected[document], pdf_pages.get(document, 0), d=document)

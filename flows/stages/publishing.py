"""The last stage of a binder: its documents' places, the record, the sums, the index."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import msgspec

from flows.publication.stage import hold_back, judge, let_out
from flows.run import Run
from flows.sheets.covers import FoundCover, completed, cover_findings, find_covers
from flows.sheets.inventory import tell_seen
from flows.stages.boundaries import BOUNDARIES_VERSION, part
from flows.stages.counting import pages_of_made, pdf_pages
from flows.stages.indexing import index_unit, tell_indexed, unindex_unit
from flows.stages.reading import ReadPages
from flows.stages.taking_in import TakenIn
from flows.stages.tasks import (
    DocumentResult,
    PageResult,
)
from pipeline import units
from pipeline.imaging.judgement import judged
from pipeline.ledger import Ledger, by_reference, fingerprint, keep_in_unit
from pipeline.opis import leaf_span
from pipeline.reconcile import Reconciliation, reconcile
from pipeline.reviewing.corrections import corrected, placed
from pipeline.reviewing.review import REVIEW, told_of
from schemas.errors import InputError
from schemas.hashing import hash_file
from schemas.layout import UnitLayout
from schemas.records import (
    Document,
    Finding,
    Identity,
    Page,
    PageState,
    Unit,
    UnitState,
)
from schemas.settings import Settings
from schemas.sources import Binder

SPLIT = "split"
NOT_RECONCILED = "not-reconciled"


@dataclass(frozen=True, slots=True)
class Span:
    """A document's place in its unit, its id, given once, and its leaves as they are cited."""

    id: str
    first: int
    last: int
    boundary: float = 1.0
    leaves: str = ""


@dataclass(frozen=True, slots=True)
class Published:
    """A unit as it stands after its last stage."""

    unit: Unit
    sums: Reconciliation


def _ids_given(unit: UnitLayout, places: Sequence[tuple[int, int]]) -> Iterator[str]:
    """An id for each document's place: that which most of its pages have on record, else a new one."""
    pages = units.read_record(unit).pages if unit.record.exists() else ()
    known = {page.page: page.document for page in pages if page.document}
    given: set[str] = set()
    for first, last in places:
        ids = Counter(known[page] for page in range(first, last + 1) if page in known)
        free = (ident for ident, _ in ids.most_common() if ident not in given)
        ident = next(free, None) or units.new_document_id()
        given.add(ident)
        yield ident


def split(taken: TakenIn, pages: Sequence[PageResult], run: Run) -> tuple[Span, ...]:
    """The unit's documents; asked again for the same pages they keep their ids and places."""
    given = fingerprint(
        (
            BOUNDARIES_VERSION,
            [(page.state, page.alto_sha256, bool(page.sheet)) for page in pages],
            [slot.begins for slot in taken.order],
        )
    )
    how = fingerprint((SPLIT, run.settings.boundaries))
    done = run.ledger.steps(taken.unit.id, SPLIT).get(0)
    if done and done.matches(given, how):
        return msgspec.convert(done.result["documents"], tuple[Span, ...])
    parted = part(taken, pages, run, remember=done is None or done.parameters == how)
    places = [(first, last) for first, last, _ in parted.documents]
    ids = _ids_given(taken.unit, places)
    spans = tuple(Span(i, *place) for i, place in zip(ids, parted.documents, strict=True))
    result = {"documents": msgspec.to_builtins(spans), "doubts": msgspec.to_builtins(parted.doubts)}
    inputs = given if parted.whole else ""
    run.ledger.record_step(taken.unit.id, 0, SPLIT, inputs=inputs, parameters=how, result=result)
    return spans


def _boundary_findings(unit: UnitLayout, run: Run) -> tuple[Finding, ...]:
    """What people should look at of where documents begin."""
    done = run.ledger.steps(unit.id, SPLIT).get(0)
    told = done.result.get("doubts", ()) if done else ()
    return msgspec.convert(told, tuple[Finding, ...])


def pages_of(span: Span, pages: Sequence[PageResult]) -> tuple[PageResult, ...]:
    """The pages of a document: those of its place that are no separators."""
    inside = pages[span.first - 1 : span.last]
    return tuple(page for page in inside if page.state is not PageState.SEPARATOR)


def _leaves(pages: Sequence[PageResult], *, duplex: bool) -> dict[int, str]:
    """The leaf of each page; sheets that hold a separator are not leaves of the unit."""
    sides = 2 if duplex else 1
    sheets = [pages[start : start + sides] for start in range(0, len(pages), sides)]
    content = [s for s in sheets if all(p.state is not PageState.SEPARATOR for p in s)]
    marks = ("r", "v") if duplex else ("",)
    return {
        page.page: f"{leaf}{mark}"
        for leaf, sheet in enumerate(content, 1)
        for page, mark in zip(sheet, marks, strict=False)
    }


def with_leaves(
    spans: Sequence[Span], pages: Sequence[PageResult], *, duplex: bool
) -> tuple[Span, ...]:
    """The documents with the leaves that they are on; of a `duplex` unit with recto and verso."""
    leaves = _leaves(pages, duplex=duplex)
    told = ([leaves[n] for n in range(s.first, s.last + 1) if n in leaves] for s in spans)
    return tuple(
        replace(one, leaves=leaf_span(on[0], on[-1]) if on else "")
        for one, on in zip(spans, told, strict=True)
    )


def _record_pages(
    taken: TakenIn, spans: Sequence[Span], pages: Sequence[PageResult], identity: Identity
) -> tuple[Page, ...]:
    leaves = _leaves(pages, duplex=identity.duplex)
    places = {
        page.page: (span.id, place)
        for span in spans
        for place, page in enumerate(pages_of(span, pages), 1)
    }
    return tuple(
        Page(
            page=page.page,
            state=page.state,
            source=slot.source,
            frame=slot.frame,
            document=places.get(page.page, (None, None))[0],
            document_page=places.get(page.page, (None, None))[1],
            leaf=leaves.get(page.page),
            confidence=page.confidence,
            quality=page.quality,
            replaced=slot.replaced,
            half=slot.half,
            begins=slot.begins,
        )
        for page, slot in zip(pages, taken.order, strict=True)
    )


def _covers(pages: Sequence[PageResult], run: Run) -> tuple[FoundCover, ...]:
    return find_covers(pages, lambda reference: by_reference(run.ledger, reference))


def _documents(
    unit: UnitLayout, spans: Sequence[Span], results: Sequence[DocumentResult]
) -> tuple[Document, ...]:
    return tuple(
        Document(
            id=span.id,
            number=result.number,
            first_page=span.first,
            last_page=span.last,
            fields=result.fields,
            pdf=str(unit.pdf_document(result.number).relative_to(unit.root)),
            pdf_sha256=result.sha256,
            flavour=result.flavour,
            mentions=result.mentions,
            boundary=span.boundary,
        )
        for span, result in zip(spans, results, strict=True)
    )


def _recorded(unit: UnitLayout) -> Unit | None:
    """The record as it was, where there is one that can be read."""
    try:
        return units.read_record(unit)
    except InputError:
        return None


def make_record(
    binder: Binder,
    taken: TakenIn,
    spans: Sequence[Span],
    pages: Sequence[PageResult],
    documents: Sequence[DocumentResult],
    run: Run,
) -> Unit:
    """The unit's record, from what the stages before it gave and what people corrected."""
    row, before = run.ledger.unit(taken.unit.id), _recorded(taken.unit)
    assigned = before is not None and before.assigned
    known = before.identity if before and assigned else binder.identity
    identity = completed(known, pages, _covers(pages, run))
    shown = _record_pages(taken, spans, pages, identity)
    events = placed(units.read_events(taken.unit), shown)
    read = _documents(taken.unit, spans, documents)
    return Unit(
        id=taken.unit.id,
        name=row.name,
        station=row.station,
        content_key=taken.content_key,
        received=row.created,
        identity=identity,
        originals=taken.originals,
        pages=shown,
        documents=tuple(corrected(document, events) for document in read),
        elsewhere=before.elsewhere if before else (),
        assigned=assigned,
    )


def sums(unit: Unit, layout: UnitLayout, run: Run, *, indexed: int | None) -> Reconciliation:
    """The unit's reconciliation, from what is on disk now."""
    return _sums(unit, layout, pdf_pages(unit, layout, run), indexed)


def _sums(
    unit: Unit, layout: UnitLayout, pdfs: Mapping[str, int], indexed: int | None
) -> Reconciliation:
    alto = {int(path.stem) for path in layout.alto.glob("[0-9]*.xml")}
    return reconcile(unit, unit.scanned, alto, pdfs, indexed)


def _findings(
    pages: Sequence[PageResult],
    documents: Sequence[DocumentResult],
    more: Sequence[Finding],
    settings: Settings,
) -> tuple[Finding, ...]:
    bad_pdfs = tuple(
        Finding("pdfa-invalid", detail={"d": str(d.number), "why": d.violations[0]})
        for d in documents
        if d.violations
    )
    return (
        *(finding for page in pages for finding in _of_page(page, settings)),
        *(finding for document in documents for finding in document.findings),
        *bad_pdfs,
        *more,
    )


def _of_page(page: PageResult, settings: Settings) -> tuple[Finding, ...]:
    """What reading found of a page, then what its quality tells beside that."""
    told = {finding.code for finding in page.findings}
    verdict = judged(page.quality, settings) if page.quality else ()
    more = (Finding(f.code, page.page, f.detail) for f in verdict if f.code not in told)
    return (*page.findings, *more)


def _tell_published(layout: UnitLayout) -> None:
    """One event a published record, however often a killed run comes here again."""
    event = {"event": "published", "record": hash_file(layout.record)}
    told = units.read_events(layout)
    if not any(event.items() <= one.items() for one in told):
        units.append_event(layout, event)


def _proof(unit: Unit, layout: UnitLayout, run: Run) -> Reconciliation:
    """The sums before the index and, where they hold, with it; else nothing of the unit is found."""
    pdfs = pages_of_made(unit, layout, run)
    before = _sums(unit, layout, pdfs, None)
    proof = _sums(unit, layout, pdfs, index_unit(unit, layout, run)) if before.ok else before
    if not proof.ok:
        unindex_unit(unit, run)
    return proof


def _remove_surplus(unit: Unit, pages: ReadPages, layout: UnitLayout) -> None:
    """What an earlier order of the pages left: PDFs of more documents, text of pages that have none."""
    made = {layout.root / document.pdf for document in unit.documents}
    texts = (layout.alto_page(page.page) for page in pages.pages if not page.alto_sha256)
    for path in (*(pdf for pdf in layout.pdf.glob("*.pdf") if pdf not in made), *texts):
        path.unlink(missing_ok=True)


def _problems(proof: Reconciliation) -> tuple[Finding, ...]:
    """What does not add up, always with the finding that says so of the unit as a whole."""
    if proof.ok or any(problem.code == NOT_RECONCILED for problem in proof.problems):
        return proof.problems
    counts = proof.counts
    found = counts.recognised + counts.blank + counts.separator + counts.failed
    whole = Finding(NOT_RECONCILED, detail={"a": str(counts.scanned), "b": str(found)})
    return (whole, *proof.problems)


def tell_waiting(layout: UnitLayout, ledger: Ledger, bar: float) -> None:
    """Have the ledger know how much of a unit waits for people; `bar` is what sure fields pass.

    Where another works on the unit, that one will tell once it is done.
    """
    told = told_of(layout, bar)
    try:
        ledger.record_step(layout.id, 0, REVIEW, told.worst, told.rules, {**told.counts})
    except InputError as error:
        if error.code != "unit-busy":
            raise


def publish(
    unit: Unit,
    taken: TakenIn,
    pages: ReadPages,
    documents: Sequence[DocumentResult],
    run: Run,
) -> Published:
    """Write the record, prove the sums, index, let out what is public by itself.

    A unit that does not add up is not published. The manifest comes last: a unit that has one is complete.
    """
    layout, when = taken.unit, units.now()
    read = (finding for page in pages.pages for finding in page.findings)
    judged = judge(unit, documents, read, layout, run)
    unit = judged.unit
    judged.keep(layout)
    proof = _proof(unit, layout, run)
    held = (let_out if proof.ok else hold_back)(judged, layout, run)
    told = cover_findings(unit, pages.pages, _covers(pages.pages, run))
    problems = (*_problems(proof), *told, *_boundary_findings(layout, run), *held)
    units.write_findings(_findings(pages.pages, documents, problems, run.settings), layout)
    units.remove_manifest(layout)
    _remove_surplus(unit, pages, layout)
    if proof.ok:
        _tell_published(layout)
        units.remove_work(layout)
    tell_waiting(layout, run.ledger, run.settings.review_confidence)
    tell_seen(layout, run.ledger)
    state = UnitState.PUBLISHED if proof.ok else UnitState.UNRECONCILED
    keep_in_unit(run.ledger, layout, state, when)
    if proof.ok:
        units.write_manifest(layout, _known_hashes(unit, pages))
    run.ledger.set_unit_state(unit.id, state, when=when)
    tell_indexed(unit, proof.indexed or 0, run)
    return Published(unit, proof)


def _known_hashes(unit: Unit, pages: ReadPages) -> dict[str, str]:
    """Hashes by path in the unit, from the moment each file was written."""
    rep = "representations/rep1"
    originals = {f"{rep}/originals/{o.name}": o.sha256 for o in unit.originals}
    alto = {f"{rep}/alto/{p.page:04d}.xml": p.alto_sha256 for p in pages.pages if p.alto_sha256}
    return {**originals, **alto, **{d.pdf: d.pdf_sha256 for d in unit.documents}}

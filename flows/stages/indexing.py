"""A unit's pages in the index: written under its lease, so that a reindex meanwhile misses none.

From before the index is written until the unit stands, the ledger's step `index` says so: a
reindex that switches in between finds the step, and indexes the unit again.
"""

from collections.abc import Callable, Iterator, Mapping
from functools import partial

from flows.publication.feed import note_hidden, note_public
from flows.run import Run
from flows.stages.searchable import found_now, keep, told_before
from flows.stages.waiting import wait_on
from pipeline import units
from pipeline.ledger import INDEX_STAGE, fingerprint
from schemas.alto import read_plain
from schemas.errors import InputError
from schemas.hits import IndexedPage
from schemas.layout import UnitLayout
from schemas.public import PublicRecord, copied_alto, read_copy
from schemas.records import Document, FieldValue, Page, PageState, Unit, UnitState
from schemas.settings import Settings
from search.backend import Backend
from search.index.belonging import department_of, institution_of

_LEFT_TO_OTHERS = frozenset({"unit-busy", "lease-lost", "unit-damaged", "unit-missing"})
STAFF = "staff"
PUBLIC = "public"
"""The index that holds proved public copies and nothing else."""


def _value(fields: Mapping[str, FieldValue], name: str) -> str:
    return fields[name].value if name in fields else ""


def indexed_pages(unit: Unit, layout: UnitLayout, settings: Settings) -> tuple[IndexedPage, ...]:
    """What the index takes of a unit: its recognised pages, from record and ALTO."""
    documents = {document.id: document for document in unit.documents}
    return tuple(
        _indexed_page(unit, page, documents[page.document or ""], layout, settings)
        for page in unit.pages
        if page.state is PageState.RECOGNISED
    )


def _places(document: Document) -> tuple[str, ...]:
    """The places that a document speaks of, each once."""
    return tuple(dict.fromkeys(place.value for place in document.mentions.get("places", ())))


def _indexed_page(
    unit: Unit, page: Page, document: Document, layout: UnitLayout, settings: Settings
) -> IndexedPage:
    text = read_plain(layout.alto_page(page.page).read_bytes())
    fields = document.fields
    date = _value(fields, "date")
    return IndexedPage(
        unit=unit.id,
        document=document.id,
        page=page.page,
        document_page=page.document_page or 0,
        leaf=page.leaf or "",
        text=text,
        type=_value(fields, "type"),
        number=_value(fields, "number"),
        date=date,
        issuer=_value(fields, "issuer"),
        fond=unit.identity.fond,
        institution=institution_of(unit, settings),
        department=department_of(unit, document),
        cota=unit.identity.cota,
        year=date[:4] or unit.identity.an[:4],
        problem=_value(fields, "problem"),
        regime=document.access.regime,
        places=_places(document),
    )


def _tell(unit: Unit, run: Run, indexed: int | None) -> None:
    given = fingerprint((unit.content_key, len(unit.pages)))
    result = {"indexed": indexed}
    run.ledger.record_step(unit.id, 0, INDEX_STAGE, given, run.index.name, result)


def _written(
    unit: str, change: Callable[[], int], run: Run, ours: Callable[[], bool] = lambda: True
) -> int:
    """Change the index; who keeps it is waited for while he works, until somebody asks to stop.

    Raises InputError index-held where its holder stands still: the unit's open turn then says what
    is left.
    """
    while True:
        try:
            with run.index_lock:
                count = _changed(change, run, ours)
        except InputError as error:
            if error.code != "index-busy":
                raise
            run.check()
            wait_on(error, unit, run.standstill, run.settings, run.progress)
        else:
            return count


def _changed(change: Callable[[], int], run: Run, ours: Callable[[], bool]) -> int:
    """Nothing is written that is not `ours` any more.

    What is so only since nobody else can write is dropped, where the index can do that.
    """
    if not ours():
        return 0
    count = change()
    (run.index.commit if ours() else run.index.drop)()
    return count


def _removed(index: Backend, unit: str, role: str = "staff") -> int:
    index.remove_unit(unit, role=role)
    return 0


def _in_turn(unit: str, role: str, change: Callable[[], int], run: Run) -> int | None:
    """Change what a role's index holds of a unit; None where another began to do so meanwhile.

    Then older pages may lie over newer ones in an index that cannot drop them, and the unit is to be
    indexed again: the ledger knows. A unit that is no more has no pages.
    """
    turn = run.ledger.begin_turn(unit, role)
    count = _written(unit, change, run, partial(run.ledger.is_last, turn))
    try:
        return count if run.ledger.end_turn(turn) else None
    except InputError as error:
        if error.code == "unit-missing":
            _written(unit, partial(_removed, run.index, unit, role), run)
        raise


def _in_our_turn(unit: str, role: str, change: Callable[[], int], run: Run) -> int:
    """The same under the unit's lease; raises InputError lease-lost where it was another's."""
    count = _in_turn(unit, role, change, run)
    if count is None:
        raise InputError("lease-lost", unit)
    return count


def index_unit(unit: Unit, layout: UnitLayout, run: Run) -> int:
    """Put the unit's recognised pages into the index, in place of what it held of the unit."""
    pages = indexed_pages(unit, layout, run.settings)
    before = told_before(run.ledger, unit.id)
    _tell(unit, run, None)
    count = _in_our_turn(unit.id, STAFF, partial(run.index.replace_unit, unit.id, pages), run)
    found = found_now(unit, layout, before)
    if found and found != before:
        keep(run.ledger, unit.id, found)
    return count


def index_regimes(before: Unit, unit: Unit, layout: UnitLayout, run: Run) -> None:
    """The index knows of changed regimes, before the record that tells them is written."""
    if [d.access.regime for d in before.documents] != [d.access.regime for d in unit.documents]:
        tell_indexed(unit, index_unit(unit, layout, run), run)


def unindex_unit(unit: Unit, run: Run) -> None:
    """Take the unit's pages out of the index."""
    _tell(unit, run, None)
    _in_our_turn(unit.id, STAFF, partial(_removed, run.index, unit.id), run)


def public_pages(
    layout: UnitLayout, settings: Settings, apart: frozenset[str] = frozenset()
) -> tuple[IndexedPage, ...]:
    """What the public index takes of a unit: the words of its public copies, those `apart` left out.

    Text, fields and leaves are the copies' own; pages of which a copy shows no word are left out.
    """
    folders = sorted(layout.public.iterdir()) if layout.public.is_dir() else ()
    copies = ((path, read_copy(path)) for path in folders if path.name not in apart)
    return tuple(
        page for path, copy in copies if copy for page in _copied_pages(copy, layout, settings)
    )


def _copied_pages(
    copy: PublicRecord, layout: UnitLayout, settings: Settings
) -> Iterator[IndexedPage]:
    for page in copy.pages:
        path = copied_alto(layout.public_copy(copy.document), page.document_page)
        text = read_plain(path.read_bytes()) if path.exists() else ""
        if text:
            yield IndexedPage(
                unit=copy.unit,
                document=copy.document,
                page=page.page,
                document_page=page.document_page,
                leaf=page.leaf,
                text=text,
                fond=copy.fond,
                institution=copy.institution or settings.institution,
                department=copy.department,
                cota=copy.cota,
                problem=copy.problem,
                regime=copy.regime,
                year=copy.year,
                type=copy.fields.get("type", ""),
                number=copy.fields.get("number", ""),
                date=copy.fields.get("date", ""),
                issuer=copy.fields.get("issuer", ""),
            )


def _replaced(index: Backend, unit: str, pages: tuple[IndexedPage, ...]) -> int:
    if pages:
        return index.replace_unit(unit, pages, role=PUBLIC)
    index.remove_unit(unit, role=PUBLIC)
    return 0


def index_public(layout: UnitLayout, run: Run, apart: frozenset[str] = frozenset()) -> int:
    """The public index holds the unit's public copies, those of the documents `apart` excepted.

    What that changed is then told to the feed. Where another wrote it meanwhile it is read again.
    """
    change = partial(_replaced_now, run, layout, apart)
    while (count := _in_turn(layout.id, PUBLIC, change, run)) is None:
        run.check()
    note_public(layout, run.ledger, apart)
    return count


def _replaced_now(run: Run, layout: UnitLayout, apart: frozenset[str]) -> int:
    """Read with the index held, so that the last to write it is the last to have looked."""
    return _replaced(run.index, layout.id, public_pages(layout, run.settings, apart))


def unindex_public(layout: UnitLayout, run: Run) -> None:
    """Take the unit out of the public index; its copies stay where they are."""
    if run.index.count(PUBLIC, unit=layout.id):
        _in_our_turn(layout.id, PUBLIC, partial(_removed, run.index, layout.id, PUBLIC), run)
    note_hidden(layout.id, run.ledger)


def tell_indexed(unit: Unit, indexed: int, run: Run) -> None:
    """The unit's state stands and its pages are in the index as that asks."""
    _tell(unit, run, indexed)


def mend_index(run: Run) -> int:
    """Index again what a writer that stood still, or died, may have left older; how many units.

    A unit that somebody works on is left to him, a damaged one until it is mended. Raises InputError
    index-held.
    """
    return sum(_mended(ident, run) for ident in {turn.unit for turn in run.ledger.left_turns()})


def _mended(ident: str, run: Run) -> bool:
    try:
        with run.ledger.unit_lock(ident):
            return mend_held(ident, run)
    except InputError as error:
        if error.code not in _LEFT_TO_OTHERS:
            raise
        return False


def mend_held(ident: str, run: Run) -> bool:
    """The same of one unit, which is held; what is worked on will be indexed at its end."""
    turns = run.ledger.left_turns(ident)
    state, layout = run.ledger.unit(ident).state, run.settings.layout.unit(ident)
    if not turns or state == UnitState.WORKING:
        return False
    unit = units.read_record(layout)
    if state == UnitState.PUBLISHED:
        tell_indexed(unit, index_unit(unit, layout, run), run)
        index_public(layout, run)
    else:
        unindex_unit(unit, run)
        unindex_public(layout, run)
        tell_indexed(unit, 0, run)
    run.ledger.mended(turns)
    return True

"""A unit's pages in the index: written under its lease, so that a reindex meanwhile misses none.

From before the index is written until the unit stands, the ledger's step `index` says so: a
reindex that switches in between finds the step, and indexes the unit again.
"""

from collections.abc import Callable, Iterator, Mapping
from functools import partial

from flows.run import Run
from pipeline.ledger import INDEX_STAGE, fingerprint
from schemas.alto import read_plain
from schemas.errors import InputError
from schemas.hits import IndexedPage
from schemas.layout import UnitLayout
from schemas.public import PublicRecord, copied_alto, read_copy
from schemas.records import Document, FieldValue, Page, PageState, Unit
from search.backend import Backend


def _value(fields: Mapping[str, FieldValue], name: str) -> str:
    return fields[name].value if name in fields else ""


def indexed_pages(unit: Unit, layout: UnitLayout) -> tuple[IndexedPage, ...]:
    """What the index takes of a unit: its recognised pages, from record and ALTO."""
    documents = {document.id: document for document in unit.documents}
    return tuple(
        _indexed_page(unit, page, documents[page.document or ""], layout)
        for page in unit.pages
        if page.state is PageState.RECOGNISED
    )


def _indexed_page(unit: Unit, page: Page, document: Document, layout: UnitLayout) -> IndexedPage:
    text = read_plain(layout.alto_page(page.page).read_bytes())
    date = _value(document.fields, "date")
    return IndexedPage(
        unit=unit.id,
        document=document.id,
        page=page.page,
        document_page=page.document_page or 0,
        leaf=page.leaf or "",
        text=text,
        type=_value(document.fields, "type"),
        number=_value(document.fields, "number"),
        date=date,
        issuer=_value(document.fields, "issuer"),
        fond=unit.identity.fond,
        compartiment=unit.identity.compartiment,
        year=date[:4] or unit.identity.an[:4],
    )


def _tell(unit: Unit, run: Run, indexed: int | None) -> None:
    given = fingerprint((unit.content_key, len(unit.pages)))
    result = {"indexed": indexed}
    run.ledger.record_step(unit.id, 0, INDEX_STAGE, given, run.index.name, result)


def _written(change: Callable[[], int], run: Run) -> int:
    """Change the index; a reindex that keeps it is waited for, until somebody asks to stop."""
    while True:
        try:
            with run.index_lock:
                count = change()
                run.index.commit()
        except InputError as error:
            if error.code != "index-busy":
                raise
            run.check()
        else:
            return count


def _removed(index: Backend, unit: str) -> int:
    index.remove_unit(unit)
    return 0


def index_unit(unit: Unit, layout: UnitLayout, run: Run) -> int:
    """Put the unit's recognised pages into the index, in place of what it held of the unit."""
    pages = indexed_pages(unit, layout)
    _tell(unit, run, None)
    return _written(partial(run.index.replace_unit, unit.id, pages), run)


def unindex_unit(unit: Unit, run: Run) -> None:
    """Take the unit's pages out of the index."""
    _tell(unit, run, None)
    _written(partial(_removed, run.index, unit.id), run)


PUBLIC = "public"
"""The index that holds proved public copies and nothing else."""
_TOLD = ("type", "number", "date", "issuer")


def public_pages(
    layout: UnitLayout, apart: frozenset[str] = frozenset()
) -> tuple[IndexedPage, ...]:
    """What the public index takes of a unit: the words of its public copies, those `apart` left out.

    Text, fields and leaves are the copies' own; pages of which a copy shows no word are left out.
    """
    folders = sorted(layout.public.iterdir()) if layout.public.is_dir() else ()
    copies = ((path, read_copy(path)) for path in folders if path.name not in apart)
    return tuple(page for path, copy in copies if copy for page in _copied_pages(copy, layout))


def _copied_pages(copy: PublicRecord, layout: UnitLayout) -> Iterator[IndexedPage]:
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
                year=copy.year,
                **{name: copy.fields.get(name, "") for name in _TOLD},
            )


def _replaced(index: Backend, unit: str, pages: tuple[IndexedPage, ...]) -> int:
    if pages:
        return index.replace_unit(unit, pages, role=PUBLIC)
    index.remove_unit(unit, role=PUBLIC)
    return 0


def index_public(layout: UnitLayout, run: Run, apart: frozenset[str] = frozenset()) -> int:
    """The public index holds the unit's public copies, those of the documents `apart` excepted."""
    return _written(partial(_replaced_now, run.index, layout, apart), run)


def _replaced_now(index: Backend, layout: UnitLayout, apart: frozenset[str]) -> int:
    """Read with the index held, so that the last to write it is the last to have looked."""
    return _replaced(index, layout.id, public_pages(layout, apart))


def unindex_public(layout: UnitLayout, run: Run) -> None:
    """Take the unit out of the public index; its copies stay where they are."""
    if run.index.count(PUBLIC, unit=layout.id):
        _written(partial(_replaced, run.index, layout.id, ()), run)


def tell_indexed(unit: Unit, indexed: int, run: Run) -> None:
    """The unit's state stands and its pages are in the index as that asks."""
    _tell(unit, run, indexed)

"""From a document's id to its unit's record: the index knows the way, a scan is the fallback."""

import re
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from threading import Lock

from schemas.errors import InputError
from schemas.records import Document, Page, Unit, decode_unit
from schemas.settings import Settings
from search.backend import Backend
from search.query import Query

_ID = re.compile(r"[A-Za-z0-9_-]{1,100}")
_PAGE_ID = re.compile(r"([A-Za-z0-9_-]{1,100})\.([1-9][0-9]{0,5})")
_MOST_RECORDS = 50_000


@dataclass(frozen=True, slots=True)
class FoundPage:
    """A page with the document and the unit it belongs to."""

    unit: Unit
    document: Document
    page: Page

    @property
    def id(self) -> str:
        return f"{self.document.id}.{self.page.document_page}"


class Documents:
    """The records of an archive by document; remembers the ids of records until they change."""

    def __init__(self, settings: Settings, backend: Backend) -> None:
        self._settings = settings
        self._backend = backend
        self._known: dict[Path, tuple[int, frozenset[str]]] = {}
        self._guard = Lock()

    def document(self, document: str) -> tuple[Unit, Document]:
        """A document and its unit; raises InputError("unit-missing")."""
        if _ID.fullmatch(document):
            for path in (self._indexed(document), self._scanned(document)):
                unit = _read(path) if path else None
                found = unit.document_of(document) if unit else None
                if unit and found:
                    return unit, found
        raise InputError("unit-missing", document)

    def unit(self, unit: str) -> Unit | None:
        """A unit's record; None where there is none."""
        return _read(self._settings.layout.unit(unit).record) if _ID.fullmatch(unit) else None

    def page(self, page_id: str) -> FoundPage:
        """The page DOCUMENT.N, N counted in the document; raises InputError("page-missing")."""
        parts = _PAGE_ID.fullmatch(page_id)
        if not parts:
            raise InputError("page-missing", page_id)
        try:
            unit, document = self.document(parts.group(1))
        except InputError as error:
            raise InputError("page-missing", page_id) from error
        for page in unit.pages_of(document.id):
            if page.document_page == int(parts.group(2)):
                return FoundPage(unit, document, page)
        raise InputError("page-missing", page_id)

    def _indexed(self, document: str) -> Path | None:
        unit = locate_document(self._backend, document)
        return self._settings.layout.unit(unit).record if unit else None

    def _scanned(self, document: str) -> Path | None:
        """The record that names a document of which the index has no page."""
        records = self._settings.layout.units.glob("*/*/metadata/record.json")
        with self._guard:
            paths = islice(records, _MOST_RECORDS)
            return next((path for path in paths if document in self._ids(path)), None)

    def _ids(self, path: Path) -> frozenset[str]:
        try:
            stamp = path.stat().st_mtime_ns
        except OSError:
            return frozenset()
        known = self._known.get(path)
        if known is None or known[0] != stamp:
            unit = _read(path)
            ids = frozenset(d.id for d in unit.documents) if unit else frozenset()
            known = self._known[path] = (stamp, ids)
        return known[1]


def _read(path: Path) -> Unit | None:
    try:
        return decode_unit(path.read_bytes())
    except (OSError, ValueError):
        return None


def locate_document(backend: Backend, document: str, role: str = "staff") -> str | None:
    """The unit of a document that has at least one recognised page in the index, else None."""
    hits = backend.search(Query(), {"document": document}, role, limit=1, facets=()).hits
    return hits[0].unit if hits else None

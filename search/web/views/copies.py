"""Public copies as outside callers reach them: through the public index, and never past a copy."""

import re
from dataclasses import dataclass
from pathlib import Path

from schemas.errors import InputError
from schemas.geometry import Box
from schemas.public import PDF, CopiedPage, PublicRecord, read_copy
from schemas.settings import Settings
from schemas.text import PageText
from search.backend import Backend
from search.finding import PUBLIC, copied_text
from search.highlight import highlight as marked
from search.query import parse
from search.web.views.documents import locate_document

_ID = re.compile(r"[A-Za-z0-9_-]{1,100}")
_PAGE_ID = re.compile(r"([A-Za-z0-9_-]{1,100})\.([1-9][0-9]{0,5})")


@dataclass(frozen=True, slots=True)
class FoundCopy:
    """A document's public copy and its folder."""

    record: PublicRecord
    folder: Path

    @property
    def pdf(self) -> Path:
        return self.folder / PDF


class Copies:
    """The public copies of an archive, by document; one that is not in the public index is none."""

    def __init__(self, settings: Settings, backend: Backend) -> None:
        self._settings = settings
        self._backend = backend

    def document(self, document: str) -> FoundCopy:
        """A document's copy; raises InputError unit-missing, alike for hidden and for unknown ones."""
        unit = locate_document(self._backend, document, PUBLIC) if _ID.fullmatch(document) else None
        if unit:
            folder = self._settings.layout.unit(unit).public_copy(document)
            record = read_copy(folder)
            if record is not None and record.document == document:
                return FoundCopy(record, folder)
        raise InputError("unit-missing", document)

    def page(self, page_id: str) -> tuple[FoundCopy, CopiedPage]:
        """The page DOCUMENT.N of a copy; raises InputError page-missing."""
        parts = _PAGE_ID.fullmatch(page_id)
        try:
            found = self.document(parts.group(1)) if parts else None
        except InputError as error:
            raise InputError("page-missing", page_id) from error
        page = found.record.page(int(parts.group(2))) if found and parts else None
        if found is None or page is None:
            raise InputError("page-missing", page_id)
        return found, page

    def text(self, found: FoundCopy, page: CopiedPage) -> PageText | None:
        """What a page of a copy says; None where it says nothing."""
        record = found.record
        return copied_text(self._settings, record.unit, record.document, page.document_page)

    def boxes(self, found: FoundCopy, page: CopiedPage, query: str) -> tuple[Box, ...]:
        """Boxes of the words that answer, in pixels of the page's ALTO."""
        text = self.text(found, page)
        return marked(text, parse(query)).boxes if text is not None and query else ()

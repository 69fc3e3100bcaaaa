"""Documents, pages and units as a caller may see them: the public copy, or the record."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from schemas.access import Caller
from schemas.records import FieldValue, Identity, Regime

_NO_FIELDS: Mapping[str, FieldValue] = {}


@dataclass(frozen=True, slots=True)
class SeenPage:
    """A page by its place in the document (from 1); `page` in the unit, of records alone."""

    document_page: int
    leaf: str = ""
    state: str = "recognised"
    page: int = 0
    confidence: float | None = None


@dataclass(frozen=True, slots=True)
class SeenDocument:
    """A document; `copy` tells that this is its public copy, of which `fields` say nothing.

    `known` are the fields' values as far as they are open; `guarded` that looking at it is noted; `open`
    that no purpose is missing; `stamp` changes whenever what is shown may.
    """

    id: str
    unit: str
    copy: bool
    regime: Regime
    fond: str
    known: Mapping[str, str]
    pages: tuple[SeenPage, ...]
    pdf: Path
    pdf_sha256: str
    flavour: str
    stamp: str
    cota: str = ""
    number: int = 0
    open: bool = True
    guarded: bool = False
    fields: Mapping[str, FieldValue] = field(default_factory=lambda: _NO_FIELDS)

    def page(self, document_page: int) -> SeenPage | None:
        return next((one for one in self.pages if one.document_page == document_page), None)

    def page_id(self, page: SeenPage) -> str:
        return f"{self.id}.{page.document_page}"

    def beside(self, page: SeenPage) -> tuple[int, int]:
        """The numbers of the pages before and after, 0 for none."""
        every = [one.document_page for one in self.pages]
        place = every.index(page.document_page)
        before = every[place - 1] if place else 0
        return before, every[place + 1] if place + 1 < len(every) else 0


@dataclass(frozen=True, slots=True)
class SeenUnit:
    """A unit with those of its documents that the caller may see; `identity` of records alone."""

    id: str
    copy: bool
    fond: str
    cota: str
    documents: tuple[SeenDocument, ...]
    name: str = ""
    identity: Identity = Identity()


class View(Protocol):
    """What a caller sees.

    Hidden and missing raise the same InputError, unit-missing or page-missing; AccessError purpose-needed is told to those alone who may see a record once they said why.
    """

    @property
    def caller(self) -> Caller: ...

    @property
    def private(self) -> bool:
        """Whether answers are for this caller's eyes only."""

    def document(self, document: str) -> SeenDocument:
        """A document by its id."""

    def page(self, page_id: str, *, part: bool = False) -> tuple[SeenDocument, SeenPage]:
        """The page DOCUMENT.N; `part` of an image: one look at a page is one view."""

    def unit(self, unit: str) -> SeenUnit:
        """A unit with its documents."""

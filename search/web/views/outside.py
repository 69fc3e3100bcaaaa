"""What everybody sees: proved public copies, through the public index, and nothing beside them."""

import re
from collections.abc import Iterator

from schemas.access import ANONYMOUS, Caller
from schemas.errors import InputError
from search.backend import Backend
from search.finding import PUBLIC
from search.query import Query
from search.web.views.copies import Copies, FoundCopy
from search.web.views.seen import SeenDocument, SeenPage, SeenUnit

_ID = re.compile(r"[A-Za-z0-9_-]{1,100}")
_STEP = 100
_MOST = 5_000
"""Pages of one unit that are looked through for its documents."""


def seen_copy(found: FoundCopy) -> SeenDocument:
    """A public copy, as everybody may see it."""
    record = found.record
    return SeenDocument(
        id=record.document,
        unit=record.unit,
        copy=True,
        regime=record.regime,
        fond=record.fond,
        known=record.fields,
        pages=tuple(SeenPage(one.document_page, one.leaf) for one in record.pages),
        pdf=found.pdf,
        pdf_sha256=record.sha256,
        flavour=record.flavour,
        cota=record.cota,
        stamp=f"{record.basis} {record.sha256}",
    )


class PublicView:
    """Public copies; `caller` is told to nobody, since what is seen does not depend on it."""

    private = False

    def __init__(self, copies: Copies, backend: Backend, caller: Caller = ANONYMOUS) -> None:
        self.caller = caller
        self._copies = copies
        self._backend = backend

    def document(self, document: str) -> SeenDocument:
        return seen_copy(self._copies.document(document))

    def page(self, page_id: str, *, part: bool = False) -> tuple[SeenDocument, SeenPage]:  # noqa: ARG002 nothing is noted here
        found, page = self._copies.page(page_id)
        return seen_copy(found), SeenPage(page.document_page, page.leaf)

    def unit(self, unit: str) -> SeenUnit:
        """The unit's public documents by date; one without any is as one that is not there."""
        idents = self._documents(unit) if _ID.fullmatch(unit) else ()
        found = [one for ident in idents if (one := self._copy(ident))]
        if not found:
            raise InputError("unit-missing", unit)
        documents = sorted(found, key=lambda one: (one.known.get("date", ""), one.id))
        return SeenUnit(unit, True, documents[0].fond, documents[0].cota, tuple(documents))

    def _copy(self, document: str) -> SeenDocument | None:
        try:
            return self.document(document)
        except InputError:
            return None

    def _documents(self, unit: str) -> tuple[str, ...]:
        return tuple(dict.fromkeys(self._indexed(unit)))

    def _indexed(self, unit: str) -> Iterator[str]:
        for offset in range(0, _MOST, _STEP):
            found = self._backend.search(Query(), {"unit": unit}, PUBLIC, offset, _STEP, facets=())
            yield from (hit.document for hit in found.hits)
            if len(found.hits) < _STEP:
                return

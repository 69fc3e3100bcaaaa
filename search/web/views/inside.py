"""What staff see: records within their reach, each view noted; beyond it, what everybody sees."""

from collections import OrderedDict
from collections.abc import Mapping
from pathlib import Path
from threading import Lock
from time import monotonic

from schemas.access import Caller, Scope
from schemas.errors import AccessError, InputError
from schemas.records import Document, FieldValue, Page, Regime, Unit
from schemas.settings import Settings
from search.access.audit import Audit
from search.access.rights import VIEW, Verdict, reaches, scope_of, verdict
from search.index.belonging import department_of, institution_of
from search.web.views.documents import Documents
from search.web.views.outside import PublicView
from search.web.views.seen import SeenDocument, SeenPage, SeenUnit

_LOOK_SECONDS = 600.0
_MOST_LOOKS = 10_000
_TITLE = ("type", "number", "date", "issuer", "subject")


def _known(fields: Mapping[str, FieldValue]) -> dict[str, str]:
    return {name: fields[name].value for name in _TITLE if name in fields}


def _seen_page(page: Page) -> SeenPage:
    return SeenPage(
        page.document_page or 0, page.leaf or "", page.state.value, page.page, page.confidence
    )


class Looks:
    """Who looks at which page: tiles of one picture asked for within ten minutes are one view."""

    def __init__(self) -> None:
        self._seen: OrderedDict[tuple[Caller, str], float] = OrderedDict()
        self._guard = Lock()

    def is_on(self, caller: Caller, page_id: str) -> bool:
        """Whether a view of the page by the caller was noted within ten minutes."""
        with self._guard:
            begun = self._seen.get((caller, page_id))
        return begun is not None and monotonic() - begun < _LOOK_SECONDS

    def begin(self, caller: Caller, page_id: str) -> None:
        """A view was noted just now; to be told only once it was."""
        with self._guard:
            self._seen[caller, page_id] = monotonic()
            self._seen.move_to_end((caller, page_id))
            while len(self._seen) > _MOST_LOOKS:
                self._seen.popitem(last=False)


class StaffView:
    """Records within `caller`'s reach; every view of one that is not public is noted first."""

    private = True

    def __init__(
        self,
        settings: Settings,
        documents: Documents,
        outside: PublicView,
        caller: Caller,
        audit: Audit,
        looks: Looks,
    ) -> None:
        self.caller = caller
        self._settings = settings
        self._documents = documents
        self._outside = outside
        self._audit = audit
        self._looks = looks
        self._scope: Scope = scope_of(caller)

    def document(self, document: str) -> SeenDocument:
        found = self._record(document)
        if found is None:
            return self._outside.document(document)
        return self._noted(self._checked(found), document)

    def page(self, page_id: str, *, part: bool = False) -> tuple[SeenDocument, SeenPage]:
        document, _, number = page_id.rpartition(".")
        found = self._record(document)
        page = found.page(int(number)) if found and _is_number(number) else None
        if found is None or page is None:
            return self._outside.page(page_id)
        checked = self._checked(found)
        if not (part and self._looks.is_on(self.caller, page_id)):
            self._noted(checked, page_id)
            if checked.guarded:
                self._looks.begin(self.caller, page_id)
        return checked, page

    def unit(self, unit: str) -> SeenUnit:
        """The unit's documents within reach, in their order; of those that take a purpose, no field."""
        found = self._documents.unit(unit)
        seen = [self._listed(found, one) for one in found.documents] if found else []
        within = tuple(one for one in seen if one is not None)
        if found is None or not (within or (not seen and self._whole(found))):
            return self._outside.unit(unit)
        if any(one.open and one.guarded for one in within):
            self._audit.note(self.caller, VIEW, unit, self.caller.purpose)
        identity = found.identity
        return SeenUnit(unit, False, identity.fond, identity.cota, within, found.name, identity)

    def _whole(self, unit: Unit) -> bool:
        """Whether a unit without documents is within reach."""
        place = institution_of(unit, self._settings), unit.identity.compartiment
        return reaches(self._scope, *place, Regime.RESTRICTED.value)

    def _record(self, document: str) -> SeenDocument | None:
        try:
            unit, found = self._documents.document(document)
        except InputError:
            return None
        return self._listed(unit, found)

    def _listed(self, unit: Unit, document: Document) -> SeenDocument | None:
        """The document as a list may tell of it; None beyond the caller's reach or rights."""
        regime = document.access.regime
        place = institution_of(unit, self._settings), department_of(unit, document)
        told = verdict(self.caller, VIEW, regime.value)
        if not reaches(self._scope, *place, regime.value) or told is Verdict.NO:
            return None
        return self._seen(unit, document, told is Verdict.YES)

    def _seen(self, unit: Unit, document: Document, is_open: bool) -> SeenDocument:
        layout = self._settings.layout.unit(unit.id)
        return SeenDocument(
            id=document.id,
            unit=unit.id,
            copy=False,
            regime=document.access.regime,
            fond=unit.identity.fond,
            known=_known(document.fields) if is_open else {},
            pages=tuple(_seen_page(page) for page in unit.pages_of(document.id)),
            pdf=layout.root / document.pdf
            if document.pdf
            else layout.pdf_document(document.number),
            pdf_sha256=document.pdf_sha256,
            flavour=document.flavour,
            stamp=_stamp(layout.record),
            cota=unit.identity.cota,
            number=document.number,
            open=is_open,
            guarded=document.access.waits or document.access.regime is not Regime.PUBLIC,
            fields=document.fields if is_open else {},
        )

    def _checked(self, found: SeenDocument) -> SeenDocument:
        if not found.open:
            raise AccessError("purpose-needed")
        return found

    def _noted(self, found: SeenDocument, subject: str) -> SeenDocument:
        if found.guarded:
            self._audit.note(self.caller, VIEW, subject, self.caller.purpose)
        return found


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 7 and text[0] != "0"  # noqa: PLR2004 as in a page's id


def _stamp(record: Path) -> str:
    try:
        return str(record.stat().st_mtime_ns)
    except OSError:
        return ""

"""The archive as the application reads it: one view for each caller, words and pictures."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from schemas.access import ANONYMOUS, Caller
from schemas.errors import OpisError
from schemas.public import copied_alto
from schemas.records import Regime
from schemas.settings import Settings
from schemas.text import PageText
from search.access.audit import Audit
from search.access.rights import is_staff
from search.backend import Backend, open_backend
from search.finding import PUBLIC, copied_text, page_text
from search.query import Query
from search.web.parts import Parts
from search.web.views.copies import Copies
from search.web.views.documents import Documents
from search.web.views.inside import Looks, StaffView
from search.web.views.kept import Kept
from search.web.views.outside import PublicView
from search.web.views.pictures import Pictures
from search.web.views.seen import SeenDocument, SeenPage, View
from search.web.views.sizes import PageSize, size_of

_HELD_SECONDS, _HELD_BY = 30.0, ("fond", "type", "year")


@dataclass(frozen=True, slots=True)
class Held:
    """How much everybody finds: documents, their pages, and pages by fond, type and year."""

    documents: int = 0
    pages: int = 0
    facets: Mapping[str, Mapping[str, int]] = field(default_factory=dict)


class Holdings:
    """What all requests share; raises the errors of `open_backend`."""

    def __init__(self, parts: Parts) -> None:
        self.settings: Settings = parts.settings
        self.backend: Backend = parts.backend or open_backend(parts.settings)
        self.pictures = Pictures(parts.page_picture, parts.public_picture)
        self._documents = Documents(self.settings, self.backend)
        self._copies = Copies(self.settings, self.backend)
        self._looks = Looks()
        self._held = Kept(self._count_held, _HELD_SECONDS)

    def public(self, caller: Caller = ANONYMOUS) -> PublicView:
        """What everybody sees."""
        return PublicView(self._copies, self.backend, caller)

    def view(self, caller: Caller, audit: Audit) -> View:
        """What the caller sees."""
        outside = self.public(caller)
        if not is_staff(caller):
            return outside
        return StaffView(self.settings, self._documents, outside, caller, audit, self._looks)

    def held(self) -> Held:
        """What the public index holds, as it was half a minute ago at most; nothing while it is away."""
        try:
            return self._held.value()
        except OpisError:
            return Held()

    def fonds(self) -> tuple[str, ...]:
        """The fonds of what is public, as they were half a minute ago at most; raises the backend's errors."""
        return tuple(sorted(name for name in self._held.value().facets["fond"] if name))

    def _count_held(self) -> Held:
        """By regime, since an index answers no question that asks for nothing."""
        found = [
            self.backend.search(
                Query(), {"regime": regime}, PUBLIC, 0, 1, group="document", facets=_HELD_BY
            )
            for regime in (Regime.PUBLIC.value, Regime.ANONYMISED.value)
        ]
        counted = {name: Counter[str]() for name in _HELD_BY}
        for answer in found:
            for name in _HELD_BY:
                counted[name].update(answer.facets.get(name, {}))
        return Held(
            sum(answer.groups for answer in found),
            sum(answer.total for answer in found),
            {name: dict(counts.most_common()) for name, counts in counted.items()},
        )

    def text(self, document: SeenDocument, page: SeenPage) -> PageText | None:
        """The words of a page as it is seen; None where it says nothing."""
        if document.copy:
            return copied_text(self.settings, document.unit, document.id, page.document_page)
        return page_text(self.settings, document.unit, page.page)

    def size(self, document: SeenDocument, page: SeenPage) -> PageSize | None:
        """The size of the page's picture as its words tell it; None where there are none."""
        layout = self.settings.layout.unit(document.unit)
        if document.copy:
            return size_of(copied_alto(layout.public_copy(document.id), page.document_page))
        return size_of(layout.alto_page(page.page))
